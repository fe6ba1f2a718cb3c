"""Derivatives of order two and more, whose size stays polynomial in the order."""

from __future__ import annotations

from math import factorial

from symdiff import limits
from symdiff.calculus.collected import Collector, Swollen
from symdiff.calculus.series import Series
from symdiff.calculus.tidying import tidied
from symdiff.expr import Expr, number
from symdiff.operations.folding import product
from symdiff.walk import paused_collector

__all__ = ["nth_derivative"]

TERM_STEPS = 20
"""Steps of Taylor arithmetic that one collected term costs, its coefficient being long at high orders."""


def nth_derivative(root: Expr, variable: Expr, order: int) -> Expr:
    """The derivative of an order from 2 on, like terms collected at every step.

    Repeated plain differentiation doubles in size or worse with each order.  Collected over its kernels the 12th derivative of x^x has
    101 distinct operations, that of exp(-x^2)*sin(3*x)/(1 + x^2) 153.  Where the kernels are too many (sin nested six times), the
    derivative is n! times the Taylor coefficient at the variable itself: about n^2 operations a node, all shared.
    """
    with paused_collector():
        try:
            collector = Collector(variable)
            form = collector.of(root)
            terms = 0
            for _ in range(order):
                form = collector.derivative(form)
                terms += len(form)
                if TERM_STEPS * terms > limits.derivative_steps:
                    raise Swollen
            return collector.expression(form)
        except Swollen:
            coefficient = Series(variable, variable).coefficients(root, order)[order]
            return tidied(product(number(factorial(order)), coefficient))
