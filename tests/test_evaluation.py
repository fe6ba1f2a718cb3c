"""evaluate: every kind of number in, the right kind out; undefined points say why; nothing recurses."""

from __future__ import annotations

import cmath
import math
import sys
import time
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import SYMBOLS, expressions, moderate_expressions

import symdiff
from symdiff import DomainError, Expr, LimitError, MissingDependency, Symbol, UsageError, define, limits, parse
from symdiff.evaluation import evaluate, float_rule, precise_context, precise_rule
from symdiff.evaluator import Evaluator
from symdiff.expr import number
from symdiff.operations import TABLE

x, y = Symbol("x"), Symbol("y")
add, mul, sin = TABLE["add"], TABLE["mul"], TABLE["sin"]


def at(text: str, **options: Any) -> Any:
    return parse(text).evaluate(**options)


@pytest.mark.parametrize(("text", "values", "expected"), [
    ("x^2 + y", {"x": 2, "y": 1}, 5.0),
    ("2^-x", {"x": 3}, 0.125),
    ("-x^2", {"x": 3}, -9.0),
    ("exp(1) - e", {}, 0.0),
    ("x/3", {"x": True}, 1 / 3),
    ("mod(x, 3)", {"x": -1}, 2.0),
    ("max(x, y, 2)", {"x": 1, "y": 5}, 5.0),
    ("where(x > 0, ln(x), -x)", {"x": -4}, 4.0),
    ("where(x > 0, 1/0, x)", {"x": -4}, -4.0),
    ("floor(x) + ceil(x)", {"x": 1.5}, 3.0),
    ("sigmoid(x)", {"x": -1000}, 0.0),
    ("softplus(x)", {"x": 1000}, 1000.0),
    ("exp(x)", {"x": 1000}, math.inf),
    ("-exp(x)", {"x": 1000}, -math.inf),
    ("sinh(x)", {"x": -1000}, -math.inf),
    ("(-2)^x", {"x": 5001}, -math.inf),
    ("1/exp(x)", {"x": 1000}, 0.0),
    ("gamma(x)", {"x": 200.5}, math.inf),
    ("digamma(x)", {"x": 1e20}, math.log(1e20)),
])
def test_integers_and_floats_give_floats(text: str, values: dict[str, float], expected: float) -> None:
    result = at(text, **values)
    assert type(result) is float
    assert result == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("9^400/9^399", 9.0), ("10^400/10^399", 10.0), ("1e308*10/10", 1e308), ("1e308*10", math.inf), ("-(10^400)", -math.inf),
    ("10^-200*10^-200*10^400", 1.0), ("10^-320*10^320", 1.0), ("(10^400 + 1) - 10^400", 1.0), ("10^-400*10^400", 1.0),
    ("abs(0 - 10^400)/10^400", 1.0), ("0.1*10^400/10^400", 0.1), ("10^400 > 2*10^399", True), ("10^-400 > 0", True),
    ("where(10^400 > 2*10^400, 1, 2)", 2.0),
])
def test_rational_formulas_that_leave_the_floats_on_the_way_still_give_the_right_value(text: str, expected: float) -> None:
    assert at(text) == expected


@pytest.mark.parametrize(("text", "values", "expected"), [
    ("exp(x)/(1 + exp(x))", {"x": 800}, 1.0), ("ln(exp(x))", {"x": 800}, 800.0), ("ln(exp(x))", {"x": -800}, -800.0),
    ("exp(-x)*exp(x - 100)", {"x": 800}, math.exp(-100)), ("exp(x) - exp(x)", {"x": 1000}, 0.0),
    ("exp(x) < exp(x + 1)", {"x": 1000}, True), ("exp(x)", {"x": 1000}, math.inf), ("1/(1 + exp(x))", {"x": 800}, 0.0),
    ("atan2(exp(x), exp(2*x))", {"x": 1000}, 0.0),
])
def test_where_floats_overflow_or_underflow_on_the_way_the_value_is_found_with_more_digits(
        text: str, values: dict[str, float], expected: float) -> None:
    assert at(text, **values) == pytest.approx(expected, rel=1e-14)


def test_without_mpmath_an_overflow_on_the_way_is_an_error_that_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mpmath", None)
    with pytest.raises(DomainError, match="overflowed floats at x = 800; with digits=30"):
        at("exp(x)/(1 + exp(x))", x=800)


@pytest.mark.parametrize(("text", "expected"), [
    ("123456789012345678901234567890 - 123456789012345678901234567889", 1.0), ("x + ((10^30 + 1) - 10^30)", 2.0), ("2^100 > 2^100 - 1", True),
    ("where(2^100 > 2^100 - 1, x, 0)", 1.0), ("9^9^9^9 > 1", True),
])
def test_parts_of_exact_numbers_only_are_evaluated_exactly(text: str, expected: float) -> None:
    assert at(text, x=1.0) == expected


def test_a_big_integer_given_as_a_value_is_read_exactly() -> None:
    assert at("x/y", x=10 ** 400, y=10 ** 399) == 10.0
    assert at("x/y", x=10 ** 400, y=10 ** 399, exact=True) == 10
    assert at("x/y", x=10 ** 400, y=10 ** 399, digits=20) == 10
    assert at("x", x=-10 ** 400) == -math.inf
    with mpmath.workprec(3_000):
        sine = float(mpmath.sin(10 ** 400))
    assert at("sin(x)", x=10 ** 400) == sine


@pytest.mark.parametrize(("text", "values", "value"), [
    ("(10^400 + 1) - 10^400", {}, "1"),
    ("10^400 + 1 - 10^400 + x", {"x": 1}, "2"),
    ("floor(x + 1) - floor(x)", {"x": 10 ** 155}, "1"),
    ("atanh(tanh(x))", {"x": 50}, "50"),
    ("log1p(expm1(x))", {"x": -700}, "-700"),
    ("(cosh(x) - 1)/(cosh(x) + sinh(x))", {"x": -30}, "57100369490773527708566335.1951"),
    ("exp(x) - exp(x) + x", {"x": 1_000}, "1000"),
    ("mod(1, x)", {"x": Fraction(1, 10 ** 9)}, "0"),
    ("erf(6) - 1", {}, "-2.15197367124989131165933503992e-17"),
    ("where(x == 1 - 10^(-60), 1, 2)", {"x": 1}, "2"),
])
def test_as_many_digits_are_carried_as_the_value_needs(text: str, values: dict[str, Any], value: str) -> None:
    with mpmath.workdps(40):
        assert mpmath.nstr(at(text, **values, digits=30), 30) == mpmath.nstr(mpmath.mpmathify(value), 30)


def test_a_value_that_no_precision_settles_is_given_as_it_is_then() -> None:
    """The computer knows pi only ever more closely."""
    assert 0 < abs(at("sin(pi)", digits=30)) < mpmath.mpf(10) ** -1200
    with pytest.raises(DomainError):
        at("(-1.3)^(10^43*pi)", digits=30)


@pytest.mark.parametrize(("text", "values", "words"), [
    ("1 + ln(x - 3)", {"x": 2}, "ln(x - 3) has no real value at x = 2: ln needs its argument > 0, and it is -1"),
    ("1/(x - 1)", {"x": 1}, "1/(x - 1) has no real value at x = 1"),
    ("x^(1/3)", {"x": -8}, "a negative base takes integer exponents only"),
    ("x^(-1)", {"x": 0}, "0 has no negative powers"),
    ("ln(x)^0", {"x": -1}, "ln(x) has no real value"),
    ("0*ln(x)", {"x": -1}, "ln(x) has no real value"),
    ("max(0, sqrt(x))", {"x": -1}, "sqrt(x) has no real value"),
    ("asin(x)", {"x": 2}, "asin needs abs(its argument) <= 1, and it is 2"),
    ("gamma(x)", {"x": -2}, "gamma(x) has no real value at x = -2"),
    ("atan2(x, y)", {"x": 0, "y": 0}, "atan2(x, y) has no real value at x = 0, y = 0"),
    ("where(ln(x) > 0, 1, 2)", {"x": -1}, "ln(x) has no real value"),
    ("where(x > 0, ln(x), sqrt(x))", {"x": -1}, "sqrt(x) has no real value"),
    ("x + undefined", {"x": 1}, "it says undefined"),
    ("sin(exp(x))", {"x": 40000}, "overflowed floats at x = 40000; with digits=30"),
    ("sin(x)", {"x": math.inf}, "x is no real number there"),
    ("x + 1", {"x": math.nan}, "the value given for x is no number: nan"),
])
def test_a_point_without_value_is_an_error_that_names_the_step_and_its_need(text: str, values: dict[str, float], words: str) -> None:
    with pytest.raises(DomainError) as caught:
        at(text, **values)
    assert words in str(caught.value)
    assert math.isnan(at(text, undefined="nan", **values))


def test_what_overflows_floats_has_its_value_in_more_digits() -> None:
    assert at("exp(x) - exp(x)", x=1000, digits=30) == 0
    assert at("exp(x)/exp(x - 1)", x=1000, digits=15) == +mpmath.e
    assert at("exp(x) < exp(x + 1)", x=1000, digits=30) is True


@pytest.mark.parametrize(("text", "values", "expected"), [
    ("x^2/3", {"x": Fraction(1, 2)}, Fraction(1, 12)),
    ("x/2", {"x": Fraction(4)}, 2),
    ("0.1*x", {"x": Fraction(1, 3)}, Fraction(1, 30)),
    ("sqrt(x) + x^(1/2) + 8^(2/3)", {"x": Fraction(9, 4)}, 7),
    ("abs(x) + floor(x) + mod(x, 1)", {"x": Fraction(-1, 2)}, 0),
    ("where(x > 0, x, ln(x))", {"x": Fraction(1, 2)}, Fraction(1, 2)),
    ("exp(x - 1/2) + cos(0)", {"x": Fraction(1, 2)}, 2),
])
def test_fractions_give_exact_values(text: str, values: dict[str, Fraction], expected: Fraction) -> None:
    result = at(text, **values)
    assert result == expected
    assert type(result) is type(expected)


def test_exact_means_exact_and_a_float_then_means_its_decimal() -> None:
    assert at("x + 0.2", x=0.1, exact=True) == Fraction(3, 10)
    assert at("2^100 + 1", exact=True) == 2 ** 100 + 1
    assert at("x < 1/3", x=Fraction(1, 3)) is False
    assert type(at("x + y", x=Fraction(1, 2), y=0.5)) is float


@pytest.mark.parametrize("text", ["sin(x)", "pi*x", "x^(1/2)", "ln(x)", "erf(x)"])
def test_a_step_without_a_rational_value_is_named(text: str) -> None:
    with pytest.raises(UsageError, match="has no exact rational value"):
        at(text, x=Fraction(1, 3))


def test_undefined_steps_are_domain_errors_in_exact_arithmetic_too() -> None:
    with pytest.raises(DomainError, match="second argument != 0"):
        at("1/x", x=Fraction(0))
    with pytest.raises(DomainError, match="sqrt needs its argument >= 0"):
        at("sqrt(x)", x=Fraction(-1, 2))
    with pytest.raises(DomainError, match="integer exponents only"):
        at("x^(1/2)", x=Fraction(-1, 2))
    assert math.isnan(at("1/x", x=Fraction(0), undefined="nan"))


def test_exact_numbers_stay_within_the_limit() -> None:
    for text in ("2^(2^30)", "9^9^9", "2^(-(2^30))"):
        with pytest.raises(LimitError, match="exact_bits"):
            at(text, exact=True)
    square = x
    for _ in range(200):
        square = mul(square, square)
    with pytest.raises(LimitError, match="exact_bits"):
        square.evaluate(x=Fraction(3, 2))


@pytest.mark.parametrize(("text", "function"), [
    ("sqrt(x)", cmath.sqrt), ("ln(x)", cmath.log), ("exp(x)", cmath.exp), ("x^(1/3)", lambda z: z ** (1 / 3)), ("asin(x)", cmath.asin),
    ("cbrt(x)", lambda z: z ** (1 / 3)), ("x^x", lambda z: z ** z), ("atanh(x)", cmath.atanh), ("asinh(x)", cmath.asinh),
    ("abs(x)", abs), ("log2(x)", lambda z: cmath.log(z, 2)), ("1/(1 + x)", lambda z: 1 / (1 + z)),
])
def test_complex_numbers_take_the_principal_branch(text: str, function: Any) -> None:
    for point in (1 + 2j, -3 + 0.5j, -0.5 - 1j, -8 + 0j):
        result = at(text, x=point)
        assert type(result) is complex
        assert cmath.isclose(result, function(point), rel_tol=1e-13)


def test_complex_numbers_have_no_order_but_real_parts_of_a_formula_do() -> None:
    with pytest.raises(DomainError, match="has no value"):
        at("where(x > 1, 1, 2)", x=1j)
    assert at("where(abs(x) > 1, x, 0)", x=3j) == 3j
    assert at("where(x > 1, x, 0)", x=2 + 0j) == 2


def test_real_evaluation_never_gives_a_complex_number() -> None:
    for options in ({}, {"digits": 30}):
        with pytest.raises(DomainError):
            at("sqrt(x)", x=-1, **options)
        assert math.isnan(at("(-x)^0.5 + ln(-x)", x=2, undefined="nan", **options))


def test_digits_give_mpmath_numbers_and_leave_no_precision_behind() -> None:
    before = mpmath.mp.prec
    result = at("pi*x + 0.1", x=2, digits=50)
    with mpmath.workdps(60):
        assert abs(result - (2 * mpmath.pi + mpmath.mpf("0.1"))) < mpmath.mpf(10) ** -48
    assert isinstance(result, mpmath.mpf)
    assert mpmath.mp.prec == before
    assert mpmath.nstr(at("x", x=0.1, digits=40), 40) == "0.1"


def test_mpmath_numbers_are_evaluated_at_mpmaths_precision() -> None:
    with mpmath.workdps(40):
        assert at("exp(x)", x=mpmath.mpf(1)) == mpmath.exp(1)
        assert mpmath.almosteq(at("ln(x)", x=mpmath.mpc(-1, 0)), mpmath.mpc(0, mpmath.pi))
    assert at("x", x=1 + 2j, digits=20) == mpmath.mpc(1, 2)


@pytest.mark.parametrize("text", ["exp(exp(exp(x)))", "sin(exp(exp(exp(x))))", "3^(3^(3^(3^x)))", "gamma(exp(exp(x)))", "10^10^10^x"])
def test_numbers_beyond_all_bounds_end_in_an_error_within_seconds(text: str) -> None:
    start = time.perf_counter()
    with pytest.raises(DomainError, match="the numbers grow too large"):
        at(text, x=10, digits=20)
    assert time.perf_counter() - start < 5


def test_arrays_are_evaluated_elementwise_with_nan_where_there_is_no_value() -> None:
    values = np.array([-1.0, 0.0, 1.0, 2.0])
    assert np.array_equal(at("1/x", x=values), [-1, math.nan, 1, 0.5], equal_nan=True)
    assert np.array_equal(at("ln(x)^0", x=values), [math.nan, math.nan, 1, 1], equal_nan=True)
    assert np.array_equal(at("x^0.5", x=values), [math.nan, 0, 1, math.sqrt(2)], equal_nan=True)
    assert np.array_equal(at("where(x > 0, ln(x), -x)", x=values), [1, 0, 0, math.log(2)])
    assert at("x > 0", x=values).dtype == bool
    with pytest.raises(DomainError, match="ln needs its argument > 0, and it is -1"):
        at("ln(x)", x=values, undefined="raise")


def test_arrays_broadcast_and_a_constant_takes_their_shape() -> None:
    column, row = np.arange(3.0).reshape(3, 1), np.arange(4)
    assert np.array_equal(at("x + 2*y", x=column, y=row), column + 2 * row)
    assert np.array_equal(at("3", x=column), np.full((3, 1), 3.0))
    assert at("max(x, 1, 2, y)", x=column, y=1).shape == (3, 1)
    assert at("x", x=np.zeros((0, 2))).shape == (0, 2)
    with pytest.raises(UsageError, match="broadcast"):
        at("x + y", x=np.zeros(3), y=np.zeros(4))


def test_an_evaluation_leaves_the_arrays_given_alone() -> None:
    values = np.array([1.0, 4.0])
    result = at("x", x=values)
    result[0] = 7
    assert list(values) == [1.0, 4.0]


def test_complex_arrays_are_evaluated_elementwise() -> None:
    assert np.allclose(at("sqrt(x)", x=np.array([-1, 4 + 0j])), [1j, 2])


@given(moderate_expressions, st.lists(st.floats(-3, 3), min_size=1, max_size=4))
def test_an_array_holds_what_the_numbers_give(f: Expr, points: list[float]) -> None:
    others = dict.fromkeys(SYMBOLS[1:], 0.5)
    evaluator = Evaluator(f)
    for point, many in zip(points, f.evaluate({SYMBOLS[0]: np.array(points), **others}), strict=True):
        environment = {SYMBOLS[0]: point, **others}
        one = evaluator.floats(environment)
        same = math.isnan(one) == math.isnan(many) and (math.isnan(one) or math.isclose(one, many, rel_tol=1e-9, abs_tol=1e-300))
        if not same:  # NumPy's functions may differ in the last digit, which only a jump or a cancellation brings forward
            assert _jumps(f) or any(0 < abs(value) < 1e-9 or math.isinf(value) for value in evaluator.float_values(environment))


def test_arrays_know_where_rows_of_two_arguments_have_no_value() -> None:
    zero = np.zeros(1)
    assert np.isnan(at("atan2(x, y)", x=zero, y=zero)).all()
    assert np.isnan(at("mod(x, y)", x=zero, y=zero)).all()


@given(moderate_expressions)
def test_floats_agree_with_high_precision(f: Expr) -> None:
    values = {symbol: Fraction(3 + 2 * index, 7) for index, symbol in enumerate(SYMBOLS)}
    rough = f.evaluate({s: float(v) for s, v in values.items()}, undefined="nan")
    try:
        fine = f.evaluate(values, digits=40)
    except DomainError:
        return
    evaluator, context = Evaluator(f), precise_context(200)
    environment = {s: context.mpf(v.numerator) / v.denominator for s, v in values.items()}
    steps = [abs(v) for v in evaluator.precise_values(environment, context) if v is not None]
    if all(1e-3 < step < 1e3 or step == 0 for step in steps):  # no overflow and little cancellation; jumps are told apart by step sizes
        assert math.isnan(rough) or math.isclose(rough, fine, rel_tol=1e-4, abs_tol=1e-4) or _jumps(f)


def _jumps(f: Expr) -> bool:
    return any(node.op.name in {"floor", "ceil", "mod", "sign", "step", "where", "atan2", "acot"} or node.op.relation
               for node in Evaluator(f).order)


@given(expressions)
def test_every_expression_has_a_value_or_a_domain_error_in_floats(f: Expr) -> None:
    try:
        assert isinstance(f.evaluate(dict.fromkeys(SYMBOLS, 0.75)), float | bool)
    except DomainError as error:
        assert str(error)


@given(moderate_expressions)
def test_exact_values_agree_with_high_precision(f: Expr) -> None:
    values = {symbol: Fraction(1 + index, 3) for index, symbol in enumerate(SYMBOLS)}
    try:
        exact = f.evaluate(values)
    except (DomainError, UsageError, LimitError):
        return
    fine = f.evaluate(values, digits=60)
    assert abs(mpmath.mpf(fine) - mpmath.mpf(exact.numerator) / exact.denominator) <= 1e-14 * max(1, abs(fine))


def test_missing_values_are_named_and_extra_ones_allowed() -> None:
    with pytest.raises(UsageError, match=r"no value for b, c; write evaluate\(b=..., c=...\)"):
        at("a + b + c", a=1)
    assert at("x", x=1, y=2, z=3) == 1.0


def test_values_come_by_name_or_symbol() -> None:
    f = parse("x + lambda")
    assert f.evaluate({"lambda": 2}, x=1) == f.evaluate({Symbol("lambda"): 2, x: 1}) == 3.0
    assert evaluate(2) == 2.0
    assert f.evaluate({"lambda": number(2), x: np.float32(1.0)}) == 3.0
    with pytest.raises(UsageError, match="x is given twice"):
        f.evaluate({x: 1}, x=2)


@pytest.mark.parametrize("value", ["1", None, [1, 2], parse("y + 1"), object(), np.array(["a"])])
def test_what_is_no_number_is_refused(value: object) -> None:
    with pytest.raises(UsageError, match="x"):
        at("x", x=value)


@pytest.mark.parametrize("options", [
    {"digits": 0}, {"digits": 1.5}, {"digits": True}, {"undefined": "zero"}, {"exact": True, "digits": 5}, {"exact": True, "x": 1j},
    {"digits": 30, "x": np.zeros(2)},
])
def test_options_that_make_no_sense_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        at("x", **{"x": 1, **options})


def test_digits_have_a_limit() -> None:
    with pytest.raises(LimitError, match="digits"):
        at("pi", digits=limits.digits + 1)


def test_users_operations_are_evaluated_however_deep_they_build_on_each_other() -> None:
    define("ev_first(u, v) = u*exp(v)")
    for index in range(300):
        define(f"ev_{index}(u) = {'ev_first(u, 0)' if not index else f'ev_{index - 1}(u)'} + 1")
    assert at("ev_299(x)", x=2) == 302.0
    assert at("ev_299(x)", x=Fraction(1, 2)) == Fraction(601, 2)
    assert at("ev_first(x, y)", x=2, y=1, digits=20) == at("2*e", digits=20)
    assert np.array_equal(at("ev_299(x)", x=np.ones(2)), [301, 301])


def test_rows_of_users_give_nan_where_their_formula_has_no_value() -> None:
    body = parse("ln(x)/y")
    assert float_rule(body, {x: 1.0, y: 2.0}) == 0.0
    assert math.isnan(float_rule(body, {x: -1.0, y: 2.0}))
    assert mpmath.isnan(precise_rule(body, {x: mpmath.mpf(-1), y: mpmath.mpf(1)}, mpmath.mp))


def test_one_evaluator_serves_many_points_and_precisions() -> None:
    evaluator = Evaluator(parse("x*y + pi"))
    for bits in (100, 200):
        context = precise_context(bits)
        environment = {x: context.mpf(2), y: context.mpf(3)}
        values = evaluator.precise_values(environment, context)
        assert values[-1] == 6 + context.pi
        assert evaluator.precise_again(values, x, context.mpf(5), context)[-1] == 15 + context.pi
        assert evaluator.precise_again(values, Symbol("q"), context.mpf(5), context) == values
    assert evaluator.floats({x: 1.0, y: 1.0}) == 1 + math.pi


def test_depth_and_width_of_a_hundred_thousand_are_nothing_special() -> None:
    deep = less = x
    for _ in range(100_000):
        deep = sin(deep)
    for _ in range(20_000):
        less = sin(less)
    wide = add(*[number(Fraction(1, k)) for k in range(1, 100_001)], x)
    assert 0 < deep.evaluate(x=1.0) < 0.01
    assert math.isclose(less.evaluate(x=1, digits=20), less.evaluate(x=1.0), rel_tol=1e-9)
    assert np.allclose(less.evaluate(x=np.ones(2)), less.evaluate(x=1.0))
    assert math.isclose(wide.evaluate(x=0), 12.090146129863428)
    with pytest.raises(DomainError, match=r"ln\(\.\.\.\) has no real value at x = 1"):
        TABLE["ln"](add(deep, -5)).evaluate(x=1)


def test_the_kind_of_a_missing_package_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "mpmath", None)
    with pytest.raises(MissingDependency, match=r"symdiff\[check\]"):
        at("x", x=1, digits=20)
    assert symdiff.parse("x").evaluate(x=1) == 1.0
