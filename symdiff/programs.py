"""Program: named formulas that build on each other, the last being the output; text to programs is parsing/program.py."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Any

from symdiff.errors import UsageError
from symdiff.expr import Expr
from symdiff.symbols import Symbol
from symdiff.walk import free_symbols, substitute

__all__ = ["Program"]


class Program:
    """Named formulas in order, each in terms of inputs and earlier names; immutable.

    `program["z"]` is a definition as written, `names` all names in order, `inputs` the variables nobody defines, `output` the last
    formula as written and `output_name` its name (None where it has none), `expression` the output in terms of the inputs alone:
    what a name stands for is one shared node, however often the name is used.

    >>> from symdiff import parse_program
    >>> p = parse_program("z = w*x + b; a = sigmoid(z); L = (a - y)^2")
    >>> p.names, p.inputs, p["a"], p.output_name
    (('z', 'a', 'L'), (Expr('b'), Expr('w'), Expr('x'), Expr('y')), Expr('sigmoid(z)'), 'L')
    >>> p.expression
    Expr('(sigmoid(w*x + b) - y)^2')
    """

    __slots__ = ("definitions", "expression", "inputs", "names", "output", "output_name")
    definitions: Mapping[str, Expr]
    expression: Expr
    inputs: tuple[Expr, ...]
    names: tuple[str, ...]
    output: Expr
    output_name: str | None

    def __init__(self, definitions: Mapping[str, Expr], output: Expr | None = None) -> None:
        """definitions: names with formulas, in order; output: a last formula without a name (by default the last definition)."""
        if not definitions and output is None:
            raise UsageError("a program has at least one formula")
        names = tuple(definitions)
        full: dict[Expr, Expr] = {}
        for name, formula in definitions.items():
            full[Symbol(name)] = substitute(formula, full)
        output_name: str | None
        if output is None:
            output, output_name = definitions[names[-1]], names[-1]
        else:
            output_name = str(output) if output in full else None
        inputs = tuple(symbol for symbol in free_symbols(*definitions.values(), output) if symbol not in full)
        self._set("definitions", MappingProxyType(dict(definitions)))
        self._set("names", names)
        self._set("output", output)
        self._set("output_name", output_name)
        self._set("inputs", inputs)
        self._set("expression", full[Symbol(output_name)] if output_name else substitute(output, full))

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    def __setattr__(self, name: str, value: object) -> None:
        raise UsageError(f"a program is immutable: cannot set {name!r}")

    def __getitem__(self, name: str) -> Expr:
        try:
            return self.definitions[name]
        except KeyError:
            raise UsageError(f"this program defines no {name!r}; it defines {', '.join(self.names) or 'nothing'}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __contains__(self, name: object) -> bool:
        return name in self.definitions

    def __len__(self) -> int:
        return len(self.names)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Program):
            return NotImplemented
        return self.output is other.output and list(self.definitions.items()) == list(other.definitions.items())

    def __hash__(self) -> int:
        return hash((self.names, self.output))

    def __reduce__(self) -> tuple[Any, ...]:
        return Program, (dict(self.definitions), None if self._ends_in_definition else self.output)

    def __str__(self) -> str:
        """The program a line for each name, as parse_program reads it."""
        lines = [f"{name} = {formula}" for name, formula in self.definitions.items()]
        return "\n".join(lines if self._ends_in_definition else [*lines, str(self.output)])

    def __repr__(self) -> str:
        return f"Program({'; '.join(str(self).splitlines())!r})"

    @property
    def _ends_in_definition(self) -> bool:
        return bool(self.names) and self.output is self.definitions[self.names[-1]] and self.output_name == self.names[-1]

    def backpropagate(self, wrt: Any = None, at: Mapping[Any, Any] | None = None) -> Any:
        """Gradients by backpropagation, the names kept; see `symdiff.calculus.backpropagation.backpropagate`."""
        return import_module("symdiff.calculus.backpropagation").backpropagate(self, wrt, at)
