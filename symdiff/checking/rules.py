"""The rule checker: an identity judged from its declaration alone, by its own evaluator, at corner values and at random points.

It shares nothing with the simplifier.  Numbers stay exact rationals as long as they can, so that a zero is a zero and no 1e-28.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from fractions import Fraction
from importlib import import_module
from itertools import product
from typing import Any

from symdiff.errors import MissingDependency
from symdiff.expr import NUMBER, SYMBOL, Expr
from symdiff.walk import free_symbols, postorder

__all__ = ["RuleChecker", "check_rule"]

DIGITS = 90
TOLERANCE = 10 ** 25
NOTHING = 10 ** 70
"""One part in so many is what cancellation and rounding leave of a zero at that many digits."""
UNDEFINED, UNKNOWN = object(), object()
"""No value over the reals; and a value whose digits cancellation took, which says nothing."""
LARGE = 10 ** 15

QUARTERS_OF_PI = (4, -4, 2, -2, 1, 8, 6)
CORNERS = (0, 1, -1, Fraction(1, 2), Fraction(-1, 2), 2, -2, Fraction(1, 3), 3, -3, 20, Fraction(17, 23), Fraction(-271, 100))
FIRST_CORNER, FIRST_RANDOM, VALUES = 7, 20, 200
"""Where in the list of values the corners and the random numbers begin, and how many values there are."""
PLAIN_GRID = tuple(range(7, 20))
CIRCULAR_GRID = (7, 0, 8, 2, 9, 10, 1, 3, 4, 11, 5, 6, 12, 13, 14, 15, 16, 17, 18, 19)
SIZES = {0: 1, 1: 99, 2: 12, 3: 7, 4: 4, 5: 3}
"""How many corner values each of that many variables takes."""
RANDOM_POINTS = 30
CIRCULAR = frozenset({"sin", "cos", "tan", "cot", "sec", "csc", "asin", "acos", "atan", "asec", "acsc", "acot", "atan2"})

Point = tuple[int, ...]
"""For each variable the position of its value in the list of values."""


def check_rule(left: Expr, right: Expr, needs: Expr | None = None, records: Expr | None = None) -> list[str]:
    """What is wrong with a rewrite rule; empty where it is a refinement over the reals and its conditions are exact.

    left, right: both sides, every symbol a wildcard for any real number.  needs: the relation under which the rule may fire.
    records: the relation that holds exactly where left is defined, among the points where needs holds and right is defined.
    Raises MissingDependency without mpmath.

    >>> from symdiff import parse
    >>> check_rule(parse("sqrt(a^2)"), parse("abs(a)"))
    []
    >>> check_rule(parse("sqrt(a^2)"), parse("a"))
    ['a = -1: the left side is 1, the right side is -1']
    """
    return RuleChecker().problems(left, right, needs, records)


class RuleChecker:
    """Checks rules one by one; values of parts that rules share are computed once."""

    def __init__(self) -> None:
        self.values = _Values()

    def problems(self, left: Expr, right: Expr, needs: Expr | None = None, records: Expr | None = None) -> list[str]:
        """As `check_rule`."""
        parts = [part for part in (left, right, needs, records) if part is not None]
        variables = free_symbols(left)
        loose = [str(symbol) for symbol in free_symbols(*parts) if symbol not in variables]
        if loose:
            return [f"the left side does not bind {', '.join(loose)}"]
        seen = _Seen(self.values)
        for point, (before, after, needed, recorded) in self._rows(variables, [left, right, needs, records]):
            problem = seen.problem(before, after, needed is True, recorded is True)
            if problem:
                return [self._at(variables, point, problem)]
        return [message for wrong, message in (
            (not seen.usable, "no point was found where the left side is defined and the condition holds"),
            (needs is not None and not seen.justified, "the condition is superfluous: the rule holds where it is violated too"),
            (records is not None and not seen.extended, "the recorded condition is superfluous: the right side is defined nowhere else"),
        ) if wrong]


    def lost_value(self, left: Expr, right: Expr, needs: Expr | None = None) -> str:
        """A point where the left side is defined, what is needed holds, and the right side has not its value; '' where none was found.

        >>> from symdiff import parse
        >>> RuleChecker().lost_value(parse("x/x"), parse("1")), RuleChecker().lost_value(parse("x"), parse("x^2/x"))
        ('', 'x = 0: the left side is 0, the right side is undefined')
        """
        variables = free_symbols(left, right)
        seen = _Seen(self.values)
        for point, (before, after, needed, _) in self._rows(variables, [left, right, needs, None]):
            if before is not UNDEFINED and (needs is None or needed is True):
                problem = seen.problem(before, after, True, True)
                if problem:
                    return self._at(variables, point, problem)
        return ""

    def _rows(self, variables: Sequence[Expr], parts: Sequence[Expr | None]) -> Iterator[tuple[Point, tuple[Any, ...]]]:
        """The points, and the values of the parts there; a part that is left out is true."""
        present = [part for part in parts if part is not None]
        points = _points(len(variables), any(node.op.name in CIRCULAR for node in postorder(*present)))
        columns = [[True] * len(points) if part is None else self.values.column(part, variables, points) for part in parts]
        return zip(points, zip(*columns))

    def _at(self, variables: Sequence[Expr], point: Point, problem: str) -> str:
        shown = ", ".join(f"{symbol} = {_shown(self.values.list[index])}" for symbol, index in zip(variables, point))
        return f"{shown}: {problem}" if shown else problem


class _Seen:
    """What the points of one rule have shown so far."""

    def __init__(self, values: _Values) -> None:
        self.values = values
        self.usable = self.justified = self.extended = 0

    def problem(self, before: Any, after: Any, needed: bool, recorded: bool) -> str:
        if before is UNKNOWN or after is UNKNOWN:
            return ""
        if not needed:
            self.justified += before is not UNDEFINED and (after is UNDEFINED or not self.values.equal(before, after))
            return ""
        if before is UNDEFINED:
            if after is UNDEFINED:
                return ""
            self.extended += 1
            return "the right side is defined, the left is not, and the recorded condition does not say so" if recorded else ""
        self.usable += 1
        if after is UNDEFINED:
            return f"the left side is {_shown(before)}, the right side is undefined"
        if not self.values.equal(before, after):
            return f"the left side is {_shown(before)}, the right side is {_shown(after)}"
        return "" if recorded else "the left side is defined, and the recorded condition denies it"


def _points(count: int, circular: bool) -> list[Point]:
    grid = (CIRCULAR_GRID if circular else PLAIN_GRID)[:SIZES.get(count, 2)]
    points: list[Point] = list(product(grid, repeat=count))
    if count:
        generator = random.Random(count)
        points += [tuple(generator.randrange(FIRST_RANDOM, VALUES) for _ in range(count)) for _ in range(RANDOM_POINTS)]
    return points


class _Values:
    """Values of expressions: a rational, an mpf, a truth value or UNDEFINED for each assignment of their own symbols."""

    def __init__(self) -> None:
        self.mp = _mpmath()
        with self.mp.workdps(DIGITS):
            self.nothing, self.tolerance = 1 / self.mp.mpf(NOTHING), 1 / self.mp.mpf(TOLERANCE)
            generator = random.Random(1)
            self.list: list[Any] = [*[self.mp.pi * k / 4 for k in QUARTERS_OF_PI], *CORNERS]
            self.list += [_random_number(generator) for _ in range(VALUES - FIRST_RANDOM)]
        self._own: dict[Expr, tuple[Expr, ...]] = {}
        self._known: dict[Expr, dict[Point, Any]] = {}
        self._domains: dict[Any, tuple[tuple[Expr, ...], list[Expr]] | None] = {}

    def column(self, root: Expr, variables: Sequence[Expr], points: Sequence[Point]) -> list[Any]:
        """The values at all points."""
        with self.mp.workdps(DIGITS):
            for node in postorder(root):
                self._fill(node, variables, points)
        places = [variables.index(symbol) for symbol in self._own[root]]
        known = self._known[root]
        return [known[tuple([point[place] for place in places])] for point in points]

    def _fill(self, node: Expr, variables: Sequence[Expr], points: Sequence[Point]) -> None:
        own = self._own.get(node)
        if own is None:
            own = (node,) if node.op is SYMBOL else tuple(
                sorted({symbol for child in node.args for symbol in self._own[child]}, key=lambda symbol: str(symbol.value)))
            self._own[node] = own
        places = [variables.index(symbol) for symbol in own]
        known = self._known.setdefault(node, {})
        below = [(self._known[child], [own.index(symbol) for symbol in self._own[child]]) for child in node.args]
        for key in dict.fromkeys([tuple([point[place] for place in places]) for point in points]):
            if key in known:
                continue
            if node.op is SYMBOL:
                known[key] = self.list[key[0]]
            elif node.op is NUMBER:
                known[key] = _exact(node.value)
            else:
                known[key] = self._applied(node.op, [values[tuple([key[index] for index in inner])] for values, inner in below])

    def _applied(self, op: Any, arguments: list[Any]) -> Any:
        if op.name == "where":
            return arguments[0] if arguments[0] in (UNDEFINED, UNKNOWN) else arguments[1] if arguments[0] else arguments[2]
        for lost in (UNDEFINED, UNKNOWN):
            if any(argument is lost for argument in arguments):
                return lost
        exact = all(isinstance(argument, (Fraction, int)) for argument in arguments)
        if op.relation:
            return bool(op.exact(*arguments)) if exact else self._compared(op, arguments)
        if op.domain is not None and not self._in_domain(op, arguments):
            return UNDEFINED
        if exact and op.exact is not None:
            value = op.exact(*arguments)
            if value is not None:
                return _exact(value)
        return self._precise(op, arguments)

    def _compared(self, op: Any, arguments: list[Any]) -> bool:
        """A comparison that involves a rounded number: what differs by rounding only is equal."""
        left, right = (self._number(argument) for argument in arguments)
        if abs(left - right) <= self.nothing * max(abs(left), abs(right)):
            left = right
        return bool(op.exact(left, right))

    def _in_domain(self, op: Any, arguments: list[Any]) -> bool:
        if op not in self._domains:
            holes = op.template_symbols()[1:]
            self._domains[op] = holes, postorder(op.domain(*holes))
        holes, order = self._domains[op]  # type: ignore[misc]
        value = dict(zip(holes, arguments))
        for node in order:
            if node not in value:
                value[node] = _exact(node.value) if node.op is NUMBER else self._applied(node.op, [value[child] for child in node.args])
        return value[order[-1]] is True

    def _number(self, value: Any) -> Any:
        return self.mp.mpf(value.numerator) / value.denominator if isinstance(value, Fraction) else self.mp.mpf(value)

    def _precise(self, op: Any, arguments: list[Any]) -> Any:
        numbers = [self._number(argument) for argument in arguments]
        precise = op.precise if op.precise is not None else op.name
        try:
            value = getattr(self.mp, precise)(*numbers) if isinstance(precise, str) else precise(self.mp, *numbers)
        except (ValueError, ArithmeticError):
            return UNDEFINED
        if not isinstance(value, self.mp.mpf) or not self.mp.isfinite(value):
            return UNDEFINED
        return self._settled(op, value, numbers)

    def _settled(self, op: Any, value: Any, numbers: list[Any]) -> Any:
        """A rounded result that can only be a small rational becomes that rational: sin(pi) is 0, cos(pi/3) is 1/2.

        Near 0 only sums and circular functions may round: exp(-200) is small and no zero.
        """
        rough = 12 * float(value)
        if abs(rough) > 1000 or abs(rough - round(rough)) > 1e-9:
            return value
        if op.name == "add" and abs(value) < self.nothing * max([abs(number) for number in numbers]):
            return 0 if max(numbers) < LARGE else UNKNOWN
        twelfths = round(rough)
        if abs(12 * value - twelfths) < self.nothing and (twelfths != 0 or op.name in CIRCULAR):
            return Fraction(twelfths, 12)
        return value

    def equal(self, left: Any, right: Any) -> bool:
        if isinstance(left, (Fraction, int)) and isinstance(right, (Fraction, int)):
            return left == right
        with self.mp.workdps(DIGITS):
            first, second = self._number(left), self._number(right)
            return bool(abs(first - second) <= self.tolerance * max(1, abs(first), abs(second)))


def _exact(value: Any) -> Fraction | int:
    """An integer as int, which the exact columns of the rows ask for; any other number as a fraction."""
    if isinstance(value, int):
        return value
    fraction = Fraction(value)
    return fraction.numerator if fraction.denominator == 1 else fraction


def _random_number(generator: random.Random) -> Fraction | int:
    kind = generator.random()
    if kind < 0.2:
        return generator.randint(-6, 6)
    scale = 1 if kind < 0.6 else 4
    return Fraction(generator.randint(-1000 * scale, 1000 * scale), 997)


def _mpmath() -> Any:
    try:
        return import_module("mpmath").mp
    except ImportError:
        raise MissingDependency("mpmath", "checking rules", "check") from None


def _shown(value: Any) -> str:
    return str(value) if isinstance(value, (Fraction, int)) else f"{float(value):.12g}"
