"""The optimisation models of tests/cases/optimisation_models.jsonl: their derivatives beside differences of high precision, and SymEngine's.

Run as a program it does all of them and prints the figures of docs/gradients.md:

    python tests/models.py
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import mpmath
from test_tables import NO_VALUE

from symdiff import Expr, Symbol, gradient, hessian, jacobian, parse
from symdiff.expr import NUMBER, ONE, SYMBOL, number
from symdiff.walk import fold, graph_size, rebuild

CORPUS = Path(__file__).parent / "cases" / "optimisation_models.jsonl"
mp = mpmath.MPContext()
mp.dps = 120
STEP = mp.mpf(10) ** -30
TOLERANCE = mp.mpf(10) ** -25
AXES = 400_000
"""Evaluated nodes up to which differences are taken along every variable, beyond it along DIRECTIONS random ones."""
DIRECTIONS = 4
SHIFTS = ("0.1", "0.3", "1", "-2")

Vector = dict[Expr, Any]


@dataclass(frozen=True)
class Model:
    """An objective, constraints, and where an optimiser would start."""

    name: str
    objective: Expr
    constraints: tuple[Expr, ...]
    start: Vector

    @property
    def variables(self) -> tuple[Expr, ...]:
        return tuple(self.start)

    @property
    def lagrangian(self) -> Expr:
        """With multipliers 1, 2, ..., 9, 1, 2, ... so that every constraint counts."""
        total = self.objective
        for i, constraint in enumerate(self.constraints):
            total = total + (i % 9 + 1) * constraint
        return total


def rows() -> list[dict[str, Any]]:
    return [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()]


def model(row: Mapping[str, Any], exact: bool = True) -> Model:
    """exact: its decimal numbers as fractions, which stay exact where they meet in a derivative."""
    def change(node: Expr) -> Expr:
        return number(Fraction(repr(node.value))) if isinstance(node.value, float) else node

    def read(text: str) -> Expr:
        return rebuild(parse(text), change) if exact else parse(text)

    start = {Symbol(name): mp.mpf(str(value)) for name, value in zip(row["all_vars"], row["x0"], strict=True)}
    return Model(row["id"], read(row["formula"]), tuple(read(text) for _, text in row["constraints"]), start)


def value_of(op: Any, args: Sequence[Any]) -> Any:
    rule = op.precise if op.precise is not None else op.name
    value = (getattr(mp, rule) if isinstance(rule, str) else partial(rule, mp))(*args)
    return value if isinstance(value, bool) or (isinstance(value, mp.mpf) and mp.isfinite(value)) else None


def values(roots: Sequence[Expr], at: Vector) -> list[Any]:
    """The values of several formulas that share parts; None where one has none."""
    def rule(node: Expr, args: list[Any]) -> Any:
        if node.op is SYMBOL:
            return at[node]
        if node.op is NUMBER:
            return mp.mpf(node.value.numerator) / node.value.denominator
        if any(a is None for a in args):
            return None
        try:
            return value_of(node.op, args)
        except NO_VALUE:
            return None

    known: dict[Expr, Any] = {}
    return [fold(root, rule, known) for root in roots]


def agrees(found: Any, expected: Any, scale: Any) -> bool:
    return bool(abs(found - expected) <= TOLERANCE * (1 + abs(scale)))


@dataclass(frozen=True)
class Outcome:
    """What was seen of one model: how many numbers were compared, and why some could not be."""

    compared: int
    reason: str = ""


def directions(variables: Sequence[Expr], work: int, seed: str) -> list[Vector]:
    if len(variables) * work <= AXES:
        return [{v: ONE.value} for v in variables]
    rng = random.Random(seed)
    return [{v: mp.mpf(rng.randint(-99, 99)) / 100 for v in variables} for _ in range(DIRECTIONS)]


def moved(at: Vector, along: Vector, by: Any) -> Vector:
    return {**at, **{v: at[v] + by * along[v] for v in along}}


def checked(m: Model) -> Outcome:
    """Gradient, Jacobian and Hessian at the start against differences; AssertionError where one is another."""
    functions = (m.objective, *m.constraints)
    reason = ""
    for shift in SHIFTS:
        if all(v is not None for v in values(functions, m.start)):
            break
        reason = f"the start has no value; compared {shift} beside it"
        m = replace(m, start={v: at + mp.mpf(shift) * (k % 5 + 1) for k, (v, at) in enumerate(m.start.items())})
    else:
        return Outcome(0, "no value at the start or beside it")
    first = jacobian(functions, m.variables)
    slopes = gradient(m.lagrangian, m.variables)
    second = hessian(m.lagrangian, m.variables)
    compared = compare(first, functions, m) + compare(second, slopes, m)
    objective = gradient(m.objective, m.variables)
    row = {j: entry for (i, j), entry in first.nonzeros.items() if i == 0}
    ours = values([*objective, *[row.get(j, 0 * ONE) for j in range(len(objective))]], m.start)
    for a, b in zip(ours[:len(objective)], ours[len(objective):], strict=True):
        assert agrees(a, b, a), f"{m.name}: the gradient is not the Jacobian's first row"
    return Outcome(compared, reason)


def compare(matrix: Any, functions: Sequence[Expr], m: Model) -> int:
    """Compare matrix*direction with the difference of the functions along the direction, for several directions."""
    entries = dict(zip(matrix.nonzeros, values(list(matrix.nonzeros.values()), m.start), strict=True))
    assert all(v is not None for v in entries.values()), f"{m.name}: a derivative has no value at the start"
    place = {v: j for j, v in enumerate(m.variables)}
    compared = 0
    for along in directions(m.variables, sum(map(graph_size, functions)) // 50 + graph_size(*functions), m.name):
        product = [mp.mpf(0)] * len(functions)
        scale = [mp.mpf(0)] * len(functions)
        weights = {place[v]: w for v, w in along.items()}
        for (i, j), value in entries.items():
            if j in weights:
                product[i] += value * weights[j]
                scale[i] += abs(value * weights[j])
        ahead, behind = (values(functions, moved(m.start, along, sign * STEP)) for sign in (1, -1))
        here = values(functions, m.start)
        for i, (a, b, c) in enumerate(zip(ahead, behind, here, strict=True)):
            if a is None or b is None:
                continue  # the start is on the border of the domain
            slope, kink = (a - b) / (2 * STEP), (a + b - 2 * c) / STEP
            if abs(kink) > mp.mpf(10) ** -10 * (1 + abs(slope)) or abs(slope) > mp.mpf(10) ** 20 * (1 + abs(c)):
                continue  # a corner or a jump: the derivative there is a convention
            assert agrees(product[i], slope, scale[i] + abs(slope)), f"{m.name}: {mp.nstr(product[i], 20)} for {mp.nstr(slope, 20)} in row {i}"
            compared += 1
    return compared


def work(row: Mapping[str, Any]) -> int:
    """How long a model takes to check, about: characters times variables."""
    return (len(row["formula"]) + sum(len(text) for _, text in row["constraints"])) * len(row["all_vars"])


# Beside SymEngine

def symengine_model(row: Mapping[str, Any]) -> tuple[Any, list[Any], list[Any]]:
    import symengine  # noqa: PLC0415  (a peer, needed here only)
    texts = [row["formula"], *[text for _, text in row["constraints"]]]
    variables = [symengine.Symbol(name) for name in row["all_vars"]]
    functions = [symengine.sympify(text.replace("^", "**").replace("ln(", "log(").replace("abs(", "Abs(").replace("max(", "Max(")) for text in texts]
    return functions[0], functions[1:], variables


def symengine_derivatives(objective: Any, constraints: Sequence[Any], variables: Sequence[Any]) -> list[Any]:
    """Gradient, the Jacobian's nonzeros, and the lower half of the Lagrangian's Hessian."""
    import symengine  # noqa: PLC0415
    result = [objective.diff(v) for v in variables]
    for c in constraints:
        own = c.free_symbols
        result += [c.diff(v) for v in variables if v in own]
    total = symengine.Add(objective, *[(i % 9 + 1) * c for i, c in enumerate(constraints)])
    for i, u in enumerate(variables):
        slope = total.diff(u)
        own = slope.free_symbols
        result += [slope.diff(v) for v in variables[:i + 1] if v in own]
    return result


def our_derivatives(m: Model) -> list[Expr]:
    result = list(gradient(m.objective, m.variables))
    result += jacobian(m.constraints, m.variables).nonzeros.values() if m.constraints else []
    second = hessian(m.lagrangian, m.variables)
    return result + [entry for (i, j), entry in second.nonzeros.items() if i >= j]


def distinct_operations(roots: Sequence[Any]) -> int:
    """Operations of SymEngine's expressions, equal subexpressions counted once."""
    seen: set[Any] = set()
    count, stack = 0, list(roots)
    while stack:
        node = stack.pop()
        if node in seen:
            continue
        seen.add(node)
        args = node.args
        count += max(len(args) - 1, 0) if type(node).__name__ in ("Add", "Mul") else min(len(args), 1)
        stack += args
    return count


def seconds(task: Callable[[], Any]) -> float:
    start = time.process_time()
    task()
    bytearray(1 << 17)
    return time.process_time() - start


def main() -> int:
    outcomes, ratios, sizes = {}, [], []
    ours_total = theirs_total = 0.0
    try:
        import symengine as peer  # noqa: PLC0415
    except ImportError:
        peer = None
    for row in rows():
        m = model(row)
        try:
            outcomes[m.name] = checked(m)
        except AssertionError as error:
            outcomes[m.name] = Outcome(-1, str(error))
            print(error)
        if peer is None:
            continue
        m = model(row, exact=False)
        objective, constraints, variables = symengine_model(row)
        ours, theirs = seconds(lambda m=m: our_derivatives(m)), seconds(lambda a=(objective, constraints, variables): symengine_derivatives(*a))
        ours_total, theirs_total = ours_total + ours, theirs_total + theirs
        ratios.append(ours / theirs)
        sizes.append(graph_size(*our_derivatives(m)) / max(1, distinct_operations(symengine_derivatives(objective, constraints, variables))))
    wrong = [name for name, o in outcomes.items() if o.compared < 0]
    silent = [name for name, o in outcomes.items() if o.compared == 0]
    for name, o in outcomes.items():
        if o.reason:
            print(f"{name}: {o.reason}")
    compared = sum(max(0, outcome.compared) for outcome in outcomes.values())
    print(f"{len(outcomes)} models: {len(outcomes) - len(wrong) - len(silent)} agree in {compared:,} numbers, {len(wrong)} differ, "
          f"{len(silent)} not compared: {', '.join(silent) or 'none'}")
    if ratios:
        print(f"time beside SymEngine: median {statistics.median(ratios):.2f}, in all {ours_total:.2f} s beside {theirs_total:.2f} s; "
              f"graph operations beside SymEngine's distinct ones: median {statistics.median(sizes):.2f}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
