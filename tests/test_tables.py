"""The table is proved row by row, from each row alone: what a row says of its operation is checked against its high-precision value.

A prover is a function row -> list of problems, so that it can be turned on rows planted with a mistake.
"""

from __future__ import annotations

import math
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise, product
from typing import Any

import mpmath
import pytest

from symdiff.expr import NUMBER, SYMBOL, Expr, number
from symdiff.operations import ALIASES, TABLE
from symdiff.operations.op import Interval, Op
from symdiff.operations.piecewise import undefined
from symdiff.walk import fold

mp = mpmath.MPContext()
mp.dps = 40

CORNERS = [Fraction(n, d) for n, d in ((0, 1), (1, 2), (-1, 2), (1, 3), (1, 1), (-1, 1), (2, 1), (-2, 1), (3, 1), (-3, 1))]
GENERIC = [mpmath.mpf("1.4142135"), mpmath.mpf("-0.7390851"), mpmath.mpf("0.5772157")]
EXTREMES = [s * u for u in (1e-300, 1e-9, 7.5, 30.25, 710.5, 1000.25, 1e9, 1e300) for s in (1, -1)]
RANDOM_POINTS = 25
NO_VALUE = (ValueError, ZeroDivisionError, OverflowError)
Point = tuple[Any, ...]


def exactly(value: Any) -> Any:
    """A number of any kind in high precision."""
    if isinstance(value, Fraction):
        return mp.mpf(value.numerator) / value.denominator
    return value if isinstance(value, bool) else mp.mpf(value)


def value_at(op: Op, point: Point) -> Any:
    """The operation's value in high precision; None where it has no real one."""
    rule = op.precise if op.precise is not None else op.name
    function = getattr(mp, rule) if isinstance(rule, str) else lambda *args: rule(mp, *args)
    try:
        value = function(*[exactly(u) for u in point])
    except NO_VALUE:
        return None
    if isinstance(value, bool):
        return value
    if isinstance(value, mp.mpc):
        if value.imag != 0:
            return None
        value = value.real
    return value if mp.isfinite(value) else None


def value_of(body: Expr, bindings: dict[Expr, Any]) -> Any:
    """An expression in high precision, by the same rows; None where a part has no real value."""
    def rule(node: Expr, args: list[Any]) -> Any:
        if node in bindings:
            return bindings[node]
        if node.op is NUMBER or node.op is SYMBOL:
            return None if node.op is SYMBOL else exactly(node.value)
        if node.op.name == "where":
            return None if args[0] is None else args[1] if args[0] else args[2]
        return None if any(a is None for a in args) else value_at(node.op, tuple(args))
    return fold(body, rule)


def holds(relation: Expr) -> Callable[[Op, Point], Any]:
    return lambda op, point: value_of(relation, dict(zip(op.template_symbols()[1:], map(exactly, point), strict=True)))


def points_of(op: Op) -> list[Point]:
    """A fixed grid of corner values, and random points of the row's own range; always the same ones."""
    count = op.arity
    rng = random.Random(op.name)
    low, high = op.samples
    grid = [*CORNERS, *GENERIC]
    if count > 2:
        grid = grid[:8]
    random_points = [tuple(mp.mpf(rng.uniform(low, high)) for _ in range(count)) for _ in range(RANDOM_POINTS)]
    if any(place in op.conditions for place in range(count)):
        sides = [(False, True) if place in op.conditions else grid for place in range(count)]
        return list(product(*sides))
    if op.name == "polygamma":
        random_points = [(mp.mpf(rng.randint(0, 3)), mp.mpf(rng.uniform(low, high))) for _ in range(RANDOM_POINTS)]
    return [*product(grid, repeat=count), *random_points]


def usable(op: Op) -> list[tuple[Point, Any]]:
    return [(point, value) for point in points_of(op) if (value := value_at(op, point)) is not None]


def close(a: Any, b: Any, digits: int) -> bool:
    return bool(abs(a - b) <= mp.mpf(10) ** -digits * max(1, abs(a), abs(b)))


def shown(point: Point) -> str:
    return ", ".join(str(u) if isinstance(u, (Fraction, bool)) else mpmath.nstr(u, 12) for u in point)


def none_usable(op: Op, count: int, what: str) -> list[str]:
    return [] if count else [f"{op.name}: no usable point for its {what}"]


# The provers, one for each column.

def float_problems(op: Op) -> Iterator[str]:
    """The float value agrees with the precise one to 12 digits, small values and huge arguments too; nan never becomes a number."""
    if op.value is None:
        yield f"{op.name}: no float value"
        return
    met = 0
    for point in points_of(op) + [(u,) for u in EXTREMES] * (op.arity == 1):
        floats = tuple(u if isinstance(u, bool) else float(u) for u in point)
        expected, got = value_at(op, floats), float_at(op, floats)
        met += expected is not None
        if expected is None and any(abs(u) > 1e100 for u in floats):
            continue  # mpmath itself gives up on erfc and its kin there
        if isinstance(expected, bool) or isinstance(got, bool):
            fine = expected is got
        elif expected is None:
            fine = got is None or abs(got) > 1e15  # a pole that no float hits exactly (tan at pi/2)
        elif abs(expected) > sys.float_info.max:
            fine = got is None
        else:
            fine = got is not None and abs(got - expected) <= 1e-12 * abs(expected) + 1e-300
        if not fine:
            yield f"{op.name}({shown(point)}): float {got}, precise {expected if expected is None else mpmath.nstr(expected, 15)}"
    for place in range(op.arity):
        point = tuple(math.nan if k == place else 1.0 for k in range(op.arity))
        if not op.conditions and not op.relation and float_at(op, point) is not None:
            yield f"{op.name}: nan as argument {place + 1} becomes a number"
    yield from none_usable(op, met, "float value")


def float_at(op: Op, floats: Point) -> Any:
    """The operation's value in floats; None where it has none."""
    assert op.value is not None
    try:
        got = op.value(*floats)
    except NO_VALUE:
        return None
    return got if isinstance(got, bool) or math.isfinite(got) else None


def slope_problems(op: Op) -> Iterator[str]:
    """Each slope equals the numeric derivative of the precise value; at kinks, where `smooth` fails, the convention is stated."""
    if op.relation or op.slopes is None:
        if not op.relation:
            yield f"{op.name}: no slopes"
        return
    symbols = op.template_symbols()
    slopes = list(op.slopes(*symbols))
    if len(slopes) != len(symbols) - 1:
        yield f"{op.name}: {len(slopes)} slopes for {len(symbols) - 1} arguments"
        return
    for place, slope in enumerate(slopes):
        if slope is None:
            continue
        met = 0
        for point, value in usable(op):
            if op.smooth is not None and not holds(op.smooth(*symbols[1:]))(op, point):
                continue
            expected = derivative_at(op, point, place)
            if expected is None:
                if _is_inner(op, point, place) and op.convention == "":
                    yield f"{op.name}({shown(point)}): no numeric derivative by argument {place + 1}, and no `smooth` says so"
                continue
            got = value_of(slope, dict(zip(symbols, (value, *map(exactly, point)), strict=True)))
            if got is None and op.name == "pow" and point[0] <= 0:
                continue  # ln of the base: the power rule for a varying exponent holds for a positive base
            met += 1
            if got is None or not close(got, expected, 12):
                yield (f"{op.name}({shown(point)}): slope {place + 1} is {got if got is None else mpmath.nstr(got, 15)}, "
                       f"numerically {mpmath.nstr(expected, 15)}")
        yield from none_usable(op, met, f"slope {place + 1}")


def derivative_at(op: Op, point: Point, place: int) -> Any:
    """The numeric derivative by one argument; None where the two sides differ or one is missing."""
    with mp.workdps(80):
        sides = []
        for h in (mp.mpf(10) ** -24, -mp.mpf(10) ** -24):
            values = [value_at(op, (*point[:place], exactly(point[place]) + k * h, *point[place + 1:])) for k in range(6)]
            if any(v is None for v in values):
                return None
            v = values
            sides.append((-137 * v[0] + 300 * v[1] - 300 * v[2] + 200 * v[3] - 75 * v[4] + 12 * v[5]) / (60 * h))
    return sides[0] if close(sides[0], sides[1], 20) else None


def _is_inner(op: Op, point: Point, place: int) -> bool:
    step = mp.mpf(10) ** -20
    return all(value_at(op, (*point[:place], exactly(point[place]) + s, *point[place + 1:])) is not None for s in (step, -step))


def combined_problems(op: Op) -> Iterator[str]:
    """The slopes over a common divisor are the slopes."""
    if op.combined is None:
        return
    symbols = op.template_symbols()
    numerators, divisor = op.combined(*symbols)
    assert op.slopes is not None
    slopes = list(op.slopes(*symbols))
    met = 0
    for point, value in usable(op):
        bindings = dict(zip(symbols, (value, *map(exactly, point)), strict=True))
        bottom = value_of(divisor, bindings)
        for place, (numerator, slope) in enumerate(zip(numerators, slopes, strict=True)):
            top, plain = value_of(numerator, bindings), value_of(slope, bindings)
            if plain is None:
                continue
            met += 1
            if not bottom or not close(top / bottom, plain, 25):
                yield f"{op.name}({shown(point)}): combined slope {place + 1} differs from the slope"
    yield from none_usable(op, met, "combined slopes")


def domain_problems(op: Op) -> Iterator[str]:
    """The domain's relation holds exactly where there is a value; `smooth` holds only inside it."""
    symbols = op.template_symbols()
    met = 0
    for point in points_of(op):
        value = value_at(op, point)
        inside = True if op.domain is None else holds(op.domain(*symbols[1:]))(op, point)
        met += bool(inside)
        if bool(inside) != (value is not None):
            said = value if value is None else mpmath.nstr(value, 10)
            yield f"{op.name}({shown(point)}): the domain says {bool(inside)}, the value is {said}"
        if op.smooth is not None and not inside and holds(op.smooth(*symbols[1:]))(op, point):
            yield f"{op.name}({shown(point)}): smooth outside the domain"
    yield from none_usable(op, met, "domain")


def range_problems(op: Op) -> Iterator[str]:
    """Every value is in the range, and a finite end of it is approached: a range is neither too small nor needlessly large."""
    if op.relation or op.name == "undefined":
        return
    values = [value for point in points_of(op) if (value := value_at(op, point)) is not None]
    for point, value in usable(op):
        if not _within(op.range, value):
            yield f"{op.name}({shown(point)}) = {mpmath.nstr(value, 15)} is outside the range {op.range}"
    if op.arity == 1 and values:
        values += [v for u in [*_far_points(), *_very_far] if (v := value_at(op, (u,))) is not None]
        for end, nearest in ((op.range.low, min(values)), (op.range.high, max(values))):
            if math.isfinite(end) and abs(nearest - end) > 0.05:
                yield f"{op.name}: the end {end} of its range is not approached; the nearest value is {mpmath.nstr(nearest, 8)}"
            if not math.isfinite(end) and abs(nearest) < 10:
                yield f"{op.name}: its range has no bound where its values have: {mpmath.nstr(nearest, 8)}"
    yield from none_usable(op, len(values), "range")


def _within(interval: Interval, value: Any) -> bool:
    low, high = _end(interval.low, -1), _end(interval.high, 1)
    above = value > low if interval.low_open else value >= low
    below = value < high if interval.high_open else value <= high
    return bool(above and below)


def _end(end: float, outwards: int) -> Any:
    """The end of a range: exact if it is a whole number, else a float that may lie a rounding inside the true end."""
    return end if math.isinf(end) or end == int(end) else end + outwards * mp.mpf(10) ** -15


def _far_points() -> list[Any]:
    rng = random.Random("far")
    near = [mp.mpf(s) * mp.mpf(10) ** -k for k in (1, 3, 6, 30) for s in (1, -1)]
    far = [mp.mpf(s) * u for u in (4, 5, 7) for s in (1, -1)]
    ones = [mp.mpf(s) * (1 + t * mp.mpf(10) ** -k) for s in (1, -1) for t in (1, -1) for k in (2, 12, 30)]
    return [*near, *far, *ones, *(mp.mpf(rng.uniform(-7, 7)) for _ in range(60))]


_very_far = [s * mp.mpf(u) for u in ("12", "30.5", "1e30") for s in (1, -1)]


def parity_problems(op: Op) -> Iterator[str]:
    """f(-u) is f(u) or -f(u) as declared; a row that is even or odd at every point says so."""
    if op.arity != 1 or op.relation:
        if op.parity is not None:
            yield f"{op.name}: parity of an operation with {op.arity} arguments"
        return
    pairs = [(value, value_at(op, (-exactly(point[0]),))) for point, value in usable(op) if exactly(point[0]) != 0]
    both = [(a, b) for a, b in pairs if b is not None]
    even, odd = (len(both) == len(pairs) and all(close(a, s * b, 25) for a, b in both) for s in (1, -1))
    found = "even" if even else "odd" if odd else None
    if found != op.parity:
        yield f"{op.name}: declared {op.parity}, is {found}"
    yield from none_usable(op, len(pairs), "parity")


def monotone_problems(op: Op) -> Iterator[str]:
    """Sorted arguments give strictly sorted values, on a domain that is one interval; and a row that has this says so."""
    if op.arity != 1 or op.relation:
        if op.monotone is not None:
            yield f"{op.name}: monotone with {op.arity} arguments"
        return
    points = sorted({exactly(point[0]) for point in points_of(op)} | set(_far_points()))
    values = [value_at(op, (u,)) for u in points]
    present = [index for index, value in enumerate(values) if value is not None]
    one_interval = bool(present) and present == list(range(present[0], present[-1] + 1))
    pairs = [(values[a], values[b]) for a, b in pairwise(present)]
    rising, falling = all(a < b for a, b in pairs), all(a > b for a, b in pairs)
    found = ("increasing" if rising else "decreasing" if falling else None) if one_interval else None
    if found != op.monotone:
        yield f"{op.name}: declared {op.monotone}, is {found}"
    yield from none_usable(op, len(pairs), "monotony")


def inverse_problems(op: Op) -> Iterator[str]:
    """f(g(u)) = u wherever g is defined."""
    if op.inverse is None:
        return
    g = TABLE[op.inverse]
    met = 0
    for point, inner in usable(g):
        value = value_at(op, (inner,))
        met += 1
        if value is None or not close(value, exactly(point[0]), 25):
            yield f"{op.name}({op.inverse}({shown(point)})) is {value}"
    yield from none_usable(op, met, "inverse")


def exact_problems(op: Op) -> Iterator[str]:
    """The exact value of exact arguments is the precise one, is None only where that is allowed, and never a float."""
    if op.exact is None:
        return
    met = 0
    corners = [c.numerator if c.denominator == 1 else c for c in CORNERS]
    exact_points = product([*corners, 4, 8, Fraction(9, 4), Fraction(-8, 27), 100, 5], repeat=op.arity)
    if any(place in op.conditions for place in range(op.arity)):
        exact_points = iter(points_of(op))
    for point in exact_points:
        expected = value_at(op, point)
        got = op.exact(*point)
        if isinstance(got, float):
            yield f"{op.name}({shown(point)}): the exact value is a float"
        elif got is not None:
            met += 1
            if expected is None or not close(exactly(got), exactly(expected), 30):
                yield f"{op.name}({shown(point)}): exact {got}, precise {expected}"
    yield from none_usable(op, met, "exact value")


def points_problems(op: Op) -> Iterator[str]:
    """The special values are those of the operation at those arguments."""
    if op.points is None:
        return
    special = op.points()
    for argument, value in special.items():
        at = value_of(argument, {})
        got, said = value_at(op, (at,)), value_of(value, {})
        pole = value is undefined and (got is None or abs(got) > 1e30)  # pi/2 in mpmath is next to the pole
        if not pole and (got is None or said is None or not close(got, said, 30)):
            yield f"{op.name}({argument}) is {got}, not {value}"
    yield from none_usable(op, len(special), "points")


def half_turn_problems(op: Op) -> Iterator[str]:
    """Half a turn on, the value is the same or its opposite."""
    if op.half_turn is None:
        return
    points = usable(op)
    for (u,), value in points:
        turned = value_at(op, (exactly(u) + mp.pi,))
        if abs(value) < 1e20 and (turned is None or not close(turned, op.half_turn * exactly(value), 25)):
            yield f"{op.name}({shown((u,))} + pi) is {turned}, not {op.half_turn}*{value}"
    yield from none_usable(op, len(points), "half turn")


def spelling_problems(op: Op) -> Iterator[str]:
    """Every row can be written, and what its other arities mean is a row of that arity."""
    if op.latex is None and op.symbol is None and op.body is None:
        yield f"{op.name}: no LaTeX"
    if op.latex is not None and "{0}" in op.latex:
        try:
            filled = op.latex.format(*[f"A{i}" for i in range(op.arity)])
        except (IndexError, KeyError, ValueError) as error:
            yield f"{op.name}: its LaTeX template {op.latex!r} fails: {error}"
        else:
            if any(f"A{i}" not in filled for i in range(op.arity)):
                yield f"{op.name}: its LaTeX template leaves an argument out"
    for count, other in op.otherwise.items():
        if other not in TABLE or TABLE[other].arity != count:
            yield f"{op.name}: with {count} arguments it should mean {other}, which takes another number"
    if op.smooth is not None and not op.convention and any(_is_kink(op, point) for point in points_of(op)):
        yield f"{op.name}: has kinks or jumps inside its domain and no convention"


def _is_kink(op: Op, point: Point) -> bool:
    return (value_at(op, point) is not None and all(_is_inner(op, point, place) for place in range(op.arity))
            and not holds(op.smooth(*op.template_symbols()[1:]))(op, point))  # type: ignore[misc]


def variadic_problems(op: Op) -> Iterator[str]:
    """More arguments give what the two-argument form gives applied from the left, in floats, exactly and in high precision."""
    if not op.variadic:
        return
    for point in product([Fraction(n, 2) for n in (-3, 0, 1, 4)], repeat=3):
        nested = value_at(op, (value_at(op, point[:2]), point[2]))
        assert op.value is not None and op.exact is not None
        if not close(value_at(op, point), nested, 30) or not close(op.value(*map(float, point)), nested, 14) \
                or not close(exactly(op.exact(*point)), nested, 30):
            yield f"{op.name}({shown(point)}): three arguments are not two and one more"


PROVERS = [float_problems, slope_problems, combined_problems, domain_problems, range_problems, parity_problems, monotone_problems,
           inverse_problems, exact_problems, points_problems, half_turn_problems, spelling_problems, variadic_problems]


def problems(op: Op) -> list[str]:
    return [problem for prover in PROVERS for problem in prover(op)]


@pytest.mark.parametrize("op", [op for op in TABLE.values() if op.name != "undefined"], ids=lambda op: op.name)
def test_every_column_of_the_row_is_true(op: Op) -> None:
    assert problems(op) == []


def test_every_alias_names_a_row_and_hides_none() -> None:
    assert all(name in TABLE for name in ALIASES.values())
    assert not set(ALIASES) & set(TABLE)


def test_undefined_has_no_value_anywhere() -> None:
    row = TABLE["undefined"]
    assert value_at(row, ()) is None
    assert float_at(row, ()) is None


def row(name: str, **changed: Any) -> Op:
    """A row of the table with some columns changed, not entered into the table."""
    return replace(TABLE[name], cache={}, **changed)


def _sin(u: Expr) -> Expr:
    return TABLE["sin"](u)


PLANTED: dict[str, tuple[Op, Callable[[Op], Iterator[str]]]] = {
    "slope of the wrong sign": (row("cos", slopes=lambda y, u: (_sin(u),)), slope_problems),
    "slope without a factor": (row("log2", slopes=lambda y, u: (1 / u,)), slope_problems),
    "slope wrong for negative arguments only": (row("asec", slopes=lambda y, u: (1 / (u * TABLE["sqrt"](u ** 2 - 1)),)), slope_problems),
    "slope of the second argument wrong": (
        row("atan2", slopes=lambda y, u, v: (v / (u ** 2 + v ** 2), u / (u ** 2 + v ** 2))), slope_problems),
    "slopes in the wrong order": (row("div", slopes=lambda y, u, v: (-u / v ** 2, 1 / v)), slope_problems),
    "one slope too few": (row("atan2", slopes=lambda y, u, v: (v / (u ** 2 + v ** 2),)), slope_problems),
    "slope that has no value where there is one": (row("abs", slopes=lambda y, u: (TABLE["sqrt"](u) ** 2 / u,)), slope_problems),
    "a kink kept quiet": (row("relu", smooth=None, convention=""), slope_problems),
    "smooth at no point": (row("sin", smooth=lambda u: u.ne(u)), slope_problems),
    "combined slopes over the wrong divisor": (row("div", combined=lambda y, u, v: ((v, -u), v)), combined_problems),
    "even for odd": (row("sin", parity="even"), parity_problems),
    "odd, but not everywhere": (row("acos", parity="odd"), parity_problems),
    "parity left out": (row("tanh", parity=None), parity_problems),
    "wrong inverse": (row("sin", inverse="acos"), inverse_problems),
    "inverse only on half of the axis": (row("sqrt", inverse="abs"), inverse_problems),
    "left inverse for right inverse": (row("asin", inverse="sin"), inverse_problems),
    "range too small": (row("sin", range=Interval(-0.99, 1)), range_problems),
    "range without an end it reaches": (row("cosh", range=Interval(1, low_open=True)), range_problems),
    "range too large": (row("sigmoid", range=Interval(-1, 1)), range_problems),
    "range left out": (row("exp", range=Interval()), range_problems),
    "domain too wide": (row("ln", domain=lambda u: u >= 0), domain_problems),
    "domain left out": (row("acosh", domain=None), domain_problems),
    "domain too narrow": (row("sqrt", domain=lambda u: u > 0), domain_problems),
    "domain of one argument forgotten": (row("log", domain=lambda u, v: (u > 0).and_(v > 0)), domain_problems),
    "wrong exact value": (row("cos", exact=lambda u: 0 if u == 0 else None), exact_problems),
    "exact value outside the domain": (row("sqrt", exact=lambda u: 0 if u <= 0 else None), exact_problems),
    "exact value that is a float": (row("abs", exact=lambda u: float(abs(u))), exact_problems),
    "wrong special value": (row("atan", points=lambda: {number(1): TABLE["pi"]() / 3}), points_problems),
    "a special value at a pole": (row("tan", points=lambda: {TABLE["pi"]() / 2: number(0)}), points_problems),
    "a pole that is none": (row("sin", points=lambda: {TABLE["pi"]() / 2: undefined}), points_problems),
    "half a turn that is a whole one": (row("cos", half_turn=1), half_turn_problems),
    "increasing for decreasing": (row("acos", monotone="increasing"), monotone_problems),
    "monotone across a pole": (row("tan", monotone="increasing"), monotone_problems),
    "monotone with a flat part": (row("relu", monotone="increasing"), monotone_problems),
    "monotony left out": (row("exp", monotone=None), monotone_problems),
    "float value wrong for negative arguments only": (row("cbrt", value=lambda u: abs(u) ** (1 / 3)), float_problems),
    "float value that cancels": (row("log1p", value=lambda u: math.log(1 + u)), float_problems),
    "float value that overflows": (row("softplus", value=lambda u: math.log1p(math.exp(u))), float_problems),
    "float value that loses nan": (row("relu", value=lambda u: max(0.0, u)), float_problems),
    "precise value of another function": (row("sinh", precise="sin"), float_problems),
    "no LaTeX": (row("sin", latex=None), spelling_problems),
    "LaTeX without its second argument": (row("log", latex=r"\log{0}"), spelling_problems),
    "another arity that means the wrong row": (row("log", otherwise={1: "atan2"}), spelling_problems),
    "a jump without a convention": (row("floor", convention=""), spelling_problems),
    "more arguments than two are forgotten": (row("max", value=lambda *values: max(values[:2])), variadic_problems),
}


@pytest.mark.parametrize("mistake", PLANTED)
def test_a_row_planted_with_a_mistake_is_caught(mistake: str) -> None:
    planted, prover = PLANTED[mistake]
    assert TABLE[planted.name] is not planted
    assert list(prover(planted))


def test_a_prover_that_meets_no_usable_point_says_so() -> None:
    nowhere = row("sin", precise=lambda mp, u: mp.nan)
    assert any("no usable point" in problem for problem in problems(nowhere))
