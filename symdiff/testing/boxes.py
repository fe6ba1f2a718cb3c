"""Interval reasoning: over a box of values for the variables, whether a formula is defined and smooth, and between what its values lie.

What it says is certain, or it says that it does not know; from it points are drawn inside a domain instead of being thrown away outside.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from symdiff.evaluator import nearest_float
from symdiff.expr import NUMBER, SYMBOL, Expr
from symdiff.operations.op import Op
from symdiff.walk import free_symbols, postorder

__all__ = ["Box", "Enclosure", "certain_boxes", "enclosed", "enclosure_of"]

INFINITY = math.inf
Box = dict[Expr, tuple[float, float]]
"""For each variable the lowest and the highest value."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """Values between low and high; defined and smooth: True everywhere in the box, False nowhere, None unknown.

    For a condition, low and high are 0 and 1: (1, 1) holds everywhere, (0, 0) nowhere.
    """

    low: float = -INFINITY
    high: float = INFINITY
    defined: bool | None = True
    smooth: bool | None = True

    @property
    def truth(self) -> bool | None:
        return True if self.low == 1 else False if self.high == 0 else None

    @property
    def is_point(self) -> bool:
        return self.low == self.high


def enclosed(root: Expr, box: Box, known: dict[Expr, Enclosure] | None = None) -> Enclosure:
    """The enclosure of a formula over a box.

    >>> from symdiff import parse, Symbol
    >>> enclosed(parse("ln(x) + 1"), {Symbol("x"): (1.0, 2.0)}).defined
    True
    >>> enclosed(parse("sqrt(x - 3)"), {Symbol("x"): (1.0, 2.0)}).defined
    False
    """
    values: dict[Expr, Enclosure] = {} if known is None else known
    for node in postorder(root, known=values):
        values[node] = _leaf(node, box) if not node.args else enclosure_of(node.op, [values[child] for child in node.args])
    return values[root]


def _leaf(node: Expr, box: Box) -> Enclosure:
    if node.op is SYMBOL:
        return Enclosure(*box.get(node, (-INFINITY, INFINITY)))
    if node.op is NUMBER:
        value = nearest_float(node.value)
        return Enclosure(value, value)
    value = math.nan if node.op.value is None else node.op.value()
    return Enclosure(defined=False) if value != value else Enclosure(value, value)


def enclosure_of(op: Op, args: Sequence[Enclosure]) -> Enclosure:
    """The enclosure of one operation from those of its arguments."""
    if op.name == "where":
        return _choice(*args)
    low, high = _values(op, args)
    return Enclosure(low, high, _all_hold([*(a.defined for a in args), _relation(op, args, op.domain)]),
                     _all_hold([*(a.smooth for a in args), *_smoothness(op, args)]))


def _all_hold(truths: Sequence[bool | None]) -> bool | None:
    return False if False in truths else None if None in truths else True


def _smoothness(op: Op, args: Sequence[Enclosure]) -> list[bool | None]:
    if op.relation:
        return [True if args[0].truth is not None or _truth(op.name, args) is not None else None] if op.conditions else [
            None if _truth(op.name, args) is None else True]
    if op.smooth is None:
        return []
    return [_relation(op, pair, op.smooth) for pair in (combinations(args, 2) if op.variadic else [args])]


def _relation(op: Op, args: Sequence[Enclosure], column: Callable[..., Expr] | None) -> bool | None:
    """What a column of the row (its domain, where it is smooth) says of such arguments."""
    if column is None:
        return True
    holes = op.template_symbols()[1:]
    if any(a.defined is False for a in args):
        return False
    values = dict(zip(holes, args))
    order = postorder(column(*holes), known=values)
    for node in order:  # values alone: floor is smooth where u != floor(u), and that floor is not asked again
        values[node] = _leaf(node, {}) if not node.args else Enclosure(*_values(node.op, [values[child] for child in node.args]))
    return values[order[-1]].truth


def _choice(condition: Enclosure, value: Enclosure, other: Enclosure) -> Enclosure:
    if condition.truth is not None and condition.defined:
        return value if condition.truth else other
    defined = _all_hold([condition.defined, value.defined, other.defined])
    if value.defined is not other.defined and condition.defined is not False:
        defined = None
    return Enclosure(min(value.low, other.low), max(value.high, other.high), defined, None)


def _values(op: Op, args: Sequence[Enclosure]) -> tuple[float, float]:
    if op.relation:
        truth = _truth(op.name, args)
        return (0, 1) if truth is None else (int(truth), int(truth))
    special = _SPECIAL.get(op.name)
    low, high = special(*args) if special is not None else _monotone(op, args[0]) if op.monotone and op.arity == 1 else (-INFINITY, INFINITY)
    return max(_below(low), op.range.low), min(_above(high), op.range.high)


def _below(value: float) -> float:
    """A little less, for what rounding did."""
    if value != value:
        return -INFINITY
    exact = math.isinf(value) or (abs(value) < 2 ** 50 and value == math.floor(value))
    return value if exact else value - abs(value) * 1e-14


def _above(value: float) -> float:
    return -_below(-value)


def _monotone(op: Op, u: Enclosure) -> tuple[float, float]:
    ends = [_value(op, u.low, -INFINITY), _value(op, u.high, INFINITY)]
    if op.monotone == "decreasing":
        ends = [_value(op, u.high, -INFINITY), _value(op, u.low, INFINITY)]
    return ends[0], ends[1]


def _value(op: Op, at: float, otherwise: float) -> float:
    """The row's value, or the given end where floats have none."""
    assert op.value is not None
    try:
        value = float(op.value(at))
    except (ArithmeticError, ValueError):
        return otherwise
    return otherwise if value != value else value


def _truth(name: str, args: Sequence[Enclosure]) -> bool | None:
    u, v = args[0], args[-1]
    if name == "not":
        return None if u.truth is None else not u.truth
    if name == "and":
        return _all_hold([u.truth, v.truth])
    if name == "or":
        return True if True in (u.truth, v.truth) else False if u.truth is v.truth is False else None
    if name in ("gt", "ge"):
        name, u, v = {"gt": "lt", "ge": "le"}[name], v, u
    if name == "lt":
        return True if u.high < v.low else False if u.low >= v.high else None
    if name == "le":
        return True if u.high <= v.low else False if u.low > v.high else None
    equal = True if u.is_point and v.is_point and u.low == v.low else False if u.high < v.low or v.high < u.low else None
    return equal if name == "eq" else None if equal is None else not equal


def _times(a: float, b: float) -> float:
    return 0.0 if not a or not b else a * b


def _sum(*terms: Enclosure) -> tuple[float, float]:
    return sum(t.low for t in terms), sum(t.high for t in terms)


def _product(*factors: Enclosure) -> tuple[float, float]:
    low, high = factors[0].low, factors[0].high
    for factor in factors[1:]:
        ends = [_times(a, b) for a, b in product((low, high), (factor.low, factor.high))]
        low, high = min(ends), max(ends)
    return low, high


def _quotient(u: Enclosure, v: Enclosure) -> tuple[float, float]:
    if v.low <= 0 <= v.high:
        return -INFINITY, INFINITY
    return _product(u, Enclosure(1 / v.high, 1 / v.low))


def _power(u: Enclosure, v: Enclosure) -> tuple[float, float]:
    if v.is_point and v.low == math.floor(v.low) and not math.isinf(v.low):
        if v.low < 0 and u.low <= 0 <= u.high:
            return -INFINITY, INFINITY
        ends = [_float_power(u.low, v.low), _float_power(u.high, v.low)]
        if v.low % 2 == 0 and u.low < 0 < u.high:
            ends.append(0.0)
        return min(ends), max(ends)
    if u.low < 0:
        return -INFINITY, INFINITY
    if u.low == 0 and v.low <= 0:
        return 0.0, INFINITY
    ends = [_float_power(a, b) for a, b in product((u.low, u.high), (v.low, v.high))]
    return min(ends), max(ends)


def _float_power(base: float, exponent: float) -> float:
    try:
        value: float = base ** exponent
        return value
    except OverflowError:
        return -INFINITY if base < 0 and exponent % 2 == 1 else INFINITY


def _absolute(u: Enclosure) -> tuple[float, float]:
    return 0.0 if u.low <= 0 <= u.high else min(abs(u.low), abs(u.high)), max(abs(u.low), abs(u.high))


def _rounded(rule: Callable[[float], int]) -> Callable[[Enclosure], tuple[float, float]]:
    def ends(u: Enclosure) -> tuple[float, float]:
        return tuple(end if math.isinf(end) else float(rule(end)) for end in (u.low, u.high))  # type: ignore[return-value]
    return ends


_SPECIAL: Mapping[str, Callable[..., tuple[float, float]]] = {
    "add": _sum,
    "mul": _product,
    "neg": lambda u: (-u.high, -u.low),
    "div": _quotient,
    "pow": _power,
    "abs": _absolute,
    "max": lambda *us: (max(u.low for u in us), max(u.high for u in us)),
    "min": lambda *us: (min(u.low for u in us), min(u.high for u in us)),
    "floor": _rounded(math.floor),
    "ceil": _rounded(math.ceil),
    "sign": lambda u: ((u.low > 0) - (u.low < 0), (u.high > 0) - (u.high < 0)),
    "step": lambda u: (float(u.low > 0), float(u.high > 0)),
    "relu": lambda u: (max(u.low, 0.0), max(u.high, 0.0)),
}
"""Operations whose ends of values do not follow from the columns `monotone` and `range`."""


def certain_boxes(root: Expr, start: Box, *, smooth: bool = False, enough: int = 6, budget: int = 80) -> tuple[list[Box], list[Box]]:
    """Parts of a box in which the formula is certainly defined (and smooth), and parts of which that is not known; widest first.

    >>> from symdiff import parse, Symbol
    >>> inside, doubtful = certain_boxes(parse("ln(x)"), {Symbol("x"): (-4.0, 4.0)})
    >>> all(low > 0 for box in inside for low, high in box.values()), bool(inside)
    (True, True)
    """
    variables = [symbol for symbol in free_symbols(root) if symbol in start]
    inside: list[Box] = []
    queue = [dict(start)]
    while queue and len(inside) < enough and budget:
        budget -= 1
        box = queue.pop(0)
        found = enclosed(root, box)
        holds = _all_hold([found.defined, found.smooth]) if smooth else found.defined
        if holds:
            inside.append(box)
        elif holds is None and variables and not (smooth and found.defined is False):
            queue += _halves(box, variables)
    return inside, queue


def _halves(box: Box, variables: Sequence[Expr]) -> list[Box]:
    """The box cut across its widest side, at 0 first, so that signs become known early; the positive part comes first."""
    widest = max(variables, key=lambda symbol: (box[symbol][0] < 0 < box[symbol][1], box[symbol][1] - box[symbol][0]))
    low, high = box[widest]
    middle = 0.0 if low < 0 < high else low + (high - low) * 0.4375  # not the half: kinks and poles like round numbers
    return [{**box, widest: (middle, high)}, {**box, widest: (low, middle)}]
