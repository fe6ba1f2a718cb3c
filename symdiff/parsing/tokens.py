"""What a word or a bar means, decided between lexer and parser."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from lark import Token

from symdiff.functions import declared_names
from symdiff.operations import TABLE
from symdiff.parsing.abstract import typed_calls
from symdiff.parsing.hints import PRIMES, example_call
from symdiff.parsing.mistakes import error_at
from symdiff.parsing.neighbours import REMEMBERED, check_neighbours, check_signed
from symdiff.symbols import NOT_NUMBERS, function_name, is_letter, meaning, misleading

__all__ = ["Tokens"]

_ENDS_OPERAND = frozenset({"NUMBER", "VARIABLE", "CONSTANT", "RPAR", "RBAR", "SUPERSCRIPT"})
_SIGNS = frozenset({"PLUS", "MINUS"})
_BEGINS_OPERAND = frozenset({"LPAR", "COMMA", "PLUS"})
"""What a single number or name is an operand of its own behind, also for an operator that binds like *."""
_SINGLE = frozenset({"NUMBER", "VARIABLE", "CONSTANT"})
_OPENS, _CLOSES = frozenset({"LPAR", "LBAR"}), frozenset({"RPAR", "RBAR"})
_CALLS = frozenset({"FUNCTION", "ROOT"})
_STARTS_OPERAND = frozenset({"NUMBER", "VARIABLE", "CONSTANT", "FUNCTION", "LPAR", "LBAR", "ROOT"})


class Tokens:
    """The filter between lexer and parser: types words, pairs bars, and refuses what would be read in a surprising way."""

    always_accept = ("WORD", "BAR", "PRIME")

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        recent: deque[Token] = deque(maxlen=REMEMBERED)
        previous: Token | None = None
        enclosing: list[tuple[str, _Bare | None]] = []
        bare: _Bare | None = None
        names = declared_names()
        source = typed_calls(_letters(stream), names) if names else _letters(stream)
        for raw in source:
            token = raw
            ended = previous is not None and previous.type in _ENDS_OPERAND
            if raw.type == "WORD":
                token = _typed(raw)
            elif raw.type == "BAR":
                closes = ended and bool(enclosing) and enclosing[-1][0] == "LBAR"
                token = Token.new_borrow_pos("RBAR" if closes else "LBAR", raw, raw)
            elif token.type == "PRIME":
                behind = previous.type if previous is not None and (ended or previous.type == "FUNCTION") else ""
                raise error_at(token, f"{token[0]!r} has no meaning here", PRIMES.get(behind, PRIMES["VARIABLE"]))
            kind = token.type
            if ended and kind in _STARTS_OPERAND:
                check_neighbours(recent, token, source)
            elif kind == "NUMBER":
                check_signed(recent, token)
            if bare is not None:
                bare = bare.then(token)
            if kind in _OPENS:
                enclosing.append((kind, bare))
                bare = None
            elif kind in _CLOSES and enclosing:
                bare = enclosing.pop()[1]
            elif kind in _CALLS:
                bare = _Bare(token, previous if ended and (len(recent) == 1 or recent[-2].type in _BEGINS_OPERAND) else None)
            yield token
            previous = token
            recent.append(token)


class _Bare:
    """A function whose argument is written without parentheses, while it is being read: what follows sin 2 or sin x^2 side by side
    could belong to the argument or not, so it is refused; another function may follow (sin x cos x)."""

    __slots__ = ("argument", "function", "left", "raised")

    def __init__(self, function: Token, left: Token | None) -> None:
        self.function = function
        self.left = left  # what ends the operand before it, if one stands there: 7 mod 3
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
            raise error_at(token, f"it is unclear whether this belongs to the argument of {self.function}",
                         f"write {self.function}({self.argument}*{beside}) or {self.function}({self.argument})*{beside}")
        elif kind in _OPENS:
            return None
        else:
            self._check_count(token)
            self.argument = str(token)
        return self

    def _check_count(self, argument: Token) -> None:
        """One argument without parentheses is not enough for a function of several."""
        name = function_name(self.function)
        if name is None or TABLE[name].arity < 2 or 1 in TABLE[name].otherwise:
            return
        left = self.left
        known = left is not None and left.type in _SINGLE and argument.type in _SINGLE
        raise error_at(self.function, f"{self.function} takes {TABLE[name].arity_text}, not 1",
                      f"write {self.function}({left}, {argument})" if known else f"write {example_call(self.function)}")


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
        raise error_at(token, flaw.reason, flaw.hint, flaw.place)
    if word in NOT_NUMBERS:
        raise error_at(token, f"{word!r} is not a real number", "expressions hold real numbers only")
    return Token.new_borrow_pos(meaning(word), token, token)
