"""Equal forms that keep their digits in floating point where the textbook's cancel or overflow; for code, never for reading."""

from __future__ import annotations

from symdiff.expr import ONE
from symdiff.operations.elementary import exp, expm1, hypot, ln, log1p, sqrt
from symdiff.operations.hyperbolic import cosh, sinh, tanh
from symdiff.operations.learning import sigmoid, softplus
from symdiff.operations.piecewise import abs_, max_
from symdiff.operations.special import erf, erfc
from symdiff.operations.trigonometric import acos, asin, atan, cos, sin, tan
from symdiff.simplification.rule import Rule, Stage, a, b, c, marked, n

__all__ = ["RULES"]

RULES = tuple(marked(
    Stage.ACCURACY,
    # exponentials and logarithms
    Rule("expm1", exp(a) - 1, expm1(a)),
    Rule("log1p", ln(1 + a), log1p(a)),
    Rule("difference of exponentials", exp(a) - exp(b), exp(b) * expm1(a - b)),
    Rule("difference of near logarithms", ln(a) - ln(b), log1p((a - b) / b), records=(a > 0).and_(b > 0)),
    Rule("logarithm of a near quotient", ln(a / b), log1p((a - b) / b)),
    Rule("logarithm of exp minus one", ln(exp(a) - 1), ln(expm1(a))),
    Rule("power minus one", (1 + a)**n - 1, expm1(n * log1p(a)), needs=a > -1),
    Rule("logarithm of two exponentials", ln(exp(a) + exp(b)), max_(a, b) + log1p(exp(-abs_(a - b)))),
    Rule("logarithm of three exponentials", ln(exp(a) + exp(b) + exp(c)),
         max_(a, b, c) + ln(exp(a - max_(a, b, c)) + exp(b - max_(a, b, c)) + exp(c - max_(a, b, c)))),
    Rule("logarithm of one plus an exponential", ln(1 + exp(a)), max_(a, 0 * ONE) + log1p(exp(-abs_(a)))),
    Rule("log1p of an exponential", log1p(exp(a)), softplus(a)),
    # sigmoid and tanh
    Rule("sigmoid without overflow", exp(a) / (1 + exp(a)), sigmoid(a)),
    Rule("softmax without overflow", exp(a) / (exp(a) + exp(b)), sigmoid(a - b)),
    Rule("slope of sigmoid without cancellation", sigmoid(a) * (1 - sigmoid(a)), sigmoid(a) * sigmoid(-a)),
    Rule("one minus sigmoid without cancellation", 1 - sigmoid(a), sigmoid(-a)),
    Rule("slope of tanh without cancellation", 1 - tanh(a)**2, 1 / cosh(a)**2),
    Rule("sinh without cancellation", (exp(a) - exp(-a)) / 2, sinh(a)),
    Rule("cosh minus one", cosh(a) - 1, 2 * sinh(a / 2)**2),
    Rule("tanh without overflow", (exp(2 * a) - 1) / (exp(2 * a) + 1), tanh(a)),
    Rule("one minus erf without cancellation", 1 - erf(a), erfc(a)),
    # circular functions
    Rule("one minus cosine", 1 - cos(a), 2 * sin(a / 2)**2),
    Rule("difference of sines", sin(a) - sin(b), 2 * sin((a - b) / 2) * cos((a + b) / 2)),
    Rule("difference of cosines", cos(a) - cos(b), -2 * sin((a - b) / 2) * sin((a + b) / 2)),
    Rule("difference of tangents", tan(a) - tan(b), sin(a - b) / (cos(a) * cos(b))),
    Rule("difference of arctangents without cancellation", atan(a) - atan(b), atan((a - b) / (1 + a * b)), needs=a * b > -1),
    Rule("arccosine near one", acos(1 - a), 2 * asin(sqrt(a / 2))),
    # roots, squares and fractions
    Rule("difference of neighbouring roots", sqrt(a + 1) - sqrt(a), 1 / (sqrt(a + 1) + sqrt(a))),
    Rule("difference of roots", sqrt(a) - sqrt(b), (a - b) / (sqrt(a) + sqrt(b)), needs=a.ne(0).or_(b.ne(0))),
    Rule("root of one plus, minus one", sqrt(1 + a) - 1, a / (1 + sqrt(1 + a))),
    Rule("one minus root of one minus", 1 - sqrt(1 - a), a / (1 + sqrt(1 - a))),
    Rule("difference of squares as factors", a**2 - b**2, (a - b) * (a + b)),
    Rule("difference of reciprocals", 1 / a - 1 / b, (b - a) / (a * b)),
    Rule("difference of neighbouring reciprocals", 1 / (a + 1) - 1 / a, -1 / (a * (a + 1))),
    Rule("length without overflow", sqrt(a**2 + b**2), hypot(a, b)),
    Rule("Horner's scheme", a * c**2 + b * c + n, (a * c + b) * c + n),
    # rejected: (1 + a)**n - 1 -> expm1(n*log1p(a)), undefined at a = -2, n = 2
))
