"""The gallery: every picture with the line that makes it.  Writes gallery.md and the pictures of the built-in layout:  python docs/gallery.py"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import symdiff as sd

__all__ = ["LINES", "PICTURES", "drawn", "page"]

FOLDER = Path(__file__).parent
PICTURES = FOLDER / "pictures"
NEURON = '"z = w*x + b; a = sigmoid(z); L = (a - y)^2"'
FORMULA = "exp(-(x - m)^2/(2*s^2))*sin(3*x)/(1 + x^2)*tanh(s*x)/sqrt(x^2 + y^2)"

LINES: dict[str, tuple[str, str, str]] = {  # picture: its title, what is to be seen, the line that makes it
    "tree.svg": (
        "A formula", "A part that is used twice is drawn once. Shape and colour tell operations, functions, variables and numbers apart.",
        'sd.draw(sd.parse("x^2*sin(x)"), "tree.svg", engine="builtin")'),
    "gallery-tree.svg": (
        "The same as a tree", "Every use has a box of its own, in the order the formula is written.",
        'sd.draw(sd.parse("x^2*sin(x)"), "gallery-tree.svg", shared=False, engine="builtin")'),
    "gallery-shared.svg": (
        "Shared parts", "The quotient and its reciprocal share both functions; a badge says how often a box is used.",
        'sd.draw(sd.parse("sin(a)/cos(b) + cos(b)/sin(a)"), "gallery-shared.svg", engine="builtin")'),
    "gallery-choice.svg": (
        "A formula in pieces", "Conditions are hexagons, and the lines of a choice are named.",
        'sd.draw(sd.parse("x^2 if x >= 0 and y < 1 else max(x, -y)"), "gallery-choice.svg", engine="builtin")'),
    "gallery-derivative.svg": (
        "A derivative of some forty boxes", "From forty boxes on, pictures explain their colours.",
        'sd.draw(sd.diff(sd.parse("exp(-x^2/y)*sin(x*y)/(1 + x^2)"), "x"), "gallery-derivative.svg", legend=True, engine="builtin")'),
    "gallery-named.svg": (
        "A derivative of some hundred boxes", "Short parts are written into the boxes that use them (□ stands for the box below), and parts that "
        "occur several times have names.",
        f'sd.draw(sd.diff(sd.parse("{FORMULA}"), "x"), "gallery-named.svg", folded=True, engine="builtin")'),
    "gallery-cards.svg": (
        "A derivation", "A card a rule: the part, and its derivative. Lines are named by the roles of the rule; a pointer on a card shows "
        "the rule in letters.",
        'sd.derive(sd.parse("x^2*sin(x)")).draw("gallery-cards.svg", engine="builtin")'),
    "gallery-values.svg": (
        "The proof by number", "With a point, each card compares its derivative with difference quotients, which know no rule.",
        'sd.derive(sd.parse("ln(x^2 + 1)/x")).draw("gallery-values.svg", at={"x": 2}, engine="builtin")'),
    "gallery-marked.svg": (
        "One step picked out", "A part can be marked; a card whose derivative the numbers refute is marked by itself.",
        'sd.derive(sd.parse("x*sin(x^2)")).draw("gallery-marked.svg", mark=sd.parse("sin(x^2)"), engine="builtin")'),
    "gallery-neuron.svg": (
        "Backpropagation through one neuron", "Values flow to the right, derivatives of the loss to the left; a line has its local derivative.",
        f'sd.draw(sd.parse_program({NEURON}), "gallery-neuron.svg", at={{"x": 1, "w": 0.5, "b": 0, "y": 0.8}}, engine="builtin")'),
    "gallery-flow.svg": (
        "The flow of a formula", "What x contributes along its three ways adds up.",
        'sd.draw(sd.parse("x^2*sin(x*y) + exp(-y/x)"), "gallery-flow.svg", at={"x": 1.5, "y": 0.5}, engine="builtin")'),
    "gallery-tangent.svg": (
        "A function above its derivative", "The slope of the tangent above is the height of the point below.",
        'sd.plot(sd.parse("x^3 - x"), "gallery-tangent.svg", tangent=[-0.4, 1])'),
    "gallery-poles.svg": (
        "Poles are gaps", "No line joins what is not joined.",
        'sd.plot(sd.parse("tan(x)"), "gallery-poles.svg", between=(-4, 4))'),
    "gallery-secants.svg": (
        "Secants turn into the tangent", "As h shrinks, their slopes go to the derivative.",
        'sd.plot(sd.parse("x^2"), "gallery-secants.svg", secants=0.5)'),
    "gallery-errors.svg": (
        "Why difference quotients are not enough", "In floating point a large step is wrong, and a small one too.",
        'sd.plot(sd.parse("x*x*x - 2*x"), "gallery-errors.svg", errors=0.7)'),
    "gallery-descent.svg": (
        "The way down", "Level lines, the gradient on a grid, and the path of steepest descent.",
        'sd.plot(sd.parse("x^2 + 3*y^2 + x*y"), "gallery-descent.svg", descent={"x": 2, "y": 1})'),
}

PAGES = """
## Pages

These are pages for a browser, made by the lines below them and photographed by `tests/test_browser.py`. They load nothing from anywhere.

### A simplification as a film

The arrow keys go from rule to rule; what a rule changed has a thick border.

![a frame of a film, sin(atan(z)) beside z/sqrt(z^2 + 1)](pictures/gallery-film.png)

```python
sd.draw(sd.simplify(sd.parse("ln(exp(x)*y^2) - 2*ln(abs(y)) + sin(atan(z))"), report=True), "film.html")
```

### Ten thousand boxes

A box opens and closes with a click, and a search finds any other. A dashed box stands for one that is shown elsewhere.

![the explorer of a large derivative](pictures/gallery-explorer.png)

```python
sd.draw(large_derivative, "explorer.html")
```
"""

HEAD = """# Gallery

Every picture here is made by the line below it. Pictures are readable on light and dark pages. More about them: [drawing](drawing.md).
This page is made by `python docs/gallery.py`; a test makes each picture anew and compares the two byte for byte.
"""


def page() -> str:
    """The page of all pictures."""
    parts = [HEAD]
    for name, (title, words, line) in LINES.items():
        bitmap = name.replace(".svg", ".png")
        parts.append(f"## {title}\n\n{words}\n\n![{title.lower()}](pictures/{name})\n\n```python\n{line}\n```\n\n"
                     f"[as a bitmap](pictures/{bitmap})\n")
    return "\n".join(parts) + PAGES


@contextmanager
def inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def drawn(name: str, folder: Path) -> Path:
    """Make one picture of the gallery by its line in a folder, and return its path."""
    with inside(folder):
        exec(LINES[name][2], {"sd": sd})
    return folder / name


if __name__ == "__main__":
    for each in LINES:
        drawn(each, PICTURES)
    (FOLDER / "gallery.md").write_text(page(), encoding="utf-8")
