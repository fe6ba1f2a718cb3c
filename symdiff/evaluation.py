"""evaluate: the value of a formula at a point, in the kind of number that comes in; the passes themselves are in evaluator."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from importlib import import_module
from typing import Any

from symdiff import limits
from symdiff.arrays import array_values
from symdiff.errors import DomainError, LimitError, MissingDependency, UsageError
from symdiff.evaluator import Evaluator, exact_number, nearest_float, too_large
from symdiff.expr import NUMBER, SYMBOL, Expr, Real, symbol_node
from symdiff.operations.arithmetic import add, div, mul
from symdiff.operations.arithmetic import pow as power_row
from symdiff.operations.op import as_expr
from symdiff.undefined import undefined_error

__all__ = ["evaluate", "float_rule", "precise_context", "precise_rule"]

SMALLEST_NORMAL = 2.0 ** -1022
"""The smallest float of full precision."""
GUARD_BITS = 20
"""Bits carried beyond the precision asked for, at first."""
MOST_GUARD_BITS = 4_096
"""Where a value still changes with so many bits more, it is given as it is then: a zero that no precision shows is one of about 10^-1200."""
UNDEFINED_BITS = 1_000
"""With so many guard bits at least, a step without a value has none: ln(1 + expm1(-700)) has one."""


def evaluate(expression: Expr | Real, values: Mapping[Any, Any] | None = None, /, *, exact: bool = False, digits: int | None = None,
             undefined: str | None = None, **named: Any) -> Any:
    """The value of a formula where its variables have the values given; the method `f.evaluate(x=2.0)` is this function.

    values: a mapping of names or symbols to numbers, for names no Python keyword argument can be; variables the formula does not have
    may be among them, so that one set of values serves many formulas.
    The kind of number follows from all that is given:

    - integers and floats: a float (True or False for a relation).  Parts that hold exact numbers only are
      evaluated exactly and rounded.  Where floats overflow or underflow on the way, a rational formula is evaluated exactly and
      rounded, 9^400/9^399 is 9.0, and another one by mpmath, if that is installed.  A value beyond the floats is inf;
    - fractions without a float among them, or exact=True: an int or Fraction, a float meaning its shortest decimal; a step without a
      rational value is a UsageError, one of more than `limits.exact_bits` bits a LimitError;
    - mpmath numbers, or digits=50: an mpmath number of that precision (that of mpmath.mp without digits), all of whose digits
      mpmath.nstr(value, 50) shows; a float means its shortest decimal.  More digits are carried until they no longer change the value,
      some 1,200 at most, so that (10^400 + 1) - 10^400 is 1;
    - complex numbers, of Python or mpmath: a complex number, with principal branches (these two need mpmath);
    - NumPy arrays: the array of values, elementwise, in the shape to which all arrays given broadcast.

    Values are real unless complex numbers come in.  undefined: "raise" a DomainError that names the step without a value, or give "nan";
    numbers raise and arrays give nan by default.  The branch of `where` that is not taken never matters.

    >>> from symdiff import parse
    >>> evaluate(parse("x^2 + y"), x=2, y=0.5)
    4.5
    >>> evaluate(parse("x/3"), x=Fraction(1, 2)), evaluate(parse("2^100/3"), exact=True)
    (Fraction(1, 6), Fraction(1267650600228229401496703205376, 3))
    >>> evaluate(parse("ln(x - 3)"), x=2)
    Traceback (most recent call last):
    symdiff.errors.DomainError: ln(x - 3) has no real value at x = 2: ln needs its argument > 0, and it is -1
    >>> evaluate(parse("sqrt(x)"), x=-4 + 0j), evaluate(parse("sqrt(x)"), x=-4, undefined="nan")
    (2j, nan)
    """
    if undefined not in (None, "raise", "nan"):
        raise UsageError(f"undefined is 'raise' or 'nan', not {undefined!r}")
    given = _environment(values or {}, named)
    evaluator = Evaluator(as_expr(expression))
    _refuse_missing(evaluator, given)
    mode = _mode(given, exact, digits)
    if mode is _in_arrays:
        return _in_arrays(evaluator, given, undefined or "nan")
    try:
        return mode(evaluator, given, digits)
    except DomainError:
        if undefined == "nan":
            return math.nan
        raise


def _mode(given: Mapping[Expr, Any], exact: bool, digits: int | None) -> Callable[..., Any]:
    """The kind of evaluation the numbers call for."""
    kinds = {_kind(value) for value in given.values()}
    if exact:
        if digits is not None or kinds - {"int", "Fraction", "float"}:
            raise UsageError("exact=True goes with integers, fractions and floats only, and without digits")
        return _exactly
    if "array" in kinds:
        if digits is not None or kinds & {"mpf", "mpc"}:
            raise UsageError("arrays are evaluated in floats; for more digits evaluate their elements one by one")
        return _in_arrays
    if digits is not None:
        if isinstance(digits, bool) or not isinstance(digits, int) or digits < 1:
            raise UsageError(f"digits is a whole number from 1 on, not {digits!r}")
        if digits > limits.digits:
            raise LimitError(f"{digits} digits", "digits", limits.digits)
    if digits is not None or kinds & {"mpf", "mpc"}:
        return _precisely
    if "complex" in kinds:
        return _over_complex_numbers
    return _exactly if "Fraction" in kinds and "float" not in kinds else _in_floats


# what comes in

def _environment(values: Mapping[Any, Any], named: Mapping[str, Any]) -> dict[Expr, Any]:
    if not isinstance(values, Mapping):
        raise UsageError(f"values is a mapping such as {{'x': 2.0}}, not {type(values).__name__}; or write evaluate(f, x=2.0)")
    given: dict[Expr, Any] = {}
    for key, value in (*values.items(), *named.items()):
        if isinstance(key, str):
            symbol = symbol_node(key)
        elif type(key) is Expr and key.op is SYMBOL:
            symbol = key
        else:
            raise UsageError(f"values are given to variables, and {key!r} is none")
        if symbol in given:
            raise UsageError(f"{symbol} is given twice")
        given[symbol] = _accepted(value, symbol)
    return given


def _accepted(value: Any, symbol: Expr) -> Any:
    """The number in one of the types the passes know."""
    if type(value) in (int, float, complex, Fraction) or hasattr(value, "_mpf_") or hasattr(value, "_mpc_"):
        return value
    if type(value) is Expr:
        if value.op is NUMBER:
            return value.value
        raise UsageError(f"{symbol} = {value} is a formula; put formulas in with subs, and evaluate at numbers")
    if hasattr(value, "ndim") and hasattr(value, "dtype"):
        if value.dtype.kind not in "biufc":
            raise UsageError(f"the array given for {symbol} holds {value.dtype}, not numbers")
        return value if value.ndim else value.item()
    kind: Any = next((kind for kind in (int, float, complex, Fraction) if isinstance(value, kind)), None)
    if kind is not None:  # a bool, or a subclass such as NumPy's float64
        return kind(value)
    if hasattr(value, "__index__"):
        return int(value)
    raise UsageError(f"the value of {symbol} is {value!r} of type {type(value).__name__}, which is no number")


def _kind(value: Any) -> str:
    if hasattr(value, "ndim"):
        return "array"
    return "mpf" if hasattr(value, "_mpf_") else "mpc" if hasattr(value, "_mpc_") else type(value).__name__


def _refuse_missing(evaluator: Evaluator, given: Mapping[Expr, Any]) -> None:
    missing = sorted(str(symbol.value) for _, symbol in evaluator.symbols if symbol not in given)
    if missing:
        shown = ", ".join(missing[:10]) + (f" and {len(missing) - 10} more" if len(missing) > 10 else "")
        raise UsageError(f"no value for {shown}; write evaluate({', '.join(f'{name}=...' for name in missing[:3])})")


# one function for each kind of number

def _in_floats(evaluator: Evaluator, given: Mapping[Expr, Real], digits: None) -> float:
    environment = {symbol: nearest_float(given[symbol]) for _, symbol in evaluator.symbols}
    values = evaluator.float_values(environment)
    result = values[-1]
    if _left_the_floats(evaluator, values, given) and all(map(_is_finite, given.values())):
        exact = evaluator.exact_values(_exact_environment(evaluator, given), limits.folded_bits)[-1]
        if exact is not None:
            return exact if isinstance(exact, bool) else nearest_float(exact)
        if not math.isfinite(result) or result == 0:
            precise = _by_more_digits(evaluator, given)
            if precise is not None:
                return precise
    if math.isnan(result):
        raise undefined_error(evaluator, values, given)
    return result


def _by_more_digits(evaluator: Evaluator, given: Mapping[Expr, Real]) -> float | None:
    """The value where floats ended on the way, by mpmath: exp(x)/(1 + exp(x)) at 800 is 1.0.

    None without mpmath, where there is no value, and where no precision settles it.
    """
    try:
        value = _in_context(evaluator, given, precise_context(53), 53, sure=True)
    except (DomainError, MissingDependency):
        return None
    return value if value is None or isinstance(value, bool) else float(value)


def _is_finite(value: Real) -> bool:
    return not isinstance(value, float) or math.isfinite(value)


def _left_the_floats(evaluator: Evaluator, values: list[float], given: Mapping[Expr, Real]) -> bool:
    """Whether a value on the way is beyond the largest float or so near 0 that floats lost digits of it."""
    sizes = [abs(value) for value in values]
    if min(sizes) >= SMALLEST_NORMAL and max(sizes) < math.inf and values[0] == values[0]:
        return False
    for place, op, children in evaluator.steps:
        if math.isinf(values[place]):
            return True
        if sizes[place] < SMALLEST_NORMAL and (
                all(values[child] != 0 for child in children) if op in (mul, div, power_row) else values[place] not in op.range):
            return True
    for node, value in zip(evaluator.order, values, strict=True):
        if not node.args and not SMALLEST_NORMAL <= abs(value) < math.inf:
            written = given[node] if node.op is SYMBOL else node.value
            if written is not None and written != value:
                return True
    return False


def _exact_environment(evaluator: Evaluator, given: Mapping[Expr, Real]) -> dict[Expr, Real]:
    return {symbol: exact_number(given[symbol]) for _, symbol in evaluator.symbols}


def _exactly(evaluator: Evaluator, given: Mapping[Expr, Real], digits: None) -> Any:
    for _, symbol in evaluator.symbols:
        if not _is_finite(given[symbol]):
            raise DomainError(f"{symbol} = {given[symbol]} is no real number")
    environment = _exact_environment(evaluator, given)
    values = evaluator.exact_values(environment, limits.exact_bits)
    if values[-1] is None:
        raise undefined_error(evaluator, values, environment, exactly=True)
    return values[-1]


def precise_context(bits: int, purpose: str = "evaluating in high precision") -> Any:
    """An mpmath context of its own, so that no one's precision changes; MissingDependency without mpmath."""
    try:
        mpmath = import_module("mpmath")
    except ImportError:
        raise MissingDependency("mpmath", purpose, "check") from None
    context = type(mpmath.mp)()
    context.prec = bits
    return context


def _precisely(evaluator: Evaluator, given: Mapping[Expr, Any], digits: int | None) -> Any:
    context = precise_context(53)
    shared = import_module("mpmath").mp
    if digits is None:
        bits = shared.prec
    else:
        context.dps = digits
        bits = context.prec
    value = _in_context(evaluator, given, context, bits)
    if isinstance(value, bool):
        return value
    return shared.make_mpc(value._mpc_) if hasattr(value, "_mpc_") else shared.make_mpf(value._mpf_)


def _over_complex_numbers(evaluator: Evaluator, given: Mapping[Expr, Any], digits: None) -> complex | bool:
    value = _in_context(evaluator, given, precise_context(53, "evaluating at complex numbers"), 53)
    return value if isinstance(value, bool) else complex(value)


def _in_context(evaluator: Evaluator, given: Mapping[Expr, Any], context: Any, bits: int, sure: bool = False) -> Any:
    """The value to so many bits: with more and more of them on the way until they no longer change it.

    sure: None where they still do at MOST_GUARD_BITS.
    """
    principal = any(isinstance(value, complex) or hasattr(value, "_mpc_") for value in given.values())
    before: list[Any] = []
    carried = bits + GUARD_BITS
    while True:
        context.prec = carried
        environment = {symbol: _converted(given[symbol], context) for _, symbol in evaluator.symbols}
        values = evaluator.precise_values(environment, context, principal)
        settled = bool(before) and _agree(before[-1], values[-1], bits) and (values[-1] is not None or carried > bits + UNDEFINED_BITS)
        hopeless = values[-1] is None and too_large(values, MOST_GUARD_BITS)
        if settled or hopeless or carried >= bits + MOST_GUARD_BITS:
            break
        carried += min(carried if before else max(64, _spread(evaluator, values)), MOST_GUARD_BITS)
        before = values
    if values[-1] is None:
        raise undefined_error(evaluator, values, environment)
    if sure and not settled:
        return None
    if isinstance(values[-1], bool):
        return values[-1]
    context.prec = bits
    return +(context.mpc(values[-1]) if principal else values[-1])


def _agree(a: Any, b: Any, bits: int) -> bool:
    """Whether two precisions gave the same to that many bits."""
    if a is None or b is None or isinstance(a, bool) or isinstance(b, bool):
        return a is b
    return bool(abs(a - b) * 2 ** bits <= abs(b))


def _spread(evaluator: Evaluator, values: Sequence[Any]) -> int:
    """The most binary digits that a sum on the way takes to hold its largest and its smallest term, or what is left of them."""
    widest = 0
    for place, op, children in evaluator.steps:
        if op is add:
            sizes = [part[2] + part[3] for value in (values[place], *[values[child] for child in children]) if value is not None
                     for part in (value._mpc_ if hasattr(value, "_mpc_") else (value._mpf_,)) if part[1]]
            widest = max(widest, max(sizes) - min(sizes)) if sizes else widest
    return widest


def _converted(value: Any, context: Any) -> Any:
    """The number as one of the context, unrounded but for thirds and their like; a float means its shortest decimal."""
    if hasattr(value, "_mpf_"):
        return context.make_mpf(value._mpf_)
    if hasattr(value, "_mpc_"):
        return context.make_mpc(value._mpc_)
    if isinstance(value, complex):
        return context.mpc(_converted(value.real, context), _converted(value.imag, context))
    if not _is_finite(value):
        return context.mpf(value)
    exact = exact_number(value)
    return context.mpf(exact.numerator) / exact.denominator


def _in_arrays(evaluator: Evaluator, given: Mapping[Expr, Any], undefined: str) -> Any:
    def element(values: Mapping[Expr, Any]) -> Any:
        return _mode(values, False, None)(evaluator, values, None)
    return array_values(evaluator, given, undefined == "raise", element)


# users' operations

_evaluator_of = lru_cache(maxsize=256)(Evaluator)


def float_rule(body: Expr, bindings: Mapping[Expr, float]) -> float:
    """The value of a formula in floats for a row of the table: nan where there is none."""
    return _evaluator_of(body).floats(bindings)


def precise_rule(body: Expr, bindings: Mapping[Expr, Any], mp: Any) -> Any:
    """The value of a formula in an mpmath context for a row of the table: mp.nan where there is none."""
    return _evaluator_of(body).precise(bindings, mp)
