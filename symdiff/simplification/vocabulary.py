"""The same formula in other functions: everything in sines and cosines, in sinh and cosh, in exponentials; and products folded back.

Each table says how a function is written in others, those of VOCABULARIES in others with the same domain or a larger one.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import gcd, lcm

from symdiff.expr import NUMBER, ONE, Expr, number
from symdiff.operations import TABLE
from symdiff.operations.arithmetic import E, add, mul
from symdiff.operations.arithmetic import pow as power_row
from symdiff.simplification.canonical import HALF, Canonical, coefficient_and_rest, factors_of
from symdiff.walk import fold, postorder

__all__ = ["NARROWER", "VOCABULARIES", "folded", "rewritten", "single_angles"]

Build = Callable[[Canonical, Expr], Expr]


def _ratio(top: str | None, bottom: str) -> Build:
    def build(canonical: Canonical, u: Expr) -> Expr:
        below = canonical.power(canonical.function(TABLE[bottom], [u]), number(-1))
        return below if top is None else canonical.product([canonical.function(TABLE[top], [u]), below])
    return build


def _exponentials(signs: tuple[int, int], inverse: bool = False) -> Build:
    """(e^u + s*e^-u)/2 for sinh and cosh."""
    def build(canonical: Canonical, u: Expr) -> Expr:
        up, down = canonical.power(E, u), canonical.power(E, canonical.scaled(-1, u))
        return canonical.scaled(Fraction(1, 2), canonical.sum([canonical.scaled(signs[0], up), canonical.scaled(signs[1], down)]))
    return build


def _sigmoid(canonical: Canonical, u: Expr) -> Expr:
    return canonical.power(canonical.sum([ONE, canonical.power(E, canonical.scaled(-1, u))]), number(-1))


def _tanh(canonical: Canonical, u: Expr) -> Expr:
    grown = canonical.power(E, canonical.scaled(2, u))
    return canonical.product([canonical.sum([grown, number(-1)]), canonical.power(canonical.sum([grown, ONE]), number(-1))])


def _softplus(canonical: Canonical, u: Expr) -> Expr:
    return canonical.function(TABLE["ln"], [canonical.sum([ONE, canonical.power(E, u)])])


CIRCULAR: dict[str, Build] = {"tan": _ratio("sin", "cos"), "cot": _ratio("cos", "sin"), "sec": _ratio(None, "cos"), "csc": _ratio(None, "sin")}
HYPERBOLIC: dict[str, Build] = {
    "tanh": _ratio("sinh", "cosh"), "coth": _ratio("cosh", "sinh"), "sech": _ratio(None, "cosh"), "csch": _ratio(None, "sinh")}
EXPONENTIAL: dict[str, Build] = {
    "sinh": _exponentials((1, -1)), "cosh": _exponentials((1, 1)), "tanh": _tanh, "sigmoid": _sigmoid, "softplus": _softplus}

TANGENTS: dict[str, Build] = {
    "cos": _ratio(None, "sec"), "sin": _ratio("tan", "sec"), "cot": _ratio(None, "tan"), "csc": _ratio("sec", "tan"),
    "cosh": _ratio(None, "sech"), "sinh": _ratio("tanh", "sech"), "coth": _ratio(None, "tanh"), "csch": _ratio("sech", "tanh")}
COTANGENTS: dict[str, Build] = {
    "sin": _ratio(None, "csc"), "cos": _ratio("cot", "csc"), "tan": _ratio(None, "cot"), "sec": _ratio("csc", "cot"),
    "sinh": _ratio(None, "csch"), "cosh": _ratio("coth", "csch"), "tanh": _ratio(None, "coth"), "sech": _ratio("csch", "coth")}
NARROWER: dict[str, tuple[dict[str, Build], frozenset[str]]] = {
    "tangents and secants": (TANGENTS, frozenset({"tan", "sec", "tanh", "sech"})),
    "cotangents and cosecants": (COTANGENTS, frozenset({"cot", "csc", "coth", "csch"}))}
"""Tables whose functions may be defined in fewer places, and those of their functions that a formula has to contain to be tried in them."""

VOCABULARIES: dict[str, dict[str, Build]] = {"sines and cosines": CIRCULAR | HYPERBOLIC, "exponentials": EXPONENTIAL}


def rewritten(root: Expr, table: dict[str, Build], canonical: Canonical) -> Expr:
    """The canonical form with every function of the table written in the table's others."""
    def rule(node: Expr, args: list[Expr]) -> Expr:
        if not args:
            return node
        build = table.get(node.op.name)
        if build is not None:
            return build(canonical, args[0])
        if tuple(args) == node.args:
            return node
        return canonical.of(Expr(node.op, tuple(args)))
    return fold(root, rule)


# Every function of a family as sine^a * cosine^b.
_FAMILIES: tuple[dict[str, tuple[int, int]], ...] = (
    {"sin": (1, 0), "cos": (0, 1), "tan": (1, -1), "cot": (-1, 1), "sec": (0, -1), "csc": (-1, 0)},
    {"sinh": (1, 0), "cosh": (0, 1), "tanh": (1, -1), "coth": (-1, 1), "sech": (0, -1), "csch": (-1, 0)},
)


ANGLES_TOGETHER = 12
"""For up to so many angles in one product, each spelling is priced as part of the product; for more, by itself."""


def folded(root: Expr, canonical: Canonical, price: Callable[[Expr], float], known: dict[Expr, Expr]) -> Expr:
    """Products of sines and cosines (and sinh and cosh) in whatever of tan, sec, ... makes them shortest."""
    def rule(node: Expr, args: list[Expr]) -> Expr:
        if not args:
            return node
        if tuple(args) != node.args:
            node = canonical.of(Expr(node.op, tuple(args)))
        return _folded_product(node, canonical, price) if node.op is mul or node.op is power_row else node
    return fold(root, rule, known)


def _folded_product(node: Expr, canonical: Canonical, price: Callable[[Expr], float]) -> Expr:
    _, rest = coefficient_and_rest(node)
    for family in _FAMILIES:
        totals: dict[Expr, tuple[int, int]] = {}
        spelled: dict[Expr, list[Expr]] = {}
        divisors: set[Expr] = set()
        for base, exponent in factors_of(rest):
            if base.op.name in family and exponent.op is NUMBER and isinstance(exponent.value, int):
                a, b = totals.get(base.args[0], (0, 0))
                p, q = family[base.op.name]
                totals[base.args[0]] = a + p * exponent.value, b + q * exponent.value
                if exponent.value < 0:
                    divisors.add(base.args[0])
                spelled.setdefault(base.args[0], []).append(canonical.power(base, canonical.scaled(-1, exponent)))
        open_angles = [u for u in totals if len(spelled[u]) > 1 or u in divisors]  # tan(u)^2 alone is as short as can be
        if open_angles:
            bare = canonical.product([node, *[inverse for u in open_angles for inverse in spelled[u]]])
            choices = [_spellings(u, *totals[u], family, canonical) for u in open_angles]
            if len(choices) > ANGLES_TOGETHER:
                bare = canonical.product([bare, *[min(map(canonical.product, spellings), key=price) for spellings in choices]])
            else:
                for spellings in choices:
                    bare = min((canonical.product([bare, *spelling]) for spelling in spellings), key=price)
            node = min((node, bare), key=price)
    return node


def _spellings(u: Expr, a: int, b: int, family: dict[str, tuple[int, int]], canonical: Canonical) -> list[list[Expr]]:
    """The ways to write sine(u)^a * cosine(u)^b with at most two functions of the family, or with the double angle."""
    functions = {name: canonical.function(TABLE[name], [u]) for name in family}
    found = []
    for first, (p, q) in family.items():
        for second, (r, t) in family.items():
            determinant = p * t - q * r
            if determinant:  # m*(p, q) + n*(r, t) = (a, b)
                m, n = (a * t - b * r) // determinant, (p * b - q * a) // determinant
                if m >= 0 and n >= 0:
                    found.append([canonical.power(functions[first], number(m)), canonical.power(functions[second], number(n))])
    found.append([canonical.power(functions["sin" if "sin" in family else "sinh"], number(a)),
                  canonical.power(functions["cos" if "sin" in family else "cosh"], number(b))])
    if a * b > 0:
        n = min(abs(a), abs(b)) * (1 if a > 0 else -1)
        sine, cosine = ("sin", "cos") if "sin" in family else ("sinh", "cosh")
        double = canonical.function(TABLE[sine], [canonical.scaled(2, u)])
        found.append([canonical.power(HALF, number(n)), canonical.power(double, number(n)),
                      canonical.power(functions[sine], number(a - n)), canonical.power(functions[cosine], number(b - n))])
    return found


MULTIPLES = 8
"""The largest multiple of an angle that is written in the angle itself."""


def single_angles(root: Expr, canonical: Canonical) -> Expr:
    """sin and cos (and sinh and cosh) of multiples of one angle, all in that angle: cos(2*x) beside sin(x) is 1 - 2*sin(x)^2."""
    angles: dict[Expr, set[Fraction]] = {}
    for node in postorder(root):
        if node.op.name in _TCHEBYSHEV:
            coefficient, rest = _angle(node.args[0], canonical)
            angles.setdefault(rest, set()).add(coefficient)
    units = {rest: _unit(found) for rest, found in angles.items() if len(found) > 1}
    if not units:
        return root

    def rule(node: Expr, args: list[Expr]) -> Expr:
        if not args:
            return node
        if node.op.name in _TCHEBYSHEV:
            coefficient, rest = _angle(node.args[0], canonical)
            multiple = coefficient / units[rest] if rest in units else Fraction(1)
            if 1 < multiple <= MULTIPLES:
                return _multiple(node.op.name, int(multiple), canonical.scaled(units[rest], rest), canonical)
        return node if tuple(args) == node.args else canonical.of(Expr(node.op, tuple(args)))
    return fold(root, rule)


_TCHEBYSHEV = {"sin": ("sin", "cos"), "cos": ("sin", "cos"), "sinh": ("sinh", "cosh"), "cosh": ("sinh", "cosh")}


def _angle(u: Expr, canonical: Canonical) -> tuple[Fraction, Expr]:
    """An argument as positive number times the rest; the canonical form has taken its sign out."""
    coefficient, rest = coefficient_and_rest(u)
    if u.op is add:
        coefficient, rest = canonical.content(u)
    if isinstance(coefficient, float) or coefficient <= 0:
        return Fraction(1), u
    return Fraction(coefficient), rest


def _unit(coefficients: set[Fraction]) -> Fraction:
    """The largest number that all are whole multiples of."""
    return Fraction(gcd(*[c.numerator * lcm(*[d.denominator for d in coefficients]) // c.denominator for c in coefficients]),
                    lcm(*[d.denominator for d in coefficients]))


def _multiple(name: str, n: int, u: Expr, canonical: Canonical) -> Expr:
    """cos(n*u) is T_n(cos(u)), sin(n*u) is sin(u)*U_(n-1)(cos(u)), Tchebyshev's polynomials; so for sinh and cosh."""
    sine, cosine = (canonical.function(TABLE[part], [u]) for part in _TCHEBYSHEV[name])
    first = name in ("cos", "cosh")
    before, polynomial = [1], [0, 1] if first else [0, 2]
    for _ in range((n if first else n - 1) - 1):
        doubled = [0, *[2 * c for c in polynomial]]
        before, polynomial = polynomial, [c - (before[k] if k < len(before) else 0) for k, c in enumerate(doubled)]
    total = canonical.sum([canonical.scaled(c, canonical.power(cosine, number(k))) for k, c in enumerate(polynomial) if c])
    return total if first else canonical.product([sine, total])
