"""A chart as SVG: axes, grid, lines with gaps, arrows, points; readable on light and dark pages, every text escaped."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from symdiff.drawing.arranging import Frame
from symdiff.drawing.charts import INKS, Axis, Chart, Panel, ticks
from symdiff.drawing.kinds import GROUND, LINE, QUIET
from symdiff.drawing.labels import value_text
from symdiff.drawing.layout import Point
from symdiff.drawing.measuring import text_width
from symdiff.drawing.svg import FONTS, escaped, num, rectangle, typeset

__all__ = ["chart_svg"]

WIDTH, HEIGHT, SQUARE = 600.0, 250.0, 520.0
"""Of a panel, and the height of a square one."""
_LEFT, _RIGHT, _ABOVE, _BELOW = 70.0, 24.0, 46.0, 48.0
_KEY = 20.0
"""Height of one row of the key."""
_TEXT, _TITLE = 13.0, 17.0


def chart_svg(chart: Chart) -> str:
    """The chart as SVG text.

    >>> from symdiff.drawing.charts import Line
    >>> panel = Panel("a line", Axis(0, 1, "x"), Axis(0, 1, "y"), (Line("function", (((0.0, 0.0), (1.0, 1.0)),)),))
    >>> "M70 296L670 46" in chart_svg(Chart("a line", (panel,)))
    True
    """
    parts: list[str] = []
    top, width = 0.0, 0.0
    for number, panel in enumerate(chart.panels):
        size = (SQUARE, SQUARE) if panel.square else (WIDTH, HEIGHT)
        frame = Frame(_LEFT, top + _ABOVE, *size)
        key, key_height = _key(panel, frame)
        parts += _panel(panel, frame, number)
        parts += key
        top += _ABOVE + size[1] + _BELOW + key_height
        width = max(width, _LEFT + size[0] + _RIGHT, _LEFT + text_width(panel.title, _TITLE))
    used = sorted({line.ink for panel in chart.panels for line in panel.lines} | {spot.ink for panel in chart.panels for spot in panel.spots}
                  | {arrow.ink for panel in chart.panels for arrow in panel.arrows})
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" class="symdiff" role="img" width="{num(width)}" height="{num(top)}" '
        f'viewBox="0 0 {num(width)} {num(top)}">',
        f"<title>{escaped(chart.title)}</title>", f"<style>{_style(used)}</style>", *parts, "</svg>",
    ]) + "\n"


def _style(inks: Sequence[str]) -> str:
    def rules(dark: bool) -> str:
        found = ""
        for name in inks:
            ink = INKS[name]
            colour = ink.dark if dark else ink.light
            found += f".symdiff .{name}{{stroke:{colour}}}.symdiff .{name}-spot{{fill:{colour}}}"
            if not dark:
                found += f".symdiff .{name}{{stroke-width:{ink.width}{f';stroke-dasharray:{ink.dashes}' if ink.dashes else ''}}}"
        return found
    return (
        f".symdiff text{{font-family:{FONTS};font-size:{num(_TEXT)}px;fill:#374151}}"
        f".symdiff .i{{font-style:italic}}.symdiff .s{{font-size:.7em}}"
        f".symdiff .title{{font-size:{num(_TITLE)}px;fill:#111827}}.symdiff .tick{{fill:{QUIET}}}"
        f".symdiff path{{fill:none;stroke-linejoin:round}}.symdiff .frame{{stroke:{LINE};fill:none}}"
        f".symdiff .grid{{stroke:{LINE};stroke-opacity:.22}}"
        f".symdiff .zero{{stroke:{LINE};stroke-width:1.3}}.symdiff .halo{{fill:{GROUND[0]};fill-opacity:.82}}{rules(False)}"
        f"@media (prefers-color-scheme:dark){{.symdiff text{{fill:#cbd5e1}}.symdiff .title{{fill:#f3f4f6}}.symdiff .tick{{fill:#9ca3af}}"
        f".symdiff .halo{{fill:{GROUND[1]}}}{rules(True)}}}"
    )


class _Scale:
    """From values to places in a frame."""

    def __init__(self, panel: Panel, frame: Frame) -> None:
        self.panel, self.frame = panel, frame

    def x(self, value: float) -> float:
        return self.frame.left + self.panel.x.share(value) * self.frame.width

    def y(self, value: float) -> float:
        return self.frame.top + (1 - self.panel.y.share(value)) * self.frame.height

    def point(self, at: Point) -> Point:
        return self.x(at[0]), self.y(at[1])

    def path(self, points: Sequence[Point]) -> str:
        """A line, without the points that stand in the same place as the one before."""
        found: list[str] = []
        for x, y in points:
            step = f"{num(self.x(x))} {num(self.y(y))}"
            if not found or found[-1] != step:
                found.append(step)
        return "M" + "L".join(found)


def _panel(panel: Panel, frame: Frame, number: int) -> list[str]:
    scale = _Scale(panel, frame)
    parts = [f'<text class="title" x="{num(frame.left)}" y="{num(frame.top - 16)}">{typeset(panel.title)}</text>', *_axes(panel, scale)]
    parts.append(f'<clipPath id="frame{number}"><rect {rectangle(frame)}/></clipPath><g clip-path="url(#frame{number})">')
    parts += [f'<path class="{arrow.ink}" d="{_arrow(scale.point(arrow.start), scale.point(arrow.end))}"/>' for arrow in panel.arrows]
    for line in panel.lines:
        if path := "".join(scale.path(piece) for piece in line.pieces):
            parts.append(f'<path class="{line.ink}" d="{path}"/>')
    parts.append("</g>")
    return parts + _spots(panel, scale)


def _axes(panel: Panel, scale: _Scale) -> list[str]:
    frame, parts = scale.frame, []
    bottom = frame.top + frame.height
    for value in ticks(panel.x, 9):
        x = scale.x(value)
        look = "zero" if value == 0 else "grid"
        parts.append(f'<path class="{look}" d="M{num(x)} {num(frame.top)}V{num(bottom)}"/>')
        parts.append(f'<text class="tick" text-anchor="middle" x="{num(x)}" y="{num(bottom + 18)}">{typeset(_tick(value, panel.x))}</text>')
    for value in ticks(panel.y, 6):
        y = scale.y(value)
        look = "zero" if value == 0 else "grid"
        parts.append(f'<path class="{look}" d="M{num(frame.left)} {num(y)}H{num(frame.left + frame.width)}"/>')
        parts.append(f'<text class="tick" text-anchor="end" x="{num(frame.left - 8)}" y="{num(y + 4.5)}">{typeset(_tick(value, panel.y))}</text>')
    parts.append(f'<rect class="frame" {rectangle(frame)}/>')
    parts.append(f'<text text-anchor="middle" x="{num(frame.left + frame.width / 2)}" y="{num(bottom + 36)}">{typeset(panel.x.name)}</text>')
    middle = frame.top + frame.height / 2
    parts.append(f'<text text-anchor="middle" x="16" y="{num(middle)}" transform="rotate(-90 16 {num(middle)})">{typeset(panel.y.name)}</text>')
    return parts


def _tick(value: float, axis: Axis) -> str:
    return value_text(value, 6).removeprefix("1·") if axis.logarithmic else value_text(value, 6)


def _arrow(start: Point, end: Point) -> str:
    """A line with two barbs at its end."""
    angle = math.atan2(end[1] - start[1], end[0] - start[0])
    size = min(4.0, 0.4 * math.dist(start, end))
    barbs = [(end[0] - size * math.cos(angle + turn), end[1] - size * math.sin(angle + turn)) for turn in (0.5, -0.5)]
    return (f"M{num(start[0])} {num(start[1])}L{num(end[0])} {num(end[1])}M{num(barbs[0][0])} {num(barbs[0][1])}"
            f"L{num(end[0])} {num(end[1])}L{num(barbs[1][0])} {num(barbs[1][1])}")


def _spots(panel: Panel, scale: _Scale) -> list[str]:
    """Points with their words, on the side where they hide least of the lines and none of the words before."""
    parts: list[str] = []
    taken: list[Frame] = []
    frame = scale.frame
    line = [scale.point(at) for one in panel.lines if one.ink != "level" for piece in one.pieces for at in _dense(piece)]
    for spot in panel.spots:
        x, y = scale.point(spot.at)
        parts.append(f'<circle class="{spot.ink}-spot" cx="{num(x)}" cy="{num(y)}" r="4.2"/>')
        if not spot.label:
            continue
        width = text_width(spot.label, _TEXT) + 6
        tries = [Frame(x + dx if dx > 0 else x + dx - width, y + dy, width, 18.0) for dy in (-9.0, -27.0, 10.0, -45.0, 28.0) for dx in (10.0, -10.0)]
        inside = [one for one in tries if frame.left < one.left and one.left + width < frame.left + frame.width
                  and frame.top < one.top and one.top + one.height < frame.top + frame.height]
        free = [one for one in inside if not any(one.meets(other) for other in taken)]
        chosen = min(free or inside or tries, key=lambda one: _hidden(one, line))
        taken.append(chosen)
        parts.append(f'<rect class="halo" {rectangle(chosen)} rx="4"/>'
                     f'<text x="{num(chosen.left + 3)}" y="{num(chosen.top + 13.5)}">{typeset(spot.label)}</text>')
    return parts


def _dense(piece: Sequence[Point]) -> list[Point]:
    """A line's points, with more of them where it is long and straight."""
    if len(piece) > 60:
        return list(piece)
    return [(a[0] + (b[0] - a[0]) * share / 60, a[1] + (b[1] - a[1]) * share / 60) for a, b in pairwise(piece) for share in range(61)]


def _hidden(frame: Frame, line: Sequence[Point]) -> int:
    """How many points of the lines a frame hides."""
    return sum(frame.left < x < frame.left + frame.width and frame.top < y < frame.top + frame.height for x, y in line)


def _key(panel: Panel, frame: Frame) -> tuple[list[str], float]:
    """The lines that have labels, as a key below the panel, and its height; one line needs none."""
    labelled = list({(line.ink, line.label): line for line in panel.lines if line.label}.values())
    if len(labelled) < 2:
        return [], 0.0
    parts: list[str] = []
    x, y = frame.left, frame.top + frame.height + _BELOW + 6
    for line in labelled:
        width = text_width(line.label, _TEXT) + 52
        if x > frame.left and x + width > frame.left + frame.width + _RIGHT:
            x, y = frame.left, y + _KEY
        parts.append(f'<path class="{line.ink}" d="M{num(x)} {num(y)}h26"/><text x="{num(x + 32)}" y="{num(y + 4.5)}">{typeset(line.label)}</text>')
        x += width
    return parts, y - (frame.top + frame.height + _BELOW) + 12
