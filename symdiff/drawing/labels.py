"""How formulas are written in pictures: typography of signs, names and numbers, and one bounded line of text a node.

Everything leaves here as plain printable text; the escaping that a format needs is done where that format is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from symdiff import numbers
from symdiff.expr import NUMBER, SYMBOL, Expr
from symdiff.operations import TABLE
from symdiff.operations.arithmetic import add, div, mul, neg
from symdiff.operations.arithmetic import pow as power_row
from symdiff.printing.precedence import ATOM, PRODUCT, SUM, Signs, level
from symdiff.walk import outline

__all__ = ["FORMULA_LENGTH", "Text", "formula", "formulas", "line_of", "pretty_names", "printable", "shortened", "sign_of", "value_text", "wrapped"]

LABEL_LENGTH = 32
"""Characters of one label; longer names and numbers are cut in the middle."""
FORMULA_LENGTH = 96
"""Characters of one tooltip; longer formulas are cut at the end."""

_SIGNS = {  # how text spells it: how a picture shows it
    "-": "−", "<=": "≤", ">=": "≥", "!=": "≠", "==": "=", "and": "∧", "or": "∨", "not": "¬", "pi": "π",
    "sqrt": "√", "cbrt": "∛", "where": "if", "log2": "log₂", "log10": "log₁₀", "gamma": "Γ", "digamma": "ψ",
}
_GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ", "iota": "ι",
    "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "rho": "ρ", "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ",
    "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π",
    "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}
_BRACKETS = {"abs": ("|", "|"), "floor": ("⌊", "⌋"), "ceil": ("⌈", "⌉")}
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_NAME = re.compile(r"([^\W\d_]+)_?([0-9]{0,3})", re.ASCII)
_NO_SIGNS = Signs({})

Text: TypeAlias = tuple[str, int]
"""A written formula and how tightly it binds (see printing.precedence)."""


def printable(text: str) -> str:
    """Text that shows what it is: controls, bidirectional marks, surrogates and the like become their escapes.

    >>> printable("a\\u202eb\\x00")
    'a\\\\u202eb\\\\x00'
    """
    return text if text.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def shortened(text: str, length: int = LABEL_LENGTH) -> str:
    if len(text) <= length:
        return text
    return f"{text[:length // 2]}…{text[1 - length // 2:]}"


def sign_of(node: Expr, names: dict[str, str]) -> str:
    """What stands in a node's box: its operator, function, name or number; never its arguments.

    >>> from symdiff import parse
    >>> [sign_of(parse(text), {}) for text in ("a*b", "a <= b", "sqrt(x)", "asin(x)", "pi", "-1/3", "x")]
    ['×', '≤', '√', 'asin', 'π', '−1/3', 'x']
    """
    if node.op is NUMBER:
        return shortened(_number(node))
    if node.op is SYMBOL:
        return names.get(node.value) or shortened(printable(node.value[:1000]))
    if node.op is mul:
        return "×"  # a dot is lost in a box
    spelling = node.op.symbol or node.op.name
    return _SIGNS.get(spelling) or shortened(printable(spelling))


def _number(node: Expr) -> str:
    value = node.value
    if isinstance(value, int) and value.bit_length() > 4 * FORMULA_LENGTH:
        return f"{'−' if value < 0 else ''}about 2{_raised(value.bit_length() - 1)}"  # not worth writing millions of digits to cut them
    return shortened(numbers.text_of(value), FORMULA_LENGTH).replace("-", "−").replace("e+", "e")


def _raised(value: int) -> str:
    return str(value).translate(_RAISED)


def pretty_names(names: Iterable[str]) -> dict[str, str]:
    """How the names of one picture are shown: θ for theta, x₁ for x1 and x_1; names that would look alike stay as they are.

    >>> pretty_names(["theta", "x1", "y1", "y_1", "speed"])
    {'theta': 'θ', 'x1': 'x₁'}
    """
    shown: dict[str, str] = {}
    users: dict[str, int] = {}
    for name in dict.fromkeys(names):
        match = _NAME.fullmatch(name)
        pretty = _GREEK.get(match[1], match[1]) + match[2].translate(_LOWERED) if match else name
        shown[name] = pretty
        for taken in {name, pretty}:
            users[taken] = users.get(taken, 0) + 1
    return {name: pretty for name, pretty in shown.items() if pretty != name and users[pretty] == 1}


def formula(node: Expr, parts: Sequence[Text | None], names: dict[str, str]) -> Text:
    """The formula of a node on one line, from its arguments' lines (None where an argument is left out), of bounded length.

    >>> from symdiff import parse
    >>> x, y = ("x", ATOM), ("y", ATOM)
    >>> formula(parse("x^2"), [x, ("2", ATOM)], {})[0], formula(parse("x - y"), [x, ("−y", SUM)], {})[0]
    ('x²', 'x − y')
    """
    tightness = level(node, _NO_SIGNS)
    if not node.args:
        return sign_of(node, names), tightness
    known = [part or ("…", ATOM) for part in parts]
    text = _written(node, known, tightness, sign_of(node, names))
    if len(text) > FORMULA_LENGTH:
        text = text[:FORMULA_LENGTH - 1].rstrip("…") + "…"
    return text, min(tightness, SUM) if text.startswith("−") else tightness


def formulas(places: Sequence[Expr], links: Sequence[Sequence[int]], names: dict[str, str]) -> list[Text]:
    """The formula of every place of an outline; what has no place of its own is left out, unless it is a leaf."""
    texts: list[Text] = []
    for node, below in zip(places, links):
        parts: list[Text | None] = [texts[end] for end in below]
        for child in node.args[len(below):FORMULA_LENGTH]:
            parts.append(None if child.args else formula(child, [], names))
        texts.append(formula(node, parts, names))
    return texts


def line_of(node: Expr, names: dict[str, str]) -> str:
    """The formula of one node on one line, from its top alone, so that the work is the same for formulas of any size.

    >>> from symdiff import parse
    >>> line_of(parse("x^2*sin(theta)"), {"theta": "θ"})
    'x²·sin(θ)'
    """
    places, links = outline(node, FORMULA_LENGTH, lambda _: False)
    return formulas(places, links, names)[-1][0]


def wrapped(text: str, width: int = 44, most: int = 3) -> list[str]:
    """A formula over several lines, broken before its signs; what does not fit is left out.

    >>> wrapped("aaaa + bbbb·cccc − dddd", 12)
    ['aaaa', '+ bbbb·cccc', '− dddd']
    """
    depth, breaks = 0, []  # places to break before, with how much it hurts: inside parentheses more, at a factor more than at a term
    for at, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if at and (text[at - 1:at + 2] in (" + ", " − ") or sign in "·/"):
            breaks.append((at, 2 * depth + (sign in "·/")))
    lines, start = [], 0
    while len(text) - start > width:
        near = [(hurt, -at) for at, hurt in breaks if start + width * 0.4 <= at <= start + width]
        near = near or [(hurt, at) for at, hurt in breaks if at > start + width][:1]
        if not near:
            break
        end = abs(min(near)[1])
        lines.append(text[start:end].strip())
        start = end
    lines.append(text[start:].strip())
    if len(lines) > most:
        lines[most - 1] = lines[most - 1][:width - 2].rstrip("…") + "…"
    return [shortened(line, width + 12) for line in lines[:most]]


def value_text(value: Any, digits: int = 5) -> str:
    """A number as a picture shows it.

    >>> value_text(-1 / 3), value_text(1.5e-7), value_text(3)
    ('−0.33333', '1.5·10⁻⁷', '3')
    """
    if isinstance(value, bool):
        return str(value).lower()
    text = shortened(str(value)) if isinstance(value, int) else f"{float(value):.{digits}g}"
    mantissa, mark, exponent = text.partition("e")
    mantissa = mantissa.replace("-", "−")
    return f"{mantissa}·10{_raised(int(exponent))}" if mark else mantissa


def _written(node: Expr, parts: list[Text], tightness: int, sign: str) -> str:
    op = node.op
    if op is add:
        first, *rest = (_wrapped(part, SUM) for part in parts)
        return first + "".join(f" − {text[1:]}" if text.startswith("−") else f" + {text}" for text in rest)
    if op is mul:
        return "·".join([_first(node, parts), *(_wrapped(part, ATOM - 1) for part in parts[1:])])
    if op is div:
        return f"{_first(node, parts)}/{_wrapped(parts[1], ATOM - 1)}"
    if op is neg:
        return f"−{_wrapped(parts[0], PRODUCT)}"
    if op is power_row:
        return _power(node, parts)
    if op is TABLE["where"]:
        condition, value, other = parts
        return f"{value[0]} if {condition[0]} else {other[0]}"
    if op.symbol is not None:
        texts = [_wrapped(part, tightness + 1) for part in parts]
        return f"{sign}{texts[0]}" if len(texts) == 1 else f" {sign} ".join(texts)
    if op.name in _BRACKETS and len(parts) == 1:
        left, right = _BRACKETS[op.name]
        return f"{left}{parts[0][0]}{right}"
    return f"{sign}({', '.join(text for text, _ in parts)})"


def _first(node: Expr, parts: list[Text]) -> str:
    """A minus in front of a product needs no parentheses: −2·x."""
    signed = node.args[0].op is NUMBER or node.args[0].op is neg
    return _wrapped(parts[0], SUM if signed else PRODUCT)


def _power(node: Expr, parts: list[Text]) -> str:
    base, exponent = _wrapped(parts[0], ATOM), node.args[1]
    if exponent.op is NUMBER and type(exponent.value) is int and abs(exponent.value) < 1000:
        return base + _raised(exponent.value)
    return f"{base}^{_wrapped(parts[1], ATOM)}"


def _wrapped(part: Text, least: int) -> str:
    text, tightness = part
    return text if tightness >= least else f"({text})"
