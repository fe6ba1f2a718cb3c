"""Formulas as LaTeX: in one piece, over several lines, or with their common parts named; how a node is written is in latex_writing.py."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

from symdiff.errors import UsageError
from symdiff.expr import Expr, Real, symbol_node
from symdiff.operations.op import as_expr
from symdiff.printing.latex_writing import PLAIN, Style, Writer
from symdiff.printing.measuring import printed_width
from symdiff.printing.names import symbol_names
from symdiff.simplification.common_parts import cse
from symdiff.walk import free_symbols, substitute, tree_size

__all__ = ["latex"]

_MULTIPLICATION = {None: (" ", r" \cdot "), "dot": (r" \cdot ", r" \cdot "), "times": (r" \times ", r" \times "), "ldot": (r" \,.\, ", r" \,.\, ")}
_MODES = ("plain", "inline", "equation", "equation*", "aligned")
_NAMED_FROM = 3
"""Operations from which on a common part gets a name."""


def latex(
    expression: Expr | Real, mul_symbol: str | None = None, fold_short_frac: bool = False, mode: str = "plain", width: int = 80,
    name_parts: bool = False,
) -> str:
    r"""The formula as LaTeX for math mode; `parse_latex` reads it.

    mul_symbol: what stands between factors, as in SymPy: None for a space, "dot", "times" or "ldot".
    fold_short_frac: simple fractions that stand alone are written x / 2.
    mode: "plain"; "inline" and "equation", "equation*" put the delimiters around it; "aligned" breaks sums and products into lines of
    about `width` letters, for a display.
    name_parts: parts of three operations or more that come up again are named a, b, ... and defined behind the formula.
    Every name comes out inert, whatever characters it holds.  Raises LimitError above `limits.printed_length`, UsageError for an
    unknown mode or symbol.

    >>> from symdiff import parse
    >>> print(latex(parse("2x*sin(x)^2 - exp(-x^2)/(2*pi)")))
    2 x \sin^{2}{x} - \frac{e^{-x^{2}}}{2 \pi}
    >>> print(latex(parse("sin(x*y + 1)^2*exp(x*y + 1) + sqrt(sin(x*y + 1)^2)"), name_parts=True))
    a e^{x y + 1} + \sqrt{a} \quad \text{where } a = \sin^{2}(x y + 1)
    """
    if mul_symbol not in _MULTIPLICATION:
        raise UsageError(f"mul_symbol is None, 'dot', 'times' or 'ldot', not {mul_symbol!r}")
    if mode not in _MODES:
        raise UsageError(f"mode is one of {', '.join(_MODES)}, not {mode!r}")
    if not isinstance(width, int) or width < 1:
        raise UsageError(f"width is a number of letters from 1, not {width!r}")
    root = as_expr(expression)
    style = PLAIN if mul_symbol is None and not fold_short_frac else Style(*_MULTIPLICATION[mul_symbol], fold_short_frac)
    named, main = _named(root) if name_parts else ([], root)
    names = symbol_names(free_symbols(main, *[part for pair in named for part in pair]))

    def written(node: Expr) -> Writer:
        return Writer(node, style, names)
    if mode == "aligned":
        return _aligned(written, main, named, width)
    text = written(main).text()
    if named:
        text += r" \quad \text{where } " + r",\ ".join([f"{written(symbol).text()} = {written(part).text()}" for symbol, part in named])
    if mode == "inline":
        return f"${text}$"
    return text if mode == "plain" else f"\\begin{{{mode}}}\n{text}\n\\end{{{mode}}}"


# common parts

def _named(root: Expr) -> tuple[list[tuple[Expr, Expr]], Expr]:
    """The parts that come up again and are worth a name, with the letters they get, and what is left of the formula."""
    found, (main,) = cse(root)
    letters = _letters({str(symbol.value) for symbol in free_symbols(root)})
    put: dict[Expr, Expr] = {}
    named = []
    for symbol, part in found:
        full = substitute(part, put)
        if tree_size(full) < _NAMED_FROM:
            put[symbol] = full
        else:
            put[symbol] = symbol_node(next(letters))
            named.append((put[symbol], full))
    return named, substitute(main, put)


def _letters(taken: set[str]) -> Iterator[str]:
    """a, b, c, ..., then a_1, b_1, ...: no constant, no letter that is often a function or the sign of a derivative."""
    for index in count():
        for letter in "abcpqrstuvwkmn":
            name = letter if not index else f"{letter}_{index}"
            if name not in taken:
                yield name


# lines

def _aligned(written: Callable[[Expr], Writer], main: Expr, named: list[tuple[Expr, Expr]], width: int) -> str:
    lines = _lines(written(main), width)
    for place, (symbol, part) in enumerate(named):
        lead = r"\text{where } " if place == 0 else ""
        first, *rest = _lines(written(part), width)
        lines += [f"{lead}{written(symbol).text()} = {first}", *rest]
    return "\\begin{aligned}\n" + " \\\\\n".join([f"& {line}" for line in lines]) + "\n\\end{aligned}"


def _lines(writer: Writer, width: int) -> list[str]:
    """A sum broken before signs, a product before factors; what has neither stays in one line, however long."""
    lines: list[str] = []
    room = 0
    for piece in writer.pieces(width):
        size = printed_width("x" + piece.replace(r"\bigl(", "").replace(r"\bigr)", "")) - 1  # the x makes a sign in front a binary one
        if lines and size <= room:
            lines[-1] += piece
            room -= size
        else:
            lines.append(rf"\quad {{}}{piece}" if lines else piece)
            room = width - size
    return lines
