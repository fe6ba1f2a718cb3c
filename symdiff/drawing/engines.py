"""Files of pictures: which program or library makes each format, in which order they are tried, and what to say when none is there."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import graphviz

from symdiff import limits
from symdiff.calculus.backpropagation import Backpropagation
from symdiff.calculus.derivation import Derivation
from symdiff.drawing.bitmaps import png_of
from symdiff.drawing.cards import expression_drawing
from symdiff.drawing.derivations import derivation_drawing
from symdiff.drawing.dot import dot_of
from symdiff.drawing.film import film_of
from symdiff.drawing.flow import flow_drawing
from symdiff.drawing.html import html_of
from symdiff.drawing.mermaid import mermaid_of
from symdiff.drawing.pieces import Drawing
from symdiff.drawing.records import json_of
from symdiff.drawing.svg import svg_of
from symdiff.errors import RenderError, UsageError
from symdiff.programs import Program
from symdiff.simplification.simplifying import Report

__all__ = ["ENGINES", "FORMATS", "draw", "rendered", "written"]

ENGINES = ("dot", "pygraphviz", "builtin")
"""In the order they are tried."""
FORMATS = ("svg", "png", "pdf", "html", "dot", "mermaid", "json")
_TOP = 150
"""Boxes of a static picture that cannot show all: as many as can be read."""
_SUFFIXES = {"gv": "dot", "htm": "html", "mmd": "mermaid"}
_INSTALL = {
    "dot": "the program dot is not on PATH: install Graphviz (apt install graphviz, brew install graphviz, https://graphviz.org/download)",
    "pygraphviz": "pygraphviz is not installed: pip install 'symdiff[draw]'",
}


def draw(
    subject: Any, path: str | os.PathLike[str], *, engine: str | None = None, format: str | None = None,
    shared: bool = True, folded: bool | None = None, legend: bool | None = None, at: Mapping[Any, Any] | None = None, mark: Any = (),
) -> Path:
    """Draw an expression, a derivation, or the flow of a program into a file and return its path.

    subject: an expression; a Derivation, drawn as cards, one a step; a Program or Backpropagation, drawn as a flow; or the Report of
    `simplify`, shown as a film on an HTML page.
    path: its suffix says the format, unless `format` does: svg, png, pdf, html, dot, mermaid (.mmd), json.
    at: a number for every variable.  A program needs it; an expression is then drawn as a flow, with its values forward and their
    adjoints backward; the cards of a derivation then have values and a comparison with a numeric derivative, which needs mpmath.
    mark: a part of the formula, or several, to be shown in red.
    engine: 'dot' (the program), 'pygraphviz' or 'builtin'; None for the first of these that is there and makes the format.
    shared, folded, legend: as in `to_dot`, for expressions.
    Raises RenderError where nothing that is installed makes the format (only png and pdf can need more than symdiff itself),
    UsageError for an unknown format or engine, or a point that does not fit.  An HTML, JSON, DOT or Mermaid file has at most
    `limits.drawn_nodes` boxes, and beyond them shows the top; one of the other formats shows all of at most `limits.graphviz_nodes`
    boxes, and of more the top 150.  The picture says so.

    >>> from symdiff import derive, parse
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     draw(parse("x^2*sin(x)"), f"{folder}/tree.svg").name
    ...     draw(derive(parse("x^2*sin(x)")), f"{folder}/cards.svg", at={"x": 2}).name
    ...     draw(parse("x^2*sin(x)"), f"{folder}/flow.svg", at={"x": 2}).name
    'tree.svg'
    'cards.svg'
    'flow.svg'
    """
    target = Path(path)
    kind = _format_of(target, format)
    if engine is not None and engine not in ENGINES:
        raise UsageError(f"there is no engine {engine!r}; the engines are {', '.join(ENGINES)}")
    return written(target, rendered(subject, kind, engine=engine, shared=shared, folded=folded, legend=legend, at=at, mark=mark))


def rendered(
    subject: Any, kind: str, *, engine: str | None = None, shared: bool = True, folded: bool | None = None, legend: bool | None = None,
    at: Mapping[Any, Any] | None = None, mark: Any = (),
) -> bytes:
    """What `draw` writes into its file, in one of FORMATS."""
    most = limits.drawn_nodes if kind in _TEXTS else min(limits.graphviz_nodes, limits.drawn_nodes)
    if isinstance(subject, Report):
        if kind != "html":
            raise UsageError("the report of a simplification is a film: a page, whose name ends in .html")
        return film_of(subject).encode()
    if isinstance(subject, Program | Backpropagation) or (at is not None and not isinstance(subject, Derivation)):
        return _rendered(flow_drawing(subject, at, mark=mark), kind, engine)

    top = None if kind in _TEXTS else min(_TOP, most)
    if isinstance(subject, Derivation):
        picture = derivation_drawing(subject, at=at, mark=mark, limit=most, top=top)
    else:
        picture = expression_drawing(subject, shared=shared, folded=folded, legend=legend, limit=most, top=top, mark=mark)
    return _rendered(picture, kind, engine)


def written(path: Path, data: bytes) -> Path:
    """Put data into a file; RenderError where that cannot be."""
    try:
        path.write_bytes(data)
    except OSError as error:
        raise RenderError(f"cannot write {str(path)!r}: {error.strerror or error}") from error
    return path


def _format_of(path: Path, given: str | None) -> str:
    name = (given if given is not None else path.suffix).lower().removeprefix(".")
    name = _SUFFIXES.get(name, name)
    if name not in FORMATS:
        shown = f"the format {given!r}" if given is not None else f"the suffix of {path.name!r}"
        raise UsageError(f"{shown} is none of {', '.join(FORMATS)}; write draw(expression, 'tree.svg') or give format='svg'")
    return name


def _rendered(picture: Drawing, kind: str, engine: str | None) -> bytes:
    if kind in _TEXTS:
        return _TEXTS[kind](picture).encode()
    if engine is not None:
        return _RENDERERS[engine](picture, kind)
    reasons = []
    for name in ENGINES:
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
    return png_of(svg_of(picture))


_TEXTS: dict[str, Callable[[Drawing], str]] = {"dot": dot_of, "html": html_of, "mermaid": mermaid_of, "json": json_of}
_RENDERERS: dict[str, Callable[[Drawing, str], bytes]] = {"dot": _by_program, "pygraphviz": _by_pygraphviz, "builtin": _by_builtin}


def _for_paper(dot: str, kind: str) -> str:
    """A bitmap is seen on any page and enlarged: it gets a white ground and twice the points of a screen."""
    if kind != "png":
        return dot
    return dot.replace('"bgcolor"="transparent"', '"bgcolor"="white", "dpi"="144"', 1)
