"""symdiff grad, jacobian and hessian: the derivatives by several variables."""

from __future__ import annotations

import json
from argparse import Namespace

from symdiff.calculus.matrices import hessian, jacobian
from symdiff.calculus.matrix import Matrix
from symdiff.cli.reporting import FINE
from symdiff.cli.showing import show
from symdiff.errors import UsageError
from symdiff.expr import Expr
from symdiff.parsing.infix import parse
from symdiff.simplification.simplifying import simplify
from symdiff.symbols import as_symbol
from symdiff.walk import free_symbols

__all__ = ["run"]


def run(options: Namespace) -> int:
    texts = options.formula if isinstance(options.formula, list) else [options.formula]
    expressions = [parse(text) for text in texts]
    variables = [as_symbol(name.strip()) for name in options.wrt.split(",")] if options.wrt else free_symbols(*expressions)
    if not variables:
        raise UsageError(f"'{texts[0]}' has no variable; name one with --wrt, such as --wrt x")
    matrix = hessian(expressions[0], variables) if options.command == "hessian" else jacobian(expressions, variables)
    if not options.raw:
        matrix = matrix.map(simplify)
    if options.command == "grad":
        _show_gradient(texts[0], variables, matrix, options.format)
    else:
        _show_matrix(texts, variables, matrix, options.format)
    return FINE


def _show_gradient(text: str, variables: list[Expr], matrix: Matrix, form: str) -> None:
    entries = {str(variable): matrix[0, place] for place, variable in enumerate(variables)}
    if form == "json":
        print(json.dumps({"input": text, "wrt": list(entries), "gradient": {name: str(entry) for name, entry in entries.items()}}))
        return
    for name, entry in entries.items():
        print(f"d/d{name}:  " if form == "text" else "", end="")
        show(entry, (), form)


def _show_matrix(texts: list[str], variables: list[Expr], matrix: Matrix, form: str) -> None:
    if form == "json":
        rows = [[str(entry) for entry in row] for row in matrix.todense()]
        print(json.dumps({"input": texts, "wrt": [str(v) for v in variables], "matrix": rows}))
    else:
        print(matrix._repr_latex_().strip("$") if form == "latex" else matrix)
