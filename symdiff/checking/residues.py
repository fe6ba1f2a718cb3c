"""Equality at random points of a prime field: f' and a formula as rational functions over kernels, their values modulo 2^61 - 1.

Slopes go along with values as dual numbers, degrees with both: a rational function of degree d that is not zero is zero at a random
point with probability d/p at most (Schwartz and Zippel), whatever its coefficients modulo p.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Any

from symdiff.checking.balls import Balls
from symdiff.checking.kernels import Outside, elements
from symdiff.expr import Expr

__all__ = ["MODULUS", "Probability", "random_equality"]

MODULUS = 2 ** 61 - 1
"""A prime, and 3 modulo 4: the square root of a square u is u^((p + 1)/4)."""
PARTS = 12
"""Kernels are powers of the exponential of a twelfth of the argument, so that exp(x/2), exp(x/3) and exp(2*x) are of one kernel."""
MULTIPLES = 8 * PARTS
LARGEST_DEGREE = 1 << 40
"""Above it the bound would say too little."""
LARGEST_NUMBER = 1 << 50
ROOTS = 6
TRIES = 60


@dataclass(frozen=True, slots=True)
class Probability:
    """equal: at all points.  bound: the chance at most that so many random points agree though the functions differ."""

    equal: bool
    points: int
    degree: int
    bound: float


def random_equality(function: Balls, slope: Balls, variable: Expr, points: int, seed: int) -> Probability:
    """Whether f' and df agree at random points.  Raises Outside where a function has no kernels, or no point has all its roots."""
    random = Random(seed)
    degree, bound = 0, 1.0
    for _ in range(points):
        field, f, df = _at_a_point(function, slope, variable, random)
        difference = f.slope - df.value
        degree = max(f.slope.degree + df.value.degree, 1) * 2 ** field.roots
        kernels = len(field.known)
        bound *= min(1.0, degree * (1 + kernels * MULTIPLES) * 2.0 ** field.roots / MODULUS)
        if difference.value:
            return Probability(False, points, degree, bound)
    return Probability(True, points, degree, bound)


def _at_a_point(function: Balls, slope: Balls, variable: Expr, random: Random) -> tuple[_Field, Any, Any]:
    for _ in range(TRIES):
        field = _Field(variable, random)
        try:
            return field, elements(field, function, variable), elements(field, slope, variable)
        except _NoRoot:
            continue
    raise Outside("roots that few points of a prime field have")


class _NoRoot(Exception):
    """The random point makes a radicand no square; another may not."""


class _Residue:
    """A number modulo p, value of a rational function of at most that degree."""

    __slots__ = ("degree", "value")

    def __init__(self, value: int, degree: int) -> None:
        self.value, self.degree = value % MODULUS, degree
        if degree > LARGEST_DEGREE:
            raise Outside("a degree too large for a prime field")

    def __add__(self, other: _Residue) -> _Residue:
        return _Residue(self.value + other.value, self.degree + other.degree)

    def __sub__(self, other: _Residue) -> _Residue:
        return _Residue(self.value - other.value, self.degree + other.degree)

    def __mul__(self, other: _Residue) -> _Residue:
        return _Residue(self.value * other.value, self.degree + other.degree)

    def __truediv__(self, other: _Residue) -> _Residue:
        if not other.value:
            raise Outside("a divisor is zero at a random point")
        return _Residue(self.value * pow(other.value, -1, MODULUS), self.degree + other.degree)

    def __pow__(self, exponent: int) -> _Residue:
        if exponent < 0 and not self.value:
            raise Outside("a divisor is zero at a random point")
        return _Residue(pow(self.value, exponent, MODULUS), self.degree * abs(exponent))


NOTHING, ONE = _Residue(0, 0), _Residue(1, 0)


class _Dual:
    """A value with its slope."""

    __slots__ = ("slope", "value")

    def __init__(self, value: _Residue, slope: _Residue = NOTHING) -> None:
        self.value, self.slope = value, slope

    def __add__(self, other: _Dual | int) -> _Dual:
        other = _lifted(other)
        return _Dual(self.value + other.value, self.slope + other.slope)

    def __neg__(self) -> _Dual:
        return _Dual(NOTHING - self.value, NOTHING - self.slope)

    def __sub__(self, other: _Dual | int) -> _Dual:
        return self + -_lifted(other)

    def __rsub__(self, other: int) -> _Dual:
        return -self + other

    def __mul__(self, other: _Dual | int) -> _Dual:
        other = _lifted(other)
        return _Dual(self.value * other.value, self.slope * other.value + self.value * other.slope)

    def __truediv__(self, other: _Dual | int) -> _Dual:
        other = _lifted(other)
        value = self.value / other.value
        return _Dual(value, (self.slope - value * other.slope) / other.value)

    def __rtruediv__(self, other: int) -> _Dual:
        return _lifted(other) / self

    __radd__, __rmul__ = __add__, __mul__

    def __pow__(self, exponent: int) -> _Dual:
        if not exponent:
            return _Dual(ONE)
        return _Dual(self.value ** exponent, _Residue(exponent, 0) * self.value ** (exponent - 1) * self.slope)


def _lifted(value: _Dual | int) -> _Dual:
    return _Dual(_Residue(value, 0)) if isinstance(value, int) else value


class _Field:
    """One random point: every symbol and kernel has a random value, the same for the same argument."""

    def __init__(self, variable: Expr, random: Random) -> None:
        self.variable, self.random = variable, random
        self.known: dict[Any, _Residue] = {}
        self._angles: dict[tuple[str, int], tuple[_Dual, int]] = {}
        self._bases: dict[tuple[str, int], Any] = {}
        self.roots = 0

    def number(self, value: int | Fraction) -> _Dual:
        if max(abs(value.numerator), value.denominator) > LARGEST_NUMBER:
            raise Outside("a number so large that the modulus could hide it")
        return _Dual(_Residue(value.numerator * pow(value.denominator, -1, MODULUS), 0))

    def constant(self, value: _Dual) -> Fraction | None:
        """Small numbers are told by their residues; what has a degree is no constant."""
        if value.value.degree:
            return None
        for bottom in (1, 2, 3, 4, 5, 6, 10, 100, 1000):
            top = value.value.value * bottom % MODULUS
            top -= MODULUS if top > MODULUS // 2 else 0
            if abs(top) < 1 << 20:
                return Fraction(top, bottom)
        raise Outside("an exponent that is no small number")

    def symbol(self, node: Expr) -> _Dual:
        return _Dual(self._drawn(node), ONE if node is self.variable else NOTHING)

    def atom(self, node: Expr, varies: bool) -> _Dual:
        return _Dual(self._drawn(node))

    def pi(self) -> _Dual:
        return _Dual(self._drawn("pi"))

    def needs(self, what: str, u: _Dual) -> None:
        """Domains are no matter of a prime field; who calls looks at them otherwise."""

    def integral(self, name: str, u: _Dual, slope: Callable[[], _Dual], what: str = "", domain: _Dual | None = None) -> _Dual:
        return _Dual(self._drawn((name, u.value.value)), slope().value * u.slope)

    def integral_of_two(self, name: str, u: _Dual, v: _Dual, slopes: Callable[[], tuple[_Dual, _Dual]]) -> _Dual:
        by_u, by_v = slopes()
        return _Dual(self._drawn((name, u.value.value, v.value.value)), by_u.value * u.slope + by_v.value * v.slope)

    def root(self, u: _Dual, degree: int, what: str = "") -> _Dual:
        if degree != 2:
            raise Outside("a root in a prime field that is no square root")
        key = "root", u.value.value
        if key not in self.known:
            root = pow(u.value.value, (MODULUS + 1) // 4, MODULUS)
            if root * root % MODULUS != u.value.value:
                raise _NoRoot
            self.roots += 1
            if self.roots > ROOTS:
                raise Outside(f"more than {ROOTS} roots")
            self.known[key] = _Residue(root if self.random.random() < 0.5 else -root, u.value.degree)
        root_of_u = self.known[key]
        return _Dual(root_of_u, u.slope / (_Residue(2, 0) * root_of_u))

    def absolute(self, u: _Dual) -> _Dual:
        raise Outside("an absolute value in a prime field")

    def power(self, u: _Dual, v: _Dual) -> _Dual:
        raise Outside("a power with a varying exponent in a prime field")

    def exp(self, u: _Dual) -> _Dual:
        base, count = self._part("exp", u)
        value = base ** count
        return _Dual(value, value * u.slope)

    def circle(self, u: _Dual) -> tuple[_Dual, _Dual]:
        """sin and cos of a multiple of a random angle, itself by its half's tangent t: sin = 2t/(1 + t^2), cos = (1 - t^2)/(1 + t^2)."""
        t, count = self._part("angle", u)
        s0, c0 = _Residue(2, 0) * t / (ONE + t * t), (ONE - t * t) / (ONE + t * t)
        s, c = NOTHING, ONE
        for _ in range(abs(count)):
            s, c = s * c0 + c * s0, c * c0 - s * s0
        if count < 0:
            s = NOTHING - s
        return _Dual(s, c * u.slope), _Dual(c, NOTHING - s * u.slope)

    def _part(self, kind: str, u: _Dual) -> tuple[_Residue, int]:
        """The random value for the twelfth of u, or of an argument met before of which u is a multiple, and how many of them."""
        value = u.value.value
        if not value:
            return ONE, 0
        if (kind, value) not in self._bases:
            part = value * pow(PARTS, -1, MODULUS)
            drawn = self._drawn((kind, value))
            for count in range(-MULTIPLES, MULTIPLES + 1):
                self._bases.setdefault((kind, part * count % MODULUS), (drawn, count))
        found: tuple[_Residue, int] = self._bases[kind, value]
        return found

    def _drawn(self, key: Any) -> _Residue:
        if key not in self.known:
            self.known[key] = _Residue(self.random.randrange(2, MODULUS - 2), 1)
        return self.known[key]
