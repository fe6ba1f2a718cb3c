"""Identities of sigmoid, softplus, relu, silu and gelu, and the forms in exponentials they come from."""

from __future__ import annotations

from symdiff.expr import ONE
from symdiff.operations.elementary import exp, ln, sqrt
from symdiff.operations.hyperbolic import tanh
from symdiff.operations.learning import gelu, sigmoid, silu, softplus
from symdiff.operations.special import erf, erfc
from symdiff.simplification.rule import Rule, Stage, a, b, marked

__all__ = ["RULES"]

RULES = (
    # sigmoid
    Rule("sigmoid by exponential", 1 / (1 + exp(-a)), sigmoid(a)),
    Rule("sigmoid by growing exponential", exp(a) / (1 + exp(a)), sigmoid(a)),
    Rule("two-way softmax", exp(a) / (exp(a) + exp(b)), sigmoid(a - b)),
    Rule("slope of sigmoid", exp(-a) / (1 + exp(-a))**2, sigmoid(a) * sigmoid(-a)),
    Rule("slope of sigmoid by growing exponential", exp(a) / (1 + exp(a))**2, sigmoid(a) * sigmoid(-a)),
    Rule("one minus sigmoid", 1 - sigmoid(a), sigmoid(-a)),
    Rule("sigmoid of opposites", sigmoid(a) + sigmoid(-a), ONE),
    Rule("exponential times sigmoid", exp(-a) * sigmoid(a), sigmoid(-a)),
    Rule("quotient of sigmoids of opposites", sigmoid(a) / sigmoid(-a), exp(a)),
    Rule("sigmoid times its denominator", sigmoid(a) * (1 + exp(-a)), ONE),
    Rule("sigmoid times one plus exponential", sigmoid(a) * (1 + exp(a)), exp(a)),
    Rule("tanh by sigmoid", 2 * sigmoid(2 * a) - 1, tanh(a)),
    Rule("sigmoid by tanh", (1 + tanh(a)) / 2, sigmoid(2 * a)),
    Rule("sigmoid of a minus by tanh", (1 - tanh(a)) / 2, sigmoid(-2 * a)),
    Rule("tanh of the half by exponential", (1 - exp(-a)) / (1 + exp(-a)), tanh(a / 2)),
    Rule("logit of sigmoid", ln(sigmoid(a) / (1 - sigmoid(a))), a),
    Rule("logit of sigmoid by opposites", ln(sigmoid(a) / sigmoid(-a)), a),
    *marked(
        Stage.ALWAYS,
        Rule("sigmoid of logit", sigmoid(ln(a / (1 - a))), a, records=(a > 0).and_(a < 1)),
        Rule("sigmoid of a difference of logarithms", sigmoid(ln(a) - ln(b)), a / (a + b), records=(a > 0).and_(b > 0)),
        Rule("sigmoid of a logarithm", sigmoid(ln(a)), a / (1 + a), records=a > 0),
        Rule("sigmoid of minus a logarithm", sigmoid(-ln(a)), 1 / (1 + a), records=a > 0),
        Rule("exponential of softplus", exp(softplus(a)), 1 + exp(a)),
        Rule("exponential of minus softplus", exp(-softplus(a)), sigmoid(-a)),
    ),
    # softplus
    Rule("softplus by logarithm", ln(1 + exp(a)), softplus(a)),
    Rule("difference of softplus of opposites", softplus(a) - softplus(-a), a),
    Rule("softplus of a minus and its argument", softplus(-a) + a, softplus(a)),
    Rule("softplus minus its argument", softplus(a) - a, softplus(-a)),
    Rule("logarithm of sigmoid", -ln(sigmoid(a)), softplus(-a)),
    Rule("logarithm of one minus sigmoid", ln(1 - sigmoid(a)), -softplus(a)),
    Rule("logarithm of a sum of exponentials, one taken out", ln(exp(a) + exp(b)) - a, softplus(b - a)),
    # silu and gelu
    Rule("silu by sigmoid", a * sigmoid(a), silu(a)),
    Rule("silu by exponential", a / (1 + exp(-a)), silu(a)),
    Rule("difference of silu of opposites", silu(a) - silu(-a), a),
    Rule("silu over sigmoid", silu(a) / sigmoid(a), a),
    Rule("silu over its argument", silu(a) / a, sigmoid(a), records=a.ne(0)),
    Rule("gelu by erf", a * (1 + erf(a / sqrt(2 * ONE))) / 2, gelu(a)),
    Rule("gelu by erfc", a * erfc(-a / sqrt(2 * ONE)) / 2, gelu(a)),
    Rule("difference of gelu of opposites", gelu(a) - gelu(-a), a),
    *marked(
        Stage.EXPANSION,
        Rule("expand sigmoid", sigmoid(a), 1 / (1 + exp(-a))),
        Rule("reciprocal of sigmoid", 1 / sigmoid(a), 1 + exp(-a)),
        Rule("expand softplus", softplus(a), ln(1 + exp(a))),
        Rule("sigmoid of a minus", sigmoid(-a), 1 - sigmoid(a)),
        Rule("logarithm of sigmoid by softplus", ln(sigmoid(a)), -softplus(-a)),
        Rule("expand silu", silu(a), a * sigmoid(a)),
        Rule("expand gelu", gelu(a), a * erfc(-a / sqrt(2 * ONE)) / 2),
    ),
    # rejected: sigmoid(ln(a/(1 - a))) -> a without recording 0 < a < 1
    # rejected: softplus(a) -> max(a, 0), wrong at a = 0, where it is ln(2)
    # rejected: sigmoid(a)**2*exp(-a) -> sigmoid(-a)**2, wrong at a = 1
)
