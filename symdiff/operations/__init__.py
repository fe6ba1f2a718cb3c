"""The table: every operation is one row, found by its name."""

from symdiff.operations import arithmetic, elementary, hyperbolic, learning, operators, piecewise, special, trigonometric
from symdiff.operations.op import ALIASES, TABLE, Interval, Op, alias, as_expr, define_row

__all__ = [
    "ALIASES", "TABLE", "Interval", "Op", "alias", "arithmetic", "as_expr", "define_row", "elementary", "hyperbolic", "learning",
    "operators", "piecewise", "special", "trigonometric",
]

operators.attach()
