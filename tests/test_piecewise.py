"""What has kinks, jumps and branches: derivatives branch by branch, conventions at the borders, and conditions that are no numbers."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import symdiff as sd

x, y = sd.symbols("x y")


def slope(text: str, **point: float) -> object:
    return sd.diff(sd.parse(text), x).evaluate(**point)


@pytest.mark.parametrize(("text", "expected"), [
    ("x^2 if x > 0 else -x", "2*x if x > 0 else -1"), ("x if x > 0 else x", "1"), ("1 if x > 0 else 2", "0"),
    ("x^2 if x < -1 else x if x < 1 else sin(x)", "2*x if x < -1 else 1 if x < 1 else cos(x)"), ("y if x > 0 else 3", "0"),
    ("where(x > 0 and y < 1, x^3, 0)", "3*x^2 if x > 0 and y < 1 else 0"), ("abs(x)", "sign(x)"), ("relu(x)", "step(x)"), ("floor(x)", "0"),
    ("ceil(x)", "0"), ("sign(x)", "0"), ("step(x)", "0"), ("floor(x)*x", "floor(x)"), ("(x if not x > y else y)^2",
    "2*(x if not x > y else y)*(1 if not x > y else 0)"),
])
def test_derivatives_branch_by_branch(text: str, expected: str) -> None:
    assert str(sd.diff(sd.parse(text), x)) == expected


@pytest.mark.parametrize(("text", "at", "expected"), [
    ("abs(x)", 0, 0), ("relu(x)", 0, 0), ("sign(x)", 0, 0), ("step(x)", 0, 0), ("floor(x)", 2, 0), ("ceil(x)", 2, 0),
    ("max(x, 2x)", 0, 1), ("max(2x, x)", 0, 2), ("min(x, 2x)", 0, 2), ("min(2x, x)", 0, 1), ("max(x, 2x, 3x)", 0, 1), ("mod(x, 2)", 4, 1),
    ("x if x > 0 else 3*x", 0, 3), ("x if x >= 0 else 3*x", 0, 1), ("x^2 if x == 0 else x", 0, 0), ("5*x if x != 0 else 7*x", 0, 7),
])
def test_conventions_at_kinks_jumps_and_borders(text: str, at: float, expected: float) -> None:
    """relu'(0) = 0 and abs'(0) = 0 as the frameworks have it; a tie goes to the first argument of max and the last of min.

    At a border it is the branch that holds there.
    """
    assert slope(text, x=at) == expected


@pytest.mark.parametrize(("text", "at", "expected"), [
    ("max(x, x^2)", 3, 6), ("max(x, x^2)", 0.5, 1), ("min(x, x^2)", 3, 1), ("max(x, x^2, 5)", 1.5, 0), ("min(1, x, x^2)", 0.5, 1),
    ("mod(x, 3)", 7.5, 1),
    ("mod(7.5, x)", 2, -3), ("abs(x^2 - 4)", 1, -2), ("abs(x^2 - 4)", 3, 6), ("relu(1 - x)", 0, -1), ("relu(1 - x)", 2, 0),
    ("min(max(x, -1), 1)", 2, 0), ("min(max(x, -1), 1)", 0.5, 1), ("min(max(x, -1), 1)", -7, 0),
])
def test_derivatives_away_from_the_kinks(text: str, at: float, expected: float) -> None:
    assert slope(text, x=at) == pytest.approx(expected)


BRANCHES = ["x^2", "sin(x)", "-3*x", "x*y", "exp(x/2)", "abs(x)", "max(x, y)", "relu(x - y)"]
CONDITIONS = ["x > 0", "x < y", "x >= -1 and x <= 1", "x > 1 or x < -1", "not x > 0.5", "x*y > 0"]


@given(st.lists(st.tuples(st.sampled_from(BRANCHES), st.sampled_from(CONDITIONS)), min_size=1, max_size=4), st.sampled_from(BRANCHES),
       st.floats(-2, 2), st.floats(-2, 2))
@settings(max_examples=60)
def test_nested_choices_have_the_slope_of_their_branch(branches: list[tuple[str, str]], last: str, at: float, other: float) -> None:
    step = 1e-6
    assume(min(abs(at - border) for border in (0, 1, -1, 0.5, other)) > 10 * step and abs(other) > 1e-3)
    f = sd.piecewise(*[(sd.parse(value), sd.parse(condition)) for value, condition in branches], sd.parse(last))
    assert sd.parse(str(f)) is f
    values = [f.evaluate(x=at + shift, y=other) for shift in (step, -step)]
    assert sd.diff(f, x).evaluate(x=at, y=other) == pytest.approx((values[0] - values[1]) / (2 * step), rel=1e-5, abs=1e-6)


def test_the_builder_takes_pairs_as_sympy_does() -> None:
    expected = sd.parse("x^2 if x > 0 else -x if x < -1 else 0")
    assert sd.piecewise((x**2, x > 0), (-x, x < -1), 0) is expected
    assert sd.piecewise((x**2, x > 0), (-x, x < -1), (0, True), (5, x > 3)) is expected
    assert sd.where(x > 0, x**2, sd.where(x < -1, -x, 0)) is expected
    assert sd.piecewise(x) is x


@pytest.mark.parametrize(("branches", "reason"), [
    (((x, x > 0),), "a last branch"), ((), "a last branch"), ((x, (1, x > 0)), "only the last"),
    (((x, x == 0), 1), "Python's == and != compare identity"),
    (((x, 1), 2), "is a relation"), (((x, x), 2), "is a relation"), (((x, x > 0, 1), 2), "a pair"),
])
def test_the_builder_says_what_a_branch_is(branches: tuple[object, ...], reason: str) -> None:
    with pytest.raises(sd.UsageError, match=reason):
        sd.piecewise(*branches)


def test_relations_from_python() -> None:
    assert sd.eq(x, 0) is sd.parse("x == 0") is x.eq(0)
    assert sd.ne(x, y) is sd.parse("x != y") is x.ne(y)
    assert sd.and_(x > 0, sd.not_(y > 1)) is sd.parse("x > 0 and not y > 1")
    assert sd.or_(x > 0, y <= 1) is sd.parse("x > 0 or y <= 1")


@pytest.mark.parametrize("build", [
    lambda: sd.diff(x > 0, x), lambda: sd.diff(sd.eq(x, 1), x), lambda: sd.diff(sd.and_(x > 0, y > 0), x),
    lambda: sd.diff(sd.not_(x > 0), x),
    lambda: sd.diff((x > 0) * x, x), lambda: sd.diff(sd.sin(x > 0), x), lambda: sd.diff((x > 0) + 1, x), lambda: sd.derive(x > 0, x),
    lambda: sd.where(x, 1, 2), lambda: sd.where(x == 0, 1, 2), lambda: sd.and_(x, y > 0), lambda: sd.not_(x), lambda: bool(x > 0),
])
def test_conditions_never_pass_for_numbers(build: object) -> None:
    with pytest.raises(sd.UsageError):
        build()  # type: ignore[operator]


def test_a_derivation_states_the_convention_of_a_choice() -> None:
    told = sd.derive(sd.parse("x^2 if x > 0 else relu(x)"), x).explain()
    assert "at a border the branch that holds there is taken" in told
    assert "relu'(0) = 0, as the frameworks have it" in told
    assert "(u if x > 0 else v)' = u' if x > 0 else v'" in told
