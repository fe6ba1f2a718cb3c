"""LaTeX formulas to expressions: the textbook's spellings, and what `latex` prints."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, cast

from lark import Lark, Token
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from symdiff import limits
from symdiff.calculus.forward import diff
from symdiff.errors import LimitError, ParseError, UsageError
from symdiff.expr import NUMBER, SYMBOL, ZERO, Expr, number
from symdiff.functions import Function, declared_names, declaring
from symdiff.grammar_files import grammar_text
from symdiff.letters import is_plain, key_of, parts_of_name
from symdiff.operations import TABLE
from symdiff.operations.abstract import abstract_row
from symdiff.operations.arithmetic import E, div, mul, neg
from symdiff.operations.arithmetic import pow as power_row
from symdiff.operations.operators import negate, quotient
from symdiff.operations.piecewise import undefined
from symdiff.parsing.actions import Actions, Product, called, called_power, condition_of, expr_of
from symdiff.parsing.driver import Driver, read_formula
from symdiff.parsing.latex_tokens import Differentiation, LatexTokens
from symdiff.parsing.mistakes import error_at
from symdiff.symbols import as_symbol
from symdiff.walk import graph_size, paused_collector

__all__ = ["parse_latex"]


def parse_latex(text: str, functions: Iterable[str | Function] = (), symbols: Iterable[str | Expr] = ()) -> Expr:
    r"""Read a formula in LaTeX, as written in textbooks and as `latex` prints it; nothing is simplified.

    text: a formula for math mode, with or without dollar signs.  Letters stand side by side for products, `\log` is the natural logarithm,
    `e` and `\pi` are the constants, subscripts belong to names (`x_{1}` is the variable x_1), and `\frac{d}{dx}` differentiates.
    functions: names that the text calls as unknown functions, besides those declared with `Function`.
    symbols: the formula's variables, where their names are spelled otherwise than they are read: x1 for `x_{1}`, θ for `\theta`, Ef for
    the letters `Ef`, and f where `f (x + 1)` is a product.
    `parse_latex(latex(e), symbols=e.free_symbols)` means e.
    Raises ParseError with line, column and a hint for text that is no formula or could be read in two ways, LimitError beyond
    `symdiff.limits`.

    >>> parse_latex(r"\frac{1}{2} x^2 \sin 2x")
    Expr('1/2*x^2*sin(2*x)')
    >>> parse_latex(r"\frac{d}{dx} x^3 + \sqrt[3]{x}")
    Expr('3*x^2 + cbrt(x)')
    """
    if not isinstance(text, str):
        raise UsageError(f"parse_latex takes text, not {type(text).__name__}")
    if len(text) > limits.input_length:
        raise LimitError(f"the formula has {len(text)} characters", "input_length", limits.input_length)
    body = _without_dollars(text)
    if not body.strip():
        raise ParseError("there is no formula", text, hint=r"write one, such as x^{2} \sin{x}")
    tokens = LatexTokens(_spelled_otherwise(symbols))
    given = _filter.set(tokens)
    try:
        with declaring(functions), paused_collector():
            return read_formula(text, body, _driver(), _parser, tokens.process, _explained)
    finally:
        _filter.reset(given)


_DOLLARS = re.compile(
    r"\s*(?:(\$\$?)(.*)\1|(\\\[)(.*)\\\]|(\\\()(.*)\\\)|\\begin\{(equation\*?|displaymath|math)\}(.*)\\end\{\7\})\s*", re.DOTALL)


def _without_dollars(text: str) -> str:
    """The formula between $...$, \\[...\\], \\(...\\) or around an equation, at its place."""
    match = _DOLLARS.fullmatch(text)
    if match is None:
        return text
    inside = match.lastindex or 2
    start, end = match.span(inside)
    return re.sub(r"[^\n]", " ", text[:start]) + text[start:end]


def _spelled_otherwise(symbols: Iterable[str | Expr]) -> dict[tuple[str, ...], str]:
    if isinstance(symbols, str):
        raise UsageError(f"symbols are given as a list such as [{symbols!r}], not as text")
    names = sorted([str(as_symbol(symbol).value) for symbol in symbols], key=lambda name: (not is_plain(name), name))
    found: dict[tuple[str, ...], str] = {}
    for name in names:
        parts = parts_of_name(name)
        if parts is not None:
            found.setdefault(key_of(parts), name)
    return found


_filter: ContextVar[LatexTokens] = ContextVar("the filter of the text at hand")


class _CurrentFilter:
    """The filter of the text at hand, for Lark, which wants one when the parser is made."""

    always_accept = LatexTokens.always_accept

    @staticmethod
    def process(stream: Any) -> Any:
        return _filter.get().process(stream)


@lru_cache(maxsize=1)
def _parser() -> Lark:
    return Lark(grammar_text("latex.lark"), parser="lalr", lexer="basic", maybe_placeholders=False,
                transformer=cast(Any, _LatexActions()), postlex=cast(Any, _CurrentFilter()))


@lru_cache(maxsize=1)
def _driver() -> Driver:
    return Driver(_parser())


class _Head:
    """A function before its argument: its token, and what stands at its foot and its shoulder."""

    __slots__ = ("base", "power", "token")

    def __init__(self, token: Token, power: Expr | None = None, base: Expr | None = None) -> None:
        self.token, self.power, self.base = token, power, base


class _LatexActions(Actions):
    """What LaTeX has and infix text has not; children are what the rule's parts returned, tokens among them."""

    @staticmethod
    def minus(children: list[Any]) -> Expr:
        node = expr_of(children[1])
        first = node.args[0] if node.op in (mul, div) else node
        first = first.args[0] if first.op in (mul, div) else first
        return negate(node) if first.op is NUMBER and first is not ZERO else neg(node)  # -0 is written so only if it was meant so

    @staticmethod
    def braced(children: list[Any]) -> Any:
        return children[1]

    @staticmethod
    def power(children: list[Any]) -> Expr:
        base, exponent = expr_of(children[0]), expr_of(children[2])
        return TABLE["exp"](exponent) if base is E else power_row(base, exponent)

    @staticmethod
    def number_power(children: list[Any]) -> Expr:
        return power_row(expr_of(Actions.number(children)), expr_of(children[2]))

    @staticmethod
    def fraction(children: list[Any]) -> Expr:
        return quotient(expr_of(children[1]), expr_of(children[2]))

    @staticmethod
    def root(children: list[Any]) -> Expr:
        return TABLE["sqrt"](expr_of(children[1]))

    @staticmethod
    def nth_root(children: list[Any]) -> Expr:
        degree, radicand = expr_of(children[2]), expr_of(children[4])
        if degree.op is NUMBER and degree.value in (2, 3):
            return TABLE["sqrt" if degree.value == 2 else "cbrt"](radicand)
        return power_row(radicand, quotient(number(1), degree))

    @staticmethod
    def rounded_down(children: list[Any]) -> Expr:
        return TABLE["floor"](expr_of(children[1]))

    @staticmethod
    def rounded_up(children: list[Any]) -> Expr:
        return TABLE["ceil"](expr_of(children[1]))

    @staticmethod
    def remainder(children: list[Any]) -> Expr:
        return TABLE["mod"](expr_of(children[0]), expr_of(children[2]))

    @staticmethod
    def head(children: list[Any]) -> _Head:
        return _Head(children[0])

    @staticmethod
    def head_power(children: list[Any]) -> _Head:
        return _Head(children[0], expr_of(children[2]))

    @staticmethod
    def log_head(children: list[Any]) -> _Head:
        return _Head(children[0], None, expr_of(children[2]))

    @staticmethod
    def log_head_power(children: list[Any]) -> _Head:
        return _Head(children[0], expr_of(children[4]), expr_of(children[2]))

    @staticmethod
    def call(children: list[Any]) -> Expr:
        head, _, arguments, end = children
        name = head.token
        if head.base is not None:
            known = {2: "log2", 10: "log10"}.get(head.base.value) if type(head.base.value) is int else None
            if known is None:
                arguments.values.append(head.base)
            name = Token.new_borrow_pos("FUNCTION", known or "log", name)
        if head.power is None:
            return called(name, arguments, end)
        if head.power.op is NUMBER and type(head.power.value) is int:
            return called_power(name, head.power.value, arguments, end)
        return power_row(called(name, arguments, end), head.power)

    @staticmethod
    def polygamma(children: list[Any]) -> Expr:
        return TABLE["polygamma"](expr_of(children[4]), expr_of(children[8]))

    @staticmethod
    def derivative(children: list[Any]) -> Expr:
        operator, value = children
        return _differentiated(expr_of(value), operator)

    @staticmethod
    def times_derivative(children: list[Any]) -> Product:
        product, slope = children[0], _LatexActions.derivative(children[-2:])
        product.rest.append((mul, slope))
        return cast(Product, product)

    @staticmethod
    def derived(children: list[Any]) -> Expr:
        return _differentiated(expr_of(children[1]), children[0])

    @staticmethod
    def first_row(children: list[Any]) -> list[Any]:
        return [children[0]]

    @staticmethod
    def next_row(children: list[Any]) -> list[Any]:
        rows, separator, row = children
        if rows[-1][1] is None:
            raise error_at(separator, "a row follows the one for all other points", "put the row without a condition last")
        rows.append(row)
        return cast(list[Any], rows)

    @staticmethod
    def last_row(children: list[Any]) -> Any:
        return children[0]

    @staticmethod
    def cell(children: list[Any]) -> Any:
        return children[0]

    @staticmethod
    def row(children: list[Any]) -> tuple[Expr, Expr | None]:
        return expr_of(children[0]), condition_of(children[-1], next(c for c in children if isinstance(c, Token) and c.type == "AMP"))

    @staticmethod
    def last_value(children: list[Any]) -> tuple[Expr, Expr | None]:
        return expr_of(children[0]), None

    @staticmethod
    def cases(children: list[Any]) -> Expr:
        rows = children[1]
        result = undefined
        for value, condition in reversed(rows):
            result = value if condition is None else TABLE["where"](condition, value, result)
        return result


def _differentiated(body: Expr, operator: Token) -> Expr:
    """The derivative that an operator asks for, as `diff` gives it."""
    asked = cast(Differentiation, operator.value)
    try:
        variables = [(as_symbol(name), order) for name, order in asked.by]
    except UsageError as error:
        raise error_at(operator, str(error), "differentiate by a letter") from None
    if body.op is SYMBOL and body.value in declared_names() and not asked.partial and len(variables) == 1:
        body = abstract_row(body.value, 1)(variables[0][0])  # \frac{df}{dx} is f'(x)
    if not asked.bare and body.op is SYMBOL and all(body is not symbol for symbol, _ in variables):
        raise error_at(operator, f"{body} is a variable here, and its derivative by {variables[0][0]} would be 0",
                       f"declare it as a function, parse_latex(..., functions=[\"{body}\"]), and write {body}({variables[0][0]})")
    for symbol, order in variables:
        asked.budget[0] -= graph_size(body) * order ** 2
        if asked.budget[0] < 0:
            raise LimitError("the derivatives in one text", "derivative_steps", limits.derivative_steps)
        body = diff(body, symbol, order)
    return body


def _explained(error: UnexpectedInput, text: str) -> ParseError:
    """The error of the parser as one of the library."""
    if isinstance(error, UnexpectedCharacters):
        place = error.pos_in_stream or 0
        char = "%" if text.startswith("\\%", place) else text[place]
        shown = repr(char) if char.isprintable() else f"the invisible character U+{ord(char):04X}"
        return ParseError(f"{shown} has no meaning here", text, error.line, error.column, _CHARACTERS.get(char, ""))
    if not isinstance(error, UnexpectedToken):
        return ParseError("this is no formula", text)
    token, hint = error.token, _wanted(set(error.accepts or error.expected))
    line, column = token.line or 1, token.column or 1
    if token.type == "$END":
        end = text.rstrip()
        return ParseError("the formula ends too early", text, end.count("\n") + 1, len(end) - end.rfind("\n"), hint)
    return ParseError(f"unexpected {str(token)!r}" if token else "the argument ends too early", text, line, column, _TOKENS.get(token.type, hint))


_CHARACTERS = {
    "$": "dollar signs stand around the whole formula, or not at all", "%": "per cent is division by 100: \\frac{x}{100}",
    "!": "for the factorial of n write \\Gamma(n + 1)", "\\": "a command is a backslash and letters, such as \\sin",
    ".": "a full stop is no part of a formula", "^": "write the power in braces: x^{2}",
}
_TOKENS = {
    "AMP": "& separates a value from its condition inside \\begin{cases}", "NEWLINE": "\\\\ ends a row inside \\begin{cases}",
    "POWER": "TeX refuses two powers in a row; put the first one in parentheses", "UNDERSCORE": "a subscript stands behind a letter",
    "MOD": "a \\bmod b stands alone or in parentheses", "IF": "a condition stands behind & inside \\begin{cases}",
    "COMMA": "a decimal point is written '.'; a comma separates arguments",
}


def _wanted(types: set[str]) -> str:
    if {"NUMBER", "VARIABLE"} <= types:
        return "expected a number, a name, a function or '('"
    if "RBRACE" in types and "PLUS" not in types:
        return "braces do not show in print; write parentheses: \\left( ... \\right)"
    if "RBAR" in types:
        return "the bar is not closed; write \\left| ... \\right|"
    if "PLUS" in types or "TIMES" in types or "POWER" in types:
        return "expected an operator or the end"
    return ""
