"""The field of functions over kernels: what each kernel is, which argument it shares with others, and what it asks of its variables."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import lcm
from typing import Any

from symdiff.checking.kernels import Nowhere, Outside
from symdiff.checking.rational_functions import DEGREE, Quotient, RationalFunctions, leading
from symdiff.expr import Expr

__all__ = ["Field"]

LARGEST_ROOT = 24
MOST_MULTIPLES = 100
"""How often the angle of a kernel, or the exponent, may go into an argument."""
FACTORED_BITS = 64
"""Numbers under a root that are taken apart into primes."""
ALWAYS = "1 1"
"""The sign of what is never negative."""
ROOTS = {2: "sqrt", 3: "cbrt"}


class Field(RationalFunctions):
    """Functions over kernels; each has a slope and perhaps a relation g^q = value.

    scales: for every exponential and angle how finely its argument is divided, found in an earlier pass.
    """

    def __init__(self, room: int, variable: Expr, scales: dict[Any, int]) -> None:
        super().__init__(room)
        self.scales = dict(scales)
        self.asked: dict[Any, str] = {}
        """What has to hold for a value to exist, in words, by a key that is the same for the same condition."""
        self._variable = variable

    def symbol(self, node: Expr) -> Quotient:
        return self.generator(("symbol", node), str(node), lambda: self.number(int(node is self._variable)), None, transcendental=False)

    def atom(self, node: Expr, varies: bool) -> Quotient:
        """A constant of unknown nature; df may use one that f has too, or one of numbers alone."""
        if varies:
            self.asked["atom", node] = f"the value of {node}"
        return self.generator(("atom", node), str(node), lambda: self.number(0), None if varies else ())

    def pi(self) -> Quotient:
        return self.generator("pi", "pi", lambda: self.number(0), (), positive=True)

    def needs(self, what: str, u: Quotient) -> None:
        """Record that the formula has no value where u is negative (or, for positive, 0)."""
        u = self.reduced(u)
        value = self.constant(u)
        if value is None:
            key = self._sign_key(u)
            if key != ALWAYS and not self._sum_of_squares(u) and not self._places(u) <= self._numbers:
                self.asked[what, key] = f"{self._text(u)} {'>' if what == 'positive' else '>='} 0"
        elif value < 0 or (value == 0 and what == "positive"):
            raise Nowhere("a function has no value anywhere")

    def integral(self, name: str, u: Quotient, slope: Callable[[], Quotient], what: str = "", domain: Quotient | None = None) -> Quotient:
        """A kernel name(u) whose slope is slope()*u'."""
        if domain is not None:
            self.needs(what, domain)
        u = self.reduced(u)
        return self.generator((name, self._key(u)), f"{name}({self._text(u)})", lambda: self._chained(slope, u), (u,))

    def _chained(self, slope: Callable[[], Quotient], u: Quotient) -> Quotient:
        """The chain rule; a constant argument asks for no slope, which acosh(1) has not."""
        inner = self.derivation(u)
        return slope() * inner if inner.top else inner

    def integral_of_two(self, name: str, u: Quotient, v: Quotient, slopes: Callable[[], tuple[Quotient, Quotient]]) -> Quotient:
        def slope() -> Quotient:
            by_u, by_v = slopes()
            return by_u * self.derivation(u) + by_v * self.derivation(v)
        u, v = self.reduced(u), self.reduced(v)
        return self.generator((name, self._key(u), self._key(v)), f"{name}({self._text(u)}, {self._text(v)})", slope, (u, v))

    def root(self, u: Quotient, degree: int, what: str = "") -> Quotient:
        """The root of u: of the primes in its content, of what is certainly positive, and of the rest, each a kernel r^degree = value."""
        if degree > LARGEST_ROOT:
            raise Outside(f"a root of degree {degree}")
        u = self.reduced(u)
        if what:
            self.needs(what, u)
        if not u.top:
            return u
        lead = leading(u.top)
        content = abs(Fraction(int(lead.p), int(lead.q)))
        rest = u / self.number(content)
        result = self._root_of_number(content, degree)
        for place in sorted(self._positive & self._places(u)):
            exponent = min(exponents[place] for exponents in rest.top.to_dict()) - min(exponents[place] for exponents in rest.bottom.to_dict())
            generator = Quotient(self, self.context.gen(place), self.one)
            rest = rest / generator ** exponent
            whole, part = divmod(exponent, degree)
            result = result * generator ** whole * (self._root_kernel(generator, degree) ** part if part else 1)
        if degree == 2:
            square, rest = self._square_in(rest)
            result = result * self.absolute(square)
        return result if self.constant(rest) == 1 else result * self._root_kernel(rest, degree)

    def _square_in(self, u: Quotient) -> tuple[Quotient, Quotient]:
        """w and a polynomial v, with u = w^2*v."""
        whole = self.times(u.top, u.bottom)
        square, rest = Quotient(self, self.one, u.bottom), self.one
        constant, factors = self._factors(whole)
        for factor, multiplicity in factors:
            square = square * Quotient(self, factor, self.one) ** (multiplicity // 2)
            rest = self.times(rest, factor) if multiplicity % 2 else rest
        return square, Quotient(self, rest * constant, self.one)

    def absolute(self, u: Quotient) -> Quotient:
        """The product of the absolute values of the factors of u, each a kernel whose square is that of the factor."""
        u = self.reduced(u)
        if not u.top:
            return u
        result = self.number(1)
        for polynomial, inverted in ((u.top, False), (u.bottom, True)):
            constant, factors = self._factors(polynomial)
            part = Quotient(self, self.one * abs(constant), self.one)
            for factor, multiplicity in factors:
                element = Quotient(self, factor, self.one)
                part = part * (element if multiplicity % 2 == 0 else self._absolute_kernel(element)) ** multiplicity
            result = result / part if inverted else result * part
        return result

    def _absolute_kernel(self, u: Quotient) -> Quotient:
        if len(u.top) == 1 and self._places(u) <= self._positive:
            return u
        size = self.generator(("abs", self._key(u)), f"abs({self._text(u)})", lambda: size / u * self.derivation(u), (u,),
                               relation=(2, u ** 2), positive=True)
        return size

    def _root_of_number(self, value: Fraction, degree: int) -> Quotient:
        """The root of p/q is that of p*q^(degree - 1) over q; whole powers of its primes come out."""
        result = self.number(Fraction(1, value.denominator))
        radicand = value.numerator * value.denominator ** (degree - 1)
        if radicand.bit_length() > FACTORED_BITS:
            raise Outside("the root of a long number")
        for prime, exponent in self.flint.fmpz(radicand).factor():
            whole, part = divmod(int(exponent), degree)
            outside = self.number(int(prime) ** whole)
            result = result * outside * (self._root_kernel(self.number(int(prime)), degree) ** part if part else 1)
        return result

    def _root_kernel(self, u: Quotient, degree: int) -> Quotient:
        name = f"{ROOTS.get(degree, f'root {degree} of ')}({self._text(u)})"
        root = self.generator(("root", degree, self._key(u)), name, lambda: root / (degree * u) * self.derivation(u), (u,),
                               relation=(degree, u), positive=degree % 2 == 0)
        return root

    def power(self, u: Quotient, v: Quotient) -> Quotient:
        """u^v with a varying or symbolic exponent: u to the number in v, times a kernel."""
        u, v = self.reduced(u), self.reduced(v)
        shift = self._number_in(v)
        rest = v - self.number(shift)
        name = f"({self._text(u)})^({self._text(rest)})"
        if not self._places(u) <= self._numbers or (self.constant(u) or 0) < 0:
            self.asked["power", self._key(u), self._key(rest), shift.denominator] = f"the value of {name}"

        grows = self.derivation(rest)
        if grows.top:
            self.needs("positive", u)  # where a power with a varying exponent has a derivative

        def slope() -> Quotient:
            by_base = rest * self.derivation(u) / u
            return kernel * (by_base + grows * self.integral("ln", u, lambda: 1 / u) if grows.top else by_base)
        kernel = self.generator(("power", self._key(u), self._key(rest)), name, slope, (u, rest))
        whole, part = divmod(shift, 1)
        return kernel * u ** int(whole) * (self.root(u, part.denominator) ** part.numerator if part else self.number(1))

    def exp(self, u: Quotient) -> Quotient:
        """The product of the exponentials of the terms of u, each a whole power of one kernel."""
        u = self.reduced(u)
        result = self.number(1)
        for exponents, coefficient in u.top.to_dict().items():
            term = self.quotient(self.context.from_dict({exponents: 1}), u.bottom)
            kernel, count = self._scaled("exp", term, Fraction(int(coefficient.p), int(coefficient.q)))
            result = result * kernel[0] ** count
        return result

    def circle(self, u: Quotient) -> tuple[Quotient, Quotient]:
        """sin(u) and cos(u), by whole multiples of one angle."""
        u = self.reduced(u)
        if not u.top:
            return self.number(0), self.number(1)
        lead = leading(u.top)
        (sine, cosine), count = self._scaled("angle", u * self.number(Fraction(int(lead.q), int(lead.p))), Fraction(int(lead.p), int(lead.q)))
        s, c = self.number(0), self.number(1)
        for _ in range(abs(count)):
            s, c = self.reduced(s * cosine + c * sine), self.reduced(c * cosine - s * sine)
        return (s if count > 0 else -s), c

    def _scaled(self, kind: str, unit: Quotient, coefficient: Fraction) -> tuple[tuple[Quotient, ...], int]:
        """The kernels of unit/scale, and how many times it goes into coefficient*unit."""
        mark = kind, self._mark(unit)
        scale = lcm(self.scales.get(mark, 1), coefficient.denominator)
        if abs(coefficient) * scale > MOST_MULTIPLES:  # a kernel by itself: what it shares with others is not seen
            unit, coefficient, scale = unit * self.number(coefficient), Fraction(1), 1
        else:
            self.scales[mark] = scale
        key, count = (kind, self._key(unit)), coefficient * scale
        part = unit * self.number(Fraction(1, scale))
        if kind == "exp":
            kernels: tuple[Quotient, ...] = (self.generator(
                (*key, scale), f"exp({self._text(part)})", lambda: kernels[0] * self.derivation(part), (part,), positive=True),)
        else:
            cosine = self.generator(("cos", *key, scale), f"cos({self._text(part)})",
                                     lambda: -kernels[0] * self.derivation(part), (part,))
            sine = self.generator(("sin", *key, scale), f"sin({self._text(part)})",
                                   lambda: kernels[1] * self.derivation(part), (part,), relation=(2, 1 - cosine ** 2))
            kernels = sine, cosine
        return kernels, int(count)

    def _sign_key(self, u: Quotient) -> str:
        """What has the sign of u: the factors of odd multiplicity, u*v and u/v alike."""
        sign = 1
        odd = []
        for polynomial in (u.top, u.bottom):
            if polynomial.total_degree() > DEGREE:
                raise Outside(f"a polynomial of degree {polynomial.total_degree()}")
            constant, factors = polynomial.factor_squarefree()
            sign *= 1 if constant > 0 else -1
            odd += [factor for factor, multiplicity in factors if multiplicity % 2]
        squarefree = self.one
        for factor in odd:
            squarefree = self.times(squarefree, factor)
        lead = leading(squarefree)
        return f"{sign * (1 if lead > 0 else -1)} {squarefree / lead}"

    def _sum_of_squares(self, u: Quotient) -> bool:
        """Whether all terms are positive by their coefficients and even powers, and so is their sum."""
        return all(coefficient > 0 and all(power % 2 == 0 or place in self._positive for place, power in enumerate(exponents))
                   for polynomial in (u.top, u.bottom) for exponents, coefficient in polynomial.to_dict().items())
