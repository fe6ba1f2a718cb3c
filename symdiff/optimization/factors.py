"""chain_factors: the local derivatives along the chain from an input to the output, and where their product vanishes or explodes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from symdiff.calculus.backpropagation import Backpropagation, Link, backpropagate
from symdiff.errors import DomainError, UsageError
from symdiff.expr import NUMBER, SYMBOL, Expr
from symdiff.operations.op import as_expr
from symdiff.parsing.infix import parse
from symdiff.programs import Program
from symdiff.symbols import Symbol, as_symbol
from symdiff.undefined import brief
from symdiff.walk import free_symbols, postorder

__all__ = ["ChainFactor", "ChainFactors", "chain_factors"]

SMALL, LARGE = 1e-6, 1e6
"""Products of factors beyond these have vanished or exploded."""


@dataclass(frozen=True, slots=True)
class ChainFactor:
    """One local derivative d`of`/d`by`, its value, and the product of all factors from the output down to it."""

    of: str
    by: str
    value: float
    product: float


@dataclass(frozen=True, slots=True)
class ChainFactors:
    """The strongest way from the output to an input.

    factors: from the output down.  derivative: that of the output by the input, over all ways.  kind: "vanishing", "exploding" or
    "steady", by the product along the way.
    """

    name: str
    factors: tuple[ChainFactor, ...]
    derivative: float
    kind: str

    @property
    def culprits(self) -> list[ChainFactor]:
        """The factors that did it, the worst first: the smallest of a vanishing chain, the largest of an exploding one."""
        if self.kind == "steady":
            return []
        vanishing = self.kind == "vanishing"
        guilty = [factor for factor in self.factors if (abs(factor.value) < 1) == vanishing and abs(factor.value) != 1]
        return sorted(guilty, key=lambda factor: abs(factor.value), reverse=not vanishing)[:5]

    def __str__(self) -> str:
        width = max([16, *[len(_named(factor)) for factor in self.factors]])
        lines = [f"{_named(factor):{width}} {factor.value:12.4g} {factor.product:12.4g}" for factor in self._shown()]
        text = f"{self.kind}: the derivative by {self.name} is {self.derivative:.4g}"
        if self.culprits:
            text += f"; {'smallest' if self.kind == 'vanishing' else 'largest'} factor {_named(self.culprits[0])} = {self.culprits[0].value:.4g}"
        return "\n".join([f"{'factor':{width}} {'value':>12} {'product':>12}", *lines, text])

    def _shown(self) -> tuple[ChainFactor, ...]:
        return self.factors if len(self.factors) <= 24 else (*self.factors[:12], *self.factors[-12:])


def _named(factor: ChainFactor) -> str:
    return f"d[{factor.of}]/d[{factor.by}]" if "(" in factor.of + factor.by or " " in factor.of + factor.by else f"d{factor.of}/d{factor.by}"


def chain_factors(f: Program | Expr | str, x: Any, at: Mapping[Any, float]) -> ChainFactors:
    """The local derivatives whose product is the derivative by x, along the way on which it is largest, and whether they vanish or explode.

    f: a program, whose names are then the places of the chain, or a formula or its text, whose operations are.
    x: an input.  at: a number for every input.
    A product below 1e-6 in size is called vanishing, one above 1e6 exploding: the reason why deep chains of sigmoids do not learn
    (Hochreiter 1991), and why recurrences blow up.
    Raises UsageError where x is no input the output depends on, DomainError at a point without values or slopes.

    >>> from symdiff import parse_program
    >>> p = parse_program("a = sigmoid(w*x); b = sigmoid(10*a); c = sigmoid(20*b); L = (c - 1)^2")
    >>> report = chain_factors(p, "w", {"w": 2.0, "x": 1.0})
    >>> report.kind, [(factor.of, factor.by) for factor in report.factors]
    ('vanishing', [('L', 'c'), ('c', 'b'), ('b', 'a'), ('a', 'w')])
    """
    program, shown = (f, {}) if isinstance(f, Program) else _operations_named(parse(f) if isinstance(f, str) else as_expr(f))
    name = str(as_symbol(x))
    if name not in map(str, program.inputs):
        raise UsageError(f"{name} is no input; the inputs are {', '.join(map(str, program.inputs)) or 'none'}")
    try:
        back = backpropagate(program, [name], {key: float(value) for key, value in at.items()})
    except ArithmeticError as error:
        raise DomainError(f"no chain at this point: {error}") from None
    factors = _strongest_way(back, name, shown)
    product = factors[-1].product if factors else 1.0
    kind = "vanishing" if abs(product) < SMALL else "exploding" if abs(product) > LARGE else "steady"
    return ChainFactors(name, tuple(factors), float(back[name].adjoint_value), kind)


def _strongest_way(back: Backpropagation, name: str, shown: Mapping[str, str]) -> list[ChainFactor]:
    """By the size of the product: from the output down, every name keeps the best of the ways that lead to it."""
    best: dict[str, float] = {back.output: 0.0}
    chosen: dict[str, Link] = {}
    for place in [back.places[one] for one in [*reversed(list(back.program.names)), name] if one in back.places]:
        for link in place.users:
            if link.of not in best:
                continue
            size = best[link.of] + (math.log(abs(link.value)) if link.value else -math.inf)
            if place.name not in best or size > best[place.name]:
                best[place.name], chosen[place.name] = size, link
    way: list[Link] = []
    while name != back.output:
        if name not in chosen:
            raise UsageError(f"{back.output} does not depend on {name}")
        way.append(chosen[name])
        name = chosen[name].of
    factors, product = [], 1.0
    for link in reversed(way):
        product *= float(link.value)
        factors.append(ChainFactor(shown.get(link.of, link.of), shown.get(link.by, link.by), float(link.value), product))
    return factors


def _operations_named(formula: Expr) -> tuple[Program, dict[str, str]]:
    """A program with a name for every operation, and the texts the names stand for."""
    taken = {str(symbol) for symbol in free_symbols(formula)}
    name_of: dict[Expr, Expr] = {}
    definitions: dict[str, Expr] = {}
    shown: dict[str, str] = {}
    for node in postorder(formula):
        if node.op in (SYMBOL, NUMBER) or not node.args or node.op.relation:
            continue
        name = f"step{len(definitions) + 1}"
        while name in taken:
            name += "_"
        definitions[name] = Expr(node.op, tuple(name_of.get(child, child) for child in node.args), node.value)
        name_of[node] = Symbol(name)
        shown[name] = brief(node)
    if not definitions:
        raise UsageError(f"'{formula}' has no operations")
    return Program(definitions), shown
