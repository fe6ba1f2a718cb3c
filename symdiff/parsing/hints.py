"""What to write instead: near names, and the signs other languages use."""

from __future__ import annotations

from difflib import get_close_matches

from symdiff.operations import ALIASES, TABLE
from symdiff.symbols import function_name

__all__ = ["EXPECTED", "PREFIXES", "PRIMES", "SIGNS", "example_call", "near_functions", "no_function"]

SIGNS = {
    "<<": "bit shifts have no meaning here",
    ">>": "bit shifts have no meaning here",
    "<>": "a relation is written !=",
    "//": "for the quotient rounded down write floor(x/y)",
    **dict.fromkeys("=≔", "a formula has no '='; a relation is written ==, and parse_program reads lines like y = x^2"),
    "!": "for the factorial of n write gamma(n + 1)",
    "%": "for the remainder write mod(x, y), for per cent divide by 100",
    "&": "write 'and' between conditions",
    **dict.fromkeys("'’′″‴´᾽", "for a derivative use diff(f, x)"),
    "[": "only round parentheses group; a formula is one number, not a list",
    **dict.fromkeys("{]}", "only round parentheses group"),
    ";": "parse reads one formula; parse_program reads several",
    **dict.fromkeys("‐‑‒–—―˗➖⁻₋", "write the minus sign as -"),
    **dict.fromkeys("➕⁺₊", "write the plus sign as +"),
    **dict.fromkeys("∗•∙⨯✕✖⋆★※", "write the product as *"),
    **dict.fromkeys("⁄➗∶", "write the quotient as /"),
    **dict.fromkeys("∣❘￨", "write bars as |: |x|, or abs(x)"),
    **dict.fromkeys("‖∥", "write the size of a number as abs(x)"),
    **dict.fromkeys("⌈⌉", "for rounding up write ceil(x)"),
    **dict.fromkeys("⌊⌋", "for rounding down write floor(x)"),
    "↑": "write a power as x^2",
    **dict.fromkeys("，،٫", "a decimal point is written '.'; a comma separates arguments"),
    "٬": "digits are grouped as in 1_000",
    "∆": "write the letter Δ (U+0394), or Delta",
    **dict.fromkeys("→←⇐⇒↔⇔", "a formula has no arrows"),
    **dict.fromkeys("≦⩽", "a relation is written <="),
    **dict.fromkeys("≧⩾", "a relation is written >="),
    **dict.fromkeys("≡≟", "a relation is written =="),
    **dict.fromkeys("⁽⁾", "write the power as x^(2)"),
    "=>": "a relation is written >=",
    "=<": "a relation is written <=",
    "=!": "a relation is written !=",
    "===": "a relation is written ==",
    "#": "a formula has no comments",
    "?": "for a choice write a if condition else b",
    ":": "for a choice write a if condition else b",
    **dict.fromkeys("~¬", "write 'not' before a condition"),
    "∧": "write 'and' between conditions",
    "∨": "write 'or' between conditions",
    ",": "a decimal point is written '.'; a comma separates arguments",
    "\\": "for LaTeX input use parse_latex",
    "$": "for LaTeX input use parse_latex",
    '"': "write the formula without quotes",
    ".": "a number has one decimal point, and nothing has attributes",
    "∞": "expressions hold real numbers only",
    "∛": "write the cube root as cbrt(x)",
    "∜": "write the fourth root as x^(1/4)",
    "∫": "symdiff differentiates; it has no integrals",
    "∑": "a sum is written out, term by term",
    "∏": "a product is written out, factor by factor",
    "∂": "for a derivative use diff(f, x)",
    "∇": "for all derivatives use gradient(f)",
    "±": "write one formula for each sign",
    "∈": "a relation is one of < <= > >= == !=",
    "≈": "a relation is one of < <= > >= == !=",
    "°": "angles are in radians; for degrees write x*pi/180",
    "\N{ZERO WIDTH NO-BREAK SPACE}": "it is a byte order mark; read the file as utf-8-sig",
    "->": "a formula has no arrows",
    **dict.fromkeys("`“”‘", "write the formula without quotes"),
}

PREFIXES = {
    "!": "write 'not' before a condition",
    **dict.fromkeys("'’‘", SIGNS['"']),
}
"""What signs mean where no operand stands before them."""

PRIMES = {"": SIGNS['"'], "NUMBER": "digits are grouped as in 1_000", "VARIABLE": SIGNS["'"]}
"""What quotes mean behind a kind of token, and where no operand stands before them."""

EXPECTED = {
    "NUMBER": "a number", "VARIABLE": "a name", "CONSTANT": "a constant", "FUNCTION": "a function", "LPAR": "'('", "RPAR": "')'",
    "LBAR": "'|'", "RBAR": "the closing '|'", "COMMA": "','", "POWER": "'^'", "PLUS": "'+'", "MINUS": "'-'", "TIMES": "'*'", "OVER": "'/'",
    "RELATION": "a relation", "ROOT": "'√'", "SUPERSCRIPT": "a superscript", "IF": "'if'", "ELSE": "'else'", "AND": "'and'", "OR": "'or'",
    "NOT": "'not'", "$END": "the end",
}


_ELSEWHERE = {  # what other languages and textbooks call our functions
    "tg": "tan", "ctg": "cot", "cotg": "cot", "sen": "sin", "cosec": "csc", "arctg": "atan", "arcctg": "acot", "arcsen": "asin",
    "arccosec": "acsc",
    "sinus": "sin", "cosinus": "cos", "tangens": "tan", "logarithm": "ln", "squareroot": "sqrt", "log_2": "log2", "log_10": "log10",
    "sh": "sinh", "ch": "cosh", "th": "tanh", "lg": "log10", "lb": "log2", "ld": "log2", "sgn": "sign", "signum": "sign", "fabs": "abs",
    "logistic": "sigmoid", "expit": "sigmoid", "swish": "silu", "psi": "digamma",
    "Psi": "digamma", "Γ": "gamma", "σ": "sigmoid", "ψ": "digamma",
}
_WRITTEN = {  # what is no function here because it has a spelling of its own
    "pow": "x^y", "power": "x^y", "root": "x^(1/n)", "factorial": "gamma(n + 1)", "fact": "gamma(n + 1)", "sqr": "x^2", "square": "x^2",
    "sinc": "sin(x)/x", "exp2": "2^x", "exp10": "10^x", "hypot": "sqrt(x^2 + y^2)", "logit": "ln(x/(1 - x))", "sinpi": "sin(pi*x)",
    "cospi": "cos(pi*x)", "frac": "x - floor(x)", "round": "floor(x + 1/2)", "clip": "min(max(x, a), b)", "beta": "gamma(x)*gamma(y)/gamma(x + y)",
    "trunc": "sign(x)*floor(abs(x))", "int": "sign(x)*floor(abs(x))", "fix": "sign(x)*floor(abs(x))", "fmod": "sign(x)*mod(abs(x), abs(y))",
    **dict.fromkeys(("diff", "derivative", "Derivative"), "diff(parse(\"x^2\"), \"x\") in Python"),
    "binomial": "gamma(n + 1)/(gamma(k + 1)*gamma(n - k + 1))",
}


def near_functions(word: str) -> list[str]:
    """Function names like this one, best first."""
    if word in _ELSEWHERE:
        return [_ELSEWHERE[word]]
    if function_name(word.lower()):
        return [word.lower()]
    names = [name for name, op in TABLE.items() if op.arity and op.symbol is None] + list(ALIASES)
    lower = {name.lower(): name for name in names}
    return [lower[match] for match in get_close_matches(word.lower(), sorted(lower), n=2, cutoff=0.6)]


def example_call(function: str) -> str:
    """A call of a function with as many arguments as it takes.

    >>> example_call("sin"), example_call("max"), example_call("atan2")
    ('sin(x)', 'max(x, y)', 'atan2(y, x)')
    """
    op = TABLE.get(function_name(function) or "")
    if op is None:
        return f"{function}(x)"
    return f"{function}({_ARGUMENTS.get(op.name) or ', '.join(_VARIABLES[:op.arity])})"


_VARIABLES = ("x", "y", "z")
_ARGUMENTS = {"atan2": "y, x", "where": "x > 0, a, b", "log": "x", "polygamma": "n, x"}
"""Arguments for an example, where they are not x, y and z."""


def no_function(word: str, constant: bool = False, power: str = "", count: int = 1) -> tuple[str, str]:
    """Reason and hint for a name before a parenthesis that calls nothing, perhaps with a power behind the name and several arguments."""
    product = f"for a product write {word}{power}*(...)"
    if constant:
        return f"{word!r} is a constant", product
    near = near_functions(word)
    guess = f"write {_WRITTEN[word]}; " if word in _WRITTEN else f"did you mean {' or '.join(near)}? " if near else ""
    parameters = ", ".join(_PARAMETERS[:count]) if count <= len(_PARAMETERS) else "u, v, ..."
    added = f"to add a function use define(\"{word}({parameters or 'u'}) = ...\"), for an unknown one Function(\"{word}\")"
    return f"{word!r} is no known function", guess + (f"{product}; {added}" if count == 1 else added)


_PARAMETERS = ("u", "v", "w")
