"""Programs from text: lines (or parts between ';') of name = formula; what a formula is, is the grammar's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from symdiff import limits
from symdiff.errors import DefinitionError, LimitError, ParseError, UsageError
from symdiff.expr import Expr
from symdiff.functions import Function
from symdiff.parsing.driver import with_newlines
from symdiff.parsing.infix import parse, tokens_of
from symdiff.programs import Program
from symdiff.symbols import Symbol
from symdiff.walk import free_symbols

__all__ = ["parse_program"]

_MARK = re.compile(r"[()\n;]")
_GOES_ON = re.compile(r"(?:[-+*/^=<>,·×⋅÷−≤≥≠]|\b(?:if|else|and|or|not))\s*\Z")
_HEAD = re.compile(r"\s*([^\W\d]\w*)\s*=(?!=)")
_SINGLE_EQUALS = re.compile(r"(?<![=<>!])=(?!=)")


@dataclass(frozen=True, slots=True)
class _Statement:
    """One part of the text between separators, its formula, and where that begins in the whole."""

    whole: str
    start: int
    end: int
    name: str | None
    name_start: int
    formula_start: int

    @property
    def formula(self) -> str:
        return self.whole[self.formula_start:self.end]

    def error(self, place: int, reason: str, hint: str = "") -> ParseError:
        """At a place of the whole text."""
        line = self.whole.count("\n", 0, place)
        return ParseError(reason, self.whole, line + 1, place - self.whole.rfind("\n", 0, place), hint)

    def place_of(self, name: str) -> int:
        """Where the formula has this variable first."""
        return self.formula_start + next((token.start_pos or 0 for token in tokens_of(self.formula) if token == name), 0)


def parse_program(text: str, functions: Iterable[str | Function] = ()) -> Program:
    """Read several formulas, a line each or separated by ';': name = formula, the last one (named or not) being the output.

    A formula may go on in the next line inside parentheses or behind an operator.  A name stands for its formula in all later
    lines.  functions: names of abstract functions, as for `parse`.
    Raises ParseError with line and column in the whole text, also for a name used before its definition, defined twice, or taken by the
    language; LimitError beyond `symdiff.limits`.

    >>> p = parse_program("z = w*x + b; a = sigmoid(z); (a - y)^2")
    >>> p.names, p.output
    (('z', 'a'), Expr('(a - y)^2'))
    >>> parse_program("a = b + 1; b = 2")
    Traceback (most recent call last):
    symdiff.errors.ParseError: line 1, column 5: 'b' is used before its definition
      a = b + 1; b = 2
          ^
      move the definition of b before this line, or choose another name
    """
    if not isinstance(text, str):
        raise UsageError(f"parse_program takes text, not {type(text).__name__}")
    if len(text) > limits.input_length:
        raise LimitError(f"the program has {len(text)} characters", "input_length", limits.input_length)
    text, functions = with_newlines(text), list(functions)
    statements = list(_statements(text))
    if not statements:
        raise ParseError("there is no formula", text, hint="write lines such as z = w*x + b")
    definitions: dict[str, Expr] = {}
    users: dict[str, _Statement] = {}  # the first statement that has a variable nobody defined before
    for statement in statements:
        if statement.name is not None:
            _check_name(statement, definitions, users)
        elif statement is not statements[-1]:
            raise statement.error(statement.formula_start, "only the last formula may have no name", "write name = formula")
        formula = _parsed(statement, functions)
        for symbol in free_symbols(formula):
            if symbol.value not in definitions:
                users.setdefault(symbol.value, statement)
        if statement.name is None:
            return Program(definitions, formula)
        if users.get(statement.name) is statement:
            place = statement.place_of(statement.name)
            raise statement.error(place, f"{statement.name!r} is used in its own definition", "choose another name")
        definitions[statement.name] = formula
    return Program(definitions)


def _statements(text: str) -> Iterator[_Statement]:
    """Cut at ';' and at the ends of lines, but not inside parentheses, and not at a line's end behind an operator."""
    start = line = depth = 0
    for place, sign in [(mark.start(), mark[0]) for mark in _MARK.finditer(text)] + [(len(text), ";")]:
        if sign == "(":
            depth += 1
        elif sign == ")":
            depth = max(0, depth - 1)
        else:
            if sign == ";" or (depth == 0 and not _GOES_ON.search(text[line:place])):
                if text[start:place].strip():
                    yield _statement(text, start, place)
                start, depth = place + 1, 0
            line = place + 1


def _statement(text: str, start: int, end: int) -> _Statement:
    """Take a part of the text into its name, if it has one, and its formula."""
    head = _HEAD.match(text, start, end)
    if head is not None:
        return _Statement(text, start, end, head[1], head.start(1), head.end())
    begin = start + len(text[start:end]) - len(text[start:end].lstrip())
    statement = _Statement(text, start, end, None, begin, begin)
    if equals := _SINGLE_EQUALS.search(text, start, end):
        raise statement.error(equals.start(), "only one name stands before '='",
                              "an equation is written ==; a function is made with define(\"f(u) = ...\")")
    return statement


def _check_name(statement: _Statement, definitions: dict[str, Expr], users: dict[str, _Statement]) -> None:
    name = statement.name or ""
    try:
        Symbol(name)
    except DefinitionError as error:
        raise statement.error(statement.name_start, str(error), "choose another name") from None
    if name in definitions:
        raise statement.error(statement.name_start, f"{name!r} is defined twice", "give the second formula a name of its own")
    if name in users:
        user = users[name]
        raise user.error(user.place_of(name), f"{name!r} is used before its definition",
                         f"move the definition of {name} before this line, or choose another name")


def _parsed(statement: _Statement, functions: list[str | Function]) -> Expr:
    """The formula, errors in it placed in the whole text."""
    try:
        formula = parse(statement.formula, functions)
    except ParseError as error:
        raise error.placed_in(statement.whole, statement.formula_start) from None
    if formula.op.relation:
        raise statement.error(statement.formula_start, "a condition is no value", "for a choice write a if condition else b")
    return formula
