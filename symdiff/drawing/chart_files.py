"""Files of charts: by the built-in writer, or by matplotlib of the extra `plot`, which also makes PDF."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from symdiff.drawing.bitmaps import png_of
from symdiff.drawing.chart_svg import chart_svg
from symdiff.drawing.charts import INKS, Chart, Panel
from symdiff.drawing.html import PICTURE_STYLE, page
from symdiff.drawing.labels import printable
from symdiff.errors import MissingDependency, RenderError, UsageError

__all__ = ["CHART_ENGINES", "CHART_FORMATS", "chart_bytes", "chart_file"]

CHART_ENGINES = ("builtin", "matplotlib")
"""In the order they are tried."""
CHART_FORMATS = ("svg", "html", "png", "pdf")


def chart_file(chart: Chart, path: str | os.PathLike[str], *, engine: str | None = None, format: str | None = None) -> Path:
    """Write a chart into a file and return its path."""
    target = Path(path)
    kind = (format if format is not None else target.suffix).lower().removeprefix(".")
    if kind not in CHART_FORMATS:
        raise UsageError(f"a plot is none of the format {kind!r}; it is {', '.join(CHART_FORMATS)}: write plot(f, 'p.svg')")
    data = chart_bytes(chart, kind, engine)
    try:
        target.write_bytes(data)
    except OSError as error:
        raise RenderError(f"cannot write {str(target)!r}: {error.strerror or error}") from error
    return target


def chart_bytes(chart: Chart, kind: str, engine: str | None = None) -> bytes:
    """A chart in one of CHART_FORMATS."""
    if engine is not None:
        if engine not in CHART_ENGINES:
            raise UsageError(f"there is no engine {engine!r} for plots; the engines are {', '.join(CHART_ENGINES)}")
        return _RENDERERS[engine](chart, kind)
    reasons = []
    for name in CHART_ENGINES:
        try:
            return _RENDERERS[name](chart, kind)
        except (RenderError, MissingDependency) as error:
            reasons.append(f"- {name}: {error}")
    raise RenderError(f"nothing that is installed makes {kind.upper()} of a plot (SVG and HTML always work):\n" + "\n".join(reasons))


def _by_builtin(chart: Chart, kind: str) -> bytes:
    if kind == "pdf":
        raise RenderError("the built-in writer makes no PDF")
    svg = chart_svg(chart)
    if kind == "html":
        return page(chart.title, PICTURE_STYLE, f"<main>\n{svg}</main>\n").encode()
    return svg.encode() if kind == "svg" else png_of(svg)


def _by_matplotlib(chart: Chart, kind: str) -> bytes:
    if kind == "html":
        raise RenderError("matplotlib makes no HTML; use engine='builtin'")
    try:
        figures = import_module("matplotlib.figure")
    except ImportError:
        raise MissingDependency("matplotlib", f"a plot as {kind.upper()}", "plot") from None
    height = sum(5.2 if panel.square else 3.1 for panel in chart.panels)
    figure = figures.Figure(figsize=(5.6 if chart.panels[0].square else 7.0, height), layout="constrained")
    for number, panel in enumerate(chart.panels):
        _axes(figure.add_subplot(len(chart.panels), 1, number + 1), panel)
    data = io.BytesIO()
    figure.savefig(data, format=kind, dpi=144, metadata={"Date": None} if kind == "svg" else {"CreationDate": None} if kind == "pdf" else None)
    return data.getvalue()


def _axes(axes: Any, panel: Panel) -> None:
    axes.set_title(printable(panel.title), loc="left", fontsize=11, parse_math=False)
    axes.set_xscale("log" if panel.x.logarithmic else "linear")
    axes.set_yscale("log" if panel.y.logarithmic else "linear")
    axes.set_xlim(panel.x.low, panel.x.high)
    axes.set_ylim(panel.y.low, panel.y.high)
    axes.set_xlabel(printable(panel.x.name), parse_math=False)
    axes.set_ylabel(printable(panel.y.name), parse_math=False)
    axes.grid(alpha=0.25)
    for line in panel.lines:
        ink, label = INKS[line.ink], printable(line.label)
        dashes = (0, tuple(float(part) / ink.width for part in ink.dashes.split())) if ink.dashes else "solid"
        for piece in line.pieces:
            axes.plot(*zip(*piece), color=ink.light, linewidth=0.75 * ink.width, linestyle=dashes, label=label or "_")
            label = ""
    if panel.arrows:
        rows = [(*arrow.start, arrow.end[0] - arrow.start[0], arrow.end[1] - arrow.start[1]) for arrow in panel.arrows]
        axes.quiver(*zip(*rows), angles="xy", scale_units="xy", scale=1, width=0.003, color=INKS[panel.arrows[0].ink].light)
    for spot in panel.spots:
        axes.plot([spot.at[0]], [spot.at[1]], "o", markersize=4.5, color=INKS[spot.ink].light)
        if spot.label:
            axes.annotate(printable(spot.label), spot.at, textcoords="offset points", xytext=(7, 5), fontsize=8, parse_math=False,
                          bbox={"facecolor": "white", "alpha": 0.7, "edgecolor": "none", "pad": 1})
    if len([line for line in panel.lines if line.label]) > 1:
        legend = axes.legend(fontsize=8)
        for text in legend.get_texts():
            text.set_parse_math(False)
    if panel.square:
        axes.set_aspect("equal")


_RENDERERS: dict[str, Callable[[Chart, str], bytes]] = {"builtin": _by_builtin, "matplotlib": _by_matplotlib}
