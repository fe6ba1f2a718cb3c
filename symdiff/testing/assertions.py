"""Assertions for derivatives of any callables; how inputs are looked for and failures reported is examination.py's."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from random import Random
from typing import Any

from symdiff.errors import UsageError
from symdiff.expr import Expr, symbol_node
from symdiff.symbols import as_symbol
from symdiff.testing import frameworks
from symdiff.testing.callables import Arguments, Function, as_formula, flat, kind_of, names_of
from symdiff.testing.examination import Search, Vector
from symdiff.testing.profiles import current
from symdiff.testing.reports import Finding
from symdiff.testing.search import inputs

__all__ = ["check_derivative", "check_gradient", "check_hessian", "check_jacobian", "check_vjp_jvp"]

EVERYWHERE = (-math.inf, math.inf)


def check_derivative(f: Any, df: Any, x: Expr | str | None = None, *, domain: tuple[float, float] | None = None, at: float | None = None,
                     like: str | None = None, seed: int | None = None, raising: bool = True) -> Finding:
    """Whether df is the derivative of f: one number in, one number out.

    f, df: callables, compiled functions, formulas or text of such.  x: the variable, where formulas have several; the others take
    random values, so both must then be formulas.  domain: (low, high) to look in.  at: look at this one point.
    like: "python" (floats, the default), "numpy", "torch" or "jax": what the callables take.
    Gives a Finding; a wrong derivative raises CheckFailed with the report, a check that met no usable point Inconclusive, unless
    raising=False.  Raises UsageError for what is no function.

    >>> import math
    >>> check_derivative(lambda t: t**2*math.sin(t), lambda t: 2*t*math.sin(t) + t**2*math.cos(t)).verdict
    'pass'
    >>> wrong = check_derivative(lambda t: abs(t)**3, lambda t: 3*t**2, raising=False)
    >>> print(wrong.report.what, wrong.report.point, wrong.report.claimed, round(wrong.report.expected))
    the derivative is wrong {'x': -1.0} 3.0 -3
    """
    formulas = [formula for formula in (as_formula(f), as_formula(df)) if formula is not None]
    names = names_of(*formulas)
    variable = _variable(names, x)
    ordered = [variable, *[name for name in names if name is not variable]]
    if len(ordered) > 1 and len(formulas) < 2:
        raise UsageError(f"formulas of several variables ({', '.join(map(str, ordered))}) are compared with formulas; "
                         "check_gradient takes functions of several numbers")
    arguments = Arguments([None] * len(ordered) if len(ordered) > 1 else None, kind_of(f, like, "python"))
    function, claim = Function(f, arguments, ordered), Function(df, arguments, ordered)
    along = [1.0] + [0.0] * (len(ordered) - 1)
    bounds = [EVERYWHERE if domain is None else domain] + [EVERYWHERE] * (len(ordered) - 1)
    search = Search("the derivative is wrong", function, lambda v: [_only(claim(v), "a derivative of one number")], bounds, seed,
                    [str(name) for name in ordered], along, "check_derivative", claim.formula)
    return search.run(None if at is None else [[float(at), *[1.0] * (len(ordered) - 1)]]).settled(raising)


def _variable(names: Sequence[Expr], x: Expr | str | None) -> Expr:
    if x is not None:
        return as_symbol(x)
    if len(names) > 1:
        raise UsageError(f"say by which variable: check_derivative(f, df, x); there are {', '.join(map(str, names))}")
    return names[0] if names else symbol_node("x")


def check_gradient(f: Any, gradient: Any = None, *, shape: Any = None, domain: tuple[float, float] | None = None, at: Any = None,
                   like: str | None = None, seed: int | None = None, raising: bool = True) -> Finding:
    """Whether gradient(x) holds all partial derivatives of f(x), a function of arrays with one number as its value.

    gradient: gives an array like x, or for several arguments a list of such.  For like="torch" and "jax" it may be left out: the
    framework's own backward pass is then checked, and with it any custom backward in it.
    shape: n or (m, n) for one array, a list of shapes for several arguments.  domain: (low, high) for every coordinate.
    at: look at this one input.  Otherwise as check_derivative; all coordinates are looked at, along random directions and singly.

    >>> import numpy as np
    >>> check_gradient(lambda x: np.sum(np.sin(x)), np.cos, shape=5).verdict
    'pass'
    """
    kind = kind_of(f, like, "numpy")
    arguments = Arguments(shape, kind)
    function = Function(f, arguments).compiled()
    claim = Function(frameworks.gradient(kind, f), arguments).compiled() if gradient is None else Function(gradient, arguments)
    search = Search("the gradient is wrong", function, _filling(claim, arguments, "gradient"),
                    _bounds(domain, arguments), seed, [arguments.name(place) for place in range(arguments.size)], None, "check_gradient")
    return search.run(None if at is None else [flat(at)]).settled(raising)


def check_jacobian(f: Any, jacobian: Any = None, *, shape: Any = None, domain: tuple[float, float] | None = None, at: Any = None,
                   like: str | None = None, seed: int | None = None, raising: bool = True) -> Finding:
    """Whether jacobian(x), an array of shape (m, n), holds the partial derivatives of the m values of f by its n inputs.

    Without a jacobian, for "torch" and "jax", it is the framework's, row by row backward.  Otherwise as check_gradient.

    >>> import numpy as np
    >>> found = check_jacobian(lambda x: np.array([x[0]*x[1], x[0]**2]), lambda x: [[x[1], x[0]], [2*x[0], 0]], shape=2)
    >>> found.verdict
    'pass'
    """
    kind = kind_of(f, like, "numpy")
    arguments = Arguments(shape, kind)
    function = Function(f, arguments).compiled()
    results = len(_first_values(function, _bounds(domain, arguments), seed))
    matrix = Function(frameworks.jacobian(kind, f) if jacobian is None else jacobian, arguments)
    findings = []
    for row in range(results):
        search = Search(f"row {row} of the Jacobian is wrong", function, _row_of(matrix, row, results, arguments.size), _bounds(domain, arguments),
                        seed, [arguments.name(place) for place in range(arguments.size)], None, "check_jacobian", result=row,
                        share=max(8, current().profile.points // results))
        findings.append(search.run(None if at is None else [flat(at)]))
    return _joined(findings).settled(raising)


def check_hessian(f: Any, hessian: Any, *, shape: Any = None, domain: tuple[float, float] | None = None, at: Any = None,
                  like: str | None = None, seed: int | None = None, raising: bool = True) -> Finding:
    """Whether hessian(x), an array of shape (n, n), is symmetric and holds the second derivatives of f, one number from n.

    References are second differences of f along random directions and pairs of coordinates.  Otherwise as check_gradient.

    >>> import numpy as np
    >>> check_hessian(lambda x: x[0]**2*x[1], lambda x: np.array([[2*x[1], 2*x[0]], [2*x[0], 0]]), shape=2).verdict
    'pass'
    """
    arguments = Arguments(shape, kind_of(f, like, "numpy"))
    function = Function(f, arguments).compiled()
    matrix = _filling(Function(hessian, arguments), arguments, "Hessian", arguments.size ** 2)
    search = Search("the Hessian is wrong", function, matrix, _bounds(domain, arguments), seed,
                    [arguments.name(place) for place in range(arguments.size)], None, "check_hessian", order=2)
    return search.run(None if at is None else [flat(at)]).settled(raising)


def check_vjp_jvp(f: Any, vjp: Any = None, jvp: Any = None, *, shape: Any = None, domain: tuple[float, float] | None = None, at: Any = None,
                  like: str | None = None, seed: int | None = None, raising: bool = True) -> Finding:
    """Whether vjp(x, v) is v times the Jacobian of f at x and jvp(x, u) the Jacobian times u, and both agree: <v, J u> = <J'v, u>.

    Each may be left out; for like="torch" and "jax" a missing vjp is the framework's backward pass, which checks a custom backward of
    a function with any number of values.  With several arguments (shape is a list) x and u are lists.  Otherwise as check_gradient.

    >>> import numpy as np
    >>> check_vjp_jvp(np.sin, lambda x, v: v*np.cos(x), lambda x, u: np.cos(x)*u, shape=4).verdict
    'pass'
    """
    kind = kind_of(f, like, "numpy")
    arguments = Arguments(shape, kind)
    function = Function(f, arguments).compiled()
    if vjp is None and kind in ("torch", "jax"):
        vjp = frameworks.vjp(kind, f)
    if vjp is None and jvp is None:
        raise UsageError("give check_vjp_jvp a vjp(x, v), a jvp(x, u) or both; only torch and jax functions have their own")
    sample = _first_values(function, _bounds(domain, arguments), seed)
    random = Random(current().seed if seed is None else seed)
    findings = []
    names = [arguments.name(place) for place in range(arguments.size)]
    if vjp is not None:
        for weights in _weightings(len(sample), random):
            weighted = _Weighted(function, weights)
            pulled = _filling(_Pulled(vjp, function, arguments, weights), arguments, "vjp")
            search = Search("the vector-Jacobian product is wrong", weighted, pulled, _bounds(domain, arguments), seed, names, None,
                            "check_vjp_jvp", share=max(24, current().profile.points // 2))
            findings.append(search.run(None if at is None else [flat(at)]))
    if jvp is not None:
        findings.append(_check_jvp(function, jvp, arguments, domain, seed, None if at is None else flat(at), names, len(sample)))
    return _joined(findings).settled(raising)


def _weightings(count: int, random: Random) -> list[Vector]:
    """Two: weights of both signs, none of them small, and each value counted once."""
    first = [random.choice((-1.0, 1.0)) * random.choice((0.5, 1.0, 1.5, 2.0)) for _ in range(count)]
    return [first] if count == 1 else [first, [1.0] * count]


def _check_jvp(function: Function, jvp: Any, arguments: Arguments, domain: tuple[float, float] | None, seed: int | None,
               at: Vector | None, names: list[str], results: int) -> Finding:
    """Forward products: each of a few directions gives a function of x alone with a claimed directional derivative."""
    random = Random(1 + (current().seed if seed is None else seed))
    findings = []
    for turn in range(3):
        along = [random.choice((-1.0, 1.0)) * (1.0 if turn else random.choice((0.5, 1.5))) for _ in range(arguments.size)]
        for weights in _weightings(results, random)[:1]:
            def claim(values: Sequence[float], along: Vector = along, weights: Vector = weights) -> Vector:
                pushed = flat(jvp(_one_or_all(arguments, values), _one_or_all(arguments, along)))
                if len(pushed) != len(weights):
                    raise UsageError(f"jvp gives {len(pushed)} numbers, and f has {len(weights)} values")
                return [math.fsum(w * p for w, p in zip(weights, pushed))]
            search = Search("the Jacobian-vector product is wrong", _Weighted(function, weights), claim, _bounds(domain, arguments), seed, names,
                            along, "check_vjp_jvp", share=24)
            findings.append(search.run(None if at is None else [at]))
    return _joined(findings)


def _one_or_all(arguments: Arguments, values: Sequence[float]) -> Any:
    packed = arguments.packed(values)
    return packed if arguments.several else packed[0]


class _Weighted(Function):
    """A weighted sum of a function's values."""

    def __init__(self, inner: Function, weights: Vector) -> None:
        super().__init__(inner.source, inner.arguments)
        self.inner, self.weights = inner, weights

    def __call__(self, values: Sequence[float]) -> Vector:
        found = self.inner(values)
        self.precision = self.inner.precision
        if len(found) != len(self.weights):
            return [found[0] if len(found) == 1 and not math.isfinite(found[0]) else math.nan]
        return [sum(w * v for w, v in zip(self.weights, found))]

    def complex_values(self, values: Sequence[complex]) -> list[complex]:
        return [sum((w * v for w, v in zip(self.weights, self.inner.complex_values(values))), 0j)]


class _Pulled(Function):
    """A vjp with its weights put in."""

    def __init__(self, vjp: Any, function: Function, arguments: Arguments, weights: Vector) -> None:
        shaped: list[Any] = []

        def pulled(*values: Any) -> Any:
            if not shaped:
                shaped.append(frameworks.like_values(function, values, weights))
            return vjp(list(values) if arguments.several else values[0], shaped[0])
        super().__init__(pulled, arguments)


def _bounds(domain: tuple[float, float] | None, arguments: Arguments) -> list[tuple[float, float]]:
    return [EVERYWHERE if domain is None else domain] * arguments.size


def _filling(function: Function, arguments: Arguments, what: str, size: int | None = None) -> Callable[[Sequence[float]], Vector]:
    """The claimed values, refused where their number is not that of the inputs."""
    wanted = arguments.size if size is None else size

    def claim(values: Sequence[float]) -> Vector:
        found = function(values)
        if len(found) == 1 != wanted and not math.isfinite(found[0]):
            return found * wanted  # it raised an error of arithmetic
        if len(found) != wanted:
            raise UsageError(f"the {what} has {len(found)} numbers, and {wanted} are needed for {arguments.size} inputs")
        return found
    return claim


def _row_of(matrix: Function, row: int, results: int, size: int) -> Callable[[Sequence[float]], Vector]:
    whole = _filling(matrix, matrix.arguments, "Jacobian", results * size)
    return lambda values: whole(values)[row * size:(row + 1) * size]


def _only(values: Vector, what: str) -> float:
    if len(values) != 1:
        raise UsageError(f"{what} is one number, not {len(values)}; check_gradient and check_jacobian take arrays")
    return values[0]


def _first_values(function: Function, bounds: Sequence[tuple[float, float]], seed: int | None) -> Vector:
    """The values at some input, to know how many there are."""
    for values in inputs(len(bounds), bounds, current().seed if seed is None else seed, 16):
        found = function(values)
        if len(found) > 1 or math.isfinite(found[0]):
            return found
    raise UsageError("f has no value at any of 16 inputs; give the domain it is defined in: domain=(low, high)")


def _joined(findings: Iterable[Finding]) -> Finding:
    """The first failure; else a pass, unless one of the parts could not be judged."""
    all_findings = list(findings)
    failed = next((finding for finding in all_findings if finding.verdict == "fail"), None)
    if failed is not None:
        return failed
    reasons: Counter[str] = Counter()
    for finding in all_findings:
        reasons.update(finding.reasons)
    verdict = "pass" if all(finding.ok for finding in all_findings) else "inconclusive"
    return Finding(verdict=verdict, agreed=sum(finding.agreed for finding in all_findings), reasons=dict(reasons))
