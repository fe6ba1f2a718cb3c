"""The canonical form: flat sums as {term: coefficient}, flat products as {base: exponent}, exact numbers, one order of arguments.

It has no quotients, negations, roots or exp of its own (u/v is u*v^-1, sqrt(u) is u^(1/2), exp(u) is e^u), so like parts meet; the
readable shape comes back in display.py.  Every step here is a refinement over the reals: it keeps the value wherever there is one and
may extend the domain.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import ceil, floor, gcd, lcm
from typing import Any
from zlib import crc32

from symdiff import numbers
from symdiff.expr import HASHED, NUMBER, ONE, ZERO, Expr, Real, number
from symdiff.operations import TABLE
from symdiff.operations.arithmetic import PI, E, add, div, mul, neg
from symdiff.operations.arithmetic import pow as power_row
from symdiff.operations.op import Op
from symdiff.operations.piecewise import undefined as UNDEFINED
from symdiff.simplification.radicals import root_parts
from symdiff.simplification.signs import Signs
from symdiff.walk import paused_collector, postorder

__all__ = ["HALF", "Canonical", "canonical", "coefficient_and_rest", "factors_of", "terms_of"]

MINUS_ONE, HALF = number(-1), number(Fraction(1, 2))


def canonical(expression: Expr) -> Expr:
    """The canonical form without assumptions.

    >>> from symdiff import parse
    >>> canonical(parse("x + x - 2*x + y*x/x")) is parse("y")
    True
    """
    with paused_collector():
        return Canonical().of(expression)


def _leaf_digest(node: Expr) -> int:
    value = node.value
    if isinstance(value, int):  # Python's hash(-1) is hash(-2), and large numbers repeat the hashes of smaller ones
        return hash((7, value < 0, abs(value))) if abs(value) < HASHED else crc32(hex(value).encode())
    if isinstance(value, Fraction) and max(value.denominator, abs(value.numerator)) >> 4_000:  # too long to write in decimal
        return crc32(f"{value.numerator:x}/{value.denominator:x}".encode())
    return crc32(f"{node.op.name} {value!r}".encode())


def _exact_half(value: Real) -> Real:
    """A float that is a whole number or a half, exactly: x^2.0 meets x^2, and x^0.5 is a root."""
    if type(value) is not float or abs(value) > 1e6 or 2 * value != int(2 * value):
        return value
    return Fraction(int(2 * value), 2)


def coefficient_and_rest(node: Expr) -> tuple[Real, Expr]:
    """A canonical term as number times the rest: 3*x*y is (3, x*y)."""
    if node.op is NUMBER:
        return node.value, ONE
    if node.op is mul and node.args[0].op is NUMBER:
        rest = node.args[1:]
        return node.args[0].value, rest[0] if len(rest) == 1 else Expr(mul, rest)
    return 1, node


def factors_of(node: Expr) -> list[tuple[Expr, Expr]]:
    """The bases and exponents of a canonical product, its number left out."""
    parts = node.args if node.op is mul else (node,)
    return [(p.args[0], p.args[1]) if p.op is power_row else (p, ONE) for p in parts if p.op is not NUMBER]


def _opaque(value: Real) -> Expr:
    """A number that was too large to fold, as a factor beside the coefficient: the power 1 of itself, which joins no other power of it."""
    return Expr(power_row, (number(value), ONE))


def _is_power_of(base: Expr, node: Expr) -> bool:
    """Whether a product of numbers and roots has a power of that base among its factors."""
    return any(factor is base for factor, _ in factors_of(node))


def _times(exponent: Expr, needed: Expr) -> int:
    """How often a power is in another one."""
    if exponent is needed:
        return 1
    whole = type(exponent.value) is int and type(needed.value) is int and exponent.value >= needed.value > 0
    return exponent.value // needed.value if whole else 0


def terms_of(node: Expr) -> tuple[Expr, ...]:
    return node.args if node.op is add else (node,)


class Canonical:
    """One pass of canonical forms: remembers every node it met, under one set of assumptions."""

    def __init__(self, signs: Signs | None = None) -> None:
        self.signs = signs or Signs()
        self._form: dict[Expr, Expr] = {}
        self._digest: dict[Expr, int] = {}
        self._points: dict[Op, dict[Expr, Expr]] = {}

    def of(self, root: Expr) -> Expr:
        form = self._form
        if root not in form:
            for node in postorder(root, known=form):
                form[node] = result = self._formed(node, [form[child] for child in node.args])
                form.setdefault(result, result)
        return form[root]

    def _formed(self, node: Expr, args: list[Expr]) -> Expr:
        op = node.op
        if not args:
            return node
        if op is add:
            return self.sum(args)
        if op is mul:
            return self.product(args)
        if op is neg:
            return self.scaled(-1, args[0])
        if op is div:
            return self.product([args[0], self.power(args[1], MINUS_ONE)])
        if op is power_row:
            return self.power(args[0], args[1])
        return self.function(op, args)

    # Order: by a digest of the structure, so that it depends on nothing but the formula.

    def digest(self, root: Expr) -> int:
        known = self._digest
        found = known.get(root)
        if found is None:
            for node in postorder(root, known=known):
                if node.args:
                    found = hash((crc32(node.op.name.encode()), *[known[child] for child in node.args]))
                else:
                    found = _leaf_digest(node)
                known[node] = found
            found = known[root]
        return found

    def sorted(self, nodes: Iterable[Expr]) -> list[Expr]:
        return sorted(nodes, key=self.digest)

    # Sums

    def sum(self, terms: Iterable[Expr]) -> Expr:
        """The sum of canonical terms, like ones collected."""
        collected: dict[Expr, Real] = {}
        for term in terms:
            for part in terms_of(term):
                coefficient, rest = coefficient_and_rest(part)
                old = collected.get(rest)
                total = coefficient if old is None else numbers.add(old, coefficient)
                if total is None:  # too large to fold: the parts stand side by side
                    rest = self._product_of(1, [_opaque(coefficient), rest])
                    total = numbers.add(collected.get(rest, 0), 1) or 1
                collected[rest] = total
        if UNDEFINED in collected:
            return UNDEFINED
        return self._sum_of({rest: c for rest, c in collected.items() if c != 0 or isinstance(c, float)})

    def _sum_of(self, collected: dict[Expr, Real]) -> Expr:
        if not collected:
            return ZERO
        parts = [self._term(coefficient, rest) for rest, coefficient in collected.items()]
        return parts[0] if len(parts) == 1 else Expr(add, tuple(self.sorted(parts)))

    def _term(self, coefficient: Real, rest: Expr) -> Expr:
        if rest is ONE:
            return number(coefficient)
        if coefficient == 1 and not isinstance(coefficient, float):
            return rest
        if rest.op is add:
            return self.scaled(coefficient, rest)
        return Expr(mul, (number(coefficient), *(rest.args if rest.op is mul else (rest,))))

    def scaled(self, factor: Real, node: Expr) -> Expr:
        """A number times a canonical node; over a sum it distributes."""
        if type(factor) is Fraction and factor.denominator == 1:
            factor = factor.numerator
        if factor == 1 and not isinstance(factor, float):
            return node
        if factor == 0 and not isinstance(factor, float):
            return ZERO
        parts: dict[Expr, Real] = {}
        for term in terms_of(node):
            coefficient, rest = coefficient_and_rest(term)
            made = numbers.multiply(factor, coefficient)
            if made is None:
                return self._product_of(1, [_opaque(factor), node])
            parts[rest] = made
        return self._sum_of(parts)

    def content(self, node: Expr) -> tuple[Fraction | int, Expr]:
        """A sum as positive rational number times a sum with whole coefficients without common factor."""
        coefficients: list[Any] = [coefficient_and_rest(term)[0] for term in terms_of(node)]
        if float in map(type, coefficients):
            return 1, node
        top = gcd(*[c.numerator for c in coefficients])
        bottom = lcm(*[c.denominator for c in coefficients])
        if not top or (top == 1 and bottom == 1):
            return 1, node
        primitive = self.scaled(Fraction(bottom, top), node)
        if node.op is add and primitive.op is not add:  # its coefficients would be too large to fold, and it stays as it is
            return 1, node
        return Fraction(top, bottom), primitive

    def leading_sign(self, node: Expr) -> int:
        """The sign that makes u and -u meet: that of the coefficient of the term with the least rest."""
        terms = [coefficient_and_rest(term) for term in terms_of(node)]
        coefficient, _ = min(terms, key=lambda term: self.digest(term[1]))
        return -1 if coefficient < 0 else 1

    # Products

    def product(self, factors: Iterable[Expr]) -> Expr:
        """The product of canonical factors, like bases collected."""
        gathered: dict[Expr, list[Expr]] = {}
        coefficient = self._gather(factors, 1, gathered)
        if UNDEFINED in gathered:
            return UNDEFINED
        while coefficient != 0 or isinstance(coefficient, float):
            moved = self._merged(gathered) or (self._contents(gathered) if len(gathered) > 1 else [])
            if not moved:
                coefficient = self._taken_in(gathered, coefficient)
                return self._product_of(coefficient, [self._raw_power(base, powers[0]) for base, powers in gathered.items()])
            coefficient = self._gather(moved, coefficient, gathered)
        return ZERO

    @staticmethod
    def _gather(factors: Iterable[Expr], coefficient: Real, gathered: dict[Expr, list[Expr]]) -> Real:
        """Sort factors under their bases and multiply their numbers."""
        for factor in factors:
            front, rest = coefficient_and_rest(factor)
            made = numbers.multiply(coefficient, front)
            if made is None:
                gathered.setdefault(_opaque(front), []).append(ONE)
            else:
                coefficient = made
            for base, exponent in [] if rest is ONE else factors_of(rest):
                alone = base.op is NUMBER and exponent is ONE
                gathered.setdefault(_opaque(base.value) if alone else base, []).append(exponent)
        return coefficient

    def _merged(self, gathered: dict[Expr, list[Expr]]) -> list[Expr]:
        """Merge the powers of each base in place; what became something else than a power of it is returned."""
        moved: list[Expr] = []
        for base in [base for base, powers in gathered.items() if len(powers) > 1]:
            result = self.power(base, self.sum(gathered.pop(base)))
            if result is base:
                gathered[base] = [ONE]
            elif result.op is power_row and result.args[0] is base:
                gathered[base] = [result.args[1]]
            else:
                moved.append(result)
        return moved

    def _contents(self, gathered: dict[Expr, list[Expr]]) -> list[Expr]:
        """Take sums with a content or a leading minus out of a product, as number times primitive sum: 2*x + 2 and -x - 1 meet there."""
        moved: list[Expr] = []
        for base in [base for base, powers in gathered.items() if base.op is add and isinstance(powers[0].value, int)]:
            content, primitive = self.content(base)
            if self.leading_sign(primitive) < 0:
                content, primitive = -content, self.scaled(-1, primitive)
            if primitive is not base:
                exponent = gathered.pop(base)[0]
                moved += [self.power(number(content), exponent), self._raw_power(primitive, exponent)]
        return moved

    def _taken_in(self, gathered: dict[Expr, list[Expr]], coefficient: Real) -> Real:
        """Let a power of a compound base take in what multiplies it: 2*x*(2*x)^(y - 1) is (2*x)^y.  The coefficient that remains."""
        for base, (exponent,) in list(gathered.items()):
            if exponent.op is NUMBER or not base.args or base.op not in (mul, add, power_row):
                continue
            front, rest = self.content(base) if base.op is add else coefficient_and_rest(base)
            if rest is base and base.op is add:
                continue
            needed = factors_of(rest)
            times = min(_times(gathered.get(part, [ZERO])[0], power) for part, power in needed)
            reciprocal = numbers.power(front, -times)
            made = None if not times or reciprocal is None else numbers.multiply(coefficient, reciprocal)
            if made is None:
                continue
            coefficient = made
            gathered[base] = [self.sum([exponent, number(times)])]
            for part, power in needed:
                gathered[part] = [self.sum([gathered[part][0], self.scaled(-times, power)])]
        return coefficient

    def _raw_power(self, base: Expr, exponent: Expr) -> Expr:
        if exponent is ZERO:
            return ONE
        return base if exponent is ONE else Expr(power_row, (base, exponent))

    def _product_of(self, coefficient: Real, factors: Sequence[Expr]) -> Expr:
        """Put settled factors together; a number alone before one sum goes into it."""
        flat: list[Expr] = []
        for factor in factors:
            front, rest = coefficient_and_rest(factor)
            made = numbers.multiply(coefficient, front)
            if made is None:
                flat.append(_opaque(front))
            else:
                coefficient = made
            flat += [] if rest is ONE else rest.args if rest.op is mul else (rest,)
        if coefficient == 0 and not isinstance(coefficient, float):
            return ZERO
        if not flat:
            return number(coefficient)
        if len(flat) == 1:
            return self.scaled(coefficient, flat[0]) if coefficient != 1 or isinstance(coefficient, float) else flat[0]
        flat = self.sorted(flat)
        if coefficient == 1 and not isinstance(coefficient, float):
            return Expr(mul, tuple(flat))
        return Expr(mul, (number(coefficient), *flat))

    # Powers

    def power(self, base: Expr, exponent: Expr) -> Expr:
        """A canonical base to a canonical exponent, by the laws that hold over the reals."""
        if type(exponent.value) is float:
            exponent = number(_exact_half(exponent.value))
        if base is UNDEFINED or exponent is UNDEFINED:
            return UNDEFINED
        if exponent is ZERO:
            return ONE
        if exponent is ONE:
            return base
        if base is ONE:
            return ONE
        if exponent.op is NUMBER:
            return self._number_power(base, exponent)
        if base is E:
            return self._exponential(exponent)
        if base.op is power_row:
            inner, inner_exponent = base.args
            if self.signs.of(inner).positive or self.signs.of(exponent).integer:
                return self.power(inner, self.product([inner_exponent, exponent]))
        if base.op is NUMBER and base.value > 0 and not isinstance(base.value, float):
            return self._split_exponent(base, exponent)
        if base.op is mul and self.signs.of(exponent).integer:
            return self.product([self.power(factor, exponent) for factor in base.args])
        return Expr(power_row, (base, exponent))

    def _number_power(self, base: Expr, exponent: Expr) -> Expr:
        value = exponent.value
        whole = isinstance(value, int)
        if base.op is NUMBER:
            return self._numeric(base, value)
        if base.op is power_row:
            inner, inner_exponent = base.args
            if whole or self.signs.of(inner).positive:
                return self.power(inner, self.product([inner_exponent, exponent]))
            if inner_exponent.op is NUMBER and not isinstance(inner_exponent.value, float):
                product = self.product([inner_exponent, exponent])
                even = isinstance(inner_exponent.value, int) and inner_exponent.value % 2 == 0
                return self.power(self.function(TABLE["abs"], [inner]) if even else inner, product)
            return Expr(power_row, (base, exponent))
        if base.op is mul:
            if whole:
                return self.product([self.power(factor, exponent) for factor in base.args])
            return self._partial_power(base, exponent)
        if base.op is add:
            return self._power_of_sum(base, exponent, whole)
        if whole and base.op.name == "abs" and value % 2 == 0:
            return self.power(base.args[0], exponent)
        if whole and base.op.name == "cbrt" and value % 3 == 0:
            return self.power(base.args[0], number(value // 3))
        return Expr(power_row, (base, exponent))

    def _power_of_sum(self, base: Expr, exponent: Expr, whole: bool) -> Expr:
        content, primitive = self.content(base)
        if whole and self.leading_sign(primitive) < 0:
            content, primitive = -content, self.scaled(-1, primitive)
        if content == 1:
            return Expr(power_row, (base, exponent))
        return self._product_of(1, [self.power(number(content), exponent), Expr(power_row, (primitive, exponent))])

    def _partial_power(self, base: Expr, exponent: Expr) -> Expr:
        """(u*v)^r for a fraction r: only positive factors may leave, the others could be negative together."""
        outside: list[Expr] = []
        inside: list[Expr] = []
        for factor in base.args:
            if factor.op is NUMBER:
                outside.append(self.power(number(abs(factor.value)), exponent))
                if factor.value < 0:
                    inside.append(MINUS_ONE)
            elif self.signs.of(factor).positive:
                outside.append(self.power(factor, exponent))
            else:
                inside.append(factor)
        if not inside:
            return self.product(outside)
        kept = self._product_of(1, inside)
        if not outside or kept is base:
            return Expr(power_row, (base, exponent))
        return self.product([*outside, self.power(kept, exponent) if kept.op is not mul else Expr(power_row, (kept, exponent))])

    def _numeric(self, base: Expr, exponent: Real) -> Expr:
        folded = numbers.power(base.value, exponent)
        if folded is not None:
            return number(folded)
        if base.value == 0:
            return UNDEFINED if exponent < 0 else ZERO
        if isinstance(base.value, float) or isinstance(exponent, float) or base.value <= 0:
            return Expr(power_row, (base, number(exponent)))
        parts = root_parts(base.value, Fraction(exponent))
        if parts is None:
            return Expr(power_row, (base, number(exponent)))
        coefficient, roots = parts
        return self._product_of(coefficient, [Expr(power_row, (number(prime), number(fraction))) for prime, fraction in roots])

    def _exponential(self, exponent: Expr) -> Expr:
        """e^u; where u has terms k*ln(v), those leave as v^k."""
        outside: list[Expr] = []
        inside: list[Expr] = []
        for term in terms_of(exponent):
            power = self._logarithm_power(term)
            (inside if power is None else outside).append(term if power is None else power)
        if not outside:
            return Expr(power_row, (E, exponent))
        return self.product([*outside, self.power(E, self.sum(inside))])

    def _logarithm_power(self, term: Expr) -> Expr | None:
        """v^k for a term k*ln(v), k being anything without another logarithm."""
        for base, exponent in factors_of(term):
            if base.op.name == "ln" and exponent is ONE:
                return self.power(base.args[0], self.product([term, self._raw_power(base, MINUS_ONE)]))
        return None

    def _split_exponent(self, base: Expr, exponent: Expr) -> Expr:
        """2^(x + 3) is 8*2^x; 3^(x + 5/2) is 9*3^(x + 1/2), as sqrt(3) would be gathered with 3^x again."""
        constant = [t for t in terms_of(exponent) if t.op is NUMBER]
        rest = [t for t in terms_of(exponent) if t.op is not NUMBER]
        if not constant:
            return Expr(power_row, (base, exponent))
        front, kept = self._numeric(base, constant[0].value), self.sum(rest)
        if _is_power_of(base, front):
            whole = floor(constant[0].value)
            front = self._numeric(base, whole)
            if whole == 0 or _is_power_of(base, front):  # too large to fold
                return Expr(power_row, (base, exponent))
            kept = self.sum([number(constant[0].value - whole), *rest])
        return self._product_of(1, [front, Expr(power_row, (base, kept))])

    # Functions

    def function(self, op: Op, args: list[Expr]) -> Expr:
        """A row applied to canonical arguments: exact values, parity, inverse pairs."""
        name = op.name
        if UNDEFINED in args and name != "where" and not op.relation:
            return UNDEFINED
        if name == "exp":
            return self.power(E, args[0])
        if name == "sqrt":
            return self.power(args[0], HALF)
        if op.relation:
            return Expr(op, tuple(args))
        if name == "where":
            return args[1] if args[1] is args[2] else Expr(op, tuple(args))
        if name in ("max", "min"):
            return self._extreme(op, args)
        value = self._exact_value(op, args)
        if value is not None:
            return value
        if op.half_turn is not None:
            turns, rest = self._half_turns(args[0])
            if rest is not args[0]:
                return self.scaled(op.half_turn ** (turns % 2), self.function(op, [rest]))
        if len(args) == 1:
            return self._unary(op, args[0])
        return Expr(op, tuple(args))

    def _exact_value(self, op: Op, args: list[Expr]) -> Expr | None:
        if op.exact is not None and all(a.op is NUMBER and not isinstance(a.value, float) for a in args):
            value = op.exact(*[a.value for a in args])
            if value is not None and not isinstance(value, bool):
                return number(value)
        if op.points is None:
            return None
        if op not in self._points:
            self._points[op] = {self.of(argument): self.of(value) for argument, value in op.points().items()}
        return self._points[op].get(args[0])

    def _half_turns(self, u: Expr) -> tuple[int, Expr]:
        """Whole multiples of pi taken out of an argument, which leaves at most a quarter turn: x + 5*pi/2 is x + pi/2 and 2 of them."""
        for term in terms_of(u):
            multiple, rest = coefficient_and_rest(term)
            if rest is PI:
                turns = _exact_half(multiple)
                if type(turns) is not float:
                    whole = ceil(turns - HALF.value)
                    return whole, self.sum([self.scaled(turns - whole, PI), *[other for other in terms_of(u) if other is not term]])
        return 0, u

    def _unary(self, op: Op, u: Expr) -> Expr:
        if op.inverse is not None and u.op.name == op.inverse:
            return u.args[0]
        if op.name == "ln" and u.op is power_row and u.args[0] is E:
            return u.args[1]
        if op.name == "ln" and u.op is power_row:  # u^k > 0 for an odd or broken k just where u > 0
            base, exponent = u.args
            odd = (type(exponent.value) is int and exponent.value % 2 == 1) or type(exponent.value) is Fraction
            if odd or self.signs.of(base).positive:
                return self.product([exponent, self._unary(op, base)])
        if op.parity is not None and u.op is not NUMBER and self.leading_sign(u) < 0:
            mirrored = self._unary(op, self.scaled(-1, u))
            return mirrored if op.parity == "even" else self.scaled(-1, mirrored)
        if op.parity is not None and u.op is NUMBER and u.value < 0:
            mirrored = self.function(op, [number(-u.value)])
            return mirrored if op.parity == "even" else self.scaled(-1, mirrored)
        if op.name == "abs":
            return self._absolute(op, u)
        if op.name == "sign":
            fact = self.signs.of(u)
            if fact.positive or fact.negative:
                return ONE if fact.positive else MINUS_ONE
        return Expr(op, (u,))

    def _absolute(self, op: Op, u: Expr) -> Expr:
        fact = self.signs.of(u)
        if fact.nonnegative:
            return u
        if fact.nonpositive:
            return self.scaled(-1, u)
        if u.op is mul or (u.op is power_row and isinstance(u.args[1].value, int)):
            parts: list[Expr] = []
            for part in u.args if u.op is mul else (u,):
                if part.op is power_row and isinstance(part.args[1].value, int):
                    parts.append(self.power(self.function(op, [part.args[0]]), part.args[1]))
                else:
                    parts.append(self.function(op, [part]))
            return self.product(parts)
        content, primitive = self.content(u) if u.op is add else (1, u)
        return Expr(op, (u,)) if content == 1 else self.scaled(content, Expr(op, (primitive,)))

    def _extreme(self, op: Op, args: list[Expr]) -> Expr:
        flat: list[Expr] = []
        for a in args:
            flat += a.args if a.op is op else (a,)
        distinct = self.sorted(set(flat))
        return distinct[0] if len(distinct) == 1 else Expr(op, tuple(distinct))


