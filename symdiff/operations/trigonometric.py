"""The rows of the circular functions and their inverses."""

from __future__ import annotations

import math
from fractions import Fraction

from symdiff.expr import ONE, ZERO, Expr, Real
from symdiff.operations.arithmetic import PI
from symdiff.operations.elementary import only_at, sqrt
from symdiff.operations.op import Interval, Op, alias, as_expr, define_row, spelled
from symdiff.operations.piecewise import abs_, undefined

__all__ = ["acos", "acot", "acsc", "asec", "asin", "atan", "atan2", "cos", "cot", "csc", "sec", "sin", "tan"]

UNIT = Interval(-1, 1)
HALF = math.pi / 2


def _at_angles(*values: Expr | Real) -> dict[Expr, Expr]:
    """Values at 0, 30, 45, 60 and 90 degrees; parity and half turns say the rest."""
    return dict(zip((ZERO, PI / 6, PI / 4, PI / 3, PI / 2), map(as_expr, values), strict=True))


sin: Op = define_row(Op(
    name="sin", inverse="asin", latex=r"\sin", parity="odd", range=UNIT,
    slopes=lambda y, u: (cos(u),),
    value=math.sin, precise="sin", exact=only_at(0, 0), half_turn=-1,
    points=lambda: _at_angles(0, Fraction(1, 2), sqrt(2) / 2, sqrt(3) / 2, 1),
    spelling=spelled("sin"),
))

cos: Op = define_row(Op(
    name="cos", inverse="acos", latex=r"\cos", parity="even", range=UNIT,
    slopes=lambda y, u: (-sin(u),),
    value=math.cos, precise="cos", exact=only_at(0, 1), half_turn=-1,
    points=lambda: _at_angles(1, sqrt(3) / 2, sqrt(2) / 2, Fraction(1, 2), 0),
    spelling=spelled("cos"),
))

tan: Op = define_row(Op(
    name="tan", inverse="atan", latex=r"\tan", parity="odd",
    slopes=lambda y, u: (1 + y ** 2,),
    value=math.tan, precise="tan", exact=only_at(0, 0), half_turn=1,
    points=lambda: _at_angles(0, sqrt(3) / 3, 1, sqrt(3), undefined),
    domain=lambda u: cos(u).ne(0),
    spelling=spelled("tan"),
))

cot: Op = define_row(Op(
    name="cot", inverse="acot", latex=r"\cot", parity="odd",
    slopes=lambda y, u: (-(1 + y ** 2),),
    value=lambda u: 1 / math.tan(u), precise="cot", half_turn=1,
    points=lambda: _at_angles(undefined, sqrt(3), 1, sqrt(3) / 3, 0),
    domain=lambda u: sin(u).ne(0),
    spelling={"sympy": "cot"}, definition=lambda u: 1 / tan(u),
))

sec: Op = define_row(Op(
    name="sec", inverse="asec", latex=r"\sec", parity="even",
    slopes=lambda y, u: (y * tan(u),),
    value=lambda u: 1 / math.cos(u), precise="sec", exact=only_at(0, 1), half_turn=-1,
    points=lambda: _at_angles(1, 2 * sqrt(3) / 3, sqrt(2), 2, undefined),
    domain=lambda u: cos(u).ne(0),
    spelling={"sympy": "sec"}, definition=lambda u: 1 / cos(u),
))

csc: Op = define_row(Op(
    name="csc", inverse="acsc", latex=r"\csc", parity="odd",
    slopes=lambda y, u: (-y * cot(u),),
    value=lambda u: 1 / math.sin(u), precise="csc", half_turn=-1,
    points=lambda: _at_angles(undefined, 2, sqrt(2), 2 * sqrt(3) / 3, 1),
    domain=lambda u: sin(u).ne(0),
    spelling={"sympy": "csc"}, definition=lambda u: 1 / sin(u),
))

asin: Op = define_row(Op(
    name="asin", latex=r"\arcsin", parity="odd", range=Interval(-HALF, HALF), monotone="increasing",
    slopes=lambda y, u: (1 / sqrt(1 - u ** 2),),
    value=math.asin, precise="asin", exact=only_at(0, 0),
    points=lambda: {ONE: PI / 2, sqrt(3) / 2: PI / 3, sqrt(2) / 2: PI / 4, ONE / 2: PI / 6},
    domain=lambda u: abs_(u) <= 1, smooth=lambda u: abs_(u) < 1, samples=(-1.0, 1.0),
    spelling=spelled("asin", numpy="arcsin", jax="arcsin"),
))

acos: Op = define_row(Op(
    name="acos", latex=r"\arccos", range=Interval(0, math.pi), monotone="decreasing",
    slopes=lambda y, u: (-1 / sqrt(1 - u ** 2),),
    value=math.acos, precise="acos", exact=only_at(1, 0),
    points=lambda: {ZERO: PI / 2, ONE / 2: PI / 3, sqrt(2) / 2: PI / 4, sqrt(3) / 2: PI / 6,
                    -ONE: PI, -ONE / 2: 2 * PI / 3, -sqrt(2) / 2: 3 * PI / 4, -sqrt(3) / 2: 5 * PI / 6},
    domain=lambda u: abs_(u) <= 1, smooth=lambda u: abs_(u) < 1, samples=(-1.0, 1.0),
    spelling=spelled("acos", numpy="arccos", jax="arccos"),
))

atan: Op = define_row(Op(
    name="atan", latex=r"\arctan", parity="odd", range=Interval(-HALF, HALF, True, True), monotone="increasing",
    slopes=lambda y, u: (1 / (1 + u ** 2),),
    value=math.atan, precise="atan", exact=only_at(0, 0), points=lambda: {ONE: PI / 4, sqrt(3): PI / 3, sqrt(3) / 3: PI / 6},
    samples=(-10.0, 10.0),
    spelling=spelled("atan", numpy="arctan", jax="arctan"),
))

acot: Op = define_row(Op(
    name="acot", latex=r"\operatorname{arccot}", parity="odd", range=Interval(-HALF, HALF, True, True),
    slopes=lambda y, u: (-1 / (1 + u ** 2),),
    value=lambda u: math.atan(1 / u), precise=lambda mp, u: mp.acot(u) if u else mp.nan,
    points=lambda: {ONE: PI / 4, sqrt(3): PI / 6, sqrt(3) / 3: PI / 3},
    domain=lambda u: u.ne(0), convention="acot(u) = atan(1/u), as SymPy and Mathematica have it", samples=(-10.0, 10.0),
    spelling={"sympy": "acot"}, definition=lambda u: atan(1 / u),
))

asec: Op = define_row(Op(
    name="asec", latex=r"\operatorname{arcsec}", range=Interval(0, math.pi),
    slopes=lambda y, u: (1 / (abs_(u) * sqrt(u ** 2 - 1)),),
    value=lambda u: math.acos(1 / u), precise="asec", exact=only_at(1, 0),
    points=lambda: {-ONE: PI, ONE * 2: PI / 3, sqrt(2): PI / 4, -ONE * 2: 2 * PI / 3, -sqrt(2): 3 * PI / 4},
    domain=lambda u: abs_(u) >= 1, smooth=lambda u: abs_(u) > 1, samples=(-10.0, 10.0),
    spelling={"sympy": "asec"}, definition=lambda u: acos(1 / u),
))

acsc: Op = define_row(Op(
    name="acsc", latex=r"\operatorname{arccsc}", parity="odd", range=Interval(-HALF, HALF),
    slopes=lambda y, u: (-1 / (abs_(u) * sqrt(u ** 2 - 1)),),
    value=lambda u: math.asin(1 / u), precise="acsc",
    points=lambda: {ONE: PI / 2, ONE * 2: PI / 6, sqrt(2): PI / 4},
    domain=lambda u: abs_(u) >= 1, smooth=lambda u: abs_(u) > 1, samples=(-10.0, 10.0),
    spelling={"sympy": "acsc"}, definition=lambda u: asin(1 / u),
))

atan2: Op = define_row(Op(
    name="atan2", arity=2, latex=r"\operatorname{atan2}", range=Interval(-math.pi, math.pi),
    slopes=lambda y, u, v: (v / (u ** 2 + v ** 2), -u / (u ** 2 + v ** 2)),
    value=lambda u, v: math.atan2(u, v) if u or v else math.nan,
    precise=lambda mp, u, v: mp.atan2(u, v) if u or v else mp.nan,
    domain=lambda u, v: u.ne(0).or_(v.ne(0)), smooth=lambda u, v: u.ne(0).or_(v > 0),
    convention="atan2(u, v) is the angle of the point (v, u)",
    spelling=spelled("atan2", numpy="arctan2", jax="arctan2"),
))

for _name in ("sin", "cos", "tan", "cot", "sec", "csc"):
    alias(f"arc{_name}", f"a{_name}")
alias("arctan2", "atan2")
