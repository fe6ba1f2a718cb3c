"""One claimed derivative examined: which lines are looked at, which coordinate is wrong, the input made simple, the report.

A reference along a line comes from references.py, and one line at one point is judged by comparing.py.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from random import Random

from symdiff.calculus.forward import diff
from symdiff.errors import SymdiffError
from symdiff.expr import Expr, symbol_node
from symdiff.testing.callables import Function
from symdiff.testing.comparing import Comparison, Slope, compared
from symdiff.testing.formulas import precise_slope
from symdiff.testing.profiles import Setting, current
from symdiff.testing.reports import Finding, Report, drawn, parting
from symdiff.testing.search import inputs, simplest_failing
from symdiff.testing.tracing import traced
from symdiff.walk import graph_size

__all__ = ["Search", "Vector"]

Vector = list[float]
SINGLY = 64
"""Coordinates that are looked at one by one, over the first few points together; all points look along random directions."""
SINGLE_POINTS = 8
"""Points at most at which each coordinate is looked at by itself."""


@dataclass(slots=True)
class Search:
    """Looks for an input at which a claimed derivative is wrong, finds the coordinate, shrinks the input, writes the report.

    claim: gives the partial derivatives (order 2: the matrix of second ones); with `along`, one number, the derivative along it.
    """

    what: str
    function: Function
    claim: Callable[[Sequence[float]], Vector]
    bounds: Sequence[tuple[float, float]]
    seed: int | None
    names: list[str]
    along: Vector | None
    call: str
    claimed_formula: Expr | None = None
    order: int = 1
    result: int = 0
    share: int | None = None

    @property
    def size(self) -> int:
        return len(self.bounds)

    def run(self, given: Sequence[Vector] | None) -> Finding:
        setting = current()
        seed = setting.seed if self.seed is None else self.seed
        random = Random(seed)
        reasons: Counter[str] = Counter()
        agreed = 0
        trials: Iterable[Vector] = given if given is not None else inputs(self.size, self.bounds, seed, self.share or setting.profile.points)
        for turn, values in enumerate(trials):
            good = 0
            if self.order == 2 and not self._symmetric(values):
                return self._failed(values, None, setting)
            for direction in self._directions(turn, random, given is not None):
                outcome = self.judge(values, direction)
                if outcome.verdict == "fail":
                    return self._failed(values, direction, setting)
                good += outcome.verdict == "pass"
                if outcome.reason:
                    reasons[outcome.reason] += 1
            agreed += good > 0
        return Finding(verdict="pass" if agreed >= (1 if given is not None else 3) else "inconclusive", agreed=agreed, reasons=dict(reasons))

    def _directions(self, turn: int, random: Random, all_of_them: bool) -> list[Vector]:
        if self.along is not None:
            return [self.along]
        if self.size == 1:
            return [[1.0]]
        found = [[random.choice((-1.0, 1.0)) * (1 + place % 7 / 8) for place in range(self.size)]]
        found.append([random.choice((-1.0, 1.0)) for _ in range(self.size)])
        if all_of_them or turn < min(SINGLE_POINTS, SINGLY // self.size):
            found += [self._unit(place) for place in range(self.size)]
        if self.order == 2:
            pairs = [random.sample(range(self.size), 2) for _ in range(4)] if self.size > 1 else []
            found += [[float(place in pair) for place in range(self.size)] for pair in pairs]
        return found

    def _unit(self, place: int) -> Vector:
        return [float(other == place) for other in range(self.size)]

    def judge(self, values: Sequence[float], direction: Sequence[float]) -> Comparison:
        """The claimed derivative along a direction beside the numeric one."""
        moved = [place for place, part in enumerate(direction) if part]
        scale = min((abs(values[place]) or 1.0) for place in moved) if len(moved) <= 4 else _typical([abs(values[p]) or 1.0 for p in moved])
        scale = min(max(scale, 1e-6), 1e9)
        size = max(scale, *(abs(values[place] * direction[place]) for place in moved))

        def line(t: float) -> float:
            found = self.function([v + t * d for v, d in zip(values, direction)])
            return found[self.result] if self.result < len(found) else found[0]

        def complex_line(t: complex) -> complex:
            return self.function.complex_values([v + t * d for v, d in zip(values, direction)])[self.result]

        def claimed(t: float) -> float:
            return self._along(self.claim([v + t * d for v, d in zip(values, direction)]), direction)
        line(0.0)
        formula = self.function.formula
        exact = None if formula is None or self.order == 2 else lambda: precise_slope(formula, self.function.names, values, direction)
        return compared(Slope(line, claimed, scale, size, self.function.precision, self.order, complex_line if formula is None else None, exact))

    def _along(self, found: Sequence[float], direction: Sequence[float]) -> float:
        if self.along is not None:
            return found[0]
        if self.order == 1:
            return _weighted(direction, found)
        return sum(direction[i] * _weighted(direction, found[i * self.size:(i + 1) * self.size]) for i in range(self.size) if direction[i])

    def _symmetric(self, values: Sequence[float]) -> bool:
        found, n = self.claim(values), self.size
        size = max((abs(v) for v in found if math.isfinite(v)), default=0.0)
        return all(abs(found[i * n + j] - found[j * n + i]) <= 64 * n * self.function.precision * size or found[i * n + j] != found[i * n + j]
                   for i in range(n) for j in range(i))

    def _failed(self, values: Vector, direction: Vector | None, setting: Setting) -> Finding:
        if direction is None:
            return Finding(verdict="fail", report=self._asymmetry(values))
        if self.along is None:
            direction = self._narrowed(values, direction)

        def fails(trial: Vector) -> bool:
            return self.judge(trial, direction).verdict == "fail"
        simple = simplest_failing(values, fails, self.bounds, setting.profile.calls)
        return Finding(verdict="fail", report=self._report(simple, direction))

    def _asymmetry(self, values: Vector) -> Report:
        def fails(trial: Vector) -> bool:
            return not self._symmetric(trial)
        simple = simplest_failing(values, fails, self.bounds, current().profile.calls)
        found, n = self.claim(simple), self.size
        i, j = max(((i, j) for i in range(n) for j in range(i)), key=lambda pair: abs(found[pair[0] * n + pair[1]] - found[pair[1] * n + pair[0]]))
        return Report(what=f"the Hessian is not symmetric: entries ({i}, {j}) and ({j}, {i}) differ", point=dict(zip(self.names, simple)),
                      claimed=found[i * n + j], expected=found[j * n + i], method="the entry across the diagonal",
                      reproduce=f"{self.call}(..., at={simple})")

    def _narrowed(self, values: Vector, direction: Vector) -> Vector:
        """A direction along one coordinate, or as few as can be, that fails too: halves, then coordinates one by one."""
        moved = [place for place, part in enumerate(direction) if part]
        while len(moved) > 1:
            half = len(moved) // 2
            for part in (moved[:half], moved[half:]):
                trial = [value if place in part else 0.0 for place, value in enumerate(direction)]
                if self.judge(values, trial).verdict == "fail":
                    moved, direction = part, trial
                    break
            else:
                break
        if len(moved) == 1:
            return self._unit(moved[0]) if self.judge(values, self._unit(moved[0])).verdict == "fail" else direction
        singles = islice((self._unit(place) for place in moved), 200)
        return next((unit for unit in singles if self.judge(values, unit).verdict == "fail"), direction)

    def _report(self, values: Vector, direction: Vector) -> Report:
        outcome = self.judge(values, direction)
        moved = [place for place, part in enumerate(direction) if part]
        place = moved[0]
        single = len(moved) == 1 and direction[place] == 1
        formula, variable, point = self._formula(values, place) if single else (None, "x", {})
        named = dict(zip(self.names, values))
        symbolic, node, rule, hint = None, None, "", ""
        if formula is not None and self.order == 1:
            symbolic = _symbolic(formula, variable)
            node, rule, hint = parting(formula, variable, {**named, **point}, outcome.claimed)
        hint = hint or _ratio(outcome)
        what = self.what if not single or self.size == 1 or self.along is not None else f"{self.what} in coordinate {self.names[place]}"
        return Report(
            what=what, point=named, claimed=outcome.claimed, expected=outcome.reference.value, error=outcome.reference.error,
            method=outcome.reference.method, formula=formula, symbolic=symbolic, node=node, rule=rule, hint=hint,
            reproduce=self._reproduce(values), picture=drawn(formula, node, variable, {**named, **point}))

    def _formula(self, values: Vector, place: int) -> tuple[Expr | None, str, Mapping[str, float]]:
        if self.function.formula is not None:
            return self.function.formula, self.names[0], {}
        if self.order == 2 or type(self.function) is not Function:
            return None, "x", {}
        return traced(self.function, values, place, self.result), "x", {"x": values[place]}

    def _reproduce(self, values: Vector) -> str:
        if self.function.formula is not None and self.claimed_formula is not None:
            seed = current().seed if self.seed is None else self.seed
            return f"symdiff check {_quoted(self.function.formula)} {_quoted(self.claimed_formula)} --wrt {self.names[0]} --seed {seed}"
        shown = repr(values[0]) if self.size == 1 else repr(values)
        return f"{self.call}(..., at={shown})"


def _quoted(formula: Expr) -> str:
    return f"'{formula}'"


def _typical(sizes: Sequence[float]) -> float:
    return sorted(sizes)[len(sizes) // 4]


def _weighted(direction: Sequence[float], found: Sequence[float]) -> float:
    return sum(d * v for d, v in zip(direction, found) if d)


def _symbolic(formula: Expr, variable: str) -> Expr | None:
    try:
        slope = diff(formula, symbol_node(variable))
    except SymdiffError:
        return None
    return slope if graph_size(slope) <= 60 else None


def _ratio(outcome: Comparison) -> str:
    """What the two values by themselves tell."""
    claimed, expected = outcome.claimed, outcome.reference.value
    if not math.isfinite(claimed):
        return "there is no finite value where f has a derivative"
    if expected and math.isclose(claimed, -expected, rel_tol=1e-6):
        return "the sign is wrong"
    if expected and claimed:
        ratio = claimed / expected
        for factor in (ratio, 1 / ratio):
            if abs(factor - round(factor)) < 1e-6 and 1 < abs(round(factor)) <= 1000:
                return f"it is {'' if factor is ratio else '1/'}{round(factor)} times the right value"
    return "it is 0 where the derivative is not" if claimed == 0 else ""
