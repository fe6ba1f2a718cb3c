"""The forms that users ask for by name: expand, factor, together, cancel, collect, trigsimp; each keeps every value.

Like simplify they may extend the domain (x/x is 1).  They work on the sums, products and quotients of the formula; what stands inside
functions stays as it is, except in expand.  Partial fractions are in partial_fractions.py, the polynomials underneath in rational.py.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from symdiff.errors import UsageError
from symdiff.expr import NUMBER, ONE, SYMBOL, Expr, Real, number
from symdiff.operations.arithmetic import E, add, div, mul
from symdiff.operations.op import as_expr
from symdiff.simplification.canonical import Canonical, coefficient_and_rest, factors_of, terms_of
from symdiff.simplification.display import Display
from symdiff.simplification.expansion import Expansion, over_arithmetic
from symdiff.simplification.factoring import factor as factors_of_polynomial
from symdiff.simplification.identities import hyperbolic, trigonometric
from symdiff.simplification.matching import RuleIndex
from symdiff.simplification.polynomials import TooLarge
from symdiff.simplification.rational import Rational
from symdiff.simplification.rewriting import Rewriting
from symdiff.simplification.ring import NotPolynomial, Ring
from symdiff.simplification.rule import Stage
from symdiff.simplification.vocabulary import VOCABULARIES, folded, rewritten
from symdiff.symbols import Symbol
from symdiff.walk import graph_size, paused_collector

__all__ = ["Forms", "PlainDisplay", "cancel", "collect", "expand", "factor", "together", "trigsimp"]


def expand(expression: Expr | Real) -> Expr:
    """Products and whole powers of sums multiplied out, everywhere in the formula.

    What would form more than `limits.expanded_terms` terms stays as it is.

    >>> from symdiff import parse
    >>> expand(parse("(x + 1)^3 + sin(2*(x + y))"))
    Expr('x^3 + 3*x^2 + 3*x + sin(2*x + 2*y) + 1')
    """
    with paused_collector():
        forms = Forms(plain=True)
        return forms.display.of(forms.expansion.of(forms.canonical.of(as_expr(expression))))


def factor(expression: Expr | Real) -> Expr:
    """The numerator and the denominator as products of irreducible factors with rational coefficients.

    Functions, roots and exponentials count as variables.  Polynomials too large to factor stay whole.

    >>> from symdiff import parse
    >>> factor(parse("x^2 - 1")), factor(parse("exp(2*x)/(x^2 + 2*x*y + y^2) - 1/(x + y)^2"))
    (Expr('(x - 1)*(x + 1)'), Expr('(exp(x) - 1)*(exp(x) + 1)/(x + y)^2'))
    """
    with paused_collector():
        forms = Forms()
        return forms.product(forms.factored(forms.combined(as_expr(expression))))


def together(expression: Expr | Real) -> Expr:
    """One fraction over a common denominator.

    >>> from symdiff import parse
    >>> together(parse("1/x + 1/y"))
    Expr('(x + y)/(x*y)')
    """
    with paused_collector():
        forms = Forms()
        return forms.display.of(forms.combined(as_expr(expression)))


def cancel(expression: Expr | Real) -> Expr:
    """One fraction, its numerator and denominator multiplied out and without common factors.

    >>> from symdiff import parse
    >>> cancel(parse("(x^2 - 1)/(x - 1)^2"))
    Expr('(x + 1)/(x - 1)')
    """
    with paused_collector():
        forms = Forms(plain=True)
        top, bottom = [forms.expansion.of_top(part) for part in forms.fraction(forms.combined(as_expr(expression)))]
        return forms.display.of(forms.canonical.product([top, forms.canonical.power(bottom, number(-1))]))


def collect(expression: Expr | Real, x: Expr | str) -> Expr:
    """A sum ordered by the powers of x, which may be any formula: multiplied out, then terms with the same power put together.

    >>> from symdiff import parse
    >>> collect(parse("a*x^2 + b*x^2 + x*(a + 1) + c"), "x")
    Expr('x^2*(a + b) + x*(a + 1) + c')
    >>> collect(parse("a*exp(x) + exp(x) + exp(2*x)"), parse("exp(x)"))
    Expr('exp(x)*(a + 1) + exp(2*x)')
    """
    with paused_collector():
        forms = Forms(plain=True)
        variable = forms.canonical.of(Symbol(x) if isinstance(x, str) else as_expr(x))
        if (not variable.args and variable.op is not SYMBOL) or variable.op is add or variable.op is mul:
            raise UsageError(f"collect takes a symbol, a function or a power to collect by, not '{x}'")
        whole = forms.expansion.of_top(forms.canonical.of(as_expr(expression)))
        groups: dict[Expr, list[Expr]] = {}
        for term in terms_of(whole):
            power = _power_in(term, variable, forms.canonical)
            groups.setdefault(power, []).append(forms.canonical.product([term, forms.canonical.power(power, number(-1))]))
        collected = [forms.canonical.product([power, forms.canonical.sum(rest)]) for power, rest in groups.items()]
        return forms.display.of(forms.canonical.sum(collected))


def trigsimp(expression: Expr | Real) -> Expr:
    """A shorter form by the identities of circular and hyperbolic functions alone.

    >>> from symdiff import parse
    >>> trigsimp(parse("sin(x)^2*y + cos(x)^2*y")), trigsimp(parse("2*sin(x)*cos(x)"))
    (Expr('y'), Expr('sin(2*x)'))
    """
    with paused_collector():
        return Forms().trigonometric(as_expr(expression))


class Forms:
    """The tools of one call: canonical form, display, combination and expansion, with one memory."""

    def __init__(self, plain: bool = False) -> None:
        self.canonical = Canonical()
        self.display = PlainDisplay(self.canonical) if plain else Display(self.canonical)
        self.rational = Rational(self.canonical, self.price, relations=False)
        self.expansion = Expansion(self.canonical)

    def price(self, form: Expr) -> float:
        return self.display.prices.of(self.display.of(form))

    def combined(self, expression: Expr) -> Expr:
        """The canonical form as one product, its arithmetic combined and cancelled, what is inside functions left alone."""
        rational, canonical = self.rational, self.canonical

        def rule(node: Expr) -> Expr:
            if node.op is add:
                return rational.combined(node)
            return rational.cancelled(node) if node.op is mul else node
        form = canonical.of(expression)
        for _ in range(3):  # combining may bring new fractions together
            better = over_arithmetic(form, rule, canonical)
            if better is form:
                break
            form = better
        return form

    def fraction(self, product: Expr) -> tuple[Expr, Expr]:
        """A canonical product as numerator and denominator."""
        coefficient, rest = coefficient_and_rest(product)
        top, bottom = [number(coefficient)], [ONE]
        if not isinstance(coefficient, float):
            top, bottom = [number(coefficient.numerator)], [number(coefficient.denominator)]
        for base, exponent in factors_of(rest) if rest is not ONE else []:
            below = base is not E and exponent.op is NUMBER and exponent.value < 0
            (bottom if below else top).append(self.canonical.power(base, self.canonical.scaled(-1, exponent) if below else exponent))
        return self.canonical.product(top), self.canonical.product(bottom)

    def factored(self, product: Expr) -> Expr:
        """A canonical product with the sums in whole powers split into irreducible factors."""
        parts = [product]
        for base, exponent in factors_of(product):
            if base.op is add and type(exponent.value) is int:
                parts += [self.canonical.power(base, number(-exponent.value))]
                parts += [self.canonical.power(part, number(n * exponent.value)) for part, n in self._factors(base)]
        return self.canonical.product(parts)

    def _factors(self, total: Expr) -> list[tuple[Expr, int]]:
        ring = Ring(self.canonical)
        try:
            ring.need_inside(total)
            scale, inside = ring.of_sum(total)
            content, found = factors_of_polynomial(inside)
        except (TooLarge, NotPolynomial):
            return [(total, 1)]
        return [(number(scale * content), 1), *[(ring.expression(p), n) for p, n in found]]

    def product(self, form: Expr) -> Expr:
        """A canonical product as written, a number before a sum kept outside: 2*(x + 1)."""
        if form.op is not add:
            return self.display.of(form)
        content, primitive = self.canonical.content(form)
        if content == 1:
            return self.display.of(form)
        top, bottom = content.numerator, content.denominator
        shown = self.display.of(primitive)
        shown = shown if top == 1 else mul(number(top), shown)
        return shown if bottom == 1 else div(shown, number(bottom))

    def trigonometric(self, expression: Expr) -> Expr:
        """The cheapest of the forms that trigonometry reaches, the one given if none is cheaper."""
        canonical = self.canonical
        form = canonical.of(expression)
        rational = Rational(canonical, self.price)
        rewriting = Rewriting(_trigonometric_rules(), lambda condition: False, self.price, canonical)
        known: dict[Expr, Expr] = {}
        starts = [form, rewritten(form, VOCABULARIES["sines and cosines"], canonical)]
        found = [form]
        for start in dict.fromkeys(starts):
            combined = rational.of(start)
            found += [combined, folded(rational.split(combined), canonical, self.price, known)]
            found += [rewriting.of(part)[0] for part in (start, combined)]
        shown = [expression, *[self.display.of(part) for part in dict.fromkeys(found)]]
        return min(shown, key=lambda node: (round(self.display.prices.of(node), 6), graph_size(node)))


@cache
def _trigonometric_rules() -> RuleIndex:
    return RuleIndex([rule for rule in (*trigonometric.RULES, *hyperbolic.RULES) if rule.stage in (Stage.ALWAYS, Stage.SEARCH)])


class PlainDisplay(Display):
    """Readable forms with every sum written term by term."""

    def _grouped(self, node: Expr, denominators: list[int]) -> Any:
        return ()


def _power_in(term: Expr, variable: Expr, canonical: Canonical) -> Expr:
    """The power of the variable in a term: x^2 in 3*x^2*y, e^(2*t) in y*e^(2*t + 1) for e^t."""
    base, unit = factors_of(variable)[0]
    for found, exponent in factors_of(term):
        if found is not base:
            continue
        if base is E:
            _, wanted = coefficient_and_rest(unit)
            matching = [part for part in terms_of(exponent) if coefficient_and_rest(part)[1] is wanted]
            return canonical.power(E, matching[0]) if matching else ONE
        return canonical.power(base, exponent)
    return ONE
