"""Dense univariate polynomials modulo an integer, as lists from the constant term up: gcd, Berlekamp, Hensel lifting.

The zero polynomial is `[]` and a last entry is never 0. What these residues say about polynomials over the integers is
decided by their callers in `gcds` and `factoring`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

__all__ = [
    "Residues", "berlekamp", "fixed_by_frobenius", "greatest_common_divisor", "is_square_free", "lift", "make_monic",
    "multiply", "reduced",
]

Residues = list[int]
_Lifted = tuple[Residues, Residues, Residues, Residues]  # g, h, s, t with a = g*h and s*g + t*h = 1


def reduced(coefficients: Sequence[int], m: int) -> Residues:
    """The residues mod m in 0..m-1, without leading zeros.

    >>> reduced([7, -1, 5], 5)
    [2, 4]
    """
    result = [c % m for c in coefficients]
    while result and not result[-1]:
        result.pop()
    return result


def subtract(a: Residues, b: Residues, m: int) -> Residues:
    """a - b mod m.

    >>> subtract([1, 2], [3, 2], 5)
    [3]
    """
    return reduced([x - y for x, y in zip_longest(a, b, fillvalue=0)], m)


def multiply(a: Residues, b: Residues, m: int) -> Residues:
    """a * b mod m.

    >>> multiply([1, 1], [4, 1], 5)
    [4, 0, 1]
    """
    if not a or not b:
        return []
    result = [0] * (len(a) + len(b) - 1)
    for i, x in enumerate(a):
        if x:
            for j, y in enumerate(b, i):
                result[j] += x * y
    return reduced(result, m)


def divide(a: Residues, b: Residues, m: int) -> tuple[Residues, Residues]:
    """(quotient, remainder) of a by b mod m; the leading coefficient of b must be a unit mod m.

    >>> divide([4, 0, 1], [1, 1], 5)
    ([4, 1], [])
    """
    size = len(b)
    inverse = 1 if b[-1] == 1 else pow(b[-1], -1, m)
    rest = list(a)
    quotient = [0] * max(len(a) - size + 1, 0)
    for i in range(len(a) - size, -1, -1):
        factor = rest.pop() * inverse % m
        quotient[i] = factor
        if factor:
            for j in range(size - 1):
                rest[i + j] = (rest[i + j] - factor * b[j]) % m
    return quotient, reduced(rest, m)


def make_monic(a: Residues, p: int) -> Residues:
    """a divided by its leading coefficient, modulo a prime.

    >>> make_monic([1, 2], 5)
    [3, 1]
    """
    if not a or a[-1] == 1:
        return a
    inverse = pow(a[-1], -1, p)
    return [c * inverse % p for c in a]


def greatest_common_divisor(a: Residues, b: Residues, p: int) -> Residues:
    """The monic gcd modulo a prime.

    >>> greatest_common_divisor([4, 0, 1], [1, 2, 1], 5)
    [1, 1]
    """
    while b:
        a, b = b, divide(a, b, p)[1]
    return make_monic(a, p)


def _bezout(a: Residues, b: Residues, p: int) -> tuple[Residues, Residues]:
    """(s, t) with s*a + t*b = 1 for coprime a, b modulo a prime; deg s < deg b and deg t < deg a."""
    r, s, next_r = a, [1], b
    next_s: Residues = []
    while next_r:
        quotient, rest = divide(r, next_r, p)
        r, s, next_r, next_s = next_r, next_s, rest, subtract(s, multiply(quotient, next_s, p), p)
    inverse = pow(r[0], -1, p)
    s = divide([c * inverse % p for c in s], b, p)[1]
    return s, divide(subtract([1], multiply(s, a, p), p), b, p)[0]


def is_square_free(a: Residues, p: int) -> bool:
    """True when no square of a nonconstant polynomial divides a modulo a prime.

    >>> is_square_free([1, 2, 1], 5), is_square_free([4, 0, 1], 5)
    (False, True)
    """
    slope = reduced([i * c for i, c in enumerate(a)][1:], p)
    return len(greatest_common_divisor(a, slope, p)) == 1


def berlekamp(a: Residues, basis: list[Residues], p: int) -> list[Residues]:
    """The monic irreducible factors of a monic square-free polynomial modulo a small prime, sorted (Berlekamp 1967).

    `basis` is `fixed_by_frobenius(a, p)`. Every shift of every vector is tried, so nothing is random; the cost grows
    with p.

    >>> berlekamp([4, 0, 1], fixed_by_frobenius([4, 0, 1], 5), 5)
    [[1, 1], [4, 1]]
    """
    factors = [a]
    for splitter in basis:
        for shift in range(p):
            if len(factors) == len(basis):
                return sorted(factors)
            shifted = subtract(splitter, [shift] if shift else [], p)
            split: list[Residues] = []
            for factor in factors:
                common = greatest_common_divisor(factor, shifted, p) if len(factor) > 2 else factor
                proper = 1 < len(common) < len(factor)
                split += [common, divide(factor, common, p)[0]] if proper else [factor]
            factors = split
    return sorted(factors)


def fixed_by_frobenius(a: Residues, p: int) -> list[Residues]:
    """A basis of the v with v**p = v modulo a square-free a; its size is the number of irreducible factors of a.

    >>> fixed_by_frobenius([4, 0, 1], 5)
    [[1], [0, 1]]
    """
    n = len(a) - 1
    frobenius = divide([0] * p + [1], a, p)[1]
    rows: list[list[int]] = []  # row i: x**(i*p) - x**i
    image = [1]
    for i in range(n):
        row = image + [0] * (n - len(image))
        row[i] = (row[i] - 1) % p
        rows.append(row)
        image = divide(multiply(image, frobenius, p), a, p)[1]
    return _left_null_space(rows, p)


def _left_null_space(rows: list[list[int]], p: int) -> list[Residues]:
    """A basis of the vectors v with v * rows = 0 modulo a prime, by elimination on the rows beside the identity."""
    n = len(rows)
    pending = [row + [int(i == j) for j in range(n)] for i, row in enumerate(rows)]
    for column in range(n):
        pivot = next((row for row in pending if row[column]), None)
        if pivot is None:
            continue
        pending.remove(pivot)
        inverse = pow(pivot[column], -1, p)
        for place, row in enumerate(pending):
            if row[column]:
                factor = row[column] * inverse
                pending[place] = [(x - factor * y) % p for x, y in zip(row, pivot, strict=True)]
    return [reduced(row[n:], p) for row in pending]


def lift(a: Residues, factors: list[Residues], p: int, m: int) -> list[Residues]:
    """Monic factors of a modulo m = p**(2**n), from its monic coprime factors modulo p (Hensel, Zassenhaus 1969).

    `a` is monic modulo m. Halves are lifted first, then split further.

    >>> lift([19, 0, 1], [[1, 1], [4, 1]], 5, 25)
    [[16, 1], [9, 1]]
    """
    if len(factors) == 1:
        return [a]
    half = len(factors) // 2
    g, h = [1], [1]
    for factor in factors[:half]:
        g = multiply(g, factor, p)
    for factor in factors[half:]:
        h = multiply(h, factor, p)
    state = (g, h, *_bezout(g, h, p))
    modulus = p
    while modulus < m:
        modulus *= modulus
        state = _hensel_step(a, state, modulus)
    return lift(state[0], factors[:half], p, m) + lift(state[1], factors[half:], p, m)


def _hensel_step(a: Residues, state: _Lifted, m: int) -> _Lifted:
    """From a = g*h and s*g + t*h = 1 modulo q to the same modulo m = q*q (Gathen, Gerhard: algorithm 15.10)."""

    g, h, s, t = state

    def plus(x: Residues, y: Residues) -> Residues:
        return reduced([u + v for u, v in zip_longest(x, y, fillvalue=0)], m)

    error = subtract(reduced(a, m), multiply(g, h, m), m)
    quotient, rest = divide(multiply(s, error, m), h, m)
    g = plus(g, plus(multiply(t, error, m), multiply(quotient, g, m)))
    h = plus(h, rest)
    error = subtract(plus(multiply(s, g, m), multiply(t, h, m)), [1], m)
    quotient, rest = divide(multiply(s, error, m), h, m)
    return g, h, subtract(s, rest, m), subtract(t, plus(multiply(t, error, m), multiply(quotient, g, m)), m)
