"""Taylor arithmetic in balls: the coefficients of a formula on a box, each an interval that holds it with certainty.

Nothing here knows a derivative: every function is put together from series that python-flint encloses (exp, log, sin, atan, erf, lgamma),
and the derivative is the second coefficient of what comes out.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from functools import reduce
from importlib import import_module
from threading import RLock
from typing import Any

from symdiff.errors import MissingDependency
from symdiff.evaluator import Evaluator, exact_number
from symdiff.expr import NUMBER, SYMBOL, Expr
from symdiff.walk import rebuild

__all__ = ["BALLS", "Balls", "as_ball", "evaluator_over", "finite", "flint_module", "working"]

LARGEST_POWER = 10_000
"""Whole exponents above it go by the logarithm."""
LARGEST_ORDER = 40
"""The highest polygamma enclosed."""
_lock = RLock()


def flint_module() -> Any:
    """python-flint, or MissingDependency."""
    try:
        return import_module("flint")
    except ImportError:
        raise MissingDependency("python-flint", "a certificate", "check") from None


@contextmanager
def working(bits: int, terms: int) -> Iterator[Any]:
    """The flint module with that precision and that many coefficients in a series; its settings are the process's, so one at a time."""
    flint = flint_module()
    with _lock:
        before = flint.ctx.prec, flint.ctx.cap
        flint.ctx.prec, flint.ctx.cap = bits, terms
        try:
            yield flint
        finally:
            flint.ctx.prec, flint.ctx.cap = before


class Balls:
    """A formula made ready for its series on many boxes."""

    def __init__(self, formula: Expr) -> None:
        self._evaluator = evaluator_over(formula, BALLS)
        self.order = self._evaluator.order
        self._steps = [(place, BALLS.get(op.name), children) for place, op, children in self._evaluator.steps]
        self.size = len(self.order)

    @property
    def refused(self) -> list[str]:
        """Names of the operations that have no routine."""
        return sorted({op.name for _, op, _ in self._evaluator.steps if op.name not in BALLS})

    def series(self, flint: Any, environment: Mapping[Expr, Any]) -> Any:
        """The series of the formula where its symbols have these series; None where it is not certain that all are functions there."""
        values = [self._leaf(flint, node, environment) for node in self.order]
        for place, rule, children in self._steps:
            arguments = [values[child] for child in children]
            if rule is _where:
                values[place] = _where(flint, *arguments)
            elif rule is not None and not any(argument is None for argument in arguments):
                try:
                    values[place] = rule(flint, *arguments)
                except (ZeroDivisionError, ValueError, OverflowError):
                    values[place] = None
        return values[-1]

    @staticmethod
    def _leaf(flint: Any, node: Expr, environment: Mapping[Expr, Any]) -> Any:
        if node.op is SYMBOL:
            return environment[node]
        if node.op is NUMBER:
            return flint.arb_series([as_ball(flint, exact_number(node.value))])
        return BALLS[node.op.name](flint) if not node.args and node.op.name in BALLS else None


def evaluator_over(formula: Expr, table: Container[str]) -> Evaluator:
    """The formula without users' functions, and with rows that the table lacks replaced by their definition, where they have one."""
    def lacking(node: Expr) -> bool:
        return bool(node.args) and node.op.definition is not None and node.op.name not in table
    evaluator = Evaluator(formula)
    while any(map(lacking, evaluator.order)):
        evaluator = Evaluator(rebuild(evaluator.order[-1], lambda node: node.op.definition(*node.args) if lacking(node) else node))  # type: ignore[misc]
    return evaluator


def as_ball(flint: Any, value: int | Fraction) -> Any:
    """The ball around an exact number."""
    return flint.arb(flint.fmpq(value.numerator, value.denominator))


def finite(flint: Any, series: Any, terms: int) -> list[Any] | None:
    """The first coefficients, unless one of them is not finite.

    All of them matter: the series of sqrt(x^2) at 0 has a finite first coefficient and a nan second.
    """
    if series is None:
        return None
    coefficients = [series[k] for k in range(terms)]
    return coefficients if all(coefficient.is_finite() for coefficient in coefficients) else None


# what is certain on a whole box

def _constant(u: Any) -> bool:
    return bool(u.length() <= 1)


def _exact(u: Any) -> bool:
    return _constant(u) and bool(u[0].is_exact())


def _sign_of(u: Any) -> int | None:
    """1 or -1 where the sign is certain, 0 for exactly zero, else None."""
    if u[0] > 0:
        return 1
    if u[0] < 0:
        return -1
    return 0 if _exact(u) and u[0].is_zero() else None


def _less(flint: Any, u: Any, v: Any) -> bool | None:
    sign = _sign_of(v - u)
    return None if sign is None else sign > 0


def _equal(flint: Any, u: Any, v: Any) -> bool | None:
    sign = _sign_of(u - v)
    return None if sign is None else sign == 0


def _negated(answer: bool | None) -> bool | None:
    return None if answer is None else not answer


def _where(flint: Any, condition: bool | None, value: Any, other: Any) -> Any:
    return None if condition is None else value if condition else other


def _by_sign(flint: Any, u: Any, positive: Any, zero: Any, negative: Any) -> Any:
    sign = _sign_of(u)
    return None if sign is None else (zero, positive, negative)[sign]


def _larger(flint: Any, u: Any, v: Any) -> Any:
    return _by_sign(flint, u - v, u, u, v)


def _smaller(flint: Any, u: Any, v: Any) -> Any:
    return _by_sign(flint, u - v, v, u, u)


def _floor(flint: Any, u: Any) -> Any:
    """Constant where the box lies strictly between two integers; an exact constant has its own."""
    low, high = u[0].lower(), u[0].upper()
    if not u[0].is_finite():
        return None
    below = low.floor()
    inside = low > below and high < below + 1
    return flint.arb_series([below]) if inside or _exact(u) else None


# functions

def _one(flint: Any) -> Any:
    return flint.arb_series([1])


def _power(flint: Any, u: Any, v: Any) -> Any:
    if _exact(v) and v[0].is_integer():
        exponent = int(v[0].unique_fmpz())
        if abs(exponent) <= LARGEST_POWER:
            size = u ** abs(exponent) if exponent else _one(flint)
            return size if exponent >= 0 else _one(flint) / size
        if u[0] < 0:
            size = (v * (-u).log()).exp()
            return size if exponent % 2 == 0 else -size
    return (v * u.log()).exp() if u[0] > 0 else None


def _cube_root(flint: Any, u: Any) -> Any:
    sign = _sign_of(u)
    return None if not sign else sign * ((sign * u).log() / 3).exp()


def _log_gamma(flint: Any, u: Any) -> Any:
    """ln|gamma(u)|, left of 0 by gamma(u)*gamma(1 - u) = pi/sin(pi*u)."""
    if u[0] > 0:
        return u.lgamma()
    sine = u.sin_pi()
    return flint.arb_series([flint.arb.pi().log()]) - _absolute(flint, sine).log() - (1 - u).lgamma()


def _absolute(flint: Any, u: Any) -> Any:
    sign = _sign_of(u)
    if sign is None:
        raise ValueError
    return sign * u


def _polygamma(flint: Any, order: int, u: Any) -> Any:
    """The coefficients of lgamma on the box, differentiated and put together with those of u."""
    terms = flint.ctx.cap
    flint.ctx.cap = terms + order + 1
    try:
        series = _log_gamma(flint, flint.arb_series([u[0], 1]))
        for _ in range(order + 1):
            series = series.derivative()
        coefficients = [series[k] for k in range(terms)]
    finally:
        flint.ctx.cap = terms
    inner = flint.arb_series([0, *[u[k] for k in range(1, terms)]])
    result = flint.arb_series([coefficients[-1]])
    for coefficient in reversed(coefficients[:-1]):
        result = result * inner + coefficient
    return result


def _whole_polygamma(flint: Any, order: Any, u: Any) -> Any:
    if not _exact(order) or not order[0].is_integer() or not 0 <= order[0] <= LARGEST_ORDER:
        return None
    return _polygamma(flint, int(order[0].unique_fmpz()), u)


def _angle(flint: Any, u: Any, v: Any) -> Any:
    """atan2, by the half plane the point (v, u) lies in."""
    if v[0] > 0:
        return (u / v).atan()
    half = flint.arb.pi() / 2
    if u[0] > 0:
        return half - (v / u).atan()
    if u[0] < 0:
        return -half - (v / u).atan()
    return None


def _area_sine(flint: Any, u: Any) -> Any:
    """ln(u + sqrt(u^2 + 1)); from the right, where nothing cancels."""
    sign = -1 if u[0] < 0 else 1
    return sign * (sign * u + (u * u + 1).sqrt()).log()


def _area_cosine(flint: Any, u: Any) -> Any:
    return (u + (u - 1).sqrt() * (u + 1).sqrt()).log()


def _area_tangent(flint: Any, u: Any) -> Any:
    return ((1 + u) / (1 - u)).log() / 2


def _inverse(flint: Any, u: Any) -> Any:
    return _one(flint) / u


def _hyperbolic_tangent(flint: Any, u: Any) -> Any:
    return 1 - 2 / ((2 * u).exp() + 1)


def _sigmoid(flint: Any, u: Any) -> Any:
    return _one(flint) / ((-u).exp() + 1)


BALLS: dict[str, Callable[..., Any]] = {
    "pi": lambda flint: flint.arb_series([flint.arb.pi()]),
    "e": lambda flint: flint.arb_series([flint.arb.const_e()]),

    "add": lambda flint, *terms: reduce(lambda u, v: u + v, terms),
    "mul": lambda flint, *factors: reduce(lambda u, v: u * v, factors),
    "neg": lambda flint, u: -u,
    "div": lambda flint, u, v: u / v,
    "pow": _power,

    "exp":   lambda flint, u: u.exp(),
    "expm1": lambda flint, u: u.exp() - 1,
    "ln":    lambda flint, u: u.log(),
    "log":   lambda flint, u, v: u.log() / v.log(),
    "log2":  lambda flint, u: u.log() / flint.arb(2).log(),
    "log10": lambda flint, u: u.log() / flint.arb(10).log(),
    "log1p": lambda flint, u: (1 + u).log(),
    "sqrt":  lambda flint, u: u.sqrt(),
    "cbrt":  _cube_root,

    "sin": lambda flint, u: u.sin(),
    "cos": lambda flint, u: u.cos(),
    "tan": lambda flint, u: u.sin() / u.cos(),
    "cot": lambda flint, u: u.cos() / u.sin(),
    "sec": lambda flint, u: _inverse(flint, u.cos()),
    "csc": lambda flint, u: _inverse(flint, u.sin()),

    "asin":  lambda flint, u: u.asin(),
    "acos":  lambda flint, u: u.acos(),
    "atan":  lambda flint, u: u.atan(),
    "acot":  lambda flint, u: _inverse(flint, u).atan(),
    "asec":  lambda flint, u: _inverse(flint, u).acos(),
    "acsc":  lambda flint, u: _inverse(flint, u).asin(),
    "atan2": _angle,

    "sinh": lambda flint, u: (u.exp() - (-u).exp()) / 2,
    "cosh": lambda flint, u: (u.exp() + (-u).exp()) / 2,
    "tanh": _hyperbolic_tangent,
    "coth": lambda flint, u: _inverse(flint, _hyperbolic_tangent(flint, u)),
    "sech": lambda flint, u: 2 / (u.exp() + (-u).exp()),
    "csch": lambda flint, u: 2 / (u.exp() - (-u).exp()),

    "asinh": _area_sine,
    "acosh": _area_cosine,
    "atanh": _area_tangent,
    "acoth": lambda flint, u: _area_tangent(flint, _inverse(flint, u)),
    "asech": lambda flint, u: _area_cosine(flint, _inverse(flint, u)),
    "acsch": lambda flint, u: _area_sine(flint, _inverse(flint, u)),

    "erf":  lambda flint, u: u.erf(),
    "erfc": lambda flint, u: u.erfc(),
    "erfi": lambda flint, u: u.erfi(),

    "gamma":     lambda flint, u: u.gamma(),
    "lgamma":    _log_gamma,
    "digamma":   lambda flint, u: _polygamma(flint, 0, u),
    "polygamma": _whole_polygamma,

    "sigmoid":  _sigmoid,
    "softplus": lambda flint, u: (1 + u.exp()).log(),
    "silu":     lambda flint, u: u * _sigmoid(flint, u),
    "gelu":     lambda flint, u: u * (-u / flint.arb(2).sqrt()).erfc() / 2,
    "relu":     lambda flint, u: _by_sign(flint, u, u, u, 0 * u),

    "abs":   lambda flint, u: _by_sign(flint, u, u, u, -u),
    "sign":  lambda flint, u: _by_sign(flint, u, _one(flint), 0 * _one(flint), -_one(flint)),
    "step":  lambda flint, u: _by_sign(flint, u, _one(flint), 0 * _one(flint), 0 * _one(flint)),
    "floor": _floor,
    "ceil":  lambda flint, u: None if (below := _floor(flint, -u)) is None else -below,
    "max":   lambda flint, *values: _chosen(flint, _larger, values),
    "min":   lambda flint, *values: _chosen(flint, _smaller, values),
    "mod":   lambda flint, u, v: None if (whole := _floor(flint, u / v)) is None else u - v * whole,

    "lt": _less,
    "gt": lambda flint, u, v: _less(flint, v, u),
    "le": lambda flint, u, v: _negated(_less(flint, v, u)),
    "ge": lambda flint, u, v: _negated(_less(flint, u, v)),
    "eq": _equal,
    "ne": lambda flint, u, v: _negated(_equal(flint, u, v)),
    "and": lambda flint, u, v: u and v,
    "or":  lambda flint, u, v: u or v,
    "not": lambda flint, u: not u,
    "where": _where,
}
"""For the rows of the table their series from those of their arguments (one that is not here goes by its definition); None, a ValueError
or a nan where the box is not certainly inside the domain and free of kinks and jumps."""


def _chosen(flint: Any, choose: Callable[..., Any], values: tuple[Any, ...]) -> Any:
    best = values[0]
    for value in values[1:]:
        best = choose(flint, best, value)
        if best is None:
            return None
    return best
