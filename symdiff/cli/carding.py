"""symdiff cards: a derivation as a picture, one card a step."""

from __future__ import annotations

from argparse import Namespace

from symdiff.calculus.derivation import derive
from symdiff.cli.graphing import shown
from symdiff.cli.reading import echo_surprise, the_variable
from symdiff.parsing.infix import parse

__all__ = ["run"]


def run(options: Namespace) -> int:
    expression = parse(options.formula)
    echo_surprise(options.formula, expression)
    return shown(derive(expression, the_variable(options.wrt, expression)), options, "dot")
