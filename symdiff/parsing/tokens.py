"""What a word or a bar means, decided between lexer and parser; and the mistakes that show in two neighbouring tokens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lark import Token

from symdiff.errors import ParseError
from symdiff.functions import declared_names
from symdiff.parsing.abstract import typed_calls
from symdiff.parsing.hints import SIGNS, no_function
from symdiff.symbols import NOT_NUMBERS, is_letter, meaning, misleading

__all__ = ["Tokens"]

_ENDS_OPERAND = frozenset({"NUMBER", "VARIABLE", "CONSTANT", "RPAR", "RBAR", "SUPERSCRIPT"})
_SIGNS = frozenset({"PLUS", "MINUS"})
_OPENS, _CLOSES = frozenset({"LPAR", "LBAR"}), frozenset({"RPAR", "RBAR"})
_CALLS = frozenset({"FUNCTION", "ROOT"})
_STARTS_OPERAND = frozenset({"NUMBER", "VARIABLE", "CONSTANT", "FUNCTION", "LPAR", "LBAR", "ROOT"})


class Tokens:
    """The filter between lexer and parser: types words, pairs bars, and refuses what would be read in a surprising way."""

    always_accept = ("WORD", "BAR", "PRIME")

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        before: Token | None = None
        previous: Token | None = None
        enclosing: list[tuple[str, _Bare | None]] = []
        bare: _Bare | None = None
        names = declared_names()
        for raw in typed_calls(_letters(stream), names) if names else _letters(stream):
            token = raw
            ended = previous is not None and previous.type in _ENDS_OPERAND
            if raw.type == "WORD":
                token = _typed(raw)
            elif raw.type == "BAR":
                closes = ended and bool(enclosing) and enclosing[-1][0] == "LBAR"
                token = Token.new_borrow_pos("RBAR" if closes else "LBAR", raw, raw)
            elif token.type == "PRIME":
                raise _error(token, f"{token[0]!r} has no meaning here", SIGNS["'" if token.start_pos else '"'])
            kind = token.type
            if ended and previous is not None and kind in _STARTS_OPERAND:
                _check_neighbours(before, previous, token)
            if bare is not None:
                bare = bare.then(token)
            if kind in _OPENS:
                enclosing.append((kind, bare))
                bare = None
            elif kind in _CLOSES and enclosing:
                bare = enclosing.pop()[1]
            elif kind in _CALLS:
                bare = _Bare(token)
            yield token
            before, previous = previous, token


class _Bare:
    """A function whose argument is written without parentheses, while it is being read: what follows sin 2 or sin x^2 side by side
    could belong to the argument or not, so it is refused; another function may follow (sin x cos x)."""

    __slots__ = ("argument", "function", "raised")

    def __init__(self, function: Token) -> None:
        self.function = function
        self.argument = ""
        self.raised = False  # a power sign was read and its exponent is due

    def then(self, token: Token) -> _Bare | None:
        """The state behind the next token; None where the argument, if there is one, has ended."""
        kind = token.type
        if kind == "POWER":
            self.raised = True
            self.argument += "^..." if self.argument else ""
        elif (kind in _SIGNS and self.raised) or kind == "SUPERSCRIPT":
            pass
        elif kind not in _STARTS_OPERAND:
            return None
        elif self.raised:
            self.raised = False
        elif self.argument:
            if kind in _CALLS:
                return None
            beside = "..." if kind in _OPENS else token
            raise _error(token, f"it is unclear whether this belongs to the argument of {self.function}",
                         f"write {self.function}({self.argument}*{beside}) or {self.function}({self.argument})*{beside}")
        elif kind in _OPENS:
            return None
        else:
            self.argument = str(token)
        return self


def _letters(stream: Iterator[Token]) -> Iterator[Token]:
    """Types the words that are functions only where a parenthesis follows: gamma*x has a variable gamma, gamma(x) calls one."""
    held: Token | None = None
    for token in stream:
        if held is not None:
            yield held if token.type == "LPAR" else Token.new_borrow_pos("VARIABLE", held, held)
        held = token if token.type == "WORD" and is_letter(token) else None
        if held is None:
            yield token
    if held is not None:
        yield Token.new_borrow_pos("VARIABLE", held, held)


def _typed(token: Token) -> Token:
    word = str(token)
    if flaw := misleading(word):
        raise _error(token, *flaw)
    if word in NOT_NUMBERS:
        raise _error(token, f"{word!r} is not a real number", "expressions hold real numbers only")
    return Token.new_borrow_pos(meaning(word), token, token)


def _check_neighbours(before: Token | None, left: Token, right: Token) -> None:
    """Two operands side by side are a product; refuse the cases where that is hardly what was meant."""
    if right.line != left.end_line:
        raise _error(right, "a second formula starts on a new line", "put an operator at the line's end, or give one formula at a time")
    if right.type == "LPAR" and left.type in ("VARIABLE", "CONSTANT"):
        raise _error(left, *no_function(str(left), left.type == "CONSTANT"))
    adjacent = left.end_pos == right.start_pos
    if right.type == "NUMBER":
        if adjacent and left.type == "NUMBER":
            raise _error(right, f"{left}{right} is no number", "a number has one decimal point, and its exponent has none")
        raise _error(right, "a number stands beside another operand", "write * between them for a product")
    if left.type == "NUMBER" and adjacent and right.type in ("VARIABLE", "CONSTANT"):
        _check_suffix(left, right)
    if before is not None and before.type == "OVER" and left.type == "VARIABLE" and left[:1] == "d" and len(left) > 1 \
            and before.end_pos == left.start_pos:
        raise _error(left, f"d/{left} is read as a quotient of variables",
                     f"to differentiate, use diff(formula, variable); for the quotient write (d/{left})*...")


def _check_suffix(number: Token, word: Token) -> None:
    if number == "0" and len(word) > 1 and word[0] in "xXbBoO" and word[1].isalnum():
        raise _error(word, f"{number}{word} is no number here", "write the number in decimal digits")
    if word in ("e", "E") and number.isdigit():
        raise _error(word, f"{number}{word} lacks its exponent", f"write {number}*{word} for a product, {number}e0 for a number", past=True)
    if word.startswith("_"):
        raise _error(word, f"{number}{word} is no number", f"digits are grouped as in 1_000; write {number}*{word} for a product")
    if word == "L" and number.isdigit():
        raise _error(word, f"{number}{word} is a number in C and a product here",
                     f"write {number}*{word} for the product, {number} for the number")
    if word in ("j", "J"):
        raise _error(word, f"{number}{word} would be complex, and expressions hold real numbers",
                     f"write {number}*{word} for a product with a variable {word}")


def _error(token: Token, reason: str, hint: str = "", past: bool = False) -> ParseError:
    column: Any = token.end_column if past else token.column
    return ParseError(reason, line=token.line or 1, column=column or 1, hint=hint)
