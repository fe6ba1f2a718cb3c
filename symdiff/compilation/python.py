"""Python source for a program, with the functions of `math`; only the branch of a `where` that is taken runs."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from symdiff.compilation.program import Program
from symdiff.compilation.regions import Mark, structured
from symdiff.compilation.spelling import identifiers, literal, written
from symdiff.operations.op import TABLE

__all__ = ["python_function", "python_source"]

_WORD = re.compile(r"(?<![\w.])([a-z_]\w*)\(")
_NUMBER_IS_ITSELF = re.compile(r" and (\(?-?[\d.e+-]+\)?) == \1(?= else)|(?<= if )(\(?-?[\d.e+-]+\)?) == \2 and ")
_BUILT_IN = frozenset(["abs", "float", "max", "min", "not", "and", "or", "if", "else"])


def python_source(program: Program, name: str = "f", doc: str = "") -> str:
    """The text of a module with one function of the inputs that returns the tuple of the outputs.

    It raises ValueError, ZeroDivisionError or OverflowError where a step has no value.

    >>> from symdiff import parse
    >>> from symdiff.compilation.program import program_of
    >>> print(python_source(program_of([parse("x^2 + sin(x)")], ["x"])))
    from math import inf, nan, sin
    <BLANKLINE>
    <BLANKLINE>
    def f(x):
        v1 = x * x
        v2 = sin(x)
        v3 = v1 + v2
        return (v3,)
    <BLANKLINE>
    """
    arguments = identifiers(program.inputs)
    names = [*arguments, *map(literal, program.constants)]
    names += [f"v{program.first + k}" for k in range(len(program.steps))]
    body = _body(program, names)
    body.append(f"    return ({''.join(f'{names[output]}, ' for output in program.outputs)[:-1]})")
    header = _imports("\n".join(body))
    document = [f"    {doc!r}"] if doc else []
    return "\n".join([*header, "", "", f"def {name}({', '.join(arguments)}):", *document, *body, ""])


def _body(program: Program, names: list[str]) -> list[str]:
    lines: list[str] = []
    indent = "    "
    for mark, k in structured(program):
        op, args = program.steps[k - program.first]
        if mark is Mark.STEP:
            shown = [names[a] for a in args]
            text = "{1} if {0} == 1 else {2} if {0} == 0 else nan".format(*shown) if op.name == "where" else written(op, "python", shown)
            lines.append(f"{indent}{names[k]} = {_NUMBER_IS_ITSELF.sub('', text)}")
            continue
        condition, taken, other = (names[a] for a in args)
        if mark is Mark.IF:
            lines.append(f"{indent}if {condition} == 1:")
            indent += "    "
        elif mark is Mark.ELSE:
            lines += [f"{indent}{names[k]} = {taken}", f"{indent[4:]}elif {condition} == 0:"]
        else:
            lines += [f"{indent}{names[k]} = {other}", f"{indent[4:]}else:", f"{indent}{names[k]} = nan"]
            indent = indent[4:]
    return lines


def _imports(text: str) -> list[str]:
    """What the code needs: functions of `math`, and those that only the table has."""
    used = set(_WORD.findall(text)) - _BUILT_IN
    from_math = sorted({word for word in used if hasattr(math, word)} | {"inf", "nan"})
    others = sorted(word for word in used if not hasattr(math, word) and word in TABLE)
    lines = [f"from math import {', '.join(from_math)}"]
    if others:
        lines += ["", "from symdiff.operations import TABLE", "", *[f"{word} = TABLE[{word!r}].value" for word in others]]
    return lines


def python_function(program: Program, source: str, name: str = "f") -> Callable[..., Any]:
    """The function of that source; where a step has no value, the slow path of the program gives nan for it and goes on."""
    namespace: dict[str, Any] = {}
    exec(compile(source, f"<symdiff {name}>", "exec"), namespace)  # made from the program alone: no text of a user reaches it
    fast = namespace[name]

    def function(*point: float) -> Any:
        try:
            return fast(*point)
        except (ArithmeticError, ValueError):
            return tuple(program.values_at(point))
    return function
