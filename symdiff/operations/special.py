"""The rows of the error function and the gamma function's family."""

from __future__ import annotations

import math
from typing import Any

from symdiff import limits
from symdiff.errors import LimitError
from symdiff.expr import Expr
from symdiff.operations.arithmetic import PI
from symdiff.operations.elementary import exp, ln, only_at, sqrt
from symdiff.operations.op import Interval, Op, alias, define_row, spelled
from symdiff.operations.piecewise import floor

__all__ = ["digamma", "erf", "erfc", "erfi", "gamma", "lgamma", "polygamma"]

_TORCH_GAMMA = (  # PyTorch has ln|gamma| alone; gamma is negative between -1 and 0, -3 and -2, ...
    "torch.exp(torch.special.gammaln({0})) * torch.where(({0} > 0) | (torch.remainder(torch.floor({0}), 2.0) == 0), 1.0, -1.0)")

_BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510)  # B_2, B_4, ... B_16


FAR_LEFT = 100
"""Left of minus this, polygamma goes by reflection."""


def _polygamma(order: float, u: float) -> float:
    """The derivative of that order of digamma: recurrence up to u >= 16, then the asymptotic series (Abramowitz and Stegun 6.4.11)."""
    n = int(order)
    if n != order or n < 0 or (u <= 0 and u == math.floor(u)):
        raise ValueError
    if n > 170:
        raise OverflowError  # its factorial is no float
    if u <= 0:
        return _reflected(n, u)
    shift, sign, factorial = 0.0, (-1.0) ** (n + 1), math.factorial(n)
    while u < 16:
        shift += sign * factorial / u ** (n + 1)
        u += 1
    r = 1 / u  # powers of it may vanish, powers of u would overflow
    if n == 0:
        return math.log(u) - r / 2 - sum(b * r ** (2 * k) / (2 * k) for k, b in enumerate(_BERNOULLI, 1)) + shift
    series = math.factorial(n - 1) * r ** n + factorial * r ** (n + 1) / 2 + sum(
        b * (math.factorial(2 * k + n - 1) / math.factorial(2 * k)) * r ** (2 * k + n) for k, b in enumerate(_BERNOULLI, 1))
    return sign * series + shift


def _reflected(n: int, u: float) -> float:
    """psi_n(u) = (-1)^n psi_n(1 - u) - pi d^n/du^n cot(pi u); the derivatives of cot are polynomials in cot."""
    cot = 1 / math.tan(math.pi * (u - round(u)))
    polynomial = [0.0, 1.0]
    for _ in range(n):  # d/du p(c) = p'(c) * -(1 + c^2) * pi
        slope = [k * c for k, c in enumerate(polynomial)][1:]
        polynomial = [-math.pi * ((slope[k] if k < len(slope) else 0.0) + (slope[k - 2] if k >= 2 else 0.0)) for k in range(len(slope) + 2)]
    return (-1.0) ** n * _polygamma(n, 1 - u) - math.pi * sum(c * cot ** k for k, c in enumerate(polynomial))


def _precise_polygamma(mp: Any, n: Any, u: Any) -> Any:
    if n > limits.derivative_order:
        raise LimitError(f"polygamma of order {mp.nstr(n, 8)}", "derivative_order", limits.derivative_order)
    if n < 0 or n != mp.floor(n):
        return mp.nan
    if u > -FAR_LEFT:
        return mp.polygamma(n, u)
    # By reflection psi_n(u) - (-1)^n psi_n(1 - u) has the period 1; mpmath goes there in steps of 1 instead.
    period = u - mp.floor(u)
    if not period:
        return mp.nan
    sign = -1 if n % 2 else 1
    return mp.polygamma(n, period) + sign * (mp.polygamma(n, 1 - u) - mp.polygamma(n, 1 - period))


def _float_gamma(u: float) -> float:
    try:
        return math.gamma(u)
    except OverflowError:  # right of 171, or next to the pole at 0
        return math.copysign(math.inf, u)


def _float_log_gamma(u: float) -> float:
    try:
        return math.lgamma(u)
    except OverflowError:
        return math.inf


def _log_abs_gamma(mp: Any, u: Any) -> Any:
    return mp.log(abs(mp.gamma(u)))


def _no_pole(u: Expr) -> Expr:
    """Not 0, -1, -2, ..."""
    return (u > 0).or_(u.ne(floor(u)))


erf: Op = define_row(Op(
    name="erf", latex=r"\operatorname{erf}", parity="odd", range=Interval(-1, 1, True, True), monotone="increasing",
    slopes=lambda y, u: (2 / sqrt(PI) * exp(-u ** 2),),
    value=math.erf, precise="erf", exact=only_at(0, 0),
    spelling=spelled("erf", numpy="special.erf", array="", jax="jax.scipy.special.erf"),
))

erfc: Op = define_row(Op(
    name="erfc", latex=r"\operatorname{erfc}", range=Interval(0, 2, True, True), monotone="decreasing",
    slopes=lambda y, u: (-2 / sqrt(PI) * exp(-u ** 2),),
    value=math.erfc, precise="erfc", exact=only_at(0, 1),
    spelling=spelled("erfc", numpy="special.erfc", array="", jax="jax.scipy.special.erfc", torch="special.erfc"),
))


def _erfi(u: float) -> float:
    """The Maclaurin series, every term of one sign: no cancellation, and it ends where terms no longer count."""
    term = total = u
    k = 0
    while abs(term) > 1e-17 * abs(total) and not math.isinf(total):
        k += 1
        term *= u * u / k
        total += term / (2 * k + 1)
    return 2 / math.sqrt(math.pi) * total


erfi: Op = define_row(Op(
    name="erfi", latex=r"\operatorname{erfi}", parity="odd", monotone="increasing",
    slopes=lambda y, u: (2 / sqrt(PI) * exp(u ** 2),),
    value=_erfi, precise="erfi", exact=only_at(0, 0),
    spelling={"numpy": "special.erfi", "c": "sd_erfi", "sympy": "erfi"},
))

gamma: Op = define_row(Op(
    name="gamma", letter=True, latex=r"\Gamma",
    slopes=lambda y, u: (y * digamma(u),),
    value=_float_gamma, precise="gamma",
    exact=lambda u: math.factorial(u - 1) if type(u) is int and 0 < u <= 200 else None,
    domain=_no_pole, samples=(-3.0, 6.0),
    spelling=spelled("gamma", c="tgamma", numpy="special.gamma", array="", jax="jax.scipy.special.gamma", torch=_TORCH_GAMMA),
))

lgamma: Op = define_row(Op(
    name="lgamma", latex=r"\operatorname{lgamma}",
    slopes=lambda y, u: (digamma(u),),
    value=_float_log_gamma, precise=_log_abs_gamma, principal=lambda mp, u: mp.loggamma(u), exact=lambda u: 0 if u in (1, 2) else None,
    domain=_no_pole, convention="lgamma(u) = ln(abs(gamma(u)))", samples=(-3.0, 10.0),
    spelling=spelled("lgamma", numpy="special.gammaln", array="", jax="jax.scipy.special.gammaln", torch="special.gammaln", sympy=""),
    definition=lambda u: ln(abs(gamma(u))),
))
alias("loggamma", "lgamma")

digamma: Op = define_row(Op(
    name="digamma", latex=r"\psi",
    slopes=lambda y, u: (polygamma(1, u),),
    value=lambda u: _polygamma(0, u), precise="digamma", domain=_no_pole, samples=(-3.0, 10.0),
    spelling={
        "numpy": "special.digamma", "c": "sd_digamma", "jax": "jax.scipy.special.digamma", "torch": "special.digamma",
        "sympy": "digamma",
    },
))

polygamma: Op = define_row(Op(
    name="polygamma", arity=2, latex=r"\psi^{{({0})}}({1})",
    slopes=lambda y, n, u: (None, polygamma(n + 1, u)),
    value=_polygamma, precise=_precise_polygamma,
    domain=lambda n, u: n.eq(floor(n)).and_(n >= 0).and_(_no_pole(u)), samples=(-3.0, 10.0),
    spelling={
        "numpy": "polygamma", "c": "sd_polygamma", "sympy": "polygamma",  # JAX is right right of 0 only: left of it nan beats a wrong value
        "jax": "jnp.where({1} > 0, jax.scipy.special.polygamma(jnp.asarray({0}).astype(int), {1}), nan)",
        "torch": "torch.special.polygamma(int({0}), {1})",
    },
))
