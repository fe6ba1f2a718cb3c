"""NumPy source for a program: blocks that stay in the processor's cache, written into reused arrays; and any array-API namespace."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from symdiff.compilation.program import Program
from symdiff.compilation.spelling import called, identifiers, literal, written
from symdiff.errors import MissingDependency
from symdiff.operations.op import Op

__all__ = ["array_function", "array_source", "numpy_function", "numpy_source"]

CACHED = 1 << 17
"""Numbers that all arrays of one block hold together (1 MB): what a processor core's own cache keeps (measured best from 2^16 to 2^18)."""

_HELPERS = {
    "relation": '''
def relation(holds, a, b, out):
    """1 or 0, and nan where a side is nan."""
    lost = np.isnan(a) | np.isnan(b)
    holds(a, b, out=out)
    np.copyto(out, np.nan, where=lost)
''',
    "logical": '''
def logical(join, a, b, out):
    """1 or 0, and nan where a side is nan."""
    lost = np.isnan(a) | np.isnan(b)
    join(a != 0, b != 0, out=out)
    np.copyto(out, np.nan, where=lost)
''',
    "logical_not": '''
def logical_not(a, out):
    np.copyto(out, np.where(np.isnan(a), np.nan, np.equal(a, 0)))
''',
    "where": '''
def where(condition, taken, other, out):
    np.copyto(out, np.where(np.equal(condition, 1), taken, np.where(np.equal(condition, 0), other, np.nan)))
''',
    "polygamma": '''
def polygamma(order, u, out):
    np.copyto(out, special.polygamma(order, u))
''',
}
_RELATIONS = frozenset(["less", "less_equal", "greater", "greater_equal", "equal", "not_equal"])

_DRIVER = '''
def {name}({arguments}, out=None):
    {doc!r}
    columns = [np.asarray(column, dtype=np.float64) for column in ({arguments},)]
    shape = np.broadcast_shapes(*[column.shape for column in columns])
    count = 1
    for length in shape:
        count *= length
    columns = [column if column.ndim == 0 else np.ascontiguousarray(np.broadcast_to(column, shape)).reshape(count) for column in columns]
    if out is not None and not all(array.shape == shape and array.dtype == np.float64 and array.flags.c_contiguous for array in out):
        raise ValueError(f"out= takes contiguous arrays of float64 and shape {{shape}}")
    results = np.empty(({outputs}, count)) if out is None else [array.reshape(count) for array in out]
    temporary = np.empty(({temporaries}, min(count, {size})))
    with np.errstate(all="ignore"):  # what has no value is nan, and branches not taken say nothing
        for start in range(0, count, {size}):
            stop = min(start + {size}, count)
            block([column if column.ndim == 0 else column[start:stop] for column in columns],
                  [result[start:stop] for result in results], temporary[:, :stop - start])
    return tuple([result.reshape(shape)[()] for result in results]) if out is None else tuple(out)
'''


def numpy_source(program: Program, name: str = "f", doc: str = "") -> str:
    """The text of a module with one function of arrays that returns the tuple of the outputs, elementwise and broadcasting.

    out: arrays to fill, one for each output, contiguous and of the shape the arguments broadcast to.
    """
    arguments = identifiers(program.inputs, _HELPERS)
    statements, temporaries, helpers = _block(program, arguments)
    size = max(512, min(1 << 14, CACHED // (temporaries + len(arguments) + len(program.outputs) + 1)))
    included = [_HELPERS[helper] for helper in helpers]
    special = any("special." in line for line in (*statements, *included))
    text = [
        "import numpy as np", *(["from scipy import special"] if special else []), "", *included,
        "", "def block(arguments, out, temporary):",
        *([f"    {', '.join(arguments)}, = arguments"] if arguments else []),
        *([f"    {', '.join(f't{k}' for k in range(temporaries))}, = temporary"] if temporaries else []),
        *statements, "",
        _DRIVER.format(name=name, arguments=", ".join(arguments), outputs=len(program.outputs), temporaries=temporaries, size=size,
                       doc=doc or f"{name}, elementwise."),
    ]
    if not arguments:
        text[-1] = text[-1].replace(f"def {name}(, out", f"def {name}(out").replace("in (,)]", "in ()]")
    return "\n".join(text)


def _block(program: Program, arguments: list[str]) -> tuple[list[str], int, list[str]]:
    """The statements, the number of temporary arrays, and the helpers they call.  A temporary is free again after its last use."""
    last = {a: program.first + offset for offset, (_, args) in enumerate(program.steps) for a in args}
    place: dict[int, str] = {}
    for position, output in enumerate(program.outputs):
        place.setdefault(output, f"out[{position}]")
    names = [*arguments, *map(literal, program.constants)]
    free: list[str] = []
    count = 0
    statements: list[str] = []
    helpers: list[str] = []
    for offset, (op, args) in enumerate(program.steps):
        k = program.first + offset
        if k in place:
            target = place[k]
        else:
            if not free:
                free.append(f"t{count}")
                count += 1
            target = free.pop()
        names.append(target)
        statements += _statements(op, [names[a] for a in args], target, helpers)
        free += {names[a] for a in args if a >= program.first and last[a] == k and names[a].startswith("t")} - set(free)
    for position, output in enumerate(program.outputs):
        if output < program.first or place[output] != f"out[{position}]":
            statements.append(f"    np.copyto(out[{position}], {names[output] if output < program.first else place[output]})")
    return statements, count, helpers


def _statements(op: Op, args: list[str], target: str, helpers: list[str]) -> list[str]:
    spelling = called(op, "numpy")
    if not spelling:  # a template that ends with the closing parenthesis of a call
        return [f"    np.{written(op, 'numpy', args)[:-1]}, out={target})"]
    helper = "relation" if spelling in _RELATIONS else "logical" if spelling in ("logical_and", "logical_or") else spelling
    if helper in _HELPERS:
        if helper not in helpers:
            helpers.append(helper)
        function = f"np.{spelling}, " if helper in ("relation", "logical") else ""
        return [f"    {helper}({function}{', '.join(args)}, {target})"]
    function = spelling if "." in spelling else f"np.{spelling}"
    if not op.variadic or len(args) == 2:
        return [f"    {function}({', '.join(args)}, out={target})"]
    if target in args[2:]:  # cannot be: a target is no argument's array
        raise AssertionError(target)
    return [f"    {function}({args[0]}, {args[1]}, out={target})", *[f"    {function}({target}, {a}, out={target})" for a in args[2:]]]


def array_source(program: Program, back_end: str = "array", prefix: str = "xp.", name: str = "f", wrap: str = "xp.asarray({0}, dtype=dtype)") -> str:
    """The text of one function in the operators and functions of an array namespace, which is its last argument.

    wrap: how a number is written where a function wants an array.
    """
    arguments = identifiers(program.inputs)
    names = [*arguments, *map(literal, program.constants)]
    lines = [f"    dtype = {arguments[0]}.dtype"] if arguments else ["    dtype = None"]
    constants = range(len(program.inputs), program.first)
    for offset, (op, args) in enumerate(program.steps):
        names.append(f"v{program.first + offset}")
        call = "{" not in op.spelling.get(back_end, op.name)
        shown = [wrap.format(names[a]) if call and a in constants and op.name != "polygamma" else names[a] for a in args]
        if call and op.variadic and len(args) > 2:
            raise AssertionError(op.name)
        text = written(op, back_end, shown, prefix)
        lines.append(f"    {names[-1]} = {text}")
    results = "".join(f"{names[output] if output not in constants else wrap.format(names[output])}, " for output in program.outputs)
    return "\n".join([f"def {name}({', '.join(arguments)}):", *lines, f"    return ({results[:-1]})", ""])


def numpy_function(source: str, name: str = "f") -> Callable[..., Any]:
    """The function of that source.  Raises MissingDependency without NumPy, or without SciPy where it calls its special functions."""
    for package in ("numpy", "scipy") if "from scipy" in source else ("numpy",):
        try:
            import_module(package)
        except ImportError:
            raise MissingDependency(package, "running NumPy code", "numpy") from None
    return _executed(source, name, {})


def array_function(source: str, name: str, xp: Any) -> Callable[..., Any]:
    """The function of that source in a namespace of arrays."""
    return _executed(source, name, {"xp": xp, "inf": float("inf"), "nan": float("nan")})


def _executed(source: str, name: str, namespace: dict[str, Any]) -> Callable[..., Any]:
    exec(compile(source, f"<symdiff {name}>", "exec"), namespace)  # made from the program alone: no text of a user reaches it
    function: Callable[..., Any] = namespace[name]
    return function
