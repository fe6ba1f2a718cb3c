"""The columns of boxes in a graph with shared boxes: rows with room for lines passing through, then every box near its neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heapify, heappop, heappush
from itertools import pairwise
from typing import TypeAlias

__all__ = ["layered_columns"]

Bend: TypeAlias = tuple[float, int]
"""A point where a line passes a row: the column and the row's number."""
_SWEEPS, _MOVES = (12, 3), 50_000
"""The most and least sweeps, each moving every box once, and the moves of all together; the last third looks up and down at once."""
_BENDS_PER_BOX, _BENDS = 6, 4_000
"""The most points on lines that pass rows, for each box and in all; a graph that needs more gets straight lines for its longest."""
_BEND_WIDTH = 4.0
_STRAIGHTNESS = 4.0
"""How much more a bend resists leaving its line than a box resists leaving its parents."""


class _Rows:
    """The graph with a bend for every row an edge passes: each row's members from left to right, and each member's neighbours."""

    def __init__(self, links: Sequence[Sequence[int]], widths: Sequence[float], depth: Sequence[int], gap: float) -> None:
        self.gap = gap
        self.boxes = len(links)
        self.widths = list(widths)
        self.level = list(depth)
        self.below: list[list[int]] = [[] for _ in links]
        self.above: list[list[int]] = [[] for _ in links]
        self.bends: list[list[int]] = []
        self._thread_edges(links, depth)
        self.columns = [0.0] * len(self.level)
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
        """From the top row down, each member by the mean place of those above it, children of one box in their own order."""
        rows: list[list[int]] = [[] for _ in range(max(self.level) + 1)]
        for member, level in enumerate(self.level):
            rows[level].append(member)
        wanted = [0.0] * len(self.level)
        for level, row in enumerate(rows):
            families = [self.below[user] for user in rows[level - 1]] if level else []
            row[:] = _in_order(row, {member: wanted[member] / max(1, len(self.above[member])) for member in row}, families)
            for index, member in enumerate(row):
                width = 1 / (len(self.below[member]) + 1)
                for number, end in enumerate(self.below[member], 1):
                    wanted[end] += index + number * width
        return rows

    def sweep(self, row: list[int], down: bool | None) -> None:
        """Move a row towards the row above (down), below (not down) or both (None)."""
        columns = self.columns
        wanted, weights = [], []
        for member in row:
            above, below = self.above[member], self.below[member]
            bend = member >= self.boxes
            near = above + below if down is None or bend else above if down else below
            near = near or above or below
            wanted.append(sum([columns[other] for other in near]) / len(near) if near else columns[member])
            weights.append(_STRAIGHTNESS if bend else float(len(near)))
        self.settle(row, wanted, weights)

    def settle(self, row: list[int], wanted: list[float], weights: list[float]) -> None:
        """Put the members of a row as near to the wanted columns as their widths allow, in their order."""
        offset, offsets = 0.0, [0.0]
        for left, right in pairwise(row):
            offset += (self.widths[left] + self.widths[right]) / 2 + self.gap
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
                self.columns[row[index]] = mean + offsets[index]
                index += 1


def _in_order(row: list[int], wanted: dict[int, float], families: list[list[int]]) -> list[int]:
    """The members by their wanted places, except that no child stands left of an earlier child of the same family.

    Families may contradict each other (a/b beside b/a); then the wanted place decides.
    """
    after: dict[int, list[int]] = {}
    waiting = dict.fromkeys(row, 0)
    for family in families:
        for left, right in pairwise(family):
            if left != right:
                after.setdefault(left, []).append(right)
                waiting[right] += 1
    free = [(wanted[member], member) for member in row if not waiting[member]]
    others = sorted(((wanted[member], member) for member in row if waiting[member]), reverse=True)
    heapify(free)
    order: list[int] = []
    placed: set[int] = set()
    while free or others:
        member = heappop(free)[1] if free else others.pop()[1]
        if member in placed:
            continue
        placed.add(member)
        order.append(member)
        for right in after.get(member, ()):
            waiting[right] -= 1
            if not waiting[right]:
                heappush(free, (wanted[right], right))
    return order


def _longest_bent(links: Sequence[Sequence[int]], depth: Sequence[int]) -> int:
    """The greatest length of an edge that is led around the boxes it passes, such that the bends stay few."""
    lengths = sorted(depth[end] - depth[box] for box, below in enumerate(links) for end in below)
    left = min(_BENDS, _BENDS_PER_BOX * len(links))
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
    graph = _Rows(links, widths, depth, gap)
    for row in graph.rows:
        graph.settle(row, [0.0] * len(row), [1.0] * len(row))
    most, least = _SWEEPS
    sweeps = max(least, min(most, _MOVES // len(graph.level)))
    for sweep in range(sweeps):
        down, last = sweep % 2 == 1, sweep >= sweeps - sweeps // 3
        for row in (graph.rows if down else reversed(graph.rows)):
            graph.sweep(row, None if last else down)
    return graph.columns[:len(links)], [[(graph.columns[bend], graph.level[bend]) for bend in chain] for chain in graph.bends]
