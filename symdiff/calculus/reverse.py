"""Reverse accumulation: gradients and products with Jacobians and Hessians, all variables in one sweep over the shared graph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from symdiff.calculus.chain import expanded, pulled_back
from symdiff.calculus.forward import differentiable, slopes_through
from symdiff.calculus.tidying import all_tidied
from symdiff.errors import UsageError
from symdiff.expr import ONE, ZERO, Expr
from symdiff.operations.folding import sum_of
from symdiff.operations.op import as_expr
from symdiff.symbols import as_symbol
from symdiff.walk import free_symbols, paused_collector, postorder

__all__ = ["as_variables", "gradient", "hvp", "jvp", "pullback", "value_and_gradient", "vjp"]


def gradient(expression: Expr | float, variables: Any = None) -> tuple[Expr, ...]:
    """The partial derivatives by all variables, from one reverse sweep: the graph of a gradient is about as large as that of the formula.

    variables: symbols or their names, or one of them; by default all free variables in the order of their names.
    Gives a tuple in the order of the variables.  Raises UsageError for conditions and for what is no variable.

    >>> from symdiff import parse
    >>> gradient(parse("x^2*y + 3*x*y^2"), ["x", "y"])
    (Expr('2*x*y + 3*y^2'), Expr('x^2 + 6*x*y'))
    """
    root = differentiable(expression)
    with paused_collector():
        order = postorder(root)
        return tuple(all_tidied(pullback(order, {root: ONE}, _wanted(variables, root)), kept=set(order)))


def value_and_gradient(expression: Expr | float, variables: Any = None) -> tuple[Expr, tuple[Expr, ...]]:
    """The expression and its gradient, sharing their parts: compile the two together.

    >>> from symdiff import parse
    >>> value_and_gradient(parse("exp(x)*y"))
    (Expr('exp(x)*y'), (Expr('y*exp(x)'), Expr('exp(x)')))
    """
    root = differentiable(expression)
    return root, gradient(root, variables)


def vjp(expressions: Any, variables: Any, cotangents: Any) -> tuple[Expr, ...]:
    """The vector-Jacobian product: for each variable the sum over the expressions of cotangent times partial derivative.

    expressions, cotangents: sequences of one length, or one expression and its one cotangent (an expression or a number each).
    Gives a tuple in the order of the variables.  Raises UsageError where the lengths differ.

    >>> from symdiff import parse, symbols
    >>> vjp([parse("x*y"), parse("x + y")], ["x", "y"], symbols("a b"))
    (Expr('a*y + b'), Expr('a*x + b'))
    """
    outputs, weights = _several(expressions), _several(cotangents)
    _same_length(outputs, "expressions", weights, "cotangents")
    with paused_collector():
        order = postorder(*[differentiable(output) for output in outputs])
        seeds: dict[Expr, list[Expr]] = {}
        for output, weight in zip(outputs, weights, strict=True):
            seeds.setdefault(output, []).append(weight)
        summed = {output: sum_of(*weights) for output, weights in seeds.items()}
        return tuple(all_tidied(pullback(order, summed, _wanted(variables, *outputs)), kept=set(order)))


def jvp(expressions: Any, variables: Any, tangents: Any) -> Any:
    """The Jacobian-vector product: the derivative of each expression along the tangent, from one forward pass for all.

    variables, tangents: sequences of one length (symbols or names; expressions or numbers), or one of each.
    Gives a tuple in the order of the expressions, or one expression for one.  Raises UsageError where the lengths differ.

    >>> from symdiff import parse, symbols
    >>> jvp([parse("x*y"), parse("x + y")], ["x", "y"], symbols("s t"))
    (Expr('s*y + t*x'), Expr('s + t'))
    """
    outputs, along, directions = _several(expressions), as_variables(variables), _several(tangents)
    _same_length(along, "variables", directions, "tangents")
    with paused_collector():
        order = postorder(*[differentiable(output) for output in outputs])
        slopes = slopes_through(order, dict(zip(along, directions, strict=True)))
        found = tuple(all_tidied([slopes[output] for output in outputs], kept=set(order)))
    return found[0] if isinstance(expressions, Expr) else found


def hvp(expression: Expr | float, variables: Any, vector: Any) -> tuple[Expr, ...]:
    """The Hessian times a vector without the Hessian: the derivative of the gradient along the vector (forward over reverse).

    vector: as many expressions or numbers as variables.

    >>> from symdiff import parse, symbols
    >>> hvp(parse("x^2*y"), ["x", "y"], symbols("s t"))
    (Expr('2*s*y + 2*t*x'), Expr('2*s*x'))
    """
    along = as_variables(variables)
    found: tuple[Expr, ...] = jvp(gradient(expression, along), along, vector)
    return found


def as_variables(variables: Any) -> tuple[Expr, ...]:
    """The symbols of an argument: a sequence of symbols or names, or one.  UsageError where one comes twice."""
    several = isinstance(variables, Iterable) and not isinstance(variables, str)
    found = tuple([as_symbol(item) for item in (variables if several else [variables])])
    if len(set(found)) < len(found):
        twice = next(symbol for place, symbol in enumerate(found) if symbol in found[:place])
        raise UsageError(f"the variable {twice} is named twice")
    return found


def _wanted(variables: Any, *roots: Expr) -> tuple[Expr, ...]:
    return as_variables(variables) if variables is not None else tuple(free_symbols(*roots))


def _several(items: Any) -> tuple[Expr, ...]:
    return tuple([as_expr(item) for item in ([items] if isinstance(items, (Expr, int, float)) else items)])


def _same_length(first: Sequence[Expr], first_name: str, second: Sequence[Expr], second_name: str) -> None:
    if len(first) != len(second):
        raise UsageError(f"{len(first)} {first_name} and {len(second)} {second_name}: there must be as many of both")


def pullback(order: Sequence[Expr], seeds: Mapping[Expr, Expr], variables: Sequence[Expr]) -> list[Expr]:
    """The adjoint of each variable, given the adjoints of some nodes: the sum over its users of their adjoint times the local slope.

    order: the graph, arguments before the nodes that use them.
    """
    varying = set(variables)
    for node in order:
        if node.args and not varying.isdisjoint(node.args):
            varying.add(node)
    contributions: dict[Expr, list[Expr]] = {node: [seed] for node, seed in seeds.items()}  # those of the last users first
    shared: set[Expr] = set()
    for node in reversed(order):
        if node.args and node in varying and node in contributions:
            _hand_down(node, sum_of(*reversed(contributions.pop(node))), varying, contributions, shared)
    return [sum_of(*reversed(contributions.get(variable, ()))) for variable in variables]


def _hand_down(node: Expr, adjoint: Expr, varying: set[Expr], contributions: dict[Expr, list[Expr]], shared: set[Expr]) -> None:
    """Give each varying argument its part of a node's adjoint."""
    if adjoint is ZERO:
        return
    shape = expanded(node)
    if shape is not node:
        _through(shape, adjoint, node.args, varying, contributions)
        return
    places = [place for place, child in enumerate(node.args) if child in varying and place not in node.op.conditions]
    if len(places) > 1:
        shared.add(adjoint)
    for place in places:
        part = pulled_back(node, place, adjoint, adjoint in shared)
        if part is not ZERO:
            contributions.setdefault(node.args[place], []).append(part)


def _through(root: Expr, adjoint: Expr, arguments: Sequence[Expr], varying: set[Expr], contributions: dict[Expr, list[Expr]]) -> None:
    """The same through the tree that `expanded` put in place of a wide node, whose inner nodes are nobody else's."""
    inner = postorder(root, known=set(arguments))
    inside = {child for child in arguments if child in varying}
    for node in inner:
        if not inside.isdisjoint(node.args):
            inside.add(node)
    own = set(inner)
    adjoints: dict[Expr, list[Expr]] = {root: [adjoint]}
    for node in reversed(inner):
        total = sum_of(*reversed(adjoints.get(node, ())))
        for place, child in enumerate(node.args):
            if child in inside and total is not ZERO:
                part = pulled_back(node, place, total, True)
                (adjoints if child in own else contributions).setdefault(child, []).append(part)
