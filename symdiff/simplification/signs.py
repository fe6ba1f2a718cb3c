"""What is known of an expression's values: an enclosing interval and whether they are integers, from the rows and the user's assumptions.

Every fact holds wherever the expression is defined; what is not proved here counts as unknown.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from importlib import import_module
from typing import Any

from symdiff.errors import UsageError
from symdiff.expr import NUMBER, SYMBOL, Expr
from symdiff.operations import TABLE
from symdiff.operations.arithmetic import PI, E, add, div, mul, neg
from symdiff.operations.arithmetic import pow as power_row
from symdiff.operations.op import as_expr
from symdiff.symbols import Symbol
from symdiff.walk import postorder, unnested

__all__ = ["ANYTHING", "Assumptions", "Fact", "Signs"]

Bound = Fraction | int | None  # None: no bound on that side


@dataclass(frozen=True, slots=True)
class Fact:
    """Values lie between low and high (an open end is not reached), are no zero if `nonzero`, are whole if `integer`."""

    low: Bound = None
    high: Bound = None
    low_open: bool = False
    high_open: bool = False
    integer: bool = False
    nonzero: bool = False

    @property
    def positive(self) -> bool:
        return self.low is not None and (self.low > 0 or (self.low == 0 and (self.low_open or self.nonzero)))

    @property
    def nonnegative(self) -> bool:
        return self.low is not None and self.low >= 0

    @property
    def negative(self) -> bool:
        return self.high is not None and (self.high < 0 or (self.high == 0 and (self.high_open or self.nonzero)))

    @property
    def nonpositive(self) -> bool:
        return self.high is not None and self.high <= 0

    @property
    def never_zero(self) -> bool:
        return self.nonzero or self.positive or self.negative


ANYTHING = Fact()
_NONNEGATIVE = Fact(low=0)
_POSITIVE = Fact(low=0, low_open=True)
_NEVER_NEGATIVE = {"cos": {"atan": True, "asin": False}, "sin": {"acos": False}, "sec": {"atan": True}}
"""Functions of angles that an inverse function gives: the cosine of an angle between -pi/2 and pi/2, True where it is no zero either."""


def _exact(value: Any) -> Fraction | int:
    return value if isinstance(value, int) else Fraction(value)


def _sum(facts: Iterable[Fact]) -> Fact:
    low: Bound = 0
    high: Bound = 0
    low_open = high_open = False
    integer = True
    for fact in facts:
        low = None if low is None or fact.low is None else low + fact.low
        high = None if high is None or fact.high is None else high + fact.high
        low_open |= fact.low_open
        high_open |= fact.high_open
        integer &= fact.integer
    return Fact(low, high, low_open and low is not None, high_open and high is not None, integer)


def _opposite(fact: Fact) -> Fact:
    return Fact(None if fact.high is None else -fact.high, None if fact.low is None else -fact.low, fact.high_open, fact.low_open,
                fact.integer, fact.nonzero)


def _product(left: Fact, right: Fact) -> Fact:
    integer, nonzero = left.integer and right.integer, left.never_zero and right.never_zero
    if left.nonpositive and not left.nonnegative:
        return _opposite(_product(_opposite(left), right)) if not right.nonpositive else _product(_opposite(left), _opposite(right))
    if right.nonpositive and not right.nonnegative:
        return _opposite(_product(left, _opposite(right)))
    if left.nonnegative and right.nonnegative:
        low = left.low * right.low  # type: ignore[operator]
        high = None if left.high is None or right.high is None else left.high * right.high
        return Fact(low, high, low == 0 and nonzero, high is not None and (left.high_open or right.high_open), integer, nonzero)
    for factor, other in ((left, right), (right, left)):
        if factor.low is not None and factor.low == factor.high:  # a positive number, by now
            return Fact(None if other.low is None else factor.low * other.low, None if other.high is None else factor.low * other.high,
                        other.low_open, other.high_open, integer, nonzero)
    bounds = (left.low, left.high, right.low, right.high)
    if None not in bounds:
        corners = [u * v for u in bounds[:2] for v in bounds[2:]]  # type: ignore[operator]
        return Fact(min(corners), max(corners), integer=integer, nonzero=nonzero)
    return Fact(integer=integer, nonzero=nonzero)


def _power(base: Fact, exponent: Fact, value: Any) -> Fact:
    """value: the exponent's number, if it is one."""
    if base.positive:
        low: Bound = 0
        if base.low is not None and base.low >= 1 and exponent.nonnegative:
            low = 1
        high: Bound = 1 if base.low is not None and base.low >= 1 and exponent.nonpositive else None
        return Fact(low, high, low == 0, False, base.integer and exponent.integer and exponent.nonnegative, True)
    if value is not None and not isinstance(value, float):
        if isinstance(value, int) and value % 2 == 0:
            return Fact(0, None, value < 0 or base.never_zero, False, base.integer and value > 0, value < 0 or base.never_zero)
        if not isinstance(value, int):
            return Fact(0, None, value < 0 or base.never_zero, False, False, value < 0 or base.never_zero)
        if base.nonnegative:
            return Fact(0, None, value < 0, False, base.integer and value > 0, value < 0)
        if base.nonpositive:
            return Fact(None, 0, False, value < 0 or base.never_zero, base.integer and value > 0, value < 0 or base.never_zero)
        return Fact(integer=base.integer and value > 0, nonzero=value < 0 or base.never_zero)
    return _NONNEGATIVE if base.nonnegative else ANYTHING


def _of_range(op: Any) -> Fact:
    """A row's range, ends that are irrational widened a little."""
    interval = op.range
    low = None if math.isinf(interval.low) else _outward(interval.low, -1)
    high = None if math.isinf(interval.high) else _outward(interval.high, 1)
    return Fact(low, high, interval.low_open, interval.high_open)


def _outward(value: float, direction: int) -> Fraction | int:
    return int(value) if value == int(value) else Fraction(value) + direction * Fraction(1, 10 ** 9)


class Assumptions:
    """What the user says of symbols: bounds and wholeness."""

    def __init__(self, facts: Mapping[Expr, Fact] | None = None) -> None:
        self.facts = dict(facts or {})

    @classmethod
    def read(cls, given: Any) -> Assumptions:
        """From text ("x > 0, n integer"), relations (x > 0), or a list of both."""
        result = cls()
        items = [] if given is None else given if isinstance(given, list | tuple) else [given]
        for item in items:
            if isinstance(item, str):
                for clause in item.split(","):
                    result._read_clause(clause)
            else:
                result._learn(item)
        return result

    def _read_clause(self, clause: str) -> None:
        words = clause.split()
        if not words:
            return
        kinds = {"positive": _POSITIVE, "nonnegative": _NONNEGATIVE, "negative": _opposite(_POSITIVE), "integer": Fact(integer=True),
                 "nonzero": Fact(nonzero=True), "nonpositive": _opposite(_NONNEGATIVE), "real": ANYTHING}
        if len(words) >= 2 and words[-1] in kinds:
            for word in words[:-1]:
                self.restrict(Symbol(word), kinds[words[-1]])
        else:
            self._learn(import_module("symdiff.parsing.infix").parse(clause))  # loads lark, for text only

    def _learn(self, relation: Any) -> None:
        node = as_expr(relation)
        if node.op is TABLE["and"]:
            for part in unnested(node, {part for part in postorder(node) if part.op is node.op}):
                self._learn(part)
            return
        flips = {"lt": "gt", "le": "ge", "gt": "lt", "ge": "le", "ne": "ne", "eq": "eq"}
        name = node.op.name
        if name in flips and len(node.args) == 2:
            left, right = node.args
            if left.op is NUMBER and right.op is SYMBOL:
                left, right, name = right, left, flips[name]
            if left.op is SYMBOL and right.op is NUMBER:
                self.restrict(left, _bounded(name, _exact(right.value)))
                return
        raise UsageError(f"cannot assume '{node}'; assumptions bound one symbol by a number (x > 0, 0 < x < 1, n != 0) or say 'n integer'")

    def restrict(self, symbol: Expr, fact: Fact) -> None:
        old = self.facts.get(symbol, ANYTHING)
        low, low_open = old.low, old.low_open
        if fact.low is not None and (low is None or fact.low > low or (fact.low == low and fact.low_open)):
            low, low_open = fact.low, fact.low_open
        high, high_open = old.high, old.high_open
        if fact.high is not None and (high is None or fact.high < high or (fact.high == high and fact.high_open)):
            high, high_open = fact.high, fact.high_open
        self.facts[symbol] = Fact(low, high, low_open, high_open, old.integer or fact.integer, old.nonzero or fact.nonzero)


def _bounded(name: str, value: Fraction | int) -> Fact:
    match name:
        case "gt":
            return Fact(low=value, low_open=True)
        case "ge":
            return Fact(low=value)
        case "lt":
            return Fact(high=value, high_open=True)
        case "le":
            return Fact(high=value)
        case "eq":
            return Fact(value, value)
    if value == 0:
        return Fact(nonzero=True)
    raise UsageError("an assumption '!=' is understood for 0 only")


class Signs:
    """The facts of every node met so far, under one set of assumptions."""

    def __init__(self, assumptions: Assumptions | None = None) -> None:
        self.assumptions = assumptions or Assumptions()
        self._known: dict[Expr, Fact] = {E: Fact(Fraction(27, 10), Fraction(28, 10)), PI: Fact(Fraction(314, 100), Fraction(315, 100))}

    def of(self, root: Expr) -> Fact:
        known = self._known
        found = known.get(root)
        if found is None:
            for node in postorder(root, known=known):
                known[node] = self._fact(node)
            found = known[root]
        return found

    def _fact(self, node: Expr) -> Fact:
        op, known = node.op, self._known
        if op is NUMBER:
            value = _exact(node.value)
            return Fact(value, value, integer=isinstance(node.value, int), nonzero=value != 0)
        if op is SYMBOL:
            return self.assumptions.facts.get(node, ANYTHING)
        facts = [known[child] for child in node.args]
        if op is add:
            return self._square_form(node) or self._root_above(node) or _sum(facts)
        if op is mul:
            result = facts[0]
            for fact in facts[1:]:
                result = _product(result, fact)
            return result
        if op is neg:
            return _opposite(facts[0])
        if op is power_row or op is div:
            base, exponent = (facts[0], facts[1]) if op is power_row else (facts[1], Fact(-1, -1, integer=True))
            number: Any = -1 if op is div else node.args[1].value if node.args[1].op is NUMBER else None
            result = _power(base, exponent, number)
            return _product(facts[0], result) if op is div else result
        if op.name in _NEVER_NEGATIVE and node.args[0].op.name in _NEVER_NEGATIVE[op.name]:
            return _POSITIVE if _NEVER_NEGATIVE[op.name][node.args[0].op.name] else _NONNEGATIVE
        return self._function(op, facts)

    def _square_form(self, node: Expr) -> Fact | None:
        """A quadratic c*x^2 + b*x + a in one symbol with negative discriminant keeps the sign of c."""
        coefficients: dict[int, Fraction] = {}
        symbol: Expr | None = None
        for term in node.args:
            number, rest = (Fraction(term.args[0].value), term.args[1:]) if term.op is mul and _is_exact(term.args[0]) else (Fraction(1), (term,))
            if len(rest) != 1:
                return None
            base, degree = rest[0], 1
            if _is_exact(base):
                coefficients[0] = coefficients.get(0, Fraction(0)) + number * Fraction(base.value)
                continue
            if base.op is power_row and base.args[1].op is NUMBER and base.args[1].value == 2:
                base, degree = base.args[0], 2
            if (symbol is not None and base is not symbol) or base.op.relation:
                return None
            symbol = base
            coefficients[degree] = coefficients.get(degree, Fraction(0)) + number
        a, b, c = (coefficients.get(k, Fraction(0)) for k in (0, 1, 2))
        if not b or b * b - 4 * a * c >= 0:
            return None
        least = a - b * b / (4 * c)
        return Fact(low=least, nonzero=True) if c > 0 else Fact(high=least, nonzero=True)

    def _root_above(self, node: Expr) -> Fact | None:
        """u + sqrt(u^2 + c) with c > 0 is positive, the root being larger than abs(u)."""
        for first, second in (node.args, node.args[::-1]) if len(node.args) == 2 else ():
            (sign, root), (_, u) = _signed(first), _signed(second)
            if root.op is not power_row or root.args[0].op is not add or root.args[1].value != Fraction(1, 2):
                continue
            terms = root.args[0].args
            squares = [t for t in terms if t.op is power_row and t.args[0] is u and t.args[1].value == 2]
            if squares and _sum(self._known[t] for t in terms if t is not squares[0]).positive:
                return _POSITIVE if sign > 0 else _opposite(_POSITIVE)
        return None

    def _function(self, op: Any, facts: list[Fact]) -> Fact:
        name = op.name
        if name == "abs":
            u = facts[0]
            if u.nonnegative:
                return u
            if u.nonpositive:
                return _opposite(u)
            return Fact(0, None, u.never_zero, False, u.integer, u.never_zero)
        if name in ("floor", "ceil", "sign", "step"):
            u, limited = facts[0], _of_range(op)
            low, high = limited.low, limited.high
            if name == "sign" and u.never_zero and (u.positive or u.negative):
                low = high = 1 if u.positive else -1
            elif name in ("sign", "floor") and u.nonnegative:
                low = 0
            return Fact(low, high, integer=True, nonzero=name == "sign" and u.never_zero)
        if name in ("max", "min"):
            return _extreme(facts, name == "max")
        if name == "where":
            return _either(facts[1], facts[2])
        if op.parity == "odd" and op.monotone == "increasing" and facts[0].nonnegative:
            limited = _of_range(op)
            return Fact(0, limited.high, facts[0].positive, limited.high_open, False, facts[0].positive)
        if op.parity == "odd" and op.monotone == "increasing" and facts[0].nonpositive:
            limited = _of_range(op)
            return Fact(limited.low, 0, limited.low_open, facts[0].negative, False, facts[0].negative)
        if name == "ln" and facts[0].low is not None and facts[0].low >= 1:
            return Fact(0, None, facts[0].low > 1)
        if name == "gamma":
            return _POSITIVE if facts[0].positive else Fact(nonzero=True)
        return _of_range(op)


def _signed(term: Expr) -> tuple[int, Expr]:
    """A term without a minus, and its sign."""
    return (-1, term.args[1]) if term.op is mul and len(term.args) == 2 and term.args[0].value == -1 else (1, term)


def _is_exact(node: Expr) -> bool:
    return node.op is NUMBER and not isinstance(node.value, float)


def _extreme(facts: list[Fact], largest: bool) -> Fact:
    if not largest:
        return _opposite(_extreme([_opposite(f) for f in facts], True))
    bounded = [f for f in facts if f.low is not None]
    best = max(bounded, key=lambda f: (f.low or 0, f.low_open), default=ANYTHING)
    high = None if any(f.high is None for f in facts) else max(f.high for f in facts if f.high is not None)
    return Fact(best.low, high, best.low_open, False, all(f.integer for f in facts), best.positive)


def _either(u: Fact, v: Fact) -> Fact:
    low = None if u.low is None or v.low is None else min(u.low, v.low)
    high = None if u.high is None or v.high is None else max(u.high, v.high)
    low_open = all(f.low_open for f in (u, v) if f.low == low)
    high_open = all(f.high_open for f in (u, v) if f.high == high)
    return Fact(low, high, low is not None and low_open, high is not None and high_open, u.integer and v.integer, u.never_zero and v.never_zero)
