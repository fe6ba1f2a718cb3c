"""cse: common parts of formulas named once, as in SymPy; the reverse is substitution, and programs share by themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count

from symdiff.errors import UsageError
from symdiff.expr import SYMBOL, Expr, symbol_node
from symdiff.operations.arithmetic import neg
from symdiff.operations.op import as_expr
from symdiff.walk import paused_collector, postorder

__all__ = ["cse"]


def cse(expressions: Expr | Iterable[Expr]) -> tuple[list[tuple[Expr, Expr]], list[Expr]]:
    """Name the parts that formulas use more than once: ([(symbol, part), ...], [formulas with the symbols in their place]).

    The symbols are x0, x1, ... without those that the formulas have; each part uses earlier symbols only, so that the list can be computed
    from the front.  What only a branch of a `where` needs is not named: computed in front, it could be undefined.
    Raises UsageError for anything that is neither an expression nor a list of them.

    >>> from symdiff import parse
    >>> cse([parse("sin(x + 1)^2 + sqrt(x + 1)"), parse("sin(x + 1)")])
    ([(Expr('x0'), Expr('x + 1')), (Expr('x1'), Expr('sin(x0)'))], [Expr('x1^2 + sqrt(x0)'), Expr('x1')])
    """
    if isinstance(expressions, str) or not isinstance(expressions, Expr | Iterable):
        raise UsageError(f"cse takes an expression or a list of them, not {expressions!r}")
    roots = [expressions] if isinstance(expressions, Expr) else [as_expr(e) for e in expressions]
    with paused_collector():
        order = postorder(*roots)
        names = _fresh_names({str(node.value) for node in order if node.op is SYMBOL})
        shared = _shared(order, roots)
        named: list[tuple[Expr, Expr]] = []
        short: dict[Expr, Expr] = {}
        for node in order:
            args = tuple([short[child] for child in node.args])
            new = node if args == node.args else Expr(node.op, args, node.value)
            if node in shared:
                symbol = symbol_node(next(names))
                named.append((symbol, new))
                new = symbol
            short[node] = new
    return named, [short[root] for root in roots]


def _fresh_names(taken: set[str]) -> Iterator[str]:
    return (name for name in (f"x{i}" for i in count()) if name not in taken)


def _shared(order: list[Expr], roots: list[Expr]) -> set[Expr]:
    """The parts in more than one place, all needed whatever branches are taken; numbers, names, their negatives and conditions stay."""
    places: dict[Expr, int] = {}
    for part in (*roots, *[child for node in order for child in node.args]):
        places[part] = places.get(part, 0) + 1
    always = _always_needed(roots)
    return {node for node, n in places.items() if n > 1 and node in always and node.args and not node.op.relation
            and not (node.op is neg and not node.args[0].args)}


def _always_needed(roots: list[Expr]) -> set[Expr]:
    met: set[Expr] = set()
    stack = [*roots]
    while stack:
        node = stack.pop()
        if node not in met:
            met.add(node)
            stack += node.args[:1] if node.op.name == "where" else node.args
    return met
