"""Assertions for people who write simplifiers: rewrite rules, equivalence, size, round trips; formulas and points of failures are shrunk."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

from symdiff.errors import SymdiffError, UsageError
from symdiff.expr import Expr, number, symbol_node
from symdiff.operations.op import as_expr
from symdiff.parsing.infix import parse
from symdiff.testing.profiles import current
from symdiff.testing.reports import Finding, Report, drawn
from symdiff.testing.values import UNCLEAR, agree, decimal, value_at
from symdiff.walk import free_symbols, postorder, substitute, tree_size

__all__ = ["check_equivalent", "check_not_swollen", "check_round_trip", "check_rule", "exact_points"]

Point = dict[Expr, Fraction]
CORNERS = tuple(Fraction(n, d) for n, d in (
    (1, 1), (-1, 1), (0, 1), (2, 1), (-2, 1), (1, 2), (-1, 2), (3, 1), (-3, 1), (1, 3), (20, 1), (17, 23), (-271, 100), (101, 1), (-101, 1),
    (1000, 1)))
GRID = {1: 16, 2: 11, 3: 7, 4: 4, 5: 3}
"""Corner values that each of so many variables takes; two for more."""
USABLE = 3
"""Points at which a rule must have been seen at work."""


def exact_points(variables: Sequence[Expr], seed: int, count: int) -> Iterator[Point]:
    """The grid of corner values, simplest first, then random fractions of every size; the same ones for the same seed."""
    corners = CORNERS[:GRID.get(len(variables), 2)]
    grid = sorted(product(range(len(corners)), repeat=len(variables)), key=lambda places: (sum(places), places))
    for places in grid:
        yield dict(zip(variables, [corners[place] for place in places]))
    random = Random(seed)
    for _ in range(count if variables else 0):
        yield {variable: Fraction(random.randint(-4000, 4000), random.choice((1, 8, 64, 997, 1024))) for variable in variables}


def check_rule(left: Any, right: Any, when: Any = None, *, extends: bool = True, seed: int | None = None, raising: bool = True) -> Finding:
    """Whether the rewrite left -> right is sound over the reals: wherever left has a value and `when` holds, right has the same value.

    left, right: formulas or text, every variable a wildcard for any real number.  when: a condition on them, such as "a > 0".
    extends: right may have values where left has none (x/x -> 1); with extends=False the domains must be the same.
    Gives a Finding; an unsound rule raises CheckFailed, one that no point was found for Inconclusive, unless raising=False.
    Raises UsageError where right has a wildcard that left does not bind.

    >>> check_rule("ln(a*b)", "ln(a) + ln(b)", when="a > 0 and b > 0").verdict
    'pass'
    >>> print(check_rule("sqrt(a^2)", "a", raising=False).report.what)
    the rule changes a value
    """
    before, after = _formula(left), _formula(right)
    needs = None if when is None else parse(when) if isinstance(when, str) else when
    loose = [str(s) for s in free_symbols(after, *([] if needs is None else [needs])) if s not in free_symbols(before)]
    if loose:
        raise UsageError(f"the left side '{before}' does not bind {', '.join(loose)}")
    return _Rule(before, after, needs, extends).run(current().seed if seed is None else seed).settled(raising)


def check_equivalent(a: Any, b: Any, when: Any = None, *, seed: int | None = None, raising: bool = True) -> Finding:
    """Whether two formulas are equal wherever both have a value and `when` holds, at corner values and at random exact points.

    Gives a Finding like check_rule; that formulas agree at points is no proof, `symdiff.equivalent` looks for one.

    >>> check_equivalent("(x + 1)^2", "x^2 + 2x + 1").verdict
    'pass'
    """
    one, other = _formula(a), _formula(b)
    needs = None if when is None else parse(when) if isinstance(when, str) else when
    return _Rule(one, other, needs, extends=True, both=True).run(current().seed if seed is None else seed).settled(raising)


def check_not_swollen(before: Any, after: Any, factor: float = 1.0, *, size: Callable[[Any], float] = tree_size, raising: bool = True) -> Finding:
    """Whether `after` has at most factor times the operations of `before`, as written out; size: another measure, graph_size for one.

    >>> check_not_swollen("x + x", "2*x").verdict
    'pass'
    """
    old, new = _formula(before), _formula(after)
    sizes = size(old), size(new)
    if sizes[1] <= factor * sizes[0]:
        return Finding(verdict="pass", agreed=1)
    report = Report(what="the formula has swollen", formula=old, other=new, claimed=sizes[1], expected=factor * sizes[0], method="at most")
    return Finding(verdict="fail", report=report).settled(raising)


def check_round_trip(read: Callable[[str], Any], write: Callable[[Any], str], value: Any, *,
                     same: Callable[[Any, Any], bool] | None = None, raising: bool = True) -> Finding:
    """Whether read(write(value)) is the value again; same: how that is told, by default ==.

    >>> from symdiff import parse
    >>> check_round_trip(parse, str, parse("-x^2")).verdict
    'pass'
    """
    text = write(value)
    try:
        again = read(text)
    except SymdiffError as error:
        again = error
    if again == value if same is None else same(again, value):
        return Finding(verdict="pass", agreed=1)
    formula = value if isinstance(value, Expr) else None
    report = Report(what=f"the text {text!r} reads back as something else", formula=formula, claimed=repr(again), expected=repr(value))
    return Finding(verdict="fail", report=report).settled(raising)


def _formula(value: Any) -> Expr:
    return parse(value) if isinstance(value, str) else as_expr(value)


class _Rule:
    """One rule at many points: the first at which it fails, made simple, and the rule itself made short."""

    def __init__(self, left: Expr, right: Expr, needs: Expr | None, extends: bool, both: bool = False) -> None:
        self.left, self.right, self.needs, self.extends, self.both = left, right, needs, extends, both

    def run(self, seed: int) -> Finding:
        usable = unclear = 0
        for point in exact_points(free_symbols(self.left, self.right), seed, current().profile.points):
            outcome = self.outcome(point)
            if outcome.startswith("the rule"):
                return Finding(verdict="fail", report=self._report(point))
            usable += outcome == "holds"
            unclear += outcome == "unclear"
        enough = min(USABLE, 1 if not free_symbols(self.left) else USABLE)
        reasons = {"rounding decides": unclear} if unclear else {}
        return Finding(verdict="pass" if usable >= enough else "inconclusive", agreed=usable, reasons=reasons)

    def outcome(self, point: Mapping[Expr, Any], left: Expr | None = None, right: Expr | None = None) -> str:
        """holds, no value, unclear, or what the rule does wrong."""
        left, right = self.left if left is None else left, self.right if right is None else right
        if self.needs is not None:
            needed = value_at(self.needs, point)
            if needed is not True:
                return "unclear" if needed is UNCLEAR else "not asked for"
        before, after = value_at(left, point), value_at(right, point)
        if before is UNCLEAR or after is UNCLEAR:
            return "unclear"
        if before is None:
            return "the rule extends the domain" if after is not None and not self.extends else "no value"
        if after is None:
            return "no value" if self.both else "the rule shrinks the domain"
        return "holds" if agree(before, after, 20) else "the rule changes a value"

    def _report(self, point: Point) -> Report:
        left, right, point = self._shortened(point)
        wrong = self.outcome(point, left, right)
        values = [value_at(side, point) for side in (left, right)]
        needs = "" if self.needs is None else f", when={str(self.needs)!r}"
        reproduce = f"check_rule({str(left)!r}, {str(right)!r}{needs})"
        place = {str(symbol): _plain(value) for symbol, value in point.items() if symbol in free_symbols(left, right)}
        return Report(what=wrong, point=place, claimed=decimal(values[1]), expected=decimal(values[0]), formula=left, other=right,
                      reproduce=reproduce.replace("check_rule", "check_equivalent") if self.both else reproduce, picture=drawn(left, None, None, {}))

    def _shortened(self, point: Point) -> tuple[Expr, Expr, Point]:
        """Parts that both sides share become variables, variables become 0 or 1 where it still fails, and values simple ones."""
        left, right = self.left, self.right

        def fails(left: Expr, right: Expr, point: Point) -> bool:
            return self.outcome(point, left, right).startswith("the rule")
        if self.needs is None:
            for part in sorted(set(postorder(left)) & set(postorder(right)), key=tree_size, reverse=True):
                if not part.args or part.op.relation or part in (left, right):
                    continue
                mark = symbol_node(f"u{len(point)}")
                value = value_at(part, point)
                trial = {**point, mark: value}
                if value is not None and value is not UNCLEAR:
                    shorter = substitute(left, {part: mark}), substitute(right, {part: mark})
                    for candidate in (*CORNERS, value):
                        trial[mark] = candidate
                        if fails(*shorter, trial):
                            left, right, point = *shorter, dict(trial)
                            break
        point = {symbol: value for symbol, value in point.items() if symbol in free_symbols(left, right, *self._needed())}
        for symbol in list(point):
            for candidate in CORNERS[:CORNERS.index(point[symbol])] if point[symbol] in CORNERS else CORNERS:
                if fails(left, right, {**point, symbol: candidate}):
                    point = {**point, symbol: candidate}
                    break
        for symbol in list(point):  # a wildcard that plays no part becomes the number 0 or 1, unless nothing would be left
            for value in (0, 1):
                trial_left, trial_right = (substitute(side, {symbol: number(value)}) for side in (left, right))
                rest = {s: v for s, v in point.items() if s is not symbol}
                if rest and self.needs is None and fails(trial_left, trial_right, rest):
                    left, right, point = trial_left, trial_right, rest
                    break
        return left, right, point

    def _needed(self) -> list[Expr]:
        return [] if self.needs is None else [self.needs]


def _plain(value: Any) -> Any:
    return value.numerator if isinstance(value, Fraction) and value.denominator == 1 else value
