"""Formulas as presentation MathML, which browsers set by themselves."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

from symdiff import limits
from symdiff.errors import LimitError
from symdiff.expr import Expr, Real
from symdiff.printing.boxes import laid_out
from symdiff.printing.latex import latex

__all__ = ["mathml"]

Markup = tuple[Any, ...]
"""Pieces of markup in their order, each a string or again such pieces; put together once, at the end."""


def mathml(expression: Expr | Real, display: str = "block") -> str:
    """The formula as a `<math>` element: presentation MathML Core, set by every browser without a script.

    display: "block" for a line of its own, "inline" for a formula within a line of text.  It says what `latex` says: every name comes out
    inert.  Raises LimitError above `limits.printed_length`.

    >>> from symdiff import parse
    >>> print(mathml(parse("x^2/2"), display="inline"))
    <math xmlns="http://www.w3.org/1998/Math/MathML"><mfrac><msup><mi>x</mi><mn>2</mn></msup><mn>2</mn></mfrac></math>
    """
    mode = ' display="block"' if display == "block" else ""
    return f'<math xmlns="http://www.w3.org/1998/Math/MathML"{mode}>{_joined(laid_out(latex(expression), _Markup()))}</math>'


def _joined(markup: Markup) -> str:
    pieces: list[str] = []
    length = 0
    stack: list[Any] = [markup]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            pieces.append(item)
            length += len(item)
            if length > limits.printed_length:
                raise LimitError(f"the MathML is longer than {limits.printed_length} characters", "printed_length", limits.printed_length)
        else:
            stack += reversed(item)
    return "".join(pieces)


_UPRIGHT = frozenset("ΓΔΘΛΞΠΣΥΦΨΩ")
_ELEMENTS = {"letter": "mi", "number": "mn", "word": "mi", "text": "mtext"}
_INVISIBLE_TIMES, _APPLY, _THIN = "<mo>&#8290;</mo>", "<mo>&#8289;</mo>", '<mspace width="0.17em"/>'


class _Markup:
    """The layout in MathML's elements."""

    def text(self, kind: str, text: str) -> Markup:
        if kind == "times":
            return (_INVISIBLE_TIMES,)
        if kind == "prefix" and text == "−":
            return (f'<mo form="prefix">{text}</mo>',)
        if kind == "letter" and text in _UPRIGHT:
            return (f'<mi mathvariant="normal">{text}</mi>',)
        element = _ELEMENTS.get(kind, "mo")
        return (f"<{element}>{_escaped(text)}</{element}>",)

    def row(self, items: list[tuple[str, Markup]]) -> Markup:
        if len(items) == 1:
            return items[0][1]
        pieces: list[Any] = ["<mrow>"]
        for (kind, box), (following, _) in zip_longest(items, items[1:], fillvalue=("", ())):
            pieces.append(box)
            if kind == "word" and following:
                pieces += [_APPLY] if following == "fenced" else [_APPLY, _THIN]
            elif kind == "times" and following == "word":
                pieces.append(_THIN)
        return (*pieces, "</mrow>")

    def fraction(self, top: Markup, bottom: Markup) -> Markup:
        return ("<mfrac>", top, bottom, "</mfrac>")

    def root(self, radicand: Markup, degree: Markup | None) -> Markup:
        return ("<msqrt>", radicand, "</msqrt>") if degree is None else ("<mroot>", radicand, degree, "</mroot>")

    def raised(self, base: Markup, exponent: Markup) -> Markup:
        return ("<msup>", base, exponent, "</msup>")

    def lowered(self, base: Markup, index: Markup) -> Markup:
        return ("<msub>", base, index, "</msub>")

    def fenced(self, left: str, inside: Markup, right: str) -> Markup:
        return (f'<mrow><mo fence="true" form="prefix">{left}</mo>', inside, f'<mo fence="true" form="postfix">{right}</mo></mrow>')

    def cases(self, rows: list[list[Markup]]) -> Markup:
        pieces: list[Any] = ['<mrow><mo fence="true" form="prefix">{</mo><mtable columnalign="left left">']
        for row in rows:
            pieces.append("<mtr>")
            for cell in row:
                pieces += ['<mtd style="text-align: left">', cell, "</mtd>"]
            pieces.append("</mtr>")
        return (*pieces, "</mtable></mrow>")


def _escaped(text: str) -> str:
    """Text that is markup nowhere, with blanks that are shown."""
    for char, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&#39;"), (" ", "&#160;")):
        text = text.replace(char, entity)
    return text
