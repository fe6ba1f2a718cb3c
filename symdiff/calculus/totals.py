"""Derivatives along something: implicit ones, total ones along y(x), directional ones, and formulas put in for abstract functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from symdiff.calculus.forward import derivative, diff, differentiable, slopes_along
from symdiff.calculus.tidying import tidied
from symdiff.errors import UsageError
from symdiff.expr import ZERO, Expr, Real
from symdiff.functions import Function
from symdiff.operations.abstract import AbstractOp
from symdiff.operations.folding import apply, difference, opposite, power, quotient, sum_of
from symdiff.operations.op import TABLE, Op, as_expr
from symdiff.symbols import as_symbol
from symdiff.walk import free_symbols, rebuild, substitute

__all__ = ["directional_derivative", "idiff", "replaced", "total_derivative"]


def idiff(equation: Expr, y: Expr | str, x: Expr | str, order: int = 1) -> Expr:
    """The implicit derivative dy/dx (or of higher order) along the curve that an equation describes; SymPy's idiff.

    equation: a formula F, for the curve F(x, y) = 0, or a relation such as eq(F, G).  The result -F_x/F_y holds where F_y is not 0.
    Raises UsageError where F does not depend on y, for other relations, and for an order below 1.

    >>> from symdiff import parse
    >>> idiff(parse("x^2 + y^2 - 1"), "y", "x")
    Expr('-2*x/(2*y)')
    >>> idiff(parse("x*y == 1"), "y", "x")
    Expr('-y/x')
    """
    of, by = as_symbol(y), as_symbol(x)
    if of is by:
        raise UsageError(f"{of} cannot be a function of itself; give two variables")
    if isinstance(order, bool) or not isinstance(order, int) or order < 1:
        raise UsageError(f"the order of an implicit derivative is a whole number from 1 on, not {order!r}")
    curve = as_expr(equation)
    if curve.op is TABLE["eq"]:
        curve = difference(*curve.args)
    curve = differentiable(curve)
    across = derivative(curve, of)
    if across is ZERO:
        raise UsageError(f"'{curve}' does not depend on {of}, so it does not make {of} a function of {by}")
    first = result = quotient(opposite(derivative(curve, by)), across)
    for _ in range(order - 1):
        result = _along(result, {by: as_expr(1), of: first})
    return result


def total_derivative(expression: Expr | float, x: Expr | str, along: Mapping[Any, Any]) -> Expr:
    """The derivative by x of a formula whose other variables depend on x: df/dx + sum of df/dy * dy/dx.

    along: each such variable with the formula it follows, or with a `Function` of x of which no more is known.
    The result keeps the variables: y stays y, and dy/dx is written out; substitute y(x) for y to have x alone.
    Raises UsageError for what is no variable and where a variable would follow itself.

    >>> from symdiff import Function, parse
    >>> total_derivative(parse("x^2*y"), "x", {"y": parse("sin(x)")})
    Expr('2*x*y + x^2*cos(x)')
    >>> total_derivative(parse("x^2*y"), "x", {"y": Function("g")})
    Expr("2*x*y + x^2*g'(x)")
    """
    by = as_symbol(x)
    root = differentiable(expression)
    if not isinstance(along, Mapping):
        raise UsageError("total_derivative takes a mapping such as {y: sin(x)} or {y: Function('y')}")
    seeds: dict[Expr, Expr] = {}
    for variable, path in along.items():
        symbol = as_symbol(variable)
        formula = differentiable(path(by) if isinstance(path, Function) else path)
        if symbol is by or symbol in free_symbols(formula):
            raise UsageError(f"{symbol} cannot follow '{formula}': a variable follows a formula in {by}")
        seeds[symbol] = formula
    nested = {symbol for formula in seeds.values() for symbol in free_symbols(formula)} & seeds.keys()
    if nested:
        names = ", ".join(sorted(map(str, nested)))
        raise UsageError(f"{names} follows a formula and stands in another one; substitute it there first")
    return _along(root, {by: as_expr(1), **{symbol: derivative(formula, by) for symbol, formula in seeds.items()}})


def directional_derivative(expression: Expr | float, variables: Iterable[Expr | str], direction: Iterable[Expr | Real],
                           unit: bool = False) -> Expr:
    """The derivative along a direction: the gradient's scalar product with it, made in one pass.

    variables, direction: as many of one as of the other; the direction may hold expressions.  unit=True divides by its length, so that
    the result is the rate of change for each unit of way.  Raises UsageError where the numbers differ or the length is 0.

    >>> from symdiff import parse
    >>> directional_derivative(parse("x^2*y"), ["x", "y"], [3, 4])
    Expr('6*x*y + 4*x^2')
    >>> directional_derivative(parse("x^2*y"), ["x", "y"], [3, 4], unit=True)
    Expr('(6*x*y + 4*x^2)/5')
    """
    symbols = [as_symbol(variable) for variable in variables]
    slopes = [as_expr(component) for component in direction]
    if len(symbols) != len(slopes):
        raise UsageError(f"{len(symbols)} variables and {len(slopes)} components of the direction; give as many of one as of the other")
    if len(set(symbols)) != len(symbols):
        raise UsageError("a variable is given twice")
    rate = _along(differentiable(expression), dict(zip(symbols, slopes, strict=True)))
    if not unit:
        return rate
    length = _length(slopes)
    if length is ZERO:
        raise UsageError("a direction of length 0 points nowhere")
    return quotient(rate, length)


def _length(components: list[Expr]) -> Expr:
    return apply(TABLE["sqrt"], [sum_of(*[power(component, as_expr(2)) for component in components])])


def _along(expression: Expr, seeds: Mapping[Expr, Expr]) -> Expr:
    """The slope of an expression, given the slopes of its variables."""
    return tidied(slopes_along(expression, seeds)[expression])


def replaced(expression: Expr, function: str, formula: Expr | Real, variables: Iterable[Expr | str]) -> Expr:
    """`Function.replaced`: a formula of these variables in the function's place, its derivatives in those of its derivatives."""
    parameters = tuple(as_symbol(variable) for variable in variables)
    body = as_expr(formula)
    made: dict[Op, Expr] = {}

    def change(node: Expr) -> Expr:
        op = node.op
        if not isinstance(op, AbstractOp) or op.function != function or op.arity != len(parameters):
            return node
        if op not in made:
            made[op] = diff(body, *[parameters[place - 1] for place in op.by]) if op.by else body
        return substitute(made[op], dict(zip(parameters, node.args, strict=True)))
    return rebuild(expression, change)
