"""Where text stops being a formula, and what was expected there: the parser's own errors in the words of the language."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, cast

from lark import Token
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from symdiff.errors import ParseError
from symdiff.operations import TABLE
from symdiff.operations.op import Op
from symdiff.parsing.hints import EXPECTED, PREFIXES, PRIMES, SIGNS, example_call
from symdiff.symbols import RESERVED, function_name

__all__ = ["explained"]

_DOUBLE_BAR = re.compile(r"[\w)]\s*(?<!\|)\|\|(?=\s)")


def explained(error: UnexpectedInput, text: str) -> ParseError:
    """The error of the parser as one of the library: the place, what was met there, and what could stand there."""
    if isinstance(error, UnexpectedCharacters):
        return _no_token(text, error.pos_in_stream or 0, error.line, error.column)
    if not isinstance(error, UnexpectedToken):
        return ParseError("this is no formula", text)
    stack = list(cast(Any, error.interactive_parser).parser_state.value_stack)
    met = _Met(text, error.token, stack, *_place(error.token, text))
    return _two_signs(met) or _lacking(met) or _surplus(met) or _unexpected(met, _wanted(set(error.accepts or error.expected)))


@dataclass(frozen=True, slots=True)
class _Met:
    """A token that no formula goes on with, its place, and before it what is not yet part of something whole: tokens and values."""

    text: str
    token: Token
    stack: list[Any]
    line: int
    column: int

    def error(self, reason: str, hint: str = "", back: int = 0) -> ParseError:
        return ParseError(reason, self.text, self.line, self.column - back, hint)


def _place(token: Token, text: str) -> tuple[int, int]:
    if token.type != "$END":
        return token.line or 1, token.column or 1
    end = text.rstrip()
    return end.count("\n") + 1, len(end) - end.rfind("\n")


def _is(part: object, *kinds: str) -> bool:
    return isinstance(part, Token) and part.type in kinds


def _row(function: Token) -> Op | None:
    return TABLE.get(function_name(function) or "")


def _unexpected(met: _Met, wanted: str) -> ParseError:
    """The error of a token that cannot stand here, or of an end."""
    token, shown = met.token, str(met.token)
    wanted = _said_of_function(met) + wanted
    stack = [item for item in met.stack if isinstance(item, Token)]
    hint = wanted if token == "," and "a number" in wanted and stack else SIGNS.get(shown, "") or wanted
    if token.type == "$END":
        return _ended(met.text, stack, met.line, met.column, hint)
    if shown in RESERVED and shown.upper() not in EXPECTED:
        hint = f"{shown!r} is a reserved word and cannot be a name"
    return met.error(f"unexpected {shown!r}", hint)


def _two_signs(met: _Met) -> ParseError | None:
    """The error of a sign of other languages that is two signs here: << <> // ->."""
    token = met.token
    before = met.text[(token.start_pos or 0) - 1:token.start_pos]
    if token == ">" and before == "-":
        return met.error("'->' has no meaning here", SIGNS["->"], back=1)
    if token.type in ("RELATION", "OVER") and str(token) in "</>" and before in ("<", ">", "/") and token.type == _type_of(before):
        return met.error(f"{before + token!r} has no meaning here", SIGNS.get(before + token, ""), back=1)
    return None


def _lacking(met: _Met) -> ParseError | None:
    """The error of a function, perhaps raised to a power, whose argument is not there."""
    rest, token = list(met.stack), met.token
    if token.type == "RPAR" and rest and _is(rest[-1], "LPAR"):
        rest.pop()
    power = ""
    while rest and (_is(rest[-1], "POWER", "MINUS", "NUMBER", "SUPERSCRIPT") or (isinstance(rest[-1], list) and _is(rest[-1][-1], "NUMBER"))):
        power = "".join(rest.pop()) + power
    if not rest or not _is(rest[-1], "FUNCTION") or power in _UNFINISHED:
        return None
    function, example = rest[-1], example_call(rest[-1])
    negative = not power and token.type == "MINUS" and _NEGATIVE.match(met.text, (token.start_pos or 1) - 1)
    return met.error(f"{function} is a function and lacks its {'arguments' if ',' in example else 'argument'}",
                     f"write {function}(-x)" if negative else f"write {function}{power}{example.removeprefix(function)}")


_NEGATIVE = re.compile(r"\s\S\S")
"""A minus that stands at its operand and not at what is before it: sin -x, not sin - x."""
_UNFINISHED = frozenset({"^", "**", "^-", "**-"})


def _surplus(met: _Met) -> ParseError | None:
    """The error of a comma behind all the arguments that a function takes, where no argument follows."""
    if len(met.stack) < 4 or not (_is(met.stack[-1], "COMMA") and _is(met.stack[-4], "FUNCTION")):
        return None
    function, _, arguments, comma = met.stack[-4:]
    op = _row(function)
    if op is None or op.variadic or len(arguments.values) < op.arity:
        return None
    return ParseError(f"{function} takes {op.arity_text}, and a comma begins another", met.text, comma.line or 1, comma.column or 1,
                      "take away the comma and what stands behind it")


def _said_of_function(met: _Met) -> str:
    """What a hint says of a function before what was expected behind its name."""
    if len(met.stack) < 2 or not _is(met.stack[-2], "FUNCTION"):
        return ""
    function, op = met.stack[-2], _row(met.stack[-2])
    if _is(met.stack[-1], "POWER"):
        return f"the power of a function's name is an integer; write others behind the argument: {function}(x)^(...); "
    return f"{function} takes {op.arity_text}; " if op is not None and op.arity == 1 and met.token.type == "COMMA" else ""


def _ended(text: str, stack: list[Token], line: int, column: int, hint: str) -> ParseError:
    """The error of a formula that ends too early, with what is still open."""
    opened = next((item for item in reversed(stack) if item.type in ("LPAR", "LBAR")), None)
    if opened is not None and opened.type == "LBAR" and (double := _DOUBLE_BAR.search(text)):
        place = double.end() - 2
        return ParseError("'||' has no meaning here", text, text.count("\n", 0, place) + 1, place - text.rfind("\n", 0, place),
                          "write 'or' between conditions")
    if opened is not None:
        where = f"column {opened.column}" if opened.line == line else f"line {opened.line}, column {opened.column}"
        hint = f"{hint}; the {str(opened)!r} at {where} is not closed"
    return ParseError("the formula ends too early", text, line, column, hint)


def _type_of(sign: str) -> str:
    return "OVER" if sign == "/" else "RELATION"


def _no_token(text: str, place: int, line: int, column: int) -> ParseError:
    """The error of a character that begins nothing."""
    char, point = text[place], f"{ord(text[place]):04X}"
    if unicodedata.category(char).startswith("M"):
        whole = unicodedata.normalize("NFC", text[max(place - 1, 0):place + 1])
        shown, hint = f"the combining mark U+{point}", f"write {whole} as one character" if place and len(whole) == 1 else "take it away"
    elif not char.isprintable() or char in _BLANK:
        shown, hint = f"the invisible character U+{point}", SIGNS.get(char, "take it away")
    else:
        shown, hint = repr(char), _instead(text, place)
    named = f"; it is U+{point}" if not char.isascii() and shown == repr(char) else ""
    return ParseError(f"{shown} has no meaning here{named}", text, line, column, hint)


_BLANK = "\u2800\U0001d159"
"""Signs that print as nothing."""
_REMAINDER = re.compile(r"(?:^|[(,+])\s*([\w.]+)\s*%\s*([\w.]+)\s*(?=$|[-+),])")


def _instead(text: str, place: int) -> str:
    """What to write for a sign without a meaning."""
    char = text[place]
    if char == "%":
        found = next((found for found in _REMAINDER.finditer(text) if found.start() <= place < found.end()), None)
        return SIGNS["%"] if found is None else SIGNS["%"].replace("(x, y)", f"({found[1]}, {found[2]})")
    if text.startswith(":=", place) or text.startswith("===", place - 2):
        return SIGNS["=" if char == ":" else "==="]
    if char in "’′" and text[place - 1:place].isdecimal():
        return PRIMES["NUMBER"]
    if char in PREFIXES and not re.search(r"[\w)|⁰¹²³⁴-⁹]\s*$", text[:place]):
        return PREFIXES[char]
    plain = unicodedata.normalize("NFKC", char)
    written = f"write {plain}" if plain != char and plain.isascii() and plain.isprintable() and plain.strip() == plain else ""
    return next((SIGNS[text[place:place + size]] for size in (3, 2, 1) if text[place:place + size] in SIGNS), written)


def _wanted(types: set[str]) -> str:
    if {"NUMBER", "VARIABLE", "LPAR"} <= types:
        return "expected a number, a name, a function or '('"
    if "TIMES" in types:
        closing = "".join(f" or {EXPECTED[kind]}" for kind in ("RPAR", "RBAR", "$END") if kind in types)
        return f"expected an operator{closing}"
    names = [EXPECTED[kind] for kind in sorted(types) if kind in EXPECTED]
    return f"expected {', '.join(names[:-1])} or {names[-1]}" if len(names) > 1 else f"expected {names[0]}" if names else ""
