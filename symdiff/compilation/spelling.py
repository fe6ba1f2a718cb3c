"""How a step is written: templates of the rows filled in, numbers, and names that are safe in generated code."""

from __future__ import annotations

import builtins
import keyword
import math
import re
from collections.abc import Collection, Sequence

from symdiff.operations.op import TABLE, Op

__all__ = ["called", "identifiers", "literal", "written"]

_READABLE = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_OURS = re.compile(r"(v|t|c|a|out|sd_\w+)\d*|_.*")
"""Names that generated code uses itself."""
_C_WORDS = frozenset([
    "auto", "break", "case", "char", "const", "continue", "default", "do", "double", "else", "enum", "errno", "extern", "float", "for",
    "goto", "if", "inline", "int", "long", "main", "register", "restrict", "return", "short", "signed", "sizeof", "static", "struct",
    "switch", "typedef", "union", "unsigned", "void", "volatile", "while", "NAN", "INFINITY"])
_LIBRARY = frozenset(["np", "xp", "jnp", "jax", "torch", "math", "special", "nan", "inf", "TABLE", "numpy", "dtype", "size", "index", "n", "w"])
_C_MATH = frozenset([
    "j0", "j1", "jn", "y0", "y1", "yn", "gamma", "drem", "logb", "rint", "trunc", "round", "fma", "fmod", "remainder", "scalbn", "ldexp",
    "frexp", "modf", "pow", "hypot", "signgam"])


def identifiers(names: Sequence[str], taken: Collection[str] = ()) -> list[str]:
    """An identifier for each name: the name itself where it is plain, free and no word of the language, else a0, a1, ...

    >>> identifiers(["x", "lambda", "α", "x_1", "__class__"])
    ['x', 'a1', 'a2', 'x_1', 'a4']
    """
    reserved = _C_WORDS | _LIBRARY | _C_MATH | TABLE.keys() | set(taken) | {word for op in TABLE.values() for word in op.spelling.values()}
    found: list[str] = []
    seen: set[str] = set()
    for k, name in enumerate(names):
        plain = _READABLE.fullmatch(name) and not _OURS.fullmatch(name) and not keyword.iskeyword(name) and not hasattr(builtins, name)
        found.append(name if plain and name not in reserved and name not in seen else f"a{k}")
        seen.add(name)
    return found


def literal(value: float, negative_in_parentheses: bool = True) -> str:
    """A number in code that reads it back exactly; nan and inf by these names."""
    if math.isnan(value):
        return "nan"
    text = "inf" if math.isinf(value) else repr(abs(value))
    if math.copysign(1.0, value) > 0:
        return text
    return f"(-{text})" if negative_in_parentheses else f"-{text}"


def called(op: Op, back_end: str) -> str:
    """The name of the function a row is spelled with, "" for a template."""
    spelling = op.spelling.get(back_end, op.name)
    return "" if "{" in spelling else spelling


def written(op: Op, back_end: str, args: Sequence[str], prefix: str = "") -> str:
    """One step as an expression of the language.

    >>> written(TABLE["add"], "c", ["a", "b", "c"]), written(TABLE["sin"], "array", ["x"], "xp.")
    ('a + b + c', 'xp.sin(x)')
    """
    spelling = op.spelling.get(back_end, op.name)
    if op.variadic and len(args) > 2 and spelling.startswith("{0} ") and spelling.endswith(" {1}"):
        return spelling[3:-3].join(args)
    if "{" in spelling:
        return spelling.format(*args)
    return f"{prefix if '.' not in spelling or prefix == 'torch.' else ''}{spelling}({', '.join(args)})"
