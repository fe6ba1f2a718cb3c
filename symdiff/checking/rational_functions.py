"""Rational functions over generators with relations and slopes, in exact polynomials of python-flint; sizes are bounded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from hashlib import blake2b
from typing import Any

from symdiff.checking.balls import flint_module
from symdiff.checking.kernels import Nowhere, Outside

__all__ = ["DEGREE", "Quotient", "RationalFunctions", "leading"]

TERMS = 3_000
"""Terms of one polynomial."""
WORK = 300_000
"""Products of terms in one multiplication; gcds are left out well before that."""
FACTORED_TERMS, FACTORED_DEGREE = 100, 40
"""Size of a polynomial that is taken apart into irreducible factors; a larger one into powers only."""
DEGREE = 1_000
"""Above it nothing is factored, and no common factor sought."""


class Quotient:
    """An element: two polynomials, the lower one not zero."""

    __slots__ = ("bottom", "field", "top")

    def __init__(self, field: RationalFunctions, top: Any, bottom: Any) -> None:
        self.field, self.top, self.bottom = field, top, bottom

    def __add__(self, other: Quotient | int) -> Quotient:
        field, other = self.field, self.field.lifted(other)
        if self.bottom == other.bottom:
            return field.quotient(self.top + other.top, self.bottom)
        return field.quotient(field.times(self.top, other.bottom) + field.times(other.top, self.bottom),
                              field.times(self.bottom, other.bottom))

    def __neg__(self) -> Quotient:
        return Quotient(self.field, -self.top, self.bottom)

    def __sub__(self, other: Quotient | int) -> Quotient:
        return self + -self.field.lifted(other)

    def __rsub__(self, other: int) -> Quotient:
        return -self + other

    def __mul__(self, other: Quotient | int) -> Quotient:
        field, other = self.field, self.field.lifted(other)
        return field.quotient(field.times(self.top, other.top), field.times(self.bottom, other.bottom))

    def __truediv__(self, other: Quotient | int) -> Quotient:
        other = self.field.lifted(other)
        if not self.field.reduced(other).top:
            raise Nowhere("a divisor is zero everywhere")
        return self * Quotient(self.field, other.bottom, other.top)

    def __rtruediv__(self, other: int) -> Quotient:
        return self.field.lifted(other) / self

    __radd__, __rmul__ = __add__, __mul__

    def __pow__(self, exponent: int) -> Quotient:
        if exponent < 0:
            return 1 / self ** -exponent
        field = self.field
        return Quotient(field, field.raised(self.top, exponent), field.raised(self.bottom, exponent))


class RationalFunctions:
    """The elements and what is done with them; generators are made as they are met, by `generator`."""

    def __init__(self, room: int) -> None:
        self.flint = flint_module()
        self.context = self.flint.fmpq_mpoly_ctx.get([f"g{place}" for place in range(room)], "degrevlex")
        self.one = self.context.from_dict({(0,) * room: 1})
        self.names: list[str] = []
        self.transcendental = 0
        self._room = room
        self._numbers: set[int] = set()
        self._positive: set[int] = set()
        self._marks: list[str] = []
        self._slopes: list[Callable[[], Quotient]] = []
        self._relations: list[tuple[int, int, Quotient]] = []
        self._known: dict[Any, Any] = {}
        self._slope_at: dict[int, Quotient] = {}

    # what elements are made of

    def number(self, value: int | Fraction) -> Quotient:
        constant = self.flint.fmpq(value.numerator, value.denominator)
        return Quotient(self, self.one * constant, self.one)

    def lifted(self, value: Quotient | int) -> Quotient:
        return self.number(value) if isinstance(value, int) else value

    def constant(self, value: Quotient) -> Fraction | None:
        """The rational number an element is."""
        value = self.reduced(value)
        if not (value.top.is_constant() and value.bottom.is_constant()):
            return None
        ratio = leading(value.top) / leading(value.bottom)
        return Fraction(int(ratio.p), int(ratio.q))

    def quotient(self, top: Any, bottom: Any) -> Quotient:
        if not top:
            return Quotient(self, top, self.one)
        if not bottom.is_constant() and len(top) * len(bottom) <= TERMS and bottom.total_degree() <= DEGREE:
            common = top.gcd(bottom)
            if not common.is_constant():
                top, bottom = top / common, bottom / common
        lead = leading(bottom)
        return Quotient(self, top / lead, bottom / lead) if lead != 1 else Quotient(self, top, bottom)

    def times(self, a: Any, b: Any) -> Any:
        if len(a) * len(b) > WORK:
            raise Outside(f"polynomials of {len(a)} and {len(b)} terms")
        result = a * b
        if len(result) > TERMS:
            raise Outside(f"a polynomial of {len(result)} terms")
        return result

    def raised(self, polynomial: Any, exponent: int) -> Any:
        if len(polynomial) <= 1:
            return polynomial ** exponent
        result, square = self.one, polynomial
        while exponent:
            if exponent & 1:
                result = self.times(result, square)
            exponent >>= 1
            square = self.times(square, square) if exponent else square
        return result

    def generator(self, key: Any, name: str, slope: Callable[[], Quotient], of: Sequence[Quotient] | None,
                   relation: tuple[int, Quotient] | None = None, positive: bool = False, transcendental: bool = True) -> Quotient:
        """The generator of that key; `of`: what it is a function of, nothing for a number, None for what varies by itself."""
        if key not in self._known:
            place = len(self.names)
            if place >= self._room:
                raise Outside(f"more than {self._room} kernels")
            self.names.append(name)
            self._marks.append(blake2b(repr([key[0], *(self._mark(part) for part in of)] if of else name).encode(), digest_size=16).hexdigest())
            self.transcendental += transcendental
            self._slopes.append(slope)
            if relation is not None:
                self._relations.append((place, *relation))
            if positive:
                self._positive.add(place)
            self._known[key] = Quotient(self, self.context.gen(place), self.one)
            if of is not None and all(self._places(part) <= self._numbers for part in of):
                self._numbers.add(place)
        known: Quotient = self._known[key]
        return known

    # what is done with them

    def derivation(self, element: Quotient) -> Quotient:
        """The slope of an element: the sum over the generators of its partial derivative times their slope."""
        total = self.number(0)
        bottom = Quotient(self, element.bottom, self.one)
        for place in range(len(self.names)):
            by_top, by_bottom = element.top.derivative(place), element.bottom.derivative(place)
            if by_top or by_bottom:
                if place not in self._slope_at:
                    self._slope_at[place] = self._slopes[place]()
                slope = self._slope_at[place]
                if slope.top:
                    part = self.quotient(by_top, element.bottom) - element * self.quotient(by_bottom, self.one) / bottom
                    total = total + part * slope
        return self.reduced(total)

    def value(self, element: Quotient, values: Sequence[Fraction]) -> Fraction | None:
        """The element's value for these values of its generators, None where its divisor is zero."""
        point = [self.flint.fmpq(v.numerator, v.denominator) for v in values] + [self.flint.fmpq(0)] * (self._room - len(values))
        top, bottom = element.top(*point), element.bottom(*point)
        return None if bottom == 0 else Fraction(int((top / bottom).p), int((top / bottom).q))

    def reduced(self, element: Quotient) -> Quotient:
        """The same element with every power of a generator below the degree of its relation."""
        for place, degree, value in reversed(self._relations):
            if max(element.top.degrees()[place], element.bottom.degrees()[place]) >= degree:
                bottom = self._replaced(element.bottom, place, degree, value)
                if not bottom.top:
                    raise Nowhere("a divisor is zero by the relations of its kernels")
                element = self._replaced(element.top, place, degree, value) / bottom
        return element

    def _replaced(self, polynomial: Any, place: int, degree: int, value: Quotient) -> Quotient:
        parts: dict[int, dict[tuple[int, ...], Any]] = {}
        for exponents, coefficient in polynomial.to_dict().items():
            count, left = divmod(exponents[place], degree)
            parts.setdefault(count, {})[(*exponents[:place], left, *exponents[place + 1:])] = coefficient
        total = self.number(0)
        for count, terms in parts.items():
            total = total + Quotient(self, self.context.from_dict(terms), self.one) * value ** count
        return total

    def _factors(self, polynomial: Any) -> tuple[Any, list[tuple[Any, int]]]:
        """A rational constant and factors with their multiplicities, their leading coefficients positive and by themselves 1."""
        degree = polynomial.total_degree()
        if degree > DEGREE:
            raise Outside(f"a polynomial of degree {degree}")
        simple = len(polynomial) <= FACTORED_TERMS and degree <= FACTORED_DEGREE
        constant, factors = polynomial.factor() if simple else polynomial.factor_squarefree()
        found = []
        for factor, multiplicity in factors:
            lead = leading(factor)
            constant *= lead ** int(multiplicity)
            found.append((factor / lead, int(multiplicity)))
        return constant, found

    def _places(self, element: Quotient) -> set[int]:
        """The generators an element is built of."""
        degrees = zip(element.top.degrees(), element.bottom.degrees())
        return {place for place, (above, below) in enumerate(degrees) if above or below}

    def _key(self, element: Quotient) -> tuple[str, str]:
        return str(element.top), str(element.bottom)

    def _mark(self, element: Quotient) -> str:
        """A name for an element that does not depend on the order in which kernels were met."""
        parts = [sorted(f"{coefficient}" + "".join(sorted(f" {self._marks[place]}^{power}" for place, power in enumerate(exponents) if power))
                        for exponents, coefficient in polynomial.to_dict().items()) for polynomial in (element.top, element.bottom)]
        return blake2b(repr(parts).encode(), digest_size=16).hexdigest()

    def _text(self, element: Quotient) -> str:
        """The element by the names of its generators, shortened where it is long."""
        top, bottom = self._named(element.top), self._named(element.bottom)
        text = top if bottom == "1" else f"({top})/({bottom})"
        return text if len(text) <= 60 else f"{text[:57]}..."

    def _named(self, polynomial: Any) -> str:
        terms = []
        for exponents, coefficient in polynomial.to_dict().items():
            factors = [self.names[place] + (f"^{power}" if power > 1 else "") for place, power in enumerate(exponents) if power]
            number = [] if coefficient == 1 and factors else [f"{coefficient}"]
            terms.append("*".join(number + factors).replace("-1*", "-"))
        return " + ".join(terms).replace("+ -", "- ") or "0"

    def _number_in(self, v: Quotient) -> Fraction:
        """The constant term of an exponent that is a polynomial."""
        if not v.bottom.is_constant():
            return Fraction(0)
        constant = v.top.to_dict().get((0,) * self._room, self.flint.fmpq(0)) / leading(v.bottom)
        return Fraction(int(constant.p), int(constant.q))


def leading(polynomial: Any) -> Any:
    return polynomial.leading_coefficient()
