"""equivalent: whether two formulas are the same function, as a verdict that says no more than was shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from random import Random
from typing import Any, NoReturn

from symdiff import limits
from symdiff.errors import UsageError
from symdiff.expr import ZERO, Expr, Real
from symdiff.operations.arithmetic import add
from symdiff.operations.op import as_expr
from symdiff.operations.operators import negate
from symdiff.operations.piecewise import undefined
from symdiff.simplification.canonical import Canonical
from symdiff.simplification.conditions import Domain, lost_conditions
from symdiff.simplification.counterexamples import Search, Witness
from symdiff.simplification.display import Display
from symdiff.simplification.prime_fields import MERSENNE, FieldTest
from symdiff.simplification.rational import Rational
from symdiff.simplification.signs import Assumptions, Signs
from symdiff.simplification.simplifying import simplify
from symdiff.walk import paused_collector, postorder

__all__ = ["Equivalence", "equivalent"]

FIELD_POINTS = 3
ATTEMPTS = 60
"""Tries for a point modulo a prime at which no denominator is zero."""
KINDS = ("identity", "probable", "refuted", "unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class Equivalence:
    """What was shown of two formulas.

    kind: "identity", proved to be equal wherever both have a value; "probable", equal as rational functions of their kernels at random
    points of large prime fields, wrong with a chance of at most `error_bound`; "refuted", they differ at `point`, where they are `left`
    and `right` (None: no value); "unknown", for the `reason`.
    A verdict has no truth value: `verdict.ok` says whether it speaks for equality, `str(verdict)` is a sentence.
    """

    kind: str
    reason: str = ""
    seed: int = 0
    error_bound: float | None = None
    point: Mapping[str, Fraction] = field(default_factory=dict, hash=False)
    left: Any = None
    right: Any = None

    @property
    def ok(self) -> bool:
        """Whether equality was shown, or is as good as certain; False for "unknown" too."""
        return self.kind in ("identity", "probable")

    def __bool__(self) -> NoReturn:
        raise UsageError(f"a verdict has more than two answers (this one: {self}); ask verdict.ok or compare verdict.kind")

    def __str__(self) -> str:
        if self.kind == "probable":
            return f"probable: {self.reason} (wrong with a chance below {self.error_bound:.0e}, seed {self.seed})"
        if self.kind == "refuted":
            place = ", ".join(f"{name} = {value}" for name, value in self.point.items()) or "every point"
            return f"refuted at {place}: the one is {_shown(self.left)}, the other {_shown(self.right)}"
        return f"{self.kind}: {self.reason}"


def _shown(value: Any) -> str:
    return "undefined" if value is None else str(value) if isinstance(value, int | Fraction) else f"{value:.15g}"


def equivalent(a: Expr | Real, b: Expr | Real, assume: Any = None, *, strict: bool = False, seed: int = 0) -> Equivalence:
    """Whether a and b are equal wherever both have a real value.

    assume: what holds of symbols, as for simplify.  strict: they must also be defined at the same points.  seed: of the random points.
    It never guesses: "identity" is a proof by canonical form or exact rational arithmetic, "refuted" shows a point, and what is neither is
    "probable", with a bound on the error, or "unknown", with the reason.
    Raises UsageError for conditions, which have no difference; MissingDependency where a point has to be found and mpmath is missing.

    >>> from symdiff import parse
    >>> print(equivalent(parse("(x^2 - 1)/(x - 1)"), parse("x + 1")))
    identity: the difference is zero as a quotient of polynomials
    >>> print(equivalent(parse("sqrt(x^2)"), parse("x")))
    refuted at x = -1: the one is 1, the other -1
    >>> equivalent(parse("sqrt(x^2)"), parse("x"), assume="x > 0").ok
    True
    >>> print(equivalent(parse("x/x"), parse("1"), strict=True))
    refuted at x = 0: the one is undefined, the other 1
    """
    left, right = as_expr(a), as_expr(b)
    if left.op.relation or right.op.relation:
        raise UsageError("equivalent compares formulas with numbers as values, not conditions")
    with paused_collector():
        return _Comparison(left, right, assume, strict, seed).verdict()


class _Comparison:
    def __init__(self, left: Expr, right: Expr, assume: Any, strict: bool, seed: int) -> None:
        self.left, self.right, self.assume, self.strict, self.seed = left, right, assume, strict, seed
        self.assumptions = Assumptions.read(assume)
        self.canonical = Canonical(Signs(self.assumptions))
        self.display = Display(self.canonical)
        self.rational = Rational(self.canonical, lambda form: self.display.prices.of(self.display.of(form)))

    def verdict(self) -> Equivalence:
        if self.left is self.right:
            return Equivalence(kind="identity", reason="they are the same formula")
        forms = [self.canonical.of(side) for side in (self.left, self.right)]
        if undefined in forms:
            return self._of_undefined(forms)
        difference = self.canonical.sum([forms[0], self.canonical.scaled(-1, forms[1])])
        proof = next((reason for reason, zero in self._proofs(difference) if zero is ZERO), None)
        if proof is not None and (not self.strict or self._same_domain()):
            return Equivalence(kind="identity", reason=proof)
        search = Search(self.left, self.right, self.assumptions, self.strict, self.seed)
        witness = search.exact_witness()
        bound = None
        if witness is None and proof is None:
            bound = self._field_bound(difference)
        if witness is None and proof is None and bound is None and simplify(add(self.left, negate(self.right)), self.assume) is ZERO:
            proof = "simplify reduces the difference to zero"
            if not self.strict or self._same_domain():
                return Equivalence(kind="identity", reason=proof)
        if witness is None and (bound is None or self.strict):
            witness = search.witness()
        if witness is not None:
            return self._refuted(witness)
        if bound is not None and (not self.strict or self._same_domain()):
            return Equivalence(kind="probable", seed=self.seed, error_bound=bound,
                               reason=f"zero at {FIELD_POINTS} random points modulo 2^61 - 1 and as many modulo a random prime")
        if proof is not None or bound is not None:
            return Equivalence(kind="unknown", reason="the values agree, and whether the domains do was not shown", seed=self.seed)
        return Equivalence(kind="unknown", seed=self.seed, reason=f"no proof, and no difference at {search.usable} real points")

    def _proofs(self, difference: Expr) -> Iterator[tuple[str, Expr]]:
        """Normal forms of the difference, of which zero is a proof."""
        yield "both have the same canonical form", difference
        if len(postorder(difference)) <= limits.simplified_nodes:
            yield "the difference is zero as a quotient of polynomials", self.rational.of(difference)

    def _of_undefined(self, forms: list[Expr]) -> Equivalence:
        if forms[0] is forms[1]:
            return Equivalence(kind="identity", reason="neither has a value anywhere")
        return Equivalence(kind="unknown", reason="one of them divides by zero everywhere, so that no point compares them")

    def _same_domain(self) -> bool:
        """Whether the domains are shown to be the same."""
        domain = Domain(self.canonical, self.rational, self.display)
        one, other = domain.of(self.left), domain.of(self.right)
        return not lost_conditions(one, other, self.canonical) and not lost_conditions(other, one, self.canonical)

    def _field_bound(self, difference: Expr) -> float | None:
        """The chance of an error where the difference is zero at all points tried, else None."""
        test = FieldTest(difference, self.canonical)
        if test.bound is None:
            return None
        random = Random(self.seed)
        for prime in (MERSENNE, _random_prime(random)):
            for _ in range(FIELD_POINTS):
                outcomes = (test.is_zero(prime, random) for _ in range(ATTEMPTS))
                if next((outcome for outcome in outcomes if outcome is not None), None) is not True:
                    return None
        return test.bound ** FIELD_POINTS

    def _refuted(self, witness: Witness) -> Equivalence:
        point = {str(symbol): value for symbol, value in witness.point.items()}
        return Equivalence(kind="refuted", point=point, left=witness.left, right=witness.right, seed=self.seed)


def _random_prime(random: Random) -> int:
    while True:
        candidate = random.randrange(2 ** 60, 2 ** 61) | 1
        if all(_passes(candidate, base) for base in (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37)):  # proves primality below 3*10^24
            return candidate


def _passes(n: int, base: int) -> bool:
    """Miller and Rabin's test."""
    twos = ((n - 1) & -(n - 1)).bit_length() - 1
    x = pow(base, (n - 1) >> twos, n)
    if x in (1, n - 1):
        return True
    for _ in range(twos - 1):
        x = x * x % n
        if x == n - 1:
            return True
    return False
