"""Files of pictures: which program or library makes each format, in which order they are tried, and what to say when none is there."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import graphviz

from symdiff import limits
from symdiff.drawing.cards import Drawing, expression_drawing
from symdiff.drawing.dot import dot_of
from symdiff.drawing.html import html_of
from symdiff.drawing.svg import svg_of
from symdiff.errors import RenderError, UsageError

__all__ = ["ENGINES", "FORMATS", "draw"]

ENGINES = ("dot", "pygraphviz", "builtin")
"""In the order they are tried."""
FORMATS = ("svg", "png", "pdf", "html", "dot")
_SUFFIXES = {"gv": "dot", "htm": "html"}
_PIXELS = 40_000_000
_ZOOM = 2.0
_INSTALL = {
    "dot": "the program dot is not on PATH: install Graphviz (apt install graphviz, brew install graphviz, https://graphviz.org/download)",
    "pygraphviz": "pygraphviz is not installed: pip install 'symdiff[draw]'",
    "builtin": "resvg-py is not installed: pip install 'symdiff[draw]'",
}


def draw(
    expression: Any, path: str | os.PathLike[str], *, engine: str | None = None, format: str | None = None,
    shared: bool = True, folded: bool | None = None, legend: bool | None = None,
) -> Path:
    """Draw the expression into a file and return its path.

    path: its suffix says the format, unless `format` does: svg, png, pdf, html, dot.
    engine: 'dot' (the program), 'pygraphviz' or 'builtin'; None for the first of these that is there and makes the format.
    shared, folded, legend: as in `to_dot`.
    Raises RenderError where nothing that is installed makes the format (only png and pdf can need more than symdiff itself),
    UsageError for an unknown format or engine.  A picture has at most `limits.drawn_nodes` boxes, one by Graphviz or as PNG at most
    `limits.graphviz_nodes`; beyond them the top is drawn, and the picture says so.

    >>> from symdiff import parse
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     draw(parse("x^2*sin(x)"), f"{folder}/tree.svg").name
    'tree.svg'
    """
    target = Path(path)
    kind = _format_of(target, format)
    if engine is not None and engine not in ENGINES:
        raise UsageError(f"there is no engine {engine!r}; the engines are {', '.join(ENGINES)}")
    picture = expression_drawing(expression, shared=shared, folded=folded, legend=legend)
    if engine in ("dot", "pygraphviz") or kind in ("png", "pdf"):
        smaller = min(limits.graphviz_nodes, limits.drawn_nodes)
        if kind not in ("dot", "html") and len(picture.cards) > smaller:
            picture = expression_drawing(expression, shared=shared, folded=folded, legend=legend, limit=smaller)
    data = _rendered(picture, kind, engine)
    try:
        target.write_bytes(data)
    except OSError as error:
        raise RenderError(f"cannot write {str(target)!r}: {error.strerror or error}") from error
    return target


def _format_of(path: Path, given: str | None) -> str:
    name = (given if given is not None else path.suffix).lower().removeprefix(".")
    name = _SUFFIXES.get(name, name)
    if name not in FORMATS:
        shown = f"the format {given!r}" if given is not None else f"the suffix of {path.name!r}"
        raise UsageError(f"{shown} is none of {', '.join(FORMATS)}; write draw(expression, 'tree.svg') or give format='svg'")
    return name


def _rendered(picture: Drawing, kind: str, engine: str | None) -> bytes:
    if kind == "dot":
        return dot_of(picture).encode()
    if kind == "html":
        return html_of(picture).encode()
    if engine is not None:
        return _RENDERERS[engine](picture, kind)
    wanted: tuple[str, ...] = ENGINES
    if kind == "svg" and len(picture.cards) > limits.graphviz_nodes:
        wanted = ("builtin",)  # complete, where Graphviz would draw the top only
    reasons = []
    for name in wanted:
        try:
            return _RENDERERS[name](picture, kind)
        except RenderError as error:
            reasons.append(f"- {name}: {error}")
    raise RenderError(f"nothing that is installed makes {kind.upper()} (SVG, HTML and DOT always work):\n" + "\n".join(reasons))


def _by_program(picture: Drawing, kind: str) -> bytes:
    if shutil.which("dot") is None:
        raise RenderError(_INSTALL["dot"])
    source = graphviz.Source(_for_paper(dot_of(picture), kind))
    try:
        return bytes(source.pipe(format=kind, quiet=True))
    except (graphviz.ExecutableNotFound, graphviz.CalledProcessError, OSError) as error:
        raise RenderError(f"the program dot failed: {error}") from error


def _by_pygraphviz(picture: Drawing, kind: str) -> bytes:
    if find_spec("pygraphviz") is None:
        raise RenderError(_INSTALL["pygraphviz"])
    try:
        graph = import_module("pygraphviz").AGraph(string=_for_paper(dot_of(picture), kind))
        return bytes(graph.draw(path=None, format=kind, prog="dot"))
    except Exception as error:  # its failures have no class of their own: OSError, ValueError, IndexError were seen
        raise RenderError(f"pygraphviz failed: {error}") from error


def _by_builtin(picture: Drawing, kind: str) -> bytes:
    if kind == "svg":
        return svg_of(picture).encode()
    if kind != "png":
        raise RenderError(f"the built-in layout makes no {kind.upper()}")
    if find_spec("resvg_py") is None:
        raise RenderError(_INSTALL["builtin"])
    svg = svg_of(picture)
    zoom = min(_ZOOM, (_PIXELS / _area(svg)) ** 0.5)
    try:
        return bytes(import_module("resvg_py").svg_to_bytes(svg_string=svg, background="#ffffff", zoom=zoom))
    except Exception as error:  # a Rust extension's own
        raise RenderError(f"resvg-py failed: {error}") from error


_RENDERERS: dict[str, Callable[[Drawing, str], bytes]] = {"dot": _by_program, "pygraphviz": _by_pygraphviz, "builtin": _by_builtin}


def _area(svg: str) -> float:
    _, _, width, height = svg.split('viewBox="', 1)[1].split('"', 1)[0].split()
    return float(width) * float(height)


def _for_paper(dot: str, kind: str) -> str:
    """A bitmap is seen on any page and enlarged: it gets a white ground and twice the points of a screen."""
    if kind != "png":
        return dot
    return dot.replace('"bgcolor"="transparent"', '"bgcolor"="white", "dpi"="144"', 1)
