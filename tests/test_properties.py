"""Properties that hold of every expression: text, pickling, folding, substitution, derivatives, order of creation."""

from __future__ import annotations

import copy
import os
import pickle
import random
import subprocess
import sys
from fractions import Fraction
from typing import Any

import mpmath
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from strategies import ROWS, SYMBOLS, anything, conditions, expressions, moderate_expressions, numbers
from test_tables import exactly, value_at

from symdiff import Expr, diff, number, parse, subs
from symdiff.errors import SymdiffError
from symdiff.expr import NUMBER, SYMBOL
from symdiff.operations import TABLE, folding
from symdiff.walk import fold, graph_size, postorder, substitute, tree_size

add, mul, div, neg, pow_ = (TABLE[name] for name in ("add", "mul", "div", "neg", "pow"))
x, y, z = SYMBOLS[:3]
mp = mpmath.MPContext()
mp.dps = 40


def value(root: Expr, bindings: dict[Expr, Any]) -> Any:
    """The value in high precision, by the rows alone; None where a part that is needed has no real value."""
    def rule(node: Expr, args: list[Any]) -> Any:
        if node.op is SYMBOL:
            return bindings.get(node)
        if node.op is NUMBER:
            return exactly(node.value)
        if node.op.name == "where":
            return None if args[0] is None else args[1] if args[0] else args[2]
        if any(a is None or abs(a) > 1e9 or 0 < abs(a) < 1e-9 for a in args):
            return None  # too large or small for the precision to mean anything behind another operation
        if (node.op is pow_ and abs(args[1]) > 200) or ("gamma" in node.op.name and max(map(abs, args)) > 30):
            return None
        return value_at(node.op, tuple(args))
    return fold(root, rule)


def points(count: int = 6) -> list[dict[Expr, Any]]:
    rng = random.Random(7)
    chosen = [Fraction(1, 3), Fraction(-1, 2), Fraction(2), Fraction(-3)]
    fixed = [{s: exactly(rng.choice(chosen)) for s in SYMBOLS} for _ in range(2)]
    return fixed + [{s: mp.mpf(rng.uniform(-2, 3)) for s in SYMBOLS} for _ in range(count)]


POINTS = points()


def close(a: Any, b: Any, digits: int = 20) -> bool:
    return bool(abs(a - b) <= mp.mpf(10) ** -digits * max(1, abs(a), abs(b)))


# Text

@settings(max_examples=6 * settings().max_examples)
@given(anything)
@example(neg(number(2)))
@example(neg(neg(number(-2))))
@example(div(1, 2))
@example(div(number(-1), number(2)))
@example(div(number(Fraction(1, 2)), number(3)))
@example(mul(mul(number(-2), x), y))
@example(mul(number(2), mul(number(-3), x)))
@example(mul(div(number(1), number(2)), x))
@example(div(mul(number(-2), x), y))
@example(neg(mul(number(2), x)))
@example(neg(div(number(2), x)))
@example(add(x, neg(number(2))))
@example(add(x, neg(neg(y))))
@example(add(x, neg(mul(number(2), y))))
@example(add(x, add(y, z)))
@example(add(neg(x), number(-0.0)))
@example(pow_(number(-2), number(2)))
@example(pow_(number(Fraction(-1, 2)), number(Fraction(-1, 3))))
@example(pow_(x, neg(pow_(y, number(-2)))))
@example(pow_(neg(x), neg(y)))
@example(pow_(pow_(x, y), z))
@example(number(10 ** 1200))
@example(TABLE["where"](TABLE["not"](TABLE["and"](x > 0, TABLE["or"](y > 0, z > 0))), x, TABLE["where"](x > 0, y, z)))
def test_text_reads_back_as_the_identical_expression(e: Expr) -> None:
    assert parse(str(e)) is e


@given(anything)
def test_text_is_one_line_of_plain_characters(e: Expr) -> None:
    assert str(e).isprintable()
    assert "  " not in str(e)
    assert str(e) == str(e).strip()


@given(moderate_expressions)
def test_text_of_a_derivative_reads_back_as_the_identical_expression(e: Expr) -> None:
    try:
        slope = diff(e, x)
    except SymdiffError as error:
        assert "no slope" in str(error)
    else:
        assert parse(str(slope)) is slope


# Identity

@given(anything)
def test_pickling_and_copying_give_the_same_node(e: Expr) -> None:
    assert all(pickle.loads(pickle.dumps(e, protocol)) is e for protocol in range(pickle.HIGHEST_PROTOCOL + 1))
    assert copy.copy(e) is e
    assert copy.deepcopy([e, {e: e}]) == [e, {e: e}]


@given(anything)
def test_equal_structure_is_the_same_node(e: Expr) -> None:
    rebuilt: dict[Expr, Expr] = {}
    for node in postorder(e):
        rebuilt[node] = Expr(node.op, tuple(rebuilt[a] for a in node.args), node.value)
    assert rebuilt[e] is e
    assert len(set(postorder(e))) == len(postorder(e))


@given(numbers, numbers)
def test_two_numbers_share_a_node_exactly_if_type_value_and_sign_agree(a: Expr, b: Expr) -> None:
    same = (type(a.value), repr(a.value)) == (type(b.value), repr(b.value))
    assert (a is b) == same


# Values

def _same_value(before: Expr, after: Expr) -> int:
    """Checks that wherever `before` has a value, `after` has the same; how many points said so."""
    met = 0
    for bindings in POINTS:
        expected = value(before, bindings)
        if expected is None or isinstance(expected, bool):
            continue
        got = value(after, bindings)
        if got is None:
            assert not _computable(after, bindings), f"{before} has the value {expected}, {after} has none at {bindings}"
            continue
        met += 1
        assert close(expected, got), f"{before} = {expected}, {after} = {got} at {bindings}"
    return met


def _computable(e: Expr, bindings: dict[Expr, Any]) -> bool:
    """Whether every operation below is met with arguments of moderate size, so that a missing value is a missing value."""
    seen: list[Any] = []

    def rule(node: Expr, args: list[Any]) -> Any:
        seen.extend(args)
        return value(node, bindings)
    fold(e, rule)
    return all(v is None or isinstance(v, bool) or v == 0 or 1e-9 <= abs(v) <= 1e9 for v in seen)


FOLDED = [op for op in ROWS if not op.relation]


exact_numbers = numbers.filter(lambda node: type(node.value) is not float)


@given(st.sampled_from(FOLDED), st.lists(st.one_of(moderate_expressions, exact_numbers), min_size=4, max_size=4), conditions)
def test_folding_changes_no_value(op: Any, args: list[Expr], condition: Expr) -> None:
    count = op.arity + (1 if op.variadic else 0)
    chosen = [condition if place in op.conditions else args[place] for place in range(count)]
    _same_value(Expr(op, tuple(chosen)), folding.apply(op, chosen))


@given(st.lists(moderate_expressions, min_size=1, max_size=4))
def test_sums_and_products_fold_without_changing_a_value(parts: list[Expr]) -> None:
    if len(parts) > 1:
        _same_value(add(*parts), folding.sum_of(*parts))
        _same_value(mul(*parts), folding.product(*parts))
    _same_value(neg(parts[0]), folding.opposite(parts[0]))
    _same_value(div(parts[0], parts[-1]), folding.quotient(parts[0], parts[-1]))
    _same_value(pow_(parts[0], parts[-1]), folding.power(parts[0], parts[-1]))


@given(numbers, numbers, st.sampled_from([add, mul, div, pow_]))
@example(number(0), number(0), div)
@example(number(0), number(-0.0), div)
@example(number(0), number(-1), pow_)
def test_numbers_fold_exactly_or_stay(a: Expr, b: Expr, op: Any) -> None:
    folded = folding.apply(op, [a, b])
    if folded.op is not NUMBER:
        return
    exact = {"add": lambda p, q: p + q, "mul": lambda p, q: p * q, "div": lambda p, q: p / q, "pow": lambda p, q: p ** q}[op.name]
    if float not in (type(a.value), type(b.value)):
        assert type(folded.value) is not float
        assert exact(Fraction(a.value), Fraction(b.value)) == folded.value
    elif type(folded.value) is float:
        p, q = (float(n.value) if op is pow_ else Fraction(repr(n.value)) if type(n.value) is float else n.value for n in (a, b))
        assert folded.value == pytest.approx(float(exact(p, Fraction(q) if op is div else q)), rel=1e-15, abs=0)  # rounded once
    else:
        assert folded.value in (0, 1)
        assert 0 in (a.value, b.value) or 1 in (a.value, b.value)  # an exact 0 or 1 decides alone


def _slope_at(e: Expr, bindings: dict[Expr, Any]) -> Any:
    """The numeric derivative by x; None at a kink, a jump, a border of the domain or a wild spot."""
    estimates = []
    for h in (mp.mpf(10) ** -10, mp.mpf(10) ** -11):
        values = [value(e, {**bindings, x: bindings[x] + k * h}) for k in (-2, -1, 0, 1, 2)]
        if any(v is None for v in values) or max(map(abs, values)) > 1e6:
            return None
        estimates.append((values[0] - 8 * values[1] + 8 * values[3] - values[4]) / (12 * h))
        estimates.append((values[3] - values[2]) / h)
    fine, rough, finer, rougher = estimates
    smooth = abs(fine - finer) <= mp.mpf(10) ** -16 * (1 + abs(fine)) and abs(rough - rougher) <= mp.mpf(10) ** -7 * (1 + abs(fine))
    return finer if smooth and abs(rougher - finer) <= mp.mpf(10) ** -6 * (1 + abs(finer)) else None


def _chain_rule_applies(e: Expr, bindings: dict[Expr, Any]) -> bool:
    """Whether every operation is differentiable at its own argument: asec(x/x) is constant, but asec has no slope at 1."""
    return all(value(node.op.smooth(*node.args), bindings) for node in postorder(e)
               if node.args and node.op.smooth is not None and len(node.args) == node.op.arity)


@settings(max_examples=3 * settings().max_examples)
@given(moderate_expressions)
@example(TABLE["asec"](div(x, x)))
def test_the_derivative_is_the_numeric_one_wherever_there_is_one(e: Expr) -> None:
    try:
        slope = diff(e, x)
    except SymdiffError as error:
        assert "no slope" in str(error)
        return
    for bindings in POINTS:
        expected = _slope_at(e, bindings)
        if expected is None:
            continue
        got = value(slope, bindings)
        if got is None:
            applies = _chain_rule_applies(e, bindings) and _computable(slope, bindings)
            assert not applies, f"d/dx {e} = {expected}, and {slope} has no value at {bindings}"
            continue
        assert close(expected, got, 9), f"d/dx {e} is {expected}, {slope} gives {got} at {bindings}"


@pytest.mark.parametrize("text", ["max(x, y, z)", "max(x^2, y, sin(x), x*y, z)", "min(x^3, y, z)^2", "max(x, y, z, x*z)*exp(x)"])
@pytest.mark.parametrize("order", [2, 3])
def test_a_higher_derivative_is_the_derivative_of_the_derivative_where_many_arguments_meet(text: str, order: int) -> None:
    once = again = parse(text)
    for _ in range(order):
        again = diff(again, x)
    assert _same_value(again, diff(once, x, order)) >= 3


def test_the_derivative_property_meets_usable_points() -> None:
    texts = ("x^2*sin(y*x)", "exp(-x^2/2)", "max(x, y)", "x^x")
    met = sum(_slope_at(parse(text), bindings) is not None for text in texts for bindings in POINTS)
    assert met >= 20


# Substitution and sizes

@given(expressions)
def test_substituting_a_variable_by_itself_or_an_absent_one_changes_nothing(e: Expr) -> None:
    assert subs(e, {x: x}) is e
    assert subs(e, "not_there", y) is e
    assert e.free_symbols == {node for node in postorder(e) if node.op is SYMBOL}


@given(expressions)
def test_substitution_happens_all_at_once(e: Expr) -> None:
    swapped = subs(e, {x: y, y: x})
    assert subs(swapped, {x: y, y: x}) is e
    gone = subs(e, {x: 2, y: 3})
    assert gone.free_symbols == e.free_symbols - {x, y}


@given(moderate_expressions)
def test_substitution_is_evaluation_there(e: Expr) -> None:
    for bindings in POINTS[2:4]:
        whole = value(e, {**bindings, x: mp.mpf(2) / 3})
        assume(whole is not None and not isinstance(whole, bool))
        assert close(whole, value(subs(e, {x: Fraction(2, 3)}), bindings))


@given(expressions)
def test_a_graph_is_never_larger_than_its_tree(e: Expr) -> None:
    assert 0 <= graph_size(e) <= tree_size(e)
    assert graph_size(e, e) == graph_size(e)
    assert substitute(e, {}) is e


# Determinism

PROGRAM = """
import random, sys
sys.path.insert(0, {tests!r})
from symdiff import Symbol, diff, parse
rng = random.Random(int(sys.argv[1]))
texts = {texts!r}
noise = [parse(f"n{{k}}*sin(n{{k + 1}})") for k in range(rng.randint(0, 500))]
order = list(range(len(texts)))
rng.shuffle(order)
made = {{}}
for k in order:
    made[k] = parse(texts[k])
    noise.append(made[k] + made[rng.choice(list(made))])
for k in range(len(texts)):
    for name in sorted(map(str, made[k].free_symbols)):
        print(texts[k], name, diff(made[k], name), diff(made[k], name, 2), sep=" | ")
"""
TEXTS = [
    "x^2*sin(x*y)/(z + y)", "exp(-(a/b)^2/2)*b*c", "max(x, y, z)*min(z, y)", "x*y*z*w*v*u", "ln(x^y + y^x)", "sigmoid(a*x + b)*tanh(c*x)"]


def test_text_does_not_depend_on_hash_seed_or_order_of_creation() -> None:
    program = PROGRAM.format(tests=os.path.dirname(__file__), texts=TEXTS)
    outputs = set()
    for seed in range(5):
        run = subprocess.run([sys.executable, "-c", program, str(seed)], capture_output=True, text=True, check=True,
                             env={**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONIOENCODING": "utf-8"})
        outputs.add(run.stdout)
    assert len(outputs) == 1
    assert outputs.pop().count("\n") >= 15


SHAPES = [
    neg(number(2)), number(-2), number(Fraction(-1, 2)), number(-0.0), div(1, 2), mul(number(-2), x), mul(neg(x), y), add(x, neg(y)),
    pow_(neg(x), y), div(neg(x), y), neg(pow_(x, y)), div(number(-1), x), TABLE["where"](x > 0, x, y), Expr(TABLE["e"]),
    Expr(TABLE["undefined"]), number(10 ** 30),
]


@pytest.mark.parametrize("op", ROWS, ids=lambda op: op.name)
def test_every_row_around_every_shape_and_every_shape_around_every_row_reads_back(op: Any) -> None:
    condition = TABLE["or"](x > 0, TABLE["not"](y > 0))
    for place in range(min(op.arity, 3)):
        for shape in SHAPES:
            args = [condition if k in op.conditions else shape if k == place else x for k in range(op.arity)]
            inner = Expr(op, tuple(args))
            assert parse(str(inner)) is inner
            if not op.relation:
                for outer in (add, mul, div, pow_):
                    assert parse(str(outer(inner, x))) is outer(inner, x)
                    assert parse(str(outer(x, inner))) is outer(x, inner)
                assert parse(str(neg(inner))) is neg(inner)
