"""Hypothesis strategies: formulas over the table, points inside their domains, spellings, programs; they shrink to the shortest formula.

A formula is drawn as a flat program for a stack machine (leaves push, rows pop), which is fast to draw and shrinks well.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

from symdiff.choices import piecewise
from symdiff.errors import UsageError
from symdiff.evaluator import Evaluator
from symdiff.expr import Expr, number, symbol_node
from symdiff.operations import ALIASES, TABLE
from symdiff.operations.op import Op
from symdiff.programs import Program
from symdiff.symbols import as_symbol
from symdiff.testing.boxes import Box, Enclosure, certain_boxes, enclosed, enclosure_of
from symdiff.testing.hypotheses import hypothesis, st
from symdiff.walk import free_symbols

__all__ = [
    "ARITHMETIC", "FUNCTIONS", "conditions", "expression_and_point", "expressions", "formula_text", "numbers", "piecewise_expressions",
    "points", "polynomials", "programs", "spellings",
]

ARITHMETIC: list[Op] = [TABLE[name] for name in ("add", "mul", "div", "pow", "neg")]
FUNCTIONS: list[Op] = [op for op in TABLE.values() if op.arity and not op.relation and op.name != "where"]
"""Every row with numbers as arguments and value, arithmetic included."""
CONDITIONAL: list[Op] = [op for op in TABLE.values() if op.relation or op.name == "where"]
CONSTANTS: list[Expr] = [Expr(TABLE[name]) for name in ("pi", "e")]
SMALL: list[Expr] = [number(value) for value in (
    1, 2, 3, 0, -1, -2, -3, Fraction(1, 2), Fraction(-1, 2), Fraction(1, 3), Fraction(3, 4))]
AWKWARD: list[Expr] = [number(value) for value in (
    0, 1, -1, 2, -2, 0.0, -0.0, 1.0, -1.0, 0.5, -0.1, 1e22, -1e-7, 5e-324, 1.7976931348623157e308, 100000.0, 1e16, Fraction(1, 2),
    Fraction(-1, 2), Fraction(1, 3), Fraction(-7, 3), 10 ** 40, -10 ** 40, 2 ** 64, Fraction(10 ** 30, 7), Fraction(-1, 10 ** 30))]
LARGEST = 1e8
"""Values of a formula built for a given domain stay below it there."""

Step = Expr | tuple[Op, int]


def numbers(*, small: bool = False) -> st.SearchStrategy[Expr]:
    """Leaves that are numbers: integers, fractions and floats of every size, or with small=True a few simple ones."""
    if small:
        return st.sampled_from(SMALL)
    return st.one_of(st.sampled_from(AWKWARD), st.integers().map(number), st.fractions().map(number),
                     st.floats(allow_nan=False, allow_infinity=False).map(number))


def expressions(
    variables: Sequence[Expr | str] = ("x", "y", "z"), functions: Iterable[str | Op] | None = None, max_nodes: int = 14, *,
    smooth: bool = False, domain: Mapping[Any, tuple[float, float]] | None = None, leaves: st.SearchStrategy[Expr] | None = None,
) -> st.SearchStrategy[Expr]:
    """Formulas in these variables.

    functions: names of functions to use beside arithmetic; by default all of the table, conditions and `where` among them.
    max_nodes: the most distinct nodes.  smooth: only operations without kinks and jumps (poles and edges of domains remain).
    domain: {variable: (low, high)}; formulas are then defined on the whole box, which interval reasoning proves as they are built.
    leaves: what stands beside the variables; by default small numbers, pi and e.
    Raises UsageError for names that are no functions.

    >>> from hypothesis import find
    >>> find(expressions("x", ["sin"]), lambda f: "sin" in str(f))
    Expr('sin(x)')
    """
    symbols = [as_symbol(variable) for variable in variables]
    rows = _rows(functions, smooth)
    box = _box(domain, symbols)
    others = st.one_of(st.sampled_from(SMALL), st.sampled_from(CONSTANTS)) if leaves is None else leaves
    operations = [st.tuples(st.sampled_from(rows), st.integers(0, 2)) for _ in range(1 if functions is None else 3)]  # one of each kind counts
    steps = st.one_of(st.sampled_from(symbols), others, *operations)
    most = max(1, max_nodes - 2 - 2 * any(op.conditions for op in rows))
    return st.lists(steps, min_size=1, max_size=most).map(lambda program: _Machine(symbols[0], box).number_of(program))


def conditions(variables: Sequence[Expr | str] = ("x", "y", "z"), max_nodes: int = 14,
               leaves: st.SearchStrategy[Expr] | None = None) -> st.SearchStrategy[Expr]:
    """Relations and their combinations, such as x > 0 and y <= x^2."""
    symbols = [as_symbol(variable) for variable in variables]
    others = st.one_of(st.sampled_from(SMALL), st.sampled_from(CONSTANTS)) if leaves is None else leaves
    steps = st.one_of(st.one_of(st.sampled_from(symbols), others), st.tuples(st.sampled_from(_rows(None, False)), st.integers(0, 2)))
    return st.lists(steps, min_size=1, max_size=max(1, max_nodes - 4)).map(lambda program: _Machine(symbols[0], None).condition_of(program))


def _rows(functions: Iterable[str | Op] | None, smooth: bool) -> list[Op]:
    chosen = [*FUNCTIONS, *CONDITIONAL] if functions is None else [_row(name) for name in functions]
    if smooth:
        chosen = [op for op in chosen if not op.relation and op.name != "where" and (op.smooth is None or not op.convention)]
    often = 1 + 2 * len(ARITHMETIC) // len(chosen) if chosen else 0  # a few functions come as often as all of arithmetic
    return [*ARITHMETIC, *ARITHMETIC, *chosen * often]


def _row(name: str | Op) -> Op:
    op = name if isinstance(name, Op) else TABLE.get(ALIASES.get(name, name))
    if op is None or not op.arity:
        raise UsageError(f"there is no function {name!r}; symdiff's functions are in docs/reference/functions.md, define adds your own")
    return op


def _box(domain: Mapping[Any, tuple[float, float]] | None, symbols: Sequence[Expr]) -> Box | None:
    if domain is None:
        return None
    box = {as_symbol(key): (float(low), float(high)) for key, (low, high) in domain.items()}
    for symbol in symbols:
        low, high = box.setdefault(symbol, (-math.inf, math.inf))
        if not low <= high:
            raise UsageError(f"the domain of {symbol} is empty: {low} to {high}")
    return box


class _Machine:
    """Runs a drawn program; where a box is given, an operation that is not certainly defined on it is left out."""

    def __init__(self, default: Expr, box: Box | None) -> None:
        self.default, self.box = default, box
        self.values: list[Expr] = []
        self.truths: list[Expr] = []
        self.known: dict[Expr, Enclosure] = {}

    def run(self, program: Sequence[Step]) -> None:
        for step in program:
            if isinstance(step, Expr):
                self.values.append(step)
            else:
                self._apply(*step)

    def _apply(self, op: Op, extra: int) -> None:
        count = op.arity + (extra if op.variadic else 0)
        args = [self._popped(self.truths, self.default > 0) if place in op.conditions else self._popped(self.values, self.default)
                for place in range(count)]
        node = Expr(op, tuple(args) if op.conditions else tuple(reversed(args)))
        if self.box is None or self._holds(node):
            (self.truths if op.relation else self.values).append(node)
        elif not op.conditions:
            self.values += reversed(args)

    def _holds(self, node: Expr) -> bool:
        assert self.box is not None
        for child in node.args:
            enclosed(child, self.box, self.known)
        found = enclosure_of(node.op, [self.known[child] for child in node.args])
        return found.defined is True and (node.op.relation or -LARGEST < found.low <= found.high < LARGEST)

    @staticmethod
    def _popped(stack: list[Expr], default: Expr) -> Expr:
        return stack.pop() if stack else default

    def number_of(self, program: Sequence[Step]) -> Expr:
        """Everything the program built, as one formula: the last piece, unless it left several."""
        self.run(program)
        values = self.values
        if len(values) < 2:
            return self._popped(values, self.default)
        node = Expr(TABLE["add" if len(values) % 2 else "mul"], tuple(values))
        return node if self.box is None or self._holds(node) else values[-1]

    def condition_of(self, program: Sequence[Step]) -> Expr:
        self.run(program)
        return self._popped(self.truths, self.default > 0)


# points

SCALES = (8.0, 1e3, 1e6)
CORNERS = (1.0, 2.0, 0.5, 3.0, 0.0, -1.0, -2.0, -0.5, 0.25, -0.25)


def points(expression: Expr, *, smooth: bool = False, domain: Mapping[Any, tuple[float, float]] | None = None,
           ) -> st.SearchStrategy[dict[Expr, float]]:
    """Values for the variables of a formula at which it has a real value (as real numbers go; floats may overflow).

    The boxes they are drawn from are found by interval reasoning, not by drawing until one fits; where no box is certain, as for
    sqrt(-x^2), simple values are tried.  smooth: also away from kinks and jumps.  domain: {variable: (low, high)} to stay within.
    A formula for which no point is found gives an empty strategy.

    >>> from hypothesis import find
    >>> from symdiff import parse
    >>> find(points(parse("ln(x)")), lambda point: True)
    {Expr('x'): 1.0}
    """
    within = tuple(sorted((str(as_symbol(key)), float(low), float(high)) for key, (low, high) in (domain or {}).items()))
    boxes, single = _places(expression, smooth, within)
    drawn = [st.fixed_dictionaries({symbol: _floats(low, high) for symbol, (low, high) in box.items()}) for box in boxes]
    return st.one_of(*drawn) if drawn else st.sampled_from(single) if single else st.nothing()


@lru_cache(maxsize=512)
def _places(expression: Expr, smooth: bool, within: tuple[tuple[str, float, float], ...]) -> tuple[list[Box], list[dict[Expr, float]]]:
    """Boxes inside the domain; and where there are none, single points."""
    given = {symbol_node(name): (low, high) for name, low, high in within}
    symbols = free_symbols(expression)
    for scale in SCALES:
        start = {s: (max(low, -scale), min(high, scale)) for s in symbols for low, high in [given.get(s, (-scale, scale))]}
        if any(low > high for low, high in start.values()):
            continue
        inside, _ = certain_boxes(expression, start, smooth=smooth)
        if inside:
            return [{s: _away_from_ends(*box[s]) for s in symbols} for box in inside], []
    return [], [] if smooth else _single_points(Evaluator(expression), symbols, given)


def _away_from_ends(low: float, high: float) -> tuple[float, float]:
    """A little inside: the ends of a certain box may be the ends of a domain."""
    return low + (high - low) / 64, high - (high - low) / 64


def _single_points(evaluator: Evaluator, symbols: Sequence[Expr], given: Box) -> list[dict[Expr, float]]:
    candidates = [{s: CORNERS[(shift + step * place) % len(CORNERS)] for place, s in enumerate(symbols)}
                  for step in (0, 1, 3) for shift in range(len(CORNERS))]
    return [point for point in candidates if math.isfinite(evaluator.floats(point))
            and all(low <= point[s] <= high for s, (low, high) in given.items() if s in point)]


@lru_cache(maxsize=4096)
def _floats(low: float, high: float) -> st.SearchStrategy[float]:
    simple = [value for value in CORNERS if low <= value <= high] or [float(n) for n in range(math.ceil(low), math.floor(high) + 1)][:5]
    drawn = st.floats(low, high, allow_subnormal=False)
    return st.one_of(st.sampled_from(simple), drawn) if simple else drawn


@st.composite
def expression_and_point(draw: st.DrawFn, variables: Sequence[Expr | str] = ("x", "y", "z"), functions: Iterable[str | Op] | None = None,
                         max_nodes: int = 14, *, smooth: bool = False) -> tuple[Expr, dict[Expr, float]]:
    """A formula with values for its variables at which it is defined."""
    expression = draw(expressions(variables, functions, max_nodes, smooth=smooth))
    found = points(expression, smooth=smooth)
    hypothesis.assume(not found.is_empty)
    return expression, draw(found)


# text

_TOKENS = re.compile(r"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[^\W\d]\w*|<=|>=|==|!=|.")
_OTHER_NAMES = {name: [other for other, meant in ALIASES.items() if meant == name] for name in TABLE}


@st.composite
def spellings(draw: st.DrawFn, expression: Expr) -> str:
    """Texts that parse as just this formula: spaces, ** for ^, other names of functions, parentheses, products without a sign."""
    text = str(expression)
    tokens = [token for token in _TOKENS.findall(text) if not token.isspace()]
    spelled = [*tokens]
    for place, token in enumerate(tokens):
        if draw(st.integers(0, 3)):
            continue
        following = tokens[place + 1] if place + 1 < len(tokens) else ""
        names = _OTHER_NAMES.get(token, []) if following == "(" else []
        if token == "^":
            spelled[place] = "**"
        elif token == "pi":
            spelled[place] = "π"
        elif names:
            spelled[place] = draw(st.sampled_from(names))
        elif token == "*":
            spelled[place] = draw(st.sampled_from([" * ", "·", "×"]))
        elif token in "+-/()<>,":
            spelled[place] = f" {token} " if token not in "()" else token + " "
    joined = _joined(spelled)
    return f"({joined})" if draw(st.integers(0, 7)) == 1 and not expression.op.relation else joined


def _joined(tokens: Sequence[str]) -> str:
    """Words are kept apart, where parsing would make one of two."""
    text = ""
    for token in tokens:
        text += (" " if text and (text[-1].isalnum() or text[-1] == "_") and (token[0].isalnum() or token[0] == "_") else "") + token
    return text.strip()


def formula_text(of: st.SearchStrategy[Expr] | None = None) -> st.SearchStrategy[str]:
    """Formulas as people write them, in the spellings the language allows; `of`: which formulas, by default `expressions()`.

    >>> from hypothesis import find
    >>> find(formula_text(), lambda text: True)
    'x'
    """
    return (expressions() if of is None else of).flatmap(spellings)


# formulas of special shapes

def polynomials(variables: Sequence[Expr | str] = ("x",), degree: int = 5, terms: int = 5) -> st.SearchStrategy[Expr]:
    """Sums of monomials with small exact coefficients, of at most that degree in each variable.

    >>> from hypothesis import find
    >>> find(polynomials(degree=3), lambda p: "x^3" in str(p))
    Expr('x^3')
    """
    symbols = [as_symbol(variable) for variable in variables]
    powers = st.lists(st.integers(0, degree), min_size=len(symbols), max_size=len(symbols))
    monomials = st.tuples(st.sampled_from([node for node in SMALL if node.value]), powers).map(lambda drawn: _monomial(symbols, *drawn))
    return st.lists(monomials, min_size=1, max_size=terms).map(lambda parts: parts[0] if len(parts) == 1 else TABLE["add"](*parts))


def _monomial(symbols: Sequence[Expr], coefficient: Expr, powers: Sequence[int]) -> Expr:
    factors = [symbol if power == 1 else symbol ** power for symbol, power in zip(symbols, powers) if power]
    parts = [*([coefficient] if coefficient.value != 1 or not factors else []), *factors]
    return parts[0] if len(parts) == 1 else TABLE["mul"](*parts)


@st.composite
def piecewise_expressions(draw: st.DrawFn, variables: Sequence[Expr | str] = ("x", "y"), max_branches: int = 3) -> Expr:
    """Choices between short formulas, with borders at simple places and meeting there or not."""
    symbols = [as_symbol(variable) for variable in variables]
    branch = expressions(symbols, ["sin", "exp", "abs"], 7)
    border = st.tuples(st.sampled_from(symbols), st.sampled_from(["lt", "le", "gt", "ge", "eq", "ne"]), st.sampled_from(SMALL))
    pairs = draw(st.lists(st.tuples(branch, border.map(lambda drawn: TABLE[drawn[1]](drawn[0], drawn[2]))), min_size=1, max_size=max_branches))
    return piecewise(*[(formula, condition) for formula, condition in pairs], draw(branch))


@st.composite
def programs(draw: st.DrawFn, variables: Sequence[Expr | str] = ("x", "y"), max_lines: int = 4) -> Program:
    """Programs of named formulas, each of which may use the names before it."""
    known: list[Expr] = [as_symbol(variable) for variable in variables]
    definitions: dict[str, Expr] = {}
    for place in range(draw(st.integers(1, max_lines))):
        name = symbol_node(f"v{place + 1}")
        definitions[str(name)] = draw(expressions([known[-1], *known[:-1]], max_nodes=8, smooth=True))
        known.append(name)
    return Program(definitions)
