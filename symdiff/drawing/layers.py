"""The columns of boxes in a graph with shared boxes: rows with room for lines passing through, then every box near its neighbours."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["layered_columns"]

Bend = tuple[float, int]
"""A point where a line passes a row: the column and the row's number."""
_SWEEPS, _BALANCED = 12, 4
"""Moves of every row; the first ones towards the rows below or above in turn, the last few towards both."""
_BENDS_PER_BOX = 6
"""Points on lines that pass rows, for each box; a graph that needs more gets straight lines for its longest."""
_BEND_WIDTH = 4.0
_STRAIGHTNESS = 4.0
"""How much more a bend resists leaving its line than a box resists leaving its parents."""


class _Rows:
    """The graph with a bend for every row an edge passes: each row's members from left to right, and each member's neighbours."""

    def __init__(self, links: Sequence[Sequence[int]], widths: Sequence[float], depth: Sequence[int]) -> None:
        self.widths = list(widths)
        self.level = list(depth)
        self.below: list[list[int]] = [[] for _ in links]
        self.above: list[list[int]] = [[] for _ in links]
        self.bends: list[list[int]] = []
        self._thread_edges(links, depth)
        self.rows = self._ordered()

    def _thread_edges(self, links: Sequence[Sequence[int]], depth: Sequence[int]) -> None:
        longest = _longest_bent(links, depth)
        for box, below in enumerate(links):
            for end in below:
                chain = []
                here = box
                if 1 < depth[end] - depth[box] <= longest:
                    for level in range(depth[box] + 1, depth[end]):
                        bend = self._new_bend(level)
                        chain.append(bend)
                        self._join(here, bend)
                        here = bend
                if depth[end] - self.level[here] == 1:
                    self._join(here, end)
                self.bends.append(chain)

    def _new_bend(self, level: int) -> int:
        self.widths.append(_BEND_WIDTH)
        self.level.append(level)
        self.below.append([])
        self.above.append([])
        return len(self.level) - 1

    def _join(self, start: int, end: int) -> None:
        self.below[start].append(end)
        self.above[end].append(start)

    def _ordered(self) -> list[list[int]]:
        """From the top row down, each member by the mean place of those above it; their own order of children decides within."""
        rows: list[list[int]] = [[] for _ in range(max(self.level) + 1)]
        for member, level in enumerate(self.level):
            rows[level].append(member)
        wanted = [0.0] * len(self.level)
        for row in rows:
            row.sort(key=lambda member: (wanted[member] / max(1, len(self.above[member])), member))
            for index, member in enumerate(row):
                width = 1 / (len(self.below[member]) + 1)
                for number, end in enumerate(self.below[member], 1):
                    wanted[end] += index + number * width
        return rows


def _longest_bent(links: Sequence[Sequence[int]], depth: Sequence[int]) -> int:
    """The greatest length of an edge that is led around the boxes it passes, such that the bends stay few."""
    lengths = sorted(depth[end] - depth[box] for box, below in enumerate(links) for end in below)
    left = _BENDS_PER_BOX * len(links)
    for length in lengths:
        left -= length - 1
        if left < 0:
            return length - 1
    return lengths[-1]


def layered_columns(
    links: Sequence[Sequence[int]], widths: Sequence[float], depth: Sequence[int], gap: float,
) -> tuple[list[float], list[list[Bend]]]:
    """The column of every box, and the bends of every edge in the order of `links`.

    Rows keep their order; boxes move to the mean of their neighbours in alternating sweeps, each row solved exactly (least squares with
    least distances is an isotonic regression, found in linear time by pooling adjacent violators).
    """
    graph = _Rows(links, widths, depth)
    columns = [0.0] * len(graph.level)
    for row in graph.rows:
        _settle(row, [0.0] * len(row), [1.0] * len(row), graph.widths, columns, gap)
    for sweep in range(_SWEEPS):
        down, last = sweep % 2 == 1, sweep >= _SWEEPS - _BALANCED
        for row in (graph.rows if down else reversed(graph.rows)):
            _sweep(graph, row, None if last else down, len(links), columns, gap)
    return columns[:len(links)], [[(columns[bend], graph.level[bend]) for bend in chain] for chain in graph.bends]


def _sweep(graph: _Rows, row: list[int], down: bool | None, boxes: int, columns: list[float], gap: float) -> None:
    wanted, weights = [], []
    for member in row:
        above, below = graph.above[member], graph.below[member]
        bend = member >= boxes
        near = above + below if down is None or bend else above if down else below
        near = near or above or below
        wanted.append(sum(columns[other] for other in near) / len(near) if near else columns[member])
        weights.append(_STRAIGHTNESS if bend else float(len(near)))
    _settle(row, wanted, weights, graph.widths, columns, gap)


def _settle(row: list[int], wanted: list[float], weights: list[float], widths: list[float], columns: list[float], gap: float) -> None:
    """Put the members of a row as near to the wanted columns as their widths allow, in their order."""
    offset, offsets = 0.0, [0.0]
    for left, right in zip(row, row[1:]):
        offset += (widths[left] + widths[right]) / 2 + gap
        offsets.append(offset)
    blocks: list[tuple[float, float, int]] = []  # mean, weight and number of members that touch
    for target, weight, shift in zip(wanted, weights, offsets):
        mean, total, count = target - shift, weight, 1
        while blocks and blocks[-1][0] >= mean:
            other, other_total, other_count = blocks.pop()
            mean = (mean * total + other * other_total) / (total + other_total)
            total, count = total + other_total, count + other_count
        blocks.append((mean, total, count))
    index = 0
    for mean, _, count in blocks:
        for _ in range(count):
            columns[row[index]] = mean + offsets[index]
            index += 1
