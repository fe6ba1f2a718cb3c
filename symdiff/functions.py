"""Abstract functions as users declare them; their rows are in operations/abstract.py."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from importlib import import_module
from typing import Any

from symdiff.errors import UsageError
from symdiff.expr import Expr, Real
from symdiff.operations.abstract import abstract_row
from symdiff.symbols import Symbol

__all__ = ["Function", "declared_names", "declaring"]


class Function:
    """A function of which only the name is known.

    It takes any number of arguments; its derivatives are written f'(x), f''(x), and for several arguments f'1(x, y) for the partial
    derivative by the first and f'1,2(x, y) for the mixed one (partial derivatives commute).  From then on text may call it; the
    name alone, without parentheses, stays a variable.  Declaring a name again gives the same function.
    Raises DefinitionError for names of functions, constants and reserved words.

    >>> from symdiff import diff, parse, symbols
    >>> f, g, (x, y) = Function("f"), Function("g"), symbols("x y")
    >>> diff(f(g(x)), x)
    Expr("f'(g(x))*g'(x)")
    >>> diff(f(x**2, y), x)
    Expr("2*f'1(x^2, y)*x")
    >>> parse("f'1,2(x, y)") is diff(f(x, y), y, x)
    True
    """

    __slots__ = ("name",)
    name: str

    def __new__(cls, name: str) -> Function:
        known = _declared.get(name) if isinstance(name, str) else None
        if known is not None:
            return known
        Symbol(name)  # a name of the language, and free
        function = object.__new__(cls)
        function.name = name
        return _declared.setdefault(name, function)

    def __call__(self, *arguments: Expr | Real) -> Expr:
        if not arguments:
            raise UsageError(f"{self.name}() needs an argument, such as {self.name}(x)")
        return abstract_row(self.name, len(arguments))(*arguments)

    def __repr__(self) -> str:
        return f"Function({self.name!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return Function, (self.name,)

    def replaced(self, expression: Expr, formula: Expr | Real, *variables: Expr | str) -> Expr:
        """The expression with a formula of these variables in the function's place, and its derivatives in theirs.

        >>> from symdiff import parse, symbols
        >>> f, (x, u) = Function("f"), symbols("x u")
        >>> f.replaced(parse("f'(x) + f(2)"), parse("u^3"), u)
        Expr('3*x^2 + 2^3')
        """
        body: Expr = import_module("symdiff.calculus.totals").replaced(expression, self.name, formula, variables)
        return body


_declared: dict[str, Function] = {}
_for_now: ContextVar[frozenset[str]] = ContextVar("functions declared for one parse", default=frozenset())


@contextmanager
def declaring(names: Iterable[str | Function]) -> Iterator[None]:
    """Let text call these functions too, until the block ends; nothing stays declared."""
    if isinstance(names, str):
        raise UsageError(f"functions are given as a list such as [{names!r}], not as text")
    words = [name.name if isinstance(name, Function) else name for name in names]
    for word in words:
        Symbol(word)
    token = _for_now.set(_for_now.get().union(words))
    try:
        yield
    finally:
        _for_now.reset(token)


def declared_names() -> frozenset[str]:
    """The names that text may call as abstract functions now."""
    return _for_now.get().union(_declared)
