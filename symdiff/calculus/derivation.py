"""The recorded derivation: which rule of the table gave each derivative, from which premises; how it is written down is printing's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from symdiff.calculus.chain import expanded, node_derivative
from symdiff.calculus.forward import differentiable, only_variable, slopes_along
from symdiff.calculus.tidying import tidied
from symdiff.errors import UsageError
from symdiff.expr import ONE, ZERO, Expr, symbol_node
from symdiff.operations.arithmetic import E, add, mul, neg
from symdiff.operations.folding import product
from symdiff.operations.op import Op
from symdiff.operations.piecewise import where
from symdiff.symbols import as_symbol
from symdiff.walk import free_symbols, paused_collector, postorder, substitute

__all__ = ["Derivation", "Formula", "Letters", "Premise", "Step", "derive"]

CONSTANT, VARIABLE, STANDARD = "constant rule", "variable", "standard derivative"


@dataclass(frozen=True, slots=True)
class Letters:
    """What the parts of a rule are called: letters that the formula at hand does not use itself."""

    parts: tuple[str, ...]
    constants: dict[str, str]

    def varying(self, count: int) -> list[str]:
        return list(self.parts[:count]) if count <= len(self.parts) else [f"{self.parts[0]}{place + 1}" for place in range(count)]

    def constant(self, role: str) -> str:
        return self.constants.get(role, self.constants[""])


def letters_beside(names: set[str]) -> Letters:
    """u, v, w and the constants c, a^u, u^n, or the next letters where a formula has variables of these names."""
    numbered = {name.rstrip("0123456789") for name in names}

    def free(*choices: str) -> str:
        letter = next((choice for choice in choices if choice not in numbered), choices[0])
        while letter in numbered:
            letter += "_"
        return letter
    parts = (free("u", "p", "f"), free("v", "q", "g"), free("w", "r", "h"))
    return Letters(parts, {"": free("c", "k"), "base": free("a", "b"), "exponent": free("n", "m")})


@dataclass(frozen=True, slots=True)
class Formula:
    """A rule in letters: (u*v)' = u'*v + u*v', or with `by`, the derivative by that letter: d/du sin(u) = cos(u)."""

    left: Expr
    right: Expr
    by: Expr | None = None


@dataclass(frozen=True, slots=True)
class Premise:
    """A part of an expression in the role a rule gives it: u, v, inner, outer, base, exponent, condition, constant."""

    role: str
    expression: Expr
    slope: Expr | None
    """Its derivative as the chain rule made it; None for a condition, which has none."""

    @property
    def derivative(self) -> Expr | None:
        return None if self.slope is None else tidied(self.slope)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Step:
    """One expression of a derivation with the rule that gave its derivative."""

    expression: Expr
    rule: str
    slope: Expr
    """The derivative as the chain rule made it, sharing its parts with the whole; `derivative` is its readable form."""
    node: Expr
    """The expression in the shape the rule was applied to: a product of very many factors is a product of two products."""
    slopes: tuple[Expr | None, ...]
    varying: tuple[int, ...]
    variable: Expr
    letters: Letters

    def __repr__(self) -> str:
        return f"<{self.rule}: ({self.expression})' = {self.derivative}>"

    @property
    def derivative(self) -> Expr:
        """The same as diff(expression, variable)."""
        return tidied(self.slope)

    @property
    def is_trivial(self) -> bool:
        """Nothing a reader wants to see on its own: a leaf, a constant, a number times the variable."""
        if not self.varying:
            return True
        op, args = self.node.op, self.node.args
        return self.rule == "constant multiple rule" and (args[self.varying[0]] is self.variable) and op.name in ("mul", "neg", "div")

    @property
    def is_chain(self) -> bool:
        """One argument of a function varies, and the derivative is that of the outer function times that of the inner one."""
        op = self.node.op
        return len(self.varying) == 1 and not op.rules and op is not add and op is not neg and op is not where

    @property
    def premises(self) -> tuple[Premise, ...]:
        """The arguments in their roles, and before them the outer function where there is one."""
        if not self.node.args:
            return ()
        roles = self._roles()
        arguments = [Premise(role, child, slope) for role, child, slope in zip(roles, self.node.args, self.slopes, strict=True)]
        if self.is_chain and self.rule != STANDARD and (formula := self.formula):
            arguments.insert(0, Premise("outer", formula.left, formula.right))
        return tuple(arguments)

    @property
    def convention(self) -> str:
        """What is assumed at the kinks and jumps of the operation; empty where it has none."""
        op = self.node.op
        return op.convention if self.varying and (op is where or op.smooth is not None) else ""

    @property
    def smooth(self) -> Expr | None:
        """The relation that holds away from the kinks, where no convention is needed."""
        op = self.node.op
        return op.smooth(*self.node.args) if self.varying and op.smooth is not None else None

    @property
    def formula(self) -> Formula | None:
        """The rule in letters, made by the rows and the chain rule themselves; None for leaves and constants."""
        if not self.varying:
            return None
        general, inner = self._in_letters()
        if self.is_chain:
            slope = self._row_slope(general)
            by = general.args[self.varying[0]]
            return Formula(general, slope, by)
        return Formula(general, tidied(node_derivative(general, inner)))

    @property
    def bindings(self) -> list[tuple[str, Expr]]:
        """Which letter of the formula stands for what, constants last."""
        if not self.varying or self.node.op is add:
            return []
        names = self._names()
        pairs = [(names[place], self.node.args[place]) for place in self.varying if names[place] != str(self.variable)]
        constants = self._constants()
        if self.node.op is mul:
            return pairs + ([(self.letters.constant(""), product(*[self.node.args[place] for place in constants]))] if constants else [])
        kept = [place for place in constants if not self._stays(place)]
        return pairs + [(names[place], self.node.args[place]) for place in kept]

    @property
    def applied(self) -> Expr | None:
        """The right side of the formula with everything put in for its letters, before any folding: 5*(3*x + 1)^(5 - 1)*3."""
        formula = self.formula
        if formula is None or self.node.op is add:
            return None
        names = self._names()
        parts = {symbol_node(letter): value for letter, value in self.bindings}
        for place in self.varying:
            slope = self.slopes[place]
            assert slope is not None
            parts[symbol_node(f"{names[place]}'")] = tidied(slope)
        applied = substitute(formula.right, parts)
        inner = parts[symbol_node(f"{names[self.varying[0]]}'")]
        return applied if formula.by is None or inner is ONE else mul(applied, inner)

    def _roles(self) -> list[str]:
        op, args = self.node.op, self.node.args
        if op.roles:
            return list(op.roles)
        varying = ["inner"] if self.is_chain else self.letters.varying(len(self.varying))
        return [varying[self.varying.index(place)] if place in self.varying else "constant" for place in range(len(args))]

    def _constants(self) -> list[int]:
        return [place for place in range(len(self.node.args)) if place not in self.varying]

    def _stays(self, place: int) -> bool:
        """A constant that the rule shows as it is: the e of e^u, the condition of a choice."""
        return self.node.args[place] is E or place in self.node.op.conditions

    def _names(self) -> list[str]:
        """A letter for each argument; the variable keeps its own name where it is all that varies."""
        op, args = self.node.op, self.node.args
        varying = self.letters.varying(len(self.varying))
        if len(self.varying) == 1 and args[self.varying[0]] is self.variable:
            varying = [str(self.variable)]
        roles = op.roles or ("",) * len(args)
        return [varying[self.varying.index(place)] if place in self.varying else self.letters.constant(roles[place])
                for place in range(len(args))]

    def _in_letters(self) -> tuple[Expr, list[Expr]]:
        """The operation on letters, and the derivatives of these."""
        op, names = self.node.op, self._names()
        if op is add:
            pair = self.letters.varying(2)
            return add(*map(symbol_node, pair)), [symbol_node(f"{name}'") for name in pair]
        slopes = [(ONE if name == str(self.variable) else symbol_node(f"{name}'")) if place in self.varying else ZERO
                  for place, name in enumerate(names)]
        if op is mul:
            letters = [symbol_node(names[place]) for place in self.varying]
            constant = [symbol_node(self.letters.constant(""))] if len(self.varying) < len(names) else []
            return mul(*constant, *letters), [*([ZERO] * len(constant)), *[slopes[place] for place in self.varying]]
        args = [child if self._stays(place) else symbol_node(names[place]) for place, child in enumerate(self.node.args)]
        return Expr(op, tuple(args)), slopes

    def _row_slope(self, general: Expr) -> Expr:
        """The partial derivative as the row writes it: 1 - tanh(u)^2."""
        assert general.op.slopes is not None
        slope = general.op.slopes(general, *general.args)[self.varying[0]]
        assert slope is not None
        return slope


class Derivation:
    """The derivative of an expression by a variable, with every step on the way: a graph, shared parts derived once.

    A step is found by its expression (`derivation[expression]`), and its premises name the expressions it rests on.

    >>> from symdiff import parse
    >>> [step.rule for step in derive(parse("sin(x^2)")).steps()]
    ['power rule', 'chain rule']
    """

    __slots__ = ("_steps", "expression", "result", "variable")

    def __init__(self, expression: Expr, variable: Expr, result: Expr, steps: dict[Expr, Step]) -> None:
        self.expression, self.variable, self.result, self._steps = expression, variable, result, steps

    def __repr__(self) -> str:
        return f"<derivation of {self.expression} by {self.variable}: {len(self._steps)} steps>"

    def __getitem__(self, expression: Expr) -> Step:
        try:
            return self._steps[expression]
        except KeyError:
            raise UsageError(f"this derivation has no step for {expression!r}") from None

    def __contains__(self, expression: object) -> bool:
        return expression in self._steps

    def __len__(self) -> int:
        return len(self._steps)

    def __iter__(self) -> Iterator[Step]:
        """Every step, trivial ones too, premises before what rests on them."""
        return iter(self._steps.values())

    def __reduce__(self) -> tuple[Any, ...]:
        return derive, (self.expression, self.variable)

    def steps(self, every: bool = False) -> list[Step]:
        """The steps in reading order, premises first; every=True keeps leaves, constants and numbers times the variable.

        >>> from symdiff import parse
        >>> [step.rule for step in derive(parse("ln(x^2 + 1)"), "x").steps()]
        ['power rule', 'sum rule', 'chain rule']
        """
        last = self._steps[self.expression]
        return [step for step in self if every or step is last or not step.is_trivial]

    def explain(self) -> str:
        """The derivation as plain text.  Raises LimitError beyond `limits.printed_length`.

        >>> from symdiff import parse
        >>> print(derive(parse("sin(x^2)"), "x").explain())
        Differentiate sin(x^2) with respect to x.
        <BLANKLINE>
        1. Power rule: (x^n)' = n*x^(n - 1) with n = 2.
           (x^2)' = 2*x^(2 - 1) = 2*x
        <BLANKLINE>
        2. Chain rule: outer sin(u), inner u = x^2.
           d/du sin(u) = cos(u) and u' = 2*x (step 1).
           (sin(x^2))' = cos(x^2)*(2*x) = 2*cos(x^2)*x
        <BLANKLINE>
        Result: 2*cos(x^2)*x
        """
        return self._written("explanation")

    def latex(self) -> str:
        """The derivation as a LaTeX fragment (a numbered list; formulas need amsmath)."""
        return self._written("latex_steps")

    def markdown(self) -> str:
        """The derivation as Markdown with LaTeX formulas between dollar signs."""
        return self._written("markdown_steps")

    def html(self) -> str:
        """The derivation as an HTML fragment, everything escaped, without scripts."""
        return self._written("html_steps")

    def draw(self, path: Any, *, at: Mapping[Any, Any] | None = None, mark: Any = (), engine: str | None = None,
             format: str | None = None) -> Any:
        """Draw the derivation into a file as cards, one a step, and return the path; see `symdiff.draw`.

        at: a number for every variable, for values and a comparison with a numeric derivative on every card.
        """
        return import_module("symdiff.drawing.engines").draw(self, path, at=at, mark=mark, engine=engine, format=format)

    _repr_markdown_ = markdown

    def _written(self, form: str) -> str:
        write: Callable[[Derivation], str] = getattr(import_module("symdiff.printing.steps"), form)
        return write(self)


def derive(expression: Expr | float, variable: Expr | str | None = None) -> Derivation:
    """Differentiate and keep the derivation: each expression on the way, the rule of its row, its derivative and its premises.

    variable: a symbol or its name; by default the one free variable.
    The result is that of `diff`, made by the same pass.  Raises UsageError for conditions and for what is no variable.

    >>> from symdiff import parse
    >>> d = derive(parse("x^2*sin(x)"), "x")
    >>> d.result
    Expr('2*x*sin(x) + x^2*cos(x)')
    >>> [(p.role, str(p.expression), str(p.derivative)) for p in d[d.expression].premises]
    [('u', 'x^2', '2*x'), ('v', 'sin(x)', 'cos(x)')]
    """
    root = differentiable(expression)
    by = only_variable(root) if variable is None else as_symbol(variable)
    letters = letters_beside({str(symbol.value) for symbol in free_symbols(root)} | {str(by)})
    with paused_collector():
        slope = slopes_along(root, {by: ONE})
        return Derivation(root, by, tidied(slope[root]), _recorded(root, by, slope, letters))


def _recorded(root: Expr, variable: Expr, slope: dict[Expr, Expr], letters: Letters) -> dict[Expr, Step]:
    """A step for every varying node and every constant one beside it, in the order the slopes were made."""
    steps: dict[Expr, Step] = {}
    varies = {variable}

    def record(original: Expr, node: Expr) -> None:
        varying = tuple(place for place, child in enumerate(node.args) if child in varies and not child.op.relation)
        if original is not variable and not any(child in varies for child in node.args):
            if original is root:
                steps[original] = Step(original, CONSTANT, ZERO, original, (ZERO,) * len(original.args), (), variable, letters)
            return
        varies.add(original)
        if original.op.relation:
            return
        for child in node.args:
            if child not in steps and not child.op.relation:
                steps[child] = Step(child, CONSTANT, ZERO, child, (ZERO,) * len(child.args), (), variable, letters)
        inner = tuple(None if child.op.relation else slope.get(child, ZERO) for child in node.args)  # a tree of zeros is not in it
        steps[original] = Step(original, _rule(node, varying, variable), slope.get(original, ZERO), node, inner, varying, variable, letters)

    for original in postorder(root):
        node = expanded(original) if any(child in varies for child in original.args) else original
        if node is not original:
            for inside in postorder(node, known=original.args)[:-1]:
                if inside not in steps:
                    record(inside, inside)
        record(original, node)
    return steps


def _rule(node: Expr, varying: tuple[int, ...], variable: Expr) -> str:
    """The name of the rule that applies, as the row has it for what varies and what does not."""
    if node is variable:
        return VARIABLE
    op: Op = node.op
    if op is mul:  # constants of a product count as one
        pattern = "c" * (len(varying) < len(node.args)) + "u" * len(varying)
    else:
        pattern = "".join("u" if place in varying else "c" for place in range(len(node.args)))
    standard = op.rule == "chain rule" and len(varying) == 1 and node.args[varying[0]] is variable
    return op.rules.get(pattern, STANDARD if standard else op.rule)
