"""Deliberately wrong derivatives, gradients and rewrite rules, each beside its correct twin; and the same put to other checkers.

Every entry says what is planted.  `wrong` and `right` run symdiff.testing's check and give its finding.  `others` run another
checker in the way its documentation shows, on one random input, and say whether it objects.
"""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import scipy.optimize

import symdiff as sd
from symdiff.expr import SYMBOL, Expr
from symdiff.testing import (
    Finding,
    check_derivative,
    check_differentiator,
    check_gradient,
    check_hessian,
    check_jacobian,
    check_rule,
    check_vjp_jvp,
)
from symdiff.walk import fold

HAS_TORCH, HAS_JAX = (importlib.util.find_spec(name) is not None for name in ("torch", "jax"))
if HAS_TORCH:
    import torch
if HAS_JAX:
    import jax
    import jax.numpy as jnp
    import jax.test_util


@dataclass(frozen=True)
class Planted:
    """others: by the name of a checker, whether it objects to the wrong one (True) or to the right one (False as its argument)."""

    name: str
    kind: str
    wrong: Callable[[], Finding]
    right: Callable[[], Finding]
    others: Mapping[str, Callable[[bool], bool]] = field(default_factory=dict)


ENTRIES: list[Planted] = []


# plain Python: one number in, one number out

def scalar(name: str, f: Any, wrong: Any, right: Any) -> None:
    def scipy_objects(is_wrong: bool) -> bool:
        x0 = np.random.default_rng(0).standard_normal(1)
        df = wrong if is_wrong else right
        try:
            error = scipy.optimize.check_grad(lambda x: f(float(x[0])), lambda x: np.array([df(float(x[0]))]), x0)
        except ValueError:  # outside the domain at the one point it looks at
            return False
        return bool(error > 1e-5 * (1 + abs(df(float(x0[0])))))
    ENTRIES.append(Planted(name, "derivative", lambda: check_derivative(f, wrong, raising=False),
                           lambda: check_derivative(f, right, raising=False), {"scipy check_grad": scipy_objects}))


def sinc(x: float) -> float:
    return math.sin(x) / x if x else 1.0


def sinc_slope(x: float) -> float:
    return (x * math.cos(x) - math.sin(x)) / x ** 2 if abs(x) > 1e-3 else -x / 3 + x ** 3 / 30


def normal_slope(x: float) -> float:
    return -x * math.exp(-x * x / 2)


scalar("cos: the sign", math.cos, math.sin, lambda x: -math.sin(x))
scalar("sin(3x): inner derivative left out", lambda x: math.sin(3 * x), lambda x: math.cos(3 * x), lambda x: 3 * math.cos(3 * x))
scalar("x^2*sin(x): one term of the product rule", lambda x: x * x * math.sin(x), lambda x: 2 * x * math.sin(x),
       lambda x: 2 * x * math.sin(x) + x * x * math.cos(x))
scalar("x/(1 + x^2): sign in the quotient rule", lambda x: x / (1 + x * x), lambda x: (1 + 3 * x * x) / (1 + x * x) ** 2,
       lambda x: (1 - x * x) / (1 + x * x) ** 2)
scalar("abs(x)^3: wrong at negative x only", lambda x: abs(x) ** 3, lambda x: 3 * x * x, lambda x: 3 * x * abs(x))
scalar("ln(abs(x)): wrong at negative x only", lambda x: math.log(abs(x)), lambda x: 1 / abs(x), lambda x: 1 / x)
scalar("sqrt(1 + x^2): wrong beyond x = 100", lambda x: math.sqrt(1 + x * x),
       lambda x: x / math.sqrt(1 + x * x) if x <= 100 else 0.0, lambda x: x / math.sqrt(1 + x * x))
scalar("x^x: the logarithm left out", lambda x: x ** x if x > 0 else math.nan, lambda x: x ** x, lambda x: x ** x * (math.log(x) + 1))
scalar("tanh: the square left out", math.tanh, lambda x: 1 - math.tanh(x), lambda x: 1 - math.tanh(x) ** 2)
scalar("leaky relu: slope of the other side", lambda x: x if x > 0 else 0.1 * x, lambda x: 1.0 if x > 0 else 0.0,
       lambda x: 1.0 if x > 0 else 0.1)
scalar("exp(-x^2/2): factor x left out", lambda x: math.exp(-x * x / 2), lambda x: -math.exp(-x * x / 2), normal_slope)
scalar("erf: a constant with six digits", math.erf, lambda x: 1.12838 * math.exp(-x * x), lambda x: 2 / math.sqrt(math.pi) * math.exp(-x * x))
scalar("sin(x)/x: no value at 0", sinc, lambda x: (x * math.cos(x) - math.sin(x)) / x ** 2 if x else math.nan, sinc_slope)
scalar("asin(x): sign under the root", math.asin, lambda x: 1 / math.sqrt(1 + x * x), lambda x: 1 / math.sqrt(1 - x * x))


# NumPy: gradients of functions of arrays

def gradient(name: str, shape: Any, f: Any, wrong: Any, right: Any) -> None:
    def scipy_objects(is_wrong: bool) -> bool:
        x0 = np.random.default_rng(0).standard_normal(math.prod(np.atleast_1d(shape)))
        df = wrong if is_wrong else right
        claimed = np.ravel(df(x0.reshape(shape)))
        error = scipy.optimize.check_grad(lambda x: f(x.reshape(shape)), lambda x: np.ravel(df(x.reshape(shape))), x0)
        return bool(error > 1e-5 * (1 + np.linalg.norm(claimed)))
    ENTRIES.append(Planted(name, "NumPy gradient", lambda: check_gradient(f, wrong, shape=shape, raising=False),
                           lambda: check_gradient(f, right, shape=shape, raising=False), {"scipy check_grad": scipy_objects}))


def changed(slope: Any, place: int, change: Any, when: Any = lambda value: True) -> Any:
    """The gradient with one coordinate changed, where a condition on that coordinate of the input holds."""
    def wrong(x: Any) -> Any:
        found = np.array(slope(x), dtype=float)
        if when(x[place]):
            found[place] = change(found[place])
        return found
    return wrong


WEIGHTS = np.linspace(-1.5, 2.0, 50)
MATRIX = np.array([[2.0, 1.0, 0.0], [-1.0, 3.0, 0.5], [0.25, -2.0, 1.0]])
LABELS = np.array([1.0, 0.0, 1.0, 1.0])


def weighted_sines(x: Any) -> Any:
    return np.sum(np.sin(x) * WEIGHTS)


def weighted_cosines(x: Any) -> Any:
    return np.cos(x) * WEIGHTS


def log_sum_exp(x: Any) -> Any:
    return np.max(x) + np.log(np.sum(np.exp(x - np.max(x))))


def softmax(x: Any) -> Any:
    powers = np.exp(x - np.max(x))
    return powers / np.sum(powers)


def logistic(x: Any) -> Any:
    return np.sum(np.logaddexp(0, x) - LABELS * x)


def sigmoid(x: Any) -> Any:
    return np.exp(-np.logaddexp(0, -x))


def product_slope(x: Any) -> Any:
    return np.array([np.prod(np.delete(x, place)) for place in range(len(x))])


def chain_slope(x: Any) -> Any:
    gaps = np.diff(x)
    return 2 * (np.concatenate([[0], gaps]) - np.concatenate([gaps, [0]]))


gradient("sum of w*sin(x): the sign at one coordinate of 50", 50, weighted_sines, changed(weighted_cosines, 37, lambda v: -v), weighted_cosines)
gradient("sum of w*sin(x): one coordinate of 50, beyond 100 only", 50, weighted_sines,
         changed(weighted_cosines, 17, lambda v: 0.0, lambda v: v > 100), weighted_cosines)
gradient("sum of w*sin(x): one coordinate of 50, negative only", 50, weighted_sines,
         changed(weighted_cosines, 8, lambda v: v * 1.01, lambda v: v < 0), weighted_cosines)
gradient("sum of squared gaps: the last coordinate", 6, lambda x: np.sum(np.diff(x) ** 2), changed(chain_slope, 5, lambda v: 2 * v), chain_slope)
gradient("quadratic form: x'A for x'(A + A')", 3, lambda x: x @ MATRIX @ x, lambda x: 2 * MATRIX @ x, lambda x: (MATRIX + MATRIX.T) @ x)
gradient("mean of squares: n left out", 8, lambda x: np.mean(x ** 2), lambda x: 2 * x, lambda x: 2 * x / 8)
gradient("norm: divided by its square", 3, lambda x: np.sqrt(np.sum(x ** 2)), lambda x: x / np.sum(x ** 2), lambda x: x / np.sqrt(np.sum(x ** 2)))
gradient("logistic loss: labels left out", 4, logistic, sigmoid, lambda x: sigmoid(x) - LABELS)
gradient("log-sum-exp: nan beyond 709", 3, log_sum_exp, lambda x: np.exp(x) / np.sum(np.exp(x)), softmax)
gradient("product: prod/x, no value at 0", 4, np.prod, lambda x: np.prod(x) / x, product_slope)
gradient("least squares: the factor 2", 3, lambda x: np.sum((MATRIX @ x - 1) ** 2), lambda x: MATRIX.T @ (MATRIX @ x - 1),
         lambda x: 2 * MATRIX.T @ (MATRIX @ x - 1))
gradient("Frobenius: the transpose, of a square matrix", (3, 3), lambda x: np.sum((x @ MATRIX) ** 2) / 2, lambda x: (x @ MATRIX @ MATRIX.T).T,
         lambda x: x @ MATRIX @ MATRIX.T)


def hessian_slot(x: Any, corner: float) -> Any:
    return np.array([[2 * x[1], 2 * x[0]], [corner * x[0], 0.0]])


def add_matrices() -> None:
    def scaled_sine(x: Any, v: Any) -> Any:
        return 3 * v * np.cos(3 * x)
    ENTRIES.extend([
        Planted("Hessian of x^2*y: not symmetric", "NumPy Hessian",
                lambda: check_hessian(lambda x: x[0] ** 2 * x[1], lambda x: hessian_slot(x, 1), shape=2, raising=False),
                lambda: check_hessian(lambda x: x[0] ** 2 * x[1], lambda x: hessian_slot(x, 2), shape=2, raising=False)),
        Planted("Hessian of x^3: symmetric and wrong", "NumPy Hessian",
                lambda: check_hessian(lambda x: np.sum(x ** 3), lambda x: np.diag(3 * x), shape=3, raising=False),
                lambda: check_hessian(lambda x: np.sum(x ** 3), lambda x: np.diag(6 * x), shape=3, raising=False)),
        Planted("Jacobian of polar coordinates: one sign", "NumPy Jacobian",
                lambda: check_jacobian(lambda p: p[0] * np.array([np.cos(p[1]), np.sin(p[1])]), polar(1), shape=2, raising=False),
                lambda: check_jacobian(lambda p: p[0] * np.array([np.cos(p[1]), np.sin(p[1])]), polar(-1), shape=2, raising=False)),
        Planted("vjp of sin(3x): inner derivative left out", "NumPy vjp",
                lambda: check_vjp_jvp(lambda x: np.sin(3 * x), lambda x, v: v * np.cos(3 * x), shape=4, raising=False),
                lambda: check_vjp_jvp(lambda x: np.sin(3 * x), scaled_sine, shape=4, raising=False)),
        Planted("vjp of A*x: A for its transpose", "NumPy vjp",
                lambda: check_vjp_jvp(lambda x: MATRIX @ x, lambda x, v: MATRIX @ v, shape=3, raising=False),
                lambda: check_vjp_jvp(lambda x: MATRIX @ x, lambda x, v: MATRIX.T @ v, lambda x, u: MATRIX @ u, shape=3, raising=False)),
    ])


def polar(sign: int) -> Any:
    return lambda p: np.array([[np.cos(p[1]), sign * p[0] * np.sin(p[1])], [np.sin(p[1]), p[0] * np.cos(p[1])]])


add_matrices()


# PyTorch: custom backward passes

def torch_function(name: str, shape: Any, forward: Any, wrong: Any, right: Any) -> None:
    """forward(*inputs); wrong and right give the gradients from (g, *inputs)."""
    if not HAS_TORCH:
        return
    def layer(backward: Any) -> Any:
        class Layer(torch.autograd.Function):
            @staticmethod
            def forward(ctx: Any, *inputs: Any) -> Any:
                ctx.save_for_backward(*inputs)
                return forward(*inputs)

            @staticmethod
            def backward(ctx: Any, g: Any) -> Any:
                return backward(g, *ctx.saved_tensors)
        return Layer.apply

    def gradcheck_objects(is_wrong: bool) -> bool:
        torch.manual_seed(0)
        shapes = shape if isinstance(shape, list) else [shape]
        inputs = tuple(torch.randn(one, dtype=torch.float64, requires_grad=True) for one in shapes)
        return not torch.autograd.gradcheck(layer(wrong if is_wrong else right), inputs, raise_exception=False)
    ENTRIES.append(Planted(name, "PyTorch backward", lambda: check_vjp_jvp(layer(wrong), shape=shape, raising=False),
                           lambda: check_vjp_jvp(layer(right), shape=shape, raising=False), {"torch gradcheck": gradcheck_objects}))


def add_torch() -> None:
    torch.set_num_threads(1)  # sharing six numbers among threads takes a hundred times as long as working on them

    def softmax_slope(g: Any, x: Any) -> Any:
        y = torch.softmax(x, -1)
        return y * (g - (g * y).sum(-1, keepdim=True))

    def norm_slope(g: Any, x: Any) -> Any:
        spread = x.std(-1, keepdim=True, unbiased=False)
        y = (x - x.mean(-1, keepdim=True)) / spread
        return (g - g.mean(-1, keepdim=True) - y * (g * y).mean(-1, keepdim=True)) / spread

    def softplus_slope(g: Any, x: Any) -> Any:
        return g * torch.sigmoid(x)
    torch_function("cube: 3*x for 3*x^2", 3, lambda x: x ** 3, lambda g, x: g * 3 * x, lambda g, x: g * 3 * x ** 2)
    torch_function("relu: passes negative inputs", 4, lambda x: x.clamp(min=0), lambda g, x: g, lambda g, x: g * (x > 0))
    torch_function("sigmoid: y*(1 + y)", 3, torch.sigmoid, lambda g, x: g * torch.sigmoid(x) * (1 + torch.sigmoid(x)),
                   lambda g, x: g * torch.sigmoid(x) * (1 - torch.sigmoid(x)))
    torch_function("softmax: y left out of the sum", (2, 3), lambda x: torch.softmax(x, -1),
                   lambda g, x: torch.softmax(x, -1) * (g - g.sum(-1, keepdim=True)), softmax_slope)
    torch_function("linear: weight gradient transposed", [(3, 3), (3, 3)], lambda x, w: x @ w.T, lambda g, x, w: (g @ w, x.T @ g),
                   lambda g, x, w: (g @ w, g.T @ x))
    torch_function("layer norm: the mean left out", (2, 4), lambda x: (x - x.mean(-1, keepdim=True)) / x.std(-1, keepdim=True, unbiased=False),
                   lambda g, x: norm_slope(g, x) + g.mean(-1, keepdim=True) / x.std(-1, keepdim=True, unbiased=False), norm_slope)
    torch_function("softplus: 0 beyond 100", 3, torch.nn.functional.softplus, lambda g, x: softplus_slope(g, x) * (x <= 100), softplus_slope)
    torch_function("mean of squares: n left out", 5, lambda x: (x ** 2).mean(), lambda g, x: g * 2 * x, lambda g, x: g * 2 * x / 5)
    torch_function("abs(x)*x: wrong at negative x only", 3, lambda x: x.abs() * x, lambda g, x: g * 2 * x, lambda g, x: g * 2 * x.abs())
    torch_function("swish: one term of the product rule", 3, lambda x: x * torch.sigmoid(x), lambda g, x: g * torch.sigmoid(x),
                   lambda g, x: g * torch.sigmoid(x) * (1 + x * (1 - torch.sigmoid(x))))
    torch_function("bias: mean over the batch for the sum", [(4, 3), (3,)], lambda x, b: x + b, lambda g, x, b: (g, g.mean(0)),
                   lambda g, x, b: (g, g.sum(0)))
    torch_function("scaled tanh: one coordinate of 50", 50, torch.tanh, lambda g, x: _flipped(g * (1 - torch.tanh(x) ** 2)),
                   lambda g, x: g * (1 - torch.tanh(x) ** 2))


def _flipped(values: Any) -> Any:
    values = values.clone()
    values[37] = -values[37]
    return values


if HAS_TORCH:
    add_torch()


# JAX: custom_vjp

def jax_function(name: str, shape: int, forward: Any, wrong: Any, right: Any) -> None:
    def made(slope: Any) -> Any:
        @jax.custom_vjp
        def function(x: Any) -> Any:
            return forward(x)
        function.defvjp(lambda x: (forward(x), x), lambda x, g: (slope(x) * g,))
        return function

    def check_grads_objects(is_wrong: bool) -> bool:
        x = np.random.default_rng(0).standard_normal(shape)
        try:
            jax.test_util.check_grads(made(wrong if is_wrong else right), (x,), order=1, modes=["rev"])
        except AssertionError:
            return True
        return False
    ENTRIES.append(Planted(name, "JAX custom_vjp", lambda: check_vjp_jvp(made(wrong), shape=shape, like="jax", raising=False),
                           lambda: check_vjp_jvp(made(right), shape=shape, like="jax", raising=False), {"jax check_grads": check_grads_objects}))


def add_jax() -> None:
    jax.config.update("jax_enable_x64", True)
    jax_function("tanh: the square left out", 3, jnp.tanh, lambda x: 1 - jnp.tanh(x), lambda x: 1 - jnp.tanh(x) ** 2)
    jax_function("log-cosh: wrong beyond 100", 3, lambda x: jnp.logaddexp(x, -x), lambda x: jnp.where(x > 100, 0.0, jnp.tanh(x)), jnp.tanh)
    jax_function("x*abs(x): wrong at negative x only", 3, lambda x: x * jnp.abs(x), lambda x: 2 * x, lambda x: 2 * jnp.abs(x))


if HAS_JAX:
    add_jax()


# rewrite rules

def rule(name: str, left: str, wrong: str, right: str, when: str | None = None) -> None:
    """when: what the right rule needs, and the wrong one leaves out."""
    ENTRIES.append(Planted(name, "rewrite rule", lambda: check_rule(left, wrong, raising=False),
                           lambda: check_rule(left, right, when, raising=False)))


rule("root of a square without abs", "sqrt(a^2)", "a", "abs(a)")
rule("log of a product without its condition", "ln(a*b)", "ln(a) + ln(b)", "ln(a) + ln(b)", "a > 0 and b > 0")
rule("log of a square", "ln(a^2)", "2*ln(a)", "2*ln(abs(a))")
rule("power of a power without its condition", "(a^b)^c", "a^(b*c)", "a^(b*c)", "a > 0")
rule("a factor multiplied in: shrinks the domain", "a + b", "(a^2 - b^2)/(a - b)", "b + a")
rule("cube root as a power: shrinks the domain", "cbrt(a)", "a^(1/3)", "sign(a)*abs(a)^(1/3)")
rule("arcsine of sine", "asin(sin(a))", "a", "a", "-1 < a and a < 1")
rule("floor and ceiling", "floor(a) + 1", "ceil(a)", "floor(a + 1)")
rule("quotient of quotients", "a/(b/c)", "a/b/c", "a*c/b")
rule("double angle, sign slip", "cos(2*a)", "sin(a)^2 - cos(a)^2", "cos(a)^2 - sin(a)^2")
rule("abs of a sum in a long formula", "abs((x^2 + 1)*(y - 2) + z^3) + sin(w)", "abs((x^2 + 1)*(y - 2)) + abs(z^3) + sin(w)",
     "abs(z^3 + (x^2 + 1)*(y - 2)) + sin(w)")
rule("wrong beyond 100 only", "tanh(a)", "where(a > 100, 0, tanh(a))", "sinh(a)/cosh(a)")


# differentiators: a small one of the textbook's rules, with one slip each

Rules = dict[str, Callable[..., Expr]]

RIGHT: Rules = {
    "add": lambda args, ds: _summed(ds),
    "mul": lambda args, ds: _summed([_times([*args[:i], d, *args[i + 1:]]) for i, d in enumerate(ds)]),
    "neg": lambda args, ds: -ds[0],
    "div": lambda args, ds: (ds[0] * args[1] - args[0] * ds[1]) / args[1] ** 2,
    "pow": lambda args, ds: args[0] ** args[1] * (ds[1] * sd.ln(args[0]) if args[0].op.name == "e" else _power_part(args, ds)),
    "sin": lambda args, ds: sd.cos(args[0]) * ds[0],
    "cos": lambda args, ds: -sd.sin(args[0]) * ds[0],
    "exp": lambda args, ds: sd.exp(args[0]) * ds[0],
    "ln": lambda args, ds: ds[0] / args[0],
    "tan": lambda args, ds: (1 + sd.tan(args[0]) ** 2) * ds[0],
    "atan": lambda args, ds: ds[0] / (1 + args[0] ** 2),
}


def _summed(terms: list[Expr]) -> Expr:
    return terms[0] if len(terms) == 1 else sum(terms[1:], terms[0])


def _times(factors: list[Expr]) -> Expr:
    return math.prod(factors[1:], start=factors[0])


def _power_part(args: list[Expr], ds: list[Expr]) -> Expr:
    """Of u^v over u^v itself: v*u'/u + v'*ln(u), the second where the exponent varies."""
    first = args[1] * ds[0] / args[0]
    return first if ds[1] is sd.number(0) else first + ds[1] * sd.ln(args[0])


def differentiator(slips: Rules) -> Callable[[Expr, str], Expr]:
    rules = {**RIGHT, **slips}

    def diff(formula: Expr, name: str) -> Expr:
        def slope(node: Expr, ds: list[Expr]) -> Expr:
            if not node.args:
                return sd.number(1 if node.op is SYMBOL and str(node) == name else 0)
            if all(d is sd.number(0) for d in ds):
                return sd.number(0)
            if node.op.name not in rules:
                raise NotImplementedError(node.op.name)
            return rules[node.op.name](list(node.args), ds)
        return fold(formula, slope)
    return diff


KNOWN = ["sin", "cos", "exp", "ln", "tan", "atan"]


@cache
def right_differentiator() -> Finding:
    """The twin of all slips."""
    return check_differentiator(differentiator({}), functions=KNOWN, raising=False)


def slip(name: str, **slips: Any) -> None:
    ENTRIES.append(Planted(name, "differentiator", lambda: check_differentiator(differentiator(slips), functions=KNOWN, raising=False),
                           right_differentiator))


slip("the sign of cos'", cos=lambda args, ds: sd.sin(args[0]) * ds[0])
slip("inner derivative of exp left out", exp=lambda args, ds: sd.exp(args[0]))
slip("quotient rule turned round", div=lambda args, ds: (args[0] * ds[1] - ds[0] * args[1]) / args[1] ** 2)
slip("products of three factors lose a term", mul=lambda args, ds: _summed([_times([*args[:i], d, *args[i + 1:]]) for i, d in enumerate(ds[:2])]))
slip("tan' = 1 + tan", tan=lambda args, ds: (1 + sd.tan(args[0])) * ds[0])
slip("atan' = 1/(1 + u)", atan=lambda args, ds: ds[0] / (1 + args[0]))
slip("ln' = 1/u^2", ln=lambda args, ds: ds[0] / args[0] ** 2)
