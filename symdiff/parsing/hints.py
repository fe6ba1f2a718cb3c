"""What to write instead: near names, and the signs other languages use."""

from __future__ import annotations

from difflib import get_close_matches

from symdiff.operations import ALIASES, TABLE

__all__ = ["EXPECTED", "SIGNS", "near_functions", "no_function"]

SIGNS = {
    "=": "a formula has no '='; a relation is written ==, and parse_program reads lines like y = x^2",
    "!": "for the factorial of n write gamma(n + 1)",
    "%": "for the remainder write mod(x, y), for per cent divide by 100",
    "&": "write 'and' between conditions",
    "'": "for a derivative use diff(f, x)",
    "’": "for a derivative use diff(f, x)",
    "[": "only round parentheses group; a formula is one number, not a list",
    "{": "only round parentheses group",
    ";": "parse reads one formula; parse_program reads several",
    "–": "write the minus sign as -",
    "—": "write the minus sign as -",
    "∗": "write the product as *",
    ",": "a decimal point is written '.'; a comma separates arguments",
    "\\": "for LaTeX input use parse_latex",
    "$": "for LaTeX input use parse_latex, without the dollar signs",
    '"': "write the formula without quotes",
    ".": "a number has one decimal point, and nothing has attributes",
    "½": "write 1/2",
    "∞": "expressions hold real numbers only",
}

EXPECTED = {
    "NUMBER": "a number", "VARIABLE": "a name", "CONSTANT": "a constant", "FUNCTION": "a function", "LPAR": "'('", "RPAR": "')'",
    "LBAR": "'|'", "RBAR": "the closing '|'", "COMMA": "','", "POWER": "'^'", "PLUS": "'+'", "MINUS": "'-'", "TIMES": "'*'", "OVER": "'/'",
    "RELATION": "a relation", "ROOT": "'√'", "SUPERSCRIPT": "a superscript", "IF": "'if'", "ELSE": "'else'", "AND": "'and'", "OR": "'or'",
    "NOT": "'not'", "$END": "the end",
}


def near_functions(word: str) -> list[str]:
    """Function names like this one, best first."""
    names = [name for name, op in TABLE.items() if op.arity and op.symbol is None] + list(ALIASES)
    lower = {name.lower(): name for name in names}
    return [lower[match] for match in get_close_matches(word.lower(), sorted(lower), n=2, cutoff=0.6)]


def no_function(word: str, constant: bool = False) -> tuple[str, str]:
    """Reason and hint for a name before a parenthesis that calls nothing."""
    near = [] if constant else near_functions(word)
    guess = f"did you mean {' or '.join(near)}? " if near else ""
    return (f"{word!r} is {'a constant' if constant else 'no known function'}",
            f"{guess}for a product write {word}*(...); to add a function use define(\"{word}(u) = ...\")")
