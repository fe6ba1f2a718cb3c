"""Programs: lines that build on each other, errors at their place in the whole text, and backpropagation with the names kept."""

from __future__ import annotations

import pickle
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import symdiff as sd

NEURON = "z = w*x + b; a = sigmoid(z); L = (a - y)^2"


def test_names_definitions_inputs_and_output() -> None:
    p = sd.parse_program(NEURON)
    assert p.names == ("z", "a", "L") and list(p) == ["z", "a", "L"] and len(p) == 3
    assert p["a"] is sd.parse("sigmoid(z)")
    assert p.inputs == sd.symbols("b w x y")
    assert (p.output_name, p.output) == ("L", sd.parse("(a - y)^2"))
    assert p.expression is sd.parse("(sigmoid(w*x + b) - y)^2")


@pytest.mark.parametrize("text", [
    NEURON, "z = w*x + b\na = sigmoid(z)\n\n  L = (a - y)^2\n", "z = w*x +\n b\na = sigmoid(\n  z\n)\n;L = (a - y)^2;;",
    "\n;z=w*x+b;a=sigmoid(z);L=\n(a-y)^2",
])
def test_lines_and_semicolons_separate_and_formulas_go_on(text: str) -> None:
    assert sd.parse_program(text) == sd.parse_program(NEURON)


def test_a_last_formula_needs_no_name() -> None:
    p = sd.parse_program("s = x*y\ns + s^2")
    assert (p.names, p.output_name, p.output) == (("s",), None, sd.parse("s + s^2"))
    assert sd.parse_program("x^2").expression is sd.parse("x^2")
    assert sd.parse_program("a = x; b = a^2; a").output_name == "a"


def test_what_a_name_stands_for_is_one_shared_node() -> None:
    lines = ["a0 = x", *(f"a{n} = a{n - 1}*a{n - 1}" for n in range(1, 100))]
    p = sd.parse_program("\n".join(lines))
    assert p.expression.count_ops(shared=True) == 99


@pytest.mark.parametrize("text", [NEURON, "x^2", "s = x; s*s", "a = 1 if x > 0 else 2; a", "a = x; b = a^2; a"])
def test_a_program_reads_back_and_travels(text: str) -> None:
    p = sd.parse_program(text)
    assert sd.parse_program(str(p)) == p == pickle.loads(pickle.dumps(p))
    assert hash(sd.parse_program(str(p))) == hash(p)


@pytest.mark.parametrize(("text", "line", "column", "reason"), [
    ("a = b + 1; b = 2", 1, 5, "used before its definition"), ("a = 2c + c\nd = 1\nc = 3", 1, 6, "used before its definition"),
    ("a = 1\na = 2", 2, 1, "defined twice"), ("a = a + 1", 1, 5, "its own definition"), ("y = x\n sin = 3", 2, 2, "a function"),
    ("pi = 3", 1, 1, "a constant"), ("if = 3", 1, 1, "a reserved word"), ("x + 1\ny = 2", 1, 1, "only the last"),
    ("a = 1\nb = a + * 2", 2, 9, "unexpected '*'"), ("a = 1\nb = (a +\n 2 3)", 3, 4, "stands beside"),
    ("a = 1;  b = ", 1, 12, "no formula"),
    ("", 1, 1, "no formula"), (" ;\n; ", 1, 1, "no formula"), ("f(x) = x^2", 1, 6, "only one name"),
    ("a = 1; a + 1 = 2", 1, 14, "only one name"),
    ("a = 1\nb = x > 2", 2, 4, "a condition"), ("x = 1 # one", 1, 7, "'#'"), ("a = x == 1; a", 1, 4, "a condition"),
    ("a = sin", 1, 8, "lacks its argument"),
])
def test_errors_name_the_place_in_the_whole_text(text: str, line: int, column: int, reason: str) -> None:
    with pytest.raises(sd.ParseError) as caught:
        sd.parse_program(text)
    assert reason in str(caught.value)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert caught.value.text == text


def test_a_program_is_immutable_and_says_what_it_has() -> None:
    p = sd.parse_program(NEURON)
    with pytest.raises(sd.UsageError, match="immutable"):
        p.output = None  # type: ignore[assignment]
    with pytest.raises(sd.UsageError, match="it defines z, a, L"):
        p["q"]
    with pytest.raises(TypeError):
        p.definitions["z"] = None  # type: ignore[index]
    with pytest.raises(sd.UsageError, match="takes text"):
        sd.parse_program(3)  # type: ignore[arg-type]


def test_abstract_functions_in_programs() -> None:
    p = sd.parse_program("u = h(x); u*h'(x)", functions=["h"])
    assert str(p.expression) == "h(x)*h'(x)"


def test_local_derivatives_are_in_terms_of_names() -> None:
    back = sd.parse_program(NEURON).backpropagate(["w", "b"])
    assert [(link.name, str(link.derivative)) for name in ("a", "z", "w") for link in back[name].users] == [
        ("dL/da", "2*(a - y)"), ("da/dz", "a*(1 - a)"), ("dz/dw", "x")]
    assert back.factors("w") == [["dL/da", "da/dz", "dz/dw"]]
    assert {name: str(d) for name, d in back.gradient.items()} == {"w": "2*(a - y)*a*(1 - a)*x", "b": "2*(a - y)*a*(1 - a)"}
    assert back.value is None and back.gradient_values == {"w": None, "b": None}


TOLD = """Forward pass
name    formula  value
x       input    1
y       input    2
s       x*y      2
u       s^2      4
output  u*s + x  9

Backward pass
derivative  chain rule                     formula            value
doutput/du                                 s                  2
du/ds                                      2*s                4
∂output/∂s                                 u                  4
doutput/ds  doutput/du*du/ds + ∂output/∂s  2*s*s + u          12
ds/dx                                      y                  2
∂output/∂x                                 1                  1
doutput/dx  doutput/ds*ds/dx + ∂output/∂x  (2*s*s + u)*y + 1  25
ds/dy                                      x                  1
doutput/dy  doutput/ds*ds/dy               (2*s*s + u)*x      12"""


def test_the_table_is_aligned_and_tells_partial_from_total() -> None:
    back = sd.parse_program("s = x*y; u = s^2; u*s + x").backpropagate(at={"x": 1, "y": 2})
    assert str(back) == TOLD
    assert back["s"].adjoint_value == 12
    assert back.gradient_values == {"x": 25, "y": 12}


def test_names_that_the_output_does_not_need_have_no_adjoint() -> None:
    back = sd.parse_program("a = x^2; unused = sin(a); a*y").backpropagate(at={"x": 3, "y": 2})
    assert back["unused"].adjoint is sd.number(0)
    assert back["a"].users[0].of == "output" and len(back["a"].users) == 1
    assert back.gradient_values == {"x": 12, "y": 9}


@given(st.lists(st.tuples(st.sampled_from(["sin({})*{}", "{} + {}^2", "tanh({}) - {}", "{}*{}", "exp(sin({}))/({}^2 + 1)"]),
                          st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=8), st.floats(-1, 1), st.floats(-1, 1))
@settings(max_examples=40)
def test_adjoints_are_the_derivatives_of_the_whole(parts: list[tuple[str, int, int]], x: float, y: float) -> None:
    names = ["x", "y"]
    lines = []
    for form, first, second in parts:
        lines.append(f"a{len(lines)} = " + form.format(names[first % len(names)], names[second % len(names)]))
        names.append(f"a{len(lines) - 1}")
    p = sd.parse_program("\n".join(lines))
    back = p.backpropagate(["x", "y"] if len(p.inputs) == 2 else None, {str(s): {"x": x, "y": y}[str(s)] for s in p.inputs})
    for name, value in back.gradient_values.items():
        expected = sd.diff(p.expression, name).evaluate(x=x, y=y)
        assert value == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_fractions_stay_exact() -> None:
    back = sd.parse_program("u = x^2; u/y").backpropagate(at={"x": Fraction(1, 2), "y": Fraction(3)})
    assert back.gradient_values == {"x": Fraction(1, 3), "y": Fraction(-1, 36)}


@pytest.mark.parametrize(("wrt", "at", "reason"), [
    ("q", None, "the program has no 'q'"), (None, {"x": 1}, "lacks a value for b"),
    (None, {"b": 1, "w": 1, "x": 1, "y": 1, "a": 3}, "a is no input"),
    (None, 3, "a point is a mapping"), (["w", "w"], None, "twice"),
])
def test_backpropagation_says_what_is_missing(wrt: object, at: object, reason: str) -> None:
    with pytest.raises(sd.UsageError, match=reason):
        sd.parse_program(NEURON).backpropagate(wrt, at)  # type: ignore[arg-type]


def test_a_long_program_is_no_trouble() -> None:
    text = "\n".join(["a0 = x", *(f"a{n} = sin(a{n - 1})" for n in range(1, 2_000))])
    back = sd.parse_program(text).backpropagate(at={"x": 0.5})
    assert back.gradient_values["x"] == pytest.approx(sd.diff(sd.parse_program(text).expression, "x").evaluate(x=0.5))
    assert len(str(back).splitlines()) > 2_000
