"""The laws of calculus as checks of any system that reads, differentiates and evaluates formulas: symdiff, SymPy, or your own.

References are values and differences of the formula in high precision; no derivative of symdiff's is used.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from symdiff.calculus.derivation import derive
from symdiff.errors import SymdiffError
from symdiff.expr import Expr, number, symbol_node
from symdiff.operations import TABLE
from symdiff.operations.arithmetic import add, div, mul
from symdiff.operations.op import Op
from symdiff.operations.piecewise import where
from symdiff.testing.formulas import precise_slope
from symdiff.testing.hypotheses import st
from symdiff.testing.reports import Report, drawn, first_parting
from symdiff.testing.strategies import ARITHMETIC, FUNCTIONS, SMALL, expressions, points
from symdiff.testing.values import UNCLEAR, value_at
from symdiff.walk import free_symbols, substitute

__all__ = ["LAWS", "Law", "System", "sample_formulas"]

X, Y, Z = (symbol_node(name) for name in "xyz")
CORNERS = ((1.0, 2.0), (-1.0, 0.5), (0.0, 0.0), (3.5, -1.25), (1.0, 1.0), (0.0, 1.0), (-20.0, 11.0))
"""Values of x and y (z is 3/2): signs, ties, zeros, and points of no special kind."""
FEW = 4
"""Corners at which random formulas are looked at, beside the point drawn inside their domain."""
LARGEST = 1e12
TOLERANCE = 1e-9
"""Relative: laws are about what is wrong, not about the last digits of a system's arithmetic, which the trembling beside a point tells."""
Formulas = tuple[Expr, ...]
Point = dict[Expr, float]


@dataclass(frozen=True, slots=True)
class System:
    """What is checked.  parse: text to the system's formula.  diff: (formula, name of the variable) to a formula.

    evaluate: (formula, {name: float}) to a number; None, nan or an exception where there is none.  simplify and write (formula to text)
    may be missing; the laws about them are then left out.  refusals: exceptions that say that a formula is not supported, which is no
    mistake; any other exception of parse, diff and simplify is one.
    """

    parse: Callable[[str], Any]
    diff: Callable[[Any, str], Any]
    evaluate: Callable[[Any, dict[str, float]], Any]
    simplify: Callable[[Any], Any] | None = None
    write: Callable[[Any], str] | None = None
    refusals: tuple[type[Exception], ...] = (SymdiffError, NotImplementedError)

    def value(self, formula: Any, point: Mapping[Expr, float]) -> Any:
        """A float, or a complex number that is not real; None where the system has no value."""
        try:
            found = complex(self.evaluate(formula, {str(symbol): value for symbol, value in point.items()}))
        except Exception:  # whatever another system raises where it has no value
            return None
        if not (math.isfinite(found.real) and math.isfinite(found.imag)):
            return None
        return found.real if abs(found.imag) <= TOLERANCE * max(1e-9, abs(found.real)) else found


@dataclass(frozen=True, slots=True)
class Law:
    """A law: its name, how many formulas it is about, what it says of them at a point (a report where it is broken), what it needs."""

    name: str
    count: int
    rule: Callable[[System, Formulas, Sequence[Point]], Report | None]
    needs: str = ""

    def broken(self, system: System, formulas: Formulas, points: Sequence[Point]) -> Report | None:
        """Where a system breaks the law; None where it does not, or refuses the formula."""
        try:
            return self.rule(system, formulas, points)
        except system.refusals:
            return None

    def holds_for(self, system: System) -> bool:
        """Whether the system has what the law is about."""
        return not self.needs or getattr(system, self.needs) is not None

    def examples(self, functions: Sequence[str | Op] | None, max_nodes: int) -> st.SearchStrategy[tuple[Formulas, list[Point]]]:
        """Formulas with points for them, the same simple points always and one drawn inside the domain."""
        formula = expressions(("x", "y"), functions, max_nodes)
        return st.tuples(*[formula] * self.count).flatmap(lambda made: st.tuples(st.just(made), _drawn_points(made)))


def _drawn_points(formulas: Formulas) -> st.SearchStrategy[list[Point]]:
    inside = points(formulas[0], smooth=True)
    full = st.just({}) if inside.is_empty else inside
    return full.map(lambda point: [*corner_points(formulas)[:FEW], {**corner_points(formulas)[0], **point}])


def corner_points(formulas: Formulas) -> list[Point]:
    others = [symbol for symbol in free_symbols(*formulas) if symbol not in (X, Y)]
    return [{X: x, Y: y, **dict.fromkeys(others, 1.5)} for x, y in CORNERS]


def sample_formulas(functions: Sequence[str | Op] | None = None) -> Iterator[Expr]:
    """Every function in a few plain surroundings, the shortest first: what a slip in one rule is met by at once."""
    chosen = FUNCTIONS if functions is None else [*ARITHMETIC, *(TABLE[f] if isinstance(f, str) else f for f in functions)]
    rows = [op for op in chosen if not op.relation and op.name != "where"]
    two = number(2)
    arguments: list[Callable[[int], Formulas]] = [
        lambda n: (X, Y)[:n], lambda n: (Y, X)[:n] if n > 1 else (mul(two, X),), lambda n: (X, two)[:n] if n > 1 else (X ** 2,),
        lambda n: (two, X)[:n] if n > 1 else (mul(X, Y),),
    ]
    for build in arguments:
        for op in rows:
            yield Expr(op, build(min(op.arity, 2)))
    for op in rows:
        if op.arity == 1:
            yield op(div(number(1), X))
    for op in rows:
        if op.variadic:
            yield Expr(op, (X, Y, mul(X, Y)))
    if functions is None or "where" in functions:
        yield from (where(X > 0, X ** 2, -X), where(X.eq(0), number(0), X), where(X.ne(0), X ** 3 / X, number(0)), where(X < Y, X, Y))


# comparison

def expected_at(formula: Expr, point: Point) -> float | None:
    """The value the formula certainly has, as a float."""
    found = value_at(formula, point)
    if found is None or found is UNCLEAR or type(found) is bool or abs(found) > LARGEST:
        return None
    return float(found)


def slope_at(formula: Expr, variable: Expr, point: Point) -> float | None:
    """The derivative the formula certainly has."""
    if value_at(formula, point) in (None, UNCLEAR):
        return None
    names = list(point)
    found = precise_slope(formula, names, list(point.values()), [float(name is variable) for name in names])
    clear = not found.trouble and abs(found.value) < LARGEST and found.error <= 1e-9 * max(1.0, abs(found.value))
    return found.value if clear else None


def mismatch(system: System, formula: Any, point: Point, expected: float | None) -> tuple[bool, Any]:
    """Whether the system's value is another one, beyond its trembling beside the point; and the value.

    A value that is missing at a single point only is none that is wrong.
    """
    if expected is None:
        return False, None
    found = system.value(formula, point)
    if isinstance(found, float) and abs(found - expected) <= TOLERANCE * max(1.0, abs(expected)):
        return False, found
    nudged = [system.value(formula, {s: v + step * (abs(v) or 1.0) * 3e-15 for s, v in point.items()}) for step in (1, -1, 2, -2)]
    beside = [value for value in nudged if value is not None]
    if found is None:
        return not beside and _missing_around(system, formula, point), None
    trembling = max((abs(one - other) for one in beside for other in beside), default=0.0)
    return abs(found - expected) > TOLERANCE * max(1.0, abs(expected)) + 50 * trembling, found


def _missing_around(system: System, formula: Any, point: Point) -> bool:
    """Whether there is no value a little further away either."""
    return all(system.value(formula, {s: v + shift * (place + 1) for place, (s, v) in enumerate(point.items())}) is None
               for shift in (1e-3, -1e-3))


def _report(what: str, formula: Expr, point: Point, found: Any, expected: Any, *, system: System, derivative: bool = False) -> Report:
    used = {str(s): v for s, v in point.items() if s in free_symbols(formula)}
    node, rule = _first_wrong(system, formula, point) if derivative else (None, "")
    reproduce = f"diff(parse({str(formula)!r}), 'x')" if derivative else f"parse({str(formula)!r})"
    return Report(what=what, point=used, claimed=found, expected=expected, formula=formula, node=node, rule=rule, reproduce=reproduce,
                  picture=drawn(formula, node, "x" if derivative else None, used))


def _first_wrong(system: System, formula: Expr, point: Point) -> tuple[Expr | None, str]:
    """The first part whose derivative the system gets wrong, and the name of the rule it takes."""
    def wrong(node: Expr) -> bool:
        try:
            slope = system.diff(system.parse(str(node)), "x")
        except Exception:  # a system that cannot even differentiate the part
            return True
        return mismatch(system, slope, point, slope_at(node, X, point))[0]
    node = first_parting(formula, wrong)
    try:
        return node, "" if node is None else derive(node, X)[node].rule
    except SymdiffError:
        return node, ""


# the laws

def _value(system: System, formulas: Formulas, points: Sequence[Point]) -> Report | None:
    """Reading a formula changes no value."""
    formula = formulas[0]
    read = system.parse(str(formula))
    for point in points:
        expected = expected_at(formula, point)
        wrong, found = mismatch(system, read, point, expected)
        if wrong:
            return _report("the formula as read has another value", formula, point, found, expected, system=system)
    return None


def _derivative(system: System, formulas: Formulas, points: Sequence[Point]) -> Report | None:
    """The derivative is the limit of difference quotients, wherever there is one."""
    formula = formulas[0]
    slope = None
    for point in points:
        expected = slope_at(formula, X, point)
        if expected is not None:
            slope = system.diff(system.parse(str(formula)), "x") if slope is None else slope
            wrong, found = mismatch(system, slope, point, expected)
            if wrong:
                return _report("the derivative is wrong", formula, point, found, expected, system=system, derivative=True)
    return None


def _refinement(system: System, formulas: Formulas, points: Sequence[Point]) -> Report | None:
    """Simplifying keeps every value."""
    assert system.simplify is not None
    formula = formulas[0]
    short = None
    for point in points:
        expected = expected_at(formula, point)
        if expected is not None:
            read = system.parse(str(formula))
            if mismatch(system, read, point, expected)[0]:
                return None  # it was wrong before: the law of reading says so
            short = system.simplify(read) if short is None else short
            wrong, found = mismatch(system, short, point, expected)
            if wrong:
                return _report(f"simplified to {short}, it has another value", formula, point, found, expected, system=system)
    return None


def _round_trip(system: System, formulas: Formulas, points: Sequence[Point]) -> Report | None:
    """Text that the system writes means the same when it is read again."""
    assert system.write is not None
    formula = formulas[0]
    read = system.parse(str(formula))
    text = system.write(read)
    again = system.parse(text)
    for point in points:
        expected = system.value(read, point)
        if isinstance(expected, float):
            wrong, found = mismatch(system, again, point, expected)
            if wrong:
                return _report(f"written as {text!r}, it reads back with another value", formula, point, found, expected, system=system)
    return None


def _combined(name: str, whole: Callable[..., Expr], parts: Callable[..., Any]) -> Callable[[System, Formulas, Sequence[Point]], Report | None]:
    """A law that gives the derivative of a combination by values and derivatives of its parts, all of them the system's own."""
    def broken(system: System, formulas: Formulas, points: Sequence[Point]) -> Report | None:
        formula = whole(*formulas)
        slope: Any = None
        for point in points:
            reference = slope_at(formula, X, point)
            values = [expected_at(f, point) for f in formulas]
            slopes = [slope_at(f, X, point) for f in formulas]
            if reference is None or None in values or None in slopes:
                continue
            if slope is None:
                read = [system.parse(str(f)) for f in formulas]
                theirs = [system.diff(f, "x") for f in read]
                slope = system.diff(system.parse(str(formula)), "x")
            own = [system.value(f, point) for f in read], [system.value(f, point) for f in theirs]
            if any(not isinstance(v, float) for side in own for v in side):
                continue
            expected = parts(*own[0], *own[1])
            wrong, found = mismatch(system, slope, point, expected)
            if wrong and not mismatch_of_values(reference, expected):
                return _report(f"{name} is broken", formula, point, found, expected, system=system, derivative=True)
            if wrong:
                return _report(f"{name} is broken", formula, point, expected, reference, system=system, derivative=True)
        return None
    return broken


def mismatch_of_values(a: float, b: float) -> bool:
    return abs(a - b) > TOLERANCE * max(1.0, abs(a), abs(b))


def _chain(system: System, formulas: Formulas, points: Sequence[Point]) -> Report | None:
    """The derivative of f(g(x)) is f'(g(x))*g'(x)."""
    outer, inner = formulas
    formula = substitute(outer, {X: inner})
    slopes: list[Any] = []
    for point in points:
        at = expected_at(inner, point)
        inside = None if at is None else {**point, X: at}
        if inside is None or slope_at(formula, X, point) is None or slope_at(outer, X, inside) is None or slope_at(inner, X, point) is None:
            continue
        slopes = slopes or [system.diff(system.parse(str(f)), "x") for f in (formula, outer, inner)]
        first, second = system.value(slopes[1], inside), system.value(slopes[2], point)
        if not isinstance(first, float) or not isinstance(second, float):
            continue
        expected = first * second
        wrong, found = mismatch(system, slopes[0], point, expected)
        if wrong and abs(expected) < LARGEST:
            return _report("the chain rule is broken", formula, point, found, expected, system=system, derivative=True)
    return None


def _commuting(system: System, formulas: Formulas, points: Sequence[Point]) -> Report | None:
    """Second derivatives by x and y are the same in both orders."""
    formula = formulas[0]
    if X not in free_symbols(formula) or Y not in free_symbols(formula):
        return None
    read = system.parse(str(formula))
    xy, yx = system.diff(system.diff(read, "x"), "y"), system.diff(system.diff(read, "y"), "x")
    for point in points:
        if any(slope_at(formula, by, {**point, X: point[X] + dx, Y: point[Y] + dy}) is None
               for by, dx, dy in product((X, Y), (0, 1e-3), (0, -1e-3))):
            continue
        expected = system.value(yx, point)
        if isinstance(expected, float) and abs(expected) < LARGEST and system.value(xy, point) is not None:
            wrong, found = mismatch(system, xy, point, expected)
            back, _ = mismatch(system, yx, point, found if isinstance(found, float) else expected)
            if wrong and back:
                return _report("second derivatives in two orders differ", formula, point, found, expected, system=system)
    return None


LAWS = [
    Law("reading keeps values", 1, _value),
    Law("the derivative is the numeric one", 1, _derivative),
    Law("linearity", 2, _combined("linearity", lambda f, g: add(mul(number(2), f), mul(SMALL[4], g)), lambda f, g, df, dg: 2 * df - dg)),
    Law("product rule", 2, _combined("the product rule", mul, lambda f, g, df, dg: df * g + f * dg)),
    Law("quotient rule", 2, _combined("the quotient rule", div,
                                      lambda f, g, df, dg: (df * g - f * dg) / g / g if g else math.nan)),
    Law("chain rule", 2, _chain),
    Law("commuting partials", 1, _commuting),
    Law("refinement", 1, _refinement, "simplify"),
    Law("round trip", 1, _round_trip, "write"),
]
"""Every law; those a system lacks the means for do not apply to it."""
