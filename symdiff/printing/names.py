"""Names as LaTeX: Greek letters, subscripts, words; and whatever else a name holds, made inert."""

from __future__ import annotations

from collections.abc import Iterable

from symdiff.expr import Expr
from symdiff.letters import GREEK, LETTER_OF, is_plain, parts_of_name
from symdiff.symbols import NOT_NUMBERS, is_letter, meaning

__all__ = ["GREEK", "operator_name", "symbol_names", "verbatim"]

_INERT = {  # in math mode; the braces keep what follows from joining a command, an entity or a tag
    "\\": r"{\backslash}", "^": r"{\wedge}", "~": r"{\sim}", "'": r"{\prime}", '"': r"{\prime\prime}", "`": r"{\grave{}}",
    "<": "{<}", "&": r"\&{}", "{": r"\{", "}": r"\}", "$": r"\$", "%": r"\%", "#": r"\#", "_": r"\_", " ": r"\ ",
}


def symbol_names(symbols: Iterable[Expr]) -> dict[Expr, str]:
    """How each symbol of one formula is written; of two that would look alike (x_1 and x1), the one `parse_latex` does not read is verbatim."""
    names: dict[Expr, str] = {}
    taken: set[str] = set()
    for symbol in sorted(symbols, key=lambda symbol: (not is_plain(symbol.value), str(symbol.value))):
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
    parts = parts_of_name(plain)
    if parts is None or (meaning(plain) != "VARIABLE" and not is_letter(plain)) or plain in NOT_NUMBERS:
        return None
    below = [_word(part, "mathrm") for part in parts[1:]]
    return _word(parts[0], "mathit") + (f"_{{{','.join(below)}}}" if below else "") + name[len(plain):]


def _word(word: str, style: str) -> str:
    letter = GREEK.get(LETTER_OF.get(word, word))
    if letter:
        return letter
    return word if word.isdigit() or (len(word) == 1 and word.isascii()) else rf"\{style}{{{_inert(word)}}}"
