"""What the commands of LaTeX mean here, and what to write instead of those that mean nothing."""

from __future__ import annotations

import re

from symdiff.letters import GREEK
from symdiff.operations import ALIASES, TABLE
from symdiff.symbols import function_name

__all__ = ["BARE_WORDS", "FUNCTION_LETTERS", "NO_MEANING", "SIGNS", "TEXT_WORDS", "command_function", "word_function"]

SIGNS = {  # command: the token that it is, and its text for the actions
    **dict.fromkeys(("cdot", "times", "ast", "cdotp"), ("TIMES", "*")), "div": ("OVER", "/"),
    **{name: ("RELATION", sign) for sign, names in {
        "<": "lt", ">": "gt", "<=": "le leq leqslant", ">=": "ge geq geqslant", "!=": "ne neq"}.items() for name in names.split()},
    "land": ("AND", "and"), "wedge": ("AND", "and"), "lor": ("OR", "or"), "vee": ("OR", "or"), "lnot": ("NOT", "not"), "neg": ("NOT", "not"),
    **{name: ("FRAC", f"\\{name}") for name in ("frac", "dfrac", "tfrac", "cfrac")}, "sqrt": ("ROOT", "\\sqrt"),
    "bmod": ("MOD", "\\bmod"), "mod": ("MOD", "\\bmod"), "partial": ("PARTIAL", "\\partial"),
}

TEXT_WORDS = {  # \text{...}: the token that it is
    **dict.fromkeys(("if", "for", "when", "where"), "IF"), **dict.fromkeys(("otherwise", "else"), "OTHERWISE"),
    "and": "AND", "or": "OR", "not": "NOT",
}

_HEADS = {  # a function's command: \sin, \arcsin, \Gamma
    op.latex[1:]: name for name, op in TABLE.items() if op.arity and op.latex and re.fullmatch(r"\\[a-zA-Z]+", op.latex)
} | {"log": "ln", "lg": "log10", "tg": "tan", "ctg": "cot", "cotg": "cot", "sh": "sinh", "ch": "cosh", "th": "tanh",
     "arctg": "atan", "arcctg": "acot"}
_WORD_HEADS = {op.latex[len("\\operatorname{"):-1]: name for name, op in TABLE.items()
               if op.arity and op.latex and re.fullmatch(r"\\operatorname\{\w+\}", op.latex)} | {"sgn": "sign", "relu": "relu", "ReLU": "relu"}
FUNCTION_LETTERS = {head: name for head, name in _HEADS.items() if head in GREEK}
"""Greek letters that are functions where an argument in parentheses follows."""

BARE_WORDS = {  # what letters side by side spell that lack their backslash, and how it is written; two-letter Greek names may be products
    **{name: f"\\{name}" for name in GREEK if len(name) > 2 or name == "pi"},
    **{name: f"\\operatorname{{{name}}}" for name in [*TABLE, *ALIASES]
       if name.isascii() and name.isalpha() and len(name) > 1 and function_name(name)},
    **{head: f"\\{head}" for head in _HEADS if head not in GREEK and head not in ("th", "sh", "ch", "tg")}, "sqrt": "\\sqrt", "abs": "|...|",
    "frac": "\\frac",
}

_STYLES = "write a name of its own, such as x_{\\mathrm{new}}, or the plain letter"
NO_MEANING = {
    **dict.fromkeys(("int", "iint", "oint"), "symdiff differentiates; it has no integrals"),
    **dict.fromkeys(("sum", "prod"), "sums and products are written out, term by term"),
    **dict.fromkeys(("rm", "bf", "it"), "write \\mathrm{...}"), "circ": "angles are in radians; for degrees write x \\pi/180",
    "lim": "symdiff has no limits", "infty": "expressions hold real numbers only",
    **dict.fromkeys(("pm", "mp"), "write one formula for each sign"), "binom": "write it with \\Gamma",
    **dict.fromkeys(("hat", "bar", "vec", "tilde", "overline", "underline", "mathbf", "boldsymbol", "mathbb", "mathcal", "bm"), _STYLES),
    **dict.fromkeys(("dot", "ddot"), "write the derivative as \\frac{d}{dt} x(t), x being declared: functions=[\"x\"]"),
    "nabla": "use gradient(f)", "over": "write \\frac{...}{...}", "left": "write \\left( \\right) or \\left| \\right|",
    "right": "write \\left( \\right) or \\left| \\right|",
    **dict.fromkeys(("ldots", "cdots", "dots"), "write the formula out in full"),
    **dict.fromkeys(("label", "tag"), "give the formula alone"), **dict.fromkeys(("Re", "Im"), "expressions hold real numbers only"),
    **dict.fromkeys(("approx", "equiv", "sim", "to", "in", "mapsto"), "relations are = < > \\le \\ge \\ne"),
}


def command_function(command: str) -> str | None:
    r"""The row that a command such as \sin calls.

    >>> command_function("arcsin"), command_function("operatorname")
    ('asin', None)
    """
    return _HEADS.get(command)


def word_function(word: str) -> str | None:
    r"""The row that \operatorname{...} or a word in upright letters calls."""
    return _WORD_HEADS.get(word) or ("ln" if word == "log" else function_name(word))
