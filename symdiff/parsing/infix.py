"""Formula text to expressions; what the grammar's rules build is in actions.py."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, cast

from lark import Lark, Token

from symdiff import limits
from symdiff.errors import LimitError, ParseError, UsageError
from symdiff.expr import Expr
from symdiff.functions import Function, declaring
from symdiff.grammar_files import grammar_text
from symdiff.parsing.actions import Actions
from symdiff.parsing.driver import Driver, read_formula
from symdiff.parsing.explaining import explained
from symdiff.parsing.tokens import Tokens
from symdiff.walk import paused_collector

__all__ = ["parse", "tokens_of"]


def parse(text: str, functions: Iterable[str | Function] = ()) -> Expr:
    """Read a formula, as written: parse("x + x") is x + x.

    text: infix text; grammar/math.lark is its definition.  A decimal literal is a float, integers and their quotients are exact,
    names are real variables, `log` is the natural logarithm.  functions: names that this text calls as abstract functions, besides
    those declared with `Function`.
    Raises ParseError with line, column and a hint for text that is no formula, LimitError beyond `symdiff.limits`.

    >>> parse("2x sin(x)^2")
    Expr('2*x*sin(x)^2')
    >>> parse("1/2x")
    Expr('1/2*x')
    """
    if not isinstance(text, str):
        raise UsageError(f"parse takes text, not {type(text).__name__}")
    if len(text) > limits.input_length:
        raise LimitError(f"the formula has {len(text)} characters", "input_length", limits.input_length)
    if not text.strip():
        raise ParseError("there is no formula", text, hint="write one, such as x^2*sin(x)")
    with declaring(functions), paused_collector():
        return read_formula(text, text, _driver(), _parser, Tokens().process, explained)


def tokens_of(text: str) -> Iterator[Token]:
    """The tokens of a formula, words typed, with their places."""
    return _parser().lex(text)


@lru_cache(maxsize=1)
def _parser() -> Lark:
    return Lark(grammar_text("math.lark"), parser="lalr", lexer="basic", maybe_placeholders=False,
                transformer=cast(Any, Actions()), postlex=cast(Any, Tokens()))


@lru_cache(maxsize=1)
def _driver() -> Driver:
    return Driver(_parser())
