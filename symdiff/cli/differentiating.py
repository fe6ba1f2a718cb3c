"""symdiff diff: the derivative as text, LaTeX or JSON."""

from __future__ import annotations

import json
from argparse import Namespace

from symdiff.calculus.forward import diff
from symdiff.cli.reading import echo_surprise, for_each, formula_of, the_variable
from symdiff.cli.reporting import FINE
from symdiff.cli.showing import show
from symdiff.expr import Expr
from symdiff.simplification.simplifying import simplify
from symdiff.substitution import count_ops

__all__ = ["run"]


def run(options: Namespace) -> int:
    return for_each(options.formula, lambda text: _differentiate(text, options))


def _differentiate(text: str, options: Namespace) -> int:
    expression = formula_of(text, options)
    if options.format != "json":
        echo_surprise(text, expression)
    variable = the_variable(options.wrt, expression)
    derivative = diff(expression, variable, options.order)
    conditions: tuple[Expr, ...] = ()
    if not options.raw:
        made = simplify(derivative, report=True)
        derivative, conditions = made.result, made.conditions
    if options.format == "json":
        entry = {"input": text, "wrt": str(variable), "order": options.order, "derivative": str(derivative), "operations": count_ops(derivative)}
        print(json.dumps(entry | ({"conditions": [str(c) for c in conditions]} if conditions else {})))
    else:
        show(derivative, conditions, options.format)
    return FINE
