"""Expressions to SymPy and back, through the table's spelling of each row."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from importlib import import_module
from typing import Any

from symdiff.errors import MissingDependency, UsageError
from symdiff.expr import NUMBER, ONE, SYMBOL, ZERO, Expr, number
from symdiff.operations.abstract import AbstractOp
from symdiff.operations.arithmetic import PI, E, add, div, mul, neg
from symdiff.operations.arithmetic import pow as power_row
from symdiff.operations.elementary import exp, sqrt
from symdiff.operations.op import TABLE, Op, as_expr
from symdiff.operations.operators import negate
from symdiff.operations.piecewise import undefined, where
from symdiff.symbols import Symbol
from symdiff.walk import postorder

__all__ = ["from_sympy", "to_sympy"]


def to_sympy(expression: Expr | float) -> Any:
    """The SymPy expression of a formula; its symbols are real.

    SymPy simplifies as it builds (x + x is 2*x) and takes principal branches: x^(1/3) of a negative x is complex there and undefined here.
    Raises MissingDependency without SymPy and UsageError for abstract functions.

    >>> from symdiff import parse
    >>> to_sympy(parse("x^2*sin(x)/3"))
    x**2*sin(x)/3
    """
    sympy = _sympy()
    made: dict[Expr, Any] = {}
    root = as_expr(expression)
    for node in postorder(root):
        made[node] = _to_sympy(sympy, node, [made[child] for child in node.args])
    return made[root]


def _to_sympy(sympy: Any, node: Expr, args: list[Any]) -> Any:
    op = node.op
    if op is NUMBER:
        value = node.value
        return sympy.Rational(value.numerator, value.denominator) if isinstance(value, Fraction) else sympy.sympify(value)
    if op is SYMBOL:
        return sympy.Symbol(node.value, real=True)
    if node in _CONSTANTS:
        return getattr(sympy, _CONSTANTS[node])
    if isinstance(op, AbstractOp):
        function = sympy.Function(op.function)(*args)
        if op.by:
            raise UsageError(f"{op.name} is the derivative of an abstract function; SymPy has no such function")
        return function
    if op is where:
        return sympy.Piecewise((args[1], args[0]), (args[2], True))
    template = op.spelling.get("sympy")
    if template is not None:
        return _spelled(sympy, op, template, args)
    body = op.body if op.body is not None else op.definition(*op.template_symbols()[1:]) if op.definition is not None else None
    if body is None:
        raise UsageError(f"SymPy has no function for {op.name}; give its row spelling={{'sympy': ...}} or a definition")
    parameters = op.parameters or op.template_symbols()[1:]
    known: dict[Expr, Any] = dict(zip(parameters, args, strict=True))
    for part in postorder(body, known=set(known)):
        known[part] = _to_sympy(sympy, part, [known[child] for child in part.args])
    return known[body]


def _spelled(sympy: Any, op: Op, template: str, args: list[Any]) -> Any:
    if op is add:
        return sympy.Add(*args)
    if op is mul:
        return sympy.Mul(*args)
    if op is div:
        return args[0] / args[1]
    if op is neg:
        return -args[0]
    if op is power_row:
        return sympy.Pow(*args)
    return getattr(sympy, _RELATIONS.get(op.name, template))(*args)


_CONSTANTS = {PI: "pi", E: "E", undefined: "nan"}
_RELATIONS = {name: name.capitalize() for name in ("lt", "le", "gt", "ge", "eq", "ne")}


def from_sympy(expression: Any) -> Expr:
    """The formula of a SymPy expression.

    Assumptions of its symbols are dropped (give them to simplify).  Raises UsageError for what no formula holds: complex numbers,
    infinities, derivatives and integrals left undone, functions without a row; DefinitionError for names that text could not hold.

    >>> import sympy
    >>> from_sympy(sympy.sympify("x**2*sin(x)/3 + Abs(x)"))
    Expr('1/3*x^2*sin(x) + abs(x)')
    """
    sympy = _sympy()
    root = sympy.sympify(expression)
    made: dict[Any, Expr] = {}
    stack: list[tuple[Any, bool]] = [(root, False)]
    while stack:
        item, ready = stack.pop()
        if item in made:
            continue
        parts = _parts(sympy, item)
        if ready or not parts:
            made[item] = _from_sympy(sympy, item, [made[part] for part in parts])
        else:
            stack.append((item, True))
            stack += [(part, False) for part in reversed(parts)]
    return made[root]


def _parts(sympy: Any, item: Any) -> list[Any]:
    if isinstance(item, sympy.Piecewise):
        return [part for pair in item.args for part in pair.args if part is not sympy.true]
    return [] if item.is_Atom else list(item.args)


def _from_sympy(sympy: Any, item: Any, args: list[Expr]) -> Expr:
    if item.is_Symbol:
        return Symbol(item.name)
    if item.is_Integer:
        return number(int(item))
    if item.is_Rational:
        return number(Fraction(int(item.p), int(item.q)))
    if item.is_Float:
        return number(float(item))
    name = type(item).__name__
    if name in _BUILT:
        return _BUILT[name](args)
    if name == "Piecewise":
        return _pieces(item, iter(args), sympy.true)
    row = TABLE.get(_ROWS.get(name, name))
    if row is None or not row.arity:
        raise UsageError(f"no formula holds SymPy's {name}: {str(item)[:80]}")
    return row(*args)


def _pieces(item: Any, args: Any, always: Any) -> Expr:
    pairs: list[tuple[Expr, Expr | None]] = []
    for _, condition in item.args:
        value = next(args)
        pairs.append((value, None if condition is always else next(args)))
    value, condition = pairs.pop()
    result = value if condition is None else where(condition, value, undefined)
    for value, condition in reversed(pairs):
        result = value if condition is None else where(condition, value, result)
    return result


def _sum(args: list[Expr]) -> Expr:
    return add(*args)


def _product(args: list[Expr]) -> Expr:
    """Negative powers go below the bar."""
    over = [factor for factor in args if _reciprocal(factor) is None]
    under = [factor for factor in map(_reciprocal, args) if factor is not None]
    if over and over[0] is number(-1):
        over = over[1:]
        return negate(_quotient(over, under))
    return _quotient(over, under)


def _quotient(over: list[Expr], under: list[Expr]) -> Expr:
    top = mul(*over) if len(over) > 1 else over[0] if over else ONE
    return top if not under else div(top, mul(*under) if len(under) > 1 else under[0])


def _reciprocal(factor: Expr) -> Expr | None:
    return factor.args[1] if factor.op is div and factor.args[0] is ONE else None


def _power(args: list[Expr]) -> Expr:
    base, exponent = args
    value = exponent.value if exponent.op is NUMBER else None
    if base is E:
        return exp(exponent)
    if value == Fraction(1, 2):
        return sqrt(base)
    if isinstance(value, int | Fraction) and value < 0:
        return div(ONE, _power([base, number(-value)]) if value != -1 else base)
    return power_row(base, exponent)


def _chained(name: str) -> Callable[[list[Expr]], Expr]:
    def build(args: list[Expr]) -> Expr:
        result = args[0]
        for arg in args[1:]:
            result = TABLE[name](result, arg)
        return result
    return build


_BUILT: dict[str, Callable[[list[Expr]], Expr]] = {
    "Add": _sum, "Mul": _product, "Pow": _power, "And": _chained("and"), "Or": _chained("or"),
    "log": lambda args: TABLE["ln"](args[0]) if len(args) == 1 else TABLE["log"](*args),
    "Heaviside": lambda args: TABLE["step"](args[0]), "exp_polar": lambda args: exp(args[0]),
    "Pi": lambda args: PI, "Exp1": lambda args: E, "NaN": lambda args: undefined, "Zero": lambda args: ZERO,
    "Half": lambda args: number(Fraction(1, 2)),
}
_ROWS = {
    "Abs": "abs", "Max": "max", "Min": "min", "Mod": "mod", "ceiling": "ceil", "Not": "not", "loggamma": "lgamma",
    "StrictLessThan": "lt", "LessThan": "le", "StrictGreaterThan": "gt", "GreaterThan": "ge", "Equality": "eq", "Unequality": "ne",
}


def _sympy() -> Any:
    try:
        return import_module("sympy")
    except ImportError:
        raise MissingDependency("sympy", "converting to and from SymPy", "sympy") from None
