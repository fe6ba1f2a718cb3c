"""What is fuzzed: each target takes text, may be refused with an error of the library's family, and fails at any other surprise."""

from __future__ import annotations

import re
from collections.abc import Callable

from symdiff import LimitError, ParseError, SymdiffError, diff, latex, limits, mathml, parse, parse_latex, pretty, simplify
from symdiff.evaluation import evaluate
from symdiff.expr import NUMBER, Expr
from symdiff.walk import free_symbols, graph_size, postorder

__all__ = ["ALPHABET", "ALPHABETS", "LATEX_ALPHABET", "SHORT_LIMITS", "TARGETS", "Finding", "read", "road", "same_values", "short_limits"]

ALPHABET = [
    "x", "y", "e", "pi", "0", "1", "2", "3", "10", "0.5", "1e3", "1e-300", "9999999999999999999999", "+", "-", "*", "/", "^", "**", "(", ")",
    "|", ",", " ", "\n", "<", ">=", "==", "!=", " and ", " or ", "not ", " if ", " else ", "²", "⁻¹", "√", "sin(", "cos(", "tan(", "exp(",
    "ln(", "sqrt(", "abs(", "tanh(", "sinh(", "gamma(", "erf(", "max(", "min(", "mod(", "floor(", "atan2(", "log(", "cbrt(", "sign(",
    "sigmoid(", "where(x>0,", "asin(", "polygamma(1,", "sin ", "_", "'", "\"", "\\", "{", "}", "−", "×", "π", "\u200b", "é", "0x1", "1_0",
]
"""Pieces of formulas, so that random choices are formulas now and then."""

LATEX_ALPHABET = [
    "x", "y", "d", "f", "e", r"\pi ", r"\alpha ", "0", "1", "2", "10", "1.5", "+", "-", r"\cdot ", "/", "^", "_", "{", "}", "(", ")", "[", "]", "|",
    r"\left(", r"\right)", r"\left|", r"\right|", r"\frac", r"\sqrt", r"\sin", r"\log", r"\ln ", r"\exp", r"\Gamma", r"\psi", r"\sigma", r"\max",
    r"\partial", r"\frac{d}{dx}", r"\frac{d}{d", r"\operatorname{erf}", r"\mathit{speed}", r"\text{if }", r"\text{otherwise}", "'", "^{(2)}",
    r"\begin{cases}", r"\end{cases}", "&", r"\\", ",", "<", "=", r"\le ", r"\land ", r"\lnot ", r"\bmod ", r"\lfloor ", r"\rfloor ", " ", r"\,",
    "!", "%", "$", "\n", r"\foo", "\\", "~", "{}", "^2", "_1", "{x}", "(x)", "{x + 1}", r"\mathtt{a b}", r"\right.", r"\left\{\begin{array}{l}",
    "f(x)", "f'(x)", r"\frac{x}{y}", r"\sin x", r"\sin^2", r"\psi^{(2)}(x)", r"\log_2 ", "|x|", "^{-1}", "e^{x}", r"\partial_{1}", r"\frac{d f}{dx}",
]
"""Pieces of LaTeX; f is a declared function."""

SHORT_LIMITS = {"simplifier_work": 400, "simplified_nodes": 400, "printed_length": 200_000}
"""Small limits that a fuzz runs under: it is after surprises, not after long computations, and the ways out at a limit are tried too."""


class Finding(AssertionError):
    """A broken promise."""


def short_limits() -> None:
    for name, value in SHORT_LIMITS.items():
        setattr(limits, name, value)


def read(text: str, reader: Callable[[str], Expr] = parse) -> Expr | None:
    """Parse; what is refused must be refused at a place inside the text, in words."""
    try:
        return reader(text)
    except ParseError as error:
        lines = re.split("\r\n|\r|\n", text)
        if not (1 <= error.line <= len(lines) and 1 <= error.column <= len(lines[error.line - 1]) + 1 and error.reason and str(error)):
            raise Finding(f"the error of {text!r} is at line {error.line}, column {error.column}") from error
    except SymdiffError as error:
        if not str(error):
            raise Finding(f"an error without words for {text!r}") from error
    return None


def road(text: str) -> None:
    """Parse, print, differentiate, simplify, print, read back; and the simplified forms have the values of the forms as they were."""
    expression = read(text)
    if expression is None:
        return
    _read_back(expression)
    if expression.op.relation:
        return
    try:
        slope = diff(expression, free_symbols(expression)[0]) if free_symbols(expression) else diff(expression, "x")
    except SymdiffError:
        return
    for form in (expression, slope):
        if graph_size(form) < 300:
            simple = simplify(form)
            _read_back(simple)
            same_values(form, simple)


def latex_road(text: str) -> None:
    """Read LaTeX, write it as LaTeX, and read that: the same LaTeX again; MathML and text for the terminal come out too."""
    expression = read(text, lambda source: parse_latex(source, functions=["f"]))
    if expression is None:
        return
    try:
        shown = latex(expression)
        mathml(expression), pretty(expression)
    except LimitError:
        return
    again = latex(parse_latex(shown, functions=["f"], symbols=free_symbols(expression)))
    if again != shown:
        raise Finding(f"{shown!r} is read and written again as {again!r}")


def _read_back(expression: Expr) -> None:
    try:
        text = str(expression)
        latex(expression)
    except SymdiffError:
        return  # too long to print
    if len(text) <= limits.input_length and max(map(len, text.replace("/", " ").split()), default=0) <= limits.literal_digits \
            and parse(text) is not expression:
        raise Finding(f"{text!r} was printed and is read back as {parse(text)!s}")


POINTS = (0.7, -1.3, 2.0)


def same_values(form: Expr, simple: Expr) -> None:
    """Where the form has a value in high precision, the simplified one has the same; floats in it are rounded as they are folded."""
    if any((node.op is NUMBER and type(node.value) is float) or _at_a_zero_or_pole(node) for node in postorder(form)):
        return
    names = free_symbols(form)
    for first in POINTS:
        point = {str(name): first + index / 8 for index, name in enumerate(names)}
        try:
            expected = evaluate(form, point, digits=30)
        except SymdiffError:
            continue
        try:
            value = evaluate(simple, point, digits=30)
        except SymdiffError as error:
            if "too large" in str(error) or _cancels(form, point, expected):
                continue
            raise Finding(f"{form!s} is {expected} at {point}, and {simple!s} has no value: {error}") from error
        if abs(value - expected) > 1e-9 * max(1, abs(expected)) and not _cancels(form, point, expected):
            raise Finding(f"{form!s} is {expected} at {point}, and {simple!s} is {value}")


def _at_a_zero_or_pole(node: Expr) -> bool:
    """Whether a node is sin(pi) or its like: 0 or without a value, though next to a multiple of pi numbers say something else."""
    if not node.args or node.op.half_turn is None or free_symbols(node):
        return False
    try:
        return not 1e-20 < abs(evaluate(node, {}, digits=30)) < 1e20
    except SymdiffError:
        return False


def _cancels(form: Expr, point: dict[str, float], value: object) -> bool:
    """Whether the reference lost its digits: with three times as many it is another number, or none, as no large exponent is whole then."""
    try:
        again = evaluate(form, point, digits=90)
    except SymdiffError:
        return True
    return bool(abs(again - value) > 1e-9 * max(1, abs(again)))


TARGETS: dict[str, Callable[[str], object]] = {"parser": read, "road": road, "latex": latex_road}
ALPHABETS = {"latex": LATEX_ALPHABET}
"""What a target is fed with, where that is not ALPHABET."""
