"""The one node of every formula: an immutable, interned Expr; equal structure means the identical object.

Knows no operation by meaning: a head is anything hashable with a name, and the operators and methods that users see
are attached by the floors that implement them (`operations`, `methods`).
"""

from __future__ import annotations

import math
from fractions import Fraction
from threading import Lock
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias, cast
from weakref import ref

from symdiff.errors import DefinitionError, DomainError, LimitError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from symdiff.operations.op import Op

__all__ = ["HASHED", "NUMBER", "ONE", "SYMBOL", "ZERO", "Expr", "Head", "Number", "Real", "interned_count", "number", "symbol_node"]

Real: TypeAlias = int | float | Fraction


class Head:
    """What kind of leaf a node is, where no operation applies."""

    __slots__ = ("name",)
    variadic = relation = False

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


NUMBER = cast("Op", Head("number"))
SYMBOL = cast("Op", Head("symbol"))

HASHED = 1 << 61
"""Whole numbers from here on repeat the hashes of smaller ones, so that a text could be full of numbers of one hash; their digits are not."""

_pool: dict[tuple[Any, ...], ref[Expr]] = {}
_lock = Lock()
_sweep_at = 1 << 16


class Expr:
    """One node: an operation applied to argument nodes, or a leaf (number, symbol, constant).

    Build one with `parse`, `symbols`, the Python operators and the functions of the table. Structurally equal nodes are the same
    object, so `==`, `hash` and dictionary look-ups take constant time; a number is not equal to its node (`Expr` 2 is not `2`).

    >>> from symdiff import parse, symbols
    >>> x, y = symbols("x y")
    >>> parse("x*sin(y)").args
    (Expr('x'), Expr('sin(y)'))
    >>> x + y is parse("x + y")
    True
    """

    __slots__ = ("__weakref__", "args", "op", "value")

    op: Op
    """The operation's row of the table, or the head NUMBER or SYMBOL of a leaf."""
    args: tuple[Expr, ...]
    """The argument nodes, in order; empty for a leaf."""
    value: Any
    """The number of a NUMBER leaf (int, Fraction or float), the name of a SYMBOL leaf, else None."""

    def __new__(cls, op: Any, args: tuple[Expr, ...] = (), value: Any = None) -> Expr:
        # Children enter the key by identity: a live node keeps its children alive, so a live entry's ids are its own, and an
        # entry whose node died says nothing whatever objects live at those addresses now.  Holding ids rather than children
        # lets a dropped expression go at once, however deep.
        # The type keeps 1, 1.0 and True apart; the hexadecimal form keeps 0.0 and -0.0 apart.
        if args:
            key: tuple[Any, ...] = (op, id(args[0])) if len(args) == 1 else (op, *map(id, args))
        elif type(value) is int:
            key = (op, int, value) if -HASHED < value < HASHED else (op, int, hex(value))
        elif type(value) is Fraction:  # its own hash takes a modular inverse
            key = (op, Fraction, f"{value.numerator:x}/{value.denominator:x}")
        else:
            key = (op, type(value), value.hex() if type(value) is float else value)
        entry = _pool.get(key)
        if entry is not None and (node := entry()) is not None:
            return node
        return _intern(key, op, args, value)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise UsageError(f"an expression is immutable: cannot set {name!r}")

    def __delattr__(self, name: str) -> NoReturn:
        raise UsageError(f"an expression is immutable: cannot delete {name!r}")

    def __copy__(self) -> Expr:
        return self

    def __deepcopy__(self, memo: object) -> Expr:
        return self

    def __repr__(self) -> str:
        return f"Expr({str(self)!r})"

    def __bool__(self) -> NoReturn:
        raise UsageError(
            f"the truth of {self._brief()} is not known before its variables are; "
            "substitute or evaluate first (a formula for a choice is where(condition, a, b))"
        )

    def __float__(self) -> float:
        return float(self._plain_number("float"))

    def __int__(self) -> int:
        try:
            return int(self._plain_number("int", exact=True))
        except UsageError:  # no rational number
            value = self._plain_number("int")
        if math.isinf(value):
            raise DomainError(f"{self._brief()} is beyond the floats; .evaluate(digits=50) gives its value")
        return int(value)

    def __complex__(self) -> complex:
        return complex(self._plain_number("complex"))

    def _plain_number(self, target: str, exact: bool = False) -> Real:
        names = sorted(str(s) for s in self.free_symbols)
        if names:
            shown = ", ".join(names[:4]) + (", ..." if len(names) > 4 else "")
            raise UsageError(f"{target}() needs a number and {self._brief()} has free variables: {shown}; use .evaluate({names[0]}=...)")
        result: Real = self.evaluate(exact=exact)
        return result

    def _brief(self) -> str:
        """The formula in an error message."""
        try:
            text = str(self)
        except LimitError:
            return "this formula"
        return f"'{text}'" if len(text) <= 200 else f"'{text[:200]}...'"

    # An expression has no items: without these two, Python would try x[0], x[1], ... and never end.
    __iter__ = None
    __contains__ = None

    if TYPE_CHECKING:  # attached by operations/operators.py and methods.py, which say what each does
        def __add__(self, other: Expr | Real) -> Expr: ...
        def __radd__(self, other: Real) -> Expr: ...
        def __sub__(self, other: Expr | Real) -> Expr: ...
        def __rsub__(self, other: Real) -> Expr: ...
        def __mul__(self, other: Expr | Real) -> Expr: ...
        def __rmul__(self, other: Real) -> Expr: ...
        def __truediv__(self, other: Expr | Real) -> Expr: ...
        def __rtruediv__(self, other: Real) -> Expr: ...
        def __pow__(self, other: Expr | Real) -> Expr: ...
        def __rpow__(self, other: Real) -> Expr: ...
        def __neg__(self) -> Expr: ...
        def __pos__(self) -> Expr: ...
        def __abs__(self) -> Expr: ...
        def eq(self, other: Expr | Real) -> Expr: ...
        def ne(self, other: Expr | Real) -> Expr: ...
        def and_(self, other: Expr) -> Expr: ...
        def or_(self, other: Expr) -> Expr: ...
        def floor(self) -> Expr: ...
        def log(self) -> Expr: ...
        def __lt__(self, other: Expr | Real) -> Expr: ...
        def __le__(self, other: Expr | Real) -> Expr: ...
        def __gt__(self, other: Expr | Real) -> Expr: ...
        def __ge__(self, other: Expr | Real) -> Expr: ...
        @property
        def free_symbols(self) -> frozenset[Expr]: ...
        diff: Callable[..., Expr]
        subs: Callable[..., Expr]
        evaluate: Callable[..., Any]
        simplify: Callable[..., Expr]
        count_ops: Callable[..., int]


def _intern(key: tuple[Any, ...], op: Any, args: tuple[Expr, ...], value: Any) -> Expr:
    if not hasattr(op, "variadic"):
        raise UsageError(f"Expr is what formulas are made of, not a reader of them; write parse({op!r}) for a formula" if isinstance(op, str)
                         else f"a node's head is a row of the table such as sin, not {op!r}; for a number write number({op!r})")
    with _lock:
        entry = _pool.get(key)  # another thread may have been first
        if entry is not None and (node := entry()) is not None:
            return node
        node = object.__new__(Expr)
        _set_op(node, op)
        _set_args(node, args)
        _set_value(node, value)
        _pool[key] = ref(node)  # last, so that an interruption before it leaves nothing half-built in the pool
        if len(_pool) > _sweep_at:
            _sweep()
    return node


_set_op, _set_args, _set_value = Expr.op.__set__, Expr.args.__set__, Expr.value.__set__  # type: ignore[attr-defined, misc]


def _sweep() -> None:
    """Drop the entries of dead nodes; called when the pool has doubled, so its cost per node is constant."""
    global _sweep_at
    for key in [key for key, entry in _pool.items() if entry() is None]:
        del _pool[key]
    _sweep_at = max(1 << 16, 2 * len(_pool))


def interned_count() -> int:
    """How many distinct nodes are alive now.

    >>> interned_count() > 0
    True
    """
    with _lock:
        return sum(entry() is not None for entry in _pool.values())


def number(value: Real) -> Expr:
    """The leaf of a finite real number; a Fraction with denominator 1 is the integer.

    Raises UsageError for infinities, nan and what is no real number.

    >>> number(3) / 4, number(Fraction(6, 3)), number(0.5)
    (Expr('3/4'), Expr('2'), Expr('0.5'))
    """
    kind = type(value)
    if kind is int:
        return _KEPT[value] if value in _KEPT else Expr(NUMBER, (), value)  # type: ignore[index]
    if kind is Fraction:
        if value.denominator == 1:  # type: ignore[union-attr]
            value = value.numerator  # type: ignore[union-attr]
    elif kind is float:
        if not math.isfinite(value):
            raise UsageError(f"{value} is not a real number")
    else:
        value = _as_real(value)
    return Expr(NUMBER, (), value)


Number = number


def _as_real(value: Any) -> Real:
    """Accept bool, NumPy scalars and their like by the protocol they follow."""
    if getattr(value, "ndim", None) == 0 and hasattr(value, "item"):
        value = value.item()  # a scalar of NumPy, or an array that holds just one
    if isinstance(value, bool):
        return int(value)
    if getattr(value, "ndim", 0):
        raise UsageError(f"an array is no number; call NumPy's function of that name, or evaluate or lambdify a formula: {value!r:.60}")
    if hasattr(value, "__index__"):
        return int(value.__index__())
    if isinstance(value, Fraction):
        return Fraction(value)
    if isinstance(value, float) or (type(value).__module__ == "numpy" and hasattr(value, "__float__") and not hasattr(value, "__len__")):
        result = float(value)
        if math.isfinite(result):
            return result
    raise UsageError(f"{value!r} of type {type(value).__name__} is neither an expression nor a finite real number")


def symbol_node(name: str) -> Expr:
    """The leaf of a name, unchecked; `Symbol` checks it against the language first."""
    if not isinstance(name, str):
        raise DefinitionError(f"a symbol's name is a string, not {type(name).__name__}")
    return Expr(SYMBOL, (), name)


_KEPT: dict[int, Expr] = {}
"""The leaves of the numbers met most, alive for as long as the process."""
_KEPT.update((value, Expr(NUMBER, (), value)) for value in range(-16, 33))
ZERO, ONE = _KEPT[0], _KEPT[1]
