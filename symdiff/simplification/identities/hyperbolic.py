"""Identities of the hyperbolic functions and their forms in exponentials; compositions with inverses are in inverse_functions.py."""

from __future__ import annotations

from symdiff.expr import ONE
from symdiff.operations.elementary import exp, ln
from symdiff.operations.hyperbolic import cosh, coth, csch, sech, sinh, tanh
from symdiff.simplification.rule import Rule, Stage, a, b, marked

__all__ = ["RULES"]

RULES = (
    *marked(
        Stage.BUILT_IN,
        Rule("hyperbolic sine is odd", sinh(-a), -sinh(a)),
        Rule("hyperbolic cosine is even", cosh(-a), cosh(a)),
        Rule("hyperbolic tangent is odd", tanh(-a), -tanh(a)),
    ),
    # squares
    Rule("hyperbolic Pythagoras", cosh(a)**2 - sinh(a)**2, ONE),
    Rule("one plus the square of sinh", 1 + sinh(a)**2, cosh(a)**2),
    Rule("square of cosh minus one", cosh(a)**2 - 1, sinh(a)**2),
    Rule("one minus the square of tanh", 1 - tanh(a)**2, sech(a)**2),
    Rule("one minus the square of sech", 1 - sech(a)**2, tanh(a)**2),
    Rule("square of tanh plus square of sech", tanh(a)**2 + sech(a)**2, ONE),
    Rule("square of coth minus one", coth(a)**2 - 1, csch(a)**2),
    Rule("one plus the square of csch", 1 + csch(a)**2, coth(a)**2),
    Rule("square of coth minus square of csch", coth(a)**2 - csch(a)**2, ONE, records=a.ne(0)),
    Rule("square of tanh plus reciprocal square of cosh", tanh(a)**2 + 1 / cosh(a)**2, ONE),
    # quotients and reciprocals
    Rule("sinh over cosh", sinh(a) / cosh(a), tanh(a)),
    Rule("cosh over sinh", cosh(a) / sinh(a), coth(a)),
    Rule("reciprocal of cosh", 1 / cosh(a), sech(a)),
    Rule("reciprocal of sinh", 1 / sinh(a), csch(a)),
    Rule("reciprocal of tanh", 1 / tanh(a), coth(a)),
    Rule("reciprocal of coth", 1 / coth(a), tanh(a), records=a.ne(0)),
    Rule("reciprocal of sech", 1 / sech(a), cosh(a)),
    Rule("reciprocal of csch", 1 / csch(a), sinh(a), records=a.ne(0)),
    Rule("tanh times cosh", tanh(a) * cosh(a), sinh(a)),
    Rule("coth times sinh", coth(a) * sinh(a), cosh(a), records=a.ne(0)),
    Rule("tanh times coth", tanh(a) * coth(a), ONE, records=a.ne(0)),
    Rule("sech times cosh", sech(a) * cosh(a), ONE),
    Rule("csch times sinh", csch(a) * sinh(a), ONE, records=a.ne(0)),
    Rule("sinh times sech", sinh(a) * sech(a), tanh(a)),
    Rule("cosh times csch", cosh(a) * csch(a), coth(a)),
    Rule("tanh times csch", tanh(a) * csch(a), sech(a), records=a.ne(0)),
    Rule("coth times sech", coth(a) * sech(a), csch(a)),
    Rule("tanh over sinh", tanh(a) / sinh(a), sech(a), records=a.ne(0)),
    Rule("sinh over tanh", sinh(a) / tanh(a), cosh(a), records=a.ne(0)),
    Rule("tanh over sech", tanh(a) / sech(a), sinh(a)),
    # double, triple and half arguments
    Rule("sinh of the double", 2 * sinh(a) * cosh(a), sinh(2 * a)),
    Rule("cosh of the double", cosh(a)**2 + sinh(a)**2, cosh(2 * a)),
    Rule("cosh of the double by cosh", 2 * cosh(a)**2 - 1, cosh(2 * a)),
    Rule("cosh of the double by sinh", 1 + 2 * sinh(a)**2, cosh(2 * a)),
    Rule("half of cosh plus one", (cosh(2 * a) + 1) / 2, cosh(a)**2),
    Rule("half of cosh minus one", (cosh(2 * a) - 1) / 2, sinh(a)**2),
    Rule("tanh of the double", 2 * tanh(a) / (1 + tanh(a)**2), tanh(2 * a)),
    Rule("tanh of the half", sinh(a) / (1 + cosh(a)), tanh(a / 2)),
    Rule("tanh of the half by sinh", (cosh(a) - 1) / sinh(a), tanh(a / 2), records=a.ne(0)),
    Rule("coth of the half", sinh(a) / (cosh(a) - 1), coth(a / 2)),
    Rule("coth minus csch", coth(a) - csch(a), tanh(a / 2), records=a.ne(0)),
    Rule("square of the half tanh", (cosh(a) - 1) / (1 + cosh(a)), tanh(a / 2)**2),
    Rule("sinh of the triple", 3 * sinh(a) + 4 * sinh(a)**3, sinh(3 * a)),
    Rule("cosh of the triple", 4 * cosh(a)**3 - 3 * cosh(a), cosh(3 * a)),
    # sums of arguments
    Rule("sinh of a sum", sinh(a) * cosh(b) + cosh(a) * sinh(b), sinh(a + b)),
    Rule("sinh of a difference", sinh(a) * cosh(b) - cosh(a) * sinh(b), sinh(a - b)),
    Rule("cosh of a sum", cosh(a) * cosh(b) + sinh(a) * sinh(b), cosh(a + b)),
    Rule("cosh of a difference", cosh(a) * cosh(b) - sinh(a) * sinh(b), cosh(a - b)),
    Rule("tanh of a sum", (tanh(a) + tanh(b)) / (1 + tanh(a) * tanh(b)), tanh(a + b)),
    Rule("tanh of a difference", (tanh(a) - tanh(b)) / (1 - tanh(a) * tanh(b)), tanh(a - b)),
    # exponentials
    Rule("cosh plus sinh", cosh(a) + sinh(a), exp(a)),
    Rule("cosh minus sinh", cosh(a) - sinh(a), exp(-a)),
    Rule("sinh by exponentials", (exp(a) - exp(-a)) / 2, sinh(a)),
    Rule("cosh by exponentials", (exp(a) + exp(-a)) / 2, cosh(a)),
    Rule("tanh by exponentials", (exp(a) - exp(-a)) / (exp(a) + exp(-a)), tanh(a)),
    Rule("tanh by the double exponential", (exp(2 * a) - 1) / (exp(2 * a) + 1), tanh(a)),
    Rule("coth by exponentials", (exp(a) + exp(-a)) / (exp(a) - exp(-a)), coth(a)),
    Rule("coth by the double exponential", (exp(2 * a) + 1) / (exp(2 * a) - 1), coth(a)),
    Rule("sech by exponentials", 2 / (exp(a) + exp(-a)), sech(a)),
    Rule("csch by exponentials", 2 / (exp(a) - exp(-a)), csch(a)),
    Rule("cosh of the half by exponentials", 2 + exp(a) + exp(-a), 4 * cosh(a / 2)**2),
    Rule("sinh of the half by exponentials", exp(a) + exp(-a) - 2, 4 * sinh(a / 2)**2),
    *marked(
        Stage.ALWAYS,
        Rule("sinh of a logarithm", sinh(ln(a)), (a - 1 / a) / 2, records=a > 0),
        Rule("cosh of a logarithm", cosh(ln(a)), (a + 1 / a) / 2, records=a > 0),
        Rule("tanh of a logarithm", tanh(ln(a)), (a**2 - 1) / (a**2 + 1), records=a > 0),
    ),
    *marked(
        Stage.EXPANSION,
        Rule("hyperbolic tangent by sinh and cosh", tanh(a), sinh(a) / cosh(a)),
        Rule("expand sinh", sinh(a), (exp(a) - exp(-a)) / 2),
        Rule("expand cosh", cosh(a), (exp(a) + exp(-a)) / 2),
        Rule("expand sinh of a double", sinh(2 * a), 2 * sinh(a) * cosh(a)),
        Rule("expand cosh of a double", cosh(2 * a), 2 * cosh(a)**2 - 1),
        Rule("one minus the square of tanh by cosh", 1 - tanh(a)**2, 1 / cosh(a)**2),
    ),
    # rejected: coth(a)*sinh(a) -> cosh(a) without recording a != 0
    # rejected: coth(a) -> 1/tanh(a)**2*tanh(a), the same value, dearer
)
