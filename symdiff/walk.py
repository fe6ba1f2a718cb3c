"""The only loops over nodes in the library: orders, folds, substitution, sizes.  Nothing here recurses, whatever the depth."""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import TypeVar

from symdiff import limits
from symdiff.errors import LimitError
from symdiff.expr import SYMBOL, Expr

__all__ = [
    "Graph", "fold", "free_symbols", "graph_size", "needed", "outline", "paused_collector", "postorder", "rebuild", "spread", "substitute",
    "tree_size", "unfold_text", "unnested", "uses",
]

Value = TypeVar("Value")


def postorder(*roots: Expr, known: Collection[Expr] = ()) -> list[Expr]:
    """Every distinct node below the roots once, arguments before the nodes that use them, left before right.

    known: nodes to leave out, with all that only they lead to.

    >>> from symdiff import parse
    >>> [str(node) for node in postorder(parse("x*sin(x)"))]
    ['x', 'sin(x)', 'x*sin(x)']
    """
    order: list[Expr] = []
    entered: set[Expr] = set()
    open_nodes: list[Expr] = []
    stack: list[Expr | None] = [*reversed(roots)]
    while stack:
        node = stack.pop()
        if node is None:  # all below the innermost open node is done
            order.append(open_nodes.pop())
        elif node not in entered and node not in known:
            entered.add(node)
            if args := node.args:
                open_nodes.append(node)
                stack.append(None)
                stack += args[::-1]
            else:
                order.append(node)
    return order


def fold(root: Expr, rule: Callable[[Expr, list[Value]], Value], known: dict[Expr, Value] | None = None) -> Value:
    """Compute `rule(node, values of its arguments)` from the leaves up, once for each distinct node.

    known: values from earlier folds with the same rule, taken and added to.
    """
    value: dict[Expr, Value] = {} if known is None else known
    for node in postorder(root, known=value):
        value[node] = rule(node, [value[child] for child in node.args])
    return value[root]


def rebuild(root: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """The same formula with `change` applied to every node after its arguments were changed."""
    def rule(node: Expr, args: list[Expr]) -> Expr:
        new = tuple(args)
        return change(node if new == node.args else Expr(node.op, new, node.value))
    return fold(root, rule)


def substitute(root: Expr, replacement: Mapping[Expr, Expr]) -> Expr:
    """Replace whole nodes, all at once: what a replacement contains is not replaced again."""
    def rule(node: Expr, args: list[Expr]) -> Expr:
        if node in replacement:
            return replacement[node]
        new = tuple(args)
        return node if new == node.args else Expr(node.op, new, node.value)
    return fold(root, rule)


def free_symbols(*roots: Expr) -> list[Expr]:
    """The symbols below the roots, in the order of their names."""
    return sorted((node for node in postorder(*roots) if node.op is SYMBOL), key=lambda node: str(node.value))


def _operations_at(node: Expr) -> int:
    """An n-ary sum or product counts as its n - 1 binary operations; leaves count nothing."""
    count = len(node.args)
    return count - 1 if count > 1 and node.op.variadic else min(count, 1)


def tree_size(root: Expr) -> int:
    """Operations of the formula as written out, shared parts counted every time they appear."""
    return fold(root, lambda node, sizes: _operations_at(node) + sum(sizes))


def graph_size(*roots: Expr) -> int:
    """Operations of the shared graph: every distinct node counted once."""
    return sum(_operations_at(node) for node in postorder(*roots))


def uses(root: Expr) -> dict[Expr, int]:
    """How many argument places of the graph each node fills."""
    count: dict[Expr, int] = {root: 1}
    for node in postorder(root):
        for child in node.args:
            count[child] = count.get(child, 0) + 1
    return count


def spread(root: Expr, parts: Callable[[Expr], Sequence[Expr] | None]) -> list[Expr]:
    """What a node consists of, from left to right: `parts` gives what stands in a node's place, None where it stays."""
    found: list[Expr] = []
    stack = [root]
    while stack:
        node = stack.pop()
        inner = parts(node)
        if inner is None:
            found.append(node)
        else:
            stack += reversed(inner)
    return found


def unnested(node: Expr, inside: Collection[Expr]) -> list[Expr]:
    """The arguments of a node from left to right, those in `inside` replaced by their own arguments."""
    return spread(node, lambda part: part.args if part is node or part in inside else None)


class Graph:
    """The graph below some roots with its edges in both directions, for passes that need a part of it only."""

    __slots__ = ("_place", "_users", "order")

    def __init__(self, roots: Iterable[Expr]) -> None:
        self.order = postorder(*roots)
        self._place = {node: place for place, node in enumerate(self.order)}
        self._users: list[list[int]] = [[] for _ in self.order]
        for place, node in enumerate(self.order):
            for child in node.args:
                self._users[self._place[child]].append(place)

    def above(self, node: Expr) -> list[Expr]:
        """The node and all that depends on it, in postorder; nothing for a node that is not in the graph."""
        start = self._place.get(node)
        if start is None:
            return []
        found = {start}
        stack = [start]
        while stack:
            for user in self._users[stack.pop()]:
                if user not in found:
                    found.add(user)
                    stack.append(user)
        return [self.order[place] for place in sorted(found)]


def needed(roots: Iterable[Expr], order: Sequence[Expr]) -> list[Expr]:
    """Those nodes of an order (arguments before their users) that the roots are built of."""
    found = set(roots)
    for node in reversed(order):
        if node in found:
            found.update(node.args)
    return [node for node in order if node in found]


def outline(
    root: Expr, limit: int, once: Callable[[Expr], bool], below: Callable[[Expr], Sequence[Expr]] | None = None,
) -> tuple[list[Expr], list[list[int]]]:
    """The top of a formula as at most `limit` places, and for each place the positions of its arguments' places.

    once: whether a node has one place for all its uses; else it has one for every use.
    below: the nodes that have places below a node's place; by default its arguments.
    Places come in postorder, so arguments stand before the places that use them and the root stands last.  They are found breadth
    first: where the limit cut, a place links to fewer arguments than its node has.

    >>> from symdiff import parse
    >>> places, links = outline(parse("sin(x) + sin(x)"), 10, lambda node: bool(node.args))
    >>> [str(node) for node in places], links
    (['x', 'sin(x)', 'sin(x) + sin(x)'], [[], [0], [1, 1]])
    """
    found, links, position = [root], [[]], {root: 0}  # type: tuple[list[Expr], list[list[int]], dict[Expr, int]]
    for node, ends in zip(found, links):  # both grow while they are read
        for child in below(node) if below else node.args:
            shared = once(child)
            at = position.get(child, -1) if shared else -1
            if at < 0:
                if len(found) >= limit:
                    break
                at = len(found)
                found.append(child)
                links.append([])
                if shared:
                    position[child] = at
            ends.append(at)
    order = _positions_in_postorder(links)
    rank = [0] * len(order)
    for new, old in enumerate(order):
        rank[old] = new
    return [found[old] for old in order], [[rank[end] for end in links[old]] for old in order]


def _positions_in_postorder(links: list[list[int]]) -> list[int]:
    order: list[int] = []
    entered = [False] * len(links)
    stack = [0]
    while stack:
        at = stack.pop()
        if at < 0:
            order.append(~at)
        elif not entered[at]:
            entered[at] = True
            stack.append(~at)
            stack += reversed(links[at])
    return order


def unfold_text(root: Expr, parts: Callable[[Expr], Iterable[str | Expr]], what: str = "the printed formula") -> str:
    """Write a formula out as a tree: `parts(node)` gives strings to keep and nodes to write in their place."""
    refusal = LimitError(f"{what} is longer than {limits.printed_length} characters", "printed_length", limits.printed_length)
    if tree_size(root) > limits.printed_length:  # every operation writes a character at least; this is known without writing them
        raise refusal
    pieces: list[str] = []
    length = 0
    known: dict[Expr, list[str | Expr]] = {}
    stack: list[str | Expr] = [root]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            pieces.append(item)
            length += len(item)
            if length > limits.printed_length:
                raise refusal
            continue
        content = known.get(item)
        if content is None:
            content = known[item] = list(parts(item))
            content.reverse()
        stack += content
    return "".join(pieces)


_pauses = 0
_was_enabled = False
_pause_lock = Lock()


@contextmanager
def paused_collector() -> Iterator[None]:
    """Hold the cyclic garbage collector back while many nodes are built.

    Nodes form no cycles, so a collection during a build finds nothing and costs more than the build (measured: over half of the time of
    a graph of a million nodes).  Pauses nest and are counted over all threads.
    """
    global _pauses, _was_enabled
    counted = False  # whatever an interruption meets, what was counted is counted back
    try:
        with _pause_lock:
            if _pauses == 0:
                _was_enabled = gc.isenabled()
            _pauses, counted = _pauses + 1, True
            gc.disable()
        yield
    finally:
        if counted:
            with _pause_lock:
                _pauses -= 1
                if _pauses == 0 and _was_enabled:
                    gc.enable()
