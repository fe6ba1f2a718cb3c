"""SciPy's call forms: objectives with exact derivatives for its optimisers and solvers, and fits of models given as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from typing import Any

from symdiff.calculus.matrices import hessian, jacobian
from symdiff.calculus.reverse import as_variables, gradient, hvp
from symdiff.compilation.function import CompiledFunction, lambdify
from symdiff.compilation.stability import stable
from symdiff.errors import DomainError, MissingDependency, UsageError
from symdiff.expr import Expr, symbol_node
from symdiff.operations.op import as_expr
from symdiff.parsing.infix import parse
from symdiff.walk import free_symbols

__all__ = ["Fit", "Objective", "curve_fit", "objective"]

TIGHT = 1e-15
"""The tolerances of fits: they end where floats end, so that certified digits are reached without tuning."""
EVALUATIONS = 2_000
"""Model evaluations of one attempt of a fit."""


def objective(f: Any, variables: Any = None, *, parameters: Any = (), time: Any = None, bounds: Mapping[str, Any] | None = None,
              backend: str = "python") -> Objective:
    """A formula, or several, with exact derivatives in the form SciPy calls them: functions of one vector.

    f: an expression or its text, for `minimize`; a sequence of them, for `least_squares`, `root` and `solve_ivp`.
    variables: symbols or names, in the order of the vector; by default all but parameters and time, in the order of their names.
    parameters: those that come after the vector, as SciPy's args= passes them.  time: the variable that comes before it, for solve_ivp.
    bounds: {name: (low, high)}, None standing for no bound.  backend: as for lambdify.
    Raises UsageError for variables without a place.

    >>> from scipy.optimize import minimize
    >>> o = objective("(1 - x)^2 + 100*(y - x^2)^2")
    >>> found = minimize(o.fun, [-1.2, 1.0], jac=o.jac, hess=o.hess, method="trust-ncg")
    >>> found.x.round(4).tolist()
    [1.0, 1.0]
    """
    formulas = [parse(item) if isinstance(item, str) else as_expr(item) for item in ([f] if isinstance(f, str | Expr | int | float) else f)]
    extra = as_variables(parameters)
    clock = as_variables([time]) if time is not None else ()
    formulas = stable(formulas)
    if variables is None:
        along = tuple(symbol for symbol in free_symbols(*formulas) if symbol not in (*extra, *clock))
    else:
        along = as_variables(variables)
    return Objective(tuple(formulas), along, extra, clock, isinstance(f, str | Expr | int | float), dict(bounds or {}), backend)


@dataclass(frozen=True)
class Objective:
    """What `objective` gives: fun, jac, hess, hessp and bounds, each compiled when it is first asked for.

    For several formulas fun is a vector, jac its matrix, and there is no hess.  Every function takes (vector, *parameters), or
    (time, vector, *parameters) where there is a time.
    """

    formulas: tuple[Expr, ...]
    variables: tuple[Expr, ...]
    parameters: tuple[Expr, ...] = ()
    time: tuple[Expr, ...] = ()
    scalar: bool = True
    limits: dict[str, Any] = field(default_factory=dict)
    backend: str = "python"

    @property
    def names(self) -> tuple[str, ...]:
        """The variables, in the order of the vector."""
        return tuple([str(symbol.value) for symbol in self.variables])

    @property
    def bounds(self) -> list[tuple[float | None, float | None]] | None:
        """For `minimize(bounds=)`: (low, high) for each variable, or None without any."""
        unknown = set(self.limits) - set(self.names)
        if unknown:
            raise UsageError(f"bounds for {', '.join(sorted(unknown))}, which the objective does not vary")
        return [self.limits.get(name, (None, None)) for name in self.names] if self.limits else None

    def _compiled(self, exprs: Any, before: Sequence[Any] = ()) -> CompiledFunction:
        return lambdify([*self.time, list(self.variables), *before, *self.parameters], exprs, self.backend)

    @cached_property
    def _value(self) -> CompiledFunction:
        return self._compiled(self.formulas[0] if self.scalar else list(self.formulas))

    @cached_property
    def _slopes(self) -> CompiledFunction:
        return self._compiled(list(gradient(self.formulas[0], self.variables)) if self.scalar else jacobian(self.formulas, self.variables))

    @cached_property
    def _curvature(self) -> CompiledFunction:
        self._only_scalar("hess")
        return self._compiled(hessian(self.formulas[0], self.variables))

    @cached_property
    def _curvature_along(self) -> CompiledFunction:
        self._only_scalar("hessp")
        directions = [symbol_node(f"<along {name}>") for name in self.names]
        return self._compiled(list(hvp(self.formulas[0], self.variables, directions)), [directions])

    def _only_scalar(self, what: str) -> None:
        if not self.scalar:
            raise UsageError(f"{what} is for one formula, and this objective has {len(self.formulas)}")

    def fun(self, *point: Any) -> Any:
        """The value, or the vector of values, at (vector, *parameters)."""
        value = self._value(*point)
        return value if self.scalar else _numpy().array(value)

    def jac(self, *point: Any) -> Any:
        """The gradient, or the Jacobian matrix."""
        return _numpy().array(self._slopes(*point))

    def hess(self, *point: Any) -> Any:
        """The Hessian matrix."""
        return _numpy().array(self._curvature(*point))

    def hessp(self, *point: Any) -> Any:
        """The Hessian times a vector, at (vector, direction, *parameters), without building the Hessian."""
        return _numpy().array(self._curvature_along(*point))


@dataclass(frozen=True)
class Fit:
    """A fitted model: parameters and standard_errors by name, their covariance, the residual sum of squares, and how it was found."""

    model: Expr
    parameters: dict[str, float]
    standard_errors: dict[str, float]
    covariance: Any
    rss: float
    residuals: Any
    method: str
    success: bool

    def __str__(self) -> str:
        rows = [f"{name} = {value:.10g} +- {self.standard_errors[name]:.2g}" for name, value in self.parameters.items()]
        return "\n".join([*rows, f"residual sum of squares {self.rss:.10g}"])


def curve_fit(model: str | Expr, xdata: Any, ydata: Any, p0: Any = None, *, parameters: Sequence[str] | None = None, sigma: Any = None,
              bounds: Mapping[str, tuple[float, float]] | None = None) -> Fit:
    """The parameters with which a model fits data best, in the sense of least squares, with the exact Jacobian.

    model: text or expression, such as "a*exp(-b*x)".
    xdata: an array for the model's one independent variable (named x where the model has an x), or {name: array}.
    p0: where to start: {parameter: value} or a sequence in the order of `parameters`; by default 1 for all.
    parameters: their names, by default all variables that are no data, in the order of their names.
    sigma: standard deviations of ydata, one or an array.  bounds: {parameter: (low, high)}.
    Several attempts are made (Levenberg-Marquardt and a trust region, from p0 and from p0 with the parameters in which the model is
    linear solved for), and the best is polished by Gauss-Newton steps.
    Raises UsageError for data that do not fit the model, DomainError where the model has no value at the start.

    >>> fit = curve_fit("a*exp(-b*x)", [0, 1, 2, 3], [2.0, 1.0, 0.5, 0.25])
    >>> {name: round(value, 9) for name, value in fit.parameters.items()}
    {'a': 2.0, 'b': 0.693147181}
    """
    formula = parse(model) if isinstance(model, str) else as_expr(model)
    data = _data(formula, xdata)
    names = _parameter_names(formula, data, p0, parameters)
    problem = _Problem(formula, names, data, ydata, sigma, bounds)
    return problem.fit(problem.start(p0))


def _data(formula: Expr, xdata: Any) -> dict[str, Any]:
    np = _numpy()
    if isinstance(xdata, Mapping):
        return {str(name): np.asarray(column, dtype=float) for name, column in xdata.items()}
    if "x" not in {symbol.value for symbol in free_symbols(formula)}:
        raise UsageError(f"the model {formula} has no variable x; give the data by name: xdata={{'t': [...]}}")
    return {"x": np.asarray(xdata, dtype=float)}


def _parameter_names(formula: Expr, data: Mapping[str, Any], p0: Any, parameters: Sequence[str] | None) -> list[str]:
    free = [str(symbol.value) for symbol in free_symbols(formula) if symbol.value not in data]
    names = list(parameters) if parameters is not None else list(p0) if isinstance(p0, Mapping) else free
    if set(names) != set(free):
        raise UsageError(f"the parameters of the model are {', '.join(free)}, and those given are {', '.join(names)}")
    return names


class _Problem:
    """The residuals of one fit as functions of the vector of parameters."""

    def __init__(self, formula: Expr, names: list[str], data: Mapping[str, Any], ydata: Any, sigma: Any, bounds: Any) -> None:
        self.np = np = _numpy()
        self.formula, self.names = formula, names
        [model] = stable([formula])
        self.columns = list(data.values())
        self.y = np.asarray(ydata, dtype=float).ravel()
        self.weight = 1.0 if sigma is None else 1.0 / np.asarray(sigma, dtype=float)
        if any(column.size != self.y.size for column in self.columns):
            raise UsageError(f"ydata has {self.y.size} numbers and xdata {', '.join(str(column.size) for column in self.columns)}")
        self.slopes = gradient(model, names)
        self.run = lambdify([*data, *names], [model, *self.slopes], "numpy")
        self.low = np.array([(bounds or {}).get(name, (-np.inf, np.inf))[0] for name in names], dtype=float)
        self.high = np.array([(bounds or {}).get(name, (-np.inf, np.inf))[1] for name in names], dtype=float)
        self.bounded = bool(bounds)
        self._last: Any = (None, None, None)

    def start(self, p0: Any) -> Any:
        if p0 is None:
            return self.np.ones(len(self.names))
        values = [p0[name] for name in self.names] if isinstance(p0, Mapping) else list(p0)
        if len(values) != len(self.names):
            raise UsageError(f"p0 has {len(values)} numbers for the parameters {', '.join(self.names)}")
        return self.np.array(values, dtype=float)

    def at(self, point: Any) -> tuple[Any, Any]:
        """Residuals and Jacobian; what has no value is large, so that solvers step back."""
        key = point.tobytes()
        if self._last[0] != key:
            model, *columns = self.run(*self.columns, *point)
            size = self.y.size
            matrix = self.np.stack([self.np.broadcast_to(column, (size,)) for column in columns], axis=1)
            residuals = (self.np.broadcast_to(model, (size,)) - self.y) * self.weight
            matrix = (matrix.T * self.weight).T
            self._last = key, residuals, matrix
        return self._last[1], self._last[2]

    def residuals(self, point: Any) -> Any:
        return self.np.clip(self.np.nan_to_num(self.at(point)[0], nan=1e100, posinf=1e100, neginf=-1e100), -1e100, 1e100)

    def jacobian(self, point: Any) -> Any:
        return self.np.clip(self.np.nan_to_num(self.at(point)[1], nan=0.0, posinf=1e100, neginf=-1e100), -1e100, 1e100)

    def rss(self, point: Any) -> float:
        with self.np.errstate(all="ignore"):
            total = float(self.np.sum(self.at(point)[0] ** 2))
        return total if total == total else float("inf")

    def projected(self, point: Any) -> Any:
        """The point with the parameters in which the model is linear, all at once, solved for."""
        np = self.np
        linear: list[int] = []
        for place, slope in enumerate(self.slopes):
            symbols = {symbol.value for symbol in free_symbols(slope)}
            if not symbols & {self.names[k] for k in (*linear, place)} and all(
                    self.names[place] not in {s.value for s in free_symbols(self.slopes[k])} for k in linear):
                linear.append(place)
        residuals, matrix = self.at(point)
        if not linear or not np.isfinite(matrix).all() or not np.isfinite(residuals).all():
            return point
        columns = matrix[:, linear]
        target = columns @ point[linear] - residuals
        scale = np.linalg.norm(columns, axis=0)
        scale[scale == 0] = 1.0
        moved = point.copy()
        moved[linear] = np.linalg.lstsq(columns / scale, target, rcond=None)[0] / scale
        return np.clip(moved, self.low, self.high)

    def fit(self, start: Any) -> Fit:
        np = self.np
        if not np.isfinite(self.at(start)[0]).all():
            raise DomainError(f"the model {self.formula} has no value at the start {dict(zip(self.names, start.tolist(), strict=True))}; "
                              "give another p0")
        starts = [start]
        moved = self.projected(start)
        if not np.array_equal(moved, start):
            starts.append(moved)
        found = [attempt for point in starts for method in (("trf",) if self.bounded else ("lm", "trf"))
                 if (attempt := self._attempt(point, method)) is not None]
        if not found:
            raise DomainError(f"no solver could fit {self.formula} from this start; give another p0")
        point, method, success = min(found, key=lambda attempt: self.rss(attempt[0]))
        return self._result(point if self.bounded else self._polished(point), method, success)

    def _attempt(self, start: Any, method: str) -> tuple[Any, str, bool] | None:
        optimize = _scipy_optimize()
        if method == "lm" and self.y.size < len(self.names):
            return None
        try:
            solved = optimize.least_squares(
                self.residuals, start, self.jacobian, method=method, x_scale="jac", ftol=TIGHT, xtol=TIGHT, gtol=TIGHT,
                max_nfev=EVALUATIONS, **({} if method == "lm" else {"bounds": (self.low, self.high)}))
        except (ValueError, self.np.linalg.LinAlgError):
            return None
        return (solved.x, method, bool(solved.success)) if self.np.isfinite(self.rss(solved.x)) else None

    def _polished(self, point: Any) -> Any:
        """Gauss-Newton steps as long as they lower the residuals."""
        np = self.np
        for _ in range(10):
            residuals, matrix = self.at(point)
            scale = np.linalg.norm(matrix, axis=0)
            if not np.isfinite(scale).all() or not (scale > 0).all():
                break
            moved = point - np.linalg.lstsq(matrix / scale, residuals, rcond=None)[0] / scale
            if not self.rss(moved) < self.rss(point):
                break
            point = moved
        return point

    def _result(self, point: Any, method: str, success: bool) -> Fit:
        np = self.np
        residuals, matrix = self.at(point)
        rss = self.rss(point)
        freedom = max(self.y.size - len(self.names), 1)
        scale = np.linalg.norm(matrix, axis=0)
        scale[scale == 0] = 1.0
        inverse = np.linalg.pinv((matrix / scale).T @ (matrix / scale))
        covariance = inverse / np.outer(scale, scale) * rss / freedom
        errors = np.sqrt(np.maximum(np.diag(covariance), 0.0))
        return Fit(self.formula, dict(zip(self.names, point.tolist(), strict=True)), dict(zip(self.names, errors.tolist(), strict=True)),
                   covariance, rss, residuals, method, success)


def _numpy() -> Any:
    return _needed("numpy", "numpy")


def _scipy_optimize() -> Any:
    return _needed("scipy.optimize", "scipy")


def _needed(module: str, package: str) -> Any:
    try:
        return import_module(module)
    except ImportError:
        raise MissingDependency(package, "working with SciPy", package) from None
