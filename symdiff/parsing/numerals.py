"""Numbers in text: literals, raised digits, and the power behind a function's name."""

from __future__ import annotations

import unicodedata

from lark import Token

from symdiff import limits
from symdiff.errors import LimitError
from symdiff.expr import Real
from symdiff.numbers import integer_of
from symdiff.parsing.mistakes import error_at

__all__ = ["number_value", "power_of", "superscript_value"]

_SUPERSCRIPTS = str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "+-0123456789")


def number_value(token: Token) -> Real:
    text = token.replace("_", "")
    if not text.isascii() and len({ord(char) - unicodedata.decimal(char) for char in text if char.isdecimal()}) > 1:
        raise error_at(token, f"{token} mixes the digits of two scripts", f"write {_in_ascii(token)} if that is the number")
    if len(text) > limits.literal_digits:
        raise LimitError(f"a number with {len(text)} digits", "literal_digits", limits.literal_digits)
    if text.isdigit():
        return integer_of(text)
    value = float(text)
    if value in (0.0, float("inf")) and (value or text.lower().partition("e")[0].strip("0._")):
        raise error_at(token, f"{token} is outside the range of floating-point numbers", _exactly(text.lower()))
    return value


def _in_ascii(digits: str) -> str:
    return "".join([str(unicodedata.decimal(char)) if char.isdecimal() else char for char in digits])


def _exactly(text: str) -> str:
    """How a decimal literal is written with a power of 10, which is exact."""
    mantissa, mark, exponent = text.partition("e")
    if not mark:
        return "write it exactly, with a power of 10: 10^-400"
    factor = "" if mantissa in ("1", "1.", "1.0") else f"{mantissa}*"
    return f"write it exactly, as a power of 10: {factor}10^{exponent.lstrip('+')}"


def superscript_value(token: Token) -> int:
    if len(token) > limits.literal_digits:
        raise LimitError(f"an exponent with {len(token)} digits", "literal_digits", limits.literal_digits)
    digits = token.translate(_SUPERSCRIPTS)
    return -integer_of(digits[1:]) if digits[0] == "-" else integer_of(digits.lstrip("+"))


def power_of(name: Token, exponent: Token | list[Token]) -> int:
    """The power behind a function's name: a superscript, or a number and perhaps its sign."""
    if isinstance(exponent, Token):
        return superscript_value(exponent)
    value = number_value(exponent[-1])
    sign = "-" if len(exponent) == 2 else ""
    if type(value) is not int:
        raise error_at(exponent[-1], "the power of a function's name is an integer", f"write {name}(x)^{sign}{exponent[-1]}")
    return -value if sign else value
