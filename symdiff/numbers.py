"""Exact arithmetic on the numbers of leaves (int, Fraction, float); a result too large to fold is None, never rounded.

A float stands for the decimal number its shortest spelling names, so 0.1*3 folds to 0.3 and 0.3 - 1 to -0.7, as a reader expects.
"""

from __future__ import annotations

import decimal
import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

from symdiff import limits
from symdiff.expr import Real

__all__ = ["Exact", "add", "divide", "exact_root", "integer_of", "is_exact", "multiply", "power", "text_of"]


Exact: TypeAlias = int | Fraction

_SMALL = 1 << 64
_EXACTLY = decimal.Context(prec=60, traps=[decimal.Inexact, decimal.InvalidOperation, decimal.Overflow, decimal.Underflow])


def is_exact(value: Real) -> bool:
    return type(value) is not float


def add(a: Real, b: Real) -> Real | None:
    """
    >>> add(0.1, 0.2), add(1e16, 1)
    (0.3, None)
    """
    if type(a) is int and type(b) is int:
        return a + b
    if not isinstance(a, float) and not isinstance(b, float):
        return _small_or_settled(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator, a, b)
    quick = _quick(_EXACTLY.add, a, b)
    total = _settle(_decimal(a) + _decimal(b), a, b) if quick is None else quick
    return None if total is None or _loses(total, a, b) else total


@lru_cache(maxsize=1 << 12, typed=True)
def _loses(total: Real, a: Real, b: Real) -> bool:
    """Whether the rounded sum is without digits of the smaller number that a later difference would bring back: 1e16 + 1 is no 1e16."""
    smaller, larger = min(abs(_decimal(a)), abs(_decimal(b))), _decimal(total)
    if abs(larger) <= 100_000 * smaller:
        return False
    return bool(smaller) and abs(larger - _decimal(a) - _decimal(b)) * 10**10 > smaller


def multiply(a: Real, b: Real) -> Real | None:
    """
    >>> multiply(Fraction(2, 3), 6)
    4
    """
    if type(a) is int and type(b) is int:
        product = a * b
        if -_SMALL < product < _SMALL:
            return product
    elif type(a) is int and a == 1:  # the usual case beside a float, which needs no detour over its decimal digits
        return b
    if not isinstance(a, float) and not isinstance(b, float):
        return _small_or_settled(a.numerator * b.numerator, a.denominator * b.denominator, a, b)
    quick = _quick(_EXACTLY.multiply, a, b)
    return _settle(_decimal(a) * _decimal(b), a, b) if quick is None else quick


def divide(a: Real, b: Real) -> Real | None:
    """None also for a division by zero.

    >>> divide(1, 3)
    Fraction(1, 3)
    """
    return _settle(_decimal(a) / _decimal(b), a, b) if b else None


def power(base: Real, exponent: Real) -> Real | None:
    """An integer power of an exact number; None where the result is irrational, undefined or above `limits.folded_bits`.

    >>> power(2, -3)
    Fraction(1, 8)
    >>> power(9, 9**9) is None
    True
    """
    if type(exponent) is not int or not is_exact(base):
        return _float_power(base, exponent) if not (is_exact(base) and is_exact(exponent)) else None
    if base == 0:
        return (1 if exponent == 0 else 0) if exponent >= 0 else None
    if abs(exponent) * _bits(base) > limits.folded_bits:
        return None if base not in (1, -1) else (1 if base == 1 or exponent % 2 == 0 else -1)
    return _normal(Fraction(base) ** exponent)


def exact_root(value: Real, degree: int) -> Real | None:
    """The nonnegative root of a nonnegative exact number, where it is rational.

    >>> exact_root(Fraction(9, 4), 2)
    Fraction(3, 2)
    """
    if not is_exact(value) or value < 0 or degree < 1:
        return None
    fraction = Fraction(value)
    top, bottom = _integer_root(fraction.numerator, degree), _integer_root(fraction.denominator, degree)
    return None if top is None or bottom is None else _normal(Fraction(top, bottom))


def text_of(value: Real) -> str:
    """The number as the grammar reads it back: 3, -1/2, 0.1, 1e+22."""
    if type(value) is int:
        return _digits(value)
    if type(value) is float:
        return repr(value)
    return f"{_digits(value.numerator)}/{_digits(value.denominator)}"  # type: ignore[union-attr]


def integer_of(digits: str) -> int:
    """The integer of decimal digits, without the interpreter's limit of 4,300."""
    value = 0
    for start in range(0, len(digits), 4_000):
        part = digits[start:start + 4_000]
        value = value * 10 ** len(part) + int(part)
    return value


def _digits(value: int) -> str:
    """Decimal digits without the interpreter's limit of 4,300 (a limit on text from outside, which `limits` has of its own)."""
    if abs(value) < 1 << 12_000:
        return str(value)
    sign, rest, chunk, parts = ("-" if value < 0 else ""), abs(value), 10 ** 3_000, []
    while rest:
        rest, low = divmod(rest, chunk)
        parts.append(f"{low:03000d}" if rest else str(low))
    return sign + "".join(reversed(parts))


def _decimal(value: Real) -> Fraction:
    return Fraction(repr(value)) if type(value) is float else Fraction(value)


@lru_cache(maxsize=1 << 12, typed=True)
def _quick(operation: Callable[[Decimal, Decimal], Decimal], a: Real, b: Real) -> float | None:
    """A sum or product with a float in it, where the decimal numbers are short: 8 us, by way of fractions 20 us.

    Remembered, as derivatives of formulas with measured numbers multiply the same few again and again.
    """
    if type(a) is Fraction or type(b) is Fraction:
        return None
    try:
        result = operation(Decimal(repr(a) if type(a) is float else a), Decimal(repr(b) if type(b) is float else b))  # type: ignore[arg-type]
    except decimal.DecimalException:
        return None
    rounded = float(result)
    return rounded + 0.0 if math.isfinite(rounded) and (rounded or not result) else None  # never -0.0, as by fractions


def _small_or_settled(top: int, bottom: int, a: Real, b: Real) -> Real | None:
    """top/bottom, made of a and b; most are small, and for those this is one step instead of four."""
    if not (-_SMALL < top < _SMALL and bottom < _SMALL):
        return _settle(Fraction(top, bottom), a, b)
    return Fraction(top, bottom) if top % bottom else top // bottom


def _settle(result: Fraction, a: Real, b: Real) -> Real | None:
    if type(a) is float or type(b) is float:
        try:
            rounded = float(result)
        except OverflowError:
            return None
        return None if result and not rounded else rounded
    if _bits(result) > max(limits.folded_bits, _bits(a), _bits(b)):
        return None
    return _normal(result)


def _float_power(base: Real, exponent: Real) -> float | None:
    try:
        result = math.pow(base, exponent)
    except (ValueError, OverflowError):
        return None
    return result if result and math.isfinite(result) else None


def _normal(value: Fraction) -> Real:
    return value.numerator if value.denominator == 1 else value


def _bits(value: Real) -> int:
    return value.bit_length() if type(value) is int else (
        64 if type(value) is float else max(value.numerator.bit_length(), value.denominator.bit_length()))  # type: ignore[union-attr]


def _integer_root(value: int, degree: int) -> int | None:
    if value < 2:
        return value
    if degree == 2:
        root = math.isqrt(value)
        return root if root * root == value else None
    high = 1 << -(-value.bit_length() // degree)
    low = high >> 1
    while low <= high:
        middle = (low + high) // 2
        product = middle ** degree
        if product == value:
            return middle
        low, high = (middle + 1, high) if product < value else (low, middle - 1)
    return None
