"""What images modulo a prime tell about a gcd: bounds for its degrees, and a candidate for it (Zippel 1979).

The candidate is rebuilt variable by variable from univariate gcds; its cost follows the number of terms of the answer,
not the product of the degrees. Proof that it is the gcd is left to `gcds`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from symdiff.simplification import residues
from symdiff.simplification.polynomials import Exponents, Polynomial, degree, degrees, height, primitive_part

__all__ = ["degree_bounds", "scaled_gcd"]

# Mersenne primes: one prime beyond the coefficients of the answer replaces the Chinese remainders of many small ones.
_MERSENNE = (61, 127, 521, 1279, 2203, 4423)
_PRIME = (1 << 61) - 1  # of the images that bound degrees

Skeleton = dict[int, dict[Exponents, int]]  # power of the main variable: {exponents of the others so far: residue}


class _Unlucky(Exception):
    """A point or a prime that hides the gcd; another will do."""


@lru_cache(maxsize=128)
def _sample_powers(i: int, top: int) -> tuple[list[int], list[int]]:
    """Powers 0..top of a fixed point for variable i modulo _PRIME, and of its inverse."""
    point = pow(37, 1_000_003 * (i + 1) + 12_345, _PRIME)
    inverse = pow(point, -1, _PRIME)
    return [pow(point, e, _PRIME) for e in range(top + 1)], [pow(inverse, e, _PRIME) for e in range(top + 1)]


def degree_bounds(a: Polynomial, b: Polynomial) -> Exponents:
    """An upper bound for the degree of gcd(a, b) in each variable, exact but for bad luck.

    All variables but one are set to fixed points modulo a prime; where a leading coefficient survives, the degree of
    the gcd of the images cannot be smaller than that of the gcd.

    >>> degree_bounds({(2, 0): 1, (0, 2): -1}, {(1, 0): 1, (0, 2): 1})
    (0, 0)
    """
    top, bottom = degrees(a), degrees(b)
    values_a, values_b = _term_values(a), _term_values(b)
    bounds = []
    for i, (m, n) in enumerate(zip(top, bottom, strict=True)):
        left, right = _image(values_a, i, m), _image(values_b, i, n)
        lucky = len(left) > m or len(right) > n
        bounds.append(len(residues.greatest_common_divisor(left, right, _PRIME)) - 1 if lucky else min(m, n))
    return tuple(bounds)


def _term_values(p: Polynomial) -> list[tuple[Exponents, int]]:
    """Each term's value at the fixed points."""
    values = [(e, c) for e, c in p.items()]
    for i, top in enumerate(degrees(p)):
        table = _sample_powers(i, top)[0]
        values = [(e, c * table[e[i]] % _PRIME) for e, c in values]
    return values


def _image(values: list[tuple[Exponents, int]], i: int, top: int) -> residues.Residues:
    """The univariate image in variable i: its own power is divided out of each term's value."""
    inverses = _sample_powers(i, top)[1]
    image = [0] * (top + 1)
    for e, value in values:
        image[e[i]] += value * inverses[e[i]]
    return residues.reduced(image, _PRIME)


def scaled_gcd(a: Polynomial, b: Polynomial, scale: Polynomial, attempt: int) -> Polynomial | None:
    """A likely multiple, by a factor free of variable 0, of the gcd of a and b; None when this attempt meets bad luck.

    Both must have no content in variable 0, and `scale` is the gcd of their leading coefficients in it. Other attempts
    take other points and larger primes.

    >>> scaled_gcd({(2, 0): 1, (0, 2): -1}, {(2, 0): 1, (1, 1): 2, (0, 2): 1}, {(0, 0): 1}, 0) == {(1, 0): 1, (0, 1): 1}
    True
    """
    bits = height(a).bit_length() + height(b).bit_length() + height(scale).bit_length() + 8
    large = [e for e in _MERSENNE if e > bits] or [_MERSENNE[-1]]
    prime = (1 << large[min(attempt // 2, len(large) - 1)]) - 1
    try:
        return _Reconstruction(a, b, scale, prime, attempt).run()
    except _Unlucky:
        return None


def _points(seed: int, p: int) -> Iterator[int]:
    """A fixed sequence of points without small relations (the linear congruential generator of Knuth's MMIX)."""
    state = 1_000_003 * (seed + 1)
    while True:
        state = (6364136223846793005 * state + 1442695040888963407) % (1 << 64)
        yield (state >> 3) % p


class _Reconstruction:
    """H = scale * g / lead(g) modulo p: its leading coefficient in the main variable 0 is known, so images agree."""

    def __init__(self, a: Polynomial, b: Polynomial, scale: Polynomial, p: int, seed: int) -> None:
        self.a, self.b, self.scale, self.p = a, b, scale, p
        self.points = _points(seed, p)
        self.anchor = [next(self.points) for _ in next(iter(a))]  # of the variables not rebuilt yet; [0] unused
        bounds = degree_bounds(a, b)
        self.main_degree = bounds[0]
        self.tops = [bound + extra for bound, extra in zip(bounds, degrees(scale), strict=True)]

    def run(self) -> Polynomial:
        """Add one variable after another: interpolate each coefficient of the skeleton found so far in the new one."""
        p = self.p
        first = next(self._images(0, 1, self.anchor))
        skeleton: Skeleton = {power: {(): value} for power, value in enumerate(first) if value}
        for j in range(1, len(self.anchor)):
            values = [self.anchor[j]] + [next(self.points) for _ in range(self.tops[j])]
            if len(set(values)) < len(values):
                raise _Unlucky
            layers = [skeleton] + [self._layer(skeleton, j, value) for value in values[1:]]
            skeleton = _interpolated(layers, values, p)
        result = {(power, *e): c if c <= p // 2 else c - p for power, part in skeleton.items() for e, c in part.items()}
        return primitive_part(result)

    def _layer(self, skeleton: Skeleton, j: int, value: int) -> Skeleton:
        """The coefficients on the skeleton with variable j set to another value: one Vandermonde system per power."""
        p = self.p
        base = [1] + [next(self.points) for _ in range(1, j)]
        point = [*base, value, *self.anchor[j + 1 :]]
        count = max(map(len, skeleton.values()))
        images = list(self._images(j, count, point))
        if any(value and power not in skeleton for image in images for power, value in enumerate(image)):
            raise _Unlucky
        layer: Skeleton = {}
        for power, part in skeleton.items():
            nodes = [_monomial(e, base[1:], p) for e in part]
            if len(set(nodes)) < len(nodes):
                raise _Unlucky
            solution = _solve_vandermonde(nodes, [image[power] for image in images], p)
            layer[power] = dict(zip(part, solution, strict=True))
        return layer

    def _images(self, j: int, count: int, point: list[int]) -> Iterator[residues.Residues]:
        """H at main variable free and points point[i]**t for 0 < i < j, t = 1..count, and point[i] for i >= j."""
        p = self.p
        tables = [self._geometric(poly, j, point) for poly in (self.a, self.b, self.scale)]
        for _ in range(count):
            a, b, scale = (_advance(table, p) for table in tables)
            if len(a) <= degree(self.a, 0) or len(b) <= degree(self.b, 0) or not scale:
                raise _Unlucky
            image = residues.greatest_common_divisor(a, b, p)
            if len(image) - 1 != self.main_degree:
                raise _Unlucky
            yield [c * scale[0] % p for c in image]

    def _geometric(self, poly: Polynomial, j: int, point: list[int]) -> list[list[int]]:
        """For each term: [power of the main variable, value before the first step, ratio from step to step]."""
        p = self.p
        fixed = max(j, 1)
        return [
            [e[0], c * _monomial(e[fixed:], point[fixed:], p) % p, _monomial(e[1:fixed], point[1:fixed], p)]
            for e, c in poly.items()
        ]


def _monomial(exponents: Exponents, point: list[int], p: int) -> int:
    result = 1
    for x, e in zip(point, exponents, strict=True):
        if e:
            result = result * pow(x, e, p) % p
    return result


def _advance(table: list[list[int]], p: int) -> residues.Residues:
    """Move every term to the next point of its geometric sequence and sum them by power of the main variable."""
    image = [0] * (max(row[0] for row in table) + 1)
    for row in table:
        row[1] = row[1] * row[2] % p
        image[row[0]] += row[1]
    return residues.reduced(image, p)


def _master(nodes: list[int], p: int) -> residues.Residues:
    result = [1]
    for node in nodes:
        result = residues.multiply(result, [-node % p, 1], p)
    return result


def _solve_vandermonde(nodes: list[int], values: list[int], p: int) -> list[int]:
    """The c with sum(c[i] * nodes[i]**t) = values[t - 1] for t = 1..n, from the first n values."""
    master = _master(nodes, p)
    solution = []
    for node in nodes:
        cofactor = residues.divide(master, [-node % p, 1], p)[0]
        at_node = 0
        for c in reversed(cofactor):
            at_node = (at_node * node + c) % p
        total = sum(c * v for c, v in zip(cofactor, values, strict=False))
        solution.append(total * pow(at_node * node, -1, p) % p)
    return solution


def _interpolated(layers: list[Skeleton], values: list[int], p: int) -> Skeleton:
    """Each coefficient as a polynomial in the next variable, from its residues at the given values (Lagrange)."""
    master = _master(values, p)
    basis = []
    for x in values:
        cofactor = residues.divide(master, [-x % p, 1], p)[0]
        at_x = 0
        for c in reversed(cofactor):
            at_x = (at_x * x + c) % p
        inverse = pow(at_x, -1, p)
        basis.append([c * inverse % p for c in cofactor])
    result: Skeleton = {}
    for power, part in layers[0].items():
        grown: dict[Exponents, int] = {}
        for e in part:
            samples = [layer[power][e] for layer in layers]
            for place in range(len(values)):
                c = sum(s * row[place] for s, row in zip(samples, basis, strict=True)) % p
                if c:
                    grown[(*e, place)] = c
        result[power] = grown
    return result
