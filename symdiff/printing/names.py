"""Names as LaTeX: Greek letters, subscripts, words; and whatever else a name holds, made inert."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from symdiff.expr import Expr
from symdiff.symbols import NOT_NUMBERS, is_letter, meaning

__all__ = ["GREEK", "operator_name", "symbol_names", "verbatim"]

_LOWER = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi omega"
_VARIANTS = "varepsilon vartheta varpi varrho varsigma varphi"
_UPPER = "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"
_OTHER_LETTERS = "hbar ell"

GREEK = {name: f"\\{name}" for name in f"{_LOWER} {_VARIANTS} {_UPPER} {_OTHER_LETTERS}".split()}

_LETTER_OF = {  # the letters themselves: θ for theta, Ω for Omega
    **{unicodedata.lookup(f"GREEK SMALL LETTER {name.upper().replace('LAMBDA', 'LAMDA')}"): GREEK[name] for name in _LOWER.split()},
    **{unicodedata.lookup(f"GREEK CAPITAL LETTER {name.upper().replace('LAMBDA', 'LAMDA')}"): GREEK[name] for name in _UPPER.split()},
}

_SHAPE = re.compile(r"([^\W\d_]+)(\d*)((?:_[^\W_]+)*)")
_INERT = {  # in math mode; the braces keep what follows from joining a command, an entity or a tag
    "\\": r"{\backslash}", "^": r"{\wedge}", "~": r"{\sim}", "'": r"{\prime}", '"': r"{\prime\prime}", "`": r"{\grave{}}",
    "<": "{<}", "&": r"\&{}", "{": r"\{", "}": r"\}", "$": r"\$", "%": r"\%", "#": r"\#", "_": r"\_", " ": r"\ ",
}


def symbol_names(symbols: Iterable[Expr]) -> dict[Expr, str]:
    """How each symbol of one formula is written; two that would look alike (x1 and x_1) differ, the later one being verbatim."""
    names: dict[Expr, str] = {}
    taken: set[str] = set()
    for symbol in sorted(symbols, key=lambda symbol: str(symbol.value)):
        shown = _pretty(symbol.value)
        if shown is None or shown in taken:
            shown = verbatim(symbol.value)
        taken.add(shown)
        names[symbol] = shown
    return names


def operator_name(name: str) -> str:
    """A function without a LaTeX command of its own.

    >>> operator_name("my_function")
    '\\\\operatorname{my\\\\_function}'
    """
    return rf"\operatorname{{{_inert(name)}}}"


def verbatim(name: str) -> str:
    r"""Any text as one symbol that TeX sets and does not obey.

    >>> verbatim("x_1")
    '\\mathtt{x\\_1}'
    """
    return rf"\mathtt{{{_inert(name)}}}"


def _inert(name: str) -> str:
    return "".join([_INERT.get(char) or (char if char.isprintable() else f"[{ord(char):04X}]") for char in name])


def _pretty(name: str) -> str | None:
    """A name of the language as a person sets it, else None."""
    plain = name.removesuffix("'")  # the derivative u' in the rules of a derivation; no user's name has a quote
    match = _SHAPE.fullmatch(plain)
    if match is None or (meaning(plain) != "VARIABLE" and not is_letter(plain)) or plain in NOT_NUMBERS:
        return None
    word, digits, rest = match.groups()
    below = [digits] * bool(digits) + [_word(part, "mathrm") for part in rest.split("_")[1:]]
    return _word(word, "mathit") + (f"_{{{','.join(below)}}}" if below else "") + name[len(plain):]


def _word(word: str, style: str) -> str:
    letter = GREEK.get(word) or _LETTER_OF.get(word)
    if letter:
        return letter
    return word if word.isdigit() or (len(word) == 1 and word.isascii()) else rf"\{style}{{{_inert(word)}}}"
