"""The rows of the hyperbolic functions and their inverses."""

from __future__ import annotations

import math

from symdiff.operations.elementary import only_at, sqrt
from symdiff.operations.op import NONNEGATIVE, Interval, Op, alias, define_row, spelled
from symdiff.operations.piecewise import abs_

__all__ = ["acosh", "acoth", "acsch", "asech", "asinh", "atanh", "cosh", "coth", "csch", "sech", "sinh", "tanh"]

OPEN_UNIT = Interval(-1, 1, True, True)


def _sech(u: float) -> float:
    small = math.exp(-abs(u))  # no overflow, where cosh(u) has one
    return 2 * small / (1 + small * small)


def _csch(u: float) -> float:
    if abs(u) < 1:
        return 1 / math.sinh(u)
    small = math.exp(-abs(u))
    return math.copysign(2 * small / (1 - small * small), u)


sinh: Op = define_row(Op(
    name="sinh", latex=r"\sinh", parity="odd", monotone="increasing", inverse="asinh",
    slopes=lambda y, u: (cosh(u),),
    value=math.sinh, precise="sinh", exact=only_at(0, 0), samples=(-10.0, 10.0),
    spelling=spelled("sinh"),
))

cosh: Op = define_row(Op(
    name="cosh", latex=r"\cosh", parity="even", range=Interval(low=1), inverse="acosh",
    slopes=lambda y, u: (sinh(u),),
    value=math.cosh, precise="cosh", exact=only_at(0, 1), samples=(-10.0, 10.0),
    spelling=spelled("cosh"),
))

tanh: Op = define_row(Op(
    name="tanh", latex=r"\tanh", parity="odd", range=OPEN_UNIT, monotone="increasing", inverse="atanh",
    slopes=lambda y, u: (1 - y ** 2,),
    value=math.tanh, precise="tanh", exact=only_at(0, 0),
    spelling=spelled("tanh"),
))

coth: Op = define_row(Op(
    name="coth", latex=r"\coth", parity="odd", inverse="acoth",
    slopes=lambda y, u: (1 - y ** 2,),
    value=lambda u: 1 / math.tanh(u), precise="coth", domain=lambda u: u.ne(0),
    spelling={"sympy": "coth"}, definition=lambda u: 1 / tanh(u),
))

sech: Op = define_row(Op(
    name="sech", latex=r"\operatorname{sech}", parity="even", range=Interval(0, 1, True, False), inverse="asech",
    slopes=lambda y, u: (-y * tanh(u),),
    value=_sech, precise="sech", exact=only_at(0, 1), samples=(-10.0, 10.0),
    spelling={"sympy": "sech"}, definition=lambda u: 1 / cosh(u),
))

csch: Op = define_row(Op(
    name="csch", latex=r"\operatorname{csch}", parity="odd", inverse="acsch",
    slopes=lambda y, u: (-y * coth(u),),
    value=_csch, precise="csch", domain=lambda u: u.ne(0), samples=(-10.0, 10.0),
    spelling={"sympy": "csch"}, definition=lambda u: 1 / sinh(u),
))

asinh: Op = define_row(Op(
    name="asinh", latex=r"\operatorname{arsinh}", parity="odd", monotone="increasing", inverse="sinh",
    slopes=lambda y, u: (1 / sqrt(u ** 2 + 1),),
    value=math.asinh, precise="asinh", exact=only_at(0, 0), samples=(-20.0, 20.0),
    spelling=spelled("asinh", numpy="arcsinh", jax="arcsinh"),
))

acosh: Op = define_row(Op(
    name="acosh", latex=r"\operatorname{arcosh}", range=NONNEGATIVE, monotone="increasing",
    slopes=lambda y, u: (1 / sqrt(u ** 2 - 1),),
    value=math.acosh, precise="acosh", exact=only_at(1, 0),
    domain=lambda u: u >= 1, smooth=lambda u: u > 1, samples=(1.0, 20.0),
    spelling=spelled("acosh", numpy="arccosh", jax="arccosh"),
))

atanh: Op = define_row(Op(
    name="atanh", latex=r"\operatorname{artanh}", parity="odd", monotone="increasing", inverse="tanh",
    slopes=lambda y, u: (1 / (1 - u ** 2),),
    value=math.atanh, precise="atanh", exact=only_at(0, 0), domain=lambda u: abs_(u) < 1, samples=(-1.0, 1.0),
    spelling=spelled("atanh", numpy="arctanh", jax="arctanh"),
))

acoth: Op = define_row(Op(
    name="acoth", latex=r"\operatorname{arcoth}", parity="odd", inverse="coth",
    slopes=lambda y, u: (1 / (1 - u ** 2),),
    value=lambda u: math.atanh(1 / u), precise="acoth", domain=lambda u: abs_(u) > 1, samples=(-10.0, 10.0),
    spelling={"sympy": "acoth"}, definition=lambda u: atanh(1 / u),
))

asech: Op = define_row(Op(
    name="asech", latex=r"\operatorname{arsech}", range=NONNEGATIVE, monotone="decreasing",
    slopes=lambda y, u: (-1 / (u * sqrt(1 - u ** 2)),),
    value=lambda u: math.acosh(1 / u), precise="asech", exact=only_at(1, 0),
    domain=lambda u: (u > 0).and_(u <= 1), smooth=lambda u: (u > 0).and_(u < 1), samples=(0.0, 1.0),
    spelling={"sympy": "asech"}, definition=lambda u: acosh(1 / u),
))

acsch: Op = define_row(Op(
    name="acsch", latex=r"\operatorname{arcsch}", parity="odd", inverse="csch",
    slopes=lambda y, u: (-1 / (abs_(u) * sqrt(u ** 2 + 1)),),
    value=lambda u: math.asinh(1 / u), precise="acsch", domain=lambda u: u.ne(0), samples=(-10.0, 10.0),
    spelling={"sympy": "acsch"}, definition=lambda u: asinh(1 / u),
))

for _name in ("sinh", "cosh", "tanh", "coth", "sech", "csch"):
    alias(f"arc{_name}", f"a{_name}")
    alias(f"ar{_name}", f"a{_name}")
