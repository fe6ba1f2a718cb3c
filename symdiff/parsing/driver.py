"""The inner loops of lexer and parser over the tables that Lark made from the grammar: the same reading, in about half the time.

Lark's own loops spend most of it on assertions, on token set-up and on reductions that pass one value through; errors are left to them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, cast

from lark import Lark, Token
from lark.exceptions import UnexpectedInput, VisitError
from lark.parse_tree_builder import ExpandSingleChild
from lark.parsers.lalr_analysis import Shift

from symdiff.errors import ParseError
from symdiff.expr import Expr

__all__ = ["Driver", "read_formula", "with_newlines"]

Reduction = tuple[int, str, Callable[[list[Any]], Any] | None]


def read_formula(
        text: str, body: str, driver: Driver, parser: Callable[[], Lark], typed: Callable[[Iterator[Token]], Iterator[Token]],
        explained: Callable[[UnexpectedInput, str], ParseError]) -> Expr:
    """The formula of a text's body, by the driver; where there is none, Lark finds out what was expected, and the error tells it.

    typed: what comes between lexer and parser.  explained: the parser's error as one of the library, which shows the text.
    """
    text, body = with_newlines(text), with_newlines(body)
    try:
        try:
            return cast(Expr, driver.run(typed(driver.tokens(body))))
        except LookupError:
            return cast(Expr, parser().parse(body))
    except ParseError as error:
        error.text = text
        raise
    except VisitError as error:
        if isinstance(error.orig_exc, ParseError):
            error.orig_exc.text = text
        raise error.orig_exc from None
    except UnexpectedInput as error:
        raise explained(error, text) from None


_LONE_RETURN = re.compile(r"\r(?!\n)")


def with_newlines(text: str) -> str:
    r"""The text with \n for each \r that ends a line by itself, so that every place keeps its number.

    >>> with_newlines("x\r+ y\r\n")
    'x\n+ y\r\n'
    """
    return _LONE_RETURN.sub("\n", text) if "\r" in text else text


class Driver:
    """The tables of a parser in the form the loop wants: a state's number for a shift; size, origin and action for a reduction."""

    def __init__(self, lark: Lark) -> None:
        inner: Any = lark.parser.parser
        table = inner._parse_table
        self.start, self.end = table.start_states["start"], table.end_states["start"]
        scanner: Any = lark._build_lexer().scanner
        (self.pattern,) = scanner._mres
        self.ignored = lark.ignore_tokens
        shared: dict[Any, Reduction] = {}
        self.actions: dict[int, dict[str, int | Reduction]] = {
            state: {str(name): to if action is Shift else shared.setdefault(to, _reduction(to, inner.parser.callbacks[to]))
                    for name, (action, to) in row.items()}
            for state, row in table.states.items()}

    def tokens(self, text: str) -> Iterator[Token]:
        """The tokens of a text with their places; LookupError at a character that begins none."""
        place, line, line_start, ignored = 0, 1, 0, self.ignored
        for match in self.pattern.finditer(text):
            kind, start, end = match.lastgroup, match.start(), match.end()
            if start != place:
                break
            place = end
            value = match.group()
            if kind not in ignored:
                token = str.__new__(Token, value)
                token.type, token.value, token.start_pos, token.end_pos = kind, value, start, end
                token.line = token.end_line = line
                token.column, token.end_column = start - line_start + 1, end - line_start + 1
                yield token
            elif "\n" in value:
                line += value.count("\n")
                line_start = start + value.rfind("\n") + 1
        if place != len(text):
            raise LookupError(place)

    def run(self, tokens: Iterable[Token]) -> Any:
        """The value of a token stream; LookupError where it is no formula."""
        actions = self.actions
        state, states = self.start, [self.start]
        values: list[Any] = []
        for token in tokens:
            kind = token.type
            while True:
                action = actions[state][kind]
                if type(action) is int:
                    break
                state = _reduced(action, states, values, actions)
            state = action
            states.append(state)
            values.append(token)
        while state != self.end:
            state = _reduced(actions[state]["$END"], states, values, actions)
        return values[0]


def _reduced(action: Any, states: list[int], values: list[Any], actions: Any) -> int:
    size, origin, build = action
    if build is not None:
        values[-size:] = [build(values[-size:])]
    del states[-size:]
    state: int = actions[states[-1]][origin]
    states.append(state)
    return state


def _reduction(rule: Any, callback: Any) -> Reduction:
    size = len(rule.expansion)
    return size, str(rule.origin.name), None if size == 1 and isinstance(callback, ExpandSingleChild) else callback
