"""Shapes of formulas that overflow or cancel in floats, replaced by the rows that do not; the same value over the reals everywhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from symdiff.expr import ONE, ZERO, Expr, number
from symdiff.operations.arithmetic import E, add, div, mul, neg
from symdiff.operations.arithmetic import pow as power_row
from symdiff.operations.elementary import exp, ln, log1p
from symdiff.operations.learning import sigmoid, softplus
from symdiff.operations.operators import negate
from symdiff.operations.piecewise import where
from symdiff.walk import postorder

__all__ = ["stable"]

NESTED = 6
"""Levels of quotients and products in which factors are looked for."""


def stable(roots: Sequence[Expr]) -> list[Expr]:
    """The formulas with ln(1 + exp(u)) as softplus(u), and exp(u) and powers of 1/(1 + exp(u)) as sigmoids.

    Over the reals both sides are the same; in floats the left one is inf or nan from u = 710 on.

    >>> from symdiff import parse
    >>> stable([parse("ln(1 + exp(x))"), parse("3*exp(x)/(1 + exp(x))"), parse("x/(1 + e^x)")])
    [Expr('softplus(x)'), Expr('3*sigmoid(x)'), Expr('x*sigmoid(-x)')]
    """
    new: dict[Expr, Expr] = {}
    for node in postorder(*roots):
        if not node.args:
            new[node] = node
            continue
        args = tuple([new[child] for child in node.args])
        made = node if args == node.args else Expr(node.op, args, node.value)
        made = _SHAPES[made.op](made) if made.op in _SHAPES else made
        new[node] = _chosen(made) if made.op in _FACTORED else made
    return [new[root] for root in roots]


def _chosen(node: Expr) -> Expr:
    """where(c, u, 0)*v is where(c, u*v, 0): slopes of branches have this shape, and 0 times the nan of the other branch would be nan."""
    choices: list[tuple[Expr, bool]] = []
    args = list(node.args)
    for place, arg in enumerate(args[:1] if node.op is div else args):
        if arg.op is where and ZERO in arg.args[1:]:
            condition, taken, other = arg.args
            choices.append((condition, other is ZERO))
            args[place] = taken if other is ZERO else other
    if not choices:
        return node
    result = _product(args) if node.op is mul else node.op(*args)
    for condition, holds in choices:
        result = where(condition, result, ZERO) if holds else where(condition, ZERO, result)
    return result


def _exponent(node: Expr) -> Expr | None:
    """u of exp(u) or e^u."""
    if node.op is exp:
        return node.args[0]
    return node.args[1] if node.op is power_row and node.args[0] is E else None


def _one_plus(node: Expr) -> Expr | None:
    """u of 1 + exp(u)."""
    if node.op is add and len(node.args) == 2 and ONE in node.args:
        return _exponent(node.args[1] if node.args[0] is ONE else node.args[0])
    return None


def _logarithm(node: Expr) -> Expr:
    u = _exponent(node.args[0]) if node.op is log1p else _one_plus(node.args[0])
    return node if u is None else softplus(u)


def _fraction(node: Expr) -> Expr:
    """A product or quotient: 1/(1 + exp(u)) is sigmoid(-u), and exp(u)/(1 + exp(u)) is sigmoid(u)."""
    over, under = _factors(node)
    logistic: Counter[Expr] = Counter()
    rest: list[Expr] = []
    for factor, power in under:
        u = _one_plus(factor)
        if u is None:
            rest.append(factor if power == 1 else power_row(factor, number(power)))
        else:
            logistic[u] += power
    changed = bool(logistic)
    for place, factor in enumerate(over):  # 1/(1 + exp(u)) was met further down and is sigmoid(-u) already
        found = _exponent(factor)
        mirrored = None if found is None else sigmoid(_opposite(found))
        if found is None or mirrored is None:
            continue
        if logistic[found] > 0:
            logistic[found] -= 1
            over[place] = sigmoid(found)
        elif mirrored in over:
            over[over.index(mirrored)] = ONE
            over[place] = sigmoid(found)
            changed = True
    if not changed:
        return node
    for u, power in logistic.items():
        if power:
            over.append(sigmoid(_opposite(u)) if power == 1 else power_row(sigmoid(_opposite(u)), number(power)))
    return _quotient(_product(over), rest)


def _sum(node: Expr) -> Expr:
    """1 - sigmoid(u) is sigmoid(-u)."""
    if len(node.args) == 2 and node.args[0] is ONE and node.args[1].op is neg and node.args[1].args[0].op is sigmoid:
        return sigmoid(_opposite(node.args[1].args[0].args[0]))
    return node


def _opposite(u: Expr) -> Expr:
    return u.args[0] if u.op is neg else negate(u)


def _factors(node: Expr) -> tuple[list[Expr], list[tuple[Expr, int]]]:
    """The factors above and, with their integer powers, below the bar, through a few levels of products and quotients."""
    over: list[Expr] = []
    under: list[tuple[Expr, int]] = []
    stack: list[tuple[Expr, int, int]] = [(node, 1, 0)]
    while stack:
        part, power, depth = stack.pop()
        below = depth + 1
        if part.op is mul and depth < NESTED and (len(part.args) < 10):
            stack += [(factor, power, below) for factor in reversed(part.args)]
        elif part.op is div and depth < NESTED:
            stack += [(part.args[1], -power, below), (part.args[0], power, below)]
        elif part.op is neg and depth < NESTED:
            stack += [(part.args[0], power, below), (number(-1), 1, below)]
        elif part.op is power_row and _is_small(part.args[1]) and (power < 0 or part.args[0].op is sigmoid):
            stack.append((part.args[0], power * part.args[1].value, below))
        elif power > 0:
            over += [part] * power
        else:
            under.append((part, -power))
    return over, under


def _is_small(exponent: Expr) -> bool:
    return type(exponent.value) is int and 1 < exponent.value < 5


def _product(factors: Sequence[Expr]) -> Expr:
    kept = [factor for factor in factors if factor is not ONE]
    return mul(*kept) if len(kept) > 1 else kept[0] if kept else ONE


def _quotient(over: Expr, under: Sequence[Expr]) -> Expr:
    return div(over, _product(under)) if under else over


_SHAPES = {ln: _logarithm, log1p: _logarithm, mul: _fraction, div: _fraction, add: _sum}
_FACTORED = frozenset([mul, div, neg])
