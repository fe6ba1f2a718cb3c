"""symdiff taylor: the Taylor polynomial of a formula."""

from __future__ import annotations

from argparse import Namespace

from symdiff.calculus.taylor import taylor
from symdiff.cli.reading import echo_surprise, for_each, formula_of, the_variable
from symdiff.cli.reporting import FINE
from symdiff.cli.showing import show
from symdiff.parsing.infix import parse

__all__ = ["run"]


def run(options: Namespace) -> int:
    return for_each(options.formula, lambda text: _expand(text, options))


def _expand(text: str, options: Namespace) -> int:
    expression = formula_of(text, options)
    echo_surprise(text, expression)
    show(taylor(expression, the_variable(options.wrt, expression), parse(options.at), options.order), (), options.format)
    return FINE
