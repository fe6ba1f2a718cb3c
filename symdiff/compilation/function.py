"""lambdify, and the compiled functions it gives: what callers see of programs and back ends."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any

from symdiff.calculus.matrices import jacobian
from symdiff.calculus.matrix import Matrix
from symdiff.compilation.c import c_source
from symdiff.compilation.frameworks import jax_source, torch_source
from symdiff.compilation.numpy import array_function, array_source, numpy_function, numpy_source
from symdiff.compilation.program import Program, program_of
from symdiff.compilation.python import python_function, python_source
from symdiff.compilation.toolchain import loaded
from symdiff.errors import MissingDependency, UsageError
from symdiff.expr import Expr
from symdiff.operations.op import as_expr
from symdiff.symbols import as_symbol
from symdiff.undefined import brief

__all__ = ["CompiledFunction", "lambdify"]

NAME = "f"


@dataclass(frozen=True, slots=True)
class Signature:
    """How arguments and results are arranged."""

    arguments: tuple[str | tuple[str, ...], ...]
    """A name for a number, a tuple of names for a vector."""
    results: Any
    """The place of an output, or a list or tuple of such, or a Grid."""
    doc: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A matrix among the results: its shape, its nonzeros and the place of the first."""

    shape: tuple[int, int]
    places: tuple[tuple[int, int], ...]
    first: int


def lambdify(args: Any, exprs: Any, backend: str = "python", cse: bool = True) -> CompiledFunction:
    """A fast function of numbers or arrays that computes formulas.

    args: a symbol or name, or a sequence of them; a sequence within it is one vector argument.
    exprs: an expression, or a list, tuple or Matrix of them; results come in the same arrangement, matrices as arrays (with "python"
    as lists of rows).
    backend: "python" (numbers, the functions of math), "numpy" (arrays, elementwise, broadcasting), "c" (numbers and arrays; the
    system's C compiler is asked once and the result kept), "jax", "torch" (arrays of theirs, differentiable with the exact derivative).
    cse: there for those who know SymPy's; parts that formulas share are always computed once.
    Arithmetic is that of floats: where a formula has no value the result is nan or inf, and no exception.  Only the branch of `where`
    that is taken counts.  ln(1 + exp(u)) and its like are computed without overflow.
    Raises UsageError for variables that are no arguments and for functions without code, MissingDependency without the package,
    CompilerError without a C compiler.

    >>> from symdiff import parse, diff
    >>> f = parse("x^2*sin(y)")
    >>> lambdify(["x", "y"], [f, diff(f, "x")])(3.0, 0.5)
    [4.314829847437827, 2.876553231625218]
    >>> print(lambdify("x", parse("where(x > 0, ln(x), 0)")).source)
    from math import inf, log, nan
    <BLANKLINE>
    <BLANKLINE>
    def f(x):
        'f(x) = ln(x) if x > 0 else 0'
        v2 = x > 0.0 if x == x else nan
        if v2 == 1:
            v3 = log(x)
            v4 = v3
        elif v2 == 0:
            v4 = 0.0
        else:
            v4 = nan
        return (v4,)
    <BLANKLINE>
    """
    if backend not in _LOADERS:
        raise UsageError(f"there is no back end {backend!r}; choose one of {', '.join(map(repr, _LOADERS))}")
    arguments = _arguments(args)
    names = [name for item in arguments for name in ([item] if isinstance(item, str) else item)]
    if len(set(names)) < len(names):
        raise UsageError("an argument is named twice")
    outputs: list[Expr] = []
    results = _arranged(exprs, outputs)
    program = program_of(outputs, names, backend)
    doc = f"{NAME}({', '.join(str(item).replace(chr(39), '') for item in arguments)}) = {_shown(exprs)}"
    slopes: tuple[Program, tuple[tuple[int, int], ...]] | None = None
    if backend in ("jax", "torch"):
        matrix = jacobian(outputs, names)
        slopes = program_of(list(matrix.nonzeros.values()), names, backend), tuple(matrix.nonzeros)
    return CompiledFunction(program, Signature(arguments, results, doc), backend, slopes)


def _arguments(args: Any) -> tuple[str | tuple[str, ...], ...]:
    if isinstance(args, str | Expr):
        return (str(as_symbol(args).value),)
    return tuple([
        str(as_symbol(item).value) if isinstance(item, str | Expr) else tuple([str(as_symbol(part).value) for part in item]) for item in args])


def _arranged(exprs: Any, outputs: list[Expr]) -> Any:
    """The arrangement of the results; the expressions themselves are added to the outputs."""
    if isinstance(exprs, Matrix):
        grid = Grid(exprs.shape, tuple(exprs.nonzeros), len(outputs))
        outputs += exprs.nonzeros.values()
        return grid
    if isinstance(exprs, list | tuple):
        return type(exprs)([_arranged(item, outputs) for item in exprs])
    outputs.append(as_expr(exprs))
    return len(outputs) - 1


def _shown(exprs: Any) -> str:
    if isinstance(exprs, Matrix):
        return f"a matrix of {exprs.shape[0]} x {exprs.shape[1]}"
    if isinstance(exprs, list | tuple):
        shown = ", ".join([_shown(item) for item in exprs[:3]]) + (", ..." if len(exprs) > 3 else "")
        return f"[{shown}]"
    return brief(as_expr(exprs))


class CompiledFunction:
    """A function made by `lambdify`; it pickles by its program and is made again where it is loaded.

    program: the steps it takes.  source: the code it runs.  names: of its arguments, vectors as tuples.  backend: what runs it.
    sparsity: the (row, column) places that are not zero by structure, where the result is one matrix, else None.
    """

    def __init__(self, program: Program, signature: Signature, backend: str, slopes: Any = None) -> None:
        self.program = program
        self.backend = backend
        self.names = signature.arguments
        self.sparsity = signature.results.places if isinstance(signature.results, Grid) else None
        self.__doc__ = signature.doc
        self.__name__ = NAME
        self._signature = signature
        self._slopes = slopes
        self._other_namespaces: dict[Any, Callable[..., Any]] = {}
        self._flat: Any
        self._last_filled: tuple[Any, Any, Any] = (None, None, None)
        self.source, self._flat = _LOADERS[backend](program, signature.doc, slopes)
        self._simple = all(isinstance(item, str) for item in signature.arguments)

    def __reduce__(self) -> tuple[Any, ...]:
        return CompiledFunction, (self.program, self._signature, self.backend, self._slopes)

    def __repr__(self) -> str:
        return f"<{self.backend} function {self.__doc__}>"

    def __call__(self, *args: Any, out: Any = None, xp: Any = None) -> Any:
        """The values at a point.

        out: with "numpy", an array or list of arrays for the outputs in order, which are then also the result.
        xp: with "numpy", another namespace of the array API standard, whose arrays come in and go out.
        """
        if len(args) != len(self.names):
            raise UsageError(f"{len(args)} arguments for {self.__doc__}: it takes {len(self.names)}")
        flat = args if self._simple else self._spread(args)
        if self.backend != "numpy":
            if out is not None or xp is not None:
                raise UsageError(f"out= and xp= are for backend='numpy', and this is {self.backend!r}")
            return self._collected(self._flat(*flat))
        if xp is not None:
            return self._collected(self._in_namespace(xp)(*[xp.asarray(value) for value in flat]))
        if out is None:
            return self._collected(self._flat(*flat))
        self._flat(*flat, out=[out] if hasattr(out, "ndim") and not isinstance(self._signature.results, list | tuple) else list(out))
        return out

    def fill(self, point: Any, out: Any) -> None:
        """The C function itself, without any arranging: reads one point from a float64 array and fills another with all outputs.

        point, out: contiguous NumPy arrays of float64, as long as there are numbers in the arguments and outputs; nonzeros of matrices
        only.  Raises UsageError for other arrays and other back ends.
        """
        last = self._last_filled  # the arrays are held, so their addresses stay; looking them up takes longer than a small function
        if last[0] is point and last[1] is out:
            last[2]()
            return
        if self.backend != "c":
            raise UsageError("fill is for backend='c'")
        for array, size in ((point, len(self.program.inputs)), (out, len(self.program.outputs))):
            if array.dtype.char != "d" or array.size != size or not array.flags.c_contiguous:
                raise UsageError(f"fill takes contiguous arrays of {size} float64 numbers here, not {array.size} of {array.dtype}")
        run = partial(self._flat.at, point.ctypes.data, out.ctypes.data)
        self._last_filled = point, out, run
        run()

    def _spread(self, args: Sequence[Any]) -> list[Any]:
        flat: list[Any] = []
        for name, value in zip(self.names, args, strict=True):
            if isinstance(name, str):
                flat.append(value)
                continue
            parts = value.tolist() if getattr(value, "ndim", 0) == 1 and self.backend in ("python", "c", "numpy") else list(value)
            if len(parts) != len(name):
                raise UsageError(f"a vector of {len(parts)} for the {len(name)} variables {', '.join(name[:5])}")
            flat += parts
        return flat

    def _collected(self, flat: Sequence[Any]) -> Any:
        results = self._signature.results
        return flat[0] if results == 0 else _rearranged(results, flat, self.backend == "python")

    def _in_namespace(self, xp: Any) -> Callable[..., Any]:
        if xp not in self._other_namespaces:
            self._other_namespaces[xp] = array_function(array_source(_in_the_standard(self.program)), NAME, xp)
        return self._other_namespaces[xp]


def _in_the_standard(program: Program) -> Program:
    """The program, if an array namespace can run it: every operation has a spelling there."""
    for op, _ in program.steps:
        if "array" not in op.spelling:
            raise UsageError(f"the array API standard has no {op.name}; call the function without xp=")
    return program


def _rearranged(results: Any, flat: Sequence[Any], as_rows: bool) -> Any:
    if isinstance(results, int):
        return flat[results]
    if isinstance(results, list | tuple):
        return type(results)([_rearranged(item, flat, as_rows) for item in results])
    height, width = results.shape
    values = flat[results.first:results.first + len(results.places)]
    if as_rows:
        rows = [[0.0] * width for _ in range(height)]
        for (i, j), value in zip(results.places, values, strict=True):
            rows[i][j] = value
        return rows
    np = _numpy("a matrix")
    shape = np.broadcast_shapes(*[np.shape(value) for value in values]) if values else ()
    array = np.zeros((height, width, *shape))
    for (i, j), value in zip(results.places, values, strict=True):
        array[i, j] = value
    return array


def _numpy(purpose: str) -> Any:
    try:
        return import_module("numpy")
    except ImportError:
        raise MissingDependency("numpy", purpose, "numpy") from None


# back ends: program, docstring, slopes -> source, function of the inputs that gives the sequence of outputs

def _python(program: Program, doc: str, slopes: Any) -> tuple[str, Callable[..., Any]]:
    source = python_source(program, NAME, doc)
    run = python_function(program, source, NAME)

    def of_numbers(*values: Any) -> Any:
        try:
            point = [float(value) for value in values]
        except TypeError:
            raise UsageError("this function was compiled for numbers (backend='python'); for arrays use backend='numpy' or 'c'") from None
        return run(*point)
    return source, of_numbers


def _in_numpy(program: Program, doc: str, slopes: Any) -> tuple[str, Callable[..., Any]]:
    source = numpy_source(program, NAME, doc)
    return source, numpy_function(source, NAME)


def _in_c(program: Program, doc: str, slopes: Any) -> tuple[str, Callable[..., Any]]:
    source = c_source(program, NAME, doc)
    return source, CLibrary(source, len(program.inputs), len(program.outputs))


class CLibrary:
    """The two functions of compiled C, for numbers and for arrays."""

    def __init__(self, source: str, inputs: int, outputs: int) -> None:
        library = loaded(source)
        self.at = library[NAME]
        self.at.argtypes, self.at.restype = (ctypes.c_void_p, ctypes.c_void_p), None
        self._batch = library[f"{NAME}_batch"]
        self._batch.argtypes, self._batch.restype = (ctypes.c_size_t, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p), None
        self._outputs = outputs
        self._point, self._results = ctypes.c_double * inputs, ctypes.c_double * outputs

    def __call__(self, *values: Any) -> list[Any]:
        try:
            point, results = self._point(*values), self._results()
        except TypeError:
            return self._of_arrays(values)
        self.at(point, results)
        return results[:]

    def _of_arrays(self, values: Sequence[Any]) -> list[Any]:
        np = _numpy("arrays")
        columns = [np.asarray(value, dtype=np.float64) for value in values]
        shape = np.broadcast_shapes(*[column.shape for column in columns])
        flat = [column if column.ndim == 0 else np.broadcast_to(column, shape).reshape(-1) for column in columns]
        outputs = self._outputs
        results = np.empty((outputs, math.prod(shape)))
        count = len(columns)
        pointers = (ctypes.c_void_p * count)(*[column.ctypes.data for column in flat])
        steps = (ctypes.c_ssize_t * count)(*[0 if column.ndim == 0 else column.strides[0] // 8 for column in flat])
        targets = (ctypes.c_void_p * outputs)(*[result.ctypes.data for result in results])
        self._batch(results.shape[1], pointers, steps, targets)
        return [result.reshape(shape)[()] for result in results]


def _framework(package: str, write: Callable[..., str]) -> Callable[..., tuple[str, Callable[..., Any]]]:
    def load(program: Program, doc: str, slopes: Any) -> tuple[str, Callable[..., Any]]:
        source = write(program, *slopes, NAME, doc)
        try:
            import_module(package)
        except ImportError:
            raise MissingDependency(package, f"code for {package}", package) from None
        namespace: dict[str, Any] = {}
        exec(compile(source, f"<symdiff {package}>", "exec"), namespace)  # made from the program alone: no text of a user reaches it
        return source, namespace[NAME]
    return load


_LOADERS: dict[str, Callable[[Program, str, Any], tuple[str, Callable[..., Any]]]] = {
    "python": _python, "numpy": _in_numpy, "c": _in_c, "jax": _framework("jax", jax_source), "torch": _framework("torch", torch_source),
}
