"""C99 source and header for a program, self-contained; compiling and loading it is the toolchain's matter."""

from __future__ import annotations

import re

from symdiff.compilation.c_helpers import HELPERS, NEEDS
from symdiff.compilation.program import Program
from symdiff.compilation.regions import Mark, structured
from symdiff.compilation.spelling import literal, written

__all__ = ["c_header", "c_source"]

LONG = 1_000
CHUNK = 100
"""Programs of more than LONG steps become functions of CHUNK steps each: optimisers take more than linear time in the length of a
function (measured on 2,000 steps: compiled in 0.55 s, in one piece in 1.0 s, and as fast to within the noise)."""
_HELPER = re.compile(r"\bsd_\w+")


def c_header(name: str = "f") -> str:
    """The text of the header."""
    return f"""#ifndef SYMDIFF_{name.upper()}_H
#define SYMDIFF_{name.upper()}_H
#include <stddef.h>
#ifdef __cplusplus
extern "C" {{
#endif
{_declarations(name)}
#ifdef __cplusplus
}}
#endif
#endif
"""


def _declarations(name: str) -> str:
    return f"""/* The outputs at one point x. */
void {name}(const double *x, double *out);
/* The outputs at `count` points: input i of point k is x[i][k*step[i]], output j goes to out[j][k]. */
void {name}_batch(size_t count, const double *const *x, const ptrdiff_t *step, double *const *out);
"""


def c_source(program: Program, name: str = "f", doc: str = "") -> str:
    """The text of the C file: `void f(const double *x, double *out)` for one point, `f_batch` for many.

    doc: text for the comment in front; it cannot end the comment.

    >>> from symdiff import parse
    >>> from symdiff.compilation.program import program_of
    >>> "const double v2 = sin(x[0]);" in c_source(program_of([parse("sin(x)^2")], ["x"]))
    False
    >>> "const double v1 = sin(x[0]);" in c_source(program_of([parse("sin(x)^2")], ["x"]))
    True
    """
    pieces, stored = _pieces(program)
    inputs, outputs = len(program.inputs), len(program.outputs)
    body = "".join(f"""
static void {name}_{k}(const double *restrict x, double *restrict w, double *restrict out) {{
    (void)x; (void)w; (void)out;
{piece}
}}
""" for k, piece in enumerate(pieces))
    calls = " ".join(f"{name}_{k}(x, w, out);" for k in range(len(pieces)))
    comment = re.sub(r"[^ -~\n]|\*/|/\*|\\", "?", doc)
    return f"""/* {comment or name} */
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
{_helpers(body)}{body}
{_declarations(name)}
void {name}(const double *x, double *out) {{
{_workspace(stored)}
    {calls}
{_released(stored)}}}

void {name}_batch(size_t count, const double *const *columns, const ptrdiff_t *step, double *const *results) {{
    double x[{max(inputs, 1)}], out[{max(outputs, 1)}];
{_workspace(stored)}
    for (size_t k = 0; k < count; k++) {{
        for (int i = 0; i < {inputs}; i++) x[i] = columns[i][(ptrdiff_t)k * step[i]];
        {calls}
        for (int j = 0; j < {outputs}; j++) results[j][k] = out[j];
    }}
{_released(stored)}}}
"""


def _workspace(stored: int) -> str:
    if stored > 4096:
        return f"    double *w = malloc({stored} * sizeof(double));\n    if (w == NULL) abort();"
    return f"    double w[{max(stored, 1)}];"


def _released(stored: int) -> str:
    return "    free(w);\n" if stored > 4096 else ""


def _helpers(body: str) -> str:
    used = set(_HELPER.findall(body)) & HELPERS.keys()
    used |= {need for helper in used for need in NEEDS.get(helper, ())}
    return "".join(text for helper, text in HELPERS.items() if helper in used)


def _pieces(program: Program) -> tuple[list[str], int]:
    """The bodies of the functions the program is cut into, and how many values pass between them."""
    events = list(structured(program))
    piece_of, pieces = _cut(program, events)
    home: dict[int, str] = {k: f"x[{k}]" for k in range(len(program.inputs))}
    home |= {len(program.inputs) + k: _number(value) for k, value in enumerate(program.constants)}
    outputs: dict[int, list[int]] = {}
    for position, output in enumerate(program.outputs):
        outputs.setdefault(output, []).append(position)
    stored = 0
    for mark, k in events:
        if mark in (Mark.STEP, Mark.END):
            for a in program.steps[k - program.first][1]:
                if a >= program.first and piece_of[a] != piece_of[k] and a not in home:
                    home[a] = f"w[{stored}]"
                    stored += 1
    for k in piece_of:
        home.setdefault(k, f"v{k}")
    texts = [_text(program, piece, home, outputs) for piece in pieces] or [""]
    texts[-1] += "".join(f"\n    out[{position}] = {home[k]};" for k, found in outputs.items() if k < program.first for position in found)
    return texts, stored


def _cut(program: Program, events: list[tuple[Mark, int]]) -> tuple[dict[int, int], list[list[tuple[Mark, int]]]]:
    """Cuts outside of branches, at about CHUNK steps each if there are many."""
    piece_of: dict[int, int] = {}
    pieces: list[list[tuple[Mark, int]]] = []
    depth = 0
    size = CHUNK if len(events) > LONG else LONG
    for mark, k in events:
        if depth == 0 and (not pieces or len(pieces[-1]) >= size):
            pieces.append([])
        pieces[-1].append((mark, k))
        depth += (mark is Mark.IF) - (mark is Mark.END)
        if mark in (Mark.STEP, Mark.END):
            piece_of[k] = len(pieces) - 1
    return piece_of, pieces


def _text(program: Program, piece: list[tuple[Mark, int]], home: dict[int, str], outputs: dict[int, list[int]]) -> str:
    lines: list[str] = []
    indent = "    "
    for mark, k in piece:
        op, args = program.steps[k - program.first]
        shown = [home[a] for a in args]
        if mark is Mark.STEP:
            text = "{0} == 1.0 ? {1} : {0} == 0.0 ? {2} : NAN".format(*shown) if op.name == "where" else written(op, "c", shown)
            lines.append(f"{indent}{'const double ' if home[k][0] == 'v' else ''}{home[k]} = {text};")
        elif mark is Mark.IF:
            lines += [f"{indent}double {home[k]};"] if home[k][0] == "v" else []
            lines.append(f"{indent}if ({shown[0]} == 1.0) {{")
            indent += "    "
        elif mark is Mark.ELSE:
            lines += [f"{indent}{home[k]} = {shown[1]};", f"{indent[4:]}}} else if ({shown[0]} == 0.0) {{"]
        else:
            lines += [f"{indent}{home[k]} = {shown[2]};", f"{indent[4:]}}} else {home[k]} = NAN;"]
            indent = indent[4:]
        if mark in (Mark.STEP, Mark.END) and k in outputs:
            lines += [f"{indent}out[{position}] = {home[k]};" for position in outputs[k]]
    return "\n".join(lines)


def _number(value: float) -> str:
    return literal(value).replace("inf", "INFINITY").replace("nan", "NAN")
