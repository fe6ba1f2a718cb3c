"""The rows of machine learning's activation functions, in forms that neither overflow nor cancel."""

from __future__ import annotations

import math
from fractions import Fraction

from symdiff.operations.arithmetic import PI
from symdiff.operations.elementary import exp, log1p, sqrt
from symdiff.operations.op import NONNEGATIVE, POSITIVE, Interval, Op, define_row
from symdiff.operations.piecewise import abs_, max_, step
from symdiff.operations.special import erf, erfc

__all__ = ["gelu", "relu", "sigmoid", "silu", "softplus"]


def _sigmoid(u: float) -> float:
    if u >= 0:
        return 1 / (1 + math.exp(-u))
    small = math.exp(u)
    return small / (1 + small)


sigmoid: Op = define_row(Op(
    name="sigmoid", latex=r"\sigma", range=Interval(0, 1, True, True), monotone="increasing",
    slopes=lambda y, u: (y * (1 - y),),
    value=_sigmoid, precise=lambda mp, u: 1 / (1 + mp.exp(-u)), exact=lambda u: Fraction(1, 2) if u == 0 else None, samples=(-10.0, 10.0),
    spelling={
        "python": "1.0 / (1.0 + exp(-{0})) if {0} >= 0.0 else exp({0}) / (1.0 + exp({0}))",
        "c": "sd_sigmoid", "jax": "jax.nn.sigmoid", "torch": "sigmoid",
    },
    definition=lambda u: 1 / (1 + exp(-u)),
))

relu: Op = define_row(Op(
    name="relu", latex=r"\operatorname{relu}", range=NONNEGATIVE,
    slopes=lambda y, u: (step(u),),
    value=lambda u: u if u != u else max(u, 0.0), precise=lambda mp, u: max(u, mp.zero), exact=lambda u: max(u, 0),
    smooth=lambda u: u.ne(0), convention="relu'(0) = 0, as the frameworks have it",
    definition=lambda u: max_(u, 0),
))

softplus: Op = define_row(Op(
    name="softplus", latex=r"\operatorname{softplus}", range=POSITIVE, monotone="increasing",
    slopes=lambda y, u: (sigmoid(u),),
    value=lambda u: max(u, 0.0) + math.log1p(math.exp(-abs(u))), precise=lambda mp, u: mp.log1p(mp.exp(u)),
    samples=(-20.0, 20.0),
    definition=lambda u: max_(u, 0) + log1p(exp(-abs_(u))),
))

silu: Op = define_row(Op(
    name="silu", latex=r"\operatorname{silu}", range=Interval(low=-0.2784645427610738),
    slopes=lambda y, u: (sigmoid(u) * (1 + u - y),),
    value=lambda u: u * _sigmoid(u), precise=lambda mp, u: u / (1 + mp.exp(-u)), exact=lambda u: 0 if u == 0 else None,
    definition=lambda u: u * sigmoid(u),
))

gelu: Op = define_row(Op(
    name="gelu", latex=r"\operatorname{gelu}", range=Interval(low=-0.16997120747990366),
    slopes=lambda y, u: ((1 + erf(u / sqrt(2))) / 2 + u * exp(-u ** 2 / 2) / sqrt(2 * PI),),
    value=lambda u: u * math.erfc(-u / math.sqrt(2)) / 2, precise=lambda mp, u: u * mp.erfc(-u / mp.sqrt(2)) / 2,
    exact=lambda u: 0 if u == 0 else None,
    definition=lambda u: u * erfc(-u / sqrt(2)) / 2,
))
