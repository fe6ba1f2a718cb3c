"""Square-free parts and factors of exact polynomials; every factor found has been divided out exactly.

Factors have a positive leading coefficient (graded lexicographic), content 1, and come in one fixed order. Factoring is
complete up to the caps in `Limits`; past a cap a factor may be left whole, which is never wrong, only less split.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeVar

from symdiff.simplification import residues
from symdiff.simplification.division import divide_exact, quotient_of
from symdiff.simplification.gcds import gcd_with_cofactors, polynomial_content
from symdiff.simplification.polynomials import (
    LIMITS,
    Limits,
    Polynomial,
    coefficients,
    content,
    degree,
    degrees,
    derivative,
    from_digits,
    height,
    is_constant,
    leading,
    monomial_content,
    multiply,
    ordered,
    positive,
    primitive_part,
    remap,
    scale,
    substitute,
    subtract,
    total_degree,
    variable,
)

__all__ = ["factor", "square_free", "square_root"]

Factors = list[tuple[Polynomial, int]]
Atom = TypeVar("Atom")

_PRIMES = (3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101)
_PRIMES_COMPARED = 4  # the prime that splits least wins; more comparing costs more than it saves
_POINTS_TRIED = 6
_LARGEST_CONTENT = 64


def square_free(p: Polynomial, limits: Limits = LIMITS) -> tuple[int, Factors]:
    """(content with sign, [(factor, multiplicity)]): p as a product of powers of square-free coprime factors.

    Irreducible factors stay multiplied together when they have the same multiplicity and the same set of variables,
    so the result does not depend on the order of the variables; a variable that divides p stands alone.

    >>> square_free({(3, 1): 2, (2, 1): 4, (1, 1): 2})
    (2, [({(1, 0): 1}, 1), ({(0, 1): 1}, 1), ({(1, 0): 1, (0, 0): 1}, 2)])
    """
    if not p:
        return 0, []
    number, factors, rest = _split_monomial(p)
    for piece in _split_by_variables(rest, limits):
        factors += _yun(piece, limits)
    return number, sorted(factors, key=_place)


def factor(p: Polynomial, limits: Limits = LIMITS) -> tuple[int, Factors]:
    """(content with sign, [(factor, multiplicity)]) with irreducible factors, as far as `limits` allow.

    >>> factor({(2, 0): -3, (0, 2): 3})
    (-3, [({(1, 0): 1, (0, 1): -1}, 1), ({(1, 0): 1, (0, 1): 1}, 1)])
    """
    number, parts = square_free(p, limits)
    factors = [(positive(f), multiplicity) for part, multiplicity in parts for f in _irreducible(part, limits)]
    return number, sorted(factors, key=_place)


def square_root(p: Polynomial) -> Polynomial | None:
    """The polynomial with square p and a positive leading coefficient, or None.

    >>> square_root({(2,): 4, (1,): 4, (0,): 1})
    {(1,): 2, (0,): 1}
    >>> square_root({(2,): 1, (0,): 1}) is None
    True
    """
    if not p:
        return {}
    at_ones = sum(p.values())
    if not _is_square(at_ones) or not _is_square(p[max(p)]) or any(n % 2 for n in (*max(p), *degrees(p))):
        return None
    lead, first = tuple(n // 2 for n in max(p)), math.isqrt(p[max(p)])
    root, rest = {lead: first}, subtract(p, {max(p): p[max(p)]})
    while rest:  # the next term of the root is fixed by the leading term (lex) of what its square still lacks
        exponents = tuple(map(operator.sub, max(rest), lead))
        number, left = divmod(rest[max(rest)], 2 * first)
        if left or min(exponents) < 0 or exponents >= min(root):
            return None
        term = {exponents: number}
        rest = subtract(rest, multiply(term, scale(root, 2) | term))
        root |= term
    return positive(root)


def _is_square(n: int) -> bool:
    return n >= 0 and math.isqrt(n) ** 2 == n


def _place(item: tuple[Polynomial, int]) -> tuple[int, int, list[tuple[tuple[int, ...], int]], int]:
    """Low degree first, then few terms, then early variables."""
    p, multiplicity = item
    return total_degree(p), len(p), [(tuple(-n for n in e), c) for e, c in ordered(p)], multiplicity


def _split_monomial(p: Polynomial) -> tuple[int, Factors, Polynomial]:
    """(content with the sign of p, its variables as factors, the rest with a positive leading coefficient)."""
    monomial = monomial_content(p)
    number = content(p) if leading(p)[1] > 0 else -content(p)
    factors = [(variable(i, len(monomial)), n) for i, n in enumerate(monomial) if n]
    return number, factors, quotient_of(p, {monomial: number})


def _split_by_variables(p: Polynomial, limits: Limits) -> list[Polynomial]:
    """Factors of p, one for each set of variables that some irreducible factor has."""
    pieces = [p]
    for i in range(len(next(iter(p)))):
        split: list[Polynomial] = []
        for piece in pieces:
            free = polynomial_content(piece, i, limits) if degree(piece, i) else piece
            split += [free, quotient_of(piece, free)]
        pieces = split
    return [piece for piece in pieces if not is_constant(piece)]


def _yun(p: Polynomial, limits: Limits) -> Factors:
    """Square-free factors of p, every irreducible factor of which has the same variables (Yun 1976)."""
    i = min((i for i, n in enumerate(degrees(p)) if n), key=lambda i: (degree(p, i), i))
    if degree(p, i) == 1:
        return [(p, 1)]
    slope = derivative(p, i)
    _, product, rest = gcd_with_cofactors(p, slope, limits)
    factors: Factors = []
    multiplicity = 1
    while rest := subtract(rest, derivative(product, i)):
        part, product, rest = gcd_with_cofactors(product, rest, limits)
        if not is_constant(part):
            factors.append((part, multiplicity))
        multiplicity += 1
    return [*factors, (product, multiplicity)]


def _irreducible(p: Polynomial, limits: Limits) -> list[Polynomial]:
    """The factors of a square-free p without content in any of its variables."""
    k = len(next(iter(p)))
    kept = [i for i, n in enumerate(degrees(p)) if n]
    if len(kept) < k:
        small = remap(p, [kept.index(i) if i in kept else None for i in range(k)], len(kept))
        return [remap(f, kept, k) for f in _irreducible(small, limits)]
    lowest = min(degrees(p))
    if lowest == 1:
        return [p]  # A*x + B without a common factor of A and B
    if lowest == 2:
        return _factor_quadratic(p, degrees(p).index(2))
    if k == 1:
        return _factor_univariate(p, limits)
    if len({sum(e) for e in p}) == 1:
        return _factor_homogeneous(p, limits)
    return _factor_by_evaluation(p, limits)


def _factor_quadratic(p: Polynomial, i: int) -> list[Polynomial]:
    """p = A*x^2 + B*x + C splits exactly when B^2 - 4*A*C is a square, and A*x + (B - root)/2 then holds a factor."""
    parts = coefficients(p, i)
    a, b, c = parts[2], parts.get(1, {}), parts.get(0, {})
    root = square_root(subtract(multiply(b, b), scale(multiply(a, c), 4)))
    if root is None:
        return [p]
    multiple = multiply(scale(a, 2), variable(i, len(next(iter(p))))) | subtract(b, root)
    first = quotient_of(multiple, polynomial_content(multiple, i))
    return [first, quotient_of(p, first)]


def _factor_homogeneous(p: Polynomial, limits: Limits) -> list[Polynomial]:
    """Set the last variable to 1, factor, and make each factor homogeneous again."""
    found = []
    for f, _ in factor({e[:-1]: c for e, c in p.items()}, limits)[1]:
        top = total_degree(f)
        found.append({(*e, top - sum(e)): c for e, c in f.items()})
    return found


def _factor_by_evaluation(p: Polynomial, limits: Limits) -> list[Polynomial]:
    """Set a variable to a large integer, factor the image, read products of its factors as digits base that integer.

    Gelfond: a factor's coefficients are at most e^(sum of degrees) times those of p. With an integer beyond that, p is
    proved irreducible when no product fits; where that is too long a smaller integer is tried, which may miss factors.
    The image can have an integer content c that no point avoids (x^2 + x is even), shared out among the factors in an
    unknown way: c times a product has the digits of a multiple of the factor.
    """
    shape = degrees(p)
    i = shape.index(max(shape))  # what is left to factor in the end has the lowest degree
    slack = sum(shape) * 8 // 5 + 1  # 2^slack > e^sum
    if _image_bits(p, slack, limits) > limits.factor_bits:
        slack = 1
        if _image_bits(p, slack, limits) > limits.factor_bits:
            return [p]
    point = (2 * _LARGEST_CONTENT * height(p) << slack) + 1
    for _ in range(_POINTS_TRIED):
        image = substitute(p, i, point)
        number = content(image)
        if number <= _LARGEST_CONTENT:
            factors = factor(image, limits)[1]
            if all(n == 1 for _, n in factors):
                return _recombine(p, [f for f, _ in factors], _DigitsOf(i, point, number), limits)
        point += point // 3 + 1
    return [p]


def _image_bits(p: Polynomial, slack: int, limits: Limits) -> int:
    """About the bits of the coefficients once all variables but that of the lowest degree are integers."""
    bits = height(p).bit_length()
    for n in sorted(degrees(p), reverse=True)[:-1]:
        bits += n * (bits + slack + _LARGEST_CONTENT.bit_length())
        if bits > limits.factor_bits:
            break
    return bits


@dataclass(frozen=True, slots=True)
class _DigitsOf:
    """The polynomial with small coefficients that takes the value number * product(factors) at variable i = point."""

    i: int
    point: int
    number: int

    def __call__(self, _: Polynomial, factors: Sequence[Polynomial]) -> Polynomial:
        image = scale(factors[0], self.number)
        for f in factors[1:]:
            image = multiply(image, f)
        return primitive_part(from_digits(image, self.i, self.point))


def _recombine(
    p: Polynomial, atoms: list[Atom], candidate: Callable[[Polynomial, Sequence[Atom]], Polynomial], limits: Limits
) -> list[Polynomial]:
    """The factors of p among the candidates from ever larger sets of atoms; at most `limits.factor_trials` sets."""
    found: list[Polynomial] = []
    trials, size = 0, 1
    while 2 * size <= len(atoms):
        for chosen in _choices(len(atoms), size):
            trials += 1
            if trials > limits.factor_trials:
                return [*found, p]
            divisor = positive(candidate(p, [atoms[i] for i in chosen]))
            quotient = None if is_constant(divisor) else divide_exact(p, divisor)
            if quotient is not None and not is_constant(quotient):
                found.append(divisor)
                p, atoms = quotient, [atom for i, atom in enumerate(atoms) if i not in chosen]
                break
        else:
            size += 1
    return [*found, p]


def _choices(count: int, size: int) -> Iterator[tuple[int, ...]]:
    """Sets of atoms; of two complementary halves only the one with atom 0."""
    if 2 * size == count:
        return ((0, *rest) for rest in combinations(range(1, count), size - 1))
    return combinations(range(count), size)


def _factor_univariate(p: Polynomial, limits: Limits) -> list[Polynomial]:
    """Zassenhaus 1969: factor modulo a small prime, lift beyond the coefficients of any factor, recombine."""
    n = degree(p, 0)
    if n > limits.factor_degree or height(p).bit_length() > limits.factor_bits:
        return [p]
    dense = [p.get((i,), 0) for i in range(n + 1)]
    modular = _fewest_modular_factors(dense)
    if modular is None:
        return [p]
    prime, factors = modular
    if len(factors) == 1:
        return [p]
    bound = 2 * dense[-1] * height(p) * (math.isqrt(n + 1) + 1) << n  # twice Mignotte's: residues have signs
    modulus = prime
    while modulus <= bound:
        modulus *= modulus
    monic = residues.multiply(residues.reduced(dense, modulus), [pow(dense[-1], -1, modulus)], modulus)

    def candidate(rest: Polynomial, some: Sequence[residues.Residues]) -> Polynomial:
        product = [rest[max(rest)] % modulus]
        for f in some:
            product = residues.multiply(product, f, modulus)
        return primitive_part({(i,): c if 2 * c <= modulus else c - modulus for i, c in enumerate(product) if c})

    return _recombine(p, residues.lift(monic, factors, prime, modulus), candidate, limits)


def _fewest_modular_factors(dense: list[int]) -> tuple[int, list[residues.Residues]] | None:
    """(prime, monic factors modulo it) for the best of the first primes that keep degree and square-freeness."""
    choices: list[tuple[int, int, residues.Residues, list[residues.Residues]]] = []
    for prime in _PRIMES:
        image = residues.make_monic(residues.reduced(dense, prime), prime)
        if len(image) == len(dense) and residues.is_square_free(image, prime):
            basis = residues.fixed_by_frobenius(image, prime)  # counting the factors is cheaper than finding them
            choices.append((len(basis), prime, image, basis))
            if len(basis) == 1 or len(choices) == _PRIMES_COMPARED:
                break
    if not choices:
        return None
    _, prime, image, basis = min(choices)
    return prime, residues.berlekamp(image, basis, prime)
