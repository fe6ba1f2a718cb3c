"""A simplification as a film: an HTML page with a frame for each rule that fired, before beside after, turned with the arrow keys."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from importlib.resources import files

from symdiff.drawing.cards import expression_drawing
from symdiff.drawing.html import page
from symdiff.drawing.labels import line_of, pretty_names, printable
from symdiff.drawing.svg import svg_of
from symdiff.expr import Expr
from symdiff.simplification.simplifying import Report
from symdiff.walk import free_symbols, postorder

__all__ = ["film_of"]

_BOXES = 120
"""Of each picture; larger formulas show their top."""
_STYLE = (
    "body{margin:1.5rem 2rem;font-family:system-ui,sans-serif}h1{font:italic 1.2rem serif}nav{display:flex;gap:.5rem;align-items:center}"
    "button{font:inherit;padding:.25rem .8rem;border:1px solid #8b95a5;border-radius:6px;background:Canvas;color:CanvasText;cursor:pointer}"
    "button:disabled{opacity:.4}.frame h2{font-size:1.05rem;margin:1.1rem 0 .2rem}.frame p{margin:.2rem 0;color:#6b7280}"
    ".sides{display:flex;gap:2.5rem;align-items:flex-start;overflow:auto;margin-top:1rem}.arrow{align-self:center;font-size:2rem;color:#8b95a5}"
    "figure{margin:0}figcaption{font:1.15rem serif;margin-bottom:.8rem;overflow-wrap:anywhere;max-width:44rem}svg{max-width:none}"
)


@dataclass(frozen=True, slots=True)
class _Frame:
    title: str
    words: str
    before: Expr
    after: Expr


def film_of(report: Report) -> str:
    """The page of a simplification's report.

    >>> from symdiff import parse, simplify
    >>> page_of = film_of(simplify(parse("sin(x)^2 + cos(x)^2 + (x^2 - 1)/(x - 1)"), report=True))
    >>> page_of.count('<section class="frame"') >= 2, "src=" in page_of, "href=" in page_of
    (True, False, False)
    """
    names = pretty_names(str(symbol.value) for step in report.steps for symbol in free_symbols(step.before, step.after))
    frames = _frames(report)
    start = report.steps[0].before if report.steps else report.result
    sections = [_section(number, frame, names) for number, frame in enumerate(frames)]
    if not frames:
        sections = [f'<section class="frame"><h2>nothing to do</h2><div class="sides">{_side(start, set(), names)}</div></section>\n']
    script = files("symdiff.drawing").joinpath("film.js").read_text(encoding="utf-8")
    body = (f'<nav><button id="before">←</button><button id="next">→</button><output id="place"></output></nav>\n'
            f"<main>\n{''.join(sections)}</main>\n<script>{script}</script>\n")
    return page(f"simplifying {line_of(start, names)}", _STYLE, body, [script])


def _frames(report: Report) -> list[_Frame]:
    """For each step the rules that fired, on the parts they changed, and then the whole."""
    frames: list[_Frame] = []
    for step in report.steps:
        frames += [_Frame(part.rule, "the part that this rule changes", part.before, part.after)
                   for part in step.parts if part.before is not part.after]
        whole = _Frame(step.rule, "the whole formula", step.before, step.after)
        if not frames or (frames[-1].before, frames[-1].after) != (whole.before, whole.after):
            frames.append(whole)
    if frames:
        last = frames[-1]
        conditions = ", ".join(str(condition) for condition in report.conditions)
        words = f"from {report.cost_before:g} to {report.cost_after:g} operations as they are read"
        frames.append(_Frame("result", f"{words}; holds for {conditions}" if conditions else words, report.steps[0].before, last.after))
    return frames


def _section(number: int, frame: _Frame, names: dict[str, str]) -> str:
    before, after = set(postorder(frame.before)), set(postorder(frame.after))
    hidden = " hidden" if number else ""
    return (f'<section class="frame"{hidden}><h2>{_text(frame.title)}</h2><p>{_text(frame.words)}</p><div class="sides">'
            f'{_side(frame.before, before - after, names)}<span class="arrow">→</span>{_side(frame.after, after - before, names)}</div></section>\n')


def _side(formula: Expr, changed: set[Expr], names: dict[str, str]) -> str:
    """One formula as a line and as a picture; what the other side has not stands out."""
    picture = expression_drawing(formula, limit=_BOXES, legend=False, changed=changed)
    return f"<figure><figcaption>{_text(line_of(formula, names))}</figcaption>\n{svg_of(picture)}</figure>"


def _text(text: str) -> str:
    return escape(printable(text))
