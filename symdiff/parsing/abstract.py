"""Calls of abstract functions in text: f(x), f'(x), f'1,2(x, y)."""

from __future__ import annotations

from collections.abc import Iterator

from lark import Token

from symdiff.numbers import integer_of
from symdiff.operations.abstract import AbstractOp, abstract_row
from symdiff.parsing.mistakes import error_at

__all__ = ["called_row", "typed_calls"]


def typed_calls(stream: Iterator[Token], names: frozenset[str]) -> Iterator[Token]:
    """A declared name, with the quotes or the power behind it, is a function where a parenthesis follows; else it stays a word."""
    held: list[Token] = []
    for token in stream:
        if held:
            if _goes_on(held, token):
                held.append(token)
                continue
            yield from _typed(held, token)
            held = []
        if token.type == "WORD" and token in names:
            held = [token]
        else:
            yield token
    yield from _typed(held, None)


def _goes_on(held: list[Token], token: Token) -> bool:
    """Whether a token may stand between a function's name and its parenthesis: f'(x), f^2(x), f'^-1(x), f²(x)."""
    before, kind = held[-1].type, token.type
    if before == "WORD" and kind == "PRIME":
        return token.start_pos == held[-1].end_pos
    return kind in _BETWEEN.get(before, ())


_BETWEEN = {"WORD": ("POWER", "SUPERSCRIPT"), "PRIME": ("POWER", "SUPERSCRIPT"), "POWER": ("MINUS", "NUMBER"), "MINUS": ("NUMBER",)}


def _typed(held: list[Token], following: Token | None) -> Iterator[Token]:
    """What was held back: a function if a parenthesis follows."""
    if not held:
        return
    name, quotes = held[0], held[1] if len(held) > 1 and held[1].type == "PRIME" else None
    rest = held[1 + (quotes is not None):]
    called = following is not None and following.type == "LPAR" and (not rest or rest[-1].type in ("NUMBER", "SUPERSCRIPT"))
    if called or (quotes is not None and following is None and not rest):
        yield _function(name, quotes)
    elif quotes is not None:
        place = rest[0] if rest or following is None else following
        raise error_at(place, f"{name}{quotes} is a function and lacks its argument", f"write {name}{quotes}(x)")
    else:
        yield name
    yield from rest


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
            raise error_at(name, f"{name} does not say by which of its {count} arguments it is differentiated",
                         f"write {function}'1 or {function}'2")
        return abstract_row(function, 1, (1,) * primes)
    function, quotes, places = spelled.partition("'")
    by = tuple(sorted(integer_of(place) for place in places.split(","))) if places else ()
    if quotes and not all(1 <= place <= count for place in by):
        raise error_at(name, f"{name} names an argument that {function} does not have here", f"it has {count}, counted from 1")
    return abstract_row(function, count, by)
