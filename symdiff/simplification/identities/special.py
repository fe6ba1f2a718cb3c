"""Identities of the error functions and of the gamma function's family."""

from __future__ import annotations

from symdiff.expr import ONE, ZERO, number
from symdiff.operations.arithmetic import PI
from symdiff.operations.elementary import exp, ln, sqrt
from symdiff.operations.piecewise import abs_, floor
from symdiff.operations.special import digamma, erf, erfc, erfi, gamma, lgamma, polygamma
from symdiff.operations.trigonometric import cos, cot, sin
from symdiff.simplification.rule import Rule, Stage, a, marked

__all__ = ["RULES"]

NO_POLE = (a > 0).or_(a.ne(floor(a)))
"""The gamma functions have poles at 0, -1, -2, ..."""

RULES = (
    *marked(
        Stage.BUILT_IN,
        Rule("erf is odd", erf(-a), -erf(a)),
        Rule("erfi is odd", erfi(-a), -erfi(a)),
    ),
    Rule("erf plus erfc", erf(a) + erfc(a), ONE),
    Rule("one minus erf", 1 - erf(a), erfc(a)),
    Rule("one minus erfc", 1 - erfc(a), erf(a)),
    Rule("one plus erf", 1 + erf(a), erfc(-a)),
    Rule("erfc of opposites", erfc(a) + erfc(-a), number(2)),
    Rule("two minus erfc", 2 - erfc(a), erfc(-a)),
    Rule("gamma of a half", gamma(ONE / 2), sqrt(PI)),
    Rule("gamma recurrence", a * gamma(a), gamma(a + 1), records=a.ne(0)),
    Rule("gamma recurrence downwards", gamma(a + 1) / a, gamma(a)),
    Rule("quotient of neighbouring gammas", gamma(a + 1) / gamma(a), a, records=NO_POLE),
    Rule("reflection of gamma", gamma(a) * gamma(1 - a), PI / sin(PI * a)),
    Rule("reflection of gamma about a half", gamma(ONE / 2 + a) * gamma(ONE / 2 - a), PI / cos(PI * a)),
    Rule("logarithm of gamma", ln(gamma(a)), lgamma(a), records=gamma(a) > 0),
    Rule("logarithm of abs of gamma", ln(abs_(gamma(a))), lgamma(a)),
    Rule("lgamma recurrence", lgamma(a) + ln(a), lgamma(a + 1), records=a > 0),
    Rule("lgamma recurrence by abs", lgamma(a) + ln(abs_(a)), lgamma(a + 1), records=a.ne(0)),
    Rule("difference of neighbouring lgammas", lgamma(a + 1) - lgamma(a), ln(abs_(a)), records=NO_POLE),
    Rule("digamma recurrence", digamma(a) + 1 / a, digamma(a + 1), records=a.ne(0)),
    Rule("difference of neighbouring digammas", digamma(a + 1) - digamma(a), 1 / a, records=NO_POLE),
    Rule("reflection of digamma", digamma(1 - a) - digamma(a), PI * cot(PI * a)),
    Rule("polygamma of order zero", polygamma(ZERO, a), digamma(a)),
    Rule("trigamma recurrence", polygamma(ONE, a) - 1 / a**2, polygamma(ONE, a + 1), records=a.ne(0)),
    Rule("difference of neighbouring trigammas", polygamma(ONE, a) - polygamma(ONE, a + 1), 1 / a**2, records=NO_POLE),
    *marked(
        Stage.ALWAYS,
        Rule("exponential of lgamma", exp(lgamma(a)), abs_(gamma(a))),
    ),
    *marked(
        Stage.EXPANSION,
        Rule("expand gamma of a sum", gamma(a + 1), a * gamma(a), needs=a.ne(0)),
        Rule("erfc by erf", erfc(a), 1 - erf(a)),
        Rule("duplication of gamma", gamma(a) * gamma(a + ONE / 2), 2**(1 - 2 * a) * sqrt(PI) * gamma(2 * a)),
    ),
    # rejected: gamma(a + 1) -> a*gamma(a), undefined at a = 0, where the left side is 1
    # rejected: exp(lgamma(a)) -> gamma(a), wrong at a = -1/2, where gamma is negative
    # rejected: ln(gamma(a)) -> lgamma(a) without recording gamma(a) > 0: lgamma is ln(abs(gamma))
)
