"""Simplification is a refinement: at random points, and on and beside kinks, poles and branch points, no defined value changes or vanishes.

Values are those of the table's rows in high precision.  A point where rounding could decide (a difference that is nearly zero before a
jump, a denominator or a root) is left out, so that a failure is a failure.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import CONSTANTS, SYMBOLS, X

from symdiff import Expr, apart, cancel, cse, expand, factor, parse, simplify, together, trigsimp
from symdiff.errors import SymdiffError
from symdiff.expr import number
from symdiff.testing import expressions
from symdiff.testing.values import UNCLEAR, broken, value_at
from symdiff.walk import postorder, substitute

AWKWARD_POINTS = [Fraction(n, d) for n, d in (
    (0, 1), (1, 1), (-1, 1), (2, 1), (-2, 1), (3, 1), (-3, 1), (1, 2), (-1, 2), (1, 3), (-8, 1), (5, 4), (-7, 4), (1, 2 ** 20), (-1, 2 ** 20),
    (2 ** 20 + 1, 2 ** 20), (1 - 2 ** 20, 2 ** 20))]
NUMBERS = [number(v) for v in (
    0, 1, -1, 2, -2, 3, -3, 4, -8, Fraction(1, 2), Fraction(-1, 2), Fraction(1, 3), Fraction(2, 3), Fraction(3, 2), Fraction(-4, 3), 0.5, 2.0, 0.1)]
leaves = st.one_of(st.sampled_from(NUMBERS), st.sampled_from(CONSTANTS[:2]))
EXPRESSIONS = expressions(SYMBOLS[:2], max_nodes=18, leaves=leaves)
POINTS = st.tuples(*[st.one_of(st.sampled_from(AWKWARD_POINTS), st.fractions(-4, 4, max_denominator=64))] * 2)

def shown(expression: Expr, result: Expr, point: dict[Expr, Any], what: str) -> str:
    return f"{expression}  ->  {result}  at  {', '.join(f'{s} = {v}' for s, v in point.items())}: {what}"


def bindings_of(values: tuple[Fraction, Fraction]) -> dict[Expr, Any]:
    return dict(zip(SYMBOLS[:2], values, strict=True))


def all_points(drawn: list[tuple[Fraction, Fraction]]) -> list[dict[Expr, Any]]:
    diagonal = [(v, AWKWARD_POINTS[(3 * i + 1) % len(AWKWARD_POINTS)]) for i, v in enumerate(AWKWARD_POINTS)]
    return [bindings_of(p) for p in [*drawn, *diagonal]]


@pytest.mark.parametrize(("before", "after"), [
    ("sqrt(x^2)", "x"), ("abs(x)", "sign(x)^2*x"), ("x^2/x", "x + 0/y"), ("ln(x^2)", "2*ln(x)"), ("(x^2)^(1/3)", "x^(2/3)"), ("x", "x^2/x"),
    ("floor(x) + 1", "ceil(x)"), ("asin(sin(x))", "x"), ("sqrt(x*y)", "sqrt(x)*sqrt(y)"), ("max(x, y)", "x"), ("exp(x)", "exp(x) + 10^-20"),
    ("where(x > 0, 1, 0)", "where(x >= 0, 1, 0)"), ("0^x", "where(x > 0, 0, 0)"), ("cbrt(x)", "x^(1/3)"), ("atan(tan(x))", "x"),
])
def test_planted_mistakes_are_seen_at_the_fixed_points(before: str, after: str) -> None:
    assert any(broken(parse(before), parse(after), point) for point in all_points([]))


@given(EXPRESSIONS, st.lists(POINTS, min_size=2, max_size=4))
def test_simplifying_keeps_every_value_and_records_what_the_domain_gains(expression: Expr, drawn: list[tuple[Fraction, Fraction]]) -> None:
    made = simplify(expression, report=True)
    for point in all_points(drawn):
        what = broken(expression, made.result, point)
        assert not what, shown(expression, made.result, point, what)
        if value_at(expression, point) is None and (new := value_at(made.result, point)) not in (None, UNCLEAR):
            truths = [value_at(condition, point) for condition in made.conditions]
            assert any(truth is not True for truth in truths), shown(
                expression, made.result, point, f"{new} out of nothing, and no recorded condition is false: {list(map(str, made.conditions))}")


@given(EXPRESSIONS, st.lists(POINTS, min_size=2, max_size=4))
def test_the_strict_mode_keeps_the_domain_exactly(expression: Expr, drawn: list[tuple[Fraction, Fraction]]) -> None:
    result = simplify(expression, mode="strict")
    for point in all_points(drawn):
        what = broken(expression, result, point) or broken(result, expression, point)
        assert not what, shown(expression, result, point, what)


@given(EXPRESSIONS, st.sampled_from(["x > 0", "x >= 0", "x < 0", "x != 0", "x integer", "0 < x < 1", "x > 1, y integer", "x <= -1, y > 0"]),
       st.lists(POINTS, min_size=2, max_size=4))
def test_what_is_assumed_is_used_where_it_holds_only(expression: Expr, assumed: str, drawn: list[tuple[Fraction, Fraction]]) -> None:
    result = simplify(expression, assume=assumed)
    for point in all_points(drawn):
        if _meets(assumed, point):
            what = broken(expression, result, point)
            assert not what, shown(expression, result, point, f"{what}, assuming {assumed}")


def _meets(assumed: str, point: dict[Expr, Any]) -> bool:
    for clause in assumed.split(","):
        words = clause.split()
        if words[-1] == "integer":
            if point[parse(words[0])].denominator != 1:
                return False
        elif value_at(parse(clause), point) is not True:
            return False
    return True


@pytest.mark.parametrize("form", [expand, factor, together, cancel, trigsimp, lambda e: simplify(e, prefer="accuracy")],
                         ids=["expand", "factor", "together", "cancel", "trigsimp", "accuracy"])
@given(EXPRESSIONS, st.lists(POINTS, min_size=2, max_size=4))
def test_every_form_keeps_every_value(form: Callable[[Expr], Expr], expression: Expr, drawn: list[tuple[Fraction, Fraction]]) -> None:
    result = form(expression)
    for point in all_points(drawn):
        what = broken(expression, result, point)
        assert not what, shown(expression, result, point, what)


@given(EXPRESSIONS, st.lists(POINTS, min_size=2, max_size=4))
def test_partial_fractions_keep_every_value(expression: Expr, drawn: list[tuple[Fraction, Fraction]]) -> None:
    try:
        result = apart(expression, X)
    except SymdiffError:
        return
    for point in all_points(drawn):
        what = broken(expression, result, point)
        assert not what, shown(expression, result, point, what)


@given(st.lists(EXPRESSIONS, min_size=1, max_size=3))
def test_common_parts_put_back_give_the_expressions(expressions: list[Expr]) -> None:
    named, reduced = cse(expressions)
    whole: dict[Expr, Expr] = {}
    for symbol, part in named:
        whole[symbol] = substitute(part, whole)
    assert [substitute(e, whole) for e in reduced] == expressions
    assert not {symbol for symbol, _ in named} & set(postorder(*expressions))
