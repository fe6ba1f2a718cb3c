"""The test harness: strategies for formulas, assertions for derivatives and rewrite rules of any kind, law suites, a pytest plugin.

Names load on first use, so that the pytest plugin costs nothing at start; strategies and law suites need Hypothesis, the extra `testing`.

>>> from symdiff.testing import check_derivative
>>> check_derivative(lambda t: t**3, lambda t: 3*t**2).verdict
'pass'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from symdiff.testing.assertions import check_derivative as check_derivative
    from symdiff.testing.assertions import check_gradient as check_gradient
    from symdiff.testing.assertions import check_hessian as check_hessian
    from symdiff.testing.assertions import check_jacobian as check_jacobian
    from symdiff.testing.assertions import check_vjp_jvp as check_vjp_jvp
    from symdiff.testing.profiles import using as using
    from symdiff.testing.reports import CheckFailed as CheckFailed
    from symdiff.testing.reports import Finding as Finding
    from symdiff.testing.reports import Inconclusive as Inconclusive
    from symdiff.testing.reports import Report as Report
    from symdiff.testing.rules import check_equivalent as check_equivalent
    from symdiff.testing.rules import check_not_swollen as check_not_swollen
    from symdiff.testing.rules import check_round_trip as check_round_trip
    from symdiff.testing.rules import check_rule as check_rule
    from symdiff.testing.strategies import conditions as conditions
    from symdiff.testing.strategies import expression_and_point as expression_and_point
    from symdiff.testing.strategies import expressions as expressions
    from symdiff.testing.strategies import formula_text as formula_text
    from symdiff.testing.strategies import numbers as numbers
    from symdiff.testing.strategies import piecewise_expressions as piecewise_expressions
    from symdiff.testing.strategies import points as points
    from symdiff.testing.strategies import polynomials as polynomials
    from symdiff.testing.strategies import programs as programs
    from symdiff.testing.strategies import spellings as spellings
    from symdiff.testing.suites import check_differentiator as check_differentiator
    from symdiff.testing.suites import law_suite as law_suite

_LAZY = {  # public name: the module it lives in
    **dict.fromkeys(("check_derivative", "check_gradient", "check_hessian", "check_jacobian", "check_vjp_jvp"), "assertions"),
    **dict.fromkeys(("check_rule", "check_equivalent", "check_not_swollen", "check_round_trip"), "rules"),
    **dict.fromkeys(("check_differentiator", "law_suite"), "suites"),
    **dict.fromkeys(("CheckFailed", "Finding", "Inconclusive", "Report"), "reports"),
    **dict.fromkeys(("conditions", "expression_and_point", "expressions", "formula_text", "numbers", "piecewise_expressions", "points",
                     "polynomials", "programs", "spellings"), "strategies"),
    "using": "profiles",
}

__all__ = [*_LAZY]


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module 'symdiff.testing' has no attribute {name!r}")
    value = getattr(import_module(f"symdiff.testing.{_LAZY[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
