"""The identities, a module a subject: one tuple RULES of one-line rules in each, and the rejected ones with their counterexamples."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from symdiff.simplification.rule import Rule, Stage

__all__ = ["SUBJECTS", "all_rules", "rules_of_stage"]

SUBJECTS = (
    "sums_and_powers", "roots_and_absolute", "exponentials", "trigonometric", "hyperbolic", "inverse_functions", "learning", "piecewise",
    "special", "accuracy",
)


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, built when first asked for."""
    modules = [import_module(f"{__name__}.{subject}") for subject in SUBJECTS]
    return tuple(rule for module in modules for rule in module.RULES)


def rules_of_stage(*stages: Stage) -> tuple[Rule, ...]:
    return tuple(rule for rule in all_rules() if rule.stage in stages)
