"""Mistakes that show where two operands stand side by side: letters behind a number, d/dx before a formula, calls of no function."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from lark import Token
from lark.exceptions import UnexpectedInput

from symdiff.errors import ParseError
from symdiff.functions import declared_names
from symdiff.parsing.hints import no_function
from symdiff.parsing.mistakes import error_at
from symdiff.symbols import RESERVED, is_letter

__all__ = ["REMEMBERED", "check_neighbours", "check_signed"]

REMEMBERED = 14
"""As many tokens back a mistake may begin: ( d ^ 2 y / ( dx ) ^ 2 )."""

_WORDS = frozenset({"VARIABLE", "CONSTANT", "FUNCTION"})
_STATEMENTS = frozenset(keyword.kwlist) - set(RESERVED) - {"lambda"}
"""Words that begin or join statements of Python: `import os` is hardly a product.  lambda is a Greek letter."""

_OPERATORS = {"div": "floor(x/y)", "rem": "sign(x)*mod(abs(x), abs(y))", "then": "a if condition else b", "xor": "(a or b) and not (a and b)"}
"""Words that stand between operands elsewhere, and what is written here."""

_POWER = r"(?:(?:\^|\*\*) (?:- )?[\d.]+|(?:\^|\*\*) \( (?:- )?[\w.]+ \)|[⁺⁻]?[⁰¹²³⁴-⁹]+)"
_RAISED = re.compile(rf"(?:^| )(\w+) ({_POWER})$")
_BELOW = rf"(?:d\w+(?: {_POWER})?|\( d\w+(?: {_POWER})?(?: d\w+)* \)(?: {_POWER})?)"
_QUOTIENT = rf"d\w*(?: {_POWER}(?: \w+)?)? / {_BELOW}"
_DIFFERENTIAL = re.compile(rf"(?:^| )({_QUOTIENT}|\( {_QUOTIENT} \)(?: {_POWER})?)$")
_TWO, _APART = re.compile(r"^(\w)d(\w)$"), r'\1", "\2'  # dxdy
_ORDER = re.compile(r"(?:(?:\^|\*\*) |(?<=[\w)] ))([\d²³⁴-⁹]+)(?: \))?$")


class _Suffix(NamedTuple):
    """What a word directly behind a number must not be; the mistake is `skip` characters into the word."""

    shape: re.Pattern[str]
    skip: int
    reason: str
    hint: str


_SUFFIXES = [_Suffix(re.compile(shape), skip, reason, hint) for shape, skip, reason, hint in (
    (r"0+ [xXbBoO]\w*", 0, "{0}{1} is no number here", "write the number in decimal digits, a product as {0}*{1}"),
    (r"[^eE]+ [eE]", 1, "{0}{1} lacks its exponent", "write {0}*{1} for a product, {0}e0 for a number"),
    (r"[^eE]+ [eE]{2,}\d+", 1, "{0}{1} is no number", "the exponent of a number has one e; write {0}*{1} for a product"),
    (r"\S*[eE]\S* [eE](\d.*)?", 0, "{0}{1} is no number", "a number has one exponent; write {0}*{1} for a product"),
    (r"\S+ _.*", 0, "{0}{1} is no number", "digits are grouped as in 1_000; write {0}*{1} for a product"),
    (r"\S+ U?LL?", 0, "{0}{1} is a number in C and a product here", "write {0}*{1} for the product, {0} for the number"),
    (r"\S+ [jJ]", 0, "{0}{1} would be complex, and expressions hold real numbers", "write {0}*{1} for a product with a variable {1}"),
)]
_SPACED = re.compile(r"[^eE]+ [eE]\d+")


def check_neighbours(recent: Sequence[Token], right: Token, rest: Iterator[Token]) -> None:
    """Two operands side by side are a product; refuse the cases where that is hardly what was meant.

    recent: the tokens before `right`, the last one ends the left operand.  rest: those behind, read where an error can say more with them.
    """
    left = recent[-1]
    if right.line != left.end_line:
        raise error_at(right, "a second formula starts on a new line", "put an operator at the line's end, or give one formula at a time")
    if any(token.type == "OVER" for token in recent):
        _check_differential(recent)
    if right.type == "LPAR":
        _check_call(recent, right, rest)
    elif right.type == "NUMBER":
        if left.type == "NUMBER" and left.end_pos == right.start_pos:
            raise error_at(right, f"{left}{right} is no number", "a number has one decimal point, and its exponent has none")
        raise error_at(right, "a number stands beside another operand", "write * between them for a product")
    elif right.type in _WORDS:
        _check_word(left, right)


def _check_differential(recent: Sequence[Token]) -> None:
    """d/dx before an operand would be a quotient of variables, and it is meant to differentiate."""
    spelled = _DIFFERENTIAL.search(" ".join(recent))
    if spelled is None:
        return
    tokens = list(recent)[-1 - spelled[1].count(" "):]
    below = [token for token in tokens[[token.type for token in tokens].index("OVER"):] if token.type == "VARIABLE"]
    names = "\", \"".join([_TWO.sub(_APART, token[1:]) for token in below])
    shown = _as_written(tokens)
    raised = _ORDER.search(spelled[1])
    order = f", {raised[1].translate(_DIGITS)}" if raised and len(below) == 1 else ""
    product = shown if shown.startswith("(") else f"({shown})"
    raise error_at(below[0], f"{shown} is read as a quotient of variables and has no other meaning here",
                   f"to differentiate, use diff(formula, \"{names}\"{order}); for the quotient write {product}*...")


_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def _as_written(tokens: list[Token]) -> str:
    """The text of tokens, with a space where there were some."""
    return "".join([str(token) if token.start_pos == before.end_pos else f" {token}" for before, token in pairwise([tokens[0], *tokens])]).lstrip()


def _check_call(recent: Sequence[Token], right: Token, rest: Iterator[Token]) -> None:
    """A word before a parenthesis, perhaps with a power between them, looks like a call."""
    left = recent[-1]
    if left.type in ("VARIABLE", "CONSTANT"):
        raise error_at(left, *no_function(str(left), left.type == "CONSTANT", count=_count_arguments(rest)))
    raised = _RAISED.search(" ".join(recent))
    if raised is None:
        return
    word, power = raised[1], raised[2].replace(" ", "")
    base = recent[-1 - raised[0].strip().count(" ")]
    if base.type != "VARIABLE":
        return
    if is_letter(word) or word in declared_names():
        raise error_at(base, f"{word}{power}(...) could be the function {word} or a product",
                      f"write {word}(...){power} for the function, {word}{power}*(...) for the product")
    if word.isalpha() and len(word) > 1 and left.end_pos == right.start_pos:
        raise error_at(base, *no_function(word, power=power, count=_count_arguments(rest)))


def _count_arguments(rest: Iterator[Token]) -> int:
    """How many arguments the parenthesis just opened holds, as far as the text has tokens."""
    depth, commas, empty = 1, 0, True
    try:
        for token in rest:
            depth += {"LPAR": 1, "RPAR": -1}.get(token.type, 0)
            if not depth:
                return 0 if empty else commas + 1
            empty = False
            commas += depth == 1 and token.type == "COMMA"
    except (LookupError, UnexpectedInput, ParseError):
        pass  # a later mistake: the one at hand comes first
    return commas + 1


def _check_word(left: Token, right: Token) -> None:
    if left.type == "NUMBER" and right.type != "FUNCTION":
        _check_suffix(left, right)
    if right in _OPERATORS:
        raise error_at(right, f"{str(right)!r} is no operator here", f"write {_OPERATORS[right]}; for a product write {left}*{right}")
    if left.type in _WORDS and not _STATEMENTS.isdisjoint((left, right)):
        word = left if left in _STATEMENTS else right
        raise error_at(word, f"{str(word)!r} is a word of Python's statements, and a formula has none",
                      f"for a product write {left}*{right}{'(...)' if right.type == 'FUNCTION' else ''}")


def _check_suffix(number: Token, word: Token) -> None:
    spelled = f"{number} {word}"
    if number.end_pos == word.start_pos:
        for shape, skip, reason, hint in _SUFFIXES:
            if shape.fullmatch(spelled):
                raise error_at(word, reason.format(number, word), hint.format(number, word), skip)
    elif _SPACED.fullmatch(spelled):
        raise error_at(word, *_spaced(number, str(word), f"{number}*{word}"))


def check_signed(recent: Sequence[Token], right: Token) -> None:
    """A number behind a sign: 1 e-5 would be 1*e - 5, and it is hardly meant."""
    if len(recent) < 3:
        return
    number, letter, sign = recent[-3], recent[-2], recent[-1]
    if number.type == "NUMBER" and number.end_pos != letter.start_pos and letter.end_pos == sign.start_pos and sign.end_pos == right.start_pos \
            and _SPACED.fullmatch(f"{number} {letter}{right}"):
        raise error_at(letter, *_spaced(number, f"{letter}{sign}{right}", f"{number}*{letter} {sign} {right}"))


def _spaced(number: Token, exponent: str, otherwise: str) -> tuple[str, str]:
    return "a space stands inside a number", f"write {number}{exponent} for the number, otherwise {otherwise}"
