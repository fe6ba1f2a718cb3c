"""Matrix: a small immutable sparse matrix of expressions; how one is made by differentiation is in matrices.py."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from itertools import islice
from types import MappingProxyType
from typing import Any, NoReturn

from symdiff.errors import UsageError
from symdiff.expr import ZERO, Expr
from symdiff.operations.op import as_expr

__all__ = ["Matrix"]

SHOWN = 12
"""A matrix of more rows or columns than this prints as a list of its nonzeros, and no more of these than SHOWN squared."""


class Matrix:
    """An immutable matrix of expressions that stores its nonzero entries only.

    shape: how many rows and columns.
    entries: {(row, column): expression or number}, counted from 0; those that are 0 are left out.
    Raises UsageError for places outside the shape.  Equal shape and entries make equal matrices.

    >>> from symdiff import parse
    >>> m = Matrix((2, 3), {(0, 0): parse("x"), (1, 2): 5})
    >>> m[1, 2], m[0, 1], m.T.shape, len(m.nonzeros)
    (Expr('5'), Expr('0'), (3, 2), 2)
    >>> print(m)
    [x  0  0]
    [0  0  5]
    """

    __slots__ = ("nonzeros", "shape")

    shape: tuple[int, int]
    nonzeros: Mapping[tuple[int, int], Expr]
    """The entries that are not 0 by structure, row by row: {(i, j): expression}."""

    def __init__(self, shape: tuple[int, int], entries: Mapping[tuple[int, int], Any]) -> None:
        height, width = shape
        for i, j in entries:
            if not (0 <= i < height and 0 <= j < width):
                raise UsageError(f"entry ({i}, {j}) lies outside a {height} x {width} matrix")
        nodes = {place: as_expr(entries[place]) for place in sorted(entries)}
        object.__setattr__(self, "shape", (height, width))
        object.__setattr__(self, "nonzeros", MappingProxyType({place: node for place, node in nodes.items() if node is not ZERO}))

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise UsageError(f"a matrix is immutable: cannot set {name!r}")

    def __reduce__(self) -> tuple[Any, ...]:
        return Matrix, (self.shape, dict(self.nonzeros))

    def __getitem__(self, place: tuple[int, int]) -> Expr:
        """m[i, j]; negative places count from the end.  IndexError outside the shape, UsageError for anything but two integers."""
        if not (isinstance(place, tuple) and len(place) == 2):
            raise UsageError(f"a matrix takes two places, as in m[0, 1], not m[{place!r}]")
        i, j = (self._counted(index, size) for index, size in zip(place, self.shape, strict=True))
        return self.nonzeros.get((i, j), ZERO)

    @staticmethod
    def _counted(index: Any, size: int) -> int:
        if isinstance(index, bool) or not hasattr(index, "__index__"):
            raise UsageError(f"a place in a matrix is a whole number, not {index!r}")
        if not -size <= index < size:
            raise IndexError(f"place {index} lies outside a matrix with {size} rows or columns there")
        return int(index) % size

    __iter__ = None  # m[0, 1] takes two places; `rows` goes row by row

    @property
    def rows(self) -> tuple[dict[int, Expr], ...]:
        """The nonzeros of each row: {column: expression}."""
        rows: tuple[dict[int, Expr], ...] = tuple({} for _ in range(self.shape[0]))
        for (i, j), node in self.nonzeros.items():
            rows[i][j] = node
        return rows

    def todense(self) -> tuple[tuple[Expr, ...], ...]:
        """All entries as a tuple of rows."""
        return tuple(tuple([row.get(j, ZERO) for j in range(self.shape[1])]) for row in self.rows)

    @property
    def T(self) -> Matrix:
        """The transposed matrix."""
        return Matrix((self.shape[1], self.shape[0]), {(j, i): node for (i, j), node in self.nonzeros.items()})

    def map(self, change: Callable[[Expr], Any]) -> Matrix:
        """The matrix of changed entries: m.map(simplify), m.map(lambda entry: entry.subs({x: 2})).  Zeros stay zero."""
        known = {node: change(node) for node in dict.fromkeys(self.nonzeros.values())}
        return Matrix(self.shape, {place: known[node] for place, node in self.nonzeros.items()})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Matrix) and self.shape == other.shape and self.nonzeros == other.nonzeros

    def __hash__(self) -> int:
        return hash((self.shape, frozenset(self.nonzeros.items())))

    def __repr__(self) -> str:
        return f"<{self._size_text}>"

    @property
    def _size_text(self) -> str:
        return f"{self.shape[0]} x {self.shape[1]} matrix, {len(self.nonzeros)} nonzeros"

    def __str__(self) -> str:
        if max(self.shape) > SHOWN:
            return "\n".join(self._listed())
        texts = [[str(node) for node in row] for row in self.todense()]
        widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
        return "\n".join("[" + "  ".join(text.rjust(width) for text, width in zip(row, widths, strict=True)) + "]" for row in texts)

    def _listed(self) -> Iterator[str]:
        yield f"{self._size_text}:"
        for (i, j), node in islice(self.nonzeros.items(), SHOWN * SHOWN):
            yield f"  [{i}, {j}]  {node}"
        if len(self.nonzeros) > SHOWN * SHOWN:
            yield f"  ... and {len(self.nonzeros) - SHOWN * SHOWN} more"

    def _repr_latex_(self) -> str:
        """The matrix between dollar signs; a large one as its size only."""
        if max(self.shape) > SHOWN:
            return rf"$\text{{{self._size_text}}}$"
        latex: Callable[[Expr], str] = import_module("symdiff.printing.latex").latex
        body = r" \\ ".join(" & ".join(latex(node) for node in row) for row in self.todense())
        return rf"$\begin{{bmatrix}} {body} \end{{bmatrix}}$"
