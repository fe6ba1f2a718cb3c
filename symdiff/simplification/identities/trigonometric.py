"""Identities of the circular functions; compositions with their inverses are in inverse_functions.py."""

from __future__ import annotations

from symdiff.expr import ONE
from symdiff.operations.arithmetic import PI
from symdiff.operations.trigonometric import cos, cot, csc, sec, sin, tan
from symdiff.simplification.rule import Rule, Stage, a, b, marked

__all__ = ["RULES"]

SINE, COSINE = sin(a).ne(0), cos(a).ne(0)

RULES = (
    *marked(
        Stage.BUILT_IN,
        Rule("sine is odd", sin(-a), -sin(a)),
        Rule("cosine is even", cos(-a), cos(a)),
        Rule("tangent is odd", tan(-a), -tan(a)),
        Rule("cotangent is odd", cot(-a), -cot(a)),
        Rule("secant is even", sec(-a), sec(a)),
        Rule("cosecant is odd", csc(-a), -csc(a)),
    ),
    # squares
    Rule("Pythagoras", sin(a)**2 + cos(a)**2, ONE),
    Rule("one minus the square of sine", 1 - sin(a)**2, cos(a)**2),
    Rule("one minus the square of cosine", 1 - cos(a)**2, sin(a)**2),
    Rule("one plus the square of tangent", 1 + tan(a)**2, sec(a)**2),
    Rule("one plus the square of cotangent", 1 + cot(a)**2, csc(a)**2),
    Rule("square of secant minus one", sec(a)**2 - 1, tan(a)**2),
    Rule("square of cosecant minus one", csc(a)**2 - 1, cot(a)**2),
    Rule("square of secant minus square of tangent", sec(a)**2 - tan(a)**2, ONE, records=COSINE),
    Rule("square of cosecant minus square of cotangent", csc(a)**2 - cot(a)**2, ONE, records=SINE),
    Rule("reciprocal square of cosine minus square of tangent", 1 / cos(a)**2 - tan(a)**2, ONE, records=COSINE),
    Rule("reciprocal square of cosine minus one", 1 / cos(a)**2 - 1, tan(a)**2),
    Rule("reciprocal square of sine minus one", 1 / sin(a)**2 - 1, cot(a)**2),
    Rule("fourth powers of sine and cosine", cos(a)**4 - sin(a)**4, cos(2 * a)),
    Rule("square of sine and cosine together", (sin(a) + cos(a))**2, 1 + sin(2 * a)),
    Rule("square of cosine minus sine", (cos(a) - sin(a))**2, 1 - sin(2 * a)),
    # quotients and reciprocals
    Rule("sine over cosine", sin(a) / cos(a), tan(a)),
    Rule("cosine over sine", cos(a) / sin(a), cot(a)),
    Rule("reciprocal of cosine", 1 / cos(a), sec(a)),
    Rule("reciprocal of sine", 1 / sin(a), csc(a)),
    Rule("reciprocal of tangent", 1 / tan(a), cot(a), records=COSINE),
    Rule("reciprocal of cotangent", 1 / cot(a), tan(a), records=SINE),
    Rule("reciprocal of secant", 1 / sec(a), cos(a), records=COSINE),
    Rule("reciprocal of cosecant", 1 / csc(a), sin(a), records=SINE),
    Rule("tangent times cosine", tan(a) * cos(a), sin(a), records=COSINE),
    Rule("cotangent times sine", cot(a) * sin(a), cos(a), records=SINE),
    Rule("secant times cosine", sec(a) * cos(a), ONE, records=COSINE),
    Rule("cosecant times sine", csc(a) * sin(a), ONE, records=SINE),
    Rule("tangent times cotangent", tan(a) * cot(a), ONE, records=SINE.and_(COSINE)),
    Rule("sine times secant", sin(a) * sec(a), tan(a)),
    Rule("cosine times cosecant", cos(a) * csc(a), cot(a)),
    Rule("tangent times cosecant", tan(a) * csc(a), sec(a), records=SINE),
    Rule("cotangent times secant", cot(a) * sec(a), csc(a), records=COSINE),
    Rule("tangent over sine", tan(a) / sin(a), sec(a), records=SINE),
    Rule("cotangent over cosine", cot(a) / cos(a), csc(a), records=COSINE),
    Rule("sine over tangent", sin(a) / tan(a), cos(a), records=SINE.and_(COSINE)),
    Rule("cosine over cotangent", cos(a) / cot(a), sin(a), records=SINE.and_(COSINE)),
    Rule("tangent over secant", tan(a) / sec(a), sin(a), records=COSINE),
    Rule("cotangent over cosecant", cot(a) / csc(a), cos(a), records=SINE),
    Rule("secant over cosecant", sec(a) / csc(a), tan(a), records=SINE),
    Rule("cosecant over secant", csc(a) / sec(a), cot(a), records=COSINE),
    Rule("secant over tangent", sec(a) / tan(a), csc(a), records=COSINE),
    Rule("cosecant over cotangent", csc(a) / cot(a), sec(a), records=SINE),
    # double, triple and half angles
    Rule("sine of the double angle", 2 * sin(a) * cos(a), sin(2 * a)),
    Rule("cosine of the double angle", cos(a)**2 - sin(a)**2, cos(2 * a)),
    Rule("cosine of the double angle by cosine", 2 * cos(a)**2 - 1, cos(2 * a)),
    Rule("cosine of the double angle by sine", 1 - 2 * sin(a)**2, cos(2 * a)),
    Rule("half of one plus cosine", (1 + cos(2 * a)) / 2, cos(a)**2),
    Rule("half of one minus cosine", (1 - cos(2 * a)) / 2, sin(a)**2),
    Rule("tangent of the double angle", 2 * tan(a) / (1 - tan(a)**2), tan(2 * a), records=COSINE),
    Rule("sine by tangent of the half", 2 * tan(a) / (1 + tan(a)**2), sin(2 * a), records=COSINE),
    Rule("cosine by tangent of the half", (1 - tan(a)**2) / (1 + tan(a)**2), cos(2 * a), records=COSINE),
    Rule("tangent of the half angle", sin(a) / (1 + cos(a)), tan(a / 2)),
    Rule("tangent of the half angle by sine", (1 - cos(a)) / sin(a), tan(a / 2), records=SINE),
    Rule("cotangent of the half angle", sin(a) / (1 - cos(a)), cot(a / 2)),
    Rule("cotangent of the half angle by sine", (1 + cos(a)) / sin(a), cot(a / 2), records=SINE),
    Rule("cosecant minus cotangent", csc(a) - cot(a), tan(a / 2), records=SINE),
    Rule("cosecant plus cotangent", csc(a) + cot(a), cot(a / 2), records=SINE),
    Rule("square of the half tangent", (1 - cos(a)) / (1 + cos(a)), tan(a / 2)**2),
    Rule("cotangent minus tangent", cot(a) - tan(a), 2 * cot(2 * a)),
    Rule("cotangent plus tangent", cot(a) + tan(a), 2 * csc(2 * a)),
    Rule("sine of the triple angle", 3 * sin(a) - 4 * sin(a)**3, sin(3 * a)),
    Rule("cosine of the triple angle", 4 * cos(a)**3 - 3 * cos(a), cos(3 * a)),
    # sums of angles
    Rule("sine of a sum", sin(a) * cos(b) + cos(a) * sin(b), sin(a + b)),
    Rule("sine of a difference", sin(a) * cos(b) - cos(a) * sin(b), sin(a - b)),
    Rule("cosine of a sum", cos(a) * cos(b) - sin(a) * sin(b), cos(a + b)),
    Rule("cosine of a difference", cos(a) * cos(b) + sin(a) * sin(b), cos(a - b)),
    Rule("tangent of a sum", (tan(a) + tan(b)) / (1 - tan(a) * tan(b)), tan(a + b), records=cos(a).ne(0).and_(cos(b).ne(0))),
    Rule("tangent of a difference", (tan(a) - tan(b)) / (1 + tan(a) * tan(b)), tan(a - b), records=cos(a).ne(0).and_(cos(b).ne(0))),
    Rule("sum of sines of sum and difference", sin(a + b) + sin(a - b), 2 * sin(a) * cos(b)),
    Rule("difference of sines of sum and difference", sin(a + b) - sin(a - b), 2 * cos(a) * sin(b)),
    Rule("sum of cosines of sum and difference", cos(a + b) + cos(a - b), 2 * cos(a) * cos(b)),
    Rule("difference of cosines of sum and difference", cos(a - b) - cos(a + b), 2 * sin(a) * sin(b)),
    # quarter turns; the canonical form takes half turns out
    Rule("sine a quarter on", sin(a + PI / 2), cos(a)),
    Rule("cosine a quarter on", cos(a + PI / 2), -sin(a)),
    Rule("tangent a quarter on", tan(a + PI / 2), -cot(a)),
    Rule("sine of the complement", sin(PI / 2 - a), cos(a)),
    Rule("cosine of the complement", cos(PI / 2 - a), sin(a)),
    Rule("tangent of the complement", tan(PI / 2 - a), cot(a)),
    Rule("cotangent of the complement", cot(PI / 2 - a), tan(a)),
    *marked(
        Stage.EXPANSION,
        Rule("tangent by sine and cosine", tan(a), sin(a) / cos(a)),
        Rule("cotangent by sine and cosine", cot(a), cos(a) / sin(a)),
        Rule("secant by cosine", sec(a), 1 / cos(a)),
        Rule("cosecant by sine", csc(a), 1 / sin(a)),
        Rule("expand the sine of a double angle", sin(2 * a), 2 * sin(a) * cos(a)),
        Rule("expand the cosine of a double angle", cos(2 * a), 2 * cos(a)**2 - 1),
        Rule("expand the sine of a sum", sin(a + b), sin(a) * cos(b) + cos(a) * sin(b)),
        Rule("expand the cosine of a sum", cos(a + b), cos(a) * cos(b) - sin(a) * sin(b)),
        Rule("product of sines", sin(a) * sin(b), (cos(a - b) - cos(a + b)) / 2),
        Rule("product of cosines", cos(a) * cos(b), (cos(a - b) + cos(a + b)) / 2),
        Rule("product of sine and cosine", sin(a) * cos(b), (sin(a + b) + sin(a - b)) / 2),
        Rule("sum of tangents", tan(a) + tan(b), sin(a + b) / (cos(a) * cos(b))),
        Rule("one plus the square of tangent by cosine", 1 + tan(a)**2, 1 / cos(a)**2),
    ),
    # rejected: cos(a)/sin(a) -> 1/tan(a), undefined at a = pi/2, where the left side is 0
    # rejected: tan(2*a) -> 2*tan(a)/(1 - tan(a)**2), undefined at a = pi/2, where the left side is 0
    # rejected: sin(a) -> sqrt(1 - cos(a)**2), wrong at a = -1
)
