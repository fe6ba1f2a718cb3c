"""Where the boxes of a picture stand: trees and layered graphs of plain numbers; no formula, label or format is known here."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import TypeAlias

from symdiff.drawing.layers import layered_columns

__all__ = ["TALL", "Layout", "Point", "place"]

Point: TypeAlias = tuple[float, float]
GAP = 18.0
"""Free space between neighbours."""
TALL = 40.0
"""Boxes taller than this are cards: lines leave them side by side along the lower edge, and pass them upright."""
_ROOM = 26.0
_MOST_ROOM = 288.0
"""Least and greatest free space between two rows; a wide family gets more, so that its lines do not lie flat."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The centre of every box, the points between for every edge (in the order of the boxes' links), and the extent of it all."""

    centres: list[Point]
    routes: list[list[Point]]
    width: float
    height: float


def place(
    links: Sequence[Sequence[int]], widths: Sequence[float], heights: Sequence[float], *, room: float = _ROOM, ground: Collection[int] = (),
) -> Layout:
    """Place boxes so that every box stands above those it links to, in their order.

    links: for each box the positions of the boxes below it; all smaller than its own.  The last box is the root.
    room: the least space between two rows.  ground: boxes that stand in the lowest row.
    Time is linear in boxes and links.

    >>> place([[], [], [0, 1]], [30.0, 30.0, 30.0], [30.0, 30.0, 30.0]).centres
    [(15.0, 71.0), (63.0, 71.0), (39.0, 15.0)]
    """
    depth = _depths(links)
    for box in ground:
        depth[box] = max(depth)
    uses = [0] * len(links)
    for below in links:
        for end in below:
            uses[end] += 1
    if max(uses) <= 1 and not ground:
        columns = _tree_columns(links, widths)
        bends: list[list[tuple[float, int]]] = [[] for below in links for _ in below]
    else:
        columns, bends = layered_columns(links, widths, depth, GAP)
    sides = [column - width / 2 for column, width in zip(columns, widths)]
    left = min(chain(sides, (column - GAP / 2 for bend in bends for column, _ in bend)))
    tall = [0.0] * (max(depth) + 1)
    for level, height in zip(depth, heights):
        tall[level] = max(tall[level], height)
    rows = _rows(links, columns, depth, tall, room)
    centres = [(column - left, rows[level]) for column, level in zip(columns, depth)]
    routes = [[point for column, level in bend for point in _passing(column - left, rows[level], tall[level])] for bend in bends]
    right = max(chain((x + width / 2 for (x, _), width in zip(centres, widths)), (x + GAP / 2 for route in routes for x, _ in route)))
    _keep_order(links, centres, routes, heights)
    return Layout(centres, routes, right, rows[-1] + tall[-1] / 2)


def _passing(x: float, y: float, height: float) -> list[Point]:
    """Where a line passes a row: upright beside cards."""
    return [(x, y)] if height <= TALL else [(x, y - height / 2), (x, y + height / 2)]


def _keep_order(links: Sequence[Sequence[int]], centres: list[Point], routes: list[list[Point]], heights: Sequence[float]) -> None:
    """Where boxes below stand in another order than a box links to them, let its lines leave it in the right order and cross below."""
    first = 0
    for box, below in enumerate(links):
        number = len(below)
        x, y = centres[box]
        starts = [routes[first + index][0][0] if routes[first + index] else centres[end][0] for index, end in enumerate(below)]
        if heights[box] <= TALL and any(left > right for left, right in pairwise(starts)):
            for index in range(number):
                routes[first + index].insert(0, (x + (index - (number - 1) / 2) * 12, y + heights[box] * 0.62))
        first += number


def _depths(links: Sequence[Sequence[int]]) -> list[int]:
    """The longest way down from the root: everything that uses a box stands above it."""
    depth = [0] * len(links)
    for box in range(len(links) - 1, -1, -1):
        for end in links[box]:
            depth[end] = max(depth[end], depth[box] + 1)
    return depth


def _rows(links: Sequence[Sequence[int]], columns: list[float], depth: list[int], tall: list[float], room: float) -> list[float]:
    reach = [0.0] * len(tall)
    for box, below in enumerate(links):
        for end in below:
            if depth[end] == depth[box] + 1:
                reach[depth[end]] = max(reach[depth[end]], abs(columns[end] - columns[box]))
    rows = [tall[0] / 2]
    for level in range(1, len(tall)):
        free = min(max(_MOST_ROOM, room), max(room, 0.22 * reach[level] - 32))
        rows.append(rows[-1] + (tall[level - 1] + tall[level]) / 2 + free)
    return rows


class _Forest:
    """What the tree layout keeps for each box, as columns of numbers."""

    __slots__ = ("ancestor", "change", "mod", "number", "parent", "prelim", "shift", "thread")

    def __init__(self, links: Sequence[Sequence[int]]) -> None:
        count = len(links)
        self.prelim, self.mod, self.shift, self.change = ([0.0] * count for _ in range(4))
        self.thread = [-1] * count
        self.ancestor = list(range(count))
        self.parent, self.number = [-1] * count, [0] * count
        for box, below in enumerate(links):
            for index, end in enumerate(below):
                self.parent[end], self.number[end] = box, index


def _tree_columns(links: Sequence[Sequence[int]], widths: Sequence[float]) -> list[float]:
    """Reingold and Tilford's tidy tree in the linear form of Buchheim, Juenger and Leipert (2002), for boxes of any width.

    Boxes come in postorder, so both walks of the paper are plain loops.
    """
    forest = _Forest(links)
    prelim, mod, parent = forest.prelim, forest.mod, forest.parent
    default = [-1] * len(links)  # the default ancestor of the children of each box
    for box, below in enumerate(links):
        if below:
            _spread(forest, below)
            middle = (prelim[below[0]] + prelim[below[-1]]) / 2
        above = parent[box]
        if above >= 0 and forest.number[box]:
            left = links[above][forest.number[box] - 1]
            prelim[box] = prelim[left] + (widths[left] + widths[box]) / 2 + GAP
            mod[box] = prelim[box] - middle if below else 0.0
            default[above] = _apportion(forest, links, widths, box, default[above])
        else:
            prelim[box] = middle if below else 0.0
            if above >= 0:
                default[above] = box
    columns = [0.0] * len(links)
    carried = [0.0] * len(links)
    for box in range(len(links) - 1, -1, -1):
        columns[box] = prelim[box] + carried[box]
        for end in links[box]:
            carried[end] = carried[box] + mod[box]
    return columns


def _spread(forest: _Forest, below: Sequence[int]) -> None:
    """Carry out the shifts noted for the children, dividing the room among those between."""
    shift = change = 0.0
    for end in reversed(below):
        forest.prelim[end] += shift
        forest.mod[end] += shift
        change += forest.change[end]
        shift += forest.shift[end] + change


def _apportion(forest: _Forest, links: Sequence[Sequence[int]], widths: Sequence[float], box: int, default: int) -> int:
    """Move the subtree of `box` right until it is clear of everything to its left; follow both outlines down together."""
    prelim, mod, thread, ancestor, parent = forest.prelim, forest.mod, forest.thread, forest.ancestor, forest.parent
    siblings = links[parent[box]]
    inner_right = outer_right = box
    inner_left, outer_left = siblings[forest.number[box] - 1], siblings[0]
    sum_ir = sum_or = mod[box]
    sum_il, sum_ol = mod[inner_left], mod[outer_left]
    while True:
        next_left = links[inner_left][-1] if links[inner_left] else thread[inner_left]
        next_right = links[inner_right][0] if links[inner_right] else thread[inner_right]
        if next_left < 0 or next_right < 0:
            break
        inner_left, inner_right = next_left, next_right
        outer_left = links[outer_left][0] if links[outer_left] else thread[outer_left]
        outer_right = links[outer_right][-1] if links[outer_right] else thread[outer_right]
        ancestor[outer_right] = box
        apart = (widths[inner_left] + widths[inner_right]) / 2 + GAP
        shift = prelim[inner_left] + sum_il - prelim[inner_right] - sum_ir + apart
        if shift > 0:
            source = ancestor[inner_left] if parent[ancestor[inner_left]] == parent[box] else default
            _move(forest, source, box, shift)
            sum_ir += shift
            sum_or += shift
        sum_il += mod[inner_left]
        sum_ir += mod[inner_right]
        sum_ol += mod[outer_left]
        sum_or += mod[outer_right]
    if next_left >= 0 and not links[outer_right] and thread[outer_right] < 0:
        thread[outer_right] = next_left
        mod[outer_right] += sum_il - sum_or
    if next_right >= 0 and not links[outer_left] and thread[outer_left] < 0:
        thread[outer_left] = next_right
        mod[outer_left] += sum_ir - sum_ol
        default = box
    return default


def _move(forest: _Forest, source: int, box: int, shift: float) -> None:
    share = shift / (forest.number[box] - forest.number[source])
    forest.change[box] -= share
    forest.shift[box] += shift
    forest.change[source] += share
    forest.prelim[box] += shift
    forest.mod[box] += shift
