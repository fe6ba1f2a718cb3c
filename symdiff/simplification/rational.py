"""Rational simplification: sums over a common denominator, common factors taken out and cancelled, factored powers kept factored.

Works on canonical forms, cluster by cluster, and never expands a power that all terms share.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from symdiff import limits
from symdiff.expr import NUMBER, ONE, ZERO, Expr, number
from symdiff.numbers import Exact
from symdiff.operations import TABLE
from symdiff.operations.arithmetic import add, mul
from symdiff.operations.arithmetic import pow as power_row
from symdiff.simplification import polynomials as poly
from symdiff.simplification.canonical import Canonical, factors_of, terms_of
from symdiff.simplification.division import divide, divide_exact
from symdiff.simplification.factoring import factor, square_free
from symdiff.simplification.gcds import gcd_with_cofactors
from symdiff.simplification.polynomials import Polynomial, TooLarge
from symdiff.simplification.ring import LIMITS, Monomial, NotPolynomial, Offsets, Ring, parted, split
from symdiff.walk import fold, postorder

__all__ = ["Rational"]

MAX_ADDENDS = 60
COMBINATION_WORK = 20
"""Steps that combining any sum counts as, beside one for each of its terms and of the polynomial's."""
FACTORED_DEGREE, FACTORED_TERMS = 16, 60
"""Larger polynomials are split into square-free parts only: their irreducible factors make no shorter formula."""
MAX_CANCELLED = 4_000
"""Products of lengths of two sums whose common factors are looked for."""
RELATIONS = (  # f(u)^2 = a + b*g(u)^2, on the whole domain of either
    ("cos", "sin", 1, -1), ("cosh", "sinh", 1, 1), ("sec", "tan", 1, 1), ("csc", "cot", 1, 1), ("sech", "tanh", 1, -1), ("csch", "coth", -1, 1),
)
PARTNER = {f: g for f, g, _, _ in RELATIONS} | {g: f for f, g, _, _ in RELATIONS}


class Rational:
    """The combined form of canonical nodes, each made once.

    relations: whether sin^2 + cos^2 = 1 and its like are used.  effort: by what `limits.simplifier_work` is multiplied.
    """

    def __init__(self, canonical: Canonical, price: Callable[[Expr], float], relations: bool = True, effort: float = 1.0) -> None:
        self.relations = RELATIONS if relations else ()
        self.canonical = canonical
        self.price = price
        self._form: dict[Expr, Expr] = {}
        self._split: dict[Expr, Expr] = {}
        self.work = 0
        self.effort = effort

    def of(self, root: Expr) -> Expr:
        """Every sum below the root combined, from the inside out."""
        form = self._form
        if root not in form:
            for node in postorder(root, known=form):
                form[node] = result = self._formed(node, [form[child] for child in node.args])
                form.setdefault(result, result)
        return form[root]

    def _formed(self, node: Expr, args: list[Expr]) -> Expr:
        canonical, op = self.canonical, node.op
        if not args:
            return node
        if op is mul:
            return self.regrouped(self.cancelled(canonical.product(args)))
        if op is power_row:
            return canonical.power(args[0], args[1])
        if op is not add:
            return canonical.function(op, args)
        total = canonical.sum(args)
        return self.combined(total) if total.op is add else total

    def combined(self, total: Expr) -> Expr:
        """One canonical sum as a product of powers, if it fits the limits; else the sum."""
        terms = terms_of(total)
        self.work += COMBINATION_WORK + len(terms)
        if len(terms) > MAX_ADDENDS or self.exhausted:
            return total
        try:
            return _Combination(self, terms).result()
        except (TooLarge, NotPolynomial):
            return total

    @property
    def exhausted(self) -> bool:
        """Whether this call has done all the work its limit allows; counted in steps, so that the same input gets the same output."""
        return self.work > limits.simplifier_work * self.effort


    def split(self, root: Expr) -> Expr:
        """Quotients whose numerator partly cancels, as a sum where that is cheaper: (x - y*x - y)/(x + 1) is x/(x + 1) - y."""
        def rule(node: Expr, args: list[Expr]) -> Expr:
            if not args:
                return node
            if tuple(args) != node.args:
                node = self.canonical.of(Expr(node.op, tuple(args)))
            return min([node, *self._splits(node)], key=self.price) if node.op is mul else node
        return fold(root, rule, self._split)

    def _splits(self, node: Expr) -> Iterator[Expr]:
        factors = factors_of(node)
        tops = [base for base, exponent in factors if base.op is add and exponent is ONE]
        bottoms = [base for base, exponent in factors if base.op is add and type(exponent.value) is int and exponent.value < 0]
        if len(tops) != 1 or len(tops[0].args) > 40:
            return
        yield from self._over_monomial(node, tops[0])
        for bottom in bottoms:
            try:
                ring = Ring(self.canonical)
                ring.need_inside(tops[0])
                ring.need_inside(bottom)
                (top_content, top), (bottom_content, below) = ring.of_sum(tops[0]), ring.of_sum(bottom)
                for quotient, rest in _divisions(top, below, ring.size):
                    over = self.canonical.product([node, self.canonical.power(tops[0], number(-1)), number(top_content)])
                    whole = self.canonical.product([over, bottom, number(1 / bottom_content), ring.expression(quotient)])
                    yield self.canonical.sum([whole, self.canonical.product([over, ring.expression(rest)])])
            except (TooLarge, NotPolynomial):
                continue

    def _over_monomial(self, node: Expr, top: Expr) -> Iterator[Expr]:
        """(a*x + b)/x as a + b/x, where that saves an operation and not a pair of parentheses only."""
        below = [self.canonical.power(base, exponent) for base, exponent in factors_of(node)
                 if base.op is not add and type(exponent.value) is int and exponent.value < 0]
        if below:
            apart = self.canonical.sum([self.canonical.product([term, *below]) for term in top.args])
            others = [self.canonical.power(base, number(-exponent.value)) for base, exponent in map(_only_factor, below)]
            candidate = self.canonical.product([node, self.canonical.power(top, number(-1)), *others, apart])
            if self.price(candidate) <= self.price(node) - 1:
                yield candidate

    def cancelled(self, product: Expr) -> Expr:
        """Common factors of sums above and below the line taken out of both: (x^2 - 1)/(x - 1) is x + 1."""
        factors = [(base, exponent.value) for base, exponent in factors_of(product) if base.op is add and type(exponent.value) is int]
        above, below = [f for f in factors if f[1] > 0], [f for f in factors if f[1] < 0]
        for top, m in above:
            for bottom, n in below:
                if self.exhausted:
                    return product
                self.work += COMBINATION_WORK
                shorter = self._cancelled_pair(product, (top, m), (bottom, n))
                if shorter is not None:
                    return self.cancelled(shorter) if shorter.op is mul else shorter
        return product

    def _cancelled_pair(self, product: Expr, top: tuple[Expr, int], bottom: tuple[Expr, int]) -> Expr | None:
        canonical, ring = self.canonical, Ring(self.canonical)
        try:
            ring.need_inside(top[0])
            ring.need_inside(bottom[0])
            (c, p), (d, q) = ring.of_sum(top[0]), ring.of_sum(bottom[0])
            if len(p) * len(q) > MAX_CANCELLED:
                return None
            common, p, q = gcd_with_cofactors(p, q)
        except (TooLarge, NotPolynomial):
            return None
        if poly.is_constant(common):
            return None
        parts = [(ring.expression(common), top[1] + bottom[1]), (ring.expression(p), top[1]), (ring.expression(q), bottom[1]),
                 (number(c), top[1]), (number(d), bottom[1]), (top[0], -top[1]), (bottom[0], -bottom[1])]
        return canonical.product([product, *[canonical.power(base, number(exponent)) for base, exponent in parts]])

    def regrouped(self, product: Expr) -> Expr:
        """Sums to the same power multiplied out where that is shorter: (x - 1)*(x + 1) is x^2 - 1.

        Under a root this may extend the domain, to where both sums are negative.
        """
        if product.op is not mul:
            return product
        groups: dict[Fraction, list[Expr]] = {}
        for base, exponent in factors_of(product):
            if base.op is add and exponent.op is NUMBER and type(exponent.value) is not float:
                groups.setdefault(Fraction(exponent.value), []).append(base)
        for power, bases in groups.items():
            if 1 < len(bases) <= 4:
                for chosen in _choices(bases):
                    self.work += COMBINATION_WORK
                    shorter = self._multiplied_out(product, chosen, power)
                    if shorter is not None:
                        return self.regrouped(shorter)
        return product

    def _multiplied_out(self, product: Expr, bases: tuple[Expr, ...], exponent: Fraction) -> Expr | None:
        canonical = self.canonical
        try:
            ring = Ring(canonical)
            for base in bases:
                ring.need_inside(base)
            _, inside = ring.of_terms([Monomial(Fraction(1), {base: Fraction(1) for base in bases})])
        except (TooLarge, NotPolynomial):
            return None
        if len(inside) > max(4, *[len(base.args) for base in bases]):
            return None
        expanded = canonical.power(ring.expression(inside), number(exponent))
        separate = canonical.product([canonical.power(base, number(exponent)) for base in bases])
        if self.price(expanded) >= self.price(separate) or not _are_coprime(ring, bases):
            return None  # of a product with a factor in common, factoring would bring the square back
        inverse = [canonical.power(base, number(-exponent)) for base in bases]
        return canonical.product([product, *inverse, expanded])


def _divisions(top: Polynomial, below: Polynomial, size: int) -> Iterator[tuple[Polynomial, Polynomial]]:
    """(quotient, remainder) of the top by what is below: by powers of each kernel, and as polynomials in it."""
    for i in range(size):
        quotient: Polynomial = {}
        rest: Polynomial = {}
        for k, part in poly.coefficients(top, i).items():
            power: Polynomial = {tuple(k if j == i else 0 for j in range(size)): 1}
            exact = divide_exact(part, below, LIMITS)
            if exact is None:
                rest = poly.add(rest, poly.multiply(part, power))
            else:
                quotient = poly.add(quotient, poly.multiply(exact, power))
        if quotient and rest:
            yield quotient, rest
        if 0 < poly.degree(below, i) <= poly.degree(top, i):
            divided = divide(top, below, i, LIMITS)
            if divided is not None and divided[0] and divided[1]:
                yield divided


def _only_factor(power: Expr) -> tuple[Expr, Expr]:
    (factor,) = factors_of(power)
    return factor


def _are_coprime(ring: Ring, bases: Sequence[Expr]) -> bool:
    parts = [ring.of_sum(base)[1] for base in bases]
    return all(poly.is_constant(gcd_with_cofactors(p, q)[0]) for i, p in enumerate(parts) for q in parts[i + 1:])


def _choices(bases: list[Expr]) -> list[tuple[Expr, ...]]:
    """All of them, then every pair."""
    pairs = [(a, b) for i, a in enumerate(bases) for b in bases[i + 1:]]
    return ([tuple(bases)] if len(bases) > 2 else []) + list(pairs)


class _Combination:
    """The work on one sum: common powers outside, one polynomial inside."""

    def __init__(self, rational: Rational, terms: tuple[Expr, ...]) -> None:
        self.rational = rational
        self.canonical = rational.canonical
        self.ring = Ring(self.canonical)
        offsets = self._least_offsets(terms)
        self.parts = [split(term, self.canonical, offsets) for term in terms]
        self._unify_signs()
        self.common = self._common_powers()

    def _least_offsets(self, terms: tuple[Expr, ...]) -> Offsets:
        """For each symbolic power b^(s + m) the least m, where all of them differ by whole numbers; of powers in their bases too."""
        found: dict[tuple[Expr, Expr], list[Exact]] = {}
        parts = list(terms)
        while parts:
            part = parts.pop()
            if part.op is mul:
                parts += part.args
            elif part.op is power_row and part.args[1].op is not NUMBER:
                symbolic, offset = parted(part.args[1], self.canonical)
                found.setdefault((part.args[0], symbolic), []).append(offset)
                parts.append(part.args[0])
        return {key: min(values) for key, values in found.items() if all((v - values[0]).denominator == 1 for v in values)}

    def _unify_signs(self) -> None:
        """u and -u as bases become one, if one of them has whole exponents only."""
        bases = {base: None for part in self.parts for base in part.powers if base.op is add}
        for base in list(bases):
            mirrored = self.canonical.scaled(-1, base)
            if mirrored not in bases or base not in bases:
                continue
            whole = all(part.powers.get(base, 0).denominator == 1 for part in self.parts)
            if whole:
                del bases[base]
                for part in self.parts:
                    exponent = part.powers.pop(base, None)
                    if exponent is not None:
                        part.coefficient *= -1 if exponent.numerator % 2 else 1
                        part.times(mirrored, exponent)

    def _common_powers(self) -> dict[Expr, Exact]:
        """Of every base the least exponent over all terms leaves the sum."""
        bases = {base: None for part in self.parts for base in part.powers}
        least = {base: min(part.powers.get(base, 0) for part in self.parts) for base in bases}
        for base, exponent in least.items():
            if exponent:
                for part in self.parts:
                    part.times(base, -exponent)
        return {base: exponent for base, exponent in least.items() if exponent}

    def result(self) -> Expr:
        ring = self.ring
        for part in self.parts:
            for base, exponent in part.powers.items():
                ring.need(base, exponent)
        divisors = self._divisors()
        self._make_room_for_partners()
        scale, inside = ring.of_terms(self.parts)
        variants = self._variants(inside)
        if any(not variant for variant in variants):
            return ZERO
        inside = self._cancelled(variants, divisors)
        content = poly.content(inside)
        if poly.leading(inside)[1] < 0:
            content = -content
        inside = _divided(inside, content)
        return self._rebuilt(scale * content, inside)

    def _divisors(self) -> list[Expr]:
        """Sums in the common powers that the inside may contain as factors."""
        divisors = []
        for base in self.common:
            if base.op is add:
                try:
                    self.ring.need_inside(base)
                except NotPolynomial:
                    continue
                divisors.append(base)
        return divisors

    def _make_room_for_partners(self) -> None:
        for base in list(self.ring.place) if self.rational.relations else ():
            partner = PARTNER.get(base.op.name)
            if partner is not None:
                self.ring.need(Expr(TABLE[partner], base.args), 1)

    def _variants(self, inside: Polynomial) -> list[Polynomial]:
        """The polynomial modulo the squares' relations, in every orientation that does not lengthen it; best first."""
        variants = [inside]
        for f, g, a, b in self.rational.relations:
            for base, i in self.ring.place.items():
                if base.op.name != f:
                    continue
                j = self.ring.place[Expr(TABLE[g], base.args)]
                found: list[Polynomial] = []
                for p in variants:
                    found += [p, self._without_square(p, i, j, a, b), self._without_square(p, j, i, -a * b, b)]
                found.sort(key=_length)
                variants = found[:4]
        return variants

    def _without_square(self, p: Polynomial, i: int, j: int, a: int, b: int) -> Polynomial:
        """The square of the i-th kernel replaced by a + b times that of the j-th; a variable is a root of its kernel where roots occur."""
        ring = self.ring
        depths = list(ring.depth.values())
        whole = 2 * depths[i]
        if poly.degree(p, i) < whole:
            return p
        square = tuple(2 * depths[j] if k == j else 0 for k in range(ring.size))
        replacement: Polynomial = {(0,) * ring.size: a, square: b}
        by_power: dict[int, Polynomial] = {}
        for exponents, coefficient in p.items():
            half, rest = divmod(exponents[i], whole)
            by_power.setdefault(half, {})[(*exponents[:i], rest, *exponents[i + 1:])] = coefficient
        result: Polynomial = {}
        for half in range(max(by_power), -1, -1):  # Horner's scheme in the square
            self.rational.work += len(result)
            result = poly.add(poly.multiply(result, replacement, LIMITS), by_power.get(half, {}))
        return result

    def _cancelled(self, variants: list[Polynomial], divisors: list[Expr]) -> Polynomial:
        """Divide by the common sums as often as they go; split one off where only a part of it goes."""
        for divisor in divisors:
            _, d = self.ring.of_sum(divisor)
            while (quotient := _first_quotient(variants, d)) is not None:
                variants = [quotient]
                self._raise(divisor, 1)
            exponent = self.common.get(divisor, 0)
            if exponent < 0 and exponent.denominator == 1:
                variants = [self._partly_cancelled(variants[0], divisor, d), *variants[1:]]
        return variants[0]

    def _partly_cancelled(self, inside: Polynomial, divisor: Expr, d: Polynomial) -> Polynomial:
        g, rest, left = gcd_with_cofactors(inside, d)
        if poly.is_constant(g):
            return inside
        content, _ = self.ring.of_sum(divisor)
        exponent = self.common.pop(divisor)
        for part, power in ((g, exponent + 1), (left, exponent)):
            expression = self.ring.expression(part)
            self._raise(expression, power)
        self._raise(number(content), exponent)
        return rest

    def _raise(self, base: Expr, exponent: Exact) -> None:
        if base is not ONE and exponent:
            self.common[base] = self.common.get(base, 0) + exponent

    def _rebuilt(self, scale: Fraction, inside: Polynomial) -> Expr:
        canonical = self.canonical
        monomial = poly.monomial_content(inside)
        inside = {tuple(e - m for e, m in zip(exponents, monomial, strict=True)): c for exponents, c in inside.items()}
        outside = [canonical.power(base, number(exponent)) for base, exponent in self.common.items()]
        product = canonical.product([number(scale), *outside, self.ring.term(monomial), *self._factors(inside)])
        return self.rational.regrouped(product)

    def _factors(self, inside: Polynomial) -> list[Expr]:
        """The polynomial factored, but products of different factors that are shorter multiplied out stay so."""
        ring, canonical = self.ring, self.canonical
        whole = ring.expression(inside)
        self.rational.work += len(inside)
        if len(inside) == 1 or len(inside) > 2 * FACTORED_TERMS:
            return [whole]
        small = len(inside) <= FACTORED_TERMS and poly.total_degree(inside) <= FACTORED_DEGREE
        content, found = factor(inside) if small else square_free(inside)
        if len(found) == 1 and found[0][1] == 1:
            return [whole]
        by_power: dict[int, list[Polynomial]] = {}
        for p, power in found:
            by_power.setdefault(power, []).append(p)
        factors = [number(content)]
        for power, group in by_power.items():
            separate = [ring.expression(p) for p in group]
            if len(group) > 1:
                product = group[0]
                for p in group[1:]:
                    product = poly.multiply(product, p, LIMITS)
                together = ring.expression(product)
                if self.rational.price(together) <= self.rational.price(canonical.product(separate)):
                    separate = [together]
            factors += [canonical.power(p, number(power)) for p in separate]
        return factors


def _first_quotient(variants: list[Polynomial], divisor: Polynomial) -> Polynomial | None:
    if poly.is_constant(divisor):
        return None
    quotients = (divide_exact(p, divisor, LIMITS) for p in variants)
    return next((q for q in quotients if q is not None), None)


def _divided(p: Polynomial, n: int) -> Polynomial:
    return {exponents: c // n for exponents, c in p.items()}


def _length(p: Polynomial) -> tuple[int, int, int]:
    return len(p), poly.total_degree(p) if p else 0, sum(abs(c).bit_length() for c in p.values())


