"""symdiff steps: a derivative explained rule by rule."""

from __future__ import annotations

from argparse import Namespace

from symdiff.calculus.derivation import derive
from symdiff.cli.reading import echo_surprise, for_each, formula_of, the_variable
from symdiff.cli.reporting import FINE

__all__ = ["run"]


def run(options: Namespace) -> int:
    return for_each(options.formula, lambda text: _explain(text, options))


def _explain(text: str, options: Namespace) -> int:
    expression = formula_of(text, options)
    echo_surprise(text, expression)
    derivation = derive(expression, the_variable(options.wrt, expression))
    writers = {"text": derivation.explain, "latex": derivation.latex, "markdown": derivation.markdown, "html": derivation.html}
    print(writers[options.format]())
    return FINE
