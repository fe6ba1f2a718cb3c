"""Symbols: names checked against the language, so that every formula can be read back."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

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


def misleading(word: str) -> tuple[str, str] | None:
    """Reason and hint where a name looks like another one: two spellings of what a reader takes for one name are never two variables.

    >>> misleading("\N{CYRILLIC SMALL LETTER A}1")[1]
    'write a1 in Latin letters'
    """
    if word.isascii():
        return None
    plain = unicodedata.normalize("NFKC", word)
    if "\N{FRACTION SLASH}" in plain:
        sign = next(char for char in word if "\N{FRACTION SLASH}" in unicodedata.normalize("NFKC", char))
        spelled = unicodedata.normalize("NFKC", sign).replace("\N{FRACTION SLASH}", "/")
        plain = spelled if word == sign else f"({spelled}) for {sign}"
    if plain != word:
        return f"{word!r} has characters that only look like letters or digits", f"write {plain}"
    latin = word.translate(_LATIN)
    if latin.isascii():
        letter = next(a for a, b in zip(word, latin, strict=True) if a != b)
        return f"the name {word!r} only looks Latin: it holds a {unicodedata.name(letter)}", f"write {latin} in Latin letters"
    return None


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
        raise DefinitionError(f"{name!r} cannot name a symbol: {flaw[0]}; {flaw[1]}")
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
