"""Descent, sensitivities and chains of factors: what they report is what calculus says."""

from __future__ import annotations

import math
import pickle

import pytest

from symdiff import DomainError, UsageError, chain_factors, diff, evaluate, minimize_path, parse, parse_program, sensitivities
from symdiff.optimization.descent import RATES

ROSENBROCK = "100*(y - x^2)^2 + (1 - x)^2"
BOWL = "x^2 + 3*y^2 + x*y - 2*x"


@pytest.mark.parametrize("method", RATES)
def test_every_method_finds_the_bottom_of_a_bowl(method: str) -> None:
    if method == "scipy":
        pytest.importorskip("scipy")
    path = minimize_path(BOWL, {"x": -3, "y": 2}, method=method, steps=2_000, tolerance=1e-7)
    assert path.converged and path.reason == "converged"
    assert path.last.parameters == pytest.approx({"x": 12 / 11, "y": -2 / 11}, abs=1e-6)
    assert path.losses[0] == 9 + 12 - 6 + 6 and path.last.loss == pytest.approx(-12 / 11)


def test_the_first_steps_are_those_of_the_textbook() -> None:
    x, y = -3.0, 2.0
    gx, gy = 2 * x + y - 2, 6 * y + x
    start = {"x": x, "y": y}
    first = minimize_path(BOWL, start, rate=0.1, steps=1).last
    assert first.parameters == pytest.approx({"x": x - 0.1 * gx, "y": y - 0.1 * gy})
    assert first.length == pytest.approx(0.1 * math.hypot(gx, gy))
    adam = minimize_path(BOWL, start, rate=0.1, steps=1, method="adam").last
    assert adam.parameters == pytest.approx({"x": x + 0.1, "y": y - 0.1})  # the first step goes by signs
    heavy = minimize_path("x^2", {"x": 1.0}, rate=0.1, steps=2, method="momentum", momentum=0.5)
    assert [step.parameters["x"] for step in heavy.steps] == pytest.approx([1.0, 0.8, 0.8 - 0.5 * 0.2 - 0.1 * 1.6])
    assert minimize_path(BOWL, start, method="newton", steps=5).last.number == 1


def test_newton_gets_over_the_valley_of_rosenbrock_and_out_of_saddles() -> None:
    path = minimize_path(ROSENBROCK, {"x": -1.2, "y": 1}, method="newton")
    assert path.converged and path.last.number < 30 and path.losses == sorted(path.losses, reverse=True)
    assert path.last.parameters == pytest.approx({"x": 1, "y": 1})
    saddle = minimize_path("x^4/4 - x^2/2 + y^2", {"x": 0.1, "y": 1}, method="newton")
    assert saddle.converged and saddle.last.parameters == pytest.approx({"x": 1, "y": 0}, abs=1e-6)


def test_a_path_is_data_and_a_table() -> None:
    path = minimize_path("x^2", {"x": 1.0}, steps=20, rate=0.25)
    assert [row["x"] for row in path.rows()][:3] == [1.0, 0.5, 0.25] and set(path.rows()[0]) == {"step", "x", "loss", "gradient", "length"}
    assert "..." in str(path) and str(path).endswith("gradient: no steps were left after 20 steps")
    assert pickle.loads(pickle.dumps(path)) == path


def test_a_rate_too_large_diverges_and_says_so() -> None:
    path = minimize_path("x^2", {"x": 1.0}, rate=1.5, steps=5_000)
    assert not path.converged and path.reason == "diverged"
    assert minimize_path("sqrt(x)", {"x": 0.01}, rate=1.0).reason == "the loss has no slope there"


def test_senseless_calls_of_descent_are_refused() -> None:
    for f, start, options in (("x*y", {"x": 1}, {}), ("3", {}, {}), ("x", {"x": math.nan}, {}), ("x", {"x": 1}, {"method": "magic"}),
                              ("x", {"x": 1}, {"rate": -1}), ("x", {"x": 1}, {"steps": 0}), ("x", {"x": 1}, {"momentum": 1})):
        with pytest.raises(UsageError):
            minimize_path(f, start, **options)  # type: ignore[arg-type]


# sensitivities

def test_gradient_and_elasticity_are_those_of_calculus() -> None:
    f, point = parse("a*x^3/sqrt(t)"), {"a": 2.0, "x": 1.5, "t": 4.0}
    report = sensitivities(f, point)
    for name in point:
        assert report[name].gradient == pytest.approx(evaluate(diff(f, name), point))
    assert [(one.name, round(one.elasticity, 12)) for one in report.ranking] == [("x", 3.0), ("a", 1.0), ("t", -0.5)]
    assert sum(one.share for one in report.ranking) == pytest.approx(1) and report.value == pytest.approx(3.375)


def test_over_a_range_a_wide_input_counts_more() -> None:
    report = sensitivities("x + y + c", {"x": (0, 1), "y": (0, 10), "c": 5.0})
    assert [one.name for one in report.ranking] == ["y", "x", "c"]
    assert report["y"].influence == pytest.approx(10) and report["c"].influence == 0 and report.points == 256
    assert report.value == pytest.approx(10.5, abs=0.05)
    assert str(sensitivities("x*y", {"x": (0, 1), "y": (0, 1)})) == str(sensitivities("x*y", {"x": (0, 1), "y": (0, 1)}))


def test_the_influence_is_the_root_mean_square_slope_times_the_width() -> None:
    report = sensitivities("x^2", {"x": (0.0, 3.0)}, points=3_000)
    assert report["x"].gradient == pytest.approx(math.sqrt(12), rel=1e-3)  # the mean of (2x)^2 on [0, 3] is 12
    assert report["x"].influence == pytest.approx(3 * math.sqrt(12), rel=1e-3)


def test_points_without_values_are_refused_or_left_out() -> None:
    assert sensitivities("ln(x)", {"x": (-1.0, 1.0)}).points == 128
    for at in ({"x": -1.0}, {"x": (-2.0, -1.0)}):
        with pytest.raises(DomainError):
            sensitivities("ln(x)", at)
    for at in ({}, {"x": "a"}, {"x": (2, 1)}, {"x": (1, 2, 3)}):
        with pytest.raises(UsageError):
            sensitivities("ln(x)", at)
    assert math.isnan(sensitivities("x - 1", {"x": 1.0})["x"].elasticity)
    with pytest.raises(UsageError, match="no variables"):
        sensitivities("3", {})


# factors

def test_a_deep_chain_of_sigmoids_vanishes_and_one_of_growth_explodes() -> None:
    lines = "; ".join(f"a{k} = sigmoid(w*a{k - 1})" for k in range(1, 13))
    report = chain_factors(parse_program(lines.replace("a0", "x")), "x", {"x": 0.5, "w": 1.0})
    assert report.kind == "vanishing" and len(report.factors) == 12
    assert report.derivative == pytest.approx(report.factors[-1].product)
    assert all(abs(factor.value) <= 0.25 for factor in report.factors) and report.culprits
    growth = chain_factors(parse_program("; ".join(f"b{k} = 9*b{k - 1}" for k in range(1, 9)).replace("b0", "x")), "x", {"x": 1.0})
    assert growth.kind == "exploding" and growth.derivative == 9 ** 8 and growth.culprits[0].value == 9
    assert "exploding: the derivative by x is" in str(growth)


def test_a_formula_is_a_chain_of_its_operations() -> None:
    report = chain_factors("exp(sin(x^2))", "x", {"x": 0.5})
    assert [(factor.of, factor.by) for factor in report.factors] == [("exp(sin(x^2))", "sin(x^2)"), ("sin(x^2)", "x^2"), ("x^2", "x")]
    assert report.factors[-1].product == pytest.approx(evaluate(diff(parse("exp(sin(x^2))"), "x"), x=0.5))
    assert report.kind == "steady" and report.culprits == [] and "steady" in str(report)


def test_of_several_ways_the_strongest_is_told_and_the_derivative_counts_all() -> None:
    report = chain_factors(parse_program("u = 1000*x; v = x/1000; y = u + v"), "x", {"x": 1.0})
    assert [factor.of for factor in report.factors] == ["y", "u"] and report.derivative == pytest.approx(1000.001)


def test_chains_that_are_none_are_refused() -> None:
    for f, x, at in (("x^2", "y", {"x": 1.0}), ("3", "x", {}), ("x", "x", {"x": 1.0})):
        with pytest.raises(UsageError):
            chain_factors(f, x, at)
    with pytest.raises(DomainError):
        chain_factors("ln(x)", "x", {"x": -1.0})
