"""diff: derivatives by one memoised pass over the shared graph for each variable and order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from symdiff import limits
from symdiff.calculus.chain import expanded, local_slope, node_derivative, times
from symdiff.calculus.orders import nth_derivative
from symdiff.calculus.tidying import tidied
from symdiff.errors import LimitError, UsageError
from symdiff.expr import ONE, ZERO, Expr
from symdiff.numbers import text_of
from symdiff.operations import TABLE
from symdiff.operations.arithmetic import div, neg
from symdiff.operations.arithmetic import pow as power_row
from symdiff.operations.folding import product
from symdiff.operations.op import as_expr
from symdiff.symbols import as_symbol
from symdiff.walk import free_symbols, paused_collector, postorder, rebuild

__all__ = ["derivative", "diff", "differentiable", "only_variable", "slopes_along", "slopes_through"]

absolute = TABLE["abs"]


def diff(expression: Expr | float, *variables: Any) -> Expr:
    """The derivative, exact and in the form the rules give it (`simplify` shortens it); of order 2 or more with like terms collected.

    variables: symbols or their names, each followed by an order where that is not 1, as in SymPy: diff(f, x), diff(f, x, 2),
    diff(f, x, 2, y).  Without any, the one free variable.
    Raises UsageError for what is no variable and for orders that are no whole number from 0; LimitError above
    `limits.derivative_order`.

    >>> from symdiff import parse
    >>> diff(parse("x^2*sin(x)"), "x")
    Expr('2*x*sin(x) + x^2*cos(x)')
    >>> diff(parse("x^3*y^2"), "x", 2, "y")
    Expr('12*x*y')
    """
    node = differentiable(expression)
    for variable, order in _requests(node, variables):
        if order:
            node = derivative(node, variable) if order == 1 else nth_derivative(node, variable, order)
    return node


def differentiable(expression: Expr | float) -> Expr:
    """The expression, refused if it is a condition or computes with one: those have no derivative.

    Even powers of abs(u) are those of u: by way of abs, their second derivative at u = 0 would be what is agreed for corners, and there
    is no corner.
    """
    root = as_expr(expression)
    if root.op.relation:
        raise UsageError(f"'{root}' is a condition, and conditions have no derivative; differentiate its sides, or where(condition, a, b)")
    smoother = False
    for node in postorder(root):
        smoother = smoother or _without_abs(node) is not node
        for place, child in enumerate(node.args):
            if child.op.relation and place not in node.op.conditions:
                raise UsageError(f"the condition '{child}' stands in '{node}' as a number; for a choice write where({child}, a, b)")
    return rebuild(root, _without_abs) if smoother else root


def _without_abs(node: Expr) -> Expr:
    if node.op is power_row:
        base, exponent = node.args
        if base.op is absolute and type(exponent.value) is int and exponent.value % 2 == 0:
            return power_row(base.args[0], exponent)
    return node


def only_variable(node: Expr) -> Expr:
    """The one free variable of an expression; UsageError where there is none or several."""
    free = free_symbols(node)
    if len(free) != 1:
        names = ", ".join(str(symbol) for symbol in free) or "none"
        raise UsageError(f"say by which variable to differentiate '{node}': it has {names}")
    return free[0]


def derivative(root: Expr, variable: Expr) -> Expr:
    """One derivative of a graph: every shared node is differentiated once."""
    with paused_collector():
        order = postorder(root)
        return tidied(slopes_through(order, {variable: ONE}, _chained(order))[root])


def slopes_along(root: Expr, seeds: Mapping[Expr, Expr]) -> dict[Expr, Expr]:
    """The slope of every node of the graph, not yet tidied, given the slopes of the variables that vary: {x: 1} differentiates by x.

    The nodes that `expanded` puts in place of wide ones are in it too.
    """
    return slopes_through(postorder(root), seeds)


def slopes_through(order: Iterable[Expr], seeds: Mapping[Expr, Expr], chained: Collection[Expr] = ()) -> dict[Expr, Expr]:
    """The same for nodes in an order with arguments before the nodes that use them; an argument that is not among them is constant.

    chained: nodes whose slopes nobody asks for, each used by one function of one argument, the next in the order.  Their slopes are
    factors of one product at the end of the chain, where node by node each would be a product in the product of the next.
    """
    slope: dict[Expr, Expr] = dict(seeds)
    factors: list[Expr] = []  # of the chain at hand, from the inside out; slope[node] then is that of the chain's start
    for original in order:
        if original in slope:
            continue
        args = original.args
        if len(args) == 1:
            inner = slope.get(args[0], ZERO)
            if inner is not ZERO:
                local = local_slope(original, 0)
                if local is ZERO or local.op is div or local.op is neg:
                    inner = times(local, product(*reversed(factors), inner))
                    factors = []
                else:
                    factors.append(local)
                if factors and original not in chained:
                    inner = product(*reversed(factors), inner)
                    factors = []
            slope[original] = inner
            continue
        inners = [slope.get(child, ZERO) for child in args]
        if inners.count(ZERO) == len(inners) or original.op.relation:
            slope[original] = ZERO
            continue
        node = expanded(original)
        if node is original:
            slope[node] = node_derivative(node, inners)
        else:
            _through(node, args, slope)
            slope[original] = slope[node]
    return slope


def _chained(order: Iterable[Expr]) -> set[Expr]:
    """The nodes that are used once, and by a function of one argument."""
    once: set[Expr] = set()
    otherwise: set[Expr] = set()
    for node in order:
        args = node.args
        if len(args) == 1 and args[0] not in once:
            once.add(args[0])
        else:
            otherwise.update(args)
    return once - otherwise


def _through(root: Expr, parts: tuple[Expr, ...], slope: dict[Expr, Expr]) -> None:
    """Differentiate the tree that `expanded` put in place of a wide node with these arguments."""
    for node in postorder(root, known=frozenset(parts)):  # not known=slope: that copied the whole map for every wide node
        slope[node] = node_derivative(node, [slope.get(child, ZERO) for child in node.args])


def _requests(node: Expr, variables: tuple[Any, ...]) -> list[tuple[Expr, int]]:
    """Read SymPy's argument list: each variable with its order."""
    if not variables:
        return [(only_variable(node), 1)]
    requests: list[tuple[Expr, int]] = []
    last: Expr | None = None
    for item in variables:
        if isinstance(item, tuple) and len(item) == 2:
            requests.append((as_symbol(item[0]), _order(item[1])))
            last = None
        elif type(item) is Expr or isinstance(item, str):
            last = as_symbol(item)
            if isinstance(item, str) and requests and last not in free_symbols(node):
                raise UsageError(f"{item!r} is neither an order nor a variable of '{node}'; an order is a whole number: diff(f, x, 2)")
            requests.append((last, 1))
        elif last is not None:
            requests[-1] = (last, _order(item))
            last = None
        else:
            as_symbol(item)
    return requests


def _order(value: Any) -> int:
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise UsageError(f"the order of a derivative is a whole number from 0 on, not {value!r}")
    order = int(value)
    if not 0 <= order <= limits.derivative_order:
        shown = text_of(order)
        shown = shown if len(shown) <= 30 else f"{shown[:12]}... ({len(shown)} characters)"
        if order < 0:
            raise UsageError(f"the order of a derivative is a whole number from 0 on, not {shown}")
        raise LimitError(f"derivative of order {shown}", "derivative_order", limits.derivative_order)
    return order
