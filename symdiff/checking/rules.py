"""The rule checker: an identity judged from its declaration alone, by its own evaluator, at corner values and at random points.

It shares nothing with the simplifier.  Numbers stay exact rationals as long as they can, so that a zero is a zero and no 1e-28.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from typing import Any

from symdiff.errors import MissingDependency
from symdiff.expr import NUMBER, SYMBOL, Expr
from symdiff.walk import free_symbols, postorder

__all__ = ["check_rule"]

DIGITS = 90
TOLERANCE = Fraction(1, 10 ** 40)
NOTHING = Fraction(1, 10 ** 70)
"""What cancellation and rounding leave of a zero at that many digits."""
UNDEFINED = object()

CORNERS = (0, 1, -1, Fraction(1, 2), Fraction(-1, 2), 2, -2, Fraction(1, 3), 3, -3, 20, Fraction(17, 23), Fraction(-271, 100))
QUARTERS = (4, -4, 2, -2, 1, 8, 6)
"""Corner values of the circular functions, in quarters of pi."""
CIRCULAR = frozenset({"sin", "cos", "tan", "cot", "sec", "csc", "asin", "acos", "atan", "asec", "acsc", "acot", "atan2"})
SIZES = {0: 1, 1: 99, 2: 13, 3: 7, 4: 4, 5: 3}
"""How many corner values each of that many variables takes."""
RANDOM_POINTS = 30

Point = tuple[Any, ...]


def check_rule(left: Expr, right: Expr, needs: Expr | None = None, records: Expr | None = None) -> list[str]:
    """What is wrong with a rewrite rule; empty where it is a refinement over the reals and its conditions are exact.

    left, right: both sides, every symbol a wildcard for any real number.  needs: the relation under which the rule may fire.
    records: the relation that holds exactly where left is defined, among the points where needs holds and right is defined.
    Raises MissingDependency without mpmath.

    >>> from symdiff import parse
    >>> check_rule(parse("sqrt(a^2)"), parse("abs(a)"))
    []
    >>> check_rule(parse("sqrt(a^2)"), parse("a"))[0]
    'a = -1: the left side is 1, the right side is -1'
    """
    return _Case(left, right, needs, records).problems()


class _Case:
    """One rule and what its points have shown."""

    def __init__(self, left: Expr, right: Expr, needs: Expr | None, records: Expr | None) -> None:
        self.sides = [left, right, *[part for part in (needs, records) if part is not None]]
        self.needs, self.records = needs, records
        self.variables = free_symbols(*self.sides)
        self.evaluator = _Evaluator(self.variables)
        self.usable = self.justified = self.extended = 0

    def problems(self) -> list[str]:
        with self.evaluator.mp.workdps(DIGITS):
            for point in self._points():
                problem = self._problem_at(point)
                if problem:
                    shown = ", ".join(f"{symbol} = {_shown(value)}" for symbol, value in zip(self.variables, point))
                    return [f"{shown}: {problem}"]
        return [message for wrong, message in (
            (not self.usable, "no point was found where the left side is defined and the condition holds"),
            (self.needs is not None and not self.justified, "the condition is superfluous: no point violates it where the rule is wrong"),
            (self.records is not None and not self.extended, "the recorded condition is superfluous: the right side is defined nowhere else"),
        ) if wrong]

    def _problem_at(self, point: Point) -> str:
        value = self.evaluator.value
        before, after = value(self.sides[0], point), value(self.sides[1], point)
        if self.needs is not None and value(self.needs, point) is not True:
            self.justified += before is not UNDEFINED and (after is UNDEFINED or not _equal(before, after))
            return ""
        recorded = self.records is None or value(self.records, point) is True
        if before is UNDEFINED:
            if after is UNDEFINED:
                return ""
            self.extended += 1
            return "the right side is defined, the left is not, and the recorded condition does not say so" if recorded else ""
        self.usable += 1
        if after is UNDEFINED:
            return f"the left side is {_shown(before)}, the right side is undefined"
        if not _equal(before, after):
            return f"the left side is {_shown(before)}, the right side is {_shown(after)}"
        return "" if recorded else "the left side is defined, and the recorded condition denies it"

    def _points(self) -> Iterator[Point]:
        count = len(self.variables)
        size = SIZES.get(count, 2)
        corners = self._corners()[:size] if count < 3 or not self._circular() else self._corners()[:size - 1]
        yield from product(corners, repeat=count)
        if not count:
            return
        generator = random.Random(count)
        for _ in range(RANDOM_POINTS):
            yield tuple(_random_number(generator) for _ in self.variables)

    def _corners(self) -> list[Any]:
        if not self._circular():
            return list(CORNERS)
        pi = self.evaluator.mp.pi
        quarters = [pi * k / 4 for k in QUARTERS]
        few = [0, *quarters[:2], *CORNERS[1:4], *quarters[2:], *CORNERS[4:]]
        return few

    def _circular(self) -> bool:
        return any(node.op.name in CIRCULAR for node in postorder(*self.sides))


def _random_number(generator: random.Random) -> Fraction | int:
    kind = generator.random()
    if kind < 0.2:
        return generator.randint(-6, 6)
    scale = 1 if kind < 0.6 else 4
    return Fraction(generator.randint(-1000 * scale, 1000 * scale), 997)


class _Evaluator:
    """Values of nodes at points, each node once for each assignment of its own variables."""

    def __init__(self, variables: list[Expr]) -> None:
        self.mp = _mpmath()
        self.place = {symbol: index for index, symbol in enumerate(variables)}
        self._own: dict[Expr, tuple[int, ...]] = {}
        self._known: dict[Expr, dict[Point, Any]] = {}
        self._order: dict[Expr, list[Expr]] = {}

    def value(self, root: Expr, point: Point) -> Any:
        """The value of a node: a rational, an mpf, a truth value, or UNDEFINED."""
        if root not in self._order:
            self._prepare(root)
        for node in self._order[root]:
            key = tuple([point[index] for index in self._own[node]])
            known = self._known[node]
            if key not in known:
                known[key] = self._at(node, point)
        return known[key]

    def _prepare(self, root: Expr) -> None:
        self._order[root] = postorder(root)
        for node in self._order[root]:
            self._own[node] = (self.place[node],) if node.op is SYMBOL else tuple(  # type: ignore[comparison-overlap]
                sorted({index for child in node.args for index in self._own[child]}))
            self._known.setdefault(node, {})

    def _at(self, node: Expr, point: Point) -> Any:
        if node.op is SYMBOL:  # type: ignore[comparison-overlap]
            return point[self.place[node]]
        if node.op is NUMBER:  # type: ignore[comparison-overlap]
            return Fraction(node.value)
        arguments = [self._known[child][tuple([point[index] for index in self._own[child]])] for child in node.args]
        return self._applied(node.op, arguments)

    def _applied(self, op: Any, arguments: list[Any]) -> Any:
        if op.name == "where":
            return UNDEFINED if arguments[0] is UNDEFINED else arguments[1] if arguments[0] else arguments[2]
        if any(argument is UNDEFINED for argument in arguments):
            return UNDEFINED
        if op.relation:
            return bool(op.exact(*arguments)) if all(isinstance(v, (Fraction, int)) for v in arguments) else self._compared(op, arguments)
        if op.domain is not None and not self._in_domain(op, arguments):
            return UNDEFINED
        if op.exact is not None and all(isinstance(argument, (Fraction, int)) for argument in arguments):
            value = op.exact(*arguments)
            if value is not None:
                return Fraction(value)
        return self._precise(op, arguments)

    def _compared(self, op: Any, arguments: list[Any]) -> bool:
        """A comparison that involves a rounded number: what differs by rounding only is equal."""
        left, right = (self._number(argument) for argument in arguments)
        if abs(left - right) <= self._number(NOTHING) * max(1, abs(left), abs(right)):
            left = right
        return bool(op.exact(left, right))

    def _in_domain(self, op: Any, arguments: list[Any]) -> bool:
        holes = op.template_symbols()[1:]
        inner = _Evaluator(list(holes))
        return inner.value(op.domain(*holes), tuple(arguments)) is True

    def _number(self, value: Any) -> Any:
        return self.mp.mpf(value.numerator) / value.denominator if isinstance(value, Fraction) else self.mp.mpf(value)

    def _precise(self, op: Any, arguments: list[Any]) -> Any:
        numbers = [self._number(argument) for argument in arguments]
        precise = op.precise if op.precise is not None else op.name
        try:
            value = getattr(self.mp, precise)(*numbers) if isinstance(precise, str) else precise(self.mp, *numbers)
        except (ValueError, ZeroDivisionError, OverflowError, ArithmeticError):
            return UNDEFINED
        if not isinstance(value, self.mp.mpf) or not self.mp.isfinite(value):
            return UNDEFINED
        return self._settled(op, value, numbers)

    def _settled(self, op: Any, value: Any, numbers: list[Any]) -> Any:
        """A rounded result that can only be a small rational becomes that rational: sin(pi) is 0, cos(pi/3) is 1/2.

        Near 0 only sums and circular functions may round: exp(-200) is small and no zero.
        """
        nothing = self._number(NOTHING)
        if op.name == "add" and abs(value) < nothing * max(abs(number) for number in numbers):
            return Fraction(0)
        twelfths = self.mp.nint(12 * value)
        if abs(12 * value - twelfths) < nothing and abs(twelfths) < 1000 and (twelfths != 0 or op.name in CIRCULAR):
            return Fraction(int(twelfths), 12)
        return value


def _mpmath() -> Any:
    try:
        import mpmath
    except ImportError:
        raise MissingDependency("mpmath", "checking rules", "check") from None
    return mpmath.mp


def _equal(left: Any, right: Any) -> bool:
    if left is right or isinstance(left, bool) or isinstance(right, bool):
        return bool(left == right)
    if isinstance(left, (Fraction, int)) and isinstance(right, (Fraction, int)):
        return left == right
    mp = _mpmath()
    first, second = (mp.mpf(v.numerator) / v.denominator if isinstance(v, Fraction) else mp.mpf(v) for v in (left, right))
    return bool(abs(first - second) <= mp.mpf(TOLERANCE.numerator) / TOLERANCE.denominator * max(1, abs(first), abs(second)))


def _shown(value: Any) -> str:
    return str(value) if isinstance(value, (Fraction, int)) else f"{float(value):.12g}"


