"""Identities of sums, products, quotients and powers; roots and abs have their own module."""

from __future__ import annotations

from symdiff.expr import ONE, ZERO
from symdiff.operations.arithmetic import neg
from symdiff.operations.elementary import exp, ln
from symdiff.operations.piecewise import floor
from symdiff.simplification.rule import Rule, Stage, a, b, c, d, m, marked, n

__all__ = ["RULES"]

RULES = (
    *marked(
        Stage.BUILT_IN,
        Rule("zero term", a + 0, a),
        Rule("opposite terms", a - a, ZERO),
        Rule("double", a + a, 2 * a),
        Rule("like terms", m * a + n * a, (m + n) * a),
        Rule("double minus", neg(neg(a)), a),
        Rule("minus a sum", -(a + b), -a - b),
        Rule("minus a minus", a - (-b), a + b),
        Rule("number times a sum", 3 * (a + b), 3 * a + 3 * b),
        Rule("zero minus", 0 - a, -a),
        Rule("factor one", a * 1, a),
        Rule("factor zero", a * 0, ZERO),
        Rule("square", a * a, a**2),
        Rule("minus in a product", (-a) * b, -(a * b)),
        Rule("divided by one", a / 1, a),
        Rule("divided by itself", a / a, ONE, records=a.ne(0)),
        Rule("zero divided", 0 / a, ZERO, records=a.ne(0)),
        Rule("minus below the line", a / (-b), -(a / b)),
        Rule("quotient divided", (a / b) / c, a / (b * c)),
        Rule("divided by a quotient", a / (b / c), a * c / b, records=c.ne(0)),
        Rule("reciprocal twice", 1 / (1 / a), a, records=a.ne(0)),
        Rule("cancel a factor", (a * b) / (a * c), b / c, records=a.ne(0)),
        Rule("times a quotient", a * (b / c), (a * b) / c),
        Rule("common denominator", a / b + c / b, (a + c) / b),
        Rule("sum of fractions", a / b + c / d, (a * d + c * b) / (b * d)),
        Rule("opposite numerator", (a - b) / (b - a), -ONE, records=a.ne(b)),
        Rule("quotient of squares", (a**2 - b**2) / (a - b), a + b, records=a.ne(b)),
        Rule("quotient of cubes", (a**3 - b**3) / (a - b), a**2 + a * b + b**2, records=a.ne(b)),
        Rule("sum over product", (a + b) / (a * b), 1 / a + 1 / b),
        Rule("common factor", a * b + a * c, a * (b + c)),
        Rule("difference of squares", a**2 - b**2, (a - b) * (a + b)),
        Rule("conjugate factors", (a - b) * (a + b), a**2 - b**2),
        Rule("square of a sum", a**2 + 2 * a * b + b**2, (a + b)**2),
        Rule("square of a difference", a**2 - 2 * a * b + b**2, (a - b)**2),
        Rule("cube of a sum", a**3 + 3 * a**2 * b + 3 * a * b**2 + b**3, (a + b)**3),
        Rule("difference of cubes", a**3 - b**3, (a - b) * (a**2 + a * b + b**2)),
        Rule("sum of cubes", a**3 + b**3, (a + b) * (a**2 - a * b + b**2)),
        Rule("four times a product", (a + b)**2 - (a - b)**2, 4 * a * b),
        Rule("fourth powers", a**4 + a**2 * b**2 + b**4, (a**2 + a * b + b**2) * (a**2 - a * b + b**2)),
        Rule("whole part of a quotient", a / (a + b) + b / (a + b), ONE, records=(a + b).ne(0)),
    ),
    *marked(
        Stage.BUILT_IN,
        Rule("exponent one", a**1, a),
        Rule("exponent zero", a**0, ONE, why="0^0 is 1 by convention"),
        Rule("power of one", 1**a, ONE),
        Rule("product of powers", a**2 * a**3, a**5),
        Rule("power over power", a**(-2) * a**3, a, records=a.ne(0)),
        Rule("power of a power", (a**3)**2, a**6),
        Rule("reciprocal of a reciprocal", (a**(-1))**(-1), a, records=a.ne(0)),
        Rule("power of a product", (a * b)**3, a**3 * b**3),
        Rule("power of a quotient", (a / b)**(-2), b**2 / a**2, records=b.ne(0)),
        Rule("even power of a minus", (-a)**4, a**4),
        Rule("odd power of a minus", (-a)**3, -a**3),
        Rule("negative exponent", a**(-n), 1 / a**n, needs=a.ne(0).or_(n >= 0)),
        Rule("product of powers of one base", a**m * a**n, a**(m + n),
             records=(a > 0).or_(m.eq(floor(m)).and_(n.eq(floor(n))).and_(a < 0)).or_(a.eq(0).and_(m >= 0).and_(n >= 0))),
        Rule("base times its power", a**n * a, a**(n + 1), records=a.ne(0).or_(n >= 0)),
        Rule("power over its base", a**n / a, a**(n - 1), records=a.ne(0)),
        Rule("general power of a power", (a**m)**n, a**(m * n), needs=a > 0),  # not at a = -1, m = 2, n = 1/2
        Rule("whole power of a power", (a**m)**n, a**(m * n), needs=n.eq(floor(n)),
             records=(a > 0).or_(m.eq(floor(m)).and_(a.ne(0))).or_(a.eq(0).and_(m >= 0))),
        Rule("general power of a product", (a * b)**n, a**n * b**n, needs=(a > 0).and_(b > 0)),  # not at a = b = -1, n = 1/2
        Rule("general power with a positive factor", (a * b)**n, a**n * b**n, needs=a > 0),
        Rule("whole power of a product", (a * b)**n, a**n * b**n, needs=n.eq(floor(n))),
    ),
    Rule("power of zero", 0**a, ZERO, needs=a > 0),
    Rule("powers of one exponent", a**n * b**n, (a * b)**n, records=n.eq(floor(n)).or_((a >= 0).and_(b >= 0))),
    Rule("quotient of powers of one exponent", a**n / b**n, (a / b)**n, needs=(n > 0).or_(b.ne(0)),
         records=n.eq(floor(n)).or_((a >= 0).and_(b > 0))),  # 0^0/0^0 is 1 and (0/0)^0 is nothing; 1/0^n is 0 for n < 0, as a product
    *marked(
        Stage.EXPANSION,
        Rule("distribute", a * (b + c), a * b + a * c),
        Rule("split a fraction", (a + b) / c, a / c + b / c),
        Rule("split an exponent", a**(m + n), a**m * a**n, needs=a > 0),
        Rule("power as exponential", a**n, exp(n * ln(a)), needs=a > 0),
    ),
    # rejected: a**m * a**n -> a**(m + n) without the record: at a = -1, m = n = 1/2 the left side has no value, the right is -1
    # rejected: (a**2)**(1/2) -> a, wrong at a = -1; it is abs(a)
    # rejected: (a*b)**n -> a**n * b**n, undefined at a = b = -1, n = 1/2
    # rejected: a**(-n) -> 1/a**n without a condition: at a = 0, n = -1 the left side is 0, the right side undefined
    # rejected: 0**a -> 0, wrong at a = 0, where it is 1
    # rejected: a/(b/c) -> a*c/b without recording c != 0
)
