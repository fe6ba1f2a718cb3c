"""Values of one formula at many points, in floats, exactly or in mpmath; how users call it, and its errors, are in evaluation.

Every pass is one loop over the order of the nodes, which is found once.  In floats nan marks a node without a value, elsewhere None does.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from typing import Any, TypeAlias

from symdiff import limits, numbers
from symdiff.errors import LimitError
from symdiff.expr import NUMBER, SYMBOL, Expr, Real
from symdiff.operations.arithmetic import add, div, mul, neg
from symdiff.operations.arithmetic import pow as power_row
from symdiff.operations.elementary import ln, sqrt
from symdiff.operations.op import Op
from symdiff.operations.piecewise import where
from symdiff.walk import paused_collector, postorder, rebuild, substitute

__all__ = ["TOO_LARGE", "Evaluator", "exact_number", "exact_rule", "float_rule_of", "float_value", "nearest_float", "too_large"]

TOO_LARGE = 40_000
"""Binary digits before the point of an argument above which mpmath is not asked: its sin and exp take as many digits and more."""
EXPONENT_LIMIT = 1 << 1_000
"""The binary exponent from which on an mpmath number counts as too large or too small: it could not even be printed."""
_ANY_SIZE = frozenset({add, mul, div, neg, ln, sqrt})
_NO_VALUE = (ValueError, ZeroDivisionError)
_Step: TypeAlias = tuple[int, Callable[..., Any], Op, tuple[int, ...]]


class Evaluator:
    """A formula made ready for its values at many points.

    >>> from symdiff import parse, Symbol
    >>> Evaluator(parse("ln(x)")).floats({Symbol("x"): 1.0})
    0.0
    """

    __slots__ = (
        "_depending", "_float_leaves", "_float_steps", "_place", "_precise_key", "_precise_leaves", "_precise_steps", "_settled", "order",
        "steps", "symbols",
    )

    def __init__(self, expression: Expr) -> None:
        with paused_collector():
            self.order = postorder(_inlined(expression))
        place = self._place = {node: index for index, node in enumerate(self.order)}
        self.symbols = [(index, node) for index, node in enumerate(self.order) if node.op is SYMBOL]
        self.steps = [(place[node], node.op, tuple([place[child] for child in node.args])) for node in self.order if node.args]
        self._float_leaves: list[float] = []
        self._float_steps: list[_Step] = []
        self._settled: dict[int, Any] | None = None
        self._precise_key: tuple[Any, ...] = ()
        self._precise_leaves: list[Any] = []
        self._precise_steps: list[_Step] = []
        self._depending: tuple[Any, ...] = ()

    def place(self, node: Expr) -> int:
        """Where a node's value stands in what the passes return."""
        return self._place[node]

    def floats(self, environment: Mapping[Expr, float]) -> float:
        """The value at a point, nan where there is none, inf where floats end."""
        return self.float_values(environment)[-1]

    def precise(self, environment: Mapping[Expr, Any], mp: Any) -> Any:
        """The value at a point in an mpmath context at its working precision, mp.nan where there is none."""
        value = self.precise_values(environment, mp)[-1]
        return mp.nan if value is None else value

    def float_values(self, environment: Mapping[Expr, float]) -> list[float]:
        """The values of all nodes, in the order of the nodes."""
        values = self.float_leaves()
        if not self._float_steps:
            settled = self._exact_constants()
            self._float_steps = [(place, float_rule_of(op), op, children) for place, op, children in self.steps if place not in settled]
        for place, symbol in self.symbols:
            values[place] = environment[symbol]
        for place, rule, op, children in self._float_steps:
            arguments = [values[child] for child in children]
            try:
                values[place] = rule(*arguments)
            except _NO_VALUE:
                values[place] = math.nan
            except OverflowError:
                values[place] = _overflowed(op, arguments)
        return values

    def float_leaves(self) -> list[float]:
        """The values of numbers and constants, nan for all other nodes."""
        if not self._float_leaves:
            self._float_leaves = [_float_leaf(node) for node in self.order]
            for place, value in self._exact_constants().items():
                self._float_leaves[place] = value if isinstance(value, bool) else nearest_float(value)
        return self._float_leaves.copy()

    def _exact_constants(self) -> dict[int, Any]:
        """The exact values of the parts that are built of exact numbers only: (10^30 + 1) - 10^30 is 1, and in floats 0.  Found once."""
        if self._settled is not None:
            return self._settled
        known = {place: node.value for place, node in enumerate(self.order) if node.op is NUMBER and type(node.value) is not float}
        leaves = len(known)
        for place, op, children in self.steps if known else ():
            if known.keys() >= set(children) and op is not where:
                with suppress(*_NO_VALUE, LimitError):
                    known[place] = exact_rule(op, [known[child] for child in children], limits.folded_bits)
                    if known[place] is None:
                        del known[place]
        self._settled = dict(list(known.items())[leaves:])
        return self._settled

    def precise_values(self, environment: Mapping[Expr, Any], mp: Any, principal: bool = False) -> list[Any]:
        """The values of all nodes in an mpmath context; principal: over the complex numbers, else over the real ones."""
        if self._precise_key != (mp, mp.prec, principal):
            exact = {} if principal else self._exact_constants()
            self._precise_leaves = [_precise_leaf(node, mp) for node in self.order]
            for place, value in exact.items():
                self._precise_leaves[place] = value if isinstance(value, bool) else mp.mpf(value.numerator) / value.denominator
            self._precise_steps = [(place, _precise_rule_of(op, mp, principal), op, children) for place, op, children in self.steps
                                   if place not in exact]
            self._precise_key = (mp, mp.prec, principal)
        values = self._precise_leaves.copy()
        for place, symbol in self.symbols:
            values[place] = _settled(environment[symbol], mp, principal)
        return _run(self._precise_steps, values, mp, principal)

    def precise_again(self, values: Sequence[Any], symbol: Expr, value: Any, mp: Any) -> list[Any]:
        """What `precise_values` gave, with one variable changed; only what depends on it is computed again."""
        if symbol not in self._place:
            return list(values)
        if self._depending[:2] != (symbol, self._precise_key):
            reached = {self._place[symbol]}
            for place, _, children in self.steps:
                if not reached.isdisjoint(children):
                    reached.add(place)
            self._depending = (symbol, self._precise_key, [step for step in self._precise_steps if step[0] in reached])
        changed = list(values)
        changed[self._place[symbol]] = _settled(value, mp, False)
        return _run(self._depending[2], changed, mp, False)

    def exact_values(self, environment: Mapping[Expr, Real], bits: int) -> list[Any]:
        """The exact values of all nodes (int, Fraction, bool); None where there is none, no rational one, or one of more bits."""
        values: list[Any] = []
        for node in self.order:
            if not node.args:
                values.append(_exact_leaf(node, environment))
                continue
            arguments = [values[self._place[child]] for child in node.args]
            if node.op is where:
                values.append(_chosen(*arguments))
                continue
            value = None
            if not any(argument is None for argument in arguments):
                try:
                    value = exact_rule(node.op, arguments, bits)
                except (*_NO_VALUE, LimitError):
                    value = None
            values.append(value)
        return values


def _run(steps: Sequence[_Step], values: list[Any], mp: Any, principal: bool) -> list[Any]:
    """Fill in the places of the steps, with None where one has no value."""
    failures = (*_NO_VALUE, OverflowError, mp.NoConvergence, *([TypeError] if principal else []))  # complex numbers have no order
    for place, rule, op, children in steps:
        arguments = [values[child] for child in children]
        values[place] = None
        if op is where:
            values[place] = _chosen(*arguments)
        elif any(argument is None for argument in arguments):
            continue
        elif op in _ANY_SIZE or op.relation or not too_large(arguments[1:] if op is power_row else arguments):
            with suppress(*failures):
                values[place] = _settled(rule(*arguments), mp, principal)
    return values


def _chosen(condition: Any, value: Any, other: Any) -> Any:
    return None if condition is None else value if condition else other


def _inlined(expression: Expr) -> Expr:
    """Users' operations replaced by their formulas, so that definitions may build on each other to any depth."""
    def formula(node: Expr) -> Expr:
        if not node.args or node.op.body is None:
            return node
        return substitute(node.op.body, dict(zip(node.op.parameters, node.args, strict=True)))
    while any(node.args and node.op.body is not None for node in postorder(expression)):
        expression = rebuild(expression, formula)
    return expression


# floats

def nearest_float(value: Real) -> float:
    """The float nearest to a number, inf with its sign beyond the largest."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _float_leaf(node: Expr) -> float:
    if node.op is NUMBER:
        return nearest_float(node.value)
    if node.args or node.op is SYMBOL or node.op.value is None:
        return math.nan
    constant: float = node.op.value()
    return constant


def float_rule_of(op: Op) -> Callable[..., Any]:
    """The row's value, without one where two infinities (numbers beyond the floats) would be told apart."""
    value = op.value
    if value is None:
        return lambda *arguments: math.nan
    if op.arity != 2 or op.variadic or op.conditions or op is div or op is power_row:
        return value

    def guarded(u: float, v: float) -> Any:
        return math.nan if math.isinf(u) and math.isinf(v) and (u == v or not op.relation) else value(u, v)
    return guarded


def float_value(op: Op, rule: Callable[..., Any], arguments: list[float]) -> Any:
    """One operation in floats: nan where it has no value, inf with its sign where floats end."""
    try:
        return rule(*arguments)
    except _NO_VALUE:
        return math.nan
    except OverflowError:
        return _overflowed(op, arguments)


def _overflowed(op: Op, arguments: list[float]) -> float:
    """The infinity of an operation's sign, nan where its row does not tell the sign."""
    if op is power_row:
        base, exponent = arguments
        return -math.inf if base < 0 and exponent % 2 == 1 else math.inf
    if math.isinf(op.range.high) and not math.isinf(op.range.low):
        return math.inf
    if op.parity == "odd" and op.monotone is not None:
        return math.copysign(math.inf, arguments[0] if op.monotone == "increasing" else -arguments[0])
    return math.nan


# mpmath

def _precise_leaf(node: Expr, mp: Any) -> Any:
    if node.op is NUMBER:
        value = exact_number(node.value)
        return mp.mpf(value.numerator) / value.denominator
    if node.args or node.op is SYMBOL:
        return None
    return _settled(_precise_rule_of(node.op, mp, False)(), mp, False)


def _precise_rule_of(op: Op, mp: Any, principal: bool) -> Callable[..., Any]:
    row = op.principal if principal and op.principal is not None else op.precise
    if callable(row):
        return lambda *arguments: row(mp, *arguments)
    rule: Callable[..., Any] = getattr(mp, row or op.name)
    return rule


def _settled(value: Any, mp: Any, principal: bool) -> Any:
    """A finite value, real unless complex ones are asked for; None for others.  A complex number without imaginary part is real."""
    kind = type(value)
    if kind is mp.mpf:
        _, mantissa, exponent, _ = value._mpf_
        regular = -EXPONENT_LIMIT < exponent < EXPONENT_LIMIT if mantissa else not exponent  # inf and nan have exponents without mantissa
        return value if regular else None
    if kind is bool:
        return value
    if kind is mp.mpc:
        real, imaginary = _settled(value.real, mp, False), _settled(value.imag, mp, False)
        if real is None or imaginary is None or (imaginary and not principal):
            return None
        return value if imaginary else real
    return _settled(mp.convert(value), mp, principal)


def too_large(arguments: list[Any], bits: int = TOO_LARGE) -> bool:
    """Whether an mpmath number among the arguments has more than that many binary digits before its point."""
    for argument in arguments:
        if argument is not None and type(argument) is not bool:
            for part in argument._mpc_ if hasattr(argument, "_mpc_") else (argument._mpf_,):
                if part[2] + part[3] > bits:
                    return True
    return False


# exact numbers

def exact_number(value: Real) -> int | Fraction:
    """An exact number; a float stands for the decimal number its shortest spelling names.

    >>> exact_number(0.1)
    Fraction(1, 10)
    """
    exact: int | Fraction = _normal(Fraction(repr(value)) if isinstance(value, float) else value)
    return exact


def _normal(value: Any) -> Any:
    return value.numerator if isinstance(value, Fraction) and value.denominator == 1 else value


def _exact_leaf(node: Expr, environment: Mapping[Expr, Real]) -> Real | None:
    if node.op is SYMBOL:
        return environment[node]
    return exact_number(node.value) if node.op is NUMBER else None


def exact_rule(op: Op, arguments: list[Any], bits: int) -> Any:
    """One operation exactly; None where the row has no rational value, ZeroDivisionError or LimitError where that is why."""
    if op is add or op is mul:
        total = Fraction(0 if op is add else 1)
        for argument in arguments:
            total = _bounded(total + argument if op is add else total * argument, bits)
        return _normal(total)
    if op is div:
        return _normal(_bounded(Fraction(arguments[0]) / arguments[1], bits))
    if op is power_row:
        return _exact_power(arguments[0], Fraction(arguments[1]), bits)
    return None if op.exact is None else _normal(op.exact(*arguments))


def _exact_power(base: Real, exponent: Fraction, bits: int) -> Any:
    """base^(p/q) where it is rational: the q-th root of a positive base, then an integer power."""
    if exponent.denominator > 1:
        root = numbers.exact_root(base, exponent.denominator) if exponent.denominator <= bits else None
        if root is None:
            return None
        base = root
    power = exponent.numerator
    if base in (0, 1, -1):
        return Fraction(base) ** (power if base == 0 else power % 2)
    if abs(power) * max(abs(Fraction(base).numerator), Fraction(base).denominator).bit_length() > 2 * bits:
        raise _limit(bits)
    return _normal(_bounded(Fraction(base) ** power, bits))


def _bounded(value: Fraction, bits: int) -> Fraction:
    if value.numerator.bit_length() > bits or value.denominator.bit_length() > bits:
        raise _limit(bits)
    return value


def _limit(bits: int) -> LimitError:
    return LimitError(f"an exact number of more than {bits} bits", "exact_bits", limits.exact_bits)
