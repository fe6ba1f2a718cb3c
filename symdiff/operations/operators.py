"""Python's operators and NumPy's method names on expressions: x**2 * sin(x) and np.sin(x) build nodes.

They build what is written and simplify nothing, but for two spellings text has too: a long a + b + c is one flat sum, and a minus
before a number belongs to the number (x - 2*y holds -2).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from symdiff.errors import UsageError
from symdiff.expr import NUMBER, Expr, number
from symdiff.operations import arithmetic
from symdiff.operations.arithmetic import add, div, mul, neg
from symdiff.operations.op import TABLE, Op, as_expr

FLAT_WIDTH = 256
"""A sum or product written with operators grows flat up to this width, then nests: flat without end would take quadratic time.
add(*terms) and mul(*factors) make flat nodes of any width."""


def negate(node: Expr) -> Expr:
    """-node, the sign going into a leading number: -(2*x) is (-2)*x."""
    spine = []
    first = node
    while first.op is mul or first.op is div:
        spine.append(first)
        first = first.args[0]
    if first.op is not NUMBER:
        return neg(node)
    result = number(-first.value)
    while spine:
        parent = spine.pop()
        result = Expr(parent.op, (result, *parent.args[1:]))
    return result


def joined(op: Op, left: Expr, right: Expr) -> Expr:
    if left.op is op and len(left.args) < FLAT_WIDTH and not right.op.relation:
        return Expr(op, (*left.args, right))
    return op(left, right)


def quotient(left: Expr, right: Expr) -> Expr:
    """left/right; a quotient of integers in lowest terms is the rational number, as in text."""
    if left.op is NUMBER and right.op is NUMBER:
        p, q = left.value, right.value
        if type(p) is int and type(q) is int and q > 1:
            value = Fraction(p, q)
            if value.denominator == q:
                return number(value)
    return div(left, right)


def _operator(build: Callable[[Expr, Expr], Expr], reflected: bool = False) -> Callable[[Expr, Any], Any]:
    def method(self: Expr, other: Any) -> Any:
        if type(other) is not Expr:
            if _is_array(other):
                return NotImplemented
            try:
                other = as_expr(other)
            except UsageError:
                if isinstance(other, (str, float, complex)) or other is None:
                    raise
                return NotImplemented
        return build(other, self) if reflected else build(self, other)
    return method


def _is_array(value: Any) -> bool:
    """An array works elementwise: NumPy then calls the operator once for each element."""
    return bool(getattr(value, "ndim", 0))


def _method(op: Op) -> Callable[..., Expr]:
    def method(self: Expr, *others: Any) -> Expr:
        return op(self, *others)
    method.__name__, method.__doc__ = op.name, f"{op.name} of this expression; NumPy's ufunc of that name calls it."
    return method


def _power(base: Expr, exponent: Expr) -> Expr:
    return arithmetic.pow(base, exponent)


def _modular_power(power: Callable[[Expr, Any], Any]) -> Callable[..., Any]:
    """Python's pow(x, n, m), which has no meaning for formulas, beside x**n."""
    def method(self: Expr, other: Any, *modulus: Any) -> Any:
        if modulus:
            raise UsageError("a power of an expression takes no modulus; for the remainder write mod(x**n, m)")
        return power(self, other)
    return method


_BINARY: dict[str, Callable[[Expr, Expr], Expr]] = {
    "add": lambda a, b: joined(add, a, b),
    "sub": lambda a, b: joined(add, a, negate(b)),
    "mul": lambda a, b: joined(mul, a, b),
    "truediv": quotient,
    "pow": _power,
}

_RELATIONS = {"__lt__": "lt", "__le__": "le", "__gt__": "gt", "__ge__": "ge", "eq": "eq", "ne": "ne", "and_": "and", "or_": "or"}

UFUNCS = {  # NumPy's name of the method it calls on an object: the row
    "exp": "exp", "log": "ln", "log2": "log2", "log10": "log10", "log1p": "log1p", "expm1": "expm1", "sqrt": "sqrt", "cbrt": "cbrt",
    "sin": "sin", "cos": "cos", "tan": "tan", "arcsin": "asin", "arccos": "acos", "arctan": "atan", "arctan2": "atan2",
    "sinh": "sinh", "cosh": "cosh", "tanh": "tanh", "arcsinh": "asinh", "arccosh": "acosh", "arctanh": "atanh",
    "fabs": "abs", "absolute": "abs", "sign": "sign", "floor": "floor", "ceil": "ceil",
}


def attach() -> None:
    """Give Expr its operators; called once, when the table is complete."""
    for name, build in _BINARY.items():
        setattr(Expr, f"__{name}__", _operator(build))
        setattr(Expr, f"__r{name}__", _operator(build, reflected=True))
    setattr(Expr, "__pow__", _modular_power(Expr.__pow__))
    for method, row in _RELATIONS.items():
        setattr(Expr, method, _operator(TABLE[row]))
    for method, row in UFUNCS.items():
        setattr(Expr, method, _method(TABLE[row]))
    for name, instead in _ELSEWHERE.items():
        for side in ("", "r"):
            setattr(Expr, f"__{side}{name}__", _no_operator(instead))
    setattr(Expr, "__invert__", _no_operator(_ELSEWHERE["and"]))
    setattr(Expr, "__neg__", negate)
    setattr(Expr, "__pos__", lambda self: self)
    setattr(Expr, "__abs__", _method(TABLE["abs"]))


_ELSEWHERE = {  # operators Python has and formulas have not: what to write instead
    "xor": "for a power write x**y; ^ is a power only in text: parse('x^y')",
    "and": "join conditions with a.and_(b), a.or_(b), and write x <= y for not x > y",
    "or": "join conditions with a.and_(b), a.or_(b), and write x <= y for not x > y",
    "floordiv": "for the quotient rounded down write floor(x/y)",
    "mod": "for the remainder write mod(x, y)",
}


def _no_operator(instead: str) -> Callable[..., Expr]:
    def method(self: Expr, *others: Any) -> Expr:
        raise UsageError(f"expressions have no such operator; {instead}")
    return method
