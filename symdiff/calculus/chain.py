"""The chain rule, written once: how a node's derivative follows from its arguments' derivatives and the slopes of its row."""

from __future__ import annotations

from collections.abc import Sequence

from symdiff.errors import SymdiffError
from symdiff.expr import ONE, ZERO, Expr, number
from symdiff.operations.arithmetic import add, div, mul, neg
from symdiff.operations.arithmetic import pow as power_row
from symdiff.operations.folding import balanced, leading, opposite, partials, product, quotient, sum_of
from symdiff.operations.piecewise import where

__all__ = ["expanded", "local_slope", "node_derivative", "pulled_back", "times"]

FACTORS_SHOWN = 4
"""A product of more varying factors than this is differentiated as a balanced tree of products, which costs about 4 operations a factor
instead of one a pair of factors; up to this the flat textbook form (u'*v*w + u*v'*w + u*v*w') reads better."""


def expanded(node: Expr) -> Expr:
    """The same operation in the shape its slopes are written for: variadic ones but sums and short products become two-argument trees."""
    if node.op.variadic and node.op is not add and len(node.args) > (FACTORS_SHOWN if node.op is mul else 2):
        return balanced(node.op, node.args)
    return node


def local_slope(node: Expr, place: int) -> Expr:
    """The partial derivative of a node by one of its arguments."""
    op, args = node.op, node.args
    if op is add:
        return ONE
    if op is mul:
        return product(*args[:place], *args[place + 1:])
    if op is power_row and place == 1 and args[0] is ZERO:
        return ZERO  # 0^v is 0 for v > 0, and ln(0) in y*ln(u) would leave nothing of that
    slope = partials(op)[place]
    if slope is None:
        raise SymdiffError(f"no slope for argument {place + 1} of {op.name!r}: it has no derivative by that argument ({node})")
    return slope(node, *args)


def node_derivative(node: Expr, inner: Sequence[Expr]) -> Expr:
    """The derivative of a node, given its arguments' derivatives: the sum of slope times inner derivative."""
    if len(inner) == 1:
        return ZERO if inner[0] is ZERO else times(local_slope(node, 0), inner[0])
    varying = [place for place, slope in enumerate(inner) if slope is not ZERO]
    if not varying:
        return ZERO
    op, args = node.op, node.args
    if op is where:
        return _branches(args[0], inner[1], inner[2])
    if op is mul:  # the inner derivative takes its factor's place
        return sum_of(*[product(*args[:place], inner[place], *args[place + 1:]) for place in varying])
    if op.combined is not None and len(varying) == len(args):
        numerators, divisor = op.combined(node, *args)
        return quotient(sum_of(*[product(n, inner[place]) for place, n in zip(varying, numerators, strict=True)]), divisor)
    return sum_of(*[times(local_slope(node, place), inner[place]) for place in varying])


def times(slope: Expr, inner: Expr) -> Expr:
    """slope*inner, as people write it: (u/v)*w is u*w/v."""
    if slope.op is neg and slope.args[0].op is div:
        return opposite(times(slope.args[0], inner))
    return quotient(product(slope.args[0], inner), slope.args[1]) if slope.op is div else product(slope, inner)


def _is_reciprocal(slope: Expr) -> bool:
    return slope.op is div and slope.args[0] is ONE


def pulled_back(node: Expr, place: int, adjoint: Expr, shared: bool) -> Expr:
    """What an argument gets of its node's adjoint: the adjoint times the local slope.

    shared: others use the adjoint too, so it stays one node: multiplying the 2 of 2*r into every product would cost an operation each.
    """
    op, args = node.op, node.args
    if op is add:
        return adjoint
    if op is where:
        return where(args[0], adjoint, ZERO) if place == 1 else where(args[0], ZERO, adjoint)
    slope = local_slope(node, place)
    if adjoint is ONE:
        return slope
    if _is_reciprocal(slope):
        return quotient(adjoint, slope.args[1])
    if _is_reciprocal(adjoint):
        return quotient(slope, adjoint.args[1])
    front, rest = leading(adjoint)
    if shared and rest and front != 1:
        if leading(slope)[0] == 1 and slope is not ZERO:
            return mul(adjoint, slope)
        return product(number(front), rest[0] if len(rest) == 1 else mul(*rest), slope)
    return product(adjoint, slope)


def _branches(condition: Expr, u: Expr, v: Expr) -> Expr:
    return u if u is v else where(condition, u, v)
