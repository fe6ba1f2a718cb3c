"""Program: formulas lowered to one list of steps in which everything is computed once; how steps are spelled is the back ends' matter."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from symdiff.compilation.stability import stable
from symdiff.errors import UsageError
from symdiff.evaluator import float_rule_of, float_value, nearest_float
from symdiff.expr import NUMBER, SYMBOL, Expr
from symdiff.operations.abstract import AbstractOp
from symdiff.operations.arithmetic import E, add, div, mul, neg
from symdiff.operations.arithmetic import pow as power_row
from symdiff.operations.elementary import exp, sqrt
from symdiff.operations.op import BACK_ENDS, TABLE, Op
from symdiff.operations.piecewise import where
from symdiff.walk import paused_collector, postorder, substitute

__all__ = ["Program", "Step", "program_of", "sub"]

LARGEST_PRODUCT = 8
"""Integer exponents up to this size become multiplications, whose rounding stays below 4 ulps; beyond, pow is faster and closer."""
WIDEST = 16
"""Arguments of one sum or product in code; wider ones continue in the next step, as parsers of code nest."""

sub: Op = Op(
    name="sub", arity=2, value=lambda u, v: u - v, spelling=dict.fromkeys(BACK_ENDS, "{0} - {1}") | {"numpy": "subtract"},
)
"""The one operation code has and formulas have not: a - b is a + (-b) there."""
_LOWERED = {sub.name: sub}

Step = tuple[Op, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Program:
    """Values numbered from 0: those of the inputs, then the constants, then one for each step; and which of them are the outputs.

    A step is an operation and the numbers of its arguments, all smaller than its own.

    >>> from symdiff import parse
    >>> print(program_of([parse("x^2*sin(x^2)")], ["x"]))
    v1 = mul(x, x)
    v2 = sin(v1)
    v3 = mul(v1, v2)
    return v3
    """

    inputs: tuple[str, ...]
    constants: tuple[float, ...]
    steps: tuple[Step, ...]
    outputs: tuple[int, ...]

    @property
    def first(self) -> int:
        """The number of the first step's value."""
        return len(self.inputs) + len(self.constants)

    def values_at(self, point: Sequence[float]) -> list[float]:
        """The outputs by the rows' own values, nan where there is none and inf where floats end: slow, never an exception."""
        values: list[Any] = [*point, *self.constants]
        for op, args in self.steps:
            values.append(float_value(op, float_rule_of(op), [values[a] for a in args]))
        return [float(values[output]) for output in self.outputs]

    def __reduce__(self) -> tuple[Any, ...]:
        steps = [(op.name, args) for op, args in self.steps]
        return _restored, (self.inputs, self.constants, steps, self.outputs)

    def __str__(self) -> str:
        names = [*self.inputs, *map(repr, self.constants), *[f"v{self.first + k}" for k in range(len(self.steps))]]
        lines = [f"{names[self.first + k]} = {op.name}({', '.join(names[a] for a in args)})" for k, (op, args) in enumerate(self.steps)]
        return "\n".join([*lines, f"return {', '.join(names[output] for output in self.outputs)}"])


def _restored(inputs: tuple[str, ...], constants: tuple[float, ...], steps: list[tuple[str, tuple[int, ...]]], outputs: tuple[int, ...]) -> Program:
    rows = {name: _LOWERED.get(name) or TABLE.get(name) for name, _ in steps}
    for name, row in rows.items():
        if row is None:
            raise UsageError(f"the operation {name!r} is not defined in this process; define it before loading")
    return Program(inputs, constants, tuple([(rows[name], args) for name, args in steps]), outputs)  # type: ignore[misc]


def program_of(expressions: Sequence[Expr], inputs: Sequence[str], back_end: str = "python") -> Program:
    """The program that computes the expressions from the inputs.

    inputs: names of variables, in the order in which values will come.
    back_end: rows it has no spelling for are replaced by their definitions.
    Raises UsageError for variables that are no inputs, for abstract functions, and for rows that the back end cannot spell.
    """
    with paused_collector():
        roots = stable(_composed(list(expressions), back_end))
        roots = _composed(roots, back_end)
        builder = _Builder(tuple(inputs))
        for node in postorder(*roots):
            builder.lower(node, back_end)
        return builder.program([builder.place[root] for root in roots])


def _composed(roots: list[Expr], back_end: str) -> list[Expr]:
    """The formulas with definitions in place of operations the back end cannot call."""
    def formula(node: Expr) -> Expr:
        op = node.op
        if not node.args or back_end in op.spelling:
            return node
        if op.body is not None:
            return substitute(op.body, dict(zip(op.parameters, node.args, strict=True)))
        return op.definition(*node.args) if op.definition is not None else node
    for _ in range(len(TABLE)):
        order = postorder(*roots)
        if not any(node.args and back_end not in node.op.spelling and (node.op.body is not None or node.op.definition is not None) for node in order):
            break
        known: dict[Expr, Expr] = {}
        for node in order:
            args = tuple([known[child] for child in node.args])
            known[node] = formula(node if args == node.args else Expr(node.op, args, node.value))
        roots = [known[root] for root in roots]
    return roots


class _Builder:
    """Steps under way; equal steps are one."""

    def __init__(self, inputs: tuple[str, ...]) -> None:
        self.inputs = inputs
        self.input = {name: k for k, name in enumerate(inputs)}
        self.place: dict[Expr, int] = {}
        self.constants: dict[str, int] = {}
        self.numbers: dict[int, float] = {}
        self.made: dict[Step, int] = {}
        self.entries: list[Step | None] = [None] * len(inputs)

    def lower(self, node: Expr, back_end: str) -> None:
        """Give a node its place; its arguments have theirs."""
        if node.op is SYMBOL:
            if node.value not in self.input:
                raise UsageError(f"the formula has the variable {node.value}, and the arguments are {', '.join(self.inputs) or 'none'}; "
                                 f"add {node.value} to the arguments")
            self.place[node] = self.input[node.value]
        elif node.op is NUMBER:
            self.place[node] = self.constant(nearest_float(node.value))
        elif not node.args:
            self.place[node] = self.constant(float(node.op.value()) if node.op.value else math.nan)
        else:
            if isinstance(node.op, AbstractOp):
                raise UsageError(f"{node.op.function} is an abstract function and has no value; put a formula in its place first")
            if back_end not in node.op.spelling and not (back_end == "python" and node.op.value):
                raise UsageError(f"there is no {back_end} code for {node.op.name}; give its row spelling={{{back_end!r}: ...}} or a definition")
            rule = _RULES.get(node.op)
            self.place[node] = rule(self, node) if rule else self.step(node.op, [self.place[child] for child in node.args])

    def constant(self, value: float) -> int:
        key = value.hex()
        if key not in self.constants:
            self.constants[key] = len(self.entries)
            self.numbers[len(self.entries)] = value
            self.entries.append(None)
        return self.constants[key]

    def step(self, op: Op, args: Sequence[int]) -> int:
        """The place of a step, an earlier one's if it is there; a step on constants is done here and now."""
        if op.variadic and len(args) > 2 and op not in (add, mul):
            found = args[0]
            for a in args[1:]:
                found = self.step(op, [found, a])
            return found
        if op is where and args[0] in self.numbers:
            truth = self.numbers[args[0]]
            return args[0] if truth != truth else args[1] if truth else args[2]
        if all(a in self.numbers for a in args):
            return self.constant(float(float_value(op, float_rule_of(op), [self.numbers[a] for a in args])))
        key = (op, tuple(args))
        if key not in self.made:
            self.made[key] = len(self.entries)
            self.entries.append(key)
        return self.made[key]

    def chained(self, op: Op, args: Sequence[int]) -> int:
        """A long sum or product as several steps, in the order of its terms."""
        if len(args) == 1:
            return args[0]
        found = self.step(op, args[:WIDEST])
        for start in range(WIDEST, len(args), WIDEST):
            found = self.step(op, [found, *args[start:start + WIDEST]])
        return found

    def program(self, outputs: Iterable[int]) -> Program:
        """The steps that the outputs need, numbered anew: inputs, constants, steps."""
        wanted = list(outputs)
        used = set(wanted)
        for place in range(len(self.entries) - 1, -1, -1):
            entry = self.entries[place]
            if place in used and entry is not None:
                used.update(entry[1])
        constants = [place for place in self.numbers if place in used]
        steps = [place for place, entry in enumerate(self.entries) if entry is not None and place in used]
        number = {place: place for place in range(len(self.inputs))}
        for place in (*constants, *steps):
            number[place] = len(number)
        return Program(
            self.inputs, tuple([self.numbers[place] for place in constants]),
            tuple([(op, tuple([number[a] for a in args])) for place in steps for op, args in (self._entry(place),)]),
            tuple([number[place] for place in wanted]))

    def _entry(self, place: int) -> Step:
        entry = self.entries[place]
        assert entry is not None
        return entry


def _sum(builder: _Builder, node: Expr) -> int:
    """Terms with a minus are subtracted; the order and so the rounding stay those of the sum."""
    found: list[int] = []
    for term in node.args:
        if term.op is neg and found:
            found = [builder.step(sub, [builder.chained(add, found), builder.place[term.args[0]]])]
        else:
            found.append(builder.place[term])
    return builder.chained(add, found)


def _product(builder: _Builder, node: Expr) -> int:
    return builder.chained(mul, [builder.place[factor] for factor in node.args])


def _power(builder: _Builder, node: Expr) -> int:
    base, exponent = (builder.place[child] for child in node.args)
    if node.args[0] is E:
        return builder.step(exp, [exponent])
    twice = builder.numbers.get(exponent, math.nan) * 2
    if not math.isfinite(twice):
        return builder.step(power_row, [base, exponent])
    power = Fraction(twice)
    if base in builder.numbers or power.denominator > 1 or not 0 < abs(power) <= 2 * LARGEST_PRODUCT or (power % 2 and abs(power) > 5):
        return builder.step(power_row, [base, exponent])
    whole, half = divmod(int(abs(power)), 2)
    factors = [builder.step(sqrt, [base])] if half else []
    if whole:
        factors.append(_integer_power(builder, base, whole))
    result = builder.chained(mul, factors)
    return result if power > 0 else builder.step(div, [builder.constant(1.0), result])


def _integer_power(builder: _Builder, base: int, exponent: int) -> int:
    """By repeated squaring (exponents are at most LARGEST_PRODUCT); the squares are shared with other powers."""
    if exponent < 4:
        return builder.chained(mul, [base] * exponent)
    half = _integer_power(builder, base, exponent // 2)
    return builder.chained(mul, [half, half] + [base] * (exponent % 2))


_RULES = {add: _sum, mul: _product, power_row: _power}
