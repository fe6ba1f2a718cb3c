"""symdiff plot: a formula beside its derivative, with tangents, secants, errors or a descent."""

from __future__ import annotations

import sys
import tempfile
from argparse import Namespace
from pathlib import Path

from symdiff.cli.reading import bindings, echo_surprise
from symdiff.cli.reporting import FINE
from symdiff.drawing.plots import plot
from symdiff.errors import UsageError
from symdiff.parsing.infix import parse

__all__ = ["run"]


def run(options: Namespace) -> int:
    expression = parse(options.formula)
    echo_surprise(options.formula, expression)
    if (options.low is None) is not (options.high is None):
        raise UsageError("a range has two ends: give --from and --to")
    between = None if options.low is None else (options.low, options.high)
    descent = None
    if options.descent is not None:
        descent = {symbol: float(value.evaluate()) for symbol, value in bindings(options.descent.split(",")).items()}

    def drawn(path: str | Path) -> None:
        plot(expression, path, between=between, tangent=options.tangent, secants=options.secants, errors=options.errors, descent=descent,
             rate=options.rate)
    if options.output is not None:
        drawn(options.output)
        return FINE
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plot.svg"
        drawn(path)
        sys.stdout.write(path.read_text(encoding="utf-8"))
    return FINE
