"""Functions of every kind seen alike: lists of floats in, lists of floats out; plain Python, NumPy, PyTorch, JAX, compiled C, formulas."""

from __future__ import annotations

import math
import sys
import warnings
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from importlib import import_module
from typing import Any

from symdiff.errors import MissingDependency, UsageError
from symdiff.evaluator import Evaluator
from symdiff.expr import Expr
from symdiff.operations.op import as_expr
from symdiff.parsing.infix import parse
from symdiff.walk import free_symbols

__all__ = ["KINDS", "Arguments", "Function", "as_formula", "flat", "kind_of"]

KINDS = ("python", "numpy", "torch", "jax")
DOUBLE, SINGLE = 2.0 ** -52, 2.0 ** -23
_NO_VALUE = (ValueError, ArithmeticError)


def as_formula(value: Any) -> Expr | None:
    """The formula of text or an expression; None for a callable.  Raises UsageError for what is neither."""
    if isinstance(value, str):
        return parse(value)
    if isinstance(value, Expr):
        return value
    if callable(value):
        return None
    if isinstance(value, int | float):
        return as_expr(value)
    raise UsageError(f"a function is a callable, a formula or its text, not {type(value).__name__}")


def kind_of(function: Any, like: str | None, default: str) -> str:
    """What kind of arguments a function takes: as said by `like`, or seen from PyTorch's own classes, else the default."""
    if like is not None:
        if like not in KINDS:
            raise UsageError(f"like is one of {', '.join(KINDS)}, not {like!r}")
        return like
    torch = sys.modules.get("torch")
    if torch is not None:
        owner = getattr(function, "__self__", None)
        if isinstance(function, torch.nn.Module) or (isinstance(owner, type) and issubclass(owner, torch.autograd.Function)):
            return "torch"
    return default


class Arguments:
    """The shapes of a function's arguments, and how one list of floats fills them.

    shape: None for a number, n or (m, n) for one array, a list of shapes for several arguments.
    """

    def __init__(self, shape: Any, kind: str) -> None:
        self.kind = kind
        self.several = isinstance(shape, list)
        self.shapes = [_shape(one) for one in (shape if self.several else [shape])]
        self.sizes = [math.prod(one) for one in self.shapes]
        self.size = sum(self.sizes)

    def packed(self, values: Sequence[Any]) -> list[Any]:
        """The arguments as the function takes them."""
        made, start = [], 0
        for shape, size in zip(self.shapes, self.sizes):
            made.append(self._array(list(values[start:start + size]), shape))
            start += size
        return made

    def _array(self, values: list[Any], shape: tuple[int, ...]) -> Any:
        if self.kind == "torch":
            torch = framework("torch")
            return torch.tensor(values, dtype=torch.complex128 if type(values[0]) is complex else torch.float64).reshape(shape)
        if not shape and self.kind != "jax":
            return values[0]
        return values if self.kind == "python" else framework("numpy").array(values).reshape(shape)  # JAX takes NumPy's arrays

    def name(self, place: int) -> str:
        """How a person calls a coordinate: x, x[3], x1[0, 2]."""
        argument = 0
        while place >= self.sizes[argument]:
            place -= self.sizes[argument]
            argument += 1
        shape = self.shapes[argument]
        letter = f"x{argument}" if self.several else "x"
        if not shape:
            return letter
        index = []
        for length in reversed(shape):
            place, here = divmod(place, length)
            index.append(here)
        return f"{letter}[{', '.join(map(str, reversed(index)))}]"


def _shape(shape: Any) -> tuple[int, ...]:
    if shape is None:
        return ()
    found = (shape,) if isinstance(shape, int) else tuple(shape)
    if not all(isinstance(length, int) and length > 0 for length in found):
        raise UsageError(f"a shape is a number of elements or a tuple of such, and a list of shapes for several arguments; not {shape!r}")
    return found


def framework(name: str) -> Any:
    """The module of an optional package; MissingDependency without it.  JAX is set to double precision, which checks need."""
    top = name.partition(".")[0]
    try:
        module = import_module(name)
        if top == "jax":
            import_module("jax").config.update("jax_enable_x64", True)
    except ImportError:
        raise MissingDependency(top, "checking such a function", top) from None
    return module


def flat(value: Any) -> list[float]:
    """All numbers of a result in one list: arrays, tensors, lists of them, numbers; None (no gradient) is nan."""
    if value is None:
        return [math.nan]
    if isinstance(value, list | tuple):
        return [number for part in value for number in flat(part)]
    if hasattr(value, "detach"):
        value = value.detach().cpu().reshape(-1).tolist()
    elif hasattr(value, "reshape"):
        value = value.reshape(-1).tolist()
    return [_number(part) for part in value] if isinstance(value, list) else [_number(value)]


def _number(value: Any) -> float:
    if isinstance(value, bool | int | float):
        return float(value)
    if isinstance(value, complex):
        return value.real if value.imag == 0 else math.nan
    return float(value)


def precision_of(value: Any) -> float:
    """The relative rounding error of the numbers in a result."""
    if isinstance(value, list | tuple):
        return max(map(precision_of, value), default=DOUBLE)
    name = str(getattr(value, "dtype", ""))
    return SINGLE if "float32" in name or "complex64" in name else 2.0 ** -10 if "float16" in name else DOUBLE


class Function:
    """A function of `arguments.size` numbers with one or several results; calls are counted."""

    def __init__(self, source: Any, arguments: Arguments, names: Sequence[Expr] = ()) -> None:
        self.source, self.arguments = source, arguments
        self.formula = as_formula(source)
        self.names = list(names)
        self.evaluator = None if self.formula is None else Evaluator(self.formula)
        self.precision = DOUBLE
        self.failure = ""
        self.call: Callable[..., Any] = source if arguments.kind != "jax" else lambda *values: source(*map(framework("jax.numpy").asarray, values))

    def compiled(self) -> Function:
        """The same function made ready for many calls, where its framework has a compiler that takes it."""
        if self.arguments.kind == "jax":
            fast = framework("jax").jit(self.source)
            try:
                fast(*self.arguments.packed([1.0] * self.arguments.size))
            except Exception:  # a function that looks at its values cannot be compiled, and is called as it is
                return self
            self.call = fast
        return self

    def __call__(self, values: Sequence[float]) -> list[float]:
        """The results in one list; nan where there is none, which covers errors of arithmetic that the function raises."""
        if self.evaluator is not None:
            return [self.evaluator.floats(dict(zip(self.names, values)))]
        self.failure = ""
        try:
            with quiet():
                result = self.call(*self.arguments.packed(values))
        except _NO_VALUE as error:
            if isinstance(error, UsageError) or _is_mistake(error):
                raise
            self.failure = f"{type(error).__name__}: {error}"
            return [math.inf if isinstance(error, OverflowError) else math.nan]
        self.precision = max(self.precision, precision_of(result))
        return flat(result)

    def complex_values(self, values: Sequence[complex]) -> list[complex]:
        """The results for complex arguments; raises whatever the function raises where it takes none."""
        if self.evaluator is not None:
            raise TypeError("formulas are evaluated in high precision instead")
        with quiet(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that the imaginary part is dropped on the way is seen by the result
            result = self.call(*self.arguments.packed(values))
        parts = result if isinstance(result, list | tuple) else [result]
        found = []
        for part in parts:
            listed = part.reshape(-1).tolist() if hasattr(part, "reshape") else part
            found += [complex(number) for number in (listed if isinstance(listed, list) else [listed])]
        return found


def _is_mistake(error: Exception) -> bool:
    """Shapes that do not fit are a mistake in the call; what mathematics refuses has no value there."""
    text = str(error)
    return isinstance(error, ValueError) and any(word in text for word in ("shape", "broadcast", "dimension", "unpack", "matmul", "size"))


def quiet() -> Any:
    """NumPy's warnings held back while it is asked beyond a domain."""
    numpy = sys.modules.get("numpy")
    return nullcontext() if numpy is None else numpy.errstate(all="ignore")


def names_of(*formulas: Expr | None) -> list[Expr]:
    """The variables of formulas, in order."""
    present: Iterable[Expr] = [formula for formula in formulas if formula is not None]
    return free_symbols(*present)
