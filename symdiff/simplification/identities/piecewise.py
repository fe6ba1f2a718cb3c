"""Identities of max, min, floor, ceil, mod, step, relu and `where`."""

from __future__ import annotations

from symdiff.expr import ONE, ZERO
from symdiff.operations.elementary import exp
from symdiff.operations.learning import relu
from symdiff.operations.op import TABLE
from symdiff.operations.piecewise import abs_, ceil, floor, max_, min_, mod, sign, step, where
from symdiff.simplification.rule import Rule, Stage, a, b, c, d, marked

__all__ = ["RULES"]

not_ = TABLE["not"]

RULES = (
    # max and min
    *marked(
        Stage.BUILT_IN,
        Rule("max of equals", max_(a, a), a),
        Rule("min of equals", min_(a, a), a),
        Rule("max in a max", max_(max_(a, b), c), max_(a, b, c)),
        Rule("min in a min", min_(min_(a, b), c), min_(a, b, c)),
        Rule("max in any order", max_(a, b), max_(b, a)),
    ),
    Rule("max where the order is known", max_(a, b), a, needs=a >= b),
    Rule("min where the order is known", min_(a, b), a, needs=a <= b),
    Rule("max plus min", max_(a, b) + min_(a, b), a + b),
    Rule("max minus min", max_(a, b) - min_(a, b), abs_(a - b)),
    Rule("max times min", max_(a, b) * min_(a, b), a * b),
    Rule("max of opposites", max_(a, -a), abs_(a)),
    Rule("min of opposites", min_(a, -a), -abs_(a)),
    Rule("minus the max of minuses", -max_(-a, -b), min_(a, b)),
    Rule("minus the min of minuses", -min_(-a, -b), max_(a, b)),
    Rule("max absorbs min", max_(a, min_(a, b)), a),
    Rule("min absorbs max", min_(a, max_(a, b)), a),
    Rule("max by abs", (a + b + abs_(a - b)) / 2, max_(a, b)),
    Rule("min by abs", (a + b - abs_(a - b)) / 2, min_(a, b)),
    Rule("max of sums", max_(a + c, b + c), max_(a, b) + c),
    Rule("min of sums", min_(a + c, b + c), min_(a, b) + c),
    Rule("max of multiples", max_(c * a, c * b), c * max_(a, b), needs=c >= 0),
    Rule("min of multiples", min_(c * a, c * b), c * min_(a, b), needs=c >= 0),
    Rule("max of exponentials", max_(exp(a), exp(b)), exp(max_(a, b))),
    Rule("min of exponentials", min_(exp(a), exp(b)), exp(min_(a, b))),
    Rule("max of abs of opposites", max_(abs_(a + b), abs_(a - b)), abs_(a) + abs_(b)),
    # relu and step
    Rule("half of a number and its abs", (a + abs_(a)) / 2, relu(a)),
    Rule("max with zero", max_(a, ZERO), relu(a)),
    Rule("difference of relu of opposites", relu(a) - relu(-a), a),
    Rule("sum of relu of opposites", relu(a) + relu(-a), abs_(a)),
    Rule("product of relu of opposites", relu(a) * relu(-a), ZERO),
    Rule("relu of a nonnegative", relu(a), a, needs=a >= 0),
    Rule("relu of a nonpositive", relu(a), ZERO, needs=a <= 0),
    Rule("relu of relu", relu(relu(a)), relu(a)),
    Rule("relu by step", a * step(a), relu(a)),
    Rule("step times relu", step(a) * relu(a), relu(a)),
    Rule("sign times relu", sign(a) * relu(a), relu(a)),
    Rule("step of a positive", step(a), ONE, needs=a > 0),
    Rule("step of a nonpositive", step(a), ZERO, needs=a <= 0),
    Rule("square of step", step(a)**2, step(a)),
    Rule("step times sign", step(a) * sign(a), step(a)),
    Rule("step of opposites", step(a) + step(-a), ONE, needs=a.ne(0)),
    Rule("product of steps of opposites", step(a) * step(-a), ZERO),
    Rule("difference of steps of opposites", step(a) - step(-a), sign(a)),
    Rule("sign by step", 2 * step(a) - 1, sign(a), needs=a.ne(0)),
    Rule("step by sign", (1 + sign(a)) / 2, step(a), needs=a.ne(0)),
    # floor, ceil and mod
    Rule("floor of an integer", floor(a), a, needs=a.eq(floor(a))),
    Rule("ceil of an integer", ceil(a), a, needs=a.eq(floor(a))),
    Rule("floor of floor", floor(floor(a)), floor(a)),
    Rule("ceil of ceil", ceil(ceil(a)), ceil(a)),
    Rule("ceil of floor", ceil(floor(a)), floor(a)),
    Rule("floor of ceil", floor(ceil(a)), ceil(a)),
    Rule("minus the floor of a minus", -floor(-a), ceil(a)),
    Rule("minus the ceil of a minus", -ceil(-a), floor(a)),
    Rule("remainder and multiple", mod(a, b) + b * floor(a / b), a, records=b.ne(0)),
    Rule("remainder of a remainder", mod(mod(a, b), b), mod(a, b)),
    Rule("remainder by itself", mod(a, a), ZERO, records=a.ne(0)),
    Rule("remainder of a multiple", mod(a * b, b), ZERO, needs=a.eq(floor(a)), records=b.ne(0)),
    Rule("remainder of zero", mod(ZERO, a), ZERO, records=a.ne(0)),
    # where
    *marked(
        Stage.BUILT_IN,
        Rule("equal branches", where(a < b, c, c), c),
    ),
    Rule("negated less", where(not_(a < b), c, d), where(a < b, d, c)),
    Rule("negated at most", where(not_(a <= b), c, d), where(a <= b, d, c)),
    Rule("negated greater", where(not_(a > b), c, d), where(a > b, d, c)),
    Rule("negated at least", where(not_(a >= b), c, d), where(a >= b, d, c)),
    Rule("negated equality", where(not_(a.eq(b)), c, d), where(a.eq(b), d, c)),
    Rule("condition that holds", where(a > b, c, d), c, needs=a > b),
    Rule("condition that fails", where(a > b, c, d), d, needs=a <= b),
    Rule("weak condition that holds", where(a >= b, c, d), c, needs=a >= b),
    Rule("weak condition that fails", where(a >= b, c, d), d, needs=a < b),
    Rule("less that holds", where(a < b, c, d), c, needs=a < b),
    Rule("less that fails", where(a < b, c, d), d, needs=a >= b),
    Rule("at most that holds", where(a <= b, c, d), c, needs=a <= b),
    Rule("at most that fails", where(a <= b, c, d), d, needs=a > b),
    Rule("inequality that holds", where(a.ne(b), c, d), c, needs=a.ne(b)),
    Rule("equality that fails", where(a.eq(b), c, d), d, needs=a.ne(b)),
    Rule("the larger by choice", where(a > b, a, b), max_(a, b)),
    Rule("the larger by weak choice", where(a >= b, a, b), max_(a, b)),
    Rule("the smaller by choice", where(a > b, b, a), min_(a, b)),
    Rule("the smaller by weak choice", where(a >= b, b, a), min_(a, b)),
    Rule("the smaller by less", where(a < b, a, b), min_(a, b)),
    Rule("the smaller by at most", where(a <= b, a, b), min_(a, b)),
    Rule("the larger by less", where(a < b, b, a), max_(a, b)),
    Rule("the larger by at most", where(a <= b, b, a), max_(a, b)),
    Rule("abs by choice", where(a > 0, a, -a), abs_(a)),
    Rule("abs by weak choice", where(a >= 0, a, -a), abs_(a)),
    Rule("abs by less", where(a < 0, -a, a), abs_(a)),
    Rule("abs by at most", where(a <= 0, -a, a), abs_(a)),
    Rule("relu by choice", where(a > 0, a, ZERO), relu(a)),
    Rule("relu by weak choice", where(a >= 0, a, ZERO), relu(a)),
    Rule("relu by less", where(a < 0, ZERO, a), relu(a)),
    Rule("relu by at most", where(a <= 0, ZERO, a), relu(a)),
    Rule("step by choice", where(a > 0, ONE, ZERO), step(a)),
    Rule("step by at most", where(a <= 0, ZERO, ONE), step(a)),
    Rule("sign by choice", where(a > 0, ONE, where(a < 0, -ONE, ZERO)), sign(a)),
    Rule("choice of equals", where(a.eq(b), a, b), b),
    Rule("choice of different", where(a.ne(b), a, b), a),
    Rule("one condition twice, inside the first", where(a > b, where(a > b, c, d), d), where(a > b, c, d)),
    Rule("one condition twice, inside the second", where(a > b, c, where(a > b, c, d)), where(a > b, c, d)),
    *marked(
        Stage.EXPANSION,
        Rule("expand relu", relu(a), max_(a, ZERO)),
        Rule("expand max by abs", max_(a, b), (a + b + abs_(a - b)) / 2),
        Rule("expand mod", mod(a, b), a - b * floor(a / b)),
        Rule("negative part", (a - abs_(a)) / 2, min_(a, ZERO)),
    ),
    # rejected: step(a) + step(-a) -> 1, wrong at a = 0
    # rejected: (1 + sign(a))/2 -> step(a), wrong at a = 0
    # rejected: floor(a + b) -> floor(a) + floor(b), wrong at a = b = 1/2
    # rejected: where(a >= 0, 1, 0) -> step(a), wrong at a = 0
    # rejected: max(c*a, c*b) -> c*max(a, b), wrong at c = -1
    # rejected: mod(a, b) -> a - b*floor(a/b) from the right to the left without recording b != 0; both sides have no value at b = 0
)
