"""check: right derivatives are agreed to, wrong ones refuted, and nothing is claimed where nothing was shown."""

from __future__ import annotations

import math
import pickle
import sys
import time
from decimal import Decimal
from pathlib import Path

import pytest

from symdiff import DomainError, MissingDependency, Symbol, UsageError, Verdict, check, diff, parse
from symdiff.evaluation import evaluate
from symdiff.operations import TABLE

FEYNMAN = [line.split("\t") for line in (Path(__file__).parent / "cases" / "feynman.tsv").read_text(encoding="utf-8").splitlines()]
x, y = Symbol("x"), Symbol("y")

RIGHT = [
    ("x^2*sin(x)", "2x*sin(x) + x^2*cos(x)"),
    ("ln(x^2 + 1)", "2x/(x^2 + 1)"),
    ("sin(x)^2 + cos(x)^2", "0"),
    ("sin(x)^2 + cos(x)^2", "sin(x)^2 + cos(x)^2 - 1"),
    ("3", "0"),
    ("x^x", "x^x*(ln(x) + 1)"),
    ("sqrt(x)", "1/(2*sqrt(x))"),
    ("abs(x)", "sign(x)"),
    ("relu(x)", "step(x)"),
    ("floor(x)", "0"),
    ("where(x > 0, x^2, 0)", "where(x > 0, 2*x, 0)"),
    ("erf(x)", "2/sqrt(pi)*exp(-x^2)"),
    ("exp(exp(x))", "exp(exp(x))*exp(x)"),
    ("asin(x)", "1/sqrt(1 - x^2)"),
    ("sin(10^22*x)", "10^22*cos(10^22*x)"),
    ("x/0.3", "3.3333333333333335"),
    ("(x + 10^40)^2 - x^2", "2*10^40"),
]

WRONG = [
    ("sign slip", "cos(x)", "sin(x)"),
    ("sign of a term", "x^2*sin(x)", "2x*sin(x) - x^2*cos(x)"),
    ("missing inner derivative", "sin(x^2)", "cos(x^2)"),
    ("missing inner derivative of a square", "ln(x^2 + 1)", "1/(x^2 + 1)"),
    ("product rule as a product", "x*exp(x)", "exp(x)"),
    ("quotient rule without its divisor", "x/(x + 1)", "1"),
    ("power rule without its factor", "x^5", "x^4"),
    ("exponent not lowered", "x^3", "3*x^3"),
    ("exponential taken for a power", "2^x", "x*2^(x - 1)"),
    ("wrong at negative x only", "x^2", "2*abs(x)"),
    ("wrong at negative x only, by choice", "x^3", "where(x < 0, -3*x^2, 3*x^2)"),
    ("wrong beyond 100 only", "x^2", "where(x > 100, 2*x + 1, 2*x)"),
    ("wrong below -100 only", "x^2", "where(x < -100, 2*x + 1, 2*x)"),
    ("wrong near 0 only", "x^2", "where(abs(x) < 1/10, 0, 2*x)"),
    ("wrong between 0 and 1 only", "x^2", "where(0 < x and x < 1, x, 2*x)"),
    ("a part in 10^12", "x^2", "2*x*(1 + 10^-12)"),
    ("a part in 10^12 as a decimal", "x^2", "2*x*(1 + 1e-12)"),
    ("a part in 10^20", "exp(x)", "exp(x)*(1 + 10^-20)"),
    ("a constant on top", "x^2", "2*x + 10^-15"),
    ("not zero", "sin(x)^2 + cos(x)^2", "1"),
    ("zero", "x/10^30", "0"),
    ("undefined for negative x", "x^2", "2*sqrt(x)^2"),
    ("the function itself", "ln(x)", "ln(x)"),
    ("radians and degrees", "sin(x)", "cos(pi*x/180)"),
    ("arcsine for arctangent", "atan(x)", "1/sqrt(1 + x^2)"),
    ("logarithm without its base", "log(x, 10)", "1/x"),
]


@pytest.mark.parametrize(("f", "df"), RIGHT)
def test_right_derivatives_are_agreed_to(f: str, df: str) -> None:
    verdict = check(f, df)
    assert verdict.kind == "sampled", str(verdict)
    assert verdict.ok
    assert verdict.points >= 5


@pytest.mark.parametrize(("slip", "f", "df"), WRONG, ids=[slip for slip, _, _ in WRONG])
def test_wrong_derivatives_are_refuted_for_every_seed(slip: str, f: str, df: str) -> None:
    for seed in range(3):
        verdict = check(f, df, seed=seed)
        assert verdict.kind == "refuted", f"{slip}: {verdict}"
        assert not verdict.ok
        _assert_reproducible(f, df, verdict)


def _assert_reproducible(f: str, df: str, verdict: Verdict) -> None:
    """The point told is one where the formula has the value told, and the function's own difference quotient the other."""
    found = evaluate(parse(df), verdict.point, digits=30, undefined="nan")
    if verdict.found is None:
        assert math.isnan(found)
    else:
        assert abs(Decimal(str(found)) - verdict.found) <= abs(verdict.found) * Decimal("1e-12")
    here = {name: value + 1e-6 for name, value in verdict.point.items()}
    there = {name: value - 1e-6 for name, value in verdict.point.items()}
    try:
        rise = evaluate(parse(f), here, digits=40) - evaluate(parse(f), there, digits=40)
    except DomainError:
        return
    assert verdict.expected is not None
    assert math.isclose(rise / 2e-6, float(verdict.expected), rel_tol=1e-3, abs_tol=1e-9)


@pytest.mark.parametrize(("name", "text"), FEYNMAN, ids=[name for name, _ in FEYNMAN])
def test_feynmans_formulas_have_checked_derivatives_by_every_variable(name: str, text: str) -> None:
    f = parse(text)
    for variable in sorted(f.free_symbols, key=str):
        verdict = check(f, diff(f, variable), variable)
        assert verdict.ok, f"{name} by {variable}: {verdict}"


def test_a_verdict_reads_as_a_sentence() -> None:
    assert str(check("x^2", "2x")) == "sampled: agreed at 24 points to 25 digits (seed 0)"
    assert str(check("x^2", "3x")).startswith("refuted at x = 2.5488: the derivative is 5.0976, the formula gives 7.6464")
    assert str(check("sqrt(-1 - x^2)", "1")).startswith("unknown: no usable points (")
    assert "the formula has no value" in str(check("x^3", "3*ln(x)*x^2/ln(x)"))


def test_a_verdict_has_no_truth_value() -> None:
    with pytest.raises(UsageError, match=r"verdict\.ok"):
        bool(check("x", "1"))
    with pytest.raises(UsageError, match="refuted"):
        Verdict(kind="proved")


def test_a_verdict_is_a_plain_immutable_value() -> None:
    verdict = check("x*y", "x", "x")
    assert pickle.loads(pickle.dumps(verdict)) == verdict
    assert hash(verdict) == hash(pickle.loads(pickle.dumps(verdict)))
    with pytest.raises(AttributeError):
        verdict.kind = "sampled"  # type: ignore[misc]
    assert set(verdict.point) == {"x", "y"}
    assert isinstance(verdict.expected, Decimal)


def test_the_same_seed_gives_the_same_verdict_and_another_seed_other_points() -> None:
    assert check("x*y", "x", x) == check("x*y", "x", x)
    assert check("x*y", "x", x, seed=1).point != check("x*y", "x", x).point


def test_where_nothing_was_shown_the_reason_says_so() -> None:
    nowhere = check("ln(-1 - x^2)", "1")
    assert nowhere.kind == "unknown"
    assert not nowhere.ok
    assert "dropped: f has no value" in nowhere.reason
    flat = check("erf(x + 10^7)", "4/sqrt(pi)*exp(-(x + 10^7)^2)")  # no digit of this derivative reaches a difference quotient
    assert flat.kind == "unknown"
    assert "digits are lost" in flat.reason


def test_kinks_jumps_and_edges_are_dropped_not_judged() -> None:
    assert check("abs(x)", "sign(x)").points < check("x", "1").points
    assert check("sqrt(x)", "1/(2*sqrt(x))").ok
    assert check("max(x, 0)", "where(x > 0, 1, 0)").ok
    assert check("max(x, 0)", "where(x >= 0, 1, 0)").ok


def test_a_derivative_that_lacks_its_value_at_a_single_point_is_agreed_to_with_a_note() -> None:
    verdict = check("sqrt(x^4)", "2*x^3/sqrt(x^4)")
    assert verdict.ok
    assert str(verdict).endswith("df has no value at x = 0, where f has a derivative")


def test_other_variables_vary_too_even_those_of_the_derivative_alone() -> None:
    assert check("a*x^2 + b", "2*a*x", "x").ok
    assert check("a*x^2 + b", "2*a*x + b/10^9", "x").kind == "refuted"
    assert check("x^2", "2*x + a", "x").kind == "refuted"
    with pytest.raises(UsageError, match="say by which variable"):
        check("a*x", "a")


def test_a_domain_narrows_where_to_look() -> None:
    assert check("abs(x)", "1").kind == "refuted"
    assert check("abs(x)", "1", domain={"x": (0, 5)}).ok
    assert check("abs(x)", "1", domain={x: (0, math.inf)}).ok
    assert check("abs(x)", "-1", domain={"x": (-math.inf, 0)}).ok
    assert check("abs(x - y)", "1", "x", domain="x > y").ok
    assert check("asin(x - 5000)", "1/sqrt(1 - (x - 5000)^2)", domain={"x": (4999, 5001)}).ok
    for domain in ({"x": (1, 0)}, {"x": 3}, "x + 1", "q > 0"):
        with pytest.raises(UsageError, match="domain"):
            check("x", "1", domain=domain)


def test_conditions_and_senseless_numbers_of_points_are_refused() -> None:
    for arguments in (("x > 0", "1"), ("x", "x > 0")):
        with pytest.raises(UsageError, match="condition"):
            check(*arguments)
    for options in ({"points": 0}, {"digits": 2}, {"digits": 10_000}):
        with pytest.raises(UsageError, match="points from 5"):
            check("x", "1", **options)


def test_more_digits_and_points_are_what_the_verdict_then_says() -> None:
    verdict = check("exp(x)", "exp(x)", digits=60, points=30, seed=3)
    assert (verdict.digits, verdict.seed) == (60, 3)
    assert verdict.points >= 30


def test_rounded_floats_lower_the_digits_compared_and_short_decimals_do_not() -> None:
    assert check("x/3.0", "0.3333333333333333").digits == 13
    assert check("x^2.5", "2.5*x^1.5").digits == 25
    assert check("x/3.0", "0.33333333333").kind == "refuted"


def test_a_small_formula_is_checked_in_well_under_a_tenth_of_a_second() -> None:
    check("x", "1")
    best = min(_seconds("x^2*sin(x)", "2x*sin(x) + x^2*cos(x)") for _ in range(5))
    assert best < 0.1


def _seconds(f: str, df: str) -> float:
    start = time.perf_counter()
    check(f, df)
    return time.perf_counter() - start


def test_depth_is_no_obstacle() -> None:
    deep = x
    for _ in range(1_000):
        deep = TABLE["sin"](deep)
    assert check(deep, diff(deep, x), points=5).ok
    assert check(deep, diff(deep, x) * (1 + parse("10^-14"))).kind == "refuted"


def test_checking_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mpmath", None)
    with pytest.raises(MissingDependency, match=r"checking needs mpmath; install it with: pip install 'symdiff\[check\]'"):
        check("x", "1")
