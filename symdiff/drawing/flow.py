"""The flow of a formula or program at a point: values forward and adjoints backward on every card, local derivatives on every line."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from symdiff import limits
from symdiff.calculus.backpropagation import Backpropagation
from symdiff.calculus.chain import expanded, local_slope
from symdiff.checking.pointwise import read_point
from symdiff.drawing.cards import kind_of, marked
from symdiff.drawing.labels import line_of, pretty_names, sign_of, value_text
from symdiff.drawing.pieces import Card, Drawing, Edge, Group, Row
from symdiff.errors import DomainError, LimitError, UsageError
from symdiff.evaluator import Evaluator, nearest_float
from symdiff.expr import NUMBER, SYMBOL, Expr, symbol_node
from symdiff.operations.op import as_expr
from symdiff.operations.piecewise import where
from symdiff.programs import Program
from symdiff.walk import free_symbols, postorder, rebuild

__all__ = ["flow_drawing"]

_NOTE = "In a box: its value and, after ∂, the derivative of the output by it. On a line: the local derivative of its right end by its left one."


@dataclass(slots=True)
class _Place:
    """One node of the flow: its operation with what flows into it."""

    node: Expr
    sources: list[int]
    value: float
    group: int
    adjoint: float = 0.0
    slopes: list[float | None] = field(default_factory=list)


def flow_drawing(subject: Any, at: Mapping[Any, Any] | None = None, *, mark: Any = (), limit: int | None = None) -> Drawing:
    """A formula or program as a picture of its flow, inputs at the left, the output at the right, each named line in a frame of its own.

    subject: an expression, a Program, or the Backpropagation of one.  at: a number for every variable; the Backpropagation may have it already.
    Each card has its value and its adjoint, the derivative of the output by it; each line has the local derivative of the card at its
    right by the card at its left, and the formula for it in its tooltip.  mark: parts or names to be shown in red.
    limit: the most cards; LimitError beyond, since a part of a flow says nothing.  None for `limits.graphviz_nodes`.
    Raises UsageError where the point lacks a variable, DomainError where the output has no value there.

    >>> from symdiff import parse
    >>> picture = flow_drawing(parse("x^2*y"), at={"x": 3, "y": 2})
    >>> [(card.label, *[row.text for row in card.rows]) for card in picture.cards]
    [('x', '3', '∂ 12'), ('2',), ('^', '9', '∂ 2'), ('y', '2', '∂ 9'), ('×', '18', '∂ 1')]
    >>> [edge.label for edge in picture.edges]
    ['6', '', '2', '9']
    """
    if isinstance(subject, Backpropagation):
        at = {symbol: subject.places[str(symbol)].value for symbol in subject.program.inputs} if at is None else at
        if any(value is None for value in at.values()):
            raise UsageError("a flow has numbers: give backpropagate a point, such as at={'x': 1}")
        subject = subject.program
    if at is None:
        raise UsageError("a flow has numbers: give a point, such as at={'x': 1}")
    program = subject if isinstance(subject, Program) else Program({}, as_expr(subject))
    return _Flow(program, at, marked(mark), limits.graphviz_nodes if limit is None else limit).drawing()


class _Flow:
    """The places of all lines of a program in order, a named line's last place standing for its name."""

    def __init__(self, program: Program, at: Mapping[Any, Any], marks: set[Expr], limit: int) -> None:
        self.program, self.marks, self.limit = program, marks, limit
        point = read_point(at, program.inputs)
        self.values: dict[Expr, float] = {symbol: nearest_float(value) for symbol, value in point.items()}
        self.places: list[_Place] = []
        self.by_name: dict[Expr, int] = {}
        self.titles: list[str] = []
        self.names = pretty_names([*(str(symbol.value) for symbol in program.inputs), *program.names])
        lines = self._lines()
        for name, formula in lines:
            self._add(name, formula)
        self.marked_places = {place for symbol, place in self.by_name.items() if symbol in marks}
        self._backward()

    def _lines(self) -> list[tuple[str | None, Expr]]:
        """The lines that the output depends on."""
        program = self.program
        lines: list[tuple[str | None, Expr]] = list(program.definitions.items())
        if program.output_name is None:
            lines.append((None, program.output))
        last = len(lines) - 1 if program.output_name is None else list(program.names).index(program.output_name)
        wanted = {last}
        at = {symbol_node(name): index for index, (name, _) in enumerate(lines) if name is not None}
        for index in range(last, -1, -1):
            if index in wanted:
                wanted.update(at[symbol] for symbol in free_symbols(lines[index][1]) if symbol in at)
        return [lines[index] for index in sorted(wanted)]

    def _add(self, name: str | None, formula: Expr) -> None:
        """The places of one line, after what flows into it."""
        shape = rebuild(formula, expanded)
        evaluator = Evaluator(shape)
        known = dict(zip(evaluator.order, evaluator.float_values({s: self.values[s] for s in free_symbols(shape)})))
        group = -1
        if self.program.names:
            group = len(self.titles)
            line = line_of(formula, self.names)
            self.titles.append(line if name is None else f"{self.names.get(name, name)} = {line}")
        at: dict[Expr, int] = {}
        order = postorder(shape)
        if len(self.places) + len(order) > self.limit:
            raise LimitError("a picture of a flow", "graphviz_nodes", self.limit)
        for node in order:
            sources = [self._source(child, at, group) for child in node.args]
            if node.op is SYMBOL and node is not shape:
                if node not in self.by_name:
                    self.by_name[node] = self._new(node, [], self.values[node], -1)
                at[node] = self.by_name[node]
            elif node.op is SYMBOL:
                at[node] = self._new(node, [self._named(node)], self.values[node], group)
            elif node.args:
                value = known[node] if node in known else Evaluator(node).floats({s: self.values[s] for s in free_symbols(node)})
                at[node] = self._new(node, sources, value, group)
        end = at[shape] if shape in at else self._new(shape, [], known[shape], group)
        if math.isnan(self.places[end].value):
            formula.evaluate({s: self.values[s] for s in free_symbols(formula)})  # says where it has none
            raise DomainError(f"'{line_of(formula, self.names)}' has no value at this point")
        if name is not None:
            self.by_name[symbol_node(name)] = end
            self.values[symbol_node(name)] = self.places[end].value

    def _named(self, symbol: Expr) -> int:
        if symbol not in self.by_name:
            self.by_name[symbol] = self._new(symbol, [], self.values[symbol], -1)
        return self.by_name[symbol]

    def _source(self, child: Expr, at: dict[Expr, int], group: int) -> int:
        """A number has a place for each use."""
        if child in at:
            return at[child]
        value = Evaluator(child).floats({})
        return self._new(child, [], value, group)

    def _new(self, node: Expr, sources: list[int], value: float, group: int) -> int:
        self.places.append(_Place(node, sources, value, group))
        return len(self.places) - 1

    def _backward(self) -> None:
        """Adjoints from the output down; a number has none."""
        self.places[-1].adjoint = 1.0
        for place in reversed(self.places):
            place.slopes = [self._slope(place, index) for index in range(len(place.sources))]
            for source, slope in zip(place.sources, place.slopes):
                if slope is not None:
                    self.places[source].adjoint += place.adjoint * slope

    def _slope(self, place: _Place, index: int) -> float | None:
        """The local derivative by one source, from the values of the others; None by a number or a condition."""
        source = self.places[place.sources[index]]
        if place.node.op is SYMBOL:
            return 1.0
        if not self._varies(source) or source.node.op.relation or place.node.op.relation:
            return None
        if place.node.op is where:
            return float(bool(self.places[place.sources[0]].value) == (index == 1))
        letters = [symbol_node(f"u{number}") for number in range(len(place.sources))]
        slope = local_slope(Expr(place.node.op, tuple(letters)), index)
        return Evaluator(slope).floats({letter: self.places[end].value for letter, end in zip(letters, place.sources)})

    def _varies(self, place: _Place) -> bool:
        return place.node.op is not NUMBER and (bool(place.sources) or place.node.op is SYMBOL)

    # What is drawn

    def drawing(self) -> Drawing:
        groups = [Group(title, tuple(index for index, place in enumerate(self.places) if place.group == number))
                  for number, title in enumerate(self.titles)]
        edges = [self._edge(index, number) for index, place in enumerate(self.places) for number in range(len(place.sources))]
        output = self.titles[-1] if self.program.output_name else line_of(self.program.output, self.names)
        cards = tuple(self._card(index, place) for index, place in enumerate(self.places))
        return Drawing(f"the flow of {output}", cards, tuple(edges), groups=tuple(groups), sideways=True, note=_NOTE)

    def _card(self, index: int, place: _Place) -> Card:
        if place.node.op is NUMBER:
            return Card("number", sign_of(place.node, self.names), "a number", mark=index in self.marked_places)
        rows = [Row(value_text(self._shown(place)), "value")]
        if self._varies(place) and not place.node.op.relation:
            rows.append(Row(f"∂ {value_text(place.adjoint)}", "adjoint"))
        words = f"{line_of(place.node, self.names)}: value {rows[0].text}"
        if len(rows) > 1:
            words += f", derivative of the output by it {value_text(place.adjoint)}"
        return Card(kind_of(place.node), sign_of(place.node, self.names), words, rows=tuple(rows),
                    mark=place.node in self.marks or index in self.marked_places)

    @staticmethod
    def _shown(place: _Place) -> Any:
        return bool(place.value) if place.node.op.relation else place.value

    def _edge(self, start: int, number: int) -> Edge:
        place = self.places[start]
        slope = place.slopes[number]
        if slope is None:
            return Edge(start, place.sources[number])
        return Edge(start, place.sources[number], value_text(slope, 4), self._formula(place, number))

    def _formula(self, place: _Place, number: int) -> str:
        """∂(x·y)/∂x = y"""
        node = place.node
        if node.op is SYMBOL:
            return "1"
        by = node.args[number]
        if node.op is where:
            return f"∂({line_of(node, self.names)})/∂({line_of(by, self.names)})"
        local = local_slope(node, number)
        return f"∂({line_of(node, self.names)})/∂({line_of(by, self.names)}) = {line_of(local, self.names)}"

