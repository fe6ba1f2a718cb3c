"""simplify: the stages in order, the choice of the cheapest form, and the report of what was done."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal, overload

from symdiff import limits
from symdiff.errors import UsageError
from symdiff.expr import Expr
from symdiff.operations.op import as_expr
from symdiff.simplification.accuracy import Accuracy
from symdiff.simplification.canonical import Canonical
from symdiff.simplification.conditions import Domain
from symdiff.simplification.cost import Prices, occurrences
from symdiff.simplification.display import Display
from symdiff.simplification.gathering import gathered
from symdiff.simplification.identities import rules_of_stage
from symdiff.simplification.matching import RuleIndex
from symdiff.simplification.rational import Rational
from symdiff.simplification.rewriting import BUDGET, Firing, Rewriting
from symdiff.simplification.rule import Stage
from symdiff.simplification.signs import Assumptions, Signs
from symdiff.simplification.vocabulary import NARROWER, VOCABULARIES, folded, rewritten, single_angles
from symdiff.walk import graph_size, paused_collector, postorder

__all__ = ["Report", "Step", "simplify"]

WORTH = 1.0
"""What another form must save, in operations, before it replaces the form given: less is a matter of taste, and the user's counts."""
ROUNDS = 4
RULED_INPUT = 40
"""Nodes up to which the rules also look at the form given; combined forms are shorter, and matching costs more than combining."""


@dataclass(frozen=True, slots=True)
class Step:
    """One change of the whole expression: the stage or rule that made it, and the forms before and after."""

    rule: str
    before: Expr
    after: Expr
    parts: tuple[Step, ...] = ()
    """Where rules made it: each with the part that it changed."""


@dataclass(frozen=True, slots=True)
class Report:
    """What simplify did: the result, the conditions it holds under beyond those of the input, the steps, the prices, and what was skipped."""

    result: Expr
    conditions: tuple[Expr, ...]
    steps: tuple[Step, ...]
    cost_before: float
    cost_after: float
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        where = ", ".join(str(c) for c in self.conditions)
        return f"{self.result}   (for {where})" if where else str(self.result)


@overload
def simplify(expression: Expr | float, assume: Any = None, *, mode: str = "record", prefer: str = "reading", effort: float = 1,
             report: Literal[False] = False) -> Expr: ...
@overload
def simplify(expression: Expr | float, assume: Any = None, *, mode: str = "record", prefer: str = "reading", effort: float = 1,
             report: Literal[True]) -> Report: ...


def simplify(expression: Expr | float, assume: Any = None, *, mode: str = "record", prefer: str = "reading", effort: float = 1,
             report: bool = False) -> Expr | Report:
    """A shorter form with the same value wherever the expression has a real one.

    assume: what holds of symbols, as text ("x > 0, n integer"), relations, or a list of them.
    mode: "record" may extend the domain (x/x is 1) and the report says so; "strict" keeps the domain exactly; "generic" records nothing.
    prefer: "reading" for the form that is shortest to read; "accuracy" for one that keeps its digits in floating point (log1p, expm1,
    2*sin(x/2)^2 for 1 - cos(x), the largest exponent taken out of sums of exponentials), which may be longer.
    effort: by what the work that the limits allow is multiplied: 10 looks ten times as long before it gives a part up, 0 collects like
    terms and no more.  What was given up is in the report's notes.
    report: give a Report (result, conditions, steps, costs, notes) instead of the expression.
    Raises UsageError for assumptions it cannot read, for other modes and preferences, and for an effort that is no number from 0 on.

    >>> from symdiff import parse
    >>> simplify(parse("(x^2 - 1)/(x - 1)"))
    Expr('x + 1')
    >>> print(simplify(parse("(x^2 - 1)/(x - 1)"), report=True))
    x + 1   (for x != 1)
    >>> simplify(parse("sqrt(x^2)")), simplify(parse("sqrt(x^2)"), assume="x > 0")
    (Expr('abs(x)'), Expr('x'))
    >>> simplify(parse("(1 - cos(x))/x^2"), prefer="accuracy")
    Expr('2*sin(x/2)^2/x^2')
    """
    if mode not in ("record", "strict", "generic"):
        raise UsageError(f"mode is 'record', 'strict' or 'generic', not {mode!r}")
    if prefer not in ("reading", "accuracy"):
        raise UsageError(f"prefer is 'reading' or 'accuracy', not {prefer!r}")
    if isinstance(effort, bool) or not isinstance(effort, int | float) or not 0 <= effort < math.inf:
        raise UsageError(f"effort is a number from 0 on, not {effort!r}")
    node = as_expr(expression)
    with paused_collector():
        work = _Simplification(Canonical(Signs(Assumptions.read(assume))), mode, effort)
        result = work.settled(node)
        if prefer == "accuracy":
            result = work.accurate(node, result)
        return work.report(node, result) if report else result


@cache
def _index() -> RuleIndex:
    return RuleIndex(rules_of_stage(Stage.ALWAYS, Stage.SEARCH))


class _Simplification:
    """One call: its memory of forms and prices, its steps and notes."""

    def __init__(self, canonical: Canonical, mode: str, effort: float) -> None:
        self.canonical = canonical
        self.mode = mode
        self.effort = effort
        self.display = Display(canonical)
        self.rational = Rational(canonical, self.price, effort=effort)
        self.domain = Domain(canonical, self.rational, self.display)
        self.rewriting = Rewriting(_index(), self.domain.holds, self.price, canonical, int(BUDGET * effort))
        self.steps: list[Step] = []
        self._fired: dict[str, list[Firing]] = {}
        self._gathered: dict[Expr, Expr] = {}
        self._folded: dict[Expr, Expr] = {}
        self.notes: list[str] = []

    @property
    def _times(self) -> str:
        return "" if self.effort == 1 else f" times effort {self.effort:g}"

    def price(self, form: Expr) -> float:
        return self.display.prices.of(self.display.of(form))

    def settled(self, node: Expr) -> Expr:
        """Simplify until nothing changes, so that simplifying a result again gives it back."""
        for _ in range(ROUNDS):
            better = self._better(node)
            if better is node:
                break
            node = better
        return node

    def accurate(self, node: Expr, result: Expr) -> Expr:
        """The form of least risk in floating point that the rules reach from the input and from the shortest form."""
        accuracy = Accuracy(self.canonical, self.display, self.domain.holds)
        best, rule = self.canonical.of(result), ""
        for start in dict.fromkeys((best, self.canonical.of(node))):
            better, firings = accuracy.better(start)
            if accuracy.cost(better) < accuracy.cost(best) and self._allowed(node, self.display.of(better)):
                best, rule = better, "; ".join(dict.fromkeys(firing.rule.name for firing in firings)) or "largest exponent taken out"
        shown = self.display.of(best)
        if rule and shown is not result:
            self.steps.append(Step(rule, result, shown))
            return shown
        return result

    def _better(self, node: Expr) -> Expr:
        best, rule = self._cheapest(node, node, "", self._candidates(node))
        best, rule = self._cheapest(node, best, rule, self._ruled(node, best))
        if self.rational.exhausted:
            self._note(f"the work limit was reached (limits.simplifier_work = {limits.simplifier_work}{self._times}): some sums were not combined")
        if best is not node:
            self.steps.append(Step(rule, node, best, tuple(Step(f.rule.name, f.before, f.after) for f in self._fired.get(rule, ()))))
        return best

    def _cheapest(self, node: Expr, best: Expr, rule: str, candidates: Iterator[tuple[str, Expr]]) -> tuple[Expr, str]:
        """The best of the candidates and of the best so far, with the name of what made it."""
        prices = self.display.prices
        for name, candidate in candidates:
            if candidate is not best and self._wins(candidate, best, prices, best is node) and self._allowed(node, candidate, name):
                best, rule = candidate, name
        return best, rule

    def _note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    @staticmethod
    def _wins(candidate: Expr, best: Expr, prices: Prices, against_input: bool) -> bool:
        price, least = round(prices.of(candidate), 6), round(prices.of(best), 6)
        if against_input:
            return price <= round(least - WORTH, 6) or (price <= least and occurrences(candidate) < occurrences(best))
        return price < least or (price == least and graph_size(candidate) < graph_size(best))

    def _allowed(self, node: Expr, candidate: Expr, name: str = "") -> bool:
        if name in NARROWER and self.domain.lost(candidate, node):
            return False
        return self.mode != "strict" or not self.domain.lost(node, candidate)

    def _candidates(self, node: Expr) -> Iterator[tuple[str, Expr]]:
        form = self.canonical.of(node)
        yield "collect", self.display.of(form)
        size = len(postorder(form))
        if not self.effort:
            self._note("effort 0: like terms were collected, no more")
            return
        if size > limits.simplified_nodes * self.effort:
            self._note(f"{size} nodes are over limits.simplified_nodes = {limits.simplified_nodes}{self._times}: like terms were collected, no more")
            return
        if self.rational.exhausted:
            return
        yield from self._combined(form, "common denominator")
        names = {part.op.name for part in postorder(form)}
        for title, vocabulary in VOCABULARIES.items():
            if not names.isdisjoint(vocabulary):
                yield from self._combined(single_angles(rewritten(form, vocabulary, self.canonical), self.canonical), title)
        single = single_angles(form, self.canonical)
        if single is not form:
            yield from self._combined(single, "single angles")
        for title, (vocabulary, own) in NARROWER.items():
            if not names.isdisjoint(own) and not names.isdisjoint(vocabulary):
                yield from self._combined(rewritten(form, vocabulary, self.canonical), title)

    def _ruled(self, node: Expr, best: Expr) -> Iterator[tuple[str, Expr]]:
        """The rules applied to the best form so far, and to a small input; and what the rational stage makes of the result."""
        starts = {self.canonical.of(best): None}
        if len(postorder(node)) <= RULED_INPUT:
            starts[self.canonical.of(node)] = None
        for start in starts:
            if len(postorder(start)) > limits.simplified_nodes * self.effort:
                continue
            result, firings = self.rewriting.of(start)
            if firings:
                title = "; ".join(dict.fromkeys(firing.rule.name for firing in firings))
                self._fired[title] = firings
                yield title, self.display.of(result)
                yield title, self.display.of(self.rational.of(result))
        if self.rewriting.exhausted:
            self._note("the rules' budget was spent: some rewrites were not tried")

    def _combined(self, form: Expr, title: str) -> Iterator[tuple[str, Expr]]:
        combined = self.rational.of(form)
        yield title, self.display.of(combined)
        apart = self.rational.split(gathered(combined, self.canonical, self.price, self._gathered))
        yield title, self.display.of(folded(apart, self.canonical, self.price, self._folded))

    def _shown(self, part: Step) -> Step:
        return Step(part.rule, self.display.of(part.before), self.display.of(part.after))

    def report(self, node: Expr, result: Expr) -> Report:
        conditions: tuple[Expr, ...] = ()
        if self.mode == "record":
            conditions = tuple(self.domain.shown(c) for c in self.domain.lost(node, result))
        prices = self.display.prices
        steps = tuple(replace(step, parts=tuple(self._shown(part) for part in step.parts)) for step in self.steps)
        return Report(result, conditions, steps, prices.of(node), prices.of(result), tuple(self.notes))
