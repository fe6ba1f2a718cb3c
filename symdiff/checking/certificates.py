"""certify: the strongest that can be shown of a derivative, by exact arithmetic, enclosures and sampling, and how each was tried.

Every witness works by itself and none knows the library's rules of differentiation; a refutation by any of them is the verdict.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import islice, product
from random import Random
from typing import Any

from symdiff.checking.balls import Balls, as_ball, working
from symdiff.checking.differences import check, looks_rounded, read_formulas
from symdiff.checking.enclosures import BITS, ORDER, Enclosure, Pair, Splitter
from symdiff.checking.identity import exact_difference
from symdiff.checking.kernels import Nowhere, Outside
from symdiff.checking.residues import random_equality
from symdiff.checking.sampling import Interval, drawn_points
from symdiff.checking.verdict import Verdict
from symdiff.errors import MissingDependency, UsageError
from symdiff.evaluator import exact_number
from symdiff.expr import Expr, Real
from symdiff.walk import free_symbols

__all__ = ["certify"]

EPS = 1e-9
BOXES, BOXES_ASKED = 1_500, 20_000
"""Boxes on an interval that certify chose, and on one that was asked for."""
WORK = 200_000
"""Series of nodes computed for boxes at most (some microseconds each), ten times as many where the interval was asked for."""
FEWEST = 30
"""Boxes below which nothing is begun."""
TRIED_AGAIN = 1
"""Intervals split in vain after which no further one is chosen."""
REGIONS = (("1/2", "3"), ("1/10", "9/10"), ("6/5", "5"), ("-3", "-1/2"), ("-9/10", "-1/10"), ("1/100", "1/20"), ("20", "21"))
TRIES = 40
"""Regions looked at before giving up, most of them left at once for want of a value."""
EXACT_DIGITS = 1_200
"""Of an exact value in a verdict."""
POINTS = 3
"""Random points modulo the prime."""
WITNESSED = 20
"""Points that the second witness of a sampled verdict looks at."""


def certify(f: Expr | Real | str, df: Expr | Real | str, x: Expr | str | None = None, *, on: Any = None, eps: float = EPS,
            points: int = 12, digits: int = 25, seed: int = 0) -> Verdict:
    """The strongest verdict on df as the derivative of f by x: identity, enclosed, probable or sampled; refuted; or unknown.

    f, df: expressions or text, real, their decimals exact.  x: the variable; by default the only one there is.
    on: where to enclose, (low, high) for x, or a mapping of variables to (low, high) or to a number; by default an interval of the domain
    with the other variables at random values, which the verdict tells.  Sampling then stays there too.
    eps: how far df may be off when enclosed, relative to the derivative.  points, digits, seed: of the sampling, see `check`.

    The witnesses: exact polynomials over kernels (identity; also asks that df needs no more of its variables than f); Taylor models of
    order 6 in balls, by bisection (enclosed); values modulo 2^61 - 1, where polynomials grow too large (probable); difference quotients
    in high precision, always (sampled).  A formula with decimals that look rounded is enclosed or sampled only.
    Without python-flint the verdict is sampled and says what was not tried.  Raises UsageError as `check` does; MissingDependency without
    mpmath.

    >>> print(certify("x^2*sin(x)", "2x*sin(x) + x^2*cos(x)"))
    identity: exactly equal as rational functions of x, cos(x), sin(x); sampled: agreed at 24 points to 25 digits (seed 0)
    >>> verdict = certify("floor(x)", "0", on=(0.5, 2.5))
    >>> verdict.kind, verdict.on, len(verdict.gaps)
    ('enclosed', {'x': (0.5, 2.5)}, 2)
    """
    if not 0 < eps < 1:
        raise UsageError(f"eps is a small positive number such as 1e-9, not {eps!r}")
    function, slope, variable = read_formulas(f, df, x)
    region = _Region.read(on, variable, free_symbols(variable, function, slope))
    sampled = check(function, slope, variable, points=points, digits=digits, seed=seed, domain=region.intervals() if region else None)
    try:
        with working(BITS, ORDER + 2):
            pass
    except MissingDependency as error:
        return sampled if sampled.kind == "refuted" else _remarked(sampled, f"identity and enclosure not tried: {error}")
    return _Case(function, slope, variable, eps, digits, seed, region).verdict(sampled)


@dataclass(frozen=True, slots=True)
class _Region:
    """Where x runs, and the interval or the value of every other variable."""

    low: Fraction
    high: Fraction
    others: dict[Expr, tuple[Fraction, Fraction]]
    variable: Expr

    @classmethod
    def read(cls, on: Any, variable: Expr, symbols: list[Expr]) -> _Region | None:
        if on is None:
            return None
        given = {str(key): value for key, value in on.items()} if isinstance(on, Mapping) else {str(variable): on}
        known = {str(symbol): symbol for symbol in symbols}
        for name in given:
            if name not in known:
                raise UsageError(f"'on' speaks of {name}, which the formulas do not have")
        missing = [name for name in known if name not in given]
        if missing:
            raise UsageError(f"say where {missing[0]} is to be: on={{'{variable}': (low, high), '{missing[0]}': a value or (low, high)}}")
        bounds = {known[name]: _bounds(name, value) for name, value in given.items()}
        low, high = bounds.pop(variable)
        if low == high:
            raise UsageError(f"the interval of {variable} is a single point")
        return cls(low, high, bounds, variable)

    def intervals(self) -> dict[Expr, Interval]:
        """For sampling, which wants no single points."""
        return {symbol: (float(low), float(high) if low < high else float(low) + 1e-3 * max(1.0, abs(float(low))))
                for symbol, (low, high) in ((self.variable, (self.low, self.high)), *self.others.items())}


def _bounds(name: str, value: Any) -> tuple[Fraction, Fraction]:
    try:
        low, high = value if isinstance(value, tuple | list) else (value, value)
        bounds = Fraction(exact_number(low)), Fraction(exact_number(high))
    except (TypeError, ValueError, OverflowError):
        raise UsageError(f"where {name} is to be is (low, high) or a number, not {value!r}") from None
    if bounds[0] > bounds[1]:
        raise UsageError(f"the interval of {name} is empty: {low} to {high}")
    return bounds


class _Case:
    """One function and one formula, with what was tried and did not work."""

    def __init__(self, function: Expr, slope: Expr, variable: Expr, eps: float, digits: int, seed: int, region: _Region | None) -> None:
        self.function, self.slope = Balls(function), Balls(slope)
        self.variable, self.eps, self.digits, self.seed, self.region = variable, eps, digits, seed, region
        self.others = [symbol for symbol in free_symbols(function, slope) if symbol is not variable]
        self.rounded = looks_rounded(function, slope)
        self.tried: list[str] = []

    def verdict(self, sampled: Verdict) -> Verdict:
        if sampled.kind == "refuted":
            return self._confirmed(sampled)
        for witness in (self._identity, self._enclosed, self._probable, self._witnessed):
            verdict = witness(sampled)
            if verdict is not None:
                return verdict
        return _remarked(sampled, *self.tried)

    # exact

    def _identity(self, sampled: Verdict) -> Verdict | None:
        if self.rounded:
            self.tried.append("no identity: decimals look rounded")
            return None
        try:
            shown = exact_difference(self.function, self.slope, self.variable)
        except Nowhere as reason:
            return Verdict(kind="unknown", seed=self.seed, reason=f"f or the formula has no value at all: {reason}")
        except Outside as reason:
            self.tried.append(f"no identity: {reason}")
            return None
        if shown.holds and not shown.extra:
            if sampled.ok:
                return replace(sampled, kind="identity", kernels=tuple(shown.kernels))
            self.tried.append("equal as rational functions, but no point of agreement was found")
            return None
        if shown.holds:
            self.tried.append(f"equal as rational functions, but the formula asks more than f: {', '.join(sorted(shown.extra)[:3])}")
            return None
        if (differs := shown.counterexample()) is not None:
            point, expected, found = differs
            return Verdict(kind="refuted", seed=self.seed, digits=self.digits, expected=_decimal(expected), found=_decimal(found),
                           point={name: float(value) for name, value in point.items()}, reason="exact values")
        self.tried.append("no identity: not equal as functions of independent kernels")
        return None

    def _probable(self, sampled: Verdict) -> Verdict | None:
        if self.rounded or not sampled.ok:
            return None
        try:
            shown = random_equality(self.function, self.slope, self.variable, POINTS, self.seed)
        except Outside as reason:
            self.tried.append(f"not modulo a prime: {reason}")
            return None
        return replace(sampled, kind="probable", bound=shown.bound, reason="; ".join(self.tried)) if shown.equal else None

    # enclosures

    def _enclosed(self, sampled: Verdict) -> Verdict | None:
        refused = sorted({*self.function.refused, *self.slope.refused})
        if refused:
            self.tried.append(f"not enclosed: no balls for {', '.join(refused)}")
            return None
        reason, vain = "no interval of the domain was found", 0
        size = 2 * (self.function.size + self.slope.size)
        budget = min(BOXES_ASKED, 10 * WORK // size) if self.region else min(BOXES, WORK // size)
        if budget < FEWEST:
            self.tried.append("not enclosed: too large for that")
            return None
        with working(BITS, ORDER + 2) as flint:
            for region in islice(self._regions(), TRIES):
                splitter = self._splitter(flint, region)
                found = splitter.enclosed(region.low, region.high, self.eps, budget)
                if found.differs is not None:
                    return self._refuted(splitter.at(found.differs), self._point(region, found.differs))
                if found.bound is not None:
                    return self._certificate(sampled, region, found)
                reason = found.reason if found.boxes or self.region else reason
                vain += found.boxes > 0
                if vain > TRIED_AGAIN:
                    break
        self.tried.append(f"not enclosed: {reason}")
        return None

    def _regions(self) -> Iterator[_Region]:
        """The region asked for, or intervals of x with the others at moderate values, from a new draw each round."""
        if self.region is not None:
            yield self.region
            return
        random = Random(self.seed)
        for _, (low, high) in product(range(TRIES), REGIONS):
            values = [Fraction(random.randrange(30, 300), 100) for _ in self.others]
            yield _Region(Fraction(low), Fraction(high), {other: (v, v) for other, v in zip(self.others, values)}, self.variable)

    def _splitter(self, flint: Any, region: _Region) -> Splitter:
        return Splitter(flint, self.function, self.slope, self.variable,
                        {other: flint.arb_series([_interval(flint, *bounds)]) for other, bounds in region.others.items()}, self.rounded)

    def _certificate(self, sampled: Verdict, region: _Region, found: Enclosure) -> Verdict:
        spread = {self.variable: (region.low, region.high), **{other: bounds for other, bounds in region.others.items() if bounds[0] < bounds[1]}}
        return replace(
            sampled, kind="enclosed", bound=found.bound, scale=found.scale, gaps=found.gaps,
            reason="; ".join(filter(None, (sampled.reason, *self.tried))),
            on={str(symbol): (float(low), float(high)) for symbol, (low, high) in spread.items()},
            at={str(other): float(low) for other, (low, high) in region.others.items() if low == high})

    def _point(self, region: _Region, value: Fraction) -> dict[str, float]:
        return {str(self.variable): float(value), **{str(other): float((low + high) / 2) for other, (low, high) in region.others.items()}}

    def _refuted(self, pair: Pair, point: Mapping[str, float]) -> Verdict:
        return Verdict(kind="refuted", seed=self.seed, digits=self.digits, point=point, expected=self._middle(pair.derivative),
                       found=self._middle(pair.formula), reason="the enclosures of both are disjoint")

    def _middle(self, ball: Any) -> Decimal:
        return Decimal(ball.mid().str(self.digits + 3, radius=False))

    # points

    def _witnessed(self, sampled: Verdict) -> Verdict | None:
        """A sampled verdict wants a second witness: Taylor arithmetic in balls at points of the same kind."""
        if not sampled.ok:
            return None
        agreed = 0
        with working(BITS, 2) as flint:
            for point in islice(drawn_points(self.variable, self.others, self.region.intervals() if self.region else {}, self.seed), 4 * WITNESSED):
                pair = self._at(flint, point)
                if pair.differ and not self.rounded:
                    return self._refuted(pair, {str(symbol): value for symbol, value in point.items()})
                agreed += pair.derivative is not None and pair.formula is not None and self._close(flint, pair)
        witness = f"by Taylor arithmetic in balls at {agreed} points" if agreed else "by no second witness"
        return replace(sampled, reason="; ".join(filter(None, (witness, sampled.reason, *self.tried))))

    def _close(self, flint: Any, pair: Pair) -> bool:
        """Whether all of one enclosure is near all of the other."""
        allowed = flint.arb(10) ** -min(self.digits, 13 if self.rounded else self.digits) * abs(pair.derivative).max(flint.arb(10) ** -30)
        return bool(abs(pair.derivative - pair.formula) < allowed)

    def _at(self, flint: Any, point: Mapping[Expr, float]) -> Pair:
        exact = {symbol: Fraction(exact_number(value)) for symbol, value in point.items()}
        others = {other: flint.arb_series([as_ball(flint, exact[other])]) for other in self.others}
        return Splitter(flint, self.function, self.slope, self.variable, others).value(exact[self.variable])

    def _confirmed(self, sampled: Verdict) -> Verdict:
        """A refutation by sampling, looked at rigorously at its point."""
        if sampled.found is None or self.rounded:
            return sampled
        point = {symbol: sampled.point[str(symbol)] for symbol in (self.variable, *self.others)}
        with working(BITS, 2) as flint:
            return replace(sampled, reason="the enclosures of both are disjoint") if self._at(flint, point).differ else sampled


def _interval(flint: Any, low: Fraction, high: Fraction) -> Any:
    return as_ball(flint, low).union(as_ball(flint, high))


def _decimal(value: Fraction) -> Decimal:
    with localcontext(prec=EXACT_DIGITS):
        return Decimal(value.numerator) / Decimal(value.denominator)


def _remarked(sampled: Verdict, *remarks: str) -> Verdict:
    return replace(sampled, reason="; ".join(filter(None, (sampled.reason, *remarks))))
