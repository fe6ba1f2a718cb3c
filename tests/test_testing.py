"""The harness itself: what assertions find, shrink, refuse to judge and say; strategies; the plugin."""

from __future__ import annotations

import ctypes
import ctypes.util
import math
import shlex
import subprocess
import sys
import tomllib
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

import symdiff as sd
from symdiff import Expr, MissingDependency, UsageError, diff, parse
from symdiff.cli.main import main
from symdiff.evaluator import Evaluator
from symdiff.programs import Program
from symdiff.testing import (
    CheckFailed,
    Inconclusive,
    check_derivative,
    check_equivalent,
    check_gradient,
    check_hessian,
    check_jacobian,
    check_not_swollen,
    check_round_trip,
    check_rule,
    check_vjp_jvp,
    expression_and_point,
    expressions,
    formula_text,
    piecewise_expressions,
    points,
    polynomials,
    programs,
    spellings,
    using,
)
from symdiff.testing.boxes import certain_boxes, enclosed
from symdiff.testing.callables import framework
from symdiff.testing.differences import difference
from symdiff.testing.references import KINK, complex_step, richardson, trouble_at
from symdiff.testing.registration import register
from symdiff.walk import free_symbols, postorder

x, y = sd.symbols("x y")
EPSILON = 2.0 ** -52


# References tell how far they may be off

SMOOTH: list[tuple[Any, Any]] = [
    (math.sin, math.cos), (math.exp, math.exp), (math.tanh, lambda t: 1 - math.tanh(t) ** 2), (lambda t: t ** 5, lambda t: 5 * t ** 4),
    (lambda t: math.sin(1000 * t), lambda t: 1000 * math.cos(1000 * t)), (lambda t: 1e8 + t, lambda t: 1.0),
    (lambda t: 1 / (t * t + 1e-4), lambda t: -2 * t / (t * t + 1e-4) ** 2), (math.erf, lambda t: 2 / math.sqrt(math.pi) * math.exp(-t * t)),
]


@pytest.mark.parametrize("place", [-3.0, -0.7, 0.0, 1e-4, 0.3, 1.0, 2.5, 7.0])
@pytest.mark.parametrize(("f", "df"), SMOOTH)
def test_a_numeric_derivative_is_within_its_own_error_of_the_true_one(f: Any, df: Any, place: float) -> None:
    found = richardson(lambda t: f(place + t), abs(place) or 1.0, EPSILON)
    assert abs(found.value - df(place)) <= 4 * found.error + 8 * EPSILON * abs(df(place))


def test_most_references_have_nine_digits_or_more() -> None:
    def error(f: Any, place: float) -> float:
        return richardson(lambda t: f(place + t), place, EPSILON).error
    errors = [error(f, place) / abs(df(place)) for f, df in SMOOTH[:4] for place in (0.3, 2.5)]
    assert max(errors) < 1e-9


@pytest.mark.parametrize(("line", "said"), [
    (abs, "kink"), (lambda t: max(t, 2 * t), "kink"), (lambda t: math.sqrt(abs(t)), "kink|vertical"), (lambda t: math.atan2(t, -1.0), "branch cut"),
    (lambda t: math.copysign(1.0, t), "branch cut"), (math.cbrt, "vertical"), (lambda t: math.sqrt(t) if t >= 0 else math.nan, "edge"),
    (lambda t: t * abs(t), ""), (math.sin, ""), (lambda t: t ** 3, ""),
])
def test_points_without_a_derivative_are_known_by_their_kind(line: Any, said: str) -> None:
    found = trouble_at(line, 1.0, EPSILON)
    assert found == "" if not said else any(found.startswith(word) for word in said.split("|"))


def test_a_complex_step_that_a_function_swallows_is_not_believed() -> None:
    def folded(t: complex) -> complex:
        return complex(abs(1 + t))
    rough = richardson(lambda t: abs(1 + t), 1.0, EPSILON)
    assert complex_step(folded, rough, 1.0, EPSILON) is rough
    assert complex_step(lambda t: (1 + t) ** 2, richardson(lambda t: (1 + t) ** 2, 1.0, EPSILON), 1.0, EPSILON).method == "complex step"


# Verdicts

def test_what_cannot_be_judged_fails_with_the_reason() -> None:
    with pytest.raises(Inconclusive, match="no value: f is not defined here"):
        check_derivative(lambda t: math.sqrt(-1 - t * t), lambda t: 0.0)
    assert check_derivative(lambda t: math.exp(1e5 + t), math.exp, raising=False).verdict == "inconclusive"


@pytest.mark.parametrize(("f", "df", "at", "reason"), [
    (abs, lambda t: 1.0, 0.0, KINK),
    (math.floor, lambda t: 0.0, 2.0, "branch cut"),
    (lambda t: math.exp(t) * 1e300, lambda t: math.exp(t) * 1e300, 300.0, "overflow"),
    (lambda t: (1 - math.cos(t)) / t ** 2, lambda t: 1.0, 1e-8, "cancellation"),
    ("abs(x)", "1", 0.0, KINK),
])
def test_a_point_that_says_nothing_is_inconclusive_for_its_reason(f: Any, df: Any, at: float, reason: str) -> None:
    found = check_derivative(f, df, at=at, raising=False)
    assert found.verdict == "inconclusive"
    assert any(said.startswith(reason) for said in found.reasons), found


def test_a_finding_has_no_truth_value() -> None:
    found = check_derivative(math.sin, math.cos)
    assert found.ok
    with pytest.raises(UsageError, match="three answers"):
        bool(found)


@pytest.mark.parametrize("call", [
    lambda: check_derivative(math.sin, [1]), lambda: check_derivative("x*y", "y"), lambda: check_derivative("x*y", math.cos, "x"),
    lambda: check_gradient(np.sum, lambda v: v[:2], shape=3), lambda: check_gradient(np.sum, shape=3),
    lambda: check_gradient(np.sum, np.cos, shape=0),
    lambda: check_vjp_jvp(np.sin, shape=3), lambda: check_derivative(math.sin, math.cos, like="fortran"), lambda: check_rule("a", "b"),
    lambda: expressions(functions=["sine"]), lambda: expressions("x", domain={"x": (2, 1)}),
])
def test_calls_that_make_no_sense_are_refused(call: Any) -> None:
    with pytest.raises(UsageError):
        call()


# Every assertion, right and wrong

def test_formulas_callables_and_compiled_functions_are_all_checked() -> None:
    slope = sd.lambdify([x], diff(parse("x^2*sin(x)"), x))
    assert check_derivative("x^2*sin(x)", slope).ok
    assert check_derivative(sd.lambdify([x], parse("x^2*sin(x)")), "2x*sin(x) + x^2*cos(x)").ok
    assert check_derivative("x^2*y", "2*x*y", "x").ok
    assert check_derivative("x^2*y", "x*y", "x", raising=False).verdict == "fail"


def test_compiled_c_and_ctypes_functions_are_checked() -> None:
    library = ctypes.CDLL(ctypes.util.find_library("m"))
    for function in (library.sin, library.cos):
        function.argtypes, function.restype = [ctypes.c_double], ctypes.c_double
    assert check_derivative(library.sin, library.cos).ok
    assert not check_derivative(library.cos, library.sin, raising=False).ok


def test_gradients_jacobians_hessians_and_products_of_one_function_are_checked() -> None:
    matrix = np.array([[1.0, 2.0], [0.5, -1.0], [3.0, 0.25]])

    def f(v: Any) -> Any:
        return np.tanh(matrix @ v)

    def jacobian(v: Any) -> Any:
        return (1 - np.tanh(matrix @ v) ** 2)[:, None] * matrix
    assert check_jacobian(f, jacobian, shape=2).ok
    assert check_vjp_jvp(f, lambda v, w: w @ jacobian(v), lambda v, u: jacobian(v) @ u, shape=2).ok
    assert check_gradient(lambda v: np.sum(f(v)), lambda v: np.sum(jacobian(v), axis=0), shape=2).ok
    assert check_hessian(lambda v: v[0] ** 3 * v[1], lambda v: np.array([[6 * v[0] * v[1], 3 * v[0] ** 2], [3 * v[0] ** 2, 0]]), shape=2).ok
    assert "Jacobian-vector" in str(check_vjp_jvp(f, None, lambda v, u: jacobian(u) @ u, shape=2, raising=False))


def test_several_arguments_are_named_in_the_report() -> None:
    def f(weights: Any, bias: Any) -> Any:
        return np.sum(np.sin(weights)) + np.sum(bias ** 2)
    found = check_gradient(f, lambda w, b: [np.cos(w), 3 * b], shape=[(2, 3), 2], raising=False)
    assert found.report is not None
    assert "coordinate x1[" in found.report.what


def test_single_precision_is_judged_by_its_own_rounding() -> None:
    single = np.float32
    assert check_gradient(lambda v: np.sum(np.sin(v.astype(single))), lambda v: np.cos(v.astype(single)), shape=3).ok
    assert not check_gradient(lambda v: np.sum(np.sin(v.astype(single))), lambda v: 1.01 * np.cos(v.astype(single)), shape=3, raising=False).ok


# Reports

def test_a_report_has_all_that_is_needed_to_act_on_it() -> None:
    with pytest.raises(CheckFailed) as caught:
        check_derivative("x^2*sin(3*x)", "2*x*sin(3*x) + x^2*cos(3*x)")
    report = caught.value.report
    assert report is not None
    assert (str(report.formula), report.point, report.operations) == ("x^2*sin(3*x)", {"x": 1.0}, 4)
    assert (str(report.node), report.rule) == ("sin(3*x)", "chain rule")
    assert report.hint == "as if the inner derivative of sin(3*x) were left out"
    text = str(report)
    for part in ("LaTeX      x^{2} \\sin(3 x)", "symbolic   2*x*sin(3*x) + 3*x^2*cos(3*x) = -2.68", "expected   -2.68773747368", "+-",
                 "reproduce  symdiff check 'x^2*sin(3*x)' '2*x*sin(3*x) + x^2*cos(3*x)' --wrt x --seed 0"):
        assert part in text


def test_the_line_to_reproduce_a_failure_reproduces_it(capsys: pytest.CaptureFixture[str]) -> None:
    found = check_derivative("sin(3*x)", "cos(3*x)", raising=False)
    assert found.report is not None
    words = shlex.split(found.report.reproduce)
    assert words[0] == "symdiff"
    assert main(words[1:]) == 1
    assert "refuted" in capsys.readouterr().out
    wrong = check_derivative(lambda t: abs(t) ** 3, lambda t: 3 * t * t, raising=False)
    assert wrong.report is not None
    place = float(wrong.report.reproduce.partition("at=")[2].rstrip(")"))
    assert not check_derivative(lambda t: abs(t) ** 3, lambda t: 3 * t * t, at=place, raising=False).ok


def test_a_drawing_of_the_failure_shows_the_part_in_question_in_red(tmp_path: Path) -> None:
    with using(graphs=tmp_path / "graphs"):
        found = check_derivative("x^2*sin(3*x)", "2*x*sin(3*x) + x^2*cos(3*x)", raising=False)
    assert found.report is not None
    assert found.report.picture is not None
    assert found.report.picture.parent == tmp_path / "graphs"
    svg = found.report.picture.read_text(encoding="utf-8")
    assert svg.count('<g class="mark">') == 1
    assert "sin" in svg.partition('<g class="mark">')[2].partition("</g>")[0]


def test_the_same_seed_looks_at_the_same_inputs_and_another_one_at_others() -> None:
    met: list[list[float]] = []
    for seed in (0, 0, 1):
        places: list[float] = []
        check_derivative(lambda t, places=places: places.append(t) or t, lambda t: 1.0, seed=seed)
        met.append(places)
    assert met[0] == met[1] != met[2]


@given(st.floats(-300, 300), st.sampled_from([0.5, 2.0, -1.0, 0.0]))
def test_a_slope_wrong_on_one_side_of_any_place_is_found_at_a_simple_number(place: float, factor: float) -> None:
    found = check_derivative(lambda t: t ** 2 / 2 + t, lambda t: (t + 1) * (factor if t > place else 1), raising=False)
    assert found.report is not None
    assert (value := found.report.point["x"]) == float(f"{value:.4g}")


# Rules

@pytest.mark.parametrize(("left", "right", "when", "wrong"), [
    ("sqrt(a^2)", "a", None, "changes a value"), ("ln(a^2)", "2*ln(a)", None, "shrinks the domain"), ("a", "a^2/a", None, "shrinks the domain"),
    ("(a^b)^c", "a^(b*c)", None, "changes a value"), ("tanh(a)", "where(a > 100, 0, tanh(a))", None, "changes a value"),
    ("abs(a)*b", "a*b", "b > 0", "changes a value"),
])
def test_unsound_rules_are_found(left: str, right: str, when: str | None, wrong: str) -> None:
    with pytest.raises(CheckFailed, match=wrong) as caught:
        check_rule(left, right, when)
    assert caught.value.report is not None
    assert (caught.value.report.operations or 0) <= 8


def test_sound_rules_pass_and_a_domain_that_must_stay_is_seen_to_grow() -> None:
    assert check_rule("ln(a*b)", "ln(a) + ln(b)", when="a > 0 and b > 0").ok
    assert check_rule("x/x", "1").ok
    assert "extends the domain" in str(check_rule("x/x", "1", extends=False, raising=False))
    assert check_rule("sqrt(-1 - a^2)", "a", raising=False).verdict == "inconclusive"


def test_a_long_rule_is_shortened_by_its_common_parts() -> None:
    found = check_rule("sqrt(((x^3 + 1)*(y - 2)*exp(z))^2) + sin(w)*tan(w)", "(x^3 + 1)*(y - 2)*exp(z) + sin(w)*tan(w)", raising=False)
    assert found.report is not None
    assert (found.report.operations or 99) <= 4


def test_equivalence_size_and_round_trips_are_checked() -> None:
    assert check_equivalent("(x + 1)^2", "x^2 + 2x + 1").ok
    assert "check_equivalent" in str(check_equivalent("x + 1", "x + 2", raising=False))
    assert check_not_swollen("x + x + x", "3*x").ok
    assert "swollen" in str(check_not_swollen("x", "x + 0*y", raising=False))
    assert check_round_trip(parse, str, parse("-x^2")).ok
    assert "reads back" in str(check_round_trip(lambda text: parse(text + "+1"), str, x, raising=False))
    assert "no known function" in str(check_round_trip(lambda text: parse("q(x)"), str, x, raising=False))


# Strategies

@given(expressions(max_nodes=9))
def test_expressions_have_no_more_nodes_than_asked_for(e: Expr) -> None:
    assert len(postorder(e)) <= 9


@given(expressions(["a", "b"], ["sin"], smooth=True))
def test_expressions_have_only_the_variables_and_functions_asked_for(e: Expr) -> None:
    assert {str(s) for s in free_symbols(e)} <= {"a", "b"}
    assert {node.op.name for node in postorder(e) if node.args} <= {"add", "mul", "div", "pow", "neg", "sin"}


BOX = {"x": (0.5, 2.0), "y": (-1.0, 1.0)}


@given(expressions("xy", domain=BOX), st.floats(0.5, 2), st.floats(-1, 1))
def test_expressions_for_a_domain_are_defined_on_all_of_it(e: Expr, a: float, b: float) -> None:
    assert math.isfinite(Evaluator(e).floats({x: a, y: b}))


@given(expression_and_point())
def test_points_lie_in_the_domain(drawn: tuple[Expr, dict[Expr, float]]) -> None:
    e, point = drawn
    assert not math.isnan(Evaluator(e).floats(point))


@pytest.mark.parametrize(("text", "inside"), [
    ("ln(x - 7)", lambda t: t > 7), ("acosh(x - 200)", lambda t: t >= 201), ("sqrt(4 - x^2)", lambda t: -2 <= t <= 2),
    ("asin(x/10)", lambda t: -10 <= t <= 10),
    ("1/(x - 1)", lambda t: t != 1), ("sqrt(-x^2)", lambda t: t == 0), ("ln(-x)*sqrt(x + 3)", lambda t: -3 <= t < 0),
])
def test_points_are_drawn_inside_narrow_domains_without_filtering(text: str, inside: Any) -> None:
    formula = parse(text)

    @given(points(formula))
    def check(point: dict[Expr, float]) -> None:
        assert inside(point[x])
    check()


def test_a_formula_without_a_domain_has_no_points() -> None:
    assert points(parse("sqrt(-1 - x^2)")).is_empty


@given(expressions().flatmap(lambda e: st.tuples(st.just(e), spellings(e))))
def test_every_spelling_parses_as_the_formula(drawn: tuple[Expr, str]) -> None:
    assert parse(drawn[1]) is drawn[0]


def test_spellings_are_varied() -> None:
    formula = parse("asin(x)^2*pi + 2*y")
    for piece in ("**", "×", "π", "arcsin", "· "):
        assert piece.strip() in find(formula_text(st.just(formula)), lambda text, piece=piece: piece.strip() in text)


@given(programs())
def test_programs_are_read_back(program: Program) -> None:
    assert sd.parse_program(str(program)) == program


@given(polynomials(["x", "y"], degree=3), piecewise_expressions())
def test_polynomials_and_piecewise_formulas_are_what_they_say(p: Expr, w: Expr) -> None:
    assert {node.op.name for node in postorder(p) if node.args} <= {"add", "mul", "pow"}
    assert any(node.op.name == "where" for node in postorder(w))


def test_hypothesis_and_pytest_are_told_where_the_strategies_and_the_plugin_are() -> None:
    project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["entry-points"]["hypothesis"] == {"symdiff": "symdiff.testing.registration:register"}
    assert project["entry-points"]["pytest11"] == {"symdiff": "symdiff.testing.plugin"}


register()  # what Hypothesis does by itself where symdiff is installed


@given(e=..., program=...)
def test_the_type_alone_draws_formulas(e: Expr, program: Program) -> None:
    assert isinstance(e, Expr)
    assert program.names


@pytest.mark.parametrize(("function", "condition", "shortest"), [
    ("tan", lambda e: "tan" in str(e), 1), ("sin", lambda e: "sin(" in str(e) and "*" in str(e), 2), ("where", lambda e: " if " in str(e), 4),
])
def test_formulas_shrink_to_the_shortest(function: str, condition: Any, shortest: int) -> None:
    found = find(expressions(functions=[function]), condition, settings=settings(max_examples=500, derandomize=True))
    assert sum(bool(node.args) for node in postorder(found)) <= shortest


@given(expressions("xy", max_nodes=8), st.floats(-2, 2), st.floats(-2, 2), st.floats(0, 1), st.floats(0, 1))
def test_interval_reasoning_encloses_values_and_knows_domains(e: Expr, a: float, b: float, da: float, db: float) -> None:
    found = enclosed(e, {x: (a, a + da), y: (b, b + db)})
    for part in (0, 0.37, 1):
        value = Evaluator(e).floats({x: a + part * da, y: b + part * db})
        if found.defined is False:
            assert math.isnan(value) or math.isinf(value)
        elif found.defined and math.isfinite(value):
            assert found.low - 1e-9 * abs(found.low) - 1e-9 <= value <= found.high + 1e-9 * abs(found.high) + 1e-9
        assert not (found.defined and math.isnan(value))


def test_boxes_that_are_certainly_smooth_leave_kinks_out() -> None:
    inside, _ = certain_boxes(parse("abs(x - 1)"), {x: (-4.0, 4.0)}, smooth=True)
    assert inside
    assert not any(low <= 1 <= high for box in inside for low, high in box.values())


# The plugin

def run_pytest(folder: Path, *options: str, code: str) -> str:
    (folder / "test_example.py").write_text(code, encoding="utf-8")
    plugin = [] if "symdiff.testing.plugin" in _entry_points() else ["-p", "symdiff.testing.plugin"]
    done = subprocess.run([sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *plugin, *options, str(folder)], cwd=folder,
                          capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def _entry_points() -> list[str]:
    return [entry.value for entry in entry_points(group="pytest11")]


WRONG = """
import math
import pytest
from symdiff import parse
from symdiff.testing import check_derivative

def test_wrong():
    check_derivative("x^2*sin(3*x)", "2*x*sin(3*x) + x^2*cos(3*x)")

def test_formulas():
    assert parse("x^2 + sin(2*x)") == parse("x^2 + sin(3*x)")

@pytest.mark.symdiff(profile="thorough", seed=5)
def test_marked(symdiff_setting):
    from symdiff.testing.profiles import current
    assert (current().profile.name, current().seed, symdiff_setting.seed) == ("thorough", 5, 7)
"""


def test_the_plugin_gives_options_marker_fixture_drawings_and_readable_differences(tmp_path: Path) -> None:
    shown = run_pytest(tmp_path, "--symdiff-seed", "7", "--symdiff-profile", "quick", "--symdiff-graph", str(tmp_path / "drawn"), code=WRONG)
    assert "2 failed, 1 passed" in shown, shown
    assert "symdiff: profile quick, seed 7, drawings in" in shown
    assert "--wrt x --seed 7" in shown
    assert "parts at   sin(3*x)  [chain rule]" in shown
    assert "part:   2  !=  3" in shown
    assert "values: at x = 1 they are" in shown
    assert len(list((tmp_path / "drawn").glob("*.svg"))) == 1


SUITE = """
import symdiff as sd
from symdiff.testing import law_suite

def diff(f, x):
    return sd.diff(f, x)*(2 if "cos" in str(f) else 1)

test_laws = law_suite(parse=sd.parse, diff=diff, evaluate=sd.evaluate, functions=["cos"], grid=False)
"""


def test_a_failing_law_says_where_and_how_to_see_it_again(tmp_path: Path) -> None:
    shown = run_pytest(tmp_path, "-k", "derivative", code=SUITE)
    assert "1 failed" in shown, shown
    assert "the derivative is wrong at x = 1" in shown
    assert "formula    cos(x)" in shown
    assert "@reproduce_failure(" in shown


def test_the_plugin_loads_nothing_heavy_at_start() -> None:
    code = "import symdiff.testing.plugin, symdiff.testing.registration, sys; print(*sys.modules)"
    loaded = set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())
    assert not loaded & {"lark", "graphviz", "numpy", "mpmath", "hypothesis", "torch", "sympy", "symdiff.calculus", "symdiff.simplification"}


def test_without_hypothesis_strategies_name_the_extra_and_assertions_work() -> None:
    code = ("import sys; sys.modules['hypothesis'] = None\n"
            "import symdiff.testing as t\n"
            "print(t.check_derivative(lambda x: x**2, lambda x: 2*x).verdict)\n"
            "try:\n    t.expressions\nexcept t.__dict__.get('x', Exception) as error:\n    print(type(error).__name__, error)")
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.splitlines()[0] == "pass"
    assert "MissingDependency" in shown
    assert "symdiff[testing]" in shown


def test_a_missing_framework_is_named() -> None:
    with pytest.raises(MissingDependency):
        framework("tensorflow_that_is_not_there")


def test_equal_functions_in_other_forms_are_said_to_be_so() -> None:
    lines = difference(parse("(x + 1)^2"), parse("x^2 + 2*x + 1"))
    assert lines[-1].startswith("  values: the same at all")
