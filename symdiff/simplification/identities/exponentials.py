"""Identities of exponentials and logarithms of all bases; sigmoid and softplus are in learning.py, hyperbolic forms in hyperbolic.py."""

from __future__ import annotations

from symdiff.expr import ONE, ZERO, number
from symdiff.operations.elementary import cbrt, exp, expm1, ln, log, log1p, log2, log10, sqrt
from symdiff.operations.piecewise import abs_
from symdiff.simplification.rule import Rule, Stage, a, b, marked, n

__all__ = ["RULES"]

TWO, TEN = number(2), number(10)

RULES = (
    *marked(
        Stage.BUILT_IN,
        Rule("exponential of zero", exp(ZERO), ONE),
        Rule("product of exponentials", exp(a) * exp(b), exp(a + b)),
        Rule("quotient of exponentials", exp(a) / exp(b), exp(a - b)),
        Rule("reciprocal of an exponential", 1 / exp(a), exp(-a)),
        Rule("exponential times its reciprocal", exp(a) * exp(-a), ONE),
        Rule("power of an exponential", exp(a)**n, exp(n * a)),
        Rule("root of an exponential", sqrt(exp(a)), exp(a / 2)),
        Rule("exponential of a logarithm", exp(ln(a)), a, records=a > 0),
        Rule("exponential of a multiple of a logarithm", exp(n * ln(a)), a**n, records=a > 0),
        Rule("exponential of minus a logarithm", exp(-ln(a)), 1 / a, records=a > 0),
        Rule("exponential of a sum with a logarithm", exp(a + ln(b)), b * exp(a), records=b > 0),
        Rule("logarithm of an exponential", ln(exp(a)), a),
        Rule("logarithm of one", ln(ONE), ZERO),
        Rule("logarithm of a reciprocal", ln(1 / a), -ln(a)),
        Rule("minus logarithm of a reciprocal", -ln(1 / a), ln(a)),
        Rule("logarithm of a root", ln(sqrt(a)), ln(a) / 2),
        Rule("log1p of expm1", log1p(expm1(a)), a),
        Rule("expm1 of log1p", expm1(log1p(a)), a, records=a > -1),
    ),
    *marked(
        Stage.ALWAYS,
        Rule("exponential of log1p", exp(log1p(a)), 1 + a, records=a > -1),
        Rule("logarithm of one plus expm1", ln(1 + expm1(a)), a),
        Rule("binary logarithm of a power", log2(TWO**a), a),
        Rule("power of a binary logarithm", TWO**log2(a), a, records=a > 0),
        Rule("decimal logarithm of a power", log10(TEN**a), a),
        Rule("power of a decimal logarithm", TEN**log10(a), a, records=a > 0),
        Rule("power of its own logarithm", a**(ln(b) / ln(a)), b, records=(a > 0).and_(a.ne(1)).and_(b > 0)),
        Rule("power of a logarithm to its base", a**log(b, a), b, records=(a > 0).and_(a.ne(1)).and_(b > 0)),
        Rule("logarithm of a multiple of an exponential", ln(b * exp(a)), a + ln(b)),
    ),
    Rule("one more than expm1", expm1(a) + 1, exp(a)),
    Rule("log1p of one less", log1p(a - 1), ln(a)),
    Rule("logarithm of a power", ln(a**n), n * ln(a), needs=a > 0),  # not at a = -1, n = 2
    Rule("logarithm of abs, doubled", 2 * ln(abs_(a)), ln(a**2)),
    Rule("sum of logarithms of one plus and one minus", ln(1 + a) + ln(1 - a), ln(1 - a**2)),
    Rule("sum of logarithms", ln(a) + ln(b), ln(a * b), records=(a > 0).and_(b > 0)),
    Rule("difference of logarithms", ln(a) - ln(b), ln(a / b), records=(a > 0).and_(b > 0)),
    Rule("sum of logarithms of abs", ln(abs_(a)) + ln(abs_(b)), ln(abs_(a * b))),
    Rule("difference of logarithms of abs", ln(abs_(a)) - ln(abs_(b)), ln(abs_(a / b))),
    Rule("binary logarithm from the natural", ln(a) / ln(TWO), log2(a)),
    Rule("decimal logarithm from the natural", ln(a) / ln(TEN), log10(a)),
    Rule("natural logarithm from the binary", log2(a) * ln(TWO), ln(a)),
    Rule("natural logarithm from the decimal", log10(a) * ln(TEN), ln(a)),
    Rule("quotient of binary logarithms", log2(a) / log2(b), ln(a) / ln(b)),
    Rule("quotient of decimal logarithms", log10(a) / log10(b), ln(a) / ln(b)),
    Rule("sum of log1p", log1p(a) + log1p(-a), log1p(-a**2)),
    Rule("logarithm of a logarithm's base", log(a, a), ONE, records=(a > 0).and_(a.ne(1))),
    *marked(
        Stage.EXPANSION,
        Rule("logarithm of a square", ln(a**2), 2 * ln(abs_(a))),
        Rule("logarithm of a cube", ln(a**3), 3 * ln(a)),
        Rule("logarithm of a cube root", ln(cbrt(a)), ln(a) / 3),
        Rule("split a logarithm by abs", ln(a * b), ln(abs_(a)) + ln(abs_(b)), records=a * b > 0),
        Rule("split a logarithm", ln(a * b), ln(a) + ln(b), needs=a > 0),
        Rule("split a logarithm of a quotient", ln(a / b), ln(a) - ln(b), needs=b > 0),
        Rule("double logarithm", 2 * ln(a), ln(a**2), records=a > 0),
        Rule("logarithm to a base", log(a, b), ln(a) / ln(b)),
        Rule("exponential of a sum", exp(a + b), exp(a) * exp(b)),
    ),
    # rejected: ln(a**2) -> 2*ln(a), undefined at a = -1; with abs it holds for every a
    # rejected: ln(a*b) -> ln(a) + ln(b), undefined at a = b = -1
    # rejected: 2*ln(a) -> ln(a**2) without recording a > 0: it invents a value at a = -1
    # rejected: exp(ln(a)) -> a without recording a > 0
    # rejected: ln(a)/ln(b) -> ln(a - b), a beginner's law, wrong nearly everywhere
)
