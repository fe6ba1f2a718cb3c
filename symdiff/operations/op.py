"""Op, the row: all that is known of one operation; and the table of rows by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from symdiff.errors import DefinitionError, UsageError
from symdiff.expr import NUMBER, SYMBOL, Expr, Real, number, symbol_node

__all__ = ["ALIASES", "BACK_ENDS", "TABLE", "Interval", "Op", "alias", "as_expr", "define_row", "spelled"]

_INFINITY = float("inf")


@dataclass(frozen=True, slots=True)
class Interval:
    """A set of real values an operation stays in: from `low` to `high`, ends included unless said open."""

    low: float = -_INFINITY
    high: float = _INFINITY
    low_open: bool = False
    high_open: bool = False

    def __contains__(self, value: float) -> bool:
        above = value > self.low if self.low_open else value >= self.low
        below = value < self.high if self.high_open else value <= self.high
        return above and below


REALS = Interval()
POSITIVE = Interval(low=0, low_open=True)
NONNEGATIVE = Interval(low=0)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Op:
    """One row of the table.

    The columns are the whole knowledge of the library about the operation; tests prove every filled column from the row alone
    (tests/test_tables.py), printers, back ends and the reference page read them.  A row is callable: `sin(x)` builds the node.
    """

    name: str
    arity: int = 1
    variadic: bool = False
    """Takes `arity` or more arguments; `law` then says what two of them give."""

    slopes: Callable[..., Sequence[Expr | None]] | None = None
    """`slopes(y, *arguments)`: the partial derivative by each argument, y being the operation's own value; None where there is none.
    For a variadic operation the partial derivatives of its two-argument form."""
    combined: Callable[..., tuple[Sequence[Expr], Expr]] | None = None
    """The slopes over one common divisor, read where every argument varies: ((v, -u), v**2) is the textbook's quotient rule."""
    rule: str = "chain rule"
    """The name of the derivative rule in textbooks."""
    rules: dict[str, str] = field(default_factory=dict)
    """Its other names, by which arguments vary: {"uc": "power rule"} where u varies and c is constant."""
    roles: tuple[str, ...] = ()
    """What the arguments are called in a derivation; by default inner for one, u, v, w for several."""

    value: Callable[..., Any] | None = None
    """The value in floats; raises ValueError, ZeroDivisionError or OverflowError, or gives nan, where there is none."""
    precise: str | Callable[..., Any] | None = None
    """The value in mpmath: the name of its function, or `precise(mp, *arguments)`; by default the function of the same name."""
    principal: Callable[..., Any] | None = None
    """The principal value for complex arguments, `principal(mp, *arguments)`, where that is not `precise`."""
    exact: Callable[..., Any] | None = None
    """The value for exact rational arguments, where it is rational; None for arguments where it is not."""

    points: Callable[[], dict[Expr, Expr]] | None = None
    """Exact values at arguments for which `exact` has none: ln at e, sin at pi/6; `undefined` where there is none."""
    half_turn: int | None = None
    """What half a turn does to a circular function: f(u + pi) is half_turn*f(u), wherever either has a value."""
    otherwise: dict[int, str] = field(default_factory=dict)
    """What a call with another number of arguments means: log(u) is ln(u)."""

    domain: Callable[..., Expr] | None = None
    """`domain(*arguments)`: the relation that holds where the operation has a real value; no function means everywhere."""
    smooth: Callable[..., Expr] | None = None
    """`smooth(*arguments)`: the relation that holds where the operation has a derivative, if that is less than its domain."""
    range: Interval = REALS
    parity: str | None = None
    """'even' or 'odd' in its one argument."""
    monotone: str | None = None
    """'increasing' or 'decreasing' on its whole domain (strictly, and its domain is one interval)."""
    inverse: str | None = None
    """The name of g with f(g(u)) = u wherever g is defined."""
    convention: str = ""
    """What is said at kinks and jumps, where the derivative is a choice."""
    relation: bool = False
    """Its value is true or false."""

    conditions: tuple[int, ...] = ()
    """The places of arguments that are conditions rather than numbers."""

    letter: bool = False
    """Its name is a Greek letter too: a variable, unless an argument in parentheses follows."""
    latex: str | None = None
    """A LaTeX function name (\\sin), or a template with {0}, {1} for the arguments, ({0}) for one in parentheses that fit it."""
    symbol: str | None = None
    """How an operator or constant is written in text: +, *, <, pi."""
    spelling: dict[str, str] = field(default_factory=dict)
    """How generated code calls it, by back end (see `spelled`): the name of a function, or a template with {0}, {1} for the arguments."""
    definition: Callable[..., Expr] | None = None
    """`definition(*arguments)`: the operation in terms of others, put in its place for back ends it has no spelling for."""
    samples: tuple[float, float] = (-3.0, 3.0)
    """Where random test arguments are drawn."""
    body: Expr | None = None
    """The definition of a user's operation in terms of others."""
    parameters: tuple[Expr, ...] = ()
    """The symbols that stand for the arguments in `body`."""
    cache: dict[str, Any] = field(default_factory=dict, repr=False)
    """What other floors derived from the row (its compiled slopes, for one); emptied by nobody, as rows do not change."""

    def __call__(self, *arguments: Expr | Real) -> Expr:
        args = tuple([a if type(a) is Expr else as_expr(a) for a in arguments])
        if len(args) != self.arity and not (self.variadic and len(args) > self.arity):
            if len(args) in self.otherwise:
                return TABLE[self.otherwise[len(args)]](*args)
            raise UsageError(f"{self.name} takes {self.arity_text}, not {len(args)}")
        for place, argument in enumerate(args):
            if argument.op.relation is not (place in self.conditions):
                raise self._misplaced(argument, place)
        return Expr(self, args)

    def _misplaced(self, argument: Expr, place: int) -> UsageError:
        if argument.op.relation:
            return UsageError(f"'{argument}' is a condition, and argument {place + 1} of {self.name} is a number; "
                              "for a choice write where(condition, a, b)")
        return UsageError(f"argument {place + 1} of {self.name} is a condition such as x > 0, not '{argument}'; "
                          "for equality write eq(a, b), as Python's == compares identity")

    @property
    def arity_text(self) -> str:
        count = f"{self.arity} argument{'s' if self.arity != 1 else ''}"
        return f"{count} or more" if self.variadic else count

    def __repr__(self) -> str:
        return self.name

    def __reduce__(self) -> tuple[Any, ...]:
        return _row_named, (self.name,)

    def template_symbols(self) -> tuple[Expr, ...]:
        """Placeholders for y and the arguments: names no user symbol can have."""
        count = 2 if self.variadic else self.arity
        y, *arguments = (symbol_node(f"<{name}>") for name in ("y", *("uvwabcd"[:count] if count < 8 else range(1, count + 1))))
        return y, *[TABLE["ne"](a, 0) if place in self.conditions else a for place, a in enumerate(arguments)]


BACK_ENDS = ("python", "numpy", "array", "c", "jax", "torch", "sympy")
"""What code is generated for; array is any namespace of the Python array API standard."""


def spelled(name: str, **others: str) -> dict[str, str]:
    """The spelling of a function that goes by one name in most back ends, and by others in some; "" where one has none."""
    return {back_end: spelling for back_end, spelling in {**dict.fromkeys(BACK_ENDS, name), **others}.items() if spelling}


TABLE: dict[str, Op] = {}
ALIASES: dict[str, str] = {}


def define_row(op: Op) -> Op:
    """Enter a row into the table; every name is taken once."""
    if op.name in TABLE or op.name in ALIASES:
        raise DefinitionError(f"the operation {op.name!r} is already defined")
    TABLE[op.name] = op
    return op


def alias(other: str, name: str) -> None:
    """Let text spell an operation another way too: arcsin for asin."""
    if other in TABLE or other in ALIASES or name not in TABLE:
        raise DefinitionError(f"{other!r} cannot be another name of {name!r}")
    ALIASES[other] = name


def _row_named(name: str) -> Op:
    try:
        return TABLE[name]
    except KeyError:
        raise DefinitionError(f"the operation {name!r} is not defined in this process; define it before loading") from None


def as_expr(value: Any) -> Expr:
    """The node of a number; expressions pass through, text is refused (it would be parsed in silence)."""
    if type(value) is Expr:
        return value
    if isinstance(value, str):
        raise UsageError(f"{value!r} is text; write parse({value!r}) for the formula, Symbol({value!r}) for the variable")
    return number(value)


def is_leaf(node: Expr) -> bool:
    return node.op is NUMBER or node.op is SYMBOL
