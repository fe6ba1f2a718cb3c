"""Taylor arithmetic: the coefficients of an expression around a point, order by order, from the slopes of the rows.

A function y of u follows y' = slope(y, u)*u', so its coefficients come from those of u and of the slope, itself an expression whose own
slopes lead back to y or further on.  Order n costs about n^2 operations a node, however nested the expression.
"""

from __future__ import annotations

from collections.abc import Sequence

from symdiff import limits
from symdiff.calculus.chain import local_slope
from symdiff.errors import DomainError, LimitError
from symdiff.evaluator import Evaluator
from symdiff.expr import NUMBER, ONE, ZERO, Expr, number
from symdiff.operations.arithmetic import add, div, mul, neg
from symdiff.operations.arithmetic import pow as power_row
from symdiff.operations.elementary import exp, ln
from symdiff.operations.folding import apply, balanced, difference, opposite, power, product, quotient, sum_of
from symdiff.operations.piecewise import where
from symdiff.walk import free_symbols, postorder

__all__ = ["Series"]

CHAINED = 4
"""A power of something else than the variable goes by the power rule up to this exponent, by squaring above."""

ARITHMETIC = frozenset({add, mul, div, neg, where})
"""The operations whose coefficients have rules of their own; all others go by their slopes."""


class Series:
    """The coefficients in powers of (variable - at) of every node met; `at` may be any expression, the variable itself too."""

    def __init__(self, variable: Expr, at: Expr) -> None:
        self.variable, self.at = variable, at
        self._known: dict[Expr, list[Expr]] = {}
        self._constant: set[Expr] = set()
        self._stands_for: dict[Expr, Expr] = {}
        self._slopes: dict[Expr, list[tuple[Expr, Expr]]] = {}

    def coefficients(self, root: Expr, order: int) -> list[Expr]:
        """The coefficients 0 to `order`.  Raises DomainError where an operation has no value or no derivative at the point."""
        sequence: list[tuple[Expr, int]] = []
        roots = [root]
        for reach in range(order, -1, -1):  # what gives the slopes of one level is needed to one order less
            fresh = self._gathered(roots)
            sequence += [(node, reach) for node in fresh]
            roots = [slope for node in fresh for slope in self._slopes_of(node)] if reach else []
            if not roots:
                break
        steps = sum(reach * (reach + 1) // 2 for _, reach in sequence)
        if steps > limits.derivative_steps:
            raise LimitError(f"order {order} of this formula takes {steps} steps", "derivative_steps", limits.derivative_steps)
        for k in range(1, order + 1):
            for node, reach in sequence:
                if k <= reach:
                    self._known[node].append(self._next(node, k))
        return [self._at(root, k) for k in range(order + 1)]

    def _at(self, node: Expr, k: int) -> Expr:
        return self._known[node][k] if k == 0 or node not in self._constant else ZERO

    def _gathered(self, roots: Sequence[Expr]) -> list[Expr]:
        """Take in all nodes below, each with its value at the point; those that vary, in postorder."""
        varying: list[Expr] = []
        for node in postorder(*roots, known=self._known):
            if node is self.variable:
                self._known[node] = [self.at]
                varying.append(node)
            elif self._constant.issuperset(node.args):
                self._known[node] = [node]
                self._constant.add(node)
            else:
                value = self._value(node)
                if self.at is not self.variable:
                    self._refuse_kinks(node)
                shape = self._shape(node)
                if shape is not node:
                    varying += self._gathered([shape])  # what the shape is made of is known, so this goes a few levels deep at most
                    self._stands_for[node] = shape
                    if shape not in self._constant:
                        self._known[shape][0] = value
                self._known[node] = [value]
                varying.append(node)
        return varying

    def _value(self, node: Expr) -> Expr:
        args = [self._known[child][0] for child in node.args]
        if node.op is where and (holds := _truth(args[0])) is not None:
            return args[1] if holds else args[2]
        return apply(node.op, args)

    def _shape(self, node: Expr) -> Expr:
        """The same operation in a shape there is a rule for."""
        op, args = node.op, node.args
        if op.variadic and op is not add and len(args) > 2:
            return balanced(op, args)
        if op is not power_row:
            return node
        base, exponent = args
        if exponent not in self._constant:
            return exp(product(exponent, ln(base)))
        squared = self._is_whole(exponent) and exponent.value > CHAINED and base is not self.variable
        if squared and self._known[base][0].op is not NUMBER:
            half = exponent.value // 2
            return mul(power(base, number(half)), power(base, number(exponent.value - half)))
        return node

    @staticmethod
    def _is_whole(exponent: Expr) -> bool:
        return type(exponent.value) is int and exponent.value > 0

    def _by_recurrence(self, node: Expr) -> bool:
        """A power with coefficients by u*y' = r*u'*y; that divides by u, so whole powers of what could be 0 go by the power rule."""
        base, exponent = node.args
        return not self._is_whole(exponent) or self._known[base][0].op is NUMBER

    def _slopes_of(self, node: Expr) -> list[Expr]:
        op = node.op
        if node in self._stands_for or not node.args or op in ARITHMETIC or op.relation or (op is power_row and self._by_recurrence(node)):
            return []
        pairs = [(child, local_slope(node, place)) for place, child in enumerate(node.args) if child not in self._constant]
        self._slopes[node] = pairs
        return [slope for _, slope in pairs]

    def _next(self, node: Expr, k: int) -> Expr:
        """The coefficient of order k >= 1, those of lower order being known, and of order k for the arguments."""
        op, args = node.op, node.args
        if not args:
            return ONE if k == 1 else ZERO
        if op.relation:
            return ZERO
        if node in self._stands_for:
            return self._at(self._stands_for[node], k)
        if op is add:
            return sum_of(*[self._at(child, k) for child in args])
        if op is neg:
            return opposite(self._at(args[0], k))
        if op is mul:
            return self._product(args[0], args[1], k)
        if op is div:
            return self._quotient(node, k)
        if op is where:
            return self._branch(node, k)
        if op is power_row and self._by_recurrence(node):
            return self._power(node, k)
        terms = [product(number(i), self._at(child, i), self._at(slope, k - i))
                 for child, slope in self._slopes[node] for i in range(1, k + 1) if self._at(child, i) is not ZERO]
        return quotient(sum_of(*terms), number(k))

    def _product(self, u: Expr, v: Expr, k: int) -> Expr:
        if u is not v:
            return sum_of(*[product(self._at(u, i), self._at(v, k - i)) for i in range(k + 1)])
        half = [product(number(2), self._at(u, i), self._at(u, k - i)) for i in range((k + 1) // 2)]
        return sum_of(*half, *([power(self._at(u, k // 2), number(2))] if k % 2 == 0 else []))

    def _quotient(self, node: Expr, k: int) -> Expr:
        u, v = node.args
        bottom = self._at(v, 0)
        if bottom is ZERO:
            raise self._no_value(node)
        rest = [product(self._at(v, i), self._at(node, k - i)) for i in range(1, k + 1)]
        return quotient(difference(self._at(u, k), sum_of(*rest)), bottom)

    def _power(self, node: Expr, k: int) -> Expr:
        """The binomial recurrence, shifted by the zeros that the base begins with."""
        base, exponent = node.args
        zeros = next((i for i in range(k + 1) if self._at(base, i) is not ZERO), k + 1)
        if zeros and not self._is_whole(exponent):
            raise self._no_value(node)
        least = zeros * exponent.value if zeros else 0
        first = self._at(base, zeros) if zeros <= k else ZERO
        if k <= least:
            return power(first, exponent) if k == least else ZERO
        steps = k - least
        terms = [product(sum_of(product(exponent, number(i)), number(i - steps)), self._at(base, zeros + i), self._at(node, k - i))
                 for i in range(1, steps + 1)]
        return quotient(sum_of(*terms), product(number(steps), first))

    def _branch(self, node: Expr, k: int) -> Expr:
        condition = self._known[node.args[0]][0]
        holds = _truth(condition)
        u, v = self._at(node.args[1], k), self._at(node.args[2], k)
        return (u if holds else v) if holds is not None else u if u is v else where(condition, u, v)

    def _refuse_kinks(self, node: Expr) -> None:
        """Refuse points outside the domain, at kinks and at borders between branches, as far as exact values tell."""
        op = node.op
        values = [self._known[child][0] for child in node.args]
        if op is div and values[1] is ZERO:
            raise self._no_value(node)
        if op.relation and len(values) == 2 and values[0] is values[1]:
            raise self._no_value(node)
        requirement = op.smooth or op.domain
        if requirement is None or op is div or op is power_row or op.variadic:
            return
        if _truth(requirement(*values)) is False:
            raise self._no_value(node)

    def _no_value(self, node: Expr) -> DomainError:
        return DomainError(f"no Taylor polynomial at {self.variable} = {self.at}: '{node}' has no value or no derivative there")


def _truth(condition: Expr) -> bool | None:
    """Whether a condition between numbers holds; None where it has variables or no exact value."""
    if free_symbols(condition):
        return None
    value = Evaluator(condition).exact_values({}, limits.exact_bits)[-1]
    return value if isinstance(value, bool) else None
