"""The rows of sum, product, quotient, power and negation, and the constants."""

from __future__ import annotations

import math
from typing import Any

from symdiff.expr import ONE, Expr
from symdiff.numbers import divide as exact_divide
from symdiff.numbers import power as exact_power
from symdiff.operations.op import BACK_ENDS, Op, alias, define_row

__all__ = ["PI", "E", "add", "div", "mul", "neg", "pow"]


def real_power(base: float, exponent: float) -> float:
    """A real power: a negative base takes integer exponents only, 0^0 is 1, and nan (undefined) stays nan."""
    if base != base or exponent != exponent:
        return math.nan
    if base > 0 or exponent == 0:
        return float(base ** exponent)
    if base == 0:
        if exponent < 0:
            raise ZeroDivisionError
        return 0.0
    if not math.isinf(exponent) and exponent == math.floor(exponent):
        return float(base ** exponent)
    raise ValueError


def precise_power(mp: Any, base: Any, exponent: Any) -> Any:
    if base == 0:
        if exponent < 0:
            raise ZeroDivisionError
        return mp.one if exponent == 0 else mp.zero
    whole = exponent == mp.floor(exponent)
    if whole and abs(exponent) < 2 ** 62:
        return base ** int(exponent)
    if base < 0 and not whole:
        raise ValueError
    size = mp.exp(exponent * mp.log(abs(base)))  # repeated squaring would take as many steps as the exponent has bits
    return -size if base < 0 and exponent != 2 * mp.floor(exponent / 2) else size


def principal_power(mp: Any, base: Any, exponent: Any) -> Any:
    """exp(exponent*ln(base)) with the principal logarithm; powers of 0 as over the reals."""
    if base == 0:
        if exponent != 0 and mp.re(exponent) <= 0:
            raise ZeroDivisionError
        return mp.one if exponent == 0 else mp.zero
    if mp.im(exponent) == 0 and exponent == mp.floor(mp.re(exponent)) and abs(exponent) < 2 ** 62:
        return base ** int(mp.re(exponent))
    return mp.exp(exponent * mp.log(base))


add: Op = define_row(Op(
    name="add", arity=2, variadic=True, symbol="+", rule="sum rule",
    slopes=lambda y, u, v: (ONE, ONE),
    value=lambda *terms: sum(terms),
    precise=lambda mp, *terms: mp.fsum(terms),
    exact=lambda *terms: sum(terms),
    spelling=dict.fromkeys(BACK_ENDS, "{0} + {1}") | {"numpy": "add"},
))

mul: Op = define_row(Op(
    name="mul", arity=2, variadic=True, symbol="*", rule="product rule", rules={"cu": "constant multiple rule"},
    slopes=lambda y, u, v: (v, u),
    value=lambda *factors: math.prod(factors),
    precise=lambda mp, *factors: mp.fprod(factors),
    exact=lambda *factors: math.prod(factors),
    spelling=dict.fromkeys(BACK_ENDS, "{0} * {1}") | {"numpy": "multiply"},
))

neg: Op = define_row(Op(
    name="neg", symbol="-", rule="constant multiple rule", roles=("u",),
    slopes=lambda y, u: (-ONE,),
    value=lambda u: -u,
    precise=lambda mp, u: -u,
    exact=lambda u: -u,
    parity="odd", monotone="decreasing", inverse="neg",
    spelling=dict.fromkeys(BACK_ENDS, "-{0}") | {"numpy": "negative"},
))

div: Op = define_row(Op(
    name="div", arity=2, symbol="/", latex=r"\frac{{{0}}}{{{1}}}",
    rule="quotient rule", rules={"uc": "constant multiple rule", "cu": "reciprocal rule"},
    slopes=lambda y, u, v: (1 / v, -u / v ** 2),
    combined=lambda y, u, v: ((v, -u), v ** 2),
    value=lambda u, v: u / v,
    precise=lambda mp, u, v: u / v,
    exact=exact_divide,
    domain=lambda u, v: v.ne(0),
    spelling=dict.fromkeys(BACK_ENDS, "{0} / {1}") | {"numpy": "divide"},
))


def _power_domain(u: Expr, v: Expr) -> Expr:
    """u > 0, or v an integer and (u not 0, or v not negative), or u = 0 < v."""
    return (u > 0).or_(v.eq(v.floor()).and_(u.ne(0).or_(v >= 0))).or_(u.eq(0).and_(v > 0))


pow: Op = define_row(Op(
    name="pow", arity=2, symbol="^", latex="{{{0}}}^{{{1}}}", roles=("base", "exponent"),
    rule="general power rule", rules={"uc": "power rule", "cu": "exponential rule"},
    slopes=lambda y, u, v: (v * u ** (v - 1), y * u.log()),
    value=real_power, precise=precise_power, principal=principal_power, exact=exact_power,
    domain=_power_domain,
    convention="0^0 = 1; a negative base takes integer exponents only",
    spelling=dict.fromkeys(BACK_ENDS, "{0} ** {1}") | {"python": "pow", "numpy": "power", "c": "sd_pow"},
))


def _constant(name: str, value: float, latex: str, letter: str) -> Expr:
    row = define_row(Op(name=name, arity=0, symbol=letter, latex=latex, value=lambda: value, precise=lambda mp: +getattr(mp, name),
                        slopes=lambda y: ()))
    return Expr(row)


PI = _constant("pi", math.pi, r"\pi", "pi")
E = _constant("e", math.e, "e", "e")
alias("π", "pi")
