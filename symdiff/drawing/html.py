"""One self-contained HTML page around a picture; it loads nothing and runs nothing."""

from __future__ import annotations

from html import escape

from symdiff.drawing.cards import Drawing
from symdiff.drawing.labels import printable
from symdiff.drawing.svg import svg_of

__all__ = ["html_of"]

_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>body{{margin:2rem;font-family:serif}}h1{{font-size:1.3rem;font-weight:normal}}main{{overflow:auto}}svg{{max-width:none}}</style>
</head>
<body>
<h1>{title}</h1>
<main>
{picture}</main>
</body>
</html>
"""


def html_of(drawing: Drawing) -> str:
    """The picture on a page of its own, light or dark as the reader's system is.

    >>> from symdiff import parse
    >>> from symdiff.drawing.cards import expression_drawing
    >>> "<h1>x &lt; y</h1>" in html_of(expression_drawing(parse("x < y")))
    True
    """
    return _PAGE.format(title=escape(printable(drawing.title)), picture=svg_of(drawing))
