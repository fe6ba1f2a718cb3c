"""The rows of exponentials, logarithms and roots."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from symdiff.expr import ONE, Real
from symdiff.numbers import exact_root
from symdiff.operations.arithmetic import E
from symdiff.operations.op import NONNEGATIVE, POSITIVE, Interval, Op, define_row, spelled
from symdiff.operations.piecewise import abs_, sign

__all__ = ["cbrt", "exp", "expm1", "hypot", "ln", "log", "log1p", "log2", "log10", "sqrt"]


def only_at(argument: int, result: int) -> Any:
    """The exact value of a function that is rational at one rational argument only."""
    return lambda u: result if u == argument else None


def _signed_cube_root(u: float) -> float:
    return math.copysign(abs(u) ** (1 / 3), u) if u != u or math.isinf(u) or u == 0 else math.cbrt(u)


def _exact_cube_root(u: Real) -> Real | None:
    root = exact_root(u if u >= 0 else -u, 3)
    return None if root is None else (root if u >= 0 else -root)


exp: Op = define_row(Op(
    name="exp", latex=r"\exp", range=POSITIVE, monotone="increasing", inverse="ln",
    slopes=lambda y, u: (y,),
    value=math.exp, precise="exp", exact=only_at(0, 1), samples=(-20.0, 20.0),
    spelling=spelled("exp"),
))

ln: Op = define_row(Op(
    name="ln", latex=r"\ln", monotone="increasing", inverse="exp",
    slopes=lambda y, u: (1 / u,),
    value=math.log, precise="log", exact=only_at(1, 0), points=lambda: {E: ONE},
    domain=lambda u: u > 0, samples=(0.001, 20.0),
    spelling=spelled("log"),
))

log: Op = define_row(Op(
    name="log", arity=2, latex=r"\log_{{{1}}}({0})", otherwise={1: "ln"},
    slopes=lambda y, u, v: (1 / (u * ln(v)), -y / (v * ln(v))),
    value=lambda u, v: math.log(u) / math.log(v), precise=lambda mp, u, v: mp.log(u) / mp.log(v) if u > 0 and v > 0 else mp.nan,
    domain=lambda u, v: (u > 0).and_(v > 0).and_(v.ne(1)), samples=(0.001, 20.0),
    definition=lambda u, v: ln(u) / ln(v),
))

log2: Op = define_row(Op(
    name="log2", latex=r"\log_{2}", monotone="increasing",
    slopes=lambda y, u: (1 / (u * ln(2)),),
    value=math.log2, precise=lambda mp, u: mp.log(u, 2),
    exact=lambda u: u.bit_length() - 1 if type(u) is int and u > 0 and u & (u - 1) == 0 else None,
    domain=lambda u: u > 0, samples=(0.001, 20.0),
    spelling=spelled("log2", sympy=""),
    definition=lambda u: ln(u) / ln(2),
))

log10: Op = define_row(Op(
    name="log10", latex=r"\log_{10}", monotone="increasing",
    slopes=lambda y, u: (1 / (u * ln(10)),),
    value=math.log10, precise=lambda mp, u: mp.log10(u), exact=only_at(1, 0),
    domain=lambda u: u > 0, samples=(0.001, 20.0),
    spelling=spelled("log10", sympy=""),
    definition=lambda u: ln(u) / ln(10),
))

log1p: Op = define_row(Op(
    name="log1p", latex=r"\operatorname{log1p}", monotone="increasing", inverse="expm1",
    slopes=lambda y, u: (1 / (1 + u),),
    value=math.log1p, precise=lambda mp, u: mp.log1p(u), exact=only_at(0, 0),
    domain=lambda u: u > -1, samples=(-0.999, 20.0),
    spelling=spelled("log1p", sympy=""),
    definition=lambda u: ln(1 + u),
))

expm1: Op = define_row(Op(
    name="expm1", latex=r"\operatorname{expm1}", range=Interval(low=-1, low_open=True), monotone="increasing", inverse="log1p",
    slopes=lambda y, u: (y + 1,),
    value=math.expm1, precise="expm1", exact=only_at(0, 0), samples=(-20.0, 20.0),
    spelling=spelled("expm1", sympy=""),
    definition=lambda u: exp(u) - 1,
))

sqrt: Op = define_row(Op(
    name="sqrt", latex=r"\sqrt{{{0}}}", range=NONNEGATIVE, monotone="increasing", rule="power rule",
    slopes=lambda y, u: (1 / (2 * y),),
    value=math.sqrt, precise="sqrt", exact=lambda u: exact_root(u, 2),
    domain=lambda u: u >= 0, smooth=lambda u: u > 0, samples=(0.0, 20.0),
    spelling=spelled("sqrt"),
))

cbrt: Op = define_row(Op(
    name="cbrt", latex=r"\sqrt[3]{{{0}}}", parity="odd", monotone="increasing", rule="power rule",
    slopes=lambda y, u: (1 / (3 * y ** 2),),
    value=_signed_cube_root, precise=lambda mp, u: mp.sign(u) * mp.cbrt(abs(u)), principal=lambda mp, u: mp.cbrt(u), exact=_exact_cube_root,
    smooth=lambda u: u.ne(0), convention="the real cube root, defined for negative arguments too (u^(1/3) is not)",
    spelling=spelled("cbrt", array="", torch="", sympy=""), definition=lambda u: sign(u) * abs_(u) ** Fraction(1, 3),
))

hypot: Op = define_row(Op(
    name="hypot", arity=2, latex=r"\operatorname{hypot}", range=NONNEGATIVE,
    slopes=lambda y, u, v: (u / y, v / y),
    value=math.hypot, precise="hypot", exact=lambda u, v: exact_root(u * u + v * v, 2),
    smooth=lambda u, v: u.ne(0).or_(v.ne(0)), convention="at (0, 0) hypot has a corner, and its derivative no value", samples=(-20.0, 20.0),
    spelling=spelled("hypot", sympy=""),
    definition=lambda u, v: sqrt(u ** 2 + v ** 2),
))
