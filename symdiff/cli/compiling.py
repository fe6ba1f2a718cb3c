"""symdiff compile: source code for formulas and their derivatives, in Python, NumPy, C, JAX or PyTorch."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from symdiff.calculus.matrices import jacobian
from symdiff.calculus.reverse import as_variables, gradient
from symdiff.cli.reporting import FINE
from symdiff.compilation.c import c_header, c_source
from symdiff.compilation.frameworks import jax_source, torch_source
from symdiff.compilation.numpy import numpy_source
from symdiff.compilation.program import program_of
from symdiff.compilation.python import python_source
from symdiff.compilation.spelling import identifiers
from symdiff.errors import UsageError
from symdiff.expr import Expr
from symdiff.parsing.infix import parse
from symdiff.walk import free_symbols

__all__ = ["run"]


def run(options: Namespace) -> int:
    formulas: list[Expr] = [parse(text) for text in options.formula]
    symbols = as_variables(options.args.split(",")) if options.args else tuple(free_symbols(*formulas))
    names = [str(symbol.value) for symbol in symbols]
    if identifiers([options.name], [*names, "block"]) != [options.name]:
        raise UsageError(f"{options.name!r} cannot name a function there; take letters, digits and underscores, and no word of a language")
    outputs = list(formulas)
    if options.grad:
        for formula in formulas:
            outputs += gradient(formula, symbols)
    doc = f"{options.name}({', '.join(names)}): {', '.join(options.formula)}{' and derivatives' if options.grad else ''}"
    source = _source(options.to, outputs, names, options.name, doc[:500])
    if options.output is None:
        print(source, end="")
        return FINE
    path = Path(options.output)
    path.write_text(source, encoding="utf-8")
    if options.to == "c":
        path.with_suffix(".h").write_text(c_header(options.name), encoding="utf-8")
    return FINE


def _source(back_end: str, outputs: list[Expr], names: list[str], name: str, doc: str) -> str:
    program = program_of(outputs, names, back_end)
    if back_end in _PLAIN:
        return _PLAIN[back_end](program, name, doc)
    matrix = jacobian(outputs, names)
    slopes = program_of(list(matrix.nonzeros.values()), names, back_end)
    return (jax_source if back_end == "jax" else torch_source)(program, slopes, tuple(matrix.nonzeros), name, doc)


_PLAIN = {"python": python_source, "numpy": numpy_source, "c": c_source}
