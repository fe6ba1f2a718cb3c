"""Calls of abstract functions in text: f(x), f'(x), f'1,2(x, y)."""

from __future__ import annotations

from collections.abc import Iterator

from lark import Token

from symdiff.errors import ParseError
from symdiff.numbers import integer_of
from symdiff.operations.abstract import AbstractOp, abstract_row

__all__ = ["called_row", "typed_calls"]


def typed_calls(stream: Iterator[Token], names: frozenset[str]) -> Iterator[Token]:
    """A declared name, with the quotes behind it, is a function where a parenthesis follows; else it stays a word."""
    held: Token | None = None
    quotes: Token | None = None
    for token in stream:
        if held is not None:
            if token.type == "PRIME" and quotes is None and token.start_pos == held.end_pos:
                quotes = token
                continue
            if token.type == "LPAR":
                yield _function(held, quotes)
            elif quotes is not None:
                raise ParseError(f"{held}{quotes} is a function and lacks its argument", line=token.line or 1, column=token.column or 1,
                                 hint=f"write {held}{quotes}(x)")
            else:
                yield held
            held = quotes = None
        if token.type == "WORD" and token in names:
            held = token
        else:
            yield token
    if held is not None:
        yield held if quotes is None else _function(held, quotes)


def _function(name: Token, quotes: Token | None) -> Token:
    end = quotes or name
    return Token("FUNCTION", name + (quotes or ""), name.start_pos, name.line, name.column, end.end_line, end.end_column, end.end_pos)


def called_row(name: Token, count: int) -> AbstractOp:
    """The row that such a token calls with so many arguments."""
    spelled = str(name)  # a row must not keep the token and with it the place in some text
    if spelled.endswith("'"):
        function = spelled.rstrip("'")
        primes = len(spelled) - len(function)
        if count != 1:
            raise _wrong(name, f"{name} does not say by which of its {count} arguments it is differentiated",
                         f"write {function}'1 or {function}'2")
        return abstract_row(function, 1, (1,) * primes)
    function, quotes, places = spelled.partition("'")
    by = tuple(sorted(integer_of(place) for place in places.split(","))) if places else ()
    if quotes and not all(1 <= place <= count for place in by):
        raise _wrong(name, f"{name} names an argument that {function} does not have here", f"it has {count}, counted from 1")
    return abstract_row(function, count, by)


def _wrong(name: Token, reason: str, hint: str) -> ParseError:
    return ParseError(reason, line=name.line or 1, column=name.column or 1, hint=hint)
