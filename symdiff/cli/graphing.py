"""symdiff graph: the formula as a picture, or as DOT text."""

from __future__ import annotations

import sys
from argparse import Namespace

from symdiff import limits
from symdiff.cli.reading import echo_surprise
from symdiff.cli.reporting import FINE
from symdiff.drawing.dot import to_dot
from symdiff.drawing.engines import draw
from symdiff.parsing.infix import parse

__all__ = ["run"]


def run(options: Namespace) -> int:
    text = sys.stdin.read(limits.input_length + 1) if options.formula == "-" else options.formula
    expression = parse(text)
    echo_surprise(text, expression)
    if options.output is None:
        print(to_dot(expression))
    else:
        draw(expression, options.output)
    return FINE
