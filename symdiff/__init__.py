"""symdiff: symbolic derivatives that are exact, readable, short, proven right and fast to run.

Public names load on first use, so that `import symdiff` loads neither lark, graphviz nor numpy.

>>> import symdiff as sd
>>> x = sd.Symbol("x")
>>> sd.diff(sd.parse("x^2*sin(x)"), x)
Expr('2*x*sin(x) + x^2*cos(x)')
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from symdiff import limits, methods
from symdiff.errors import (
    CompilerError,
    DefinitionError,
    DomainError,
    LimitError,
    MissingDependency,
    ParseError,
    RenderError,
    SymdiffError,
    UsageError,
)
from symdiff.expr import Expr, number
from symdiff.operations import ALIASES, TABLE
from symdiff.operations.arithmetic import PI as pi
from symdiff.operations.arithmetic import E as e
from symdiff.symbols import Symbol, symbols

if TYPE_CHECKING:
    from symdiff.calculus.backpropagation import backpropagate as backpropagate
    from symdiff.calculus.derivation import Derivation as Derivation
    from symdiff.calculus.derivation import derive as derive
    from symdiff.calculus.forward import diff as diff
    from symdiff.calculus.totals import directional_derivative as directional_derivative
    from symdiff.calculus.totals import idiff as idiff
    from symdiff.calculus.totals import total_derivative as total_derivative
    from symdiff.choices import piecewise as piecewise
    from symdiff.functions import Function as Function
    from symdiff.parsing.infix import parse as parse
    from symdiff.parsing.latex import parse_latex as parse_latex
    from symdiff.parsing.program import parse_program as parse_program
    from symdiff.programs import Program as Program

methods.attach()

__version__ = "0.1.0"

_LAZY = {  # public name: the module it lives in
    "parse": "parsing.infix",
    "parse_latex": "parsing.latex",
    "parse_program": "parsing.program",
    "Program": "programs",
    "Function": "functions",
    "piecewise": "choices",
    "and_": "operations.piecewise",
    "or_": "operations.piecewise",
    "not_": "operations.piecewise",
    "backpropagate": "calculus.backpropagation",
    "diff": "calculus.forward",
    "gradient": "calculus.reverse",
    "value_and_gradient": "calculus.reverse",
    "vjp": "calculus.reverse",
    "jvp": "calculus.reverse",
    "hvp": "calculus.reverse",
    "jacobian": "calculus.matrices",
    "hessian": "calculus.matrices",
    "Matrix": "calculus.matrix",
    "taylor": "calculus.taylor",
    "idiff": "calculus.totals",
    "total_derivative": "calculus.totals",
    "directional_derivative": "calculus.totals",
    "derive": "calculus.derivation",
    "Derivation": "calculus.derivation",
    "evaluate": "evaluation",
    "subs": "substitution",
    "count_ops": "substitution",
    "define": "definitions",
    "simplify": "simplification.simplifying",
    "expand": "simplification.forms",
    "factor": "simplification.forms",
    "together": "simplification.forms",
    "apart": "simplification.partial_fractions",
    "cancel": "simplification.forms",
    "collect": "simplification.forms",
    "trigsimp": "simplification.forms",
    "cse": "simplification.common_parts",
    "equivalent": "simplification.equivalence",
    "latex": "printing.latex",
    "mathml": "printing.mathml",
    "pretty": "printing.unicode",
    "lambdify": "compilation.function",
    "CompiledFunction": "compilation.function",
    "objective": "interop.scipy",
    "curve_fit": "interop.scipy",
    "to_sympy": "interop.sympy",
    "from_sympy": "interop.sympy",
    "check": "checking.differences",
    "certify": "checking.certificates",
    "Verdict": "checking.verdict",
    "numeric_derivative": "numerics.quotients",
    "derivative_table": "numerics.error_table",
    "DerivativeTable": "numerics.error_table",
    "minimize_path": "optimization.descent",
    "Descent": "optimization.descent",
    "sensitivities": "optimization.sensitivities",
    "Sensitivities": "optimization.sensitivities",
    "chain_factors": "optimization.factors",
    "ChainFactors": "optimization.factors",
    "to_dot": "drawing.dot",
    "draw": "drawing.engines",
    "plot": "drawing.plots",
}

__all__ = [
    "CompilerError", "DefinitionError", "DomainError", "Expr", "LimitError", "MissingDependency", "ParseError", "RenderError", "Symbol",
    "SymdiffError", "UsageError", "e", "limits", "number", "pi", "symbols", *_LAZY,
]
__all__ += [name for name, op in TABLE.items() if op.arity and op.symbol is None and name not in __all__]


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        value = getattr(import_module(f"symdiff.{_LAZY[name]}"), name)
    else:  # sin, cos, arcsin, ...: every row of the table is a public function, users' own rows too
        row = TABLE.get(ALIASES.get(name, name))
        if row is None or not row.arity:
            raise AttributeError(f"module 'symdiff' has no attribute {name!r}")
        value = row
    if name not in TABLE:
        globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
