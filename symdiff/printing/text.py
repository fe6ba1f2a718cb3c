"""Infix text that `parse` reads back as the identical expression."""

from __future__ import annotations

import math
from collections.abc import Callable
from importlib import import_module

from symdiff import numbers
from symdiff.errors import UsageError
from symdiff.expr import NUMBER, SYMBOL, Expr
from symdiff.operations import TABLE
from symdiff.operations.arithmetic import add, div, mul, neg
from symdiff.operations.arithmetic import pow as power_row
from symdiff.printing.precedence import ATOM, PRODUCT, SUM, Signs, level, signs_of
from symdiff.walk import graph_size, tree_size, unfold_text

__all__ = ["SHOWN", "formatted", "repr_of", "text_of"]

SHOWN = 10_000
"""Operations up to which a formula is shown whole where nobody asked for its text: in a repr, in a notebook."""


def text_of(root: Expr) -> str:
    """The formula as text; `str(e)` is this.

    >>> from symdiff import parse
    >>> text_of(parse("2x*sin(x)^2 - 1/2"))
    '2*x*sin(x)^2 - 1/2'
    """
    signs = signs_of(root)
    return unfold_text(root, lambda node: _parts(node, signs))


def repr_of(expression: Expr) -> str:
    """repr(e): the formula as text, or for a large one how large it is.

    >>> from symdiff import parse
    >>> parse("x + 1")
    Expr('x + 1')
    """
    size = tree_size(expression)
    if size <= SHOWN:
        return f"Expr({text_of(expression)!r})"
    written = f"{size:,}" if size < 10 ** 15 else f"about 10^{int(size.bit_length() * 0.30103)}"
    return f"<Expr: {expression.op.name} of {graph_size(expression):,} distinct operations, {written} as text>"


def formatted(expression: Expr, form: str) -> str:
    """format(e, form), which f"{e:latex}" calls: text, latex, unicode or mathml; else a width and an alignment, as for text.

    Raises UsageError for any other form.

    >>> from symdiff import parse
    >>> e = parse("x^2/2")
    >>> f"{e:latex}", f"{e}", f"{e:>8}"
    ('\\\\frac{x^{2}}{2}', 'x^2/2', '   x^2/2')
    """
    if not form:
        return text_of(expression)
    forms: dict[str, Callable[[Expr], str]] = import_module("symdiff.printing.formats").FORMATS  # which plain text does without
    if form in forms:
        return forms[form](expression)
    try:
        return format(text_of(expression), form)
    except ValueError:
        raise UsageError(f"{form!r} is no form of an expression; there are {', '.join(forms)}, and widths such as '>20'") from None


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
