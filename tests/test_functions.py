"""Abstract functions: unknown derivatives that text reads back, and derivatives along curves and directions."""

from __future__ import annotations

import pickle
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import symdiff as sd
from symdiff import functions

x, y, t = sd.symbols("x y t")


@pytest.fixture(autouse=True)
def undeclared(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What these tests declare is forgotten behind them."""
    monkeypatch.setattr(functions, "_declared", {})
    yield


@pytest.mark.parametrize(("text", "expected"), [
    ("f(x)", "f'(x)"), ("f(g(x))", "f'(g(x))*g'(x)"), ("f(x)*g(x)", "f'(x)*g(x) + f(x)*g'(x)"), ("f'(x^2)", "2*f''(x^2)*x"),
    ("f(x, y)", "f'1(x, y)"), ("f(y, x)", "f'2(y, x)"), ("f(x^2, y)", "2*f'1(x^2, y)*x"), ("f'1(x, x)", "f'1,1(x, x) + f'1,2(x, x)"),
    ("f(y)", "0"), ("g(f(x, y))", "g'(f(x, y))*f'1(x, y)"), ("f(x)/g(x)", "(g(x)*f'(x) - f(x)*g'(x))/g(x)^2"),
])
def test_derivatives_of_abstract_functions(text: str, expected: str) -> None:
    derived = sd.diff(sd.parse(text, functions=["f", "g"]), x)
    assert str(derived) == expected
    assert sd.parse(expected, functions=["f", "g"]) is derived


def test_a_function_is_one_and_travels() -> None:
    f = sd.Function("f")
    assert sd.Function("f") is f
    assert pickle.loads(pickle.dumps(f)) is f
    e = sd.diff(f(x * y, y), x, y)
    assert pickle.loads(pickle.dumps(e)) is e
    functions._declared.clear()  # as in another process
    assert pickle.loads(pickle.dumps(e)) is e
    assert sd.parse(str(e)) is e


texts = st.recursive(st.sampled_from(["x", "y", "2"]), lambda inner: st.one_of(
    inner.map("f({})".format), inner.map("f'({})".format), st.tuples(inner, inner).map(lambda p: "h({}, {})".format(*p)),
    st.tuples(inner, inner).map(lambda p: "h'2({}, {})".format(*p)), st.tuples(inner, inner).map(lambda p: "({})*({})".format(*p)),
    inner.map("sin({})^2".format)), max_leaves=6)


@given(texts)
@settings(max_examples=40)
def test_text_of_derivatives_reads_back(text: str) -> None:
    e = sd.parse(text, functions=["f", "h"])
    for derived in (sd.diff(e, x), sd.diff(e, x, y), sd.diff(e, x, 3)):
        assert sd.parse(str(derived), functions=["f", "h"]) is derived


def test_mixed_partial_derivatives_commute() -> None:
    f = sd.Function("f")
    assert sd.diff(f(x, y), x, y) is sd.diff(f(x, y), y, x) is sd.parse("f'2,1(x, y)")


@given(texts)
@settings(max_examples=25)
def test_putting_a_formula_in_commutes_with_differentiation(text: str) -> None:
    f, h = sd.Function("f"), sd.Function("h")
    e = sd.parse(text)

    def concrete(expression: sd.Expr) -> sd.Expr:
        return h.replaced(f.replaced(expression, sd.parse("sin(u) + u^2/4"), "u"), sd.parse("u*v^2/5 + cos(v)"), "u", "v")
    point = {"x": 0.3, "y": -0.6}
    first, second = concrete(sd.diff(e, x)).evaluate(point), sd.diff(concrete(e), x).evaluate(point)
    assert first == pytest.approx(second, rel=1e-8, abs=1e-8)


def test_a_name_is_a_function_only_where_it_is_called() -> None:
    sd.Function("f")
    assert str(sd.parse("f*f(x) + f")) == "f*f(x) + f"
    assert sd.parse("f") is sd.Symbol("f")
    assert sd.parse("f (x)") is sd.parse("f(x)")


def test_names_declared_for_one_parse_stay_in_it() -> None:
    assert str(sd.parse("k'(x)", functions=["k"])) == "k'(x)"
    with pytest.raises(sd.ParseError, match="no known function"):
        sd.parse("k(x)")
    with pytest.raises(sd.UsageError, match="given as a list"):
        sd.parse("k(x)", functions="k")


@pytest.mark.parametrize(("text", "column", "reason"), [
    ("x'", 2, "\"'\" has no meaning here"), ("x + y'*2", 6, "has no meaning"), ("h'(x)", 2, "has no meaning"),
    ("f'", 3, "lacks its argument"),
    ("f' + 1", 4, "lacks its argument"), ("f'(x, y)", 1, "by which of its 2 arguments"),
    ("f'3(x, y)", 1, "an argument that f does not have"),
    ("f'0(x)", 1, "an argument that f does not have"), ("f(x)'", 5, "has no meaning"), ("f'x", 3, "lacks its argument"),
    ("f()", 3, "lacks its argument"),
    ("f(x > 0)", 1, "a condition"),
])
def test_quotes_in_the_wrong_place_are_errors(text: str, column: int, reason: str) -> None:
    sd.Function("f")
    with pytest.raises(sd.ParseError) as caught:
        sd.parse(text)
    assert reason in str(caught.value)
    assert column == caught.value.column or "condition" in reason


@pytest.mark.parametrize("name", ["sin", "pi", "if", "2f", "f g", "", "f'"])
def test_a_function_s_name_is_free(name: str) -> None:
    with pytest.raises(sd.DefinitionError):
        sd.Function(name)


def test_what_is_abstract_has_no_value_and_no_second_meaning() -> None:
    f = sd.Function("f_abs")
    with pytest.raises(sd.SymdiffError, match="has no value"):
        f(x).evaluate(x=1)
    with pytest.raises(sd.DefinitionError, match="abstract function"):
        sd.define("f_abs(u) = u^2")
    with pytest.raises(sd.UsageError, match="needs an argument"):
        f()


def test_latex_shows_primes_and_partial_derivatives() -> None:
    f = sd.Function("f")
    assert sd.latex(sd.diff(f(x), x)) == "f'(x)"
    assert sd.latex(sd.diff(f(x), x, 5)) == "f^{(5)}(x)"
    assert sd.latex(sd.diff(f(x, y), x, y)) == r"\partial_{1,2} f(x, y)"
    assert sd.latex(sd.diff(f(x), x) ** 2) == "(f'(x))^{2}"


def test_many_arguments() -> None:
    arguments = sd.symbols("x1:12")
    e = sd.Function("f")(*arguments)
    assert str(sd.diff(e, "x11")).startswith("f'11(x1,")
    assert sd.parse(str(sd.diff(e, "x11", "x2"))) is sd.diff(e, "x2", "x11")


@pytest.mark.parametrize(("equation", "order", "point", "expected"), [
    ("x^2 + y^2 - 25", 1, (3, 4), -0.75), ("x^2 + y^2 == 25", 2, (3, 4), -25 / 64), ("x*y - 6", 1, (2, 3), -1.5),
    ("x*y == 6", 2, (2, 3), 1.5),
    ("x^3 + y^3 - 9*x*y", 1, (2, 4), 0.8), ("y - exp(x)", 3, (0, 1), 1.0), ("sin(y) == x", 1, (0, 0), 1.0),
])
def test_implicit_derivatives(equation: str, order: int, point: tuple[float, float], expected: float) -> None:
    assert sd.idiff(sd.parse(equation), y, x, order).evaluate(x=point[0], y=point[1]) == pytest.approx(expected)


@pytest.mark.parametrize(("equation", "reason"), [("x^2", "does not depend on y"), ("x < y", "have no derivative")])
def test_what_makes_no_function_is_refused(equation: str, reason: str) -> None:
    with pytest.raises(sd.UsageError, match=reason):
        sd.idiff(sd.parse(equation), y, x)


def test_total_derivatives_along_formulas_and_functions() -> None:
    f = sd.parse("x^2*y + z*sin(y)")
    along = {"y": sd.parse("t^2"), "x": sd.parse("cos(t)")}
    total = sd.total_derivative(f, t, along)
    direct = sd.diff(f.subs({x: along["x"], y: along["y"]}), t)
    assert total.subs({x: along["x"], y: along["y"]}).evaluate(t=0.7, z=2) == pytest.approx(direct.evaluate(t=0.7, z=2))
    assert str(sd.total_derivative(sd.parse("x*y"), x, {"y": sd.Function("g")})) == "y + x*g'(x)"
    assert str(sd.total_derivative(sd.parse("x*y"), x, {})) == "y"


@pytest.mark.parametrize(("along", "reason"), [({"x": 1}, "cannot follow"), ({"y": sd.parse("y + x")}, "cannot follow"),
    ([("y", 1)], "takes a mapping"),
                                               ({"y": sd.parse("z"), "z": x}, "stands in another")])
def test_paths_that_are_none(along: object, reason: str) -> None:
    with pytest.raises(sd.UsageError, match=reason):
        sd.total_derivative(x * y, x, along)  # type: ignore[arg-type]


def test_directional_derivatives() -> None:
    f = sd.parse("x^2*y")
    assert sd.directional_derivative(f, [x, y], [1, 0]) is sd.diff(f, x)
    assert sd.directional_derivative(f, ["x", "y"], [3, 4], unit=True).evaluate(x=1, y=2) == pytest.approx((3 * 4 + 4 * 1) / 5)
    a, b = sd.symbols("a b")
    assert sd.directional_derivative(f, [x, y], [a, b]).evaluate(x=1, y=2, a=3, b=4) == 16
    with pytest.raises(sd.UsageError, match="as many"):
        sd.directional_derivative(f, [x, y], [1])
    with pytest.raises(sd.UsageError, match="twice"):
        sd.directional_derivative(f, [x, x], [1, 1])
    with pytest.raises(sd.UsageError, match="points nowhere"):
        sd.directional_derivative(f, [x, y], [0, 0], unit=True)
