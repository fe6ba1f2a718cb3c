"""symdiff simplify: a shorter form with the conditions it holds under, as text, LaTeX or JSON."""

from __future__ import annotations

import json
from argparse import Namespace

from symdiff.cli.reading import echo_surprise, for_each, formula_of
from symdiff.cli.reporting import FINE
from symdiff.cli.showing import show
from symdiff.drawing.engines import draw
from symdiff.simplification.simplifying import simplify

__all__ = ["run"]


def run(options: Namespace) -> int:
    return for_each(options.formula, lambda text: _simplify(text, options))


def _simplify(text: str, options: Namespace) -> int:
    expression = formula_of(text, options)
    if options.format != "json":
        echo_surprise(text, expression)
    made = simplify(expression, assume=options.assume, mode=options.mode, prefer=options.prefer, effort=options.effort, report=True)
    if options.output is not None:
        draw(made, options.output)
    if options.format == "json":
        print(json.dumps({"input": text, "result": str(made.result), "conditions": [str(c) for c in made.conditions],
                          "cost_before": made.cost_before, "cost_after": made.cost_after, "notes": list(made.notes)}))
    else:
        show(made.result, made.conditions, options.format)
    return FINE
