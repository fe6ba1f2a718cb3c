"""define: a user's own function as a row like any other, its slopes derived from its formula."""

from __future__ import annotations

import re
from typing import Any

from symdiff.calculus.forward import derivative
from symdiff.errors import DefinitionError, ParseError
from symdiff.evaluation import float_rule, precise_rule
from symdiff.expr import Expr
from symdiff.functions import declared_names
from symdiff.operations.op import TABLE, Op, define_row
from symdiff.parsing.infix import parse
from symdiff.symbols import Symbol
from symdiff.walk import free_symbols, substitute

__all__ = ["define"]

_HEAD = re.compile(r"\s*(\w+)\s*\(([^()]*)\)\s*=(?!=)(.*)", re.DOTALL)


def define(text: str) -> Op:
    """Add a function to the table: text, printing, derivatives, evaluation and pickling then know it.

    text: name(parameters) = formula.  Defining the same again gives the same row; another formula under a taken name is refused.
    Raises DefinitionError for a malformed or taken head and for variables that are no parameters, ParseError for the formula.

    >>> swish = define("swish(u) = u*sigmoid(u)")
    >>> from symdiff import diff, parse
    >>> diff(parse("swish(2x)"), "x")
    Expr('2*(sigmoid(2*x) + 2*x*sigmoid(2*x)*(1 - sigmoid(2*x)))')
    """
    match = _HEAD.fullmatch(text) if isinstance(text, str) else None
    if match is None or not match[2].strip():
        raise DefinitionError(f"{text!r} is no definition; write name(u) = formula, for example swish(u) = u*sigmoid(u)")
    name, parameters = match[1], tuple(Symbol(word.strip()) for word in match[2].split(","))
    if len(set(parameters)) != len(parameters):
        raise DefinitionError(f"{name} names a parameter twice")
    try:
        body = parse(match[3])
    except ParseError as error:
        raise error.placed_in(text, match.start(3)) from None
    if body.op.relation:
        raise DefinitionError(f"the formula of {name} is a condition, and functions have numbers as values; write a if condition else b")
    known = TABLE.get(name)
    if known is not None and known.parameters == parameters and known.body is body:
        return known
    Symbol(name)  # the name must be free: no function, constant or reserved word
    if name in declared_names():
        raise DefinitionError(f"{name!r} is declared as an abstract function; choose another name")
    loose = [str(symbol) for symbol in free_symbols(body) if symbol not in parameters]
    if loose:
        raise DefinitionError(f"the formula of {name} uses {', '.join(loose)}; every variable must be a parameter: "
                              f"{name}({', '.join([*map(str, parameters), *loose])}) = ...")
    derivatives = [derivative(body, parameter) for parameter in parameters]

    def slopes(y: Expr, *arguments: Expr) -> list[Expr]:
        return [substitute(slope, dict(zip(parameters, arguments, strict=True))) for slope in derivatives]

    def value(*arguments: Any) -> Any:
        return float_rule(body, dict(zip(parameters, arguments, strict=True)))

    def precise(mp: Any, *arguments: Any) -> Any:
        return precise_rule(body, dict(zip(parameters, arguments, strict=True)), mp)

    return define_row(Op(name=name, arity=len(parameters), slopes=slopes, value=value, precise=precise, body=body, parameters=parameters))
