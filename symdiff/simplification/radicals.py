"""Roots of rational numbers, split into a rational factor and roots of primes: sqrt(8) is 2*sqrt(2)."""

from __future__ import annotations

from fractions import Fraction

from symdiff.expr import Real

__all__ = ["root_parts"]

TRIAL_BOUND = 1_000
"""Prime factors up to this are split off; what is left is one base."""


def root_parts(value: Real, exponent: Fraction) -> tuple[Fraction, list[tuple[int, Fraction]]] | None:
    """value^exponent as rational * product of bases to fractions in (0, 1); None where the powers would be too large.

    >>> root_parts(8, Fraction(1, 2))
    (Fraction(2, 1), [(2, Fraction(1, 2))])
    """
    fraction = Fraction(value)
    if abs(exponent) > 64 or fraction.numerator.bit_length() + fraction.denominator.bit_length() > 256:
        return None
    rational, roots = Fraction(1), []
    powers = _prime_powers(fraction.numerator)
    for prime, count in _prime_powers(fraction.denominator).items():
        powers[prime] = powers.get(prime, 0) - count
    for prime, count in sorted(powers.items()):
        whole, part = divmod(count * exponent, 1)
        rational *= Fraction(prime) ** int(whole)
        if part:
            roots.append((prime, part))
    return rational, roots


def _prime_powers(n: int) -> dict[int, int]:
    powers: dict[int, int] = {}
    p = 2
    while p * p <= n and p <= TRIAL_BOUND:
        while n % p == 0:
            powers[p] = powers.get(p, 0) + 1
            n //= p
        p += 1 if p == 2 else 2
    if n > 1:
        powers[n] = powers.get(n, 0) + 1
    return powers
