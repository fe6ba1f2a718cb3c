"""Formulas shown: LaTeX with its options, MathML, Unicode in two dimensions, notebooks and f-strings."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import anything

import symdiff as sd
from symdiff.cli.main import main
from symdiff.expr import Expr, symbol_node
from symdiff.operations import TABLE
from symdiff.printing.boxes import laid_out
from symdiff.printing.measuring import Sizes, printed_width
from symdiff.printing.unicode import _Drawing

HOSTILE = [r"\input{x}", "$x$", "<script>alert(1)</script>", "</math>", "&lt;", "a_b^c", "{", "}",
           '"', "'", "`", "\x1b[31m", "\u202e", "\n", "]]>", "-->"]
MATHML = "{http://www.w3.org/1998/Math/MathML}"


# LaTeX, its options

@pytest.mark.parametrize(("formula", "options", "expected"), [
    ("2x*y*sin(x)", {"mul_symbol": "dot"}, r"2 \cdot x \cdot y \cdot \sin{x}"),
    ("2*3*x", {"mul_symbol": "times"}, r"2 \times 3 \times x"),
    ("x*y", {"mul_symbol": "ldot"}, r"x \,.\, y"),
    ("x/2 + (x/y)^2 + sin(1/3)", {"fold_short_frac": True}, r"x / 2 + \left(\frac{x}{y}\right)^{2} + \sin(1 / 3)"),
    ("x^(y/2) - x/y*z - (x + 1)/2", {"fold_short_frac": True}, r"x^{\frac{y}{2}} - \frac{x}{y} z - \frac{x + 1}{2}"),
    ("x + 1", {"mode": "inline"}, "$x + 1$"),
    ("x + 1", {"mode": "equation*"}, "\\begin{equation*}\nx + 1\n\\end{equation*}"),
])
def test_products_and_fractions_look_as_asked(formula: str, options: dict[str, Any], expected: str) -> None:
    assert sd.latex(sd.parse(formula), **options) == expected


@given(anything, st.sampled_from([None, "dot", "times"]), st.booleans())
def test_every_look_means_the_same(expression: Expr, mul_symbol: str | None, fold: bool) -> None:
    shown = sd.latex(expression, mul_symbol=mul_symbol, fold_short_frac=fold)
    assert sd.latex(sd.parse_latex(shown, symbols=expression.free_symbols)) == sd.latex(
        sd.parse_latex(sd.latex(expression), symbols=expression.free_symbols))


@pytest.mark.parametrize("options", [{"mul_symbol": "x"}, {"mode": "display"}, {"width": 0}, {"width": "80"}])
def test_unknown_options_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(sd.UsageError):
        sd.latex(sd.Symbol("x"), **options)


LONG = sd.simplify(sd.diff(sd.parse("exp(-x^2)*sin(3x)/(1 + x^2)*tanh(x*y) + x^3*ln(x + 1)"), "x"))


def _formula_of_lines(text: str) -> str:
    body = text.removeprefix("\\begin{aligned}\n").removesuffix("\n\\end{aligned}")
    return re.sub(r" \\\\\n", "", body).replace(r"& \quad {}", "").replace("& ", "")


@pytest.mark.parametrize("formula", [LONG, sd.parse("2x*sin(x)*(x + 1)*exp(x)*y*cos(x)*(a - b)"), sd.parse("x"), sd.parse("-x - 2y - (a + b)")])
def test_lines_together_are_the_formula(formula: Expr) -> None:
    for width in (10, 30, 60, 200):
        broken = sd.latex(formula, mode="aligned", width=width)
        assert sd.latex(sd.parse_latex(_formula_of_lines(broken))) == sd.latex(formula)
        lines = broken.splitlines()[1:-1]
        assert all(line.startswith("& ") for line in lines)
        assert len(lines) == 1 or width < 200


def test_no_line_of_short_terms_is_wider_than_asked() -> None:
    wide = TABLE["add"](*[sd.Symbol(f"x_{k}") ** k for k in range(2, 60)])
    for line in sd.latex(wide, mode="aligned", width=40).splitlines()[1:-1]:
        assert printed_width(line.removeprefix("& ").removeprefix(r"\quad {}").removesuffix(r"\\")) <= 41


def test_common_parts_are_named_once_and_put_back_give_the_formula() -> None:
    formula = sd.diff(sd.parse("exp(-x^2/2)*tanh(x*y + 1)*a"), "x")
    shown = sd.latex(formula, name_parts=True)
    main_part, _, definitions = shown.partition(r" \quad \text{where } ")
    read = sd.parse_latex(main_part)
    parts = [definition.split(" = ") for definition in definitions.split(r",\ ")]
    assert len(parts) >= 2 and "a" not in [name for name, _ in parts]
    for name, part in reversed(parts):
        read = read.subs({sd.parse_latex(name): sd.parse_latex(part)})
    assert sd.equivalent(read, formula).ok
    assert sd.latex(sd.parse("x + 1"), name_parts=True) == "x + 1"
    assert r"\text{where } " in sd.latex(formula, mode="aligned", width=30, name_parts=True)


# MathML

def _root(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text)


@given(anything)
def test_mathml_is_well_formed_and_shows_every_variable(expression: Expr) -> None:
    root = _root(sd.mathml(expression))
    arity = {"mfrac": 2, "msup": 2, "msub": 2, "mroot": 2}
    for element in root.iter():
        kind = element.tag.removeprefix(MATHML)
        assert len(element) == arity.get(kind, len(element)), kind
    shown = "".join(root.itertext())
    for symbol in expression.free_symbols - {sd.Symbol("α"), sd.Symbol("theta_1"), symbol_node("__class__")}:
        assert str(symbol) in shown


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_text_in_mathml(name: str) -> None:
    root = _root(sd.mathml(symbol_node(name) ** 2))
    assert [element.tag.removeprefix(MATHML) for element in root.iter()] == ["math", "msup", "mi", "mn"]
    assert (root[0][0].text or "").isprintable() or "\xa0" in (root[0][0].text or "")


def test_mathml_of_a_fraction_and_a_root() -> None:
    assert sd.mathml(sd.parse("sqrt(x)/2"), display="inline") == (
        '<math xmlns="http://www.w3.org/1998/Math/MathML"><mfrac><msqrt><mi>x</mi></msqrt><mn>2</mn></mfrac></math>')


# two dimensions

@pytest.mark.parametrize(("formula", "expected"), [
    ("(x^2 + 1)/2", "x² + 1\n────────\n   2"),
    ("x^-12*y^n", "x⁻¹² yⁿ"),
    ("2*x_1*sin(x)^2 - 3", "2 x₁ sin² x − 3"),
    ("theta + x_max + 2*3", "θ + x_max + 2 · 3"),
    ("e^(x/2)", " x\n ───\n  2\ne"),
    ("x^y^2", " y²\nx"),
    ("sqrt(x + 1)*sqrt(2)", "  _____\n╲╱x + 1 √2"),
    ("|x/2|", "│ x │\n│───│\n│ 2 │"),
    ("x > 0 and not y <= 1", "x > 0 ∧ ¬(y ≤ 1)"),
    ("where(x > 0, x, -x)", "⎧x   if x > 0\n⎨−x  otherwise\n⎩"),
])
def test_a_formula_in_two_dimensions(formula: str, expected: str) -> None:
    assert sd.pretty(sd.parse(formula)).strip() == expected.strip()


@given(anything)
def test_a_drawing_is_as_large_as_it_was_measured(expression: Expr) -> None:
    text = sd.latex(expression)
    size, block = laid_out(text, Sizes()), laid_out(text, _Drawing())
    assert {len(line) for line in block.lines} == {size.width}
    assert (len(block.lines), block.base) == (size.height, size.above)


@given(anything, st.integers(5, 60))
def test_nothing_is_wider_than_asked_but_for_one_line(expression: Expr, width: int) -> None:
    lines = sd.pretty(expression, width=width).split("\n")
    assert len(lines) == 1 or max(map(len, lines)) <= width
    if len(lines) == 1 and len(lines[0]) > width:
        assert lines == [str(expression)]


def test_what_is_too_deep_for_two_dimensions_is_one_line() -> None:
    node = sd.Symbol("x")
    for _ in range(10_000):
        node = 1 / (node + 1)
    assert sd.pretty(node) == str(node)
    assert sd.mathml(node).count("<mfrac>") == 10_000


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_sends_nothing_to_the_terminal(name: str) -> None:
    assert all(char.isprintable() or char == "\n" for char in sd.pretty(symbol_node(name) / 2))


# f-strings, notebooks, repr

def test_f_strings_take_the_forms() -> None:
    e = sd.parse("x^2/2")
    assert f"{e}" == f"{e:text}" == "x^2/2"
    assert f"{e:latex}" == sd.latex(e) and f"{e:unicode}" == sd.pretty(e) and f"{e:mathml}" == sd.mathml(e)
    assert f"{e:>7}" == "  x^2/2"
    with pytest.raises(sd.UsageError, match="unicode"):
        f"{e:html}"


def test_plain_text_in_an_f_string_loads_no_other_form() -> None:
    code = "import sys, symdiff as sd; f'{sd.Symbol(chr(120)) + 1}'; print('symdiff.printing.latex' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_a_notebook_gets_latex_unless_it_would_choke() -> None:
    e: Any = sd.parse("x^2")
    assert e._repr_latex_() == r"$\displaystyle x^{2}$"
    assert e._repr_mimebundle_() == {"text/plain": "Expr('x^2')", "text/latex": r"$\displaystyle x^{2}$"}
    assert e._repr_mimebundle_(include=["text/plain"]).keys() == {"text/plain"}
    assert e._repr_mimebundle_(exclude=["text/plain"]).keys() == {"text/latex"}
    large: Any = e
    for _ in range(200):
        large = large * large
    assert large._repr_latex_() is None
    assert large._repr_mimebundle_().keys() == {"text/plain"}


def test_the_repr_of_a_graph_that_is_huge_as_text_is_short() -> None:
    node = sd.Symbol("x")
    for _ in range(20_000):
        node = TABLE["mul"](node, node)
    assert repr(node) == "<Expr: mul of 20,000 distinct operations, about 10^6020 as text>"
    assert len(repr(TABLE["add"](*[sd.Symbol("x") ** k for k in range(20_000)]))) < 100


# the command

def test_the_command_reads_latex_and_writes_every_form(capsys: pytest.CaptureFixture[str]) -> None:
    latex = r"\frac{x^2}{2}"
    assert main(["diff", latex, "--from", "latex"]) == 0
    assert capsys.readouterr() == ("x\n", "read as x^2/2\n")
    assert main(["diff", "x^3/y", "--wrt", "x", "--format", "unicode"]) == 0
    assert capsys.readouterr().out == " 3 x²\n──────\n  y\n"
    assert main(["diff", latex, "--from=latex", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["derivative"] == "x"
    assert main(["simplify", "x/x", "--format", "mathml"]) == 0
    assert capsys.readouterr().out.count("<math ") == 2
    assert main(["eval", latex, "x=3", "--from", "latex"]) == 0
    assert capsys.readouterr().out == "4.5\n"
    assert main(["diff", r"\sinn x", "--from", "latex"]) == 2
    assert r"did you mean \sin?" in capsys.readouterr().err
