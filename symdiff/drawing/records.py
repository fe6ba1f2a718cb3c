"""A Drawing as JSON, for programs that draw themselves."""

from __future__ import annotations

import json
from typing import Any

from symdiff.drawing.labels import printable
from symdiff.drawing.pieces import Card, Drawing, Edge

__all__ = ["card_record", "edge_record", "json_of"]


def json_of(drawing: Drawing) -> str:
    """The picture as JSON: title, cards, edges (by the positions of cards), and where there are any groups, names and a note.

    >>> from symdiff import parse
    >>> from symdiff.drawing.cards import expression_drawing
    >>> print(json_of(expression_drawing(parse("sin(x)"))))
    {"title": "sin(x)", "cards": [{"kind": "variable", "label": "x", "formula": "x"},
    {"kind": "function", "label": "sin", "formula": "sin(x)"}], "edges": [{"from": 1, "to": 0}]}
    <BLANKLINE>
    """
    record: dict[str, Any] = {"title": printable(drawing.title), "cards": [card_record(card) for card in drawing.cards],
                              "edges": [edge_record(edge) for edge in drawing.edges]}
    if drawing.groups:
        record["groups"] = [{"title": printable(group.title), "cards": list(group.cards)} for group in drawing.groups]
    if drawing.names:
        record["names"] = {printable(short): printable(meaning) for short, meaning in drawing.names}
    if drawing.note:
        record["note"] = drawing.note
    return json.dumps(record, ensure_ascii=False) + "\n"


def card_record(card: Card) -> dict[str, Any]:
    """A card's kind, label and formula, and what else it has."""
    record: dict[str, Any] = {"kind": card.kind, "label": printable(card.label), "formula": printable(card.tooltip)}
    if card.rows:
        record["rows"] = [{"text": printable(row.text), "tone": row.tone} for row in card.rows]
    if card.badge:
        record["uses"] = int(card.badge[1:])
    if card.cut:
        record["cut"] = True
    if card.mark:
        record["mark"] = True
    return record


def edge_record(edge: Edge) -> dict[str, Any]:
    """Where an edge starts and ends, and what it says."""
    record: dict[str, Any] = {"from": edge.start, "to": edge.end}
    if edge.label:
        record["label"] = printable(edge.label)
    if edge.tooltip:
        record["formula"] = printable(edge.tooltip)
    return record
