"""Identities of the inverse circular and hyperbolic functions, and of functions composed with inverses."""

from __future__ import annotations

from symdiff.expr import ONE, ZERO
from symdiff.operations.arithmetic import PI
from symdiff.operations.elementary import ln, sqrt
from symdiff.operations.hyperbolic import acosh, acoth, acsch, asech, asinh, atanh, cosh, coth, sinh, tanh
from symdiff.operations.piecewise import abs_, sign
from symdiff.operations.trigonometric import acos, acot, acsc, asec, asin, atan, atan2, cos, cot, csc, sec, sin, tan
from symdiff.simplification.rule import Rule, Stage, a, b, c, marked

__all__ = ["RULES"]

UNIT = abs_(a) <= 1
OUTSIDE = abs_(a) >= 1

RULES = (
    *marked(
        Stage.BUILT_IN,
        Rule("sine of arcsine", sin(asin(a)), a, records=UNIT),
        Rule("cosine of arccosine", cos(acos(a)), a, records=UNIT),
        Rule("tangent of arctangent", tan(atan(a)), a),
        Rule("cotangent of arccotangent", cot(acot(a)), a, records=a.ne(0)),
        Rule("secant of arcsecant", sec(asec(a)), a, records=OUTSIDE),
        Rule("cosecant of arccosecant", csc(acsc(a)), a, records=OUTSIDE),
        Rule("arcsine is odd", asin(-a), -asin(a)),
        Rule("arctangent is odd", atan(-a), -atan(a)),
        Rule("hyperbolic sine of its inverse", sinh(asinh(a)), a),
        Rule("inverse of hyperbolic sine", asinh(sinh(a)), a),
        Rule("hyperbolic cosine of its inverse", cosh(acosh(a)), a, records=a >= 1),
        Rule("hyperbolic tangent of its inverse", tanh(atanh(a)), a, records=abs_(a) < 1),
        Rule("inverse of hyperbolic tangent", atanh(tanh(a)), a),
        Rule("hyperbolic cotangent of its inverse", coth(acoth(a)), a, records=abs_(a) > 1),
    ),
    *marked(
        Stage.ALWAYS,
        # inverse of a function, on its principal branch
        Rule("arcsine of sine", asin(sin(a)), a, needs=abs_(a) <= PI / 2),
        Rule("arccosine of cosine", acos(cos(a)), a, needs=(a >= 0).and_(a <= PI)),
        Rule("arctangent of tangent", atan(tan(a)), a, needs=abs_(a) < PI / 2),
        Rule("arcsine of cosine", asin(cos(a)), PI / 2 - a, needs=(a >= 0).and_(a <= PI)),
        Rule("arccosine of sine", acos(sin(a)), PI / 2 - a, needs=abs_(a) <= PI / 2),
        Rule("inverse of hyperbolic cosine", acosh(cosh(a)), abs_(a)),
        Rule("angle of sine and cosine", atan2(sin(a), cos(a)), a, needs=(a > -PI).and_(a <= PI)),
        # circular function of an inverse
        Rule("sine of arccosine", sin(acos(a)), sqrt(1 - a**2)),
        Rule("cosine of arcsine", cos(asin(a)), sqrt(1 - a**2)),
        Rule("sine of arctangent", sin(atan(a)), a / sqrt(1 + a**2)),
        Rule("cosine of arctangent", cos(atan(a)), 1 / sqrt(1 + a**2)),
        Rule("tangent of arcsine", tan(asin(a)), a / sqrt(1 - a**2)),
        Rule("tangent of arccosine", tan(acos(a)), sqrt(1 - a**2) / a),
        Rule("cotangent of arcsine", cot(asin(a)), sqrt(1 - a**2) / a),
        Rule("cotangent of arccosine", cot(acos(a)), a / sqrt(1 - a**2)),
        Rule("cotangent of arctangent", cot(atan(a)), 1 / a),
        Rule("tangent of arccotangent", tan(acot(a)), 1 / a),
        Rule("secant of arctangent", sec(atan(a)), sqrt(1 + a**2)),
        Rule("cosecant of arctangent", csc(atan(a)), sqrt(1 + a**2) / a),
        Rule("secant of arccosine", sec(acos(a)), 1 / a, records=UNIT),
        Rule("cosecant of arcsine", csc(asin(a)), 1 / a, records=UNIT),
        Rule("secant of arcsine", sec(asin(a)), 1 / sqrt(1 - a**2)),
        Rule("cosecant of arccosine", csc(acos(a)), 1 / sqrt(1 - a**2)),
        Rule("cosine of arcsecant", cos(asec(a)), 1 / a, records=OUTSIDE),
        Rule("sine of arccosecant", sin(acsc(a)), 1 / a, records=OUTSIDE),
        Rule("sine of arcsecant", sin(asec(a)), sqrt(1 - 1 / a**2)),
        Rule("cosine of arccosecant", cos(acsc(a)), sqrt(1 - 1 / a**2)),
        Rule("tangent of arcsecant", tan(asec(a)), sign(a) * sqrt(a**2 - 1)),
        Rule("sine of arccotangent", sin(acot(a)), sign(a) / sqrt(1 + a**2), records=a.ne(0)),
        Rule("cosine of arccotangent", cos(acot(a)), abs_(a) / sqrt(1 + a**2), records=a.ne(0)),
        Rule("cosine of an angle", cos(atan2(a, b)), b / sqrt(a**2 + b**2)),
        Rule("sine of an angle", sin(atan2(a, b)), a / sqrt(a**2 + b**2)),
        # ... of twice or half an inverse
        Rule("sine of twice arctangent", sin(2 * atan(a)), 2 * a / (1 + a**2)),
        Rule("cosine of twice arctangent", cos(2 * atan(a)), (1 - a**2) / (1 + a**2)),
        Rule("tangent of twice arctangent", tan(2 * atan(a)), 2 * a / (1 - a**2)),
        Rule("sine of twice arcsine", sin(2 * asin(a)), 2 * a * sqrt(1 - a**2)),
        Rule("sine of twice arccosine", sin(2 * acos(a)), 2 * a * sqrt(1 - a**2)),
        Rule("cosine of twice arcsine", cos(2 * asin(a)), 1 - 2 * a**2, records=UNIT),
        Rule("cosine of twice arccosine", cos(2 * acos(a)), 2 * a**2 - 1, records=UNIT),
        Rule("cosine of half arccosine", cos(acos(a) / 2), sqrt((1 + a) / 2), records=UNIT),
        Rule("sine of half arccosine", sin(acos(a) / 2), sqrt((1 - a) / 2), records=UNIT),
        Rule("tangent of half arccosine", tan(acos(a) / 2), sqrt((1 - a) / (1 + a))),
        Rule("tangent of half arcsine", tan(asin(a) / 2), a / (1 + sqrt(1 - a**2))),
        Rule("tangent of half arctangent", tan(atan(a) / 2), a / (1 + sqrt(1 + a**2))),
        # hyperbolic function of an inverse
        Rule("cosh of inverse sinh", cosh(asinh(a)), sqrt(1 + a**2)),
        Rule("sinh of inverse cosh", sinh(acosh(a)), sqrt(a**2 - 1), records=a >= 1),
        Rule("tanh of inverse sinh", tanh(asinh(a)), a / sqrt(1 + a**2)),
        Rule("tanh of inverse cosh", tanh(acosh(a)), sqrt(a**2 - 1) / a, records=a >= 1),
        Rule("sinh of inverse tanh", sinh(atanh(a)), a / sqrt(1 - a**2)),
        Rule("cosh of inverse tanh", cosh(atanh(a)), 1 / sqrt(1 - a**2)),
        Rule("cosh of twice inverse sinh", cosh(2 * asinh(a)), 1 + 2 * a**2),
        Rule("sinh of twice inverse sinh", sinh(2 * asinh(a)), 2 * a * sqrt(1 + a**2)),
        Rule("cosh of twice inverse cosh", cosh(2 * acosh(a)), 2 * a**2 - 1, records=a >= 1),
    ),
    # sums
    Rule("arcsine plus arccosine", asin(a) + acos(a), PI / 2, records=UNIT),
    Rule("arctangent plus arctangent of the reciprocal", atan(a) + atan(1 / a), PI * sign(a) / 2, records=a.ne(0)),
    Rule("arctangent plus that of the reciprocal of a positive", atan(a) + atan(1 / a), PI / 2, needs=a > 0),
    Rule("arctangent plus arccotangent", atan(a) + acot(a), PI * sign(a) / 2, records=a.ne(0)),
    Rule("arcsecant plus arccosecant", asec(a) + acsc(a), PI / 2, records=OUTSIDE),
    Rule("arccosine of opposites", acos(a) + acos(-a), PI, records=UNIT),
    # reciprocal arguments
    Rule("arctangent of a reciprocal", atan(1 / a), acot(a)),
    Rule("arccotangent of a reciprocal", acot(1 / a), atan(a), records=a.ne(0)),
    Rule("arcsine of a reciprocal", asin(1 / a), acsc(a)),
    Rule("arccosine of a reciprocal", acos(1 / a), asec(a)),
    Rule("arcsecant of a reciprocal", asec(1 / a), acos(a), records=a.ne(0)),
    Rule("arccosecant of a reciprocal", acsc(1 / a), asin(a), records=a.ne(0)),
    Rule("inverse hyperbolic tangent of a reciprocal", atanh(1 / a), acoth(a)),
    Rule("inverse hyperbolic cotangent of a reciprocal", acoth(1 / a), atanh(a), records=a.ne(0)),
    Rule("inverse hyperbolic sine of a reciprocal", asinh(1 / a), acsch(a)),
    Rule("inverse hyperbolic cosine of a reciprocal", acosh(1 / a), asech(a)),
    Rule("inverse hyperbolic secant of a reciprocal", asech(1 / a), acosh(a)),
    # algebraic arguments
    Rule("arcsine by tangent", asin(a / sqrt(1 + a**2)), atan(a)),
    Rule("arccosine by tangent", acos(1 / sqrt(1 + a**2)), atan(abs_(a))),
    Rule("arctangent by sine", atan(a / sqrt(1 - a**2)), asin(a), records=abs_(a) < 1),
    Rule("arctangent by cosine", atan(sqrt(1 - a**2) / a), acos(a), needs=a > 0),
    Rule("arcsine by cosine", asin(sqrt(1 - a**2)), acos(abs_(a))),
    Rule("arccosine by sine", acos(sqrt(1 - a**2)), asin(abs_(a))),
    Rule("arctangent of the half by sine", 2 * atan(a / (1 + sqrt(1 - a**2))), asin(a)),
    Rule("arctangent of the half by cosine", 2 * atan(sqrt((1 - a) / (1 + a))), acos(a), records=a.ne(-1)),
    Rule("arctangent of the half by tangent", 2 * atan(a / (1 + sqrt(1 + a**2))), atan(a)),
    Rule("angle with one", atan2(a, ONE), atan(a)),
    Rule("angle of the right half axis", atan2(ZERO, a), ZERO, needs=a > 0),
    Rule("angle of a stretched point", atan2(c * a, c * b), atan2(a, b), needs=c > 0),
    # logarithmic forms
    Rule("inverse sinh by logarithm", ln(a + sqrt(a**2 + 1)), asinh(a)),
    Rule("inverse cosh by logarithm", ln(a + sqrt(a**2 - 1)), acosh(a)),
    Rule("inverse cosh by logarithm of factors", ln(a + sqrt(a - 1) * sqrt(a + 1)), acosh(a)),
    Rule("inverse tanh by logarithm", ln((1 + a) / (1 - a)) / 2, atanh(a)),
    Rule("inverse tanh by logarithms", (ln(1 + a) - ln(1 - a)) / 2, atanh(a)),
    Rule("inverse coth by logarithm", ln((a + 1) / (a - 1)) / 2, acoth(a)),
    Rule("inverse sinh by logarithm of the difference", ln(sqrt(a**2 + 1) - a), -asinh(a)),
    Rule("inverse sinh by tanh", atanh(a / sqrt(1 + a**2)), asinh(a)),
    Rule("inverse tanh by sinh", asinh(a / sqrt(1 - a**2)), atanh(a)),
    *marked(
        Stage.EXPANSION,
        Rule("arccosine of a minus", acos(-a), PI - acos(a)),
        Rule("arccosine by arcsine", acos(a), PI / 2 - asin(a)),
        Rule("angle in the right half plane", atan2(a, b), atan(a / b), needs=b > 0),
        Rule("sum of arctangents", atan(a) + atan(b), atan((a + b) / (1 - a * b)), needs=a * b < 1),
        Rule("difference of arctangents", atan(a) - atan(b), atan((a - b) / (1 + a * b)), needs=a * b > -1),
        Rule("expand inverse sinh", asinh(a), ln(a + sqrt(a**2 + 1))),
        Rule("expand inverse tanh", atanh(a), ln((1 + a) / (1 - a)) / 2),
    ),
    # rejected: asin(sin(a)) -> a, wrong at a = 2
    # rejected: atan(tan(a)) -> a, wrong at a = 2
    # rejected: atan(a) + atan(1/a) -> pi/2, wrong at a = -1
    # rejected: sinh(acosh(a)) -> sqrt(a**2 - 1) without recording a >= 1: it invents a value at a = -2
    # rejected: acosh(cosh(a)) -> a, wrong at a = -1
    # rejected: atan(a) + atan(b) -> atan((a + b)/(1 - a*b)), wrong at a = b = 2
    # rejected: atan(a/b) -> atan2(a, b), wrong at a = b = -1
)
