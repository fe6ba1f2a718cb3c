"""minimize_path: the methods of descent as the textbooks have them, every step kept to be looked at; real work is handed to SciPy."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import islice
from typing import Any

from symdiff.calculus.matrices import hessian
from symdiff.calculus.reverse import gradient
from symdiff.compilation.function import lambdify
from symdiff.errors import MissingDependency, UsageError
from symdiff.expr import Expr
from symdiff.operations.op import as_expr
from symdiff.parsing.infix import parse
from symdiff.symbols import as_symbol
from symdiff.walk import free_symbols

__all__ = ["Descent", "DescentStep", "minimize_path"]

Vector = list[float]
RATES = {"gradient": 0.1, "momentum": 0.05, "adam": 0.1, "newton": 1.0, "scipy": 1.0}
"""The learning rate of each method where none is given; Newton's step is tried whole first."""
ADAM = 0.9, 0.999, 1e-8
"""beta1, beta2 and epsilon, as Kingma and Ba (2015) give them."""
SUFFICIENT = 1e-4
"""Of the decrease that the slope promises, what a Newton step has to bring (Armijo); else it is halved."""
HALVINGS = 50


@dataclass(frozen=True, slots=True)
class DescentStep:
    """Where a step arrived: its number (0 for the start), the parameters, the loss, the length of the gradient, and of the step."""

    number: int
    parameters: Mapping[str, float]
    loss: float
    gradient: float
    length: float


@dataclass(frozen=True, slots=True)
class Descent:
    """A path of descent: its steps, the start first; whether it converged; and why it ended."""

    method: str
    steps: tuple[DescentStep, ...]
    converged: bool
    reason: str

    @property
    def last(self) -> DescentStep:
        return self.steps[-1]

    @property
    def losses(self) -> list[float]:
        return [step.loss for step in self.steps]

    def rows(self) -> list[dict[str, float]]:
        """One mapping a step: "step", the parameters by name, "loss", "gradient" and "length"."""
        return [{"step": step.number, **step.parameters, "loss": step.loss, "gradient": step.gradient, "length": step.length} for step in self.steps]

    def __str__(self) -> str:
        """A table of the first steps and the last one."""
        rows = self.rows()
        shown = rows if len(rows) <= 8 else [*rows[:5], rows[-1]]
        lines = ["".join(f"{name:>13}" for name in rows[0])]
        for row in shown:
            if row is rows[-1] and len(shown) < len(rows):
                lines.append(f"{'...':>13}")
            lines.append("".join(f"{value:13d}" if isinstance(value, int) else f"{value:13.6g}" for value in row.values()))
        return "\n".join([*lines, f"{self.method}: {self.reason} after {self.last.number} steps"])


def minimize_path(f: Expr | str, start: Mapping[Any, float], *, method: str = "gradient", rate: float | None = None, steps: int = 100,
                  tolerance: float = 1e-8, momentum: float = 0.9) -> Descent:
    """Minimise a formula step by step and keep the way: loss and parameters at every step, to be printed or plotted.

    f: an expression or its text.  start: a number for every variable, {"x": 1.0}.
    method: "gradient" (x - rate*g), "momentum" (Polyak's heavy ball: v = momentum*v - rate*g), "adam" (Kingma and Ba 2015),
    "newton" (steps solve H*s = -g; where H is not positive definite, a multiple of the identity is added, and a step that brings too
    little is halved), or "scipy" (trust-exact with gradient and Hessian; the method for real work).
    rate: the learning rate; by default 0.1, 0.05 for momentum, 1 for Newton's method.  steps: at most so many.
    tolerance: the length of the gradient at which the path has converged.
    Ends early where the loss has no value.  Raises UsageError for unknown methods, variables without a start and senseless numbers.

    >>> path = minimize_path("x^2 + 10*y^2", {"x": 1, "y": 1}, method="newton")
    >>> path.converged, path.last.number, path.last.loss < 1e-30
    (True, 1, True)
    >>> minimize_path("x^2", {"x": 1}, rate=2, steps=1000).reason
    'diverged'
    """
    if method not in RATES:
        raise UsageError(f"the methods are {', '.join(RATES)}, not {method!r}")
    size = RATES[method] if rate is None else float(rate)
    if not 0 < size < math.inf or steps < 1 or tolerance < 0 or not 0 <= momentum < 1:
        raise UsageError("rate is positive, steps at least 1, tolerance not negative, and momentum from 0 to less than 1")
    problem = _Problem(parse(f) if isinstance(f, str) else as_expr(f), start)
    if method == "scipy":
        return problem.path(method, _by_scipy(problem, steps, tolerance), steps, tolerance)
    return problem.path(method, _METHODS[method](problem, size, momentum), steps, tolerance)


class _Problem:
    """A formula with its slopes compiled, and the start as a vector."""

    def __init__(self, formula: Expr, start: Mapping[Any, float]) -> None:
        given = {str(as_symbol(name)): value for name, value in start.items()}
        self.names = [str(symbol) for symbol in free_symbols(formula)]
        missing = [name for name in self.names if name not in given]
        if missing or not self.names:
            raise UsageError(f"the start lacks {missing[0]}" if missing else f"'{formula}' has no variables to minimise over")
        self.names += [name for name in given if name not in self.names]
        self.start = [float(given[name]) for name in self.names]
        if not all(map(math.isfinite, self.start)):
            raise UsageError("the start is not finite")
        self.formula = formula
        self._first = lambdify([self.names], [formula, *gradient(formula, self.names)])
        self._second: Any = None

    def first(self, at: Vector) -> tuple[float, Vector]:
        """The loss and its gradient."""
        loss, *slopes = self._first(at)
        return loss, slopes

    def second(self, at: Vector) -> list[Vector]:
        """The Hessian."""
        if self._second is None:
            self._second = lambdify([self.names], hessian(self.formula, self.names))
        matrix: list[Vector] = self._second(at)
        return matrix

    def path(self, method: str, points: Iterator[Vector], steps: int, tolerance: float) -> Descent:
        """Follow the points until they converge, or lose their value, or are enough."""
        kept: list[DescentStep] = []
        before = self.start
        for number, at in enumerate(islice(points, steps + 1)):
            loss, slopes = self.first(at)
            kept.append(DescentStep(number, dict(zip(self.names, at)), loss, math.hypot(*slopes), math.dist(at, before)))
            before = at
            if not math.isfinite(loss) or not all(map(math.isfinite, slopes)):
                return Descent(method, tuple(kept), False, "diverged" if math.isinf(loss) or abs(loss) > 1e300 else "the loss has no slope there")
            if kept[-1].gradient <= tolerance:
                return Descent(method, tuple(kept), True, "converged")
        return Descent(method, tuple(kept), False, "no steps were left" if len(kept) > steps else "no progress")


# the methods: endless sequences of points, the start first

def _by_gradient(problem: _Problem, rate: float, momentum: float) -> Iterator[Vector]:
    at = problem.start
    while True:
        yield at
        at = [x - rate * g for x, g in zip(at, problem.first(at)[1])]


def _by_momentum(problem: _Problem, rate: float, momentum: float) -> Iterator[Vector]:
    at, velocity = problem.start, [0.0] * len(problem.start)
    while True:
        yield at
        velocity = [momentum * v - rate * g for v, g in zip(velocity, problem.first(at)[1])]
        at = [x + v for x, v in zip(at, velocity)]


def _by_adam(problem: _Problem, rate: float, momentum: float) -> Iterator[Vector]:
    beta1, beta2, epsilon = ADAM
    at = problem.start
    mean, square = [0.0] * len(at), [0.0] * len(at)
    decay1 = decay2 = 1.0
    while True:
        yield at
        slopes = problem.first(at)[1]
        decay1, decay2 = decay1 * beta1, decay2 * beta2
        mean = [beta1 * m + (1 - beta1) * g for m, g in zip(mean, slopes)]
        square = [beta2 * s + (1 - beta2) * g * g for s, g in zip(square, slopes)]
        at = [x - rate * (m / (1 - decay1)) / (math.sqrt(s / (1 - decay2)) + epsilon) for x, m, s in zip(at, mean, square)]


def _by_newton(problem: _Problem, rate: float, momentum: float) -> Iterator[Vector]:
    at = problem.start
    while True:
        yield at
        loss, slopes = problem.first(at)
        step = _newton_step(problem.second(at), slopes)
        promised = sum(g * s for g, s in zip(slopes, step))
        fraction = rate
        for _ in range(HALVINGS):
            there = [x + fraction * s for x, s in zip(at, step)]
            if problem.first(there)[0] <= loss + SUFFICIENT * fraction * promised:
                break
            fraction /= 2
        else:
            return
        at = there


_METHODS: dict[str, Callable[[_Problem, float, float], Iterator[Vector]]] = {
    "gradient": _by_gradient, "momentum": _by_momentum, "adam": _by_adam, "newton": _by_newton,
}


def _newton_step(matrix: Sequence[Vector], slopes: Vector) -> Vector:
    """The solution of (H + t*I)*s = -g with the first t of 0, small, 10 times as much, ... for which it is positive definite."""
    size = max((abs(entry) for row in matrix for entry in row), default=0.0) or 1.0
    shift = 0.0
    while True:
        factor = _cholesky([[entry + (shift if i == j else 0.0) for j, entry in enumerate(row)] for i, row in enumerate(matrix)])
        if factor is not None or not math.isfinite(shift):
            break
        shift = 10 * shift if shift else 1e-3 * size
    return [-g for g in slopes] if factor is None else [-s for s in _solved(factor, slopes)]


def _cholesky(matrix: list[Vector]) -> list[Vector] | None:
    """The lower triangle L with L*L' = matrix; None where the matrix is not positive definite."""
    lower: list[Vector] = []
    for i, row in enumerate(matrix):
        made: Vector = []
        for j in range(i + 1):
            left = row[j] - math.fsum(a * b for a, b in zip(made, lower[j] if j < i else made))
            if j < i:
                made.append(left / lower[j][j])
            elif left > 1e-14 * abs(row[i]):
                made.append(math.sqrt(left))
            else:
                return None
        lower.append(made)
    return lower


def _solved(lower: list[Vector], right: Vector) -> Vector:
    forward: Vector = []
    for row, value in zip(lower, right):
        forward.append((value - math.fsum(a * b for a, b in zip(row, forward))) / row[-1])
    result = [0.0] * len(right)
    for i in reversed(range(len(right))):
        result[i] = (forward[i] - math.fsum(lower[k][i] * result[k] for k in range(i + 1, len(right)))) / lower[i][i]
    return result


def _by_scipy(problem: _Problem, steps: int, tolerance: float) -> Iterator[Vector]:
    try:
        optimize: Any = import_module("scipy.optimize")
    except ImportError:
        raise MissingDependency("scipy", "minimize_path(method='scipy')", "scipy") from None
    points = [problem.start]
    optimize.minimize(lambda at: problem.first(at.tolist())[0], problem.start, jac=lambda at: problem.first(at.tolist())[1],
                      hess=lambda at: problem.second(at.tolist()), method="trust-exact", callback=lambda at: points.append(at.tolist()),
                      options={"gtol": tolerance, "maxiter": steps})
    yield from points
