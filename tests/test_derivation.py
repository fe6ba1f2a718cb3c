"""The derivation: it never disagrees with diff, every rule holds when filled in, and it reads as a teacher speaks."""

from __future__ import annotations

import pickle
import re
from math import isclose

import pytest
from hypothesis import assume, given, settings
from strategies import moderate_expressions

import symdiff as sd
from symdiff.calculus.derivation import Derivation, derive
from symdiff.operations import TABLE

x = sd.Symbol("x")


def derivation_of(expression: sd.Expr) -> Derivation:
    try:
        return derive(expression, x)
    except sd.SymdiffError as error:  # polygamma(x, 1)
        assume("no derivative by that argument" not in str(error))
        raise


def rules(text: str) -> list[str]:
    return [step.rule for step in derive(sd.parse(text), x).steps()]


@given(moderate_expressions)
def test_the_result_and_every_step_are_those_of_diff(expression: sd.Expr) -> None:
    derivation = derivation_of(expression)
    assert derivation.result is sd.diff(expression, x)
    assert all(step.derivative is sd.diff(step.expression, x) for step in derivation)


@given(moderate_expressions)
@settings(max_examples=25)
def test_premises_come_before_what_rests_on_them(expression: sd.Expr) -> None:
    derivation = derivation_of(expression)
    seen: set[sd.Expr] = set()
    for step in derivation:
        for premise in step.premises:
            if premise.role not in ("outer", "condition") and x in premise.expression.free_symbols:
                assert premise.expression in seen
                assert premise.derivative is derivation[premise.expression].derivative
        seen.add(step.expression)


@pytest.mark.parametrize("name", [name for name, op in TABLE.items() if op.arity and not op.relation])
def test_each_rule_holds_with_everything_put_in_for_its_letters(name: str) -> None:
    """For every row: the formula in letters, filled in, has the value of the derivative."""
    op = TABLE[name]
    inner = [sd.parse(text) for text in ("x^2/3 + 1/4", "x/2 + 1/3", "x/5 - 2")]
    arguments = [x > 0 if place in op.conditions else inner[place] for place in range(op.arity)]
    for varying in range(op.arity) if op.arity > 1 else [0]:
        mixed = [a if place == varying or place in op.conditions else sd.number(place + 2) for place, a in enumerate(arguments)]
        for node in (op(*arguments), op(*mixed)):
            try:
                step = derive(node, x)[node]
            except sd.SymdiffError as error:
                assert "no derivative by that argument" in str(error)
                continue
            if step.applied is None or not step.varying:
                continue
            points = [point for point in (0.3, 0.9, 1.7, 4.5) if isinstance(node.evaluate(x=point, undefined="nan"), float)]
            for point in points:
                applied, derived = (e.evaluate(x=point, undefined="nan") for e in (step.applied, step.derivative))
                assert isclose(applied, derived, rel_tol=1e-9, abs_tol=1e-12) or (applied != applied and derived != derived)


@pytest.mark.parametrize(("text", "expected"), [
    ("x^2", ["power rule"]), ("2^x", ["exponential rule"]), ("x^x", ["general power rule"]), ("e^x", ["exponential rule"]),
    ("3*x^2", ["power rule", "constant multiple rule"]), ("x^2 + x", ["power rule", "sum rule"]),
    ("x*sin(x)", ["standard derivative", "product rule"]), ("x/(x + 1)", ["sum rule", "quotient rule"]), ("1/x", ["reciprocal rule"]),
    ("sin(x)", ["standard derivative"]), ("sin(x^2)", ["power rule", "chain rule"]), ("sqrt(x)", ["power rule"]), ("x", ["variable"]),
    ("y^2", ["constant rule"]), ("7", ["constant rule"]), ("3x + 1", ["sum rule"]), ("x if x > 0 else -x", ["piecewise rule"]),
    ("-x^2", ["power rule", "constant multiple rule"]), ("atan2(x, 2)", ["standard derivative"]), ("x^2/3", ["power rule",
    "constant multiple rule"]),
])
def test_rules_have_their_textbook_names(text: str, expected: list[str]) -> None:
    assert rules(text) == expected


@pytest.mark.parametrize(("text", "roles"), [
    ("x^2*sin(x)", ["u", "v"]), ("ln(x^2 + 1)", ["outer", "inner"]), ("(x + 1)^5", ["base", "exponent"]), ("x/sin(x)", ["u", "v"]),
    ("2*x*sin(x)", ["constant", "u", "v"]), ("x if x > 0 else 1", ["condition", "u", "v"]), ("x + x^2 + x^3 + x^4", ["u1", "u2", "u3",
    "u4"]),
    ("u*x*sin(x)", ["constant", "p", "v"]), ("max(x, x^2)", ["u", "v"]), ("x", []), ("3", []),
])
def test_premises_have_roles(text: str, roles: list[str]) -> None:
    expression = sd.parse(text)
    assert [premise.role for premise in derive(expression, x)[expression].premises] == roles


def test_letters_are_none_of_the_formula_s_own() -> None:
    told = derive(sd.parse("u^2*x*sin(v*x) + n^c*x^n"), x).explain()
    assert "p = x, q = sin(v*x), k = u^2" in told
    assert "(x^m)' = m*x^(m - 1) with m = n" in told


TOLD = """Differentiate (3*x + 1)^5 with respect to x.

1. Sum rule, term by term: (u + v)' = u' + v'.
   (3*x)' = 3; the constant drops out.
   (3*x + 1)' = 3

2. Power rule: u = 3*x + 1, n = 5.
   (u^n)' = n*u^(n - 1)*u' with u' = 3 (step 1).
   ((3*x + 1)^5)' = 5*(3*x + 1)^(5 - 1)*3 = 15*(3*x + 1)^4

Result: 15*(3*x + 1)^4"""


def test_an_explanation_reads_as_a_teacher_speaks() -> None:
    assert derive(sd.parse("(3x + 1)^5"), x).explain() == TOLD


@pytest.mark.parametrize(("text", "line"), [
    ("ln(x^2 + 1)", "3. Chain rule: outer ln(u), inner u = x^2 + 1."),
    ("ln(x^2 + 1)", "   d/du ln(u) = 1/u and u' = 2*x (step 2)."),
    ("tanh(x^2)", "   d/du tanh(u) = 1 - tanh(u)^2 and u' = 2*x (step 1)."),
    ("x^2*sin(x)", "   (u*v)' = u'*v + u*v' with u' = 2*x (step 1), v' = cos(x) (step 2)."),
    ("x^2*sin(x)", "3. Product rule: u = x^2, v = sin(x)."),
    ("abs(x - 1)", "   This holds where x - 1 != 0. Convention: the derivative of abs at 0 is taken as sign(0) = 0."),
    ("relu(x)", "   This holds where x != 0. Convention: relu'(0) = 0, as the frameworks have it."),
    ("y^2", "1. Constant rule: y^2 does not contain x, so its derivative is 0."),
    ("x", "1. The variable itself changes at rate 1."),
    ("e^(2x)", "   (e^u)' = e^u*u' with u' = 2."),
    ("x^5 - 7 - a", "   (x^5)' = 5*x^4 (step 1); the constants drop out."),
])
def test_what_is_said(text: str, line: str) -> None:
    assert line in derive(sd.parse(text), x).explain().splitlines()


@pytest.mark.parametrize("name", [name for name, op in TABLE.items() if op.smooth is not None and op.convention and op.slopes is not None])
def test_conventions_are_stated_where_they_matter(name: str) -> None:
    op = TABLE[name]
    assert op.convention in derive(op(*[x + place for place in range(op.arity)]), x).explain()
    assert op.convention not in derive(op(*[sd.number(place + 2) for place in range(op.arity)]) * x, x).explain()


def test_all_forms_say_the_same() -> None:
    derivation = derive(sd.parse("sin(x^2)*abs(x - y_1)"), x)
    words = [re.findall(r"Power rule|Chain rule|Product rule|Sum rule|Convention", form)
             for form in (derivation.explain(), derivation.latex(), derivation.markdown(), derivation.html())]
    assert words[0] and words[1] == words[2] == words[3] == words[0]
    assert r"\left(x^{2}\right)' = 2 x^{2 - 1} = 2 x" in derivation.latex()
    assert derivation.latex().count("{") == derivation.latex().count("}")
    assert derivation._repr_markdown_() == derivation.markdown()


def test_nothing_comes_out_unescaped() -> None:
    derivation = derive(sd.parse("(x if x < 1 else x^2)*abs(x)"), x)
    assert "<code>(x if x &lt; 1" in derivation.html()
    assert "< 1" not in derivation.html()
    assert sd.define("my_fn(u) = u^3") is TABLE["my_fn"]
    assert r"of my\_fn." in derive(sd.parse("my_fn(x)"), x).latex()


def test_a_wide_product_rests_on_products() -> None:
    wide = sd.parse("*".join(f"sin({n}x)" for n in range(1, 9)))
    step = derive(wide, x)[wide]
    assert step.rule == "product rule"
    assert len(step.premises) == 2
    assert all(premise.expression in derive(wide, x) for premise in step.premises)


def test_depth_does_not_matter_and_length_is_bounded() -> None:
    deep = x
    for _ in range(20_000):
        deep = sd.sin(deep)
    derivation = derive(deep, x)
    assert len(derivation) == 20_001
    assert derivation.result is sd.diff(deep, x)
    for form in (derivation.explain, derivation.latex, derivation.markdown, derivation.html):
        with pytest.raises(sd.LimitError, match="printed_length"):
            form()


def test_shared_parts_are_derived_once() -> None:
    e = x
    for _ in range(60):
        e = sd.sin(e) * e
    assert len(derive(e, x)) == 121


def test_a_derivation_is_found_by_expression_and_travels() -> None:
    derivation = derive(sd.parse("x*sin(x)"))
    assert pickle.loads(pickle.dumps(derivation)).result is derivation.result
    assert sd.parse("sin(x)") in derivation
    with pytest.raises(sd.UsageError, match="no step for"):
        derivation[sd.parse("cos(x)")]
    with pytest.raises(sd.UsageError, match="have no derivative"):
        derive(x > 0)
    with pytest.raises(sd.UsageError, match="by which variable"):
        derive(sd.parse("x*y"))


def test_a_wide_product_of_steps_is_derived_too() -> None:
    """All its factors vary and have the slope 0, so diff never opens it."""
    wide = sd.parse("floor(x)*ceil(x)*sign(x)*step(x)*floor(2x)")
    assert derive(wide, x).result is sd.diff(wide, x)
    assert derive(wide, x)[wide].rule == "product rule"


@pytest.mark.parametrize("text", [
    "y*y*sign(x)*y*y*sign(x)", "x*x*x*x*x*x", "x*y*x*y*x*y*x", "max(x, y, x, 2, x)*x*x*x*x*x", "x*sin(x)*x*sin(x)*x*sin(x)",
])
def test_a_factor_that_comes_again_and_again_is_derived_once(text: str) -> None:
    expression = sd.parse(text)
    derivation = sd.derive(expression, "x")
    assert derivation.result is sd.diff(expression, "x")
    assert derivation.explain()
