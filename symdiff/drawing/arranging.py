"""Where everything in a picture stands, in either direction, with groups: boxes, frames, lines and the labels on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from symdiff.drawing.curves import Curve, along, curve
from symdiff.drawing.layout import TALL, Layout, Point, place
from symdiff.drawing.measuring import SMALL, box_size, text_width
from symdiff.drawing.pieces import Drawing, Edge, Group

__all__ = ["Arrangement", "Frame", "arranged"]

_PAD, _TITLE = 14.0, 24.0
"""Of a group's frame: the space around its cards, and above them for its title."""
_DOOR = 2.0
"""The room in which a line passes between a card and the frame around it."""
_SHARES = (0.5, 0.35, 0.65, 0.3, 0.7, 0.22, 0.78)
"""Where on a line its label is tried."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A rectangle by its left upper corner."""

    left: float
    top: float
    width: float
    height: float

    def meets(self, other: Frame) -> bool:
        return (self.left < other.left + other.width and other.left < self.left + self.width
                and self.top < other.top + other.height and other.top < self.top + self.height)


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Boxes and group frames in the order of the drawing, a curve for each edge, the frame of its label (None without), and the extent."""

    boxes: list[Frame]
    groups: list[Frame]
    curves: list[Curve]
    labels: list[Frame | None]
    width: float
    height: float


def arranged(drawing: Drawing) -> Arrangement:
    """Place all of a drawing.  Everything is laid out from the root down; a sideways picture is then turned, the root to the right."""
    sizes = [box_size(card) for card in drawing.cards]
    if drawing.sideways:
        sizes = [(height, width) for width, height in sizes]
    upright = _grouped(drawing, sizes) if drawing.groups else _flat(drawing, sizes)
    turned = _turned(upright) if drawing.sideways else upright
    turned.labels[:] = _labels(drawing, turned)
    return turned


def _room(drawing: Drawing, edges: Iterable[Edge]) -> float:
    """The space between rows, with room for the labels on these lines."""
    labels = [edge.label for edge in edges if edge.label]
    if drawing.sideways:
        return 26.0 + max([text_width(label, SMALL) for label in labels], default=0.0)
    cards = any(card.rows for card in drawing.cards)
    if labels:
        return 46.0 if cards else 56.0
    return 30.0 if cards else 26.0


def _links(drawing: Drawing) -> list[list[int]]:
    links: list[list[int]] = [[] for _ in drawing.cards]
    for edge in drawing.edges:
        links[edge.start].append(edge.end)
    return links


def _framed(centre: Point, size: tuple[float, float]) -> Frame:
    return Frame(centre[0] - size[0] / 2, centre[1] - size[1] / 2, *size)


def _flat(drawing: Drawing, sizes: Sequence[tuple[float, float]]) -> Arrangement:
    links = _links(drawing)
    widths = [width for width, _ in sizes]
    for edge in drawing.edges:
        if edge.label:
            label = (17.0 if drawing.sideways else text_width(edge.label, SMALL) + 8) - 8  # beside each other the labels need as much
            widths[edge.end] = max(widths[edge.end], label)
    layout = place(links, widths, [height for _, height in sizes], room=_room(drawing, drawing.edges))
    boxes = [_framed(centre, size) for centre, size in zip(layout.centres, sizes)]
    starts = [_leaving(box, index, len(below)) for box, below in zip(boxes, links) for index in range(len(below))]
    lines = _curves(drawing, [
        [start, *route, _entered(boxes[edge.end])] for start, route, edge in zip(starts, layout.routes, drawing.edges)
    ])
    return Arrangement(boxes, [], lines, [None] * len(lines), layout.width, layout.height)


def _leaving(box: Frame, index: int, count: int) -> Point:
    """Where the line to a child leaves: a card's lower edge, side by side; else the centre, which the box covers."""
    middle = box.left + box.width / 2
    if box.height <= TALL:
        return middle, box.top + box.height / 2
    step = min(26.0, 0.7 * box.width / count)
    return middle + (index - (count - 1) / 2) * step, box.top + box.height


def _entered(box: Frame) -> Point:
    return box.left + box.width / 2, box.top if box.height > TALL else box.top + box.height / 2


def _curves(drawing: Drawing, paths: list[list[Point]]) -> list[Curve]:
    """A second line between the same two boxes bows out, unless it leaves elsewhere."""
    seen: dict[tuple[int, int, Point], int] = {}
    lines = []
    for edge, points in zip(drawing.edges, paths):
        key = edge.start, edge.end, points[0]
        again = seen[key] = seen.get(key, -1) + 1
        lines.append(curve(points, 14.0 * ((again + 1) // 2) * (-1) ** again))
    return lines


# Groups


class _Inside:
    """One group laid out by itself: its cards, and a door in the lowest row for each line that leaves the group."""

    def __init__(self, group: Group, drawing: Drawing, sizes: Sequence[tuple[float, float]]) -> None:
        self.cards = group.cards
        member = set(group.cards)
        leaving = [index for index, edge in enumerate(drawing.edges) if edge.start in member and edge.end not in member]
        inner = [index for index, edge in enumerate(drawing.edges) if edge.start in member and edge.end in member]
        position = {card: len(leaving) + index for index, card in enumerate(group.cards)}
        links: list[list[int]] = [[] for _ in range(len(leaving) + len(group.cards))]
        edges: list[list[int]] = [[] for _ in links]
        doors = {edge: door for door, edge in enumerate(leaving)}
        for index in sorted(leaving + inner):
            edge = drawing.edges[index]
            links[position[edge.start]].append(doors[index] if index in doors else position[edge.end])
            edges[position[edge.start]].append(index)
        extents = [(_DOOR, _DOOR)] * len(leaving) + [sizes[card] for card in group.cards]
        room = _room(drawing, [drawing.edges[index] for index in inner])
        self.layout: Layout = place(links, [w for w, _ in extents], [h for _, h in extents], room=room, ground=range(len(leaving)))
        self.doors = sorted(leaving, key=lambda edge: self.layout.centres[doors[edge]])
        self.boxes = {card: _framed(self.layout.centres[position[card]], sizes[card]) for card in group.cards}
        self.paths: dict[int, list[Point]] = {}
        routes = iter(self.layout.routes)
        for box, (below, numbers) in enumerate(zip(links, edges)):
            for place_of_edge, (end, number) in enumerate(zip(below, numbers)):
                start = _leaving(self.boxes[group.cards[box - len(leaving)]], place_of_edge, len(below))
                last = self.layout.centres[end] if end < len(leaving) else _entered(self.boxes[group.cards[end - len(leaving)]])
                self.paths[number] = [start, *next(routes), last]
        self.size = self.layout.width + 2 * _PAD + _TITLE, self.layout.height + 2 * _PAD

    def moved(self, frame: Frame, point: Point) -> Point:
        return frame.left + _PAD + _TITLE + point[0], frame.top + _PAD + point[1]


def _grouped(drawing: Drawing, sizes: Sequence[tuple[float, float]]) -> Arrangement:
    """Groups are laid out each by itself and then among the other cards as boxes of their own."""
    inside = [_Inside(group, drawing, sizes) for group in drawing.groups]
    owner = {card: number for number, group in enumerate(drawing.groups) for card in group.cards}
    loose = [(card, ~card) for card in range(len(drawing.cards)) if card not in owner]
    units = [number for _, number in sorted([(group.cards[-1], number) for number, group in enumerate(drawing.groups)] + loose)]
    at = {unit: index for index, unit in enumerate(units)}

    def unit_of(card: int) -> int:
        return at[owner.get(card, ~card)]
    links = [[unit_of(drawing.edges[edge].end) for edge in inside[unit].doors] if unit >= 0 else [] for unit in units]
    extents = [inside[unit].size if unit >= 0 else sizes[~unit] for unit in units]
    between = [drawing.edges[edge] for group in inside for edge in group.doors]
    layout = place(links, [width for width, _ in extents], [height for _, height in extents], room=_room(drawing, between))
    frames = [_framed(centre, size) for centre, size in zip(layout.centres, extents)]
    boxes: list[Frame] = [frames[unit_of(card)] for card in range(len(drawing.cards))]
    paths: list[list[Point]] = [[] for _ in drawing.edges]
    for unit, group in enumerate(inside):
        frame = frames[at[unit]]
        for card in group.cards:
            box = group.boxes[card]
            boxes[card] = Frame(*group.moved(frame, (box.left, box.top)), box.width, box.height)
        for edge, points in group.paths.items():
            paths[edge] = [group.moved(frame, point) for point in points]
    routes = iter(layout.routes)
    for unit in units:
        for edge in inside[unit].doors if unit >= 0 else ():
            end = drawing.edges[edge].end
            frame = frames[unit_of(end)]
            entry = _entered(boxes[end])
            last = [(entry[0], frame.top), entry] if end in owner else [entry]
            paths[edge] += [*next(routes), *last]
    lines = _curves(drawing, paths)
    return Arrangement(boxes, [frames[at[unit]] for unit in range(len(inside))], lines, [None] * len(lines), layout.width, layout.height)


# Turning


def _turned(upright: Arrangement) -> Arrangement:
    """The same with the root at the right: what ran down runs to the left."""
    extent = upright.height

    def point(p: Point) -> Point:
        return extent - p[1], p[0]

    def frame(box: Frame) -> Frame:
        return Frame(extent - box.top - box.height, box.left, box.height, box.width)
    lines = [Curve(point(line.start), tuple((point(a), point(b), point(c)) for a, b, c in line.parts), line.straight)
             for line in upright.curves]
    return Arrangement([frame(box) for box in upright.boxes], [frame(box) for box in upright.groups], lines,
                       [None] * len(lines), upright.height, upright.width)


# Labels


class _Taken:
    """Frames that are taken, found by where they are: a picture with a thousand labels would else compare each with each."""

    _CELL = 160.0

    def __init__(self, frames: Iterable[Frame]) -> None:
        self.cells: dict[tuple[int, int], list[Frame]] = {}
        for frame in frames:
            self.take(frame)

    def _near(self, frame: Frame) -> Iterator[tuple[int, int]]:
        for column in range(int(frame.left // self._CELL), int((frame.left + frame.width) // self._CELL) + 1):
            for row in range(int(frame.top // self._CELL), int((frame.top + frame.height) // self._CELL) + 1):
                yield column, row

    def take(self, frame: Frame) -> None:
        for cell in self._near(frame):
            self.cells.setdefault(cell, []).append(frame)

    def free(self, frame: Frame) -> bool:
        return not any(frame.meets(other) for cell in self._near(frame) for other in self.cells.get(cell, ()))


def _labels(drawing: Drawing, arrangement: Arrangement) -> list[Frame | None]:
    """A frame on each line that has a label, clear of boxes and of other labels where that can be."""
    found: list[Frame | None] = [None] * len(drawing.edges)
    boxes, frames = _Taken(arrangement.boxes), _Taken(arrangement.groups)
    for index, edge in enumerate(drawing.edges):
        if edge.label:
            line, width = arrangement.curves[index], text_width(edge.label, SMALL) + 8
            tries = [_label(line, part, share, width) for part in range(len(line.parts)) for share in _SHARES]
            clear = [frame for frame in tries if boxes.free(frame)]
            outside = [frame for frame in clear if frames.free(frame)]
            chosen = (outside or clear or tries)[0]
            found[index] = chosen
            boxes.take(chosen)
    return found


def _label(line: Curve, part: int, share: float, width: float) -> Frame:
    x, y = along(line, part, share)
    return Frame(x - width / 2, y - 8.5, width, 17.0)
