"""symdiff graph: the formula as a picture, or as DOT text; with a point, the flow of values and derivatives through it."""

from __future__ import annotations

import sys
from argparse import Namespace

from symdiff import limits
from symdiff.cli.reading import bindings, echo_surprise
from symdiff.cli.reporting import FINE
from symdiff.drawing.engines import draw, rendered
from symdiff.errors import UsageError
from symdiff.parsing.infix import parse

__all__ = ["run", "shown"]

_BINARY = ("png", "pdf")


def run(options: Namespace) -> int:
    text = sys.stdin.read(limits.input_length + 1) if options.formula == "-" else options.formula
    expression = parse(text)
    echo_surprise(text, expression)
    return shown(expression, options, "dot")


def shown(subject: object, options: Namespace, standard: str) -> int:
    """Draw into the file of -o, or print the picture in the format asked for."""
    at = {symbol: value.evaluate() for symbol, value in bindings(options.at).items()} or None
    if options.output is not None:
        draw(subject, options.output, format=options.format, at=at)
        return FINE
    kind = options.format or standard
    if kind in _BINARY and sys.stdout.isatty():
        raise UsageError(f"{kind.upper()} is nothing for a terminal; give a file: -o picture.{kind}")
    data = rendered(subject, kind, at=at)
    if kind in _BINARY:
        sys.stdout.buffer.write(data)
    else:
        print(data.decode(), end="" if data.endswith(b"\n") else "\n")
    return FINE
