"""symdiff eval: the value of a formula at a point."""

from __future__ import annotations

from argparse import Namespace

from symdiff.cli.reading import bindings, echo_surprise, for_each, formula_of
from symdiff.cli.reporting import FINE
from symdiff.errors import UsageError
from symdiff.evaluation import evaluate
from symdiff.expr import Expr
from symdiff.walk import free_symbols

__all__ = ["run"]


def run(options: Namespace) -> int:
    values = {symbol: evaluate(value) for symbol, value in bindings([*options.values, *options.at]).items()}

    def work(text: str) -> int:
        expression: Expr = formula_of(text, options)
        echo_surprise(text, expression)
        missing = [str(symbol) for symbol in free_symbols(expression) if symbol not in values]
        if missing:
            raise UsageError(f"no value for {', '.join(missing)}; give one behind the formula, such as {missing[0]}=2")
        print(evaluate(expression, values))
        return FINE
    return for_each(options.formula, work)
