"""Backpropagation through a program with its names kept: values forward, local derivatives, adjoints backward; printing is elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

from symdiff.calculus.reverse import as_variables, gradient
from symdiff.calculus.tidying import tidied
from symdiff.errors import UsageError
from symdiff.expr import ONE, ZERO, Expr
from symdiff.operations.folding import product, sum_of
from symdiff.programs import Program
from symdiff.symbols import Symbol, as_symbol
from symdiff.walk import free_symbols, substitute

__all__ = ["Backpropagation", "Link", "Place", "backpropagate"]


@dataclass(frozen=True, slots=True)
class Link:
    """The local derivative of one name by another that its formula uses: dz/dw."""

    of: str
    by: str
    derivative: Expr
    value: Any = None
    sign: str = "d"
    """∂ where the output also depends on the name through other ones: its derivative dL/ds is more than ∂L/∂s."""

    @property
    def name(self) -> str:
        return f"{self.sign}{self.of}/{self.sign}{self.by}"


@dataclass(frozen=True, slots=True)
class Place:
    """One name of the program: its formula (None for an input), its value, and the output's derivative by it."""

    name: str
    formula: Expr | None
    slope: Expr
    """The output's derivative as the sweep made it; `adjoint` is its readable form."""
    users: tuple[Link, ...]
    """The local derivatives of what uses this name on the way to the output."""
    value: Any = None
    adjoint_value: Any = None

    @property
    def adjoint(self) -> Expr:
        """The output's derivative by this name, in terms of the program's names; 0 where there is none."""
        return tidied(self.slope)


class Backpropagation:
    """The result of `Program.backpropagate`: for every name its value and adjoint, and the local derivatives between them."""

    __slots__ = ("output", "places", "program", "wrt")

    def __init__(self, program: Program, output: str, wrt: tuple[str, ...], places: dict[str, Place]) -> None:
        self.program, self.output, self.wrt, self.places = program, output, wrt, places

    def __getitem__(self, name: Any) -> Place:
        try:
            return self.places[str(name)]
        except KeyError:
            raise UsageError(f"the program has no {name!r}; it has {', '.join(self.places)}") from None

    @property
    def value(self) -> Any:
        """The output's value, None without a point."""
        return self.places[self.output].value

    @property
    def gradient(self) -> dict[str, Expr]:
        """The output's derivatives by the variables asked for, in terms of the program's names."""
        return {name: self.places[name].adjoint for name in self.wrt}

    @property
    def gradient_values(self) -> dict[str, Any]:
        """The same as numbers; each None without a point."""
        return {name: self.places[name].adjoint_value for name in self.wrt}

    def factors(self, name: Any, most: int = 8) -> list[list[str]]:
        """The chain rule in signs: for each way on which the output depends on a name, the derivatives whose product it contributes.

        A way is followed until it forks (or has `most` factors), and there the adjoint stands for the rest.

        >>> from symdiff import parse_program
        >>> parse_program("z = w*x; a = tanh(z); L = (a - y)^2").backpropagate("w").factors("w")
        [['dL/da', 'da/dz', 'dz/dw']]
        """
        return [self._way(link, most) for link in self[name].users]

    def _way(self, link: Link, most: int) -> list[str]:
        found = [link.name]
        at = self.places[link.of]
        while at.name != self.output:
            if len(at.users) != 1 or len(found) >= most - 1:
                found.append(f"d{self.output}/d{at.name}")
                break
            found.append(at.users[0].name)
            at = self.places[at.users[0].of]
        return found[::-1]

    def draw(self, path: Any, *, mark: Any = (), engine: str | None = None, format: str | None = None) -> Any:
        """Draw the flow into a file, values forward and adjoints backward, and return the path; see `symdiff.draw`.

        Raises UsageError without a point.
        """
        return import_module("symdiff.drawing.engines").draw(self, path, mark=mark, engine=engine, format=format)

    def __str__(self) -> str:
        table: str = import_module("symdiff.printing.backward").table(self)
        return table

    def __repr__(self) -> str:
        return f"<backpropagation of {self.output} to {', '.join(self.wrt)}>"


def backpropagate(program: Program, wrt: Any = None, at: Mapping[Any, Any] | None = None) -> Backpropagation:
    """The derivative of a program's output by its inputs (or by any of its names), as backpropagation finds it.

    wrt: names or symbols; by default all inputs.  at: a number for every input; without it the result is symbolic only.
    Local derivatives are in terms of names: with a = sigmoid(z), da/dz is a*(1 - a).
    Raises UsageError for names that the program does not have, and what `evaluate` raises at a point without values.

    >>> from symdiff import parse_program
    >>> neuron = parse_program("z = w*x + b; a = sigmoid(z); L = (a - y)^2")
    >>> back = backpropagate(neuron, "w", at={"x": 1, "w": 0.5, "b": 0, "y": 0.8})
    >>> back.gradient
    {'w': Expr('2*(a - y)*a*(1 - a)*x')}
    >>> print(f"{back.value:.6f} {back.gradient_values['w']:.6f}")
    0.031521 -0.083445
    """
    output, formulas = _named_formulas(program)
    known = {str(symbol) for symbol in program.inputs} | formulas.keys()
    wanted = tuple(str(symbol) for symbol in (program.inputs if wrt is None else as_variables(wrt)))
    for name in wanted:
        if name not in known:
            raise UsageError(f"the program has no {name!r}; it has {', '.join(sorted(known))}")
    values = {} if at is None else _forward(program, formulas, at)
    links = _links(formulas, set(wanted), values)
    adjoints, numbers = _backward(output, formulas, links, bool(values))
    places = {}
    for name in [*map(str, program.inputs), *formulas]:
        users = tuple(link for link in links.get(name, ()) if link.of in adjoints)
        if len(users) > 1:
            users = tuple(replace(link, sign="∂") if link.of == output else link for link in users)
        places[name] = Place(name, formulas.get(name), adjoints.get(name, ZERO), users, values.get(name),
                             numbers.get(name, 0) if values else None)
    return Backpropagation(program, output, wanted, places)


def _named_formulas(program: Program) -> tuple[str, dict[str, Expr]]:
    """The output's name, and all formulas with a name; one without gets the name output."""
    formulas = dict(program.definitions)
    if program.output_name is not None:
        return program.output_name, formulas
    name = "output"
    while name in formulas or Symbol(name) in program.inputs:
        name += "_"
    return name, {**formulas, name: program.output}


def _forward(program: Program, formulas: Mapping[str, Expr], at: Mapping[Any, Any]) -> dict[str, Any]:
    """The value of every name."""
    if not isinstance(at, Mapping):
        raise UsageError("a point is a mapping of inputs to numbers, such as {'x': 1, 'w': 0.5}")
    given = {str(as_symbol(name)): value for name, value in at.items()}
    values = {}
    for symbol in program.inputs:
        if str(symbol) not in given:
            raise UsageError(f"the point lacks a value for {symbol}")
        values[str(symbol)] = given.pop(str(symbol))
    if given:
        raise UsageError(f"{', '.join(given)} is no input of the program; its inputs are {', '.join(map(str, program.inputs))}")
    for name, formula in formulas.items():
        values[name] = formula.evaluate({symbol: values[str(symbol)] for symbol in free_symbols(formula)})
    return values


def _links(formulas: Mapping[str, Expr], wanted: set[str], values: Mapping[str, Any]) -> dict[str, list[Link]]:
    """For every name that varies, the local derivatives of what uses it."""
    links: dict[str, list[Link]] = {}
    varying = set(wanted)
    for name, formula in formulas.items():
        parts = [symbol for symbol in free_symbols(formula) if symbol.value in varying]
        if not parts:
            continue
        varying.add(name)
        own = {formula: Symbol(name)} if formula.args else {}  # a*(1 - a) reads better than sigmoid(z)*(1 - sigmoid(z))
        for part, slope in zip(parts, gradient(formula, parts), strict=True):
            shown = substitute(slope, own)
            value = shown.evaluate({symbol: values[str(symbol)] for symbol in free_symbols(shown)}) if values else None
            links.setdefault(str(part), []).append(Link(name, str(part), shown, value))
    return links


def _backward(output: str, formulas: dict[str, Expr], links: Mapping[str, list[Link]],
              numeric: bool) -> tuple[dict[str, Expr], dict[str, Any]]:
    """The adjoint of every name that the output depends on, as a formula and, at a point, as a number."""
    adjoints: dict[str, Expr] = {output: ONE}
    numbers: dict[str, Any] = {output: 1}
    inputs = [name for name in links if name not in formulas]
    for name in [*reversed(formulas), *inputs]:
        if name == output:
            continue
        users = [link for link in links.get(name, ()) if link.of in adjoints]
        if users:
            adjoints[name] = sum_of(*[product(adjoints[link.of], link.derivative) for link in users])
            if numeric:
                numbers[name] = sum(numbers[link.of] * link.value for link in users)
    return adjoints, numbers
