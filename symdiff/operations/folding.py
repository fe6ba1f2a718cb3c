"""Arithmetic that drops 0 and 1 and gathers numbers as it builds: what derivatives are made with.

It never changes a value where there is one; a factor 0 may extend the domain.  It is no simplifier: terms and factors are not compared.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from symdiff import numbers
from symdiff.errors import SymdiffError
from symdiff.expr import NUMBER, ONE, ZERO, Expr, Real, number
from symdiff.operations import arithmetic
from symdiff.operations.arithmetic import add, div, mul, neg
from symdiff.operations.op import Op
from symdiff.operations.operators import negate
from symdiff.walk import postorder

__all__ = ["apply", "balanced", "difference", "leading", "opposite", "partials", "power", "product", "quotient", "sum_of", "template"]

MINUS_ONE = number(-1)
LONG = 12
"""A product of more factors keeps its number: taking it out at each of many levels would copy all of them each time."""


def _value(node: Expr) -> Real | None:
    value: Real | None = node.value if node.op is NUMBER else None
    return value


def sum_of(*terms: Expr) -> Expr:
    """Add terms; zeros go, numbers meet at the end, or in front of a minus: x + 1, 1 - x."""
    kept: list[Expr] = []
    constant: Real = 0
    for term in terms:
        value = _value(term)
        total = numbers.add(constant, value) if value is not None else None
        if total is None:
            kept.append(term)
        else:
            constant = total
    if constant or type(constant) is float:
        in_front = kept and constant > 0 and _has_minus(kept[0])
        kept.insert(0 if in_front else len(kept), number(constant))
    return ZERO if not kept else kept[0] if len(kept) == 1 else Expr(add, tuple(kept))


def _has_minus(term: Expr) -> bool:
    front, _ = _leading(term)
    return term.op is neg or (front is not None and front < 0)


def difference(u: Expr, v: Expr) -> Expr:
    return sum_of(u, opposite(v))


def opposite(u: Expr) -> Expr:
    """-u, with signs and numbers gathered, but not from the depths of a long chain of quotients."""
    if u.op is neg:
        return u.args[0]
    first = u
    for _ in range(LONG):
        if first.op is not mul and first.op is not div:
            return negate(u)
        first = first.args[0]
    return neg(u)


def product(*factors: Expr) -> Expr:
    """Multiply factors; ones go, zero wins, signs and numbers meet in front.  A factor's own leading number is taken out of it."""
    coefficient: Real = 1
    rest: list[Expr] = []
    for signed in factors:
        factor = signed
        op = factor.op
        if op is not NUMBER and op is not neg and (op is not mul or factor.args[0].op is not NUMBER or len(factor.args) > LONG):
            rest.append(factor)  # the usual case
            continue
        while factor.op is neg:
            coefficient, factor = -coefficient, factor.args[0]
        front, inner = _leading(factor)
        made = None if front is None else numbers.multiply(coefficient, front)
        if made is None:
            rest.append(factor)
        else:
            coefficient = made
            rest += inner
    if coefficient == 0 and type(coefficient) is not float:
        return ZERO
    if coefficient == 1 and type(coefficient) is not float:
        return ONE if not rest else rest[0] if len(rest) == 1 else Expr(mul, tuple(rest))
    if coefficient == -1 and rest and type(coefficient) is not float:
        return opposite(rest[0] if len(rest) == 1 else Expr(mul, tuple(rest)))
    return Expr(mul, (number(coefficient), *rest)) if rest else number(coefficient)


def leading(node: Expr) -> tuple[Real, Sequence[Expr]]:
    """A product as its number in front and its other factors: -(2*x*y) is -2 and (x, y)."""
    if node.op is neg:
        front, rest = leading(node.args[0])
        return -front, rest
    number_in_front, rest = _leading(node)
    return 1 if number_in_front is None else number_in_front, rest


def _leading(factor: Expr) -> tuple[Real | None, Sequence[Expr]]:
    """The number in front of a factor and the rest of it."""
    op = factor.op
    if op is NUMBER:
        return factor.value, ()
    if op is mul and factor.args[0].op is NUMBER:
        return factor.args[0].value, factor.args[1:]
    return None, (factor,)


def quotient(u: Expr, v: Expr) -> Expr:
    """u/v with numbers divided, signs taken out and 1/(a/b) turned over nowhere (that would extend the domain)."""
    if v is ONE or (u is ZERO and _value(v) != 0):  # 0/0 has no value and keeps none
        return u
    if u.op is neg:
        return opposite(quotient(u.args[0], v))
    if v.op is neg:
        return opposite(quotient(u, v.args[0]))
    bottom = _value(v)
    if bottom is not None:
        top = _value(u)
        if top is not None:
            ratio = numbers.divide(top, bottom)
            return div(u, v) if ratio is None else number(ratio)
        if bottom == -1 and type(bottom) is int:
            return opposite(u)
        front, rest = _leading(u)
        ratio = numbers.divide(front, bottom) if front is not None else None
        if ratio is not None and type(ratio) is int:
            return product(number(ratio), *rest)
    return div(u, v)


def power(u: Expr, v: Expr) -> Expr:
    """u^v; exponents 0 and 1 and integer powers of numbers fold."""
    exponent = _value(v)
    if exponent is not None and type(exponent) is int:
        if exponent == 1:
            return u
        if exponent == 0:
            return ONE
        base = _value(u)
        folded = numbers.power(base, exponent) if base is not None else None
        if folded is not None:
            return number(folded)
    if u is ONE:
        return ONE
    return arithmetic.pow(u, v)


def apply(op: Op, args: Sequence[Expr]) -> Expr:
    """op(args) with folding: exact values of exact numbers, and the arithmetic above."""
    build = _BUILDERS.get(op)
    if build is not None:
        return build(*args)
    if op.exact is not None and args and args[0].op is NUMBER and all(a.op is NUMBER and type(a.value) is not float for a in args):
        value = op.exact(*[a.value for a in args])
        if value is not None and not isinstance(value, bool):
            return number(value)
    if op.points is not None:
        found = _points(op).get(args[0])
        if found is not None:
            return found
    return Expr(op, tuple(args))


def _points(op: Op) -> dict[Expr, Expr]:
    known: dict[Expr, Expr] | None = op.cache.get("points")
    if known is None:
        known = op.cache["points"] = {} if op.points is None else op.points()
    return known


_BUILDERS: dict[Op, Callable[..., Expr]] = {
    add: sum_of, mul: product, div: quotient, neg: opposite, arithmetic.pow: power,
}



def template(body: Expr, parameters: Sequence[Expr]) -> Callable[..., Expr]:
    """A function that builds `body` with its parameters replaced, folding as it goes."""
    if body.args and all(child in parameters for child in body.args):  # cos(u): most rows
        op, arguments = body.op, [parameters.index(child) for child in body.args]
        if len(arguments) == 1 and op not in _BUILDERS:
            return _of_one(op, arguments[0])
        return lambda *values: apply(op, [values[index] for index in arguments])
    order = postorder(body)
    place = {node: index for index, node in enumerate(order)}
    where = [(parameters.index(node) if node in parameters else None) for node in order]
    steps: list[tuple[int | None, Expr, tuple[int, ...]]] = [
        (where[index], node, tuple(place[child] for child in node.args)) for index, node in enumerate(order)]

    def build(*values: Expr) -> Expr:
        made: list[Expr] = []
        for parameter, node, children in steps:
            if parameter is not None:
                made.append(values[parameter])
            else:
                made.append(apply(node.op, [made[child] for child in children]) if children else node)
        return made[-1]
    return build


def _of_one(op: Op, place: int) -> Callable[..., Expr]:
    """`apply` for one function and the argument at a place."""
    points = _points(op)

    def build(*values: Expr) -> Expr:
        argument = values[place]
        return apply(op, (argument,)) if argument.op is NUMBER or argument in points else Expr(op, (argument,))
    return build


def partials(op: Op) -> list[Callable[..., Expr] | None]:
    """For each argument the function (y, *arguments) -> partial derivative, compiled once from the row's slopes."""
    known: list[Callable[..., Expr] | None] | None = op.cache.get("partials")
    if known is None:
        if op.slopes is None:
            raise SymdiffError(f"{op.name} has no derivative: its row names no slopes")
        parameters = op.template_symbols()
        known = op.cache["partials"] = [None if body is None else template(body, parameters) for body in op.slopes(*parameters)]
    return known


def balanced(op: Op, args: Sequence[Expr]) -> Expr:
    """A variadic operation as a balanced tree of its two-argument form, so that n factors share their partial products."""
    layer = list(args)
    while len(layer) > 1:
        layer = [op(*layer[i:i + 2]) if i + 1 < len(layer) else layer[i] for i in range(0, len(layer), 2)]
    return layer[0]


