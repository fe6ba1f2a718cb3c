"""sensitivities: which inputs a formula depends on how strongly, at a point or over a range."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from symdiff.calculus.reverse import gradient
from symdiff.compilation.function import lambdify
from symdiff.errors import DomainError, UsageError
from symdiff.expr import Expr
from symdiff.operations.op import as_expr
from symdiff.parsing.infix import parse
from symdiff.symbols import as_symbol
from symdiff.walk import free_symbols

__all__ = ["Sensitivities", "Sensitivity", "sensitivities"]

USABLE = 10
"""Points with a value below which nothing is said of a range."""


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """How a formula depends on one variable.

    gradient: df/dx; over a range the root of its mean square.  elasticity: x/f*df/dx, the percentage by which f changes for one
    percent of x; over a range the mean of its size; nan where f is 0.  influence: what the ranking goes by: the size of the
    elasticity at a point, the gradient times the width of the range over a range.  share: of all influences.
    """

    name: str
    gradient: float
    elasticity: float
    influence: float
    share: float


@dataclass(frozen=True, slots=True)
class Sensitivities:
    """The variables, the most influential first; value: that of the formula (over a range its mean); points: how many were looked at."""

    value: float
    points: int
    ranking: tuple[Sensitivity, ...]

    def __getitem__(self, name: Any) -> Sensitivity:
        found = next((one for one in self.ranking if one.name == str(name)), None)
        if found is None:
            raise UsageError(f"there is no {name}; the variables are {', '.join(one.name for one in self.ranking)}")
        return found

    def __str__(self) -> str:
        lines = [f"{'':12} {'df/dx':>12} {'elasticity':>12} {'influence':>12}   share"]
        lines += [f"{one.name:12} {one.gradient:12.4g} {one.elasticity:12.4g} {one.influence:12.4g} {one.share:7.1%}" for one in self.ranking]
        where = f"the mean over {self.points} points" if self.points > 1 else "the value"
        return "\n".join([*lines, f"{where} is {self.value:.6g}"])


def sensitivities(f: Expr | str, at: Mapping[Any, Any], *, points: int = 256, seed: int = 0) -> Sensitivities:
    """Gradient, elasticity and ranking of the inputs of a formula, at a point or over a range.

    f: an expression or its text.  at: for every variable a number, or (low, high); with one range at least, `points` random points are
    taken, stratified (a Latin hypercube, the same for the same seed), and numbers stay as they are.
    The influence over a range is the root mean square slope times the width, which bounds the variable's share of the variance of f
    (Sobol and Kucherenko 2009, derivative-based global sensitivity measures).
    Raises UsageError for variables without a value or range, DomainError where f has no slope at the point or hardly anywhere in the
    range.

    >>> print(sensitivities("k*x^2", {"k": 3.0, "x": 2.0}))
                        df/dx   elasticity    influence   share
    x                      12            2            2   66.7%
    k                       4            1            1   33.3%
    the value is 12
    """
    formula = parse(f) if isinstance(f, str) else as_expr(f)
    names = [str(symbol) for symbol in free_symbols(formula)]
    bounds = _bounds(names, at)
    if not names:
        raise UsageError(f"'{formula}' has no variables")
    compiled = lambdify([names], [formula, *gradient(formula, names)])
    varying = any(low < high for low, high in bounds)
    tried = _latin_hypercube(bounds, points, Random(seed)) if varying else [[low for low, _ in bounds]]
    found = [(point, value, slopes) for point in tried for value, *slopes in [compiled(point)] if all(map(math.isfinite, (value, *slopes)))]
    if len(found) < (min(USABLE, points) if varying else 1):
        raise DomainError(f"{formula} has a value and slopes at {len(found)} of {len(tried)} points; choose another point or range"
                          if varying else f"'{formula}' has no value or no slope at {dict(zip(names, tried[0]))}")
    rows = []
    for place, (name, (low, high)) in enumerate(zip(names, bounds)):
        slopes = [slopes[place] for _, _, slopes in found]
        elasticities = [point[place] / value * slopes[place] if value else math.nan for point, value, slopes in found]
        slope = math.sqrt(math.fsum(s * s for s in slopes) / len(slopes)) if varying else slopes[0]
        elasticity = math.fsum(map(abs, elasticities)) / len(elasticities) if varying else elasticities[0]
        influence = slope * (high - low) if varying else abs(elasticity)
        rows.append((name, slope, elasticity, influence))
    total = math.fsum(influence for *_, influence in rows if influence == influence)
    ranking = [Sensitivity(*row, row[3] / total if total else math.nan) for row in rows]
    ranking.sort(key=_rank)
    return Sensitivities(math.fsum(value for _, value, _ in found) / len(found), len(found), tuple(ranking))


def _rank(one: Sensitivity) -> tuple[float, float, str]:
    """By influence; what is equal but for rounding goes by its slope, and then by name."""
    influence = math.inf if math.isnan(one.influence) else -float(f"{one.influence:.10g}")
    return influence, -float(f"{abs(one.gradient):.10g}"), one.name


def _bounds(names: list[str], at: Mapping[Any, Any]) -> list[tuple[float, float]]:
    given = {str(as_symbol(name)): value for name, value in at.items()}
    bounds = []
    for name in names:
        if name not in given:
            raise UsageError(f"give {name} a number or a range (low, high)")
        value = given[name]
        try:
            low, high = map(float, value if isinstance(value, tuple | list) else (value, value))
        except (TypeError, ValueError):
            raise UsageError(f"{name} is a number or (low, high), not {value!r}") from None
        if not -math.inf < low <= high < math.inf:
            raise UsageError(f"the range of {name} is not one: {low} to {high}")
        bounds.append((low, high))
    return bounds


def _latin_hypercube(bounds: list[tuple[float, float]], count: int, random: Random) -> list[list[float]]:
    """Every coordinate goes once through each of `count` equal parts of its range, in an order of its own (McKay and others 1979)."""
    if count < 1:
        raise UsageError("at least one point is needed")
    columns = []
    for low, high in bounds:
        order = list(range(count))
        random.shuffle(order)
        columns.append([low + (high - low) * (part + random.random()) / count for part in order])
    return [list(point) for point in zip(*columns)]
