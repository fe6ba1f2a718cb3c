"""Two formulas that a test expected to be one: where they part, and whether they are the same function all the same."""

from __future__ import annotations

from symdiff.errors import SymdiffError
from symdiff.expr import Expr
from symdiff.testing.rules import exact_points
from symdiff.testing.values import UNCLEAR, agree, decimal, value_at
from symdiff.walk import free_symbols, graph_size

__all__ = ["difference"]

POINTS = 40
LARGE = 2_000
"""Operations above which formulas are not evaluated: a failing test should say so at once."""


def difference(left: Expr, right: Expr) -> list[str]:
    """Lines for a failed `left == right`: the formulas, the first parts that differ, and a point that tells them apart.

    >>> from symdiff import parse
    >>> print("\\n".join(difference(parse("x^2 + sin(2*x)"), parse("x^2 + sin(3*x)"))))
    two formulas that are not the identical expression
      left:   x^2 + sin(2*x)
      right:  x^2 + sin(3*x)
      part:   2  !=  3
      values: at x = 1 they are 1.90929742682568 and 1.14112000805987
    """
    one, other = _parting(left, right)
    lines = ["two formulas that are not the identical expression", f"  left:   {_shown(left)}", f"  right:  {_shown(right)}"]
    if one is not left:
        lines.append(f"  part:   {_shown(one)}  !=  {_shown(other)}")
    return [*lines, f"  values: {_values(left, right)}"]


def _parting(left: Expr, right: Expr) -> tuple[Expr, Expr]:
    """Down both formulas as long as they are of one operation and differ in a single argument."""
    while left.op is right.op and len(left.args) == len(right.args):
        apart = [(a, b) for a, b in zip(left.args, right.args) if a is not b]
        if len(apart) != 1:
            break
        left, right = apart[0]
    return left, right


def _shown(formula: Expr) -> str:
    try:
        text = str(formula)
    except SymdiffError as error:
        return str(error)
    return text if len(text) <= 300 else f"{text[:297]}..."


def _values(left: Expr, right: Expr) -> str:
    if graph_size(left, right) > LARGE or left.op.relation or right.op.relation:
        return "not compared"
    met = 0
    for point in exact_points(free_symbols(left, right), 0, POINTS):
        one, other = value_at(left, point), value_at(right, point)
        if one is UNCLEAR or other is UNCLEAR or one is other is None:
            continue
        met += 1
        if one is None or other is None or not agree(one, other, 20):
            place = ", ".join(f"{symbol} = {value}" for symbol, value in point.items())
            return f"{f'at {place} ' if place else ''}they are {decimal(one)} and {decimal(other)}"
    return f"the same at all {met} points tried: another form of one function" if met else "no point was found where both have one"
