"""The strategies of symdiff.testing as this suite uses them: symbols with awkward names, numbers of every size."""

from __future__ import annotations

from hypothesis import strategies as st

from symdiff.expr import NUMBER, SYMBOL, Expr, symbol_node
from symdiff.operations import TABLE
from symdiff.operations.op import Op
from symdiff.testing import strategies as harness
from symdiff.testing.strategies import ARITHMETIC, AWKWARD, FUNCTIONS, SMALL

__all__ = [
    "ARITHMETIC", "AWKWARD", "CONSTANTS", "FUNCTIONS", "ROWS", "SYMBOLS", "X", "anything", "conditions", "expressions", "moderate_expressions",
    "numbers",
]

ROWS: list[Op] = [op for op in TABLE.values() if op.arity]
CONSTANTS: list[Expr] = [Expr(op) for op in TABLE.values() if not op.arity]
SYMBOLS = [symbol_node(name) for name in ("x", "y", "z", "theta_1", "α", "__class__", "ex", "E", "L")]
X = SYMBOLS[0]

numbers = harness.numbers()
_leaves = st.one_of(numbers, st.sampled_from(CONSTANTS))
expressions = harness.expressions(SYMBOLS, max_nodes=18, leaves=_leaves)
conditions = harness.conditions(SYMBOLS, max_nodes=18, leaves=_leaves)
anything = st.one_of(expressions, expressions, conditions)
moderate_expressions = harness.expressions(SYMBOLS[:3], max_nodes=12, leaves=st.one_of(st.sampled_from(SMALL), st.sampled_from(CONSTANTS[:2])))
"""Expressions with small numbers, whose values are mostly of moderate size."""

assert all(node.op in (NUMBER, SYMBOL) for node in (*SYMBOLS, *AWKWARD))
