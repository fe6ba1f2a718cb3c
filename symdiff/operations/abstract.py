"""Rows of abstract functions: f and its derivatives f', f'', f'1,2, which have no value and whose slopes are rows of the same kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from symdiff.errors import SymdiffError
from symdiff.expr import Expr
from symdiff.operations.op import Op

__all__ = ["AbstractOp", "abstract_row"]


@dataclass(frozen=True, slots=True, eq=False, repr=False, kw_only=True)
class AbstractOp(Op):
    """A function of which only the name is known, or a partial derivative of one."""

    function: str
    by: tuple[int, ...] = ()
    """The arguments it was differentiated by, counted from 1, in order: partial derivatives are taken to commute."""

    def __reduce__(self) -> tuple[Any, ...]:
        return abstract_row, (self.function, self.arity, self.by)


_rows: dict[tuple[str, int, tuple[int, ...]], AbstractOp] = {}


def abstract_row(function: str, arity: int, by: tuple[int, ...] = ()) -> AbstractOp:
    """The one row of a function's derivative by these arguments."""
    key = (function, arity, by)
    row = _rows.get(key)
    return row if row is not None else _rows.setdefault(key, AbstractOp(
        name=spelling(function, arity, by), arity=arity, function=function, by=by, rule="chain rule",
        slopes=_slopes(function, arity, by), value=_no_value(function), precise=_no_value(function), latex=_latex(function, arity, by)))


def spelling(function: str, arity: int, by: tuple[int, ...]) -> str:
    """f, f', f'' for one argument; f'1, f'1,2 for several.

    >>> spelling("f", 1, (1, 1)), spelling("f", 2, (1, 2))
    ("f''", "f'1,2")
    """
    if not by:
        return function
    return function + ("'" * len(by) if arity == 1 else "'" + ",".join(map(str, by)))


def _latex(function: str, arity: int, by: tuple[int, ...]) -> str:
    r"""f'(x), f^{(4)}(x), \partial_{1,2} f(x, y)."""
    inert = function.replace("_", r"\_")
    name = function if len(function) == 1 else rf"\operatorname{{{inert}}}"
    if arity > 1:
        return rf"\partial_{{{','.join(map(str, by))}}} {name}" if by else name
    primes = "'" * len(by) if len(by) < 4 else f"^{{({len(by)})}}"
    return f"{name}{primes}".replace("{", "{{").replace("}", "}}") + "({0})"


def _slopes(function: str, arity: int, by: tuple[int, ...]) -> Callable[..., list[Expr]]:
    def slopes(y: Expr, *arguments: Expr) -> list[Expr]:
        return [abstract_row(function, arity, tuple(sorted((*by, place))))(*arguments) for place in range(1, arity + 1)]
    return slopes


def _no_value(function: str) -> Callable[..., NoReturn]:
    def value(*arguments: Any) -> NoReturn:
        raise SymdiffError(f"{function} is an abstract function and has no value; put a formula in its place with "
                           f"Function({function!r}).replaced(expression, formula, variables)")
    return value
