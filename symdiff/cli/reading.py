"""Formulas from the command line and from standard input, and which variable is meant."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable
from importlib import import_module

from symdiff import limits
from symdiff.cli.reporting import FINE, report
from symdiff.errors import SymdiffError, UsageError
from symdiff.expr import Expr
from symdiff.parsing.infix import parse
from symdiff.symbols import as_symbol
from symdiff.walk import free_symbols

__all__ = ["bindings", "echo_surprise", "for_each", "formula_of", "named_functions", "the_variable"]

_SPELLINGS = str.maketrans({"−": "-", "·": "*", "×": "*", "⋅": "*", "÷": "/", "∕": "/"})


def for_each(source: str, work: Callable[[str], int]) -> int:
    """Do the work for the formula, or for every line of standard input; a bad line is reported and the next one read."""
    if source != "-":
        return work(source)
    code = FINE
    longest = limits.input_length + 2  # a line that never ends is refused before it fills the memory
    for number, line in enumerate(iter(lambda: sys.stdin.readline(longest), ""), 1):
        text = line.rstrip("\r\n")
        if text.strip():
            try:
                code = max(code, work(text))
            except SymdiffError as error:
                code = max(code, report(error, f"input line {number}: "))
    return code


def formula_of(text: str, options: Namespace) -> Expr:
    """The formula of a text, in the language that --from names, with the abstract functions of --function."""
    functions = named_functions(getattr(options, "function", ""))
    if options.source == "text":
        return parse(text, functions)
    expression: Expr = import_module("symdiff.parsing.latex").parse_latex(text, functions)  # a second grammar, made when it is asked for
    return expression


def echo_surprise(text: str, expression: Expr) -> None:
    """Say how a formula was read, where that is not letter by letter what was written: 1/2x is 1/2*x."""
    shown = str(expression)
    if _plain(shown) != _plain(text):
        print(f"read as {shown}", file=sys.stderr)


def _plain(text: str) -> str:
    return "".join(text.split()).translate(_SPELLINGS).replace("**", "^")


def the_variable(name: str | None, *expressions: Expr) -> Expr:
    """The variable of that name, or the only one the formulas have."""
    if name is not None:
        return as_symbol(name)
    free = free_symbols(*expressions)
    if len(free) == 1:
        return free[0]
    if not free:
        raise UsageError(f"'{expressions[0]}' has no variable; name one with --wrt, such as --wrt x")
    names = [str(symbol) for symbol in free]
    raise UsageError(f"the formula has several variables, {', '.join(names)}; say which one is meant: --wrt {names[0]}")


def bindings(assignments: list[str]) -> dict[Expr, Expr]:
    """The values of variables, from x=2 or x=pi/2."""
    values: dict[Expr, Expr] = {}
    for assignment in assignments:
        name, sign, text = assignment.partition("=")
        if not sign:
            raise UsageError(f"{assignment!r} gives no value; write NAME=VALUE, such as x=2 (and quote a formula with blanks)")
        symbol, value = as_symbol(name.strip()), parse(text)
        if free_symbols(value):
            raise UsageError(f"the value of {symbol} is no number: {text}")
        if symbol in values:
            raise UsageError(f"{symbol} is given two values")
        values[symbol] = value
    return values


def named_functions(names: str) -> list[str]:
    """The abstract functions of --function f,g."""
    return [name.strip() for name in names.split(",") if name.strip()]
