"""Greatest common divisors of exact polynomials: the reductions, the heuristic and the sure algorithms behind them.

Every answer is verified by exact division before it is returned. The order of attack: strip contents and monomials,
drop variables that only one side has, try division, bound the degrees by images modulo a prime, then the heuristic of
Char, Geddes and Gonnet; `modular_gcds` where its integers would be too long; a remainder sequence at the end.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable

from symdiff.simplification.division import divide_exact, pseudo_divide, quotient_of
from symdiff.simplification.modular_gcds import degree_bounds, scaled_gcd
from symdiff.simplification.polynomials import (
    LIMITS,
    Exponents,
    Limits,
    Polynomial,
    TooLarge,
    coefficients,
    columns,
    constant,
    content,
    degree,
    degrees,
    from_digits,
    height,
    is_constant,
    leading,
    monomial_content,
    multiply,
    multiply_monomial,
    negate,
    positive,
    primitive_part,
    remap,
    scale,
)

__all__ = ["gcd", "gcd_of", "gcd_with_cofactors", "lcm", "polynomial_content"]

Cofactors = tuple[Polynomial, Polynomial, Polynomial]  # g, a/g, b/g

_HEURISTIC_TRIES = 6
_MODULAR_TRIES = 4


def gcd(a: Polynomial, b: Polynomial, limits: Limits = LIMITS) -> Polynomial:
    """The greatest common divisor over the integers, content included, with a positive leading coefficient.

    >>> gcd({(2,): 2, (0,): -2}, {(1,): 4, (0,): -4})
    {(1,): 2, (0,): -2}
    """
    return gcd_with_cofactors(a, b, limits)[0]


def gcd_with_cofactors(a: Polynomial, b: Polynomial, limits: Limits = LIMITS) -> Cofactors:
    """(g, a/g, b/g) for the gcd g of a and b; all three are zero when both are.

    >>> gcd_with_cofactors({(2,): 2, (0,): -2}, {(1,): 4, (0,): -4})
    ({(1,): 2, (0,): -2}, {(1,): 1, (0,): 1}, {(0,): 2})
    """
    if not a or not b:
        return _gcd_with_zero(a, b)
    left, right = _strip(a), _strip(b)
    g, u, v = _stripped_gcd(left[2], right[2], limits)
    if leading(g)[1] < 0:
        g, u, v = negate(g), negate(u), negate(v)
    number = math.gcd(left[0], right[0])
    monomial = tuple(map(min, left[1], right[1]))

    def restored(cofactor: Polynomial, side: tuple[int, Exponents, Polynomial]) -> Polynomial:
        return multiply_monomial(cofactor, tuple(map(operator.sub, side[1], monomial)), side[0] // number)

    return multiply_monomial(g, monomial, number), restored(u, left), restored(v, right)


def gcd_of(polynomials: Iterable[Polynomial], limits: Limits = LIMITS) -> Polynomial:
    """The gcd of any number of polynomials; zero of none.

    >>> gcd_of([{(2,): 2}, {(1,): 4}, {(3,): 6, (1,): 2}])
    {(1,): 2}
    """
    pending = sorted(polynomials, key=len)  # small ones first: most gcds of many things are 1 after two
    result: Polynomial = {}
    for place, p in enumerate(pending):
        result = gcd(result, p, limits)
        if result and is_constant(result):
            k = len(next(iter(result)))
            return constant(math.gcd(content(result), *map(content, pending[place + 1 :])), k)
    return result


def lcm(a: Polynomial, b: Polynomial, limits: Limits = LIMITS) -> Polynomial:
    """The least common multiple, with a positive leading coefficient; zero when a or b is.

    >>> lcm({(1,): 2}, {(2,): 3})
    {(2,): 6}
    """
    return positive(multiply(a, gcd_with_cofactors(a, b, limits)[2], limits)) if a and b else {}


def polynomial_content(p: Polynomial, i: int, limits: Limits = LIMITS) -> Polynomial:
    """The gcd of the coefficients of p as a polynomial in variable i: the largest divisor free of that variable.

    >>> polynomial_content({(2, 1): 2, (1, 2): 4}, 0)
    {(0, 1): 2}
    """
    return gcd_of(coefficients(p, i).values(), limits)


def _gcd_with_zero(a: Polynomial, b: Polynomial) -> Cofactors:
    g = positive(a or b)
    if not g:
        return {}, {}, {}
    unit = constant(1 if g == (a or b) else -1, len(next(iter(g))))
    return (g, unit, {}) if a else (g, {}, unit)


def _strip(p: Polynomial) -> tuple[int, Exponents, Polynomial]:
    """(content, monomial content, the rest)."""
    number, monomial = content(p), monomial_content(p)
    if number > 1:
        p = {e: c // number for e, c in p.items()}
    if any(monomial):
        p = {tuple(map(operator.sub, e, monomial)): c for e, c in p.items()}
    return number, monomial, p


def _coprime(a: Polynomial, b: Polynomial) -> Cofactors:
    return constant(1, len(next(iter(a)))), a, b


def _stripped_gcd(a: Polynomial, b: Polynomial, limits: Limits) -> Cofactors:
    """The gcd, of either sign, and cofactors of polynomials without integer or monomial content."""
    if len(a) == 1 or len(b) == 1:
        return _coprime(a, b)
    top, bottom = degrees(a), degrees(b)
    shared = [bool(x and y) for x, y in zip(top, bottom, strict=True)]
    if not any(shared):
        return _coprime(a, b)
    private = [i for i, both in enumerate(shared) if not both and (top[i] or bottom[i])]
    if private:
        return _divided(a, b, gcd_of([*_pieces(a, private), *_pieces(b, private)], limits))
    if all(map(operator.ge, top, bottom)) and (quotient := divide_exact(a, b, limits)) is not None:
        return b, quotient, constant(1, len(top))
    if all(map(operator.ge, bottom, top)) and (quotient := divide_exact(b, a, limits)) is not None:
        return a, constant(1, len(top)), quotient
    return _compressed_gcd(a, b, [i for i, both in enumerate(shared) if both], limits)


def _pieces(p: Polynomial, variables: list[int]) -> list[Polynomial]:
    """The coefficients of p as a polynomial in the given variables."""
    pieces: dict[Exponents, Polynomial] = {}
    for e, c in p.items():
        rest = list(e)
        for i in variables:
            rest[i] = 0
        pieces.setdefault(tuple(e[i] for i in variables), {})[tuple(rest)] = c
    return list(pieces.values())


def _divided(a: Polynomial, b: Polynomial, g: Polynomial) -> Cofactors:
    if is_constant(g):
        return _coprime(a, b)
    return g, quotient_of(a, g), quotient_of(b, g)


def _compressed_gcd(a: Polynomial, b: Polynomial, kept: list[int], limits: Limits) -> Cofactors:
    """Work in the shared variables only, and with x for x**d where only powers of x**d occur: a gcd allows both."""
    k = len(next(iter(a)))
    exponents = columns((a, b))
    steps = [math.gcd(*exponents[i]) for i in kept]

    def compress(p: Polynomial) -> Polynomial:
        return {tuple(e[i] // step for i, step in zip(kept, steps, strict=True)): c for e, c in p.items()}

    def expand(p: Polynomial) -> Polynomial:
        return remap({tuple(map(operator.mul, e, steps)): c for e, c in p.items()}, kept, k)

    if len(kept) == k and set(steps) == {1}:
        return _shared_gcd(a, b, limits)
    g, u, v = _shared_gcd(compress(a), compress(b), limits)
    return expand(g), expand(u), expand(v)


def _shared_gcd(a: Polynomial, b: Polynomial, limits: Limits) -> Cofactors:
    """The gcd where every variable occurs on both sides."""
    k = len(next(iter(a)))
    if max(*degrees(a), *degrees(b), 0) > limits.degree:
        raise TooLarge(f"a gcd of polynomials of a degree above {limits.degree}")
    if k > 1:
        bounds = degree_bounds(a, b)
        if not any(bounds):
            return _coprime(a, b)
        absent = [i for i, bound in enumerate(bounds) if not bound]
        if absent:
            return _divided(a, b, gcd_of([*_pieces(a, absent), *_pieces(b, absent)], limits))
    if _heuristic_bits(a, b) <= limits.heuristic_bits:
        found = _heuristic(a, b, k)
        if found is not None:
            return found
    if k > 1:
        found = _modular(a, b, limits)
        if found is not None:
            return found
    return _divided(a, b, _remainder_sequence(a, b, limits))


def _heuristic_bits(a: Polynomial, b: Polynomial) -> int:
    """About the bits of the integers the heuristic would end with."""
    low = min(height(a), height(b)).bit_length()
    high = max(height(a), height(b)).bit_length()
    for m, n in zip(degrees(a), degrees(b), strict=True):
        point = low + 6
        low, high = low + min(m, n) * point, high + max(m, n) * point
    return high


def _heuristic(a: Polynomial, b: Polynomial, k: int) -> Cofactors | None:
    """GCDHEU (Char, Geddes, Gonnet 1989): set the last variable to an integer x, read the gcd there as digits base x.

    A candidate that divides both is the gcd when x >= 2*min(height) + 2. Contents count: they are digits one level up.
    """
    number = math.gcd(content(a), content(b))
    if number > 1:
        a, b = _exactly(a, number), _exactly(b, number)
    if k == 0:
        (m,), (n,) = a.values(), b.values()
        return {(): number}, {(): m}, {(): n}
    point = 2 * min(height(a), height(b)) + 29
    for _ in range(_HEURISTIC_TRIES):
        left, right = _at_last(a, point), _at_last(b, point)
        if left and right:  # the one of larger height may vanish there
            image = _heuristic(left, right, k - 1)
            if image is None:
                return None
            g = primitive_part(from_digits(image[0], k - 1, point))
            if (u := divide_exact(a, g)) is not None and (v := divide_exact(b, g)) is not None:
                return scale(g, number), u, v
        point = point * 73794 // 27011  # the ratio of the authors: no simple relation between tries
    return None


def _exactly(p: Polynomial, n: int) -> Polynomial:
    return {e: c // n for e, c in p.items()}


def _at_last(p: Polynomial, point: int) -> Polynomial:
    """p with the last variable set to an integer and dropped."""
    powers = [1]
    for _ in range(max(e[-1] for e in p)):
        powers.append(powers[-1] * point)
    result: Polynomial = {}
    for e, c in p.items():
        rest = e[:-1]
        result[rest] = result.get(rest, 0) + c * powers[e[-1]]
    return {e: c for e, c in result.items() if c}


def _modular(a: Polynomial, b: Polynomial, limits: Limits) -> Cofactors | None:
    """The sparse modular gcd in the main variable with the shortest leading coefficients, as those are divided out."""
    k = len(next(iter(a)))
    main = min(range(k), key=lambda i: (len(_lead(a, i)) * len(_lead(b, i)), i))
    places = [0 if i == main else i + 1 if i < main else i for i in range(k)]
    back = [places.index(i) for i in range(k)]
    shared, left, right = _without_contents(remap(a, places, k), remap(b, places, k), 0, limits)
    scale_factor = gcd(_lead(left, 0), _lead(right, 0), limits)
    for attempt in range(_MODULAR_TRIES):
        scaled = scaled_gcd(left, right, scale_factor, attempt)
        if scaled is None:
            continue
        g = quotient_of(scaled, polynomial_content(scaled, 0, limits))
        # g has the largest degree possible in the main variable and no content: dividing both makes it the gcd
        if divide_exact(left, g, limits) is not None and divide_exact(right, g, limits) is not None:
            return _divided(a, b, remap(multiply(g, shared, limits), back, k))
    return None


def _lead(p: Polynomial, i: int) -> Polynomial:
    return coefficients(p, i)[degree(p, i)]


def _without_contents(a: Polynomial, b: Polynomial, i: int, limits: Limits) -> Cofactors:
    """(gcd of the contents in variable i, a without its content, b without its content)."""
    left, right = polynomial_content(a, i, limits), polynomial_content(b, i, limits)
    return gcd(left, right, limits), quotient_of(a, left), quotient_of(b, right)


def _remainder_sequence(a: Polynomial, b: Polynomial, limits: Limits) -> Polynomial:
    """Euclid in one main variable, contents removed at each step (the primitive remainder sequence): slow, but sure."""
    i = min(range(len(next(iter(a)))), key=lambda j: (max(degree(a, j), degree(b, j)), j))
    shared, a, b = _without_contents(a, b, i, limits)
    if degree(a, i) < degree(b, i):
        a, b = b, a
    while b and degree(b, i):
        rest = pseudo_divide(a, b, i, limits)[1]
        a, b = b, quotient_of(rest, polynomial_content(rest, i, limits)) if rest else rest
    return shared if b else multiply(a, shared, limits)
