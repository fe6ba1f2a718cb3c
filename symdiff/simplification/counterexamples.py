"""The search for a real point at which two formulas differ: exactly where the values are rational, else in high precision."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

from symdiff import limits
from symdiff.evaluation import precise_context
from symdiff.evaluator import Evaluator
from symdiff.expr import Expr, Real
from symdiff.simplification.signs import ANYTHING, Assumptions, Fact
from symdiff.walk import free_symbols

__all__ = ["Search", "Witness"]

DIGITS = 50
POINTS = 60
CORNERS = tuple(Fraction(n, d) for n, d in ((-1, 1), (1, 1), (0, 1), (2, 1), (-2, 1), (1, 2), (-1, 2), (3, 1), (-3, 1)))
JUMPS = frozenset({"floor", "ceil", "sign", "step", "mod"})
LARGEST = 10 ** 6
"""Arguments of jumping functions and of gamma beyond it are left alone: their fractional parts have few digits."""


@dataclass(frozen=True, slots=True)
class Witness:
    """A point and the two values there, None where there is none."""

    point: dict[Expr, Fraction]
    left: Any
    right: Any


class Search:
    """Tries points for two formulas; `usable` counts those at which both values are known."""

    def __init__(self, left: Expr, right: Expr, assumptions: Assumptions, strict: bool, seed: int) -> None:
        self.sides = Evaluator(left), Evaluator(right)
        self.symbols = free_symbols(left, right)
        self.assumptions = assumptions
        self.strict = strict
        self.seed = seed
        self.usable = 0

    def points(self) -> Iterator[dict[Expr, Fraction]]:
        """Corner values first, then random ones on several scales, all as assumed; the same ones for the same seed."""
        random = Random(self.seed)
        facts = [self.assumptions.facts.get(symbol, ANYTHING) for symbol in self.symbols]
        for index in range(POINTS if self.symbols else 1):
            values = [_drawn(fact, index, random) for fact in facts]
            if all(value is not None for value in values):
                yield dict(zip(self.symbols, values, strict=True))  # type: ignore[arg-type]

    def exact_witness(self) -> Witness | None:
        """A point with rational values that differ."""
        for point in self.points():
            exact: dict[Expr, Real] = dict(point)
            left, right = (side.exact_values(exact, limits.folded_bits)[-1] for side in self.sides)
            if left is not None and right is not None:
                self.usable += 1
                if left != right:
                    return Witness(point, left, right)
        return None

    def witness(self) -> Witness | None:
        """A point at which high precision tells the values apart, beyond any doubt of rounding."""
        self.usable = 0
        mp = precise_context(53, "finding a point at which formulas differ")
        for point in self.points():
            left, right = (self._certain(side, point, mp) for side in self.sides)
            if left == "doubtful" or right == "doubtful":
                continue
            if left is None or right is None:
                if self.strict and left is not right:
                    return self._witness(point, left, right, mp)
                continue
            self.usable += 1
            mp.dps = DIGITS
            if abs(left - right) > mp.mpf(10) ** (10 - DIGITS // 2) * (1 + abs(left) + abs(right)):
                return self._witness(point, left, right, mp)
        return None

    def _witness(self, point: dict[Expr, Fraction], left: Any, right: Any, mp: Any) -> Witness:
        """The values as exact numbers where they are rational, else as decimals of as many digits as are certain."""
        exact = [side.exact_values(dict(point), limits.folded_bits)[-1] for side in self.sides]
        shown = [value if value is None or known is None else known for value, known in zip((left, right), exact, strict=True)]
        return Witness(point, *[Decimal(mp.nstr(v, DIGITS // 2)) if hasattr(v, "_mpf_") else v for v in shown])

    def _certain(self, side: Evaluator, point: dict[Expr, Fraction], mp: Any) -> Any:
        """The value, None where there certainly is none, 'doubtful' where rounding decides."""
        exact = side.exact_values(dict(point), limits.folded_bits)
        values: list[list[Any]] = []
        for digits in (DIGITS, 2 * DIGITS):
            mp.dps = digits
            values.append(side.precise_values({symbol: mp.mpf(v.numerator) / v.denominator for symbol, v in point.items()}, mp))
        for place, op, children in side.steps:
            if _doubtful(op.name, [values[1][child] for child in children], [exact[child] for child in children], values[1][place], mp):
                return "doubtful"
        short, long = values[0][-1], values[1][-1]
        if long is None or short is None:
            return None if long is short else "doubtful"
        if abs(long) > mp.mpf(10) ** 1_000 or abs(short - long) > mp.mpf(10) ** (-DIGITS // 2) * (1 + abs(long)):
            return "doubtful"
        return long


def _drawn(fact: Fact, index: int, random: Random) -> Fraction | None:
    """A value within what is assumed of a symbol."""
    shift = random.randrange(len(CORNERS))
    if index < len(CORNERS):
        value = CORNERS[index]
    elif index < 2 * len(CORNERS):
        value = CORNERS[(index + shift) % len(CORNERS)]
    else:
        value = Fraction(random.randint(-1000, 1000), 1 << random.choice((3, 6, 8, 10)))
    if fact.low is not None and fact.high is not None:
        part = Fraction(random.randint(1, 1023), 1024)
        inside = fact.low + (fact.high - fact.low) * part
        value = value if fact.low < value < fact.high else Fraction(inside)
    elif fact.low is not None and value <= fact.low:
        value = fact.low + abs(value) + 1
    elif fact.high is not None and value >= fact.high:
        value = fact.high - abs(value) - 1
    if fact.integer:
        value = Fraction(round(value))
    low_missed = fact.low is not None and (value < fact.low or (value == fact.low and fact.low_open))
    high_missed = fact.high is not None and (value > fact.high or (value == fact.high and fact.high_open))
    return None if low_missed or high_missed or (fact.nonzero and not value) else Fraction(value)


def _doubtful(name: str, arguments: list[Any], exact: list[Any], value: Any, mp: Any) -> bool:
    """Whether an operation's value could turn on rounding: close to a jump, an end of a domain or a pole, and not known exactly."""
    if any(a is None or type(a) is bool for a in arguments) or all(e is not None for e in exact):
        return False
    near = mp.mpf(10) ** (-DIGITS // 2)
    if name in ("lt", "le", "gt", "ge", "eq", "ne"):
        return bool(abs(arguments[0] - arguments[1]) < near)
    if name in JUMPS or "gamma" in name or value is None or name in ("div", "pow"):
        if any(abs(a) > LARGEST for a in arguments) and name not in ("div",):
            return True
        watched = [arguments[0] / arguments[1] if arguments[1] else arguments[0]] if name == "mod" else arguments
        known = [False] if name == "mod" else [e is not None for e in exact]
        return any(not sure and abs(a - mp.nint(a)) < near for a, sure in zip(watched, known, strict=True))
    return name in ("tan", "cot", "sec", "csc") and value is not None and abs(value) > 1 / near
