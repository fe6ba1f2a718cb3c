"""A derivation as cards: a card a step with its rule, the part it is about, its derivative and, at a point, the proof by number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from symdiff import limits
from symdiff.calculus.derivation import Derivation, Formula, Premise, Step
from symdiff.checking.pointwise import Observation, compared, read_point
from symdiff.drawing.cards import count_note, marked
from symdiff.drawing.kinds import RULE_KINDS
from symdiff.drawing.labels import line_of, pretty_names, value_text, wrapped
from symdiff.drawing.pieces import Card, Drawing, Edge, Row
from symdiff.expr import SYMBOL, Expr
from symdiff.walk import free_symbols, outline

__all__ = ["derivation_drawing"]

EVERYTHING_TO = 30
"""Cards up to which variables and constants have cards of their own."""
TIDY_TO = 1_000
"""Steps up to which derivatives are shown in their readable form, which takes work on the whole of each."""


def derivation_drawing(
    derivation: Derivation, *, at: Mapping[Any, Any] | None = None, mark: Any = (), limit: int | None = None, top: int | None = None,
) -> Drawing:
    """The derivation as a picture: the last step on top, below each step those it rests on, edges named by their roles.

    at: a number for every variable; each card then shows its value, that of its derivative, and how far a numeric derivative is off.
    mark: a part of the formula, or several, whose cards are shown in red; cards that the numeric derivative refutes are so by themselves.
    limit: the most cards; beyond them the top is drawn and a note says what is left out.  None for `limits.drawn_nodes`.
    top: how many cards are drawn where there are more than the limit; None for as many as the limit.

    >>> from symdiff import derive, parse
    >>> picture = derivation_drawing(derive(parse("sin(x^2)")), at={"x": 2})
    >>> for card in picture.cards[-1:]:
    ...     print(card.label, *[row.text for row in card.rows], sep=" | ")
    chain rule | sin(x²) | d/dx = 2·cos(x²)·x | value −0.7568, slope −2.6146 | ✓ numeric, off by ...
    >>> [edge.label for edge in picture.edges]
    ['base', 'exponent', 'outer', 'inner']
    """
    return _Cards(derivation, at, marked(mark), limits.drawn_nodes if limit is None else limit).drawing(top)


class _Cards:
    """The steps of one derivation on their way to cards."""

    def __init__(self, derivation: Derivation, at: Mapping[Any, Any] | None, marks: set[Expr], limit: int) -> None:
        self.derivation, self.marks, self.limit = derivation, marks, max(1, limit)
        symbols = free_symbols(derivation.expression, derivation.variable)
        self.point = None if at is None else read_point(at, symbols)
        self.names = pretty_names(str(symbol.value) for symbol in symbols)
        self.every = True
        self.every = len(self._outline(EVERYTHING_TO + 1)[0]) <= EVERYTHING_TO
        self.tidy = len(derivation) <= TIDY_TO

    def _outline(self, limit: int) -> tuple[list[Expr], list[list[int]]]:
        return outline(self.derivation.expression, limit, self._once, self._below)

    def _once(self, node: Expr) -> bool:
        return not self.derivation[node].is_trivial

    def _premises(self, node: Expr) -> list[Premise]:
        """The parts of a step that have cards of their own."""
        return [premise for premise in self.derivation[node].premises
                if premise.role != "outer" and premise.slope is not None and premise.expression in self.derivation
                and (self.every or not self.derivation[premise.expression].is_trivial)]

    def _below(self, node: Expr) -> Sequence[Expr]:
        return [premise.expression for premise in self._premises(node)]

    def drawing(self, top: int | None) -> Drawing:
        places, links = self._outline(self.limit)
        cut = self._cut(places, links)
        if top is not None and any(cut):
            places, links = self._outline(max(1, top))
            cut = self._cut(places, links)
        steps = [self.derivation[node] for node in places]
        outer = [index for index, step in enumerate(steps) if self.every and self._outer(step) is not None]
        seen = self._observations(steps, [steps[index] for index in outer])
        count = [0] * len(places)
        for ends in links:
            for end in ends:
                count[end] += 1
        first = len(outer)  # the cards of outer functions come first: each stands left of its step's inner part
        cards = [self._outer_card(steps[index], seen[len(steps) + number]) for number, index in enumerate(outer)]
        cards += [self._card(step, seen[index], cut[index], count[index]) for index, step in enumerate(steps)]
        edges = []
        for index, (node, ends) in enumerate(zip(places, links)):
            if index in outer:
                edges.append(Edge(first + index, outer.index(index), "outer", self._rule(steps[index])))
            premises = self._premises(node)[:len(ends)]
            edges += [Edge(first + index, first + end, premise.role) for premise, end in zip(premises, ends)]
        total = sum(self.every or not step.is_trivial for step in self.derivation) if any(cut) else 0
        title = f"d/d{line_of(self.derivation.variable, self.names)} of {line_of(self.derivation.expression, self.names)}"
        return Drawing(title, tuple(cards), tuple(edges), note=count_note(len(places), total) if any(cut) else "")

    def _cut(self, places: list[Expr], links: list[list[int]]) -> list[bool]:
        return [len(ends) < len(self._below(node)) for node, ends in zip(places, links)]

    def _outer(self, step: Step) -> Formula | None:
        """The outer function of a chain, in letters."""
        return step.formula if step.is_chain and step.rule == "chain rule" and step.formula and step.formula.by is not None else None

    def _slope(self, step: Step) -> Expr:
        return step.derivative if self.tidy else step.slope

    def _observations(self, steps: list[Step], chains: list[Step]) -> list[Observation | None]:
        """What the numbers say: of each step, and of the outer functions of some."""
        if self.point is None:
            return [None] * (len(steps) + len(chains))
        found: list[Observation | None] = list(compared(
            [(step.expression, step.slope) for step in steps], self.derivation.variable, self.point))
        for step in chains:
            formula, inner = self._outer(step), step.node.args[step.varying[0]]
            assert formula is not None and formula.by is not None
            letters = {letter: value for letter, value in zip(formula.left.args, step.node.args) if letter.op is SYMBOL and letter is not value}
            point = dict(self.point)
            values = compared([(part, part) for part in letters.values()], self.derivation.variable, self.point) if letters else []
            point |= {letter: seen.value for letter, seen in zip(letters, values)}
            known = point.get(formula.by) is not None and all(value is not None for value in point.values())
            found.append(compared([(formula.left, formula.right)], formula.by, point)[0] if known else
                         Observation(reason=f"{line_of(inner, self.names)} has no value here"))
        return found

    # What stands in a card

    def _card(self, step: Step, seen: Observation | None, cut: bool, count: int) -> Card:
        rows = [Row(line) for line in wrapped(line_of(step.expression, self.names))]
        by = line_of(step.variable, self.names)
        rows += [Row(line, "accent") for line in wrapped(f"d/d{by} = {line_of(self._slope(step), self.names)}")]
        rows += self._numbers(seen) if step.node.args else []
        wrong = seen is not None and seen.agrees is False
        return Card(RULE_KINDS.get(step.rule, "standard"), step.rule, self._rule(step), f"×{count}" if count > 1 else "", cut,
                    tuple(rows), step.expression in self.marks or wrong)

    def _outer_card(self, step: Step, seen: Observation | None) -> Card:
        formula = self._outer(step)
        assert formula is not None and formula.by is not None
        names = self._primed(formula)
        rows = [Row(line_of(formula.left, names)), Row(f"d/d{line_of(formula.by, names)} = {line_of(formula.right, names)}", "accent")]
        return Card(RULE_KINDS["outer function"], "outer function", self._rule(step), rows=tuple(rows + self._numbers(seen)),
                    mark=seen is not None and seen.agrees is False)

    def _numbers(self, seen: Observation | None) -> list[Row]:
        """The value and that of the derivative; and the check mark, with the distance from the numeric derivative."""
        if seen is None:
            return []
        value, slope = ("none" if part is None else value_text(part) for part in (seen.value, seen.slope))
        rows = [Row(f"value {value}, slope {slope}", "value")]
        if seen.agrees is None:
            return [*rows, Row(f"not compared: {seen.reason}", "quiet")]
        if seen.agrees:
            return [*rows, Row("✓ numeric, exactly" if not seen.error else f"✓ numeric, off by {value_text(seen.error, 1)}", "good")]
        return [*rows, Row(f"✗ numeric {value_text(seen.numeric)}", "bad")]

    def _rule(self, step: Step) -> str:
        """The rule in letters: (u·v)′ = u′·v + u·v′."""
        formula = step.formula
        if formula is None:
            return f"{step.rule}: {line_of(step.expression, self.names)}"
        names = self._primed(formula)
        left, right = line_of(formula.left, names), line_of(formula.right, names)
        if formula.by is not None:
            return f"{step.rule}: d/d{line_of(formula.by, names)} {left} = {right}"
        return f"{step.rule}: ({left})′ = {right}"

    def _primed(self, formula: Formula) -> dict[str, str]:
        letters = [str(symbol.value) for symbol in free_symbols(formula.left, formula.right)]
        return {**self.names, **{letter: letter.replace("'", "′") for letter in letters if letter not in self.names}}
