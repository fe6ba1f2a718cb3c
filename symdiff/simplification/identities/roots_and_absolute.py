"""Identities of square and cube roots, abs and sign."""

from __future__ import annotations

from symdiff.expr import ONE
from symdiff.operations.elementary import cbrt, exp, sqrt
from symdiff.operations.piecewise import abs_, sign
from symdiff.simplification.rule import Rule, Stage, a, b, marked

__all__ = ["RULES"]

RULES = (
    *marked(
        Stage.BUILT_IN,
        Rule("root of a square", sqrt(a**2), abs_(a)),
        Rule("square of a root", sqrt(a)**2, a, records=a >= 0),
        Rule("fourth power of a root", sqrt(a)**4, a**2, records=a >= 0),
        Rule("root of a fourth power", sqrt(a**4), a**2),
        Rule("root of a product with a positive factor", sqrt(a * b), sqrt(a) * sqrt(b), needs=a > 0),
        Rule("over its own root", a / sqrt(a), sqrt(a), records=a.ne(0)),
        Rule("root over its radicand", sqrt(a) / a, 1 / sqrt(a)),
        Rule("root of a root", sqrt(sqrt(a)), a**(ONE / 4)),
        Rule("root of a reciprocal", sqrt(1 / a), 1 / sqrt(a)),
    ),
    Rule("square out of a root", sqrt(a**2 * b), abs_(a) * sqrt(b), needs=a.ne(0).or_(b >= 0)),
    Rule("product of roots", sqrt(a) * sqrt(b), sqrt(a * b), records=(a >= 0).and_(b >= 0)),
    Rule("quotient of roots", sqrt(a) / sqrt(b), sqrt(a / b), records=(a >= 0).and_(b > 0)),
    Rule("conjugate roots about one", sqrt(1 - a) * sqrt(1 + a), sqrt(1 - a**2)),
    Rule("conjugate roots", sqrt(a - 1) * sqrt(a + 1), sqrt(a**2 - 1), records=a >= 1),
    Rule("root of a square of a sum", sqrt(a**2 + 2 * a * b + b**2), abs_(a + b)),
    Rule("difference of roots times their sum", (sqrt(a) - sqrt(b)) * (sqrt(a) + sqrt(b)), a - b, records=(a >= 0).and_(b >= 0)),
    *marked(
        Stage.EXPANSION,
        Rule("split a root of a product", sqrt(a * b), sqrt(abs_(a)) * sqrt(abs_(b)), records=a * b >= 0),
        Rule("root of a product", sqrt(a * b), sqrt(a) * sqrt(b), needs=(a >= 0).and_(b >= 0)),
        Rule("split a root of a quotient", sqrt(a / b), sqrt(a) / sqrt(b), needs=b > 0),
        Rule("rational denominator", 1 / sqrt(a), sqrt(a) / a),
        Rule("rational denominator of a sum", 1 / (sqrt(a) + sqrt(b)), (sqrt(a) - sqrt(b)) / (a - b), needs=a.ne(b)),
        Rule("split a cube root", cbrt(a * b), cbrt(a) * cbrt(b)),
    ),
    *marked(
        Stage.BUILT_IN,
        Rule("cube of a cube root", cbrt(a)**3, a),
        Rule("cube root of a minus", cbrt(-a), -cbrt(a)),
    ),
    Rule("cube root of a cube", cbrt(a**3), a),
    Rule("cube root of a sixth power", cbrt(a**6), a**2),
    Rule("product of cube roots", cbrt(a) * cbrt(b), cbrt(a * b)),
    Rule("quotient of cube roots", cbrt(a) / cbrt(b), cbrt(a / b)),
    Rule("over its own cube root", a / cbrt(a), cbrt(a)**2, records=a.ne(0)),
    Rule("cube root of an exponential", cbrt(exp(a)), exp(a / 3)),
    *marked(
        Stage.BUILT_IN,
        Rule("abs of a minus", abs_(-a), abs_(a)),
        Rule("abs of a difference", abs_(a - b), abs_(b - a)),
        Rule("abs of abs", abs_(abs_(a)), abs_(a)),
        Rule("square of abs", abs_(a)**2, a**2),
        Rule("abs of a square", abs_(a**2), a**2),
        Rule("abs of a product", abs_(a * b), abs_(a) * abs_(b)),
        Rule("abs of its product with abs", abs_(a * abs_(a)), a**2),
        Rule("abs of a quotient", abs_(a / b), abs_(a) / abs_(b)),
        Rule("abs of a nonnegative", abs_(a), a, needs=a >= 0),
        Rule("abs of a nonpositive", abs_(a), -a, needs=a <= 0),
        Rule("abs of an exponential", abs_(exp(a)), exp(a)),
        Rule("abs of a root", abs_(sqrt(a)), sqrt(a)),
        Rule("sign of a minus", sign(-a), -sign(a)),
        Rule("sign of a positive", sign(a), ONE, needs=a > 0),
        Rule("sign of a negative", sign(a), -ONE, needs=a < 0),
        Rule("sign of an exponential", sign(exp(a)), ONE),
    ),
    Rule("over its own abs", a / abs_(a), sign(a), records=a.ne(0)),
    Rule("abs over its own", abs_(a) / a, sign(a), records=a.ne(0)),
    Rule("square over abs", a**2 / abs_(a), abs_(a), records=a.ne(0)),
    Rule("abs over the square", abs_(a) / a**2, 1 / abs_(a)),
    Rule("sign times abs", sign(a) * abs_(a), a),
    Rule("sign times its own", sign(a) * a, abs_(a)),
    Rule("over its own sign", a / sign(a), abs_(a), records=a.ne(0)),
    Rule("abs over its sign", abs_(a) / sign(a), a, records=a.ne(0)),
    Rule("square of sign", sign(a)**2, ONE, needs=a.ne(0)),
    Rule("cube of sign", sign(a)**3, sign(a)),
    Rule("reciprocal of sign", 1 / sign(a), sign(a), records=a.ne(0)),
    Rule("product of signs", sign(a) * sign(b), sign(a * b)),
    Rule("sign of a product with a positive factor", sign(a * b), sign(b), needs=a > 0),
    Rule("sign of a product with a negative factor", sign(a * b), -sign(b), needs=a < 0),
    Rule("sign of an odd power", sign(a**3), sign(a)),
    Rule("sign of a reciprocal", sign(1 / a), sign(a), records=a.ne(0)),
    Rule("sign of a cube root", sign(cbrt(a)), sign(a)),
    Rule("sign of sign", sign(sign(a)), sign(a)),
    Rule("sign of abs", sign(abs_(a)), ONE, needs=a.ne(0)),
    Rule("abs of sign", abs_(sign(a)), ONE, needs=a.ne(0)),
    # rejected: sqrt(a**2) -> a, wrong at a = -1
    # rejected: sqrt(a*b) -> sqrt(a)*sqrt(b), undefined at a = b = -1
    # rejected: sqrt(a)*sqrt(b) -> sqrt(a*b) without recording a >= 0 and b >= 0: it invents a value at a = b = -1
    # rejected: sqrt(a**2*b) -> abs(a)*sqrt(b), undefined at a = 0, b = -1
    # rejected: a**(1/3) -> cbrt(a) without recording a >= 0: a^(1/3) has no value at a = -1
    # rejected: sign(a)**2 -> 1, wrong at a = 0
)
