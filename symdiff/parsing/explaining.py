"""Where text stops being a formula, and what was expected there: the parser's own errors in the words of the language."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, cast

from lark import Token
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from symdiff.errors import ParseError
from symdiff.parsing.hints import EXPECTED, SIGNS
from symdiff.symbols import RESERVED

__all__ = ["explained"]

_DOUBLE_BAR = re.compile(r"[\w)]\s*(?<!\|)\|\|(?=\s)")


def explained(error: UnexpectedInput, text: str) -> ParseError:
    """The error of the parser as one of the library: the place, what was met there, and what could stand there."""
    if isinstance(error, UnexpectedCharacters):
        return _no_token(text, error.pos_in_stream or 0, error.line, error.column)
    if not isinstance(error, UnexpectedToken):
        return ParseError("this is no formula", text)
    token, line, column = error.token, error.token.line or 1, error.token.column or 1
    stack = [item for item in cast(Any, error.interactive_parser).parser_state.value_stack if isinstance(item, Token)]
    last = stack[-1] if stack else None
    if token.type == "$END":
        end = text.rstrip()
        line, column = end.count("\n") + 1, len(end) - end.rfind("\n")
    before = text[(token.start_pos or 0) - 1:token.start_pos]
    if token.type in ("RELATION", "OVER") and str(token) in "</>" and before in ("<", ">", "/") and token.type == _type_of(before):
        return ParseError(f"{before + token!r} has no meaning here", text, line, column - 1, SIGNS.get(before + token, ""))
    if token == ">" and before == "-":
        return ParseError("'->' has no meaning here", text, line, column - 1, SIGNS["->"])
    called = last if last is not None and last.type == "FUNCTION" else None
    if last is not None and last.type == "LPAR" and token.type == "RPAR" and len(stack) > 1 and stack[-2].type == "FUNCTION":
        called = stack[-2]
    if called is not None:
        return ParseError(f"{called} is a function and lacks its argument", text, line, column, f"write {called}(x)")
    wanted = _wanted(set(error.accepts or error.expected))
    hint = wanted if token == "," and "a number" in wanted and stack else SIGNS.get(str(token), "") or wanted
    if token.type == "$END":
        return _ended(text, stack, line, column, hint)
    if str(token) in RESERVED and str(token).upper() not in EXPECTED:
        hint = f"{str(token)!r} is a reserved word and cannot be a name"
    return ParseError(f"unexpected {str(token)!r}", text, line, column, hint)


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
    char = text[place]
    plain = unicodedata.normalize("NFKC", char)
    hint = SIGNS["="] if text.startswith(":=", place) else SIGNS.get(char) or (f"write {plain}" if plain != char and plain.isprintable() else "")
    if unicodedata.category(char).startswith("M"):
        whole = unicodedata.normalize("NFC", text[max(place - 1, 0):place + 1])
        shown, hint = f"the combining mark U+{ord(char):04X}", f"write {whole} as one character" if len(whole) == 1 else ""
    elif not char.isprintable():
        shown = f"the invisible character U+{ord(char):04X}"
    else:
        shown = repr(char)
        if char in "'’" and not text[:place].strip():
            hint = SIGNS['"']
    return ParseError(f"{shown} has no meaning here", text, line, column, hint)


def _wanted(types: set[str]) -> str:
    if {"NUMBER", "VARIABLE", "LPAR"} <= types:
        return "expected a number, a name, a function or '('"
    if "TIMES" in types:
        closing = "".join(f" or {EXPECTED[kind]}" for kind in ("RPAR", "RBAR", "$END") if kind in types)
        return f"expected an operator{closing}"
    names = [EXPECTED[kind] for kind in sorted(types) if kind in EXPECTED]
    return f"expected {', '.join(names[:-1])} or {names[-1]}" if len(names) > 1 else f"expected {names[0]}" if names else ""
