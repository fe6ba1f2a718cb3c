"""symdiff check: a derivative against numeric differentiation of the formula."""

from __future__ import annotations

from argparse import Namespace

from symdiff.checking.differences import check
from symdiff.cli.reading import echo_surprise, the_variable
from symdiff.cli.reporting import FAILED, FINE
from symdiff.parsing.infix import parse

__all__ = ["run"]


def run(options: Namespace) -> int:
    formulas = []
    for text in (options.formula, options.derivative):
        formulas.append(parse(text))
        echo_surprise(text, formulas[-1])
    settings = {name: value for name, value in (("seed", options.seed), ("points", options.points)) if value is not None}
    verdict = check(formulas[0], formulas[1], the_variable(options.wrt, *formulas), **settings)
    print(verdict)
    return FINE if verdict.ok else FAILED
