"""One self-contained HTML page around a picture: small ones as they are, large ones as an explorer; it loads nothing from anywhere."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from html import escape
from importlib.resources import files

from symdiff.drawing.kinds import TONES
from symdiff.drawing.labels import printable
from symdiff.drawing.pieces import Drawing
from symdiff.drawing.records import card_record
from symdiff.drawing.svg import palette, svg_of

__all__ = ["EXPLORED_FROM", "PICTURE_STYLE", "embedded", "html_of", "page"]

EXPLORED_FROM = 150
"""Boxes from which on the page is an explorer."""

_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'{scripts}">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<h1>{title}</h1>
{body}</body>
</html>
"""
PICTURE_STYLE = "body{margin:2rem;font-family:serif}h1{font-size:1.3rem;font-weight:normal}main{overflow:auto}svg{max-width:none}"
_EXPLORER = """\
<nav><input id="search" type="search" placeholder="search ( / )" aria-label="search"><button id="before" title="the one before">↑</button>\
<button id="next" title="the next one">↓</button><output id="count"></output><span class="space"></span>\
<button id="top">top</button><button id="deeper">one level more</button><button id="smaller" title="smaller">−</button>\
<button id="larger" title="larger">+</button></nav>
<main id="view"><svg id="canvas" class="symdiff" xmlns="http://www.w3.org/2000/svg"><g id="scene"></g></svg></main>
<footer id="info"></footer>
{note}<script type="application/json" id="data">{data}</script>
<script>{script}</script>
"""
_EXPLORER_STYLE = (
    "html,body{height:100%}body{margin:0;display:flex;flex-direction:column;font-family:system-ui,sans-serif;background:Canvas}"
    "h1{font:italic 1.1rem serif;margin:.6rem 1rem .2rem;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}"
    "nav{display:flex;gap:.4rem;align-items:center;padding:.3rem 1rem .6rem;border-bottom:1px solid #8b95a566}.space{flex:1}"
    "input,button{font:inherit;font-size:.9rem;padding:.25rem .6rem;border:1px solid #8b95a5;border-radius:6px;background:Canvas;color:CanvasText}"
    "button{cursor:pointer}button:hover{border-color:#2563eb}output{font-size:.85rem;color:#6b7280;min-width:7rem}"
    "main{flex:1;overflow:auto;text-align:center}svg{max-width:none;display:inline-block}"
    "footer{padding:.5rem 1rem;border-top:1px solid #8b95a566;font-family:serif;max-height:6.5rem;overflow:auto;overflow-wrap:anywhere}"
    "footer .quiet,.remark{font:.8rem system-ui,sans-serif;color:#6b7280}.remark{margin:0;padding:0 1rem .4rem}"
    ".box{cursor:pointer}.box:focus{outline:none}.box:focus .shape,.box.chosen .shape{stroke-width:3}.box.hit .shape{stroke:#dc2626;stroke-width:4}"
    ".symdiff .label.head{font:bold 13px system-ui,sans-serif}.reference{opacity:.75}"
    ".symdiff .note{paint-order:stroke;stroke:Canvas;stroke-width:5px}"
)


def html_of(drawing: Drawing) -> str:
    """The picture on a page of its own, light or dark as the reader's system is.

    From 150 boxes on the page is an explorer: boxes open and close, and there is a search; other scripts than its own do not run.

    >>> from symdiff import parse
    >>> from symdiff.drawing.cards import expression_drawing
    >>> "<h1>x &lt; y</h1>" in html_of(expression_drawing(parse("x < y")))
    True
    """
    if len(drawing.cards) < EXPLORED_FROM or drawing.groups or drawing.sideways:
        return page(drawing.title, PICTURE_STYLE, f"<main>\n{svg_of(drawing)}</main>\n")
    script = files("symdiff.drawing").joinpath("explorer.js").read_text(encoding="utf-8")
    note = f'<p class="remark">{escape(drawing.note)}</p>\n' if drawing.note else ""
    body = _EXPLORER.format(note=note, data=embedded(_record(drawing)), script=script)
    style = palette(drawing, [row.tone for card in drawing.cards for row in card.rows] or list(TONES)[:1])
    return page(drawing.title, style + _EXPLORER_STYLE, body, [script])


def page(title: str, style: str, body: str, scripts: Iterable[str] = ()) -> str:
    """A page that runs these scripts and no others, known by their hashes, and loads nothing."""
    hashes = "".join(f" 'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in scripts)
    return _PAGE.format(title=escape(printable(title)), style=style, body=body, scripts=f"; script-src{hashes}" if hashes else "")


def embedded(record: object) -> str:
    """Data for a script of the page, in which nothing can end the element that holds it.

    >>> embedded(["</script><b>"])
    '["\\\\u003c/script\\\\u003e\\\\u003cb\\\\u003e"]'
    """
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _record(drawing: Drawing) -> dict[str, object]:
    below: list[list[int]] = [[] for _ in drawing.cards]
    labels: dict[int, list[str]] = {}
    for edge in drawing.edges:
        below[edge.start].append(edge.end)
        if edge.label:
            words = labels.setdefault(edge.start, [])
            words += [""] * (len(below[edge.start]) - 1 - len(words)) + [printable(edge.label)]
    return {"cards": [card_record(card) for card in drawing.cards], "below": below, "labels": labels}
