"""symdiff eval: the value of a formula at a point."""

from __future__ import annotations

from argparse import Namespace

from symdiff.cli.reading import bindings, echo_surprise, for_each
from symdiff.cli.reporting import FINE
from symdiff.evaluation import evaluate
from symdiff.expr import Expr
from symdiff.parsing.infix import parse

__all__ = ["run"]


def run(options: Namespace) -> int:
    values = {symbol: evaluate(value) for symbol, value in bindings([*options.values, *options.at]).items()}

    def work(text: str) -> int:
        expression: Expr = parse(text)
        echo_surprise(text, expression)
        print(evaluate(expression, values))
        return FINE
    return for_each(options.formula, work)
