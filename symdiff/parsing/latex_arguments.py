r"""Braces for every argument in LaTeX, \frac12 and x^2 having none, and which bracket closes which."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lark import Token

from symdiff.errors import ParseError
from symdiff.parsing.latex_words import SIGNS

__all__ = ["braced", "mates", "refused"]

_ARGUMENTS = {"FRAC": 2, "ROOT": 1, "POWER": 1, "UNDERSCORE": 1}
_SINGLE = frozenset({"NUMBER", "LETTER", "WORD", "COMMAND", "PARTIAL"})
_PAIRS = {"RBRACE": "LBRACE", "RPAR": "LPAR", "ROPT": "LOPT", "RBAR": "LBAR", "RFLOOR": "LFLOOR", "RCEIL": "LCEIL", "END": "BEGIN"}
_OPENS = frozenset(_PAIRS.values())
_SHAPES = {"(": ")", "[": "]", "{": "}", "k": "k", "e": "e"}  # by the last character: \lbrack \rbrack, \lbrace \rbrace


def refused(token: Token, reason: str, hint: str = "") -> ParseError:
    return ParseError(reason, line=token.line or 1, column=token.column or 1, hint=hint)


def braced(stream: Iterable[Token]) -> Iterator[Token]:
    """Commands with a sign of their own typed, and every argument of a fraction, root, power or subscript in braces."""
    due: list[list[int]] = []
    """Open places, innermost last: [arguments still wanted, 1 if a brace of ours closes with them]; [-1, 1] for the braces of an argument,
    [-1, 0] for others, [-2, 0] for the brackets of a root's degree."""
    owner = Token("COMMAND", "")
    for raw in stream:
        for token in _digits(raw, owner, due):
            sign = SIGNS.get(str(token)[1:]) if token.type == "COMMAND" else None
            typed = token if sign is None else _retyped(token, *sign)
            wanting = bool(due) and due[-1][0] > 0
            yield from _with_braces(typed, owner, due, wanting)
            if typed.type in _ARGUMENTS:
                owner = typed
                if not wanting:
                    due.append([_ARGUMENTS[typed.type], 0])
    if due and due[-1][0] > 0:
        raise refused(owner, f"{str(owner)!r} lacks its argument", "write it in braces")


def _with_braces(token: Token, owner: Token, due: list[list[int]], wanting: bool) -> Iterator[Token]:
    kind = token.type
    if wanting and kind == "LPAR" and owner.type == "ROOT" and token == "[":
        due.append([-2, 0])
        yield _retyped(token, "LOPT", "[")
    elif kind == "RPAR" and due and due[-1][0] == -2 and token == "]":
        due.pop()
        yield _retyped(token, "ROPT", "]")
    elif kind == "LBRACE":
        due.append([-1, int(wanting)])
        yield token
    elif kind == "RBRACE":
        yield token
        if due and due[-1][0] == -1:
            yield from _completed(due, token, due.pop()[1])
    elif wanting:
        yield from _single(token, kind, owner, due)
    else:
        yield token


def _digits(token: Token, owner: Token, due: list[list[int]]) -> Iterator[Token]:
    r"""A number as TeX takes it where one argument is due: \frac12 is one half; x^23 would raise the 2 only, which nobody means."""
    if token.type != "NUMBER" or len(token) == 1 or not due or due[-1][0] <= 0:
        yield token
        return
    if owner.type != "FRAC":
        raise refused(token, f"without braces, TeX takes only the {token[0]} of {token} as the argument", f"write {owner}{{{token}}}")
    cut = due[-1][0]
    for place in range(min(cut, len(token))):
        yield _part(token, place, place + 1)
    if len(token) > cut:
        yield _part(token, cut, len(token))


def _part(token: Token, start: int, end: int) -> Token:
    column = token.column or 1
    begin = token.start_pos or 0
    return Token(token.type, token[start:end], begin + start, token.line, column + start, token.end_line, column + end, begin + end)


def _single(token: Token, kind: str, owner: Token, due: list[list[int]]) -> Iterator[Token]:
    if kind in ("FRAC", "ROOT"):  # its own arguments come first, then our brace
        yield _retyped(token, "LBRACE", "")
        yield token
        due.append([_ARGUMENTS[kind], 1])
        return
    if kind in ("PLUS", "MINUS"):
        raise refused(token, f"the argument of {str(owner)!r} begins with a sign and has no braces", f"write {owner}{{{token}...}}")
    if kind not in _SINGLE:
        raise refused(token, f"{str(owner)!r} lacks its argument", f"write it in braces: {owner}{{...}}")
    yield _retyped(token, "LBRACE", "")
    yield token
    yield _retyped(token, "RBRACE", "")
    yield from _completed(due, token, 1)


def _completed(due: list[list[int]], token: Token, argument: int) -> Iterator[Token]:
    """One argument less is wanted; where it was the last of one without braces, that argument ends too."""
    while argument and due and due[-1][0] > 0:
        due[-1][0] -= 1
        if due[-1][0]:
            return
        argument = due.pop()[1]
        if argument:
            yield _retyped(token, "RBRACE", "")


def _retyped(token: Token, kind: str, text: str) -> Token:
    return Token.new_borrow_pos(kind, text, token)


def mates(tokens: list[Token]) -> dict[int, int]:
    """For the place of every opening bracket the place of the one that closes it."""
    found: dict[int, int] = {}
    stack: list[int] = []
    for place, token in enumerate(tokens):
        kind = token.type
        if kind in _OPENS:
            stack.append(place)
        elif kind in _PAIRS:
            opened = tokens[stack[-1]] if stack else None
            if opened is None:
                raise refused(token, f"{str(token)!r} closes nothing", "take it away, or open it before")
            if opened.type != _PAIRS[kind] or (kind == "RPAR" and _SHAPES[opened[-1]] != token[-1]):
                raise refused(token, f"{str(token)!r} cannot close the {str(opened)!r} at {_place(opened, token)}", "close that one first")
            found[stack.pop()] = place
    if stack:
        opened = tokens[stack[-1]]
        raise refused(opened, f"the {str(opened)!r} is not closed", "close it, or take it away")
    return found


def _place(opened: Token, token: Token) -> str:
    return f"column {opened.column}" if opened.line == token.line else f"line {opened.line}, column {opened.column}"
