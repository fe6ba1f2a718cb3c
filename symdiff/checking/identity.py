"""Identity: f' and a formula as elements of one field of rational functions over kernels, in exact polynomials of python-flint.

An equality shown here holds for independent kernels and so for any values of them; kernels that secretly depend on each other can only
hide an equality, never make a false one.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from symdiff.checking.balls import Balls
from symdiff.checking.kernel_field import Field
from symdiff.checking.kernels import Outside, elements
from symdiff.checking.rational_functions import Quotient
from symdiff.expr import Expr

__all__ = ["Identity", "exact_difference"]

GENERATORS = 60
SMALL = (*[Fraction(value) for value in (1, 2, -1, 3, -2, 0, 5)], Fraction(1, 2))


class Identity:
    """What the field says of f' - df: whether it is zero, over which kernels, and whether df asks no more of its variables than f."""

    def __init__(self, difference: Quotient, derivative: Quotient, field: Field, extra: Sequence[str]) -> None:
        self.difference, self.derivative, self.field, self.extra = difference, derivative, field, list(extra)

    @property
    def holds(self) -> bool:
        return not self.difference.top

    @property
    def kernels(self) -> list[str]:
        """The generators by their texts."""
        return self.field.names

    @property
    def rational(self) -> bool:
        """Whether variables are the only generators, so that a difference that is not zero is one for certain."""
        return not self.field.transcendental

    def counterexample(self) -> tuple[dict[str, Fraction], Fraction, Fraction] | None:
        """A point, f' and df there, exactly; None where kernels stand in the way, or where small numbers show no difference."""
        if self.holds or not self.rational:
            return None
        formula = self.derivative - self.difference
        for numbers in product(SMALL, repeat=min(len(self.kernels), 3)):
            values = [*numbers, *[Fraction(7 + place) for place in range(len(self.kernels) - len(numbers))]]
            found, right = self.field.value(formula, values), self.field.value(self.derivative, values)
            if found is not None and right is not None and found != right:
                return dict(zip(self.kernels, values)), right, found
        return None


def exact_difference(function: Balls, slope: Balls, variable: Expr) -> Identity:
    """f' - df.  Raises Outside where a function has no kernels or the polynomials grow too large; MissingDependency without flint."""
    scales: dict[Any, int] = {}
    while True:  # a second time where kernels have to be finer: exp(x/2) beside exp(x)
        field = Field(_room(function, slope), variable, scales)
        derivative = field.derivation(elements(field, function, variable))
        asked, field.asked = field.asked, {}
        df = elements(field, slope, variable)
        if field.scales == scales:
            difference = field.reduced(derivative - df)
            extra = [text for key, text in field.asked.items() if not {key, ("positive", *key[1:])} & asked.keys()]
            return Identity(difference, derivative, field, extra)
        scales = field.scales


def _room(function: Balls, slope: Balls) -> int:
    count = len({node for balls in (function, slope) for node in balls.order if node.op.name not in ("add", "mul", "neg", "number")})
    if 3 * count + 4 > 4 * GENERATORS:
        raise Outside("too many functions")
    return min(3 * count + 4, GENERATORS)
