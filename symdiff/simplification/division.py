"""Division of exact polynomials: exact quotients, and quotients with remainder in one main variable."""

from __future__ import annotations

import operator
from heapq import heapify, heappop, heappush

from symdiff.simplification.polynomials import (
    LIMITS,
    Exponents,
    Limits,
    Polynomial,
    TooLarge,
    codec,
    coefficients,
    degree,
    degrees,
    monomial_content,
    multiply,
    power,
    subtract,
)

__all__ = ["divide", "divide_exact", "pseudo_divide", "quotient_of"]


def divide_exact(a: Polynomial, b: Polynomial, limits: Limits = LIMITS) -> Polynomial | None:
    """The quotient a / b, or None when b does not divide a over the integers.

    >>> divide_exact({(2,): 1, (0,): -1}, {(1,): 1, (0,): 1})
    {(1,): 1, (0,): -1}
    >>> divide_exact({(2,): 1}, {(1,): 2}) is None
    True
    """
    if not b:
        raise ZeroDivisionError("division by the zero polynomial")
    if not a:
        return {}
    if len(b) == 1:
        return _divide_monomial(a, *next(iter(b.items())))
    ones = sum(b.values())  # b(1, ..., 1) divides a(1, ..., 1): the cheapest refusal
    if len(a) == 1 or (ones and sum(a.values()) % ones):
        return None
    high, low = max(b), min(b)
    if a[max(a)] % b[high] or a[min(a)] % b[low]:
        return None
    bound = tuple(map(operator.sub, degrees(a), degrees(b)))
    if min(bound, default=0) < 0:
        return None
    return _divide_packed(a, b, bound, limits)


def _divide_monomial(a: Polynomial, divisor: Exponents, n: int) -> Polynomial | None:
    if n not in {1, -1} and any(c % n for c in a.values()):
        return None
    if not any(divisor):
        return a if n == 1 else {e: c // n for e, c in a.items()}
    if any(map(operator.lt, monomial_content(a), divisor)):
        return None
    return {tuple(map(operator.sub, e, divisor)): c // n for e, c in a.items()}


def _divide_packed(a: Polynomial, b: Polynomial, bound: Exponents, limits: Limits) -> Polynomial | None:
    """Divide leading terms (lex), the remainder in a heap; every quotient term must stay within `bound`."""
    pack, unpack, guard = codec(len(bound), max(map(max, a)))
    (lead, first), *tail = sorted(((pack(e), c) for e, c in b.items()), reverse=True)
    room = pack(bound) | guard
    remainder = {pack(e): c for e, c in a.items()}
    heap = [-key for key in remainder]
    heapify(heap)
    quotient: dict[int, int] = {}
    while heap:
        key = -heappop(heap)
        coefficient = remainder.pop(key)
        if not coefficient:
            continue
        factor, rest = divmod(coefficient, first)
        shift = (key | guard) - lead  # a borrow out of a field clears its guard bit: that exponent would be negative
        if rest or shift & guard != guard:
            return None
        shift ^= guard
        if (room - shift) & guard != guard:
            return None
        quotient[shift] = factor
        if len(quotient) > limits.terms:
            raise TooLarge(f"a quotient has more than {limits.terms} terms")
        for other, c in tail:
            place = shift + other
            if place in remainder:
                remainder[place] -= factor * c
            else:
                remainder[place] = -factor * c
                heappush(heap, -place)
    return {unpack(key): c for key, c in quotient.items()}


def divide(a: Polynomial, b: Polynomial, i: int, limits: Limits = LIMITS) -> tuple[Polynomial, Polynomial] | None:
    """(quotient, remainder) of a by b as polynomials in variable i, the remainder of lower degree than b.

    None when a leading coefficient on the way is not divisible by that of b: then only `pseudo_divide` works.

    >>> divide({(2, 0): 1, (0, 1): 1}, {(1, 0): 1, (0, 1): 1}, 0)
    ({(1, 0): 1, (0, 1): -1}, {(0, 1): 1, (0, 2): 1})
    """
    if not b:
        raise ZeroDivisionError("division by the zero polynomial")
    bottom = degree(b, i)
    lead = coefficients(b, i)[bottom]
    quotient: Polynomial = {}
    while a and (top := degree(a, i)) >= bottom:
        term = divide_exact(coefficients(a, i)[top], lead, limits)
        if term is None:
            return None
        term = {(*e[:i], top - bottom, *e[i + 1 :]): c for e, c in term.items()}
        quotient |= term
        if len(quotient) > limits.terms:
            raise TooLarge(f"a quotient has more than {limits.terms} terms")
        a = subtract(a, multiply(term, b, limits))
    return quotient, a


def pseudo_divide(
    a: Polynomial, b: Polynomial, i: int, limits: Limits = LIMITS
) -> tuple[Polynomial, Polynomial, Polynomial]:
    """(quotient, remainder, multiplier) with multiplier * a = quotient * b + remainder in variable i.

    The multiplier is the leading coefficient of b to the power deg a - deg b + 1 (1 when deg a < deg b): always works.

    >>> pseudo_divide({(2,): 1}, {(1,): 2, (0,): 1}, 0)
    ({(1,): 2, (0,): -1}, {(0,): 1}, {(0,): 4})
    """
    if not b:
        raise ZeroDivisionError("division by the zero polynomial")
    bottom = degree(b, i)
    lead = coefficients(b, i)[bottom]
    multiplier = power(lead, max(degree(a, i) - bottom + 1, 0), limits)
    division = divide(multiply(multiplier, a, limits), b, i, limits)
    if division is None:
        raise AssertionError("the multiplier makes every leading coefficient divisible")
    return *division, multiplier


def quotient_of(a: Polynomial, b: Polynomial) -> Polynomial:
    """a / b for a b that is known to divide a, as a content or a gcd does.

    >>> quotient_of({(2,): 6}, {(1,): 2})
    {(1,): 3}
    """
    quotient = divide_exact(a, b)
    if quotient is None:
        raise AssertionError("a known divisor must divide")
    return quotient
