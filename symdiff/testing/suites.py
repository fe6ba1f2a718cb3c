"""Law suites: the laws of calculus as pytest tests of another system, and the same search as one assertion for a differentiator."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from random import Random
from typing import Any

from symdiff.errors import MissingDependency, SymdiffError
from symdiff.evaluation import evaluate as own_evaluate
from symdiff.operations.op import Op
from symdiff.parsing.infix import parse as own_parse
from symdiff.testing.hypotheses import hypothesis
from symdiff.testing.laws import LAWS, Formulas, Law, Point, System, corner_points, sample_formulas
from symdiff.testing.profiles import current
from symdiff.testing.reports import CheckFailed, Finding, Report

__all__ = ["check_differentiator", "first_failure", "law_suite"]

SINGLE = "the derivative is the numeric one"


def first_failure(law: Law, system: System, functions: Sequence[str | Op] | None = None, *, max_nodes: int = 8, examples: int | None = None,
                  seed: int | None = None, grid: bool = True) -> Report | None:
    """The shortest formula found for which a system breaks a law: every function in plain surroundings first, then random formulas."""
    if law.count == 1 and grid:
        for formula in sample_formulas(functions):
            report = law.broken(system, (formula,), corner_points((formula,)))
            if report is not None:
                return report
    return _random_failure(law, system, functions, max_nodes, current().profile.examples if examples is None else examples,
                           current().seed if seed is None else seed)


def _random_failure(law: Law, system: System, functions: Sequence[str | Op] | None, max_nodes: int, examples: int, seed: int) -> Report | None:
    found: list[Report] = []

    def fails(drawn: tuple[Formulas, list[Point]]) -> bool:
        report = law.broken(system, *drawn)
        if report is not None:
            found.append(report)
        return report is not None
    settings = hypothesis.settings(
        max_examples=max(10, examples), deadline=None, database=None, phases=[hypothesis.Phase.generate, hypothesis.Phase.shrink],
        suppress_health_check=list(hypothesis.HealthCheck))
    try:
        hypothesis.find(law.examples(functions, max_nodes), fails, settings=settings, random=Random(seed))
    except (hypothesis.errors.NoSuchExample, hypothesis.errors.Unsatisfiable):
        return None
    return min(found, key=lambda report: (report.operations or 0, len(str(report.formula))))


def check_differentiator(diff: Callable[[Any, str], Any], *, parse: Callable[[str], Any] = own_parse,
                         evaluate: Callable[[Any, dict[str, float]], Any] = own_evaluate, functions: Sequence[str | Op] | None = None,
                         seed: int | None = None, raising: bool = True) -> Finding:
    """Whether diff(formula, name) gives derivatives: every function in plain surroundings, then random formulas, against differences.

    parse, evaluate: how the differentiator's formulas are made from text and get values; by default they are symdiff's own.
    functions: the names of those it knows; by default all.  A failure is shrunk to the shortest formula, raised as CheckFailed.

    >>> import symdiff as sd
    >>> check_differentiator(sd.diff, functions=["sin", "exp"]).verdict
    'pass'
    >>> wrong = check_differentiator(lambda f, x: sd.diff(f, x).subs({sd.cos(sd.Symbol("x")): 1}), functions=["sin"], raising=False)
    >>> print(wrong.report.formula)
    sin(x)
    """
    law = next(law for law in LAWS if law.name == SINGLE)
    report = first_failure(law, System(parse, diff, evaluate), functions, seed=seed)
    if report is None:
        return Finding(verdict="pass", agreed=current().profile.examples)
    return Finding(verdict="fail", report=report).settled(raising)


def law_suite(*, parse: Callable[[str], Any], diff: Callable[[Any, str], Any], evaluate: Callable[[Any, dict[str, float]], Any],
              simplify: Callable[[Any], Any] | None = None, write: Callable[[Any], str] | None = None,
              functions: Sequence[str | Op] | None = None, max_nodes: int = 8, grid: bool = True,
              refusals: Sequence[type[Exception]] = (SymdiffError, NotImplementedError)) -> Any:
    """A parametrised pytest test that a system obeys the laws of calculus; bind it to a name that starts with test_.

    parse(text), diff(formula, name), evaluate(formula, {name: float}), simplify(formula), write(formula) are the system's own; without
    the last two, the laws of refinement and of the round trip are left out.
    functions: names of the functions the system knows; by default symdiff's whole table.
    grid: look first at every function in plain surroundings, which finds slips in single rules at once.
    refusals: exceptions by which the system says that it does not support a formula; other exceptions fail the test.
    Raises MissingDependency without pytest.

    Example, in a test file:

        test_laws = law_suite(parse=mine.parse, diff=mine.diff, evaluate=mine.value, functions=["sin", "exp"])
    """
    try:
        pytest = import_module("pytest")
    except ImportError:
        raise MissingDependency("pytest", "a law suite", "testing") from None
    system = System(parse, diff, evaluate, simplify, write, tuple(refusals))
    laws = [law for law in LAWS if law.holds_for(system)]

    def test_law(law: Law) -> None:
        if law.count == 1 and grid:
            for formula in sample_formulas(functions):
                _demand(law, system, ((formula,), corner_points((formula,))))
        profile = current().profile
        settings = hypothesis.settings(
            max_examples=profile.examples, deadline=None, print_blob=True, suppress_health_check=list(hypothesis.HealthCheck),
            phases=[phase for phase in hypothesis.Phase if phase is not hypothesis.Phase.explain],  # the report explains more
            derandomize=profile.name == "quick" and not current().seed)

        def obeyed(drawn: tuple[Formulas, list[Point]]) -> None:
            _demand(law, system, drawn)
        checked = settings(hypothesis.given(law.examples(functions, max_nodes))(obeyed))
        (hypothesis.seed(current().seed)(checked) if current().seed else checked)()
    return pytest.mark.parametrize("law", [pytest.param(law, id=law.name.replace(" ", "-")) for law in laws])(test_law)


def _demand(law: Law, system: System, drawn: tuple[Formulas, list[Point]]) -> None:
    report = law.broken(system, *drawn)
    if report is not None:
        raise CheckFailed(Finding(verdict="fail", report=report))
