"""Symbols: names checked against the language, so that every formula can be read back."""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby
from typing import Any, NamedTuple

from symdiff import limits
from symdiff.errors import DefinitionError, LimitError, UsageError
from symdiff.expr import SYMBOL, Expr, symbol_node
from symdiff.numbers import integer_of
from symdiff.operations import ALIASES, TABLE

__all__ = ["CONSTANTS", "NOT_NUMBERS", "RESERVED", "Symbol", "as_symbol", "function_name", "is_letter", "meaning", "misleading", "symbols"]

CONSTANTS = {word: Expr(TABLE[name]) for word, name in [*((name, name) for name in TABLE), *ALIASES.items()] if not TABLE[name].arity}
"""The constants of the language by the words for them."""

RESERVED = {"if": "IF", "else": "ELSE", "and": "AND", "or": "OR", "not": "NOT", "for": "FOR", "in": "IN", "is": "IS", "while": "WHILE"}
"""Words with a meaning of their own; the last four have none yet and are kept free of one as names."""
NOT_NUMBERS = frozenset({"inf", "Inf", "infinity", "Infinity", "oo", "nan", "NaN"})
_WORD = re.compile(r"[^\W\dπ²³¹⁰⁴-⁹][^\Wπ²³¹⁰⁴-⁹]*")
_LATIN = str.maketrans("АВЕКМНОРСТУХЅІЈаеорсухѕіјһԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧοϲıɡɑօ", "ABEKMHOPCTYXSIJaeopcyxsijhdqwABEZHIKMNOPTYXocigao")
"""Letters of other scripts that print like Latin ones."""
_LIKE_SIGNS = {char: sign for sign, chars in {
    "-": "ー一ㅡᅳـˉˍ", "|": "ǀ丨ㅣᅵⵏ", "||": "ǁ", "!=": "ǂ", "!": "ǃꜝ", ".": "ꓸ", "..": "ꓺ", ".,": "ꓻ", ",": "ꓹ", ";": "ꓼ", ":": "ꓽːˑ", "^": "ˆ",
    "~": "ⸯ", "'": "ʼʹʽʻˈꞌߴߵ", '"': "ʺˮ", "`": "ˋ", "/": "ノ丿ᐟ", "\\": "ᐠ", "·": "ᐧㆍᆞ", "<": "ᐸ", ">": "ᐳ",
}.items() for char in chars}
"""Letters of all scripts that print like signs."""
_INVISIBLE = "\u115f\u1160\u3164\uffa0"
"""Letters of Hangul that print as nothing."""
_NO_LETTERS = {"Lm": "a mark on a letter", "No": "a numeral", "Nl": "a numeral"}
_RANGE = re.compile(r"(.*?)(\d*):(\d+)")


def function_name(word: str) -> str | None:
    """The row a word calls, if it calls one; operators like add have signs, not words."""
    name = ALIASES.get(word, word)
    op = TABLE.get(name)
    return name if op is not None and op.arity and op.symbol is None else None


def meaning(word: str) -> str:
    """The kind of token a word is: FUNCTION, CONSTANT, VARIABLE, or a reserved word's own."""
    if word in RESERVED:
        return RESERVED[word]
    if word in CONSTANTS:
        return "CONSTANT"
    return "VARIABLE" if function_name(word) is None else "FUNCTION"


def is_letter(word: str) -> bool:
    """Whether a word is a function only where it is called: gamma(x) is the function, gamma alone the variable.

    >>> is_letter("gamma"), is_letter("sin")
    (True, False)
    """
    return word in TABLE and TABLE[word].letter


class Flaw(NamedTuple):
    """What is wrong with a name, what to write instead, and at which of its characters."""

    reason: str
    hint: str
    place: int = 0


def misleading(word: str) -> Flaw | None:
    """What is wrong with a name that looks like another one or like a sign: two spellings of what a reader takes for one are never two variables.

    >>> misleading("\N{CYRILLIC SMALL LETTER A}1").hint
    'write a1 in Latin letters'
    >>> misleading("x\N{MODIFIER LETTER CIRCUMFLEX ACCENT}2").hint
    'write ^'
    """
    if word.isascii():
        return None
    return _invisible(word) or _like_a_sign(word) or _compatible(word) or _no_letter(word) or _only_looks_latin(word)


def _invisible(word: str) -> Flaw | None:
    place = next((place for place, char in enumerate(word) if char in _INVISIBLE), None)
    return None if place is None else Flaw(f"the invisible character U+{ord(word[place]):04X} has no meaning here", "take it away", place)


def _like_a_sign(word: str) -> Flaw | None:
    """A letter that prints like a sign, unless all others are letters of its script: 第一 is a word."""
    if _LIKE_SIGNS.keys().isdisjoint(word):
        return None
    scripts = {_script(char) for char in word if char not in _LIKE_SIGNS}
    known = scripts.pop() if len(scripts) == 1 else ""
    for place, char in enumerate(word):
        if (sign := _LIKE_SIGNS.get(char)) and (unicodedata.category(char) == "Lm" or known in ("LATIN", "") or _script(char) != known):
            return Flaw(f"{char!r} (U+{ord(char):04X}) is a letter that looks like {sign}", f"write {sign}", place)
    return None


def _script(char: str) -> str:
    return re.split("[ -]", unicodedata.name(char, ""))[0]


def _compatible(word: str) -> Flaw | None:
    """Characters that Unicode knows as a form of others: ½, ⁿ, ₁, ｘ."""
    if unicodedata.normalize("NFKC", word) == word:
        return None
    reason = f"{word!r} has characters that only look like letters or digits"
    fraction = next((char for char in word if "\N{FRACTION SLASH}" in unicodedata.normalize("NFKC", char)), None)
    if fraction is not None:
        spelled = unicodedata.normalize("NFKC", fraction).replace("\N{FRACTION SLASH}", "/")
        return Flaw(reason, f"write {spelled}" if word == fraction else f"write ({spelled}) for {fraction}")
    plain = _with_powers(word)
    if plain is None:
        return Flaw(reason, "write it with other letters")
    points = "" if plain.isascii() else f", with {', '.join(f'{char} (U+{ord(char):04X})' for char in dict.fromkeys(plain) if not char.isascii())}"
    return Flaw(reason, f"write the power as {plain}" if plain.startswith("^") else f"write {plain}{points}")


def _with_powers(word: str) -> str | None:
    """A name with its raised letters written as a power, others as they are meant; None where that is no formula.

    >>> _with_powers("x\N{SUPERSCRIPT LATIN SMALL LETTER N}"), _with_powers("sin\N{SUPERSCRIPT LATIN SMALL LETTER N}")
    ('x^n', 'sin(...)^n')
    """
    plain = ""
    for raised, chars in groupby(word, lambda char: unicodedata.decomposition(char).startswith("<super>")):
        letters = "".join(chars)
        parts = list(unicodedata.normalize("NFKC", letters)) if raised else [_lowered(letters)]
        if not all((_WORD.fullmatch(part) or part.isdecimal()) and not misleading(part) for part in parts):
            return None
        plain += _joined(plain, word, raised, parts)
    return plain


def _joined(plain: str, word: str, raised: bool, parts: list[str]) -> str:
    """The next part of such a name: a power, a factor behind one, or the beginning, which may be a function's name."""
    if raised:
        return f"^{parts[0]}" if len(parts) == 1 else f"^({'*'.join(parts)})"
    if plain:
        return f"*{parts[0]}"
    return f"{parts[0]}(...)" if len(parts[0]) < len(word) and function_name(parts[0]) else parts[0]


def _lowered(word: str) -> str:
    """A name with its lowered letters behind underscores: x_i for xᵢ, and x1 for x₁."""
    spelled = ""
    for char in word:
        letter = unicodedata.normalize("NFKC", char)
        below = spelled and letter.isalpha() and unicodedata.decomposition(char).startswith("<sub>")
        spelled += f"_{letter}" if below else letter
    return unicodedata.normalize("NFKC", spelled)


def _no_letter(word: str) -> Flaw | None:
    """Characters that count as letters or digits and are none of a name: marks that modify letters, numerals, digits of other scripts."""
    for place, char in enumerate(word):
        kind = unicodedata.category(char)
        if kind == "Nd" and not char.isascii():
            digits = "".join(str(unicodedata.decimal(c)) if unicodedata.category(c) == "Nd" else c for c in word)
            return Flaw(f"the name {word!r} holds the character {unicodedata.name(char)}", f"write {digits}", place)
        if kind in _NO_LETTERS:
            return Flaw(f"{char!r} (U+{ord(char):04X}) is {_NO_LETTERS[kind]} and no part of a name", "a name is letters, digits and underscores",
                        place)
    return None


def _only_looks_latin(word: str) -> Flaw | None:
    latin = word.translate(_LATIN)
    if not latin.isascii():
        return None
    letter = next(a for a, b in zip(word, latin, strict=True) if a != b)
    return Flaw(f"the name {word!r} only looks Latin: it holds a {unicodedata.name(letter)}", f"write {latin} in Latin letters")


def Symbol(name: str) -> Expr:
    """The real variable of that name.

    name: a letter or underscore, then letters, digits, underscores (Unicode letters too); no function, constant or reserved word.
    Raises DefinitionError for other names.

    >>> Symbol("theta_1")
    Expr('theta_1')
    """
    if not isinstance(name, str):
        raise DefinitionError(f"a symbol's name is text, not {type(name).__name__}")
    if not _WORD.fullmatch(name):
        raise DefinitionError(f"{name!r} cannot name a symbol: a name is letters, digits and underscores, and begins with no digit")
    if flaw := misleading(name):
        raise DefinitionError(f"{name!r} cannot name a symbol: {flaw.reason}; {flaw.hint}")
    kind = meaning(name)
    if (kind != "VARIABLE" and not is_letter(name)) or name in NOT_NUMBERS:
        what = {"FUNCTION": "a function", "CONSTANT": "a constant"}.get(kind, "a reserved word")
        raise DefinitionError(f"{name!r} cannot name a symbol: it is {what} of the language")
    return symbol_node(name)


def symbols(names: str) -> Expr | tuple[Expr, ...]:
    """Several symbols from one text, separated by spaces or commas; x0:3 stands for x0, x1, x2.

    One name without a separator gives one symbol, else a tuple, as in SymPy.

    >>> symbols("x y")
    (Expr('x'), Expr('y'))
    >>> symbols("x1:4")
    (Expr('x1'), Expr('x2'), Expr('x3'))
    """
    if not isinstance(names, str):
        raise UsageError(f"symbols takes text such as 'x y', not {type(names).__name__}")
    words = names.replace(",", " ").split()
    if not words:
        raise UsageError("symbols takes at least one name, such as 'x y'")
    result: list[Expr] = []
    for word in words:
        if match := _RANGE.fullmatch(word):
            first, end = integer_of(match[2] or "0"), integer_of(match[3])
            if end - first > limits.named_symbols:
                raise LimitError(f"{end - first} symbols at once", "named_symbols", limits.named_symbols)
            if first >= end:
                raise UsageError(f"{word!r} names no symbol; x1:4 stands for x1, x2, x3")
            result += [Symbol(f"{match[1]}{index}") for index in range(first, end)]
        else:
            result.append(Symbol(word))
    single = len(words) == 1 and ":" not in names and "," not in names
    return result[0] if single else tuple(result)


def as_symbol(value: Any) -> Expr:
    """A variable given as a symbol or by name."""
    if type(value) is Expr and value.op is SYMBOL:
        return value
    if isinstance(value, str):
        try:
            return Symbol(value)
        except DefinitionError as error:
            raise UsageError(f"a variable is needed, not {value!r}: {error}") from None
    shown = f"the expression '{value}'" if type(value) is Expr else f"{value!r}"
    raise UsageError(f"a variable is needed, not {shown}; differentiate by a symbol such as Symbol('x')")
