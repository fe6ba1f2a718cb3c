"""The laws of calculus for symdiff itself and for SymPy and SymEngine, whose recorded findings are still so."""

from __future__ import annotations

import importlib.util
import math
import warnings
from importlib.metadata import version
from typing import Any

import pytest
from case_files import cases
from other_systems import SYSTEMS, formulas_of

import symdiff as sd
from symdiff.testing import check_differentiator, law_suite
from symdiff.testing.laws import LAWS, System, corner_points, sample_formulas
from symdiff.testing.suites import first_failure

test_symdiff_obeys_the_laws_of_calculus = law_suite(
    parse=sd.parse, diff=sd.diff, evaluate=sd.evaluate, simplify=sd.simplify, write=str, grid=False, max_nodes=6)


def test_every_rule_of_symdiff_gives_the_numeric_derivative_in_plain_surroundings() -> None:
    law = next(law for law in LAWS if law.name == "the derivative is the numeric one")
    system = System(sd.parse, sd.diff, sd.evaluate)
    rows = [op.name for op in sd.operations.TABLE.values() if op.arity == 1 and op.slopes and not op.relation and op.body is None]
    for formula in sample_formulas(rows):
        report = law.broken(system, (formula,), corner_points((formula,))[:3])
        assert report is None, str(report)


def _broken(**changed: Any) -> System:
    return System(**{"parse": sd.parse, "diff": sd.diff, "evaluate": sd.evaluate, "simplify": sd.simplify, "write": str, **changed})


BROKEN = {  # law: a system that breaks it
    "reading keeps values": _broken(parse=lambda text: sd.parse(text.replace("tan", "sin"))),
    "the derivative is the numeric one": _broken(diff=lambda f, x: sd.diff(f, x) * sd.number(2)),
    "linearity": _broken(diff=lambda f, x: sd.diff(f, x) + (1 if f.op.name == "add" else 0)),
    "product rule": _broken(diff=lambda f, x: sd.diff(f, x) * (1 if f.op.name != "mul" else 3)),
    "quotient rule": _broken(diff=lambda f, x: sd.diff(f, x) * (1 if f.op.name != "div" else -1)),
    "chain rule": _broken(diff=lambda f, x: sd.diff(f, x) if all(not a.args for a in f.args) else sd.diff(f, x) + 1),
    "commuting partials": _broken(diff=lambda f, x: sd.diff(f, x) * (2 if x == "x" and "y" not in map(str, f.free_symbols) else 1)
                                  + (sd.Symbol("y") ** 2 / 2 if x == "x" else 0)),
    "refinement": _broken(simplify=lambda f: sd.simplify(f, assume="x > 0, y > 0")),
    "round trip": _broken(write=lambda f: str(f).replace("-", "+")),
}


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_a_system_that_breaks_a_law_is_caught(law: Any) -> None:
    report = first_failure(law, BROKEN[law.name], ["tan", "abs", "ln"], examples=200)
    assert report is not None
    assert (report.operations or 0) <= 8, str(report)


def test_a_law_suite_is_a_parametrised_test_that_leaves_out_what_does_not_apply() -> None:
    suite = law_suite(parse=sd.parse, diff=sd.diff, evaluate=sd.evaluate, functions=["sin"])
    (mark,) = suite.pytestmark
    names = [parameter.id for parameter in mark.args[1]]
    assert "product-rule" in names
    assert "refinement" not in names
    assert "round-trip" not in names


def test_a_differentiator_may_refuse_what_it_does_not_know() -> None:
    def knows_sums_only(f: Any, name: str) -> Any:
        if any(node.op.name not in ("add", "number", "symbol") for node in [f, *f.args]):
            raise NotImplementedError
        return sd.diff(f, name)
    assert check_differentiator(knows_sums_only, functions=[]).ok


# what was found in released versions of other systems

FINDINGS = cases("law_findings.txt")


@pytest.mark.parametrize("name", SYSTEMS)
def test_recorded_findings_in_other_systems_are_still_so(name: str) -> None:
    if importlib.util.find_spec(name.lower()) is None:
        warnings.warn(f"{name} is not installed: what was found in it was not looked at again", stacklevel=1)
        pytest.skip(f"LOUD: no {name}")
    lines = [line for line in FINDINGS if line[0].startswith(name)]
    assert lines
    if lines[0][0] != f"{name} {version(name.lower())}":
        warnings.warn(f"the findings are those of {lines[0][0]}, and {version(name.lower())} is installed", stacklevel=1)
        pytest.skip("LOUD: another version")
    system = SYSTEMS[name]()
    for _, law_name, text, *_ in lines:
        law = next(law for law in LAWS if law.name == law_name)
        formulas = formulas_of(text)
        report = law.broken(system, formulas, corner_points(formulas))
        assert report is not None, text


def test_the_roots_of_the_findings_on_digamma_in_symengine_are_what_the_page_says() -> None:
    symengine = pytest.importorskip("symengine", reason="LOUD: no SymEngine")
    if version("symengine") != "0.15.0":
        pytest.skip("LOUD: another version of SymEngine")
    quarter, half = symengine.polygamma(0, symengine.Rational(5, 4)), symengine.polygamma(0, symengine.Rational(-1, 2))
    assert abs(float(quarter.n(53)) - math.pi - sd.evaluate(sd.parse("digamma(5/4)"))) < 1e-12
    assert str(half) == "zoo"
    assert math.isclose(sd.evaluate(sd.parse("digamma(-1/2)")), 0.0364899739785765)
