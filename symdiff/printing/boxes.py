"""Formulas as boxes: what `latex` writes, laid out by any `Layout` (MathML, text in two dimensions, sizes alone), without recursion.

Precedence, parentheses and names are decided once, by the writer of LaTeX; its vocabulary is closed, so reading it takes one table.
"""

from __future__ import annotations

import re
from typing import Generic, Protocol, TypeVar

from symdiff.letters import GREEK, LETTER_OF, unverbatim

__all__ = ["Item", "Layout", "laid_out"]

Box = TypeVar("Box")
Item = tuple[str, Box]
"""A box and its kind: letter, number, word (a function's name), text, binary, relation, prefix, comma, prime,
times (nothing to see), fenced (in parentheses or bars), or box for all else."""


class Layout(Protocol[Box]):
    """How boxes are put together."""

    def text(self, kind: str, text: str) -> Box: ...
    def row(self, items: list[tuple[str, Box]]) -> Box: ...
    def fraction(self, top: Box, bottom: Box) -> Box: ...
    def root(self, radicand: Box, degree: Box | None) -> Box: ...
    def raised(self, base: Box, exponent: Box) -> Box: ...
    def lowered(self, base: Box, index: Box) -> Box: ...
    def fenced(self, left: str, inside: Box, right: str) -> Box: ...
    def cases(self, rows: list[list[Box]]) -> Box: ...


_STYLED = r"\\(?:operatorname|mathtt|mathit|mathrm|text)\{(?:[^{}\\]|\\.|\{(?:[^{}]|\{\})*\})*\}"
_TOKEN = re.compile(rf"{_STYLED}|\\begin\{{cases\}}|\\end\{{cases\}}|\\(?:left|right)\\?(?:[a-z]+|.)|\\[a-zA-Z]+|\\.|\d+(?:\.\d*)?|\s+|.", re.DOTALL)

_LETTERS = {command: letter for letter, name in LETTER_OF.items() for command in [GREEK[name]]} | {
    r"\epsilon": "ϵ", r"\varepsilon": "ε", r"\phi": "ϕ", r"\varphi": "φ", r"\vartheta": "ϑ", r"\varpi": "ϖ", r"\varrho": "ϱ",
    r"\varsigma": "ς", r"\hbar": "ℏ", r"\ell": "ℓ",
}
_SIGNS = {
    "+": ("binary", "+"), "-": ("binary", "−"), r"\cdot": ("binary", "·"), r"\times": ("binary", "×"), "/": ("binary", "/"),
    r"\bmod": ("binary", "mod"), "<": ("relation", "<"), ">": ("relation", ">"), "=": ("relation", "="), r"\le": ("relation", "≤"),
    r"\ge": ("relation", "≥"), r"\ne": ("relation", "≠"), r"\land": ("relation", "∧"), r"\lor": ("relation", "∨"),
    r"\lnot": ("prefix", "¬"), ",": ("comma", ","), "'": ("prime", "′"), r"\partial": ("word", "∂"), r"\prime": ("letter", "′"),
}
_FENCES = {"|": "|", "(": "(", ")": ")", r"\lfloor": "⌊", r"\rfloor": "⌋", r"\lceil": "⌈", r"\rceil": "⌉"}
_ENDS = frozenset({"letter", "number", "box", "fenced", "prime", "text"})
_BEGINS = frozenset({"letter", "number", "box", "word", "text", "fence"})


def laid_out(text: str, layout: Layout[Box]) -> Box:
    """The box of a formula that `latex` wrote."""
    return _Reader(layout).read(text)


class _Frame(Generic[Box]):
    """Something open: a group, parentheses, the arguments of a fraction, a list of cases."""

    __slots__ = ("items", "kind", "rows", "wanted")

    def __init__(self, kind: str, wanted: int = 0) -> None:
        self.kind, self.wanted = kind, wanted
        self.items: list[tuple[str, Box]] = []
        self.rows: list[list[Box]] = [[]]


class _Reader(Generic[Box]):
    def __init__(self, layout: Layout[Box]) -> None:
        self.layout = layout
        self.frames: list[_Frame[Box]] = [_Frame("group")]
        self.spaced = False

    def read(self, text: str) -> Box:
        for match in _TOKEN.finditer(text):
            token = match.group()
            if token.isspace():
                self.spaced = True
                continue
            self._token(token)
            self.spaced = False
        return self.layout.row(self.frames[0].items)

    def _token(self, token: str) -> None:
        frames = self.frames
        if token == "{":
            frames.append(_Frame("group"))
        elif token == "}":
            self._deliver("box", self.layout.row(frames.pop().items))
        elif token in ("^", "_"):
            frames.append(_Frame(token, 1))
        elif token == r"\frac":
            self._separate("box")
            frames.append(_Frame(token, 2))
        elif token == r"\sqrt":
            self._separate("box")
            frames.append(_Frame(token, 1))
        elif token == "[" and frames[-1].kind == r"\sqrt":
            frames.append(_Frame("degree"))
        elif token == "]" and frames[-1].kind == "degree":
            degree = self.layout.row(frames.pop().items)
            frames[-1].items.append(("degree", degree))
        elif token == "(" or token.startswith(r"\left"):
            self._separate("fence")
            frames.append(_Frame(_FENCES.get(token.removeprefix(r"\left"), "(")))
        elif token == ")" or token.startswith(r"\right"):
            frame = frames.pop()
            self._deliver("fenced", self.layout.fenced(frame.kind, self.layout.row(frame.items), _FENCES.get(token.removeprefix(r"\right"), ")")))
        elif token == r"\begin{cases}":
            self._separate("box")
            frames.append(_Frame("cases"))
        elif token in ("&", r"\\", r"\end{cases}"):
            self._next_cell(token)
        else:
            self._text(token)

    def _next_cell(self, token: str) -> None:
        frame = self.frames[-1]
        frame.rows[-1].append(self.layout.row(frame.items))
        frame.items = []
        if token == r"\\":
            frame.rows.append([])
        elif token == r"\end{cases}":
            self.frames.pop()
            self._deliver("box", self.layout.cases(frame.rows))

    def _text(self, token: str) -> None:
        """A letter, number, word or sign."""
        if token in _SIGNS:
            kind, shown = _SIGNS[token]
            if kind == "binary" and (not self.frames[-1].items or self.frames[-1].items[-1][0] in ("binary", "relation", "comma")):
                kind = "prefix"
        elif token in _LETTERS:
            kind, shown = "letter", _LETTERS[token]
        elif token.startswith("\\") and token.endswith("}"):
            style, _, content = token[1:-1].partition("{")
            kind = {"operatorname": "word", "text": "text"}.get(style, "letter")
            shown = unverbatim(content)
        elif token.startswith("\\"):
            kind, shown = ("word", token[1:]) if token[1:].isalpha() else ("text", " ")
        else:
            kind, shown = ("number", token) if token[0].isdigit() else ("letter", token)
        self._separate(kind)
        self.frames[-1].items.append((kind, self.layout.text(kind, shown)))

    def _separate(self, kind: str) -> None:
        """Where a space stands between two factors, they are multiplied."""
        items = self.frames[-1].items
        if self.spaced and items and items[-1][0] in _ENDS and kind in _BEGINS and "text" not in (items[-1][0], kind):
            items.append(("times", self.layout.text("times", "")))

    def _deliver(self, kind: str, box: Box) -> None:
        """A finished box goes where it is wanted; what is complete with it is a finished box in turn."""
        frames = self.frames
        while frames[-1].wanted:
            frame = frames[-1]
            frame.items.append((kind, box))
            frame.wanted -= 1
            if frame.wanted:
                return
            frames.pop()
            kind, box = self._built(frame)
        frames[-1].items.append((kind, box))

    def _built(self, frame: _Frame[Box]) -> tuple[str, Box]:
        boxes = [box for _, box in frame.items]
        if frame.kind == r"\frac":
            return "box", self.layout.fraction(boxes[0], boxes[1])
        if frame.kind == r"\sqrt":
            return "box", self.layout.root(boxes[-1], boxes[0] if len(boxes) > 1 else None)
        items = self.frames[-1].items
        kind, base = items.pop() if items else ("letter", self.layout.text("letter", ""))
        shape = self.layout.raised if frame.kind == "^" else self.layout.lowered
        return kind if kind in ("word", "letter") else "box", shape(base, boxes[0])
