"""LaTeX in: what textbooks write, what `latex` prints, mistakes at their place, and any size."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from strategies import anything, moderate_expressions

import symdiff as sd
from symdiff import functions
from symdiff.expr import NUMBER, ZERO, Expr, symbol_node
from symdiff.operations import TABLE
from symdiff.walk import free_symbols, rebuild

CASES = Path(__file__).parent / "cases"


def _lines(name: str) -> list[tuple[str, ...]]:
    """The cases of a file as they stand: a backslash is a backslash."""
    return [tuple(line.split(" ; ")) for line in (CASES / name).read_text(encoding="utf-8").splitlines() if line and not line.startswith("# ")]


@pytest.mark.parametrize(("text", "formula"), _lines("latex_input.txt"))
def test_a_textbook_formula_is_read(text: str, formula: str) -> None:
    assert sd.parse_latex(text) is sd.parse(formula)


@pytest.mark.parametrize(("text", "place", "said"), _lines("latex_errors.txt"))
def test_a_mistake_is_named_at_its_place(text: str, place: str, said: str) -> None:
    with pytest.raises(sd.ParseError) as caught:
        sd.parse_latex(text)
    assert f"{caught.value.line}:{caught.value.column}" == place, caught.value
    assert said in str(caught.value)
    assert caught.value.hint or "takes" in said


def test_places_count_lines() -> None:
    with pytest.raises(sd.ParseError) as caught:
        sd.parse_latex("$$x +\n  \\foo$$")
    assert (caught.value.line, caught.value.column) == (2, 3)


# what `latex` prints

def _told(node: Expr) -> Expr:
    """-(2) and -2 are written alike, and read as the number."""
    return rebuild(node, lambda n: sd.number(-n.args[0].value) if n.op is TABLE["neg"] and n.args[0].op is NUMBER and n.args[0] is not ZERO else n)


@given(anything)
def test_what_is_printed_is_read_and_printed_again_the_same(expression: Expr) -> None:
    shown = sd.latex(_told(expression))
    read = sd.parse_latex(shown, symbols=free_symbols(expression))
    assert sd.latex(read) == shown
    assert set(free_symbols(read)) == set(free_symbols(expression))


@given(moderate_expressions)
def test_what_is_printed_is_read_with_the_same_value(expression: Expr) -> None:
    read = sd.parse_latex(sd.latex(expression), symbols=free_symbols(expression))
    for point in ({"x": 0.7, "y": 1.3, "z": -0.4}, {"x": -1.25, "y": 0.5, "z": 2.0}):
        here = {name: value for name, value in point.items() if name in {s.value for s in free_symbols(expression)}}
        try:
            value = expression.evaluate(here)
        except sd.SymdiffError:
            continue
        assert read.evaluate(here) == pytest.approx(value, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("op", [op for op in TABLE.values() if op.arity and not op.relation], ids=repr)
def test_every_row_is_read_back(op: object) -> None:
    row = TABLE[repr(op)]
    args = [sd.parse("p > 1") if place in row.conditions else sd.Symbol(name) for place, name in enumerate("abc"[:row.arity])]
    for node in (row(*args), row(*[arg if arg.op.relation else sd.sqrt(arg + 1) for arg in args])):
        assert sd.latex(sd.parse_latex(sd.latex(node))) == sd.latex(node)
        if row.name not in ("log", "gelu"):
            assert sd.parse_latex(sd.latex(node)) is node


def test_unknown_functions_and_their_derivatives_are_read_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(functions, "_declared", {})  # what is declared here is forgotten after it
    f, g, (x, y) = sd.Function("f"), sd.Function("my_g"), sd.symbols("x y")
    for node in (f(x), f(x).diff(x), f(x).diff(x, 5), g(x).diff(x), g(x, y).diff(x, y, 2), f(x) ** 2, f(x, y) ** 3 * x, x * f(g(x)), f(g(x)).diff(x)):
        assert sd.parse_latex(sd.latex(node)) is node
    assert sd.parse_latex(r"\frac{df}{dx} + \frac{\partial f(x, y)}{\partial y} + f^2(x)") is sd.parse("f'(x) + f'2(x, y) + f(x)^2")
    assert sd.parse_latex(r"u'(x)", functions=["u"]) is sd.parse("u'(x)", functions=["u"])
    with pytest.raises(sd.ParseError):
        sd.parse_latex("u'(x)")


@pytest.mark.parametrize("names", ["x1", "x_1", "x1 x_1", "θ theta", "α", "d x", "_x speed2", "ABC a_b_c", "v_max_2", "f x"])
def test_names_come_back_as_they_were(names: str) -> None:
    made = [sd.Symbol(name) for name in names.split()]
    node = TABLE["add"](made[0], *made) + made[-1] / (made[0] * made[-1]) + made[0] * (made[-1] + 1)
    assert sd.latex(sd.parse_latex(sd.latex(node), symbols=made)) == sd.latex(node)
    assert sd.parse_latex(sd.latex(node), symbols=made) is node


def test_without_being_told_a_subscript_reads_as_an_underscore() -> None:
    assert sd.parse_latex(r"x_{1} + \theta") is sd.parse("x_1 + theta")
    assert sd.parse_latex(r"x_{1} + \theta", symbols=["x1", "θ"]) is sd.parse("x1 + θ")


def test_given_variables_decide_what_letters_spell_and_what_is_a_product() -> None:
    assert sd.parse_latex(r"Ef^2 \epsilon + E f", symbols=["Ef", "E", "f", "epsilon"]) is sd.parse("Ef^2*epsilon + E*f")
    assert sd.parse_latex("2x1y + kb_{0} T", symbols=["x1", "kb_0"]) is sd.parse("2*x1*y + kb_0*T")
    assert sd.parse_latex("f (x + 1) + x(t)", symbols=["f", "x"]) is sd.parse("f*(x + 1) + x*t")
    assert sd.parse_latex("f (x + 1)", symbols=["f"], functions=["f"]) is sd.parse("f(x + 1)", functions=["f"])


@pytest.mark.parametrize("name", [r"\input{/etc/passwd}", "$x$", "{", "}", "\\", "a b", "<script>", "x''"])
def test_a_hostile_name_is_refused_with_an_error_of_the_family(name: str) -> None:
    with pytest.raises(sd.ParseError):
        sd.parse_latex(sd.latex(symbol_node(name)))


# any size

DEEP = 20_000


@pytest.mark.parametrize("text", [
    "(" * 5 * DEEP + "x" + ")" * 5 * DEEP, r"\frac1" * DEEP + "2", r"\sqrt" * DEEP + "{x}", r"\sin " * DEEP + "x", "x^{" * DEEP + "x" + "}" * DEEP,
    "-" * 5 * DEEP + "x", "|-" * DEEP + "x" + "|" * DEEP,
], ids=["parentheses", "fractions", "roots", "functions", "powers", "signs", "bars"])
def test_depth_is_no_obstacle(text: str) -> None:
    assert sd.parse_latex(text).free_symbols <= {sd.Symbol("x")}


def test_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(sd.LimitError, match="derivative_steps"):
        sd.parse_latex(r"\frac{d}{dx}" * 1_000 + "x^x")
    with pytest.raises(sd.LimitError, match="derivative_order"):
        sd.parse_latex(r"f^{(100000)}(x)", functions=["f"])
    with pytest.raises(sd.LimitError, match="literal_digits"):
        sd.parse_latex("9" * 5_000)
    monkeypatch.setattr(sd.limits, "input_length", 10)
    with pytest.raises(sd.LimitError, match="input_length"):
        sd.parse_latex("x" * 11)


@pytest.mark.parametrize("bad", [None, 3, b"x", ["x"]])
def test_what_is_no_text_is_refused(bad: object) -> None:
    with pytest.raises(sd.UsageError):
        sd.parse_latex(bad)  # type: ignore[arg-type]


@given(anything)
def test_a_letter_dropped_from_a_formula_gives_an_error_of_the_family_or_another_formula(expression: Expr) -> None:
    shown = sd.latex(expression)
    for place in range(0, len(shown), max(1, len(shown) // 5)):
        try:
            sd.parse_latex(shown[:place] + shown[place + 1:])
        except sd.SymdiffError as error:
            assert re.match(r"line \d+, column \d+: ", str(error)) or not isinstance(error, sd.ParseError)


def test_what_sympy_prints_is_read_with_the_same_value() -> None:
    sympy = pytest.importorskip("sympy")
    lines = [line.split("\t") for name in ("feynman.tsv", "textbook32.tsv") for line in (CASES / name).read_text(encoding="utf-8").splitlines()]
    formulas = [sd.parse(field) for line in lines for field in line[1:2] if re.search(r"[(*^]", field)]
    tried = read = 0
    for formula in formulas:
        point = {str(symbol): 0.3 + 0.17 * place for place, symbol in enumerate(sorted(formula.free_symbols, key=str))}
        try:
            value = formula.evaluate(point)
        except sd.DomainError:
            continue
        tried += 1
        try:
            again = sd.parse_latex(sympy.latex(sd.to_sympy(formula)), symbols=formula.free_symbols)
        except sd.ParseError:  # SymPy writes g_ as g_{}
            continue
        if again.free_symbols <= formula.free_symbols:  # it writes rho_c_0 as \rho_{c 0}, where the space does not show
            assert again.evaluate(point) == pytest.approx(value, rel=1e-9, abs=1e-12)
            read += 1
    assert read >= 0.95 * tried > 100, (read, tried)
