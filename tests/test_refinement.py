"""Simplification is a refinement: at random points, and on and beside kinks, poles and branch points, no defined value changes or vanishes.

Values are those of the table's rows in high precision.  A point where rounding could decide (a difference that is nearly zero before a
jump, a denominator or a root) is left out, so that a failure is a failure.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import Any

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import ARITHMETIC, CONSTANTS, FUNCTIONS, SYMBOLS, X, _number_of

from symdiff import Expr, apart, cancel, cse, expand, factor, parse, simplify, together, trigsimp
from symdiff.errors import SymdiffError
from symdiff.evaluator import Evaluator
from symdiff.expr import number
from symdiff.operations import TABLE
from symdiff.walk import postorder, substitute

mp = mpmath.MPContext()
mp.dps = 60
NOISE = mp.mpf(10) ** -40
"""What is smaller and no zero may be a zero that rounding hid."""
TOO_LARGE = mp.mpf(10) ** 40
"""What is larger may be the inverse of such a zero."""
AWKWARD_POINTS = [Fraction(n, d) for n, d in (
    (0, 1), (1, 1), (-1, 1), (2, 1), (-2, 1), (3, 1), (-3, 1), (1, 2), (-1, 2), (1, 3), (-8, 1), (5, 4), (-7, 4), (1, 2 ** 20), (-1, 2 ** 20),
    (2 ** 20 + 1, 2 ** 20), (1 - 2 ** 20, 2 ** 20))]
NUMBERS = [number(v) for v in (
    0, 1, -1, 2, -2, 3, -3, 4, -8, Fraction(1, 2), Fraction(-1, 2), Fraction(1, 3), Fraction(2, 3), Fraction(3, 2), Fraction(-4, 3), 0.5, 2.0, 0.1)]
JUMPING = {"floor", "ceil", "sign", "step"}
COMPARING = {"lt", "le", "gt", "ge", "eq", "ne"}

leaves = st.one_of(st.sampled_from([X, X, *SYMBOLS[:2]]), st.sampled_from(NUMBERS), st.sampled_from(CONSTANTS[:2]))
rows = [op for op in (*ARITHMETIC, *ARITHMETIC, *FUNCTIONS, *TABLE.values()) if op.arity]
steps = st.one_of(leaves, st.tuples(st.sampled_from(rows), st.integers(0, 2)))
EXPRESSIONS = st.lists(steps, min_size=1, max_size=14).map(_number_of)
POINTS = st.tuples(*[st.one_of(st.sampled_from(AWKWARD_POINTS), st.fractions(-4, 4, max_denominator=64))] * 2)

Value = Any
"""A number or truth; None where there is no value; 'unclear' where rounding or size would decide."""


def value_at(expression: Expr, bindings: dict[Expr, Any]) -> Value:
    """The value, by high-precision arithmetic that knows where it may be wrong."""
    evaluator = _evaluator(expression)
    values = evaluator.precise_values({symbol: bindings[symbol] for _, symbol in evaluator.symbols}, mp)
    needed = _needed(expression, evaluator, values)
    for node in needed:
        if _is_unclear(node, [values[evaluator.place(child)] for child in node.args], values[evaluator.place(node)]):
            return "unclear"
    return values[-1]


@lru_cache(maxsize=64)
def _evaluator(expression: Expr) -> Evaluator:
    return Evaluator(expression)


def _needed(expression: Expr, evaluator: Evaluator, values: list[Any]) -> list[Expr]:
    """The nodes whose values matter: of a choice only the branch taken."""
    stack, met = [evaluator.order[-1]], set()
    while stack:
        node = stack.pop()
        if node in met:
            continue
        met.add(node)
        if node.op.name == "where":
            truth = values[evaluator.place(node.args[0])]
            stack += [node.args[0], *([] if truth is None else [node.args[1] if truth else node.args[2]])]
        else:
            stack += node.args
    return list(met)


def _is_unclear(node: Expr, arguments: list[Any], value: Any) -> bool:
    numbers = [a for a in (*arguments, value) if a is not None and type(a) is not bool]
    if any(0 < abs(a) < NOISE or abs(a) > TOO_LARGE for a in numbers):
        return True
    name = node.op.name
    if any(a is None or type(a) is bool for a in arguments) or not arguments or name == "where":
        return False
    if name in JUMPING or name == "mod" or "gamma" in name:
        quotient = arguments[0] if len(arguments) == 1 or name == "polygamma" else arguments[0] / arguments[1] if arguments[1] else mp.zero
        return 0 < abs(quotient - mp.nint(quotient)) < NOISE or abs(quotient) > 1e6
    if name in COMPARING:
        return 0 < abs(arguments[0] - arguments[1]) < NOISE
    if name == "pow":
        return 0 < abs(arguments[1] - mp.nint(arguments[1])) < NOISE or abs(arguments[1]) > 1e6
    if len(arguments) == 1 and node.op.domain is not None and node.op.arity == 1:  # at the end of a domain, such as 1 for asin
        return any(0 < abs(abs(arguments[0]) - end) < NOISE for end in (0, 1)) or (name in ("tan", "cot", "sec", "csc") and abs(arguments[0]) > 1e6)
    return False


def agree(a: Any, b: Any, digits: int = 25) -> bool:
    if type(a) is bool or type(b) is bool:
        return bool(a == b)
    return bool(abs(a - b) <= mp.mpf(10) ** -digits * (1 + abs(a)))


def broken(before: Expr, after: Expr, bindings: dict[Expr, Any]) -> str | None:
    """What is wrong with a refinement of a value at a point, if anything."""
    old = value_at(before, bindings)
    if old is None or type(old) is str:
        return None
    new = value_at(after, bindings)
    if type(new) is str:
        return None
    if new is None:
        return f"{old} vanished"
    floats = any(type(node.value) is float for node in postorder(before))  # 1/3 + 0.1 folds to a float
    return None if agree(old, new, 9 if floats else 25) else f"{old} became {new}"


def shown(expression: Expr, result: Expr, point: dict[Expr, Any], what: str) -> str:
    return f"{expression}  ->  {result}  at  {', '.join(f'{s} = {v}' for s, v in point.items())}: {what}"


def bindings_of(values: tuple[Fraction, Fraction]) -> dict[Expr, Any]:
    return {symbol: mp.mpf(v.numerator) / v.denominator for symbol, v in zip(SYMBOLS[:2], values, strict=True)}


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
        assert what is None, shown(expression, made.result, point, what or "")
        if value_at(expression, point) is None and type(new := value_at(made.result, point)) is not str and new is not None:
            truths = [value_at(condition, point) for condition in made.conditions]
            assert any(truth is not True for truth in truths), shown(
                expression, made.result, point, f"{new} out of nothing, and no recorded condition is false: {list(map(str, made.conditions))}")


@given(EXPRESSIONS, st.lists(POINTS, min_size=2, max_size=4))
def test_the_strict_mode_keeps_the_domain_exactly(expression: Expr, drawn: list[tuple[Fraction, Fraction]]) -> None:
    result = simplify(expression, mode="strict")
    for point in all_points(drawn):
        what = broken(expression, result, point) or broken(result, expression, point)
        assert what is None, shown(expression, result, point, what or "")


@given(EXPRESSIONS, st.sampled_from(["x > 0", "x >= 0", "x < 0", "x != 0", "x integer", "0 < x < 1", "x > 1, y integer", "x <= -1, y > 0"]),
       st.lists(POINTS, min_size=2, max_size=4))
def test_what_is_assumed_is_used_where_it_holds_only(expression: Expr, assumed: str, drawn: list[tuple[Fraction, Fraction]]) -> None:
    result = simplify(expression, assume=assumed)
    for point in all_points(drawn):
        if _meets(assumed, point):
            what = broken(expression, result, point)
            assert what is None, shown(expression, result, point, f"{what}, assuming {assumed}")


def _meets(assumed: str, point: dict[Expr, Any]) -> bool:
    for clause in assumed.split(","):
        words = clause.split()
        if words[-1] == "integer":
            if point[parse(words[0])] != mp.nint(point[parse(words[0])]):
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
        assert what is None, shown(expression, result, point, what or "")


@given(EXPRESSIONS, st.lists(POINTS, min_size=2, max_size=4))
def test_partial_fractions_keep_every_value(expression: Expr, drawn: list[tuple[Fraction, Fraction]]) -> None:
    try:
        result = apart(expression, X)
    except SymdiffError:
        return
    for point in all_points(drawn):
        what = broken(expression, result, point)
        assert what is None, shown(expression, result, point, what or "")


@given(st.lists(EXPRESSIONS, min_size=1, max_size=3))
def test_common_parts_put_back_give_the_expressions(expressions: list[Expr]) -> None:
    named, reduced = cse(expressions)
    whole: dict[Expr, Expr] = {}
    for symbol, part in named:
        whole[symbol] = substitute(part, whole)
    assert [substitute(e, whole) for e in reduced] == expressions
    assert not {symbol for symbol, _ in named} & set(postorder(*expressions))
