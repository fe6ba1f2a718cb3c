"""Hypothesis strategies: expressions over the whole table, built node by node so that shapes no text would give come up too.

An expression is drawn as a flat program for a stack machine (leaves push, rows pop), which is fast to draw and shrinks well.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from hypothesis import strategies as st

from symdiff.expr import NUMBER, SYMBOL, Expr, number, symbol_node
from symdiff.operations import TABLE
from symdiff.operations.op import Op

__all__ = ["FUNCTIONS", "anything", "conditions", "expressions", "moderate_expressions", "numbers"]

ROWS: list[Op] = [op for op in TABLE.values() if op.arity]
ARITHMETIC: list[Op] = [TABLE[name] for name in ("add", "mul", "div", "pow", "neg")]
FUNCTIONS: list[Op] = [op for op in ROWS if not op.relation and op.name != "where"]
CONSTANTS: list[Expr] = [Expr(op) for op in TABLE.values() if not op.arity]
SYMBOLS = [symbol_node(name) for name in ("x", "y", "z", "theta_1", "α", "__class__", "ex", "E", "L")]
X = SYMBOLS[0]
AWKWARD = [number(value) for value in (
    0, 1, -1, 2, -2, 0.0, -0.0, 1.0, -1.0, 0.5, -0.1, 1e22, -1e-7, 5e-324, 1.7976931348623157e308, 100000.0, 1e16, Fraction(1, 2),
    Fraction(-1, 2), Fraction(1, 3), Fraction(-7, 3), 10 ** 40, -10 ** 40, 2 ** 64, Fraction(10 ** 30, 7), Fraction(-1, 10 ** 30))]

numbers = st.one_of(
    st.sampled_from(AWKWARD),
    st.integers().map(number),
    st.fractions().map(number),
    st.floats(allow_nan=False, allow_infinity=False).map(number),
)

Step = Expr | tuple[Op, int]


def _run(program: Sequence[Step]) -> tuple[list[Expr], list[Expr]]:
    """What a program leaves behind: the numbers and the conditions it built, the last ones on top."""
    values: list[Expr] = []
    truths: list[Expr] = []
    for step in program:
        if isinstance(step, Expr):
            values.append(step)
            continue
        op, extra = step
        count = op.arity + (extra if op.variadic else 0)
        args = [_popped(truths, X > 0) if place in op.conditions else _popped(values, X) for place in range(count)]
        (truths if op.relation else values).append(Expr(op, tuple(reversed(args)) if not op.conditions else tuple(args)))
    return values, truths


def _popped(stack: list[Expr], default: Expr) -> Expr:
    return stack.pop() if stack else default


def _programs(leaves: st.SearchStrategy[Expr], most: int) -> st.SearchStrategy[list[Step]]:
    rows = st.sampled_from([*ARITHMETIC, *ARITHMETIC, *ROWS])
    steps = st.one_of(leaves, st.tuples(rows, st.integers(0, 2)))
    return st.lists(steps, min_size=1, max_size=most)


def _number_of(program: Sequence[Step]) -> Expr:
    """Everything the program built, as one expression: the last piece, unless it left several."""
    values, _ = _run(program)
    return _popped(values, X) if len(values) < 2 else Expr(TABLE["add" if len(values) % 2 else "mul"], tuple(values))


leaves = st.one_of(st.sampled_from(SYMBOLS), numbers, st.sampled_from(CONSTANTS))
expressions = _programs(leaves, 14).map(_number_of)
conditions = _programs(leaves, 14).map(lambda program: _popped(_run(program)[1], X > 0))
anything = st.one_of(expressions, expressions, conditions)

_moderate = st.one_of(st.sampled_from(SYMBOLS[:3]), st.sampled_from([number(v) for v in (
    -3, -2, -1, 0, 1, 2, 3, Fraction(1, 2), Fraction(-1, 2), Fraction(1, 3), Fraction(3, 4))]), st.sampled_from(CONSTANTS[:2]))
moderate_expressions = _programs(_moderate, 8).map(_number_of)
"""Expressions with small numbers, whose values are mostly of moderate size."""

assert all(node.op in (NUMBER, SYMBOL) for node in (*SYMBOLS, *AWKWARD))
