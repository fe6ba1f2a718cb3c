"""Infix text that `parse` reads back as the identical expression."""

from __future__ import annotations

import math

from symdiff import numbers
from symdiff.expr import NUMBER, SYMBOL, Expr
from symdiff.operations import TABLE
from symdiff.operations.arithmetic import add, div, mul, neg
from symdiff.operations.arithmetic import pow as power_row
from symdiff.printing.precedence import ATOM, PRODUCT, SUM, Signs, level, signs_of
from symdiff.walk import unfold_text

__all__ = ["text_of"]


def text_of(root: Expr) -> str:
    """The formula as text; `str(e)` is this.

    >>> from symdiff import parse
    >>> text_of(parse("2x*sin(x)^2 - 1/2"))
    '2*x*sin(x)^2 - 1/2'
    """
    signs = signs_of(root)
    return unfold_text(root, lambda node: _parts(node, signs))


def _parts(node: Expr, signs: Signs) -> list[str | Expr]:
    op = node.op
    if op is NUMBER:
        return [numbers.text_of(node.value)]
    if op is SYMBOL:
        return [node.value]
    writer = _WRITERS.get(op)
    if writer is not None:
        return writer(node, signs)
    if not node.args:
        return [op.symbol or op.name]
    if op.symbol is not None:
        return _infix(node, signs)
    parts: list[str | Expr] = [op.name, "("]
    for index, child in enumerate(node.args):
        parts += [", ", child] if index else [child]
    return [*parts, ")"]


def _wrapped(node: Expr, bare: bool) -> list[str | Expr]:
    return [node] if bare else ["(", node, ")"]


def _sum(node: Expr, signs: Signs) -> list[str | Expr]:
    parts = _wrapped(node.args[0], level(node.args[0], signs) >= SUM and node.args[0].op is not add)
    for child in node.args[1:]:
        if child.op is neg:
            parts += [" - ", *_negated(child.args[0], signs)]
        elif signs.leading_minus(child):
            parts += [" - ", signs.flipped(child)]
        else:
            parts += [" + ", *_wrapped(child, level(child, signs) >= PRODUCT)]
    return parts


def _negated(child: Expr, signs: Signs) -> list[str | Expr]:
    """What follows a minus: in parentheses where the minus would be read as part of a leading number."""
    return _wrapped(child, level(child, signs) >= PRODUCT and not signs.leading_number(child))


def _product(node: Expr, signs: Signs) -> list[str | Expr]:
    first = node.args[0]
    parts = _wrapped(first, first.op is NUMBER or first.op is div or (level(first, signs) >= PRODUCT and first.op is not mul))
    for child in node.args[1:]:
        parts += ["*", *_wrapped(child, level(child, signs) > PRODUCT)]
    return parts


def _quotient(node: Expr, signs: Signs) -> list[str | Expr]:
    top, bottom = node.args
    if top.op is NUMBER:
        bare = not _reads_as_rational(top, bottom)
    else:
        bare = level(top, signs) >= PRODUCT or top.op is mul or top.op is div
    return [*_wrapped(top, bare), "/", *_wrapped(bottom, level(bottom, signs) > PRODUCT)]


def _reads_as_rational(top: Expr, bottom: Expr) -> bool:
    """1/2 without parentheses is the number one half, not a division of 1 by 2."""
    p, q = top.value, bottom.value
    return type(p) is int and type(q) is int and q > 1 and math.gcd(p, q) == 1


def _power(node: Expr, signs: Signs) -> list[str | Expr]:
    base, exponent = node.args
    return [*_wrapped(base, level(base, signs) >= ATOM), "^",
            *_wrapped(exponent, level(exponent, signs) >= ATOM or exponent.op is power_row)]


def _negation(node: Expr, signs: Signs) -> list[str | Expr]:
    return ["-", *_negated(node.args[0], signs)]


def _infix(node: Expr, signs: Signs) -> list[str | Expr]:
    """Relations and connectives: their parts in parentheses unless they bind tighter."""
    here = level(node, signs)
    if len(node.args) == 1:
        return [f"{node.op.symbol} ", *_wrapped(node.args[0], level(node.args[0], signs) > here)]
    left, right = (_wrapped(child, level(child, signs) > here) for child in node.args)
    return [*left, f" {node.op.symbol} ", *right]


def _choice(node: Expr, signs: Signs) -> list[str | Expr]:
    condition, value, other = node.args
    here = level(node, signs)
    return [*_wrapped(value, level(value, signs) > here), " if ", *_wrapped(condition, level(condition, signs) > here), " else ", other]



_WRITERS = {add: _sum, mul: _product, div: _quotient, neg: _negation, power_row: _power, TABLE["where"]: _choice}
