"""Plots of functions beside their derivatives: tangents, secants turning into them, errors of difference quotients, descent."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from symdiff.calculus.forward import diff
from symdiff.calculus.reverse import gradient
from symdiff.checking.pointwise import read_number
from symdiff.drawing.chart_files import chart_file
from symdiff.drawing.charts import Arrow, Axis, Chart, Line, Panel, Spot
from symdiff.drawing.labels import line_of, pretty_names, value_text
from symdiff.drawing.tracing import clipped, interesting, level_lines, traced, view
from symdiff.errors import DomainError, UsageError
from symdiff.evaluation import evaluate
from symdiff.evaluator import Evaluator, nearest_float
from symdiff.expr import Expr
from symdiff.operations.op import as_expr
from symdiff.symbols import as_symbol
from symdiff.walk import free_symbols

__all__ = ["descent_chart", "error_chart", "plot", "secant_chart", "tangent_chart"]

_STEPS = (1.0, 0.5, 0.25, 0.1)
"""Of secants, as shares of a quarter of the range shown."""
_DESCENT = 200
_GRID = 48
_ARROWS = 15


def plot(
    expression: Any, path: str | os.PathLike[str], x: Expr | str | None = None, *, between: tuple[float, float] | None = None,
    tangent: float | Iterable[float] = (), secants: float | None = None, errors: float | None = None,
    descent: Mapping[Any, float] | None = None, rate: float = 0.1, engine: str | None = None, format: str | None = None,
) -> Path:
    """Plot a function and its derivative, one above the other, into a file, and return its path.

    path: its suffix says the format, unless `format` does: svg, html, png, pdf.  x: the variable; by default the only one.
    between: the range of x; by default one that shows where the function and its derivatives change their signs.
    tangent: points at which the tangent is drawn.
    secants: a point; instead of a tangent come lines through it and points ever nearer, and below them their slopes.
    errors: a point; plotted is the error of difference quotients there against their step, in floating point.
    descent: values of two variables from which the path of steepest descent starts; plotted are the gradient field and level lines.
    rate: the length of a step of descent is this times the gradient's.
    engine: 'builtin' or 'matplotlib'; None for the built-in one where it makes the format (SVG, HTML and, with the extra draw, PNG).
    Poles, jumps and ranges without values are gaps in a line.
    Raises UsageError for formulas of other numbers of variables and for points without a value, RenderError where nothing that is
    installed makes the format.

    >>> from symdiff import parse
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     plot(parse("x^3 - x"), f"{folder}/p.svg", tangent=1).name
    'p.svg'
    """
    root = as_expr(expression)
    if sum(asked is not None for asked in (secants, errors, descent)) > 1:
        raise UsageError("a plot shows one thing: tangents, secants, errors or a descent")
    if descent is not None:
        chart = descent_chart(root, descent, rate)
    else:
        variable = _variable(root, x)
        name = str(variable)
        if errors is not None:
            chart = error_chart(root, variable, _float(errors, name))
        elif secants is not None:
            chart = secant_chart(root, variable, _float(secants, name), between)
        else:
            points = list(tangent) if isinstance(tangent, Iterable) and not isinstance(tangent, str) else [tangent]
            chart = tangent_chart(root, variable, [_float(point, name) for point in points], between)
    return chart_file(chart, path, engine=engine, format=format)


def _variable(root: Expr, x: Expr | str | None) -> Expr:
    free = free_symbols(root)
    if x is None and not free:
        raise UsageError(f"'{root}' has no variable; name one: plot(f, 'p.svg', 'x')")
    variable = free[0] if x is None else as_symbol(x)
    others = [str(symbol) for symbol in free if symbol is not variable]
    if others:
        raise UsageError(f"a plot goes over one variable; put numbers in for the others, such as f.subs({{'{others[0]}': 2}}), "
                         f"or give descent= for two: the formula has {', '.join(map(str, free))}")
    return variable


def _float(value: Any, name: str) -> float:
    return nearest_float(read_number(value, name))


class _Curve:
    """A function of one variable, its derivatives, and how they are written."""

    def __init__(self, root: Expr, variable: Expr) -> None:
        self.variable, self.root, self.derivative = variable, root, diff(root, variable)
        names = pretty_names([str(variable.value)])
        self.name = line_of(variable, names)
        self.text, self.slope_text = line_of(root, names), line_of(self.derivative, names)
        self.f, self.slope = self._function(root), self._function(self.derivative)

    def _function(self, node: Expr) -> Callable[[float], float]:
        floats, variable = Evaluator(node).floats, self.variable
        return lambda value: floats({variable: value})

    def value(self, at: float) -> tuple[float, float]:
        """The value and slope at a point that is asked for by name."""
        found = self.f(at), self.slope(at)
        if not all(map(math.isfinite, found)):
            raise UsageError(f"there is no tangent at {self.name} = {value_text(at)}: {self.text} or its derivative has no value there")
        return found

    def range(self, between: tuple[float, float] | None, points: Iterable[float]) -> Axis:
        if between is None:
            second = self._function(diff(self.derivative, self.variable))
            between = interesting([self.f, self.slope, second], list(points))
        if isinstance(between, str) or len(between) != 2:
            raise UsageError(f"a range is a pair of numbers, such as between=(-2, 2), not {between!r}")
        low, high = (_float(end, self.name) for end in between)
        if not (low < high and math.isfinite(high - low)):
            raise UsageError(f"a plot goes from a number to a larger one, by less than 1.8e308, not from {low} to {high}")
        return Axis(low, high, self.name)

    def line(self, f: Callable[[float], float], ink: str, label: str, x: Axis, y: Axis) -> Line:
        return Line(ink, clipped(traced(f, x, y), y), label)


def _samples(f: Callable[[float], float], x: Axis) -> list[float]:
    return [f(x.low + (x.high - x.low) * (index + 0.37) / 300) for index in range(300)]


def tangent_chart(root: Expr, variable: Expr, points: list[float], between: tuple[float, float] | None = None) -> Chart:
    """f with tangents above f', whose heights are the tangents' slopes."""
    curve = _Curve(root, variable)
    x = curve.range(between, points)
    touched = [(point, *curve.value(point)) for point in points]
    y = view(_samples(curve.f, x), "f", [value for _, value, _ in touched])
    below = view(_samples(curve.slope, x), "f′", [0.0, *(slope for _, _, slope in touched)])
    tangents = [_straight("tangent", (point, value), slope, x, y, f"tangent, slope {value_text(slope)}") for point, value, slope in touched]
    upper = Panel(f"f({curve.name}) = {curve.text}", x, y, (curve.line(curve.f, "function", "f", x, y), *tangents),
                  tuple(Spot("tangent", (point, value), f"slope {value_text(slope)}") for point, value, slope in touched))
    lower = Panel(f"f′({curve.name}) = {curve.slope_text}", x, below, (curve.line(curve.slope, "slope", "f′", x, below),),
                  tuple(Spot("tangent", (point, slope), f"f′({value_text(point)}) = {value_text(slope)}") for point, _, slope in touched))
    return Chart(f"{curve.text} and its derivative", (upper, lower))


def _straight(ink: str, through: tuple[float, float], slope: float, x: Axis, y: Axis, label: str) -> Line:
    ends = [(at, through[1] + slope * (at - through[0])) for at in (x.low, x.high)]
    return Line(ink, clipped([ends], y), label)


def secant_chart(root: Expr, variable: Expr, point: float, between: tuple[float, float] | None = None) -> Chart:
    """Secants through a point that turn into the tangent, and below them their slopes as the step shrinks."""
    curve = _Curve(root, variable)
    value, slope = curve.value(point)
    x = curve.range(between, [point])
    unit = (x.high - x.low) / 4
    steps = [share * unit for share in _STEPS if math.isfinite(curve.f(point + share * unit))]
    if not steps:
        raise UsageError(f"there is no secant at {curve.name} = {value_text(point)}: the function has no value to its right")
    y = view(_samples(curve.f, x), "f", [value, *(curve.f(point + step) for step in steps)])
    lines = [curve.line(curve.f, "function", "f", x, y)]
    spots = [Spot("tangent", (point, value), f"slope {value_text(slope)}")]
    for step in steps:
        quotient = (curve.f(point + step) - value) / step
        lines.append(_straight("secant", (point, value), quotient, x, y, f"h = {value_text(step, 2)}: slope {value_text(quotient, 4)}"))
        spots.append(Spot("secant", (point + step, curve.f(point + step)), f"h = {value_text(step, 2)}"))
    lines.append(_straight("tangent", (point, value), slope, x, y, f"tangent, slope {value_text(slope)}"))
    tried = [unit * 10 ** (-index / 12) for index in range(49)]
    slopes = [(step, (curve.f(point + step) - value) / step) for step in tried]
    known = [pair for pair in slopes if math.isfinite(pair[1])]
    h, below = Axis(tried[-1], tried[0], "h", logarithmic=True), view([s for _, s in known], "slope", [slope])
    lower = Panel("the slope of the secant as h shrinks", h, below, (
        Line("second", (tuple(known),), "slope of the secant"), Line("tangent", (((h.low, slope), (h.high, slope)),), "f′")),
        tuple(Spot("secant", (step, (curve.f(point + step) - value) / step)) for step in steps))
    return Chart(f"secants of {curve.text}", (Panel(f"f({curve.name}) = {curve.text}", x, y, tuple(lines), tuple(spots)), lower))


def error_chart(root: Expr, variable: Expr, point: float) -> Chart:
    """The error of difference quotients in floating point against their step: too large a step is wrong, too small a one too."""
    curve = _Curve(root, variable)
    curve.value(point)
    try:
        exact = evaluate(curve.derivative, {variable: point}, digits=40)
    except DomainError as error:
        raise UsageError(str(error)) from error
    steps = [float(f"{10 ** (-index / 6):.3g}") for index in range(97)]  # the noise below depends on every digit of a step

    def errors(quotient: Callable[[float], float]) -> tuple[tuple[float, float], ...]:
        found = ((step, float(abs(exact - quotient(step)))) for step in steps)
        return tuple((step, error) for step, error in found if math.isfinite(error) and error > 0)
    forward = errors(lambda h: (curve.f(point + h) - curve.f(point)) / h)
    central = errors(lambda h: (curve.f(point + h) - curve.f(point - h)) / (2 * h))
    if not forward or not central:
        raise UsageError(f"difference quotients of {curve.text} at {value_text(point)} have no error to show: they are exact or have no value")
    values = [error for _, error in forward + central]
    low, high = 10 ** math.floor(math.log10(min(values))), 10 ** math.ceil(math.log10(max(values)) + 0.01)
    best = [min(line, key=lambda pair: pair[1]) for line in (forward, central)]
    panel = Panel(
        f"the error of difference quotients of {curve.text} at {curve.name} = {value_text(point)}", Axis(steps[-1], steps[0], "h", logarithmic=True),
        Axis(low, high, "error", logarithmic=True),
        (Line("function", (forward,), "(f(x + h) − f(x))/h"), Line("second", (central,), "(f(x + h) − f(x − h))/(2·h)")),
        tuple(Spot(ink, pair, f"best h ≈ {value_text(pair[0], 1)}") for ink, pair in zip(("function", "second"), best)))
    return Chart(f"errors of difference quotients of {curve.text}", (panel,))


def descent_chart(root: Expr, start: Mapping[Any, float], rate: float) -> Chart:
    """Level lines and the gradient field of a function of two variables, with the path of steepest descent."""
    point = {as_symbol(name): _float(value, str(name)) for name, value in start.items()}
    symbols = list(point)
    if len(symbols) != 2 or set(free_symbols(root)) - set(symbols):
        names = ", ".join(map(str, free_symbols(root))) or "none"
        raise UsageError(f"a descent goes over two variables and starts from a value of each, such as descent={{'x': 2, 'y': 1}}; "
                         f"the formula has {names}")
    if not rate > 0:
        raise UsageError(f"the rate of a descent is a positive number, not {rate}")
    f, (by_x, by_y) = Evaluator(root), map(Evaluator, gradient(root, symbols))
    path = [(point[symbols[0]], point[symbols[1]])]
    if not math.isfinite(f.floats(point)):
        raise UsageError("the function has no value where the descent starts")
    for _ in range(_DESCENT):
        here = dict(zip(symbols, path[-1]))
        slope = by_x.floats(here), by_y.floats(here)
        following = path[-1][0] - rate * slope[0], path[-1][1] - rate * slope[1]
        if not math.isfinite(f.floats(dict(zip(symbols, following)))) or math.hypot(*following) > 1e6:
            break
        path.append(following)
        if math.hypot(*slope) * rate < 1e-4 * (1 + math.hypot(*following)):
            break
    x, y = _around(path, symbols)
    panel = Panel(
        f"f({symbols[0]}, {symbols[1]}) = {line_of(root, pretty_names(map(str, symbols)))}", x, y,
        (*_levels(f, symbols, x, y), Line("path", (tuple(path),), f"{len(path) - 1} steps of {value_text(rate)} times the gradient")),
        (Spot("path", path[0], f"start, f = {value_text(f.floats(dict(zip(symbols, path[0]))), 3)}"),
         Spot("tangent", path[-1], f"end, f = {value_text(f.floats(dict(zip(symbols, path[-1]))), 3)}")),
        _field(by_x, by_y, symbols, x, y), square=True)
    return Chart("the gradient field and the path of descent", (panel,))


def _around(path: list[tuple[float, float]], symbols: list[Expr]) -> tuple[Axis, Axis]:
    """Ranges of the same length around the path."""
    half = max(0.5, *(0.65 * (max(side) - min(side)) for side in zip(*path)))
    middle = [(max(side) + min(side)) / 2 for side in zip(*path)]
    first, second = (Axis(centre - half, centre + half, str(symbol)) for centre, symbol in zip(middle, symbols))
    return first, second


def _levels(f: Evaluator, symbols: list[Expr], x: Axis, y: Axis) -> list[Line]:
    """Level lines at heights between which equally large parts of the picture lie."""
    xs, ys = ([axis.low + (axis.high - axis.low) * index / _GRID for index in range(_GRID + 1)] for axis in (x, y))
    values = [[f.floats(dict(zip(symbols, (a, b)))) for a in xs] for b in ys]
    known = sorted(value for row in values for value in row if math.isfinite(value))
    heights = sorted({known[len(known) * index // 12] for index in range(1, 12)}) if known else []
    return [Line("level", tuple(level_lines(values, xs, ys, height))) for height in heights]


def _field(by_x: Evaluator, by_y: Evaluator, symbols: list[Expr], x: Axis, y: Axis) -> tuple[Arrow, ...]:
    """Arrows uphill on a grid, all shorter than its cells, longer where it is steeper."""
    cell = (x.high - x.low) / _ARROWS
    found: list[tuple[float, float, float, float]] = []
    for row in range(_ARROWS):
        for column in range(_ARROWS):
            a, b = x.low + (column + 0.5) * cell, y.low + (row + 0.5) * cell
            here = dict(zip(symbols, (a, b)))
            slope = by_x.floats(here), by_y.floats(here)
            if math.isfinite(slope[0]) and math.isfinite(slope[1]) and math.hypot(*slope) > 0:
                found.append((a, b, *slope))
    steepest = max((math.hypot(u, v) for _, _, u, v in found), default=1.0)
    arrows = []
    for a, b, u, v in found:
        length = 0.42 * cell * (math.hypot(u, v) / steepest) ** 0.35 / math.hypot(u, v)
        arrows.append(Arrow("field", (a - u * length, b - v * length), (a + u * length, b + v * length)))
    return tuple(arrows)

