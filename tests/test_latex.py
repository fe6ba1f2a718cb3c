"""LaTeX: what people look up line by line, hostile names, and any size."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import symdiff as sd
from symdiff.expr import Expr, symbol_node
from symdiff.operations import TABLE
from symdiff.printing.names import verbatim

CASES = [
    tuple(part.strip() for part in line.split(" ; "))
    for line in (Path(__file__).parent / "cases" / "latex.txt").read_text(encoding="utf-8").splitlines()
    if line.strip() and not line.startswith("#")
]
ALLOWED = re.compile(r"\\(?:mathtt|backslash|wedge|sim|prime|grave)(?![a-zA-Z])|\\[{}$%#_& ]")


@pytest.mark.parametrize(("formula", "expected"), CASES)
def test_a_formula_is_set_as_a_person_sets_it(formula: str, expected: str) -> None:
    assert sd.latex(sd.parse(formula)) == expected


def test_numbers_are_expressions_too() -> None:
    assert sd.latex(3) == "3"


def test_the_two_names_x1_and_x_1_stay_apart_in_one_formula_only() -> None:
    assert sd.latex(sd.parse("x_1")) == "x_{1}"
    assert len(set(re.findall(r"\\mathtt\{[^ ]*\}|x_\{1\}", sd.latex(sd.parse("x1*x_1"))))) == 2


def _unescaped_braces_balance(text: str) -> bool:
    depth = 0
    for brace in re.findall(r"\\.|[{}]", text, re.DOTALL):
        depth += {"{": 1, "}": -1}.get(brace, 0)
        if depth < 0:
            return False
    return depth == 0


@pytest.mark.parametrize("op", [op for op in TABLE.values() if op.arity], ids=repr)
def test_every_row_is_written_with_balanced_braces_and_all_its_arguments(op: object) -> None:
    row = TABLE[repr(op)]
    names = "abcdf"[:row.arity + row.variadic]
    relation = sd.parse("g > 1")
    args = [relation if place in row.conditions else sd.Symbol(name) for place, name in enumerate(names)]
    text = sd.latex(Expr(row, tuple(args)))
    assert _unescaped_braces_balance(text)
    assert text.count(r"\left") - text.count(r"\left\l") == text.count(r"\right") - text.count(r"\right\r")
    words = re.sub(r"\\operatorname\{\w+\}|\\[a-zA-Z]+", " ", text)
    for place, name in enumerate(names):
        assert ("g" if place in row.conditions else name) in words


def _assert_inert(name: str) -> None:
    text = sd.latex(symbol_node(name) ** 2)
    body = text.removesuffix("^{2}")
    assert body != text and _unescaped_braces_balance(body)
    assert body.startswith(r"\mathtt{") and body.endswith("}")
    rest = ALLOWED.sub("", body)
    assert not set(rest) & set("\\$%#&^~_'`\""), rest
    assert all(char.isprintable() for char in rest)
    assert not re.search(r"<[a-zA-Z/!?]", rest)


@pytest.mark.parametrize("name", [
    r"\input{/etc/passwd}", "$x$", "a_b^c", "50%", "#1", "a&b", "~", "x''", "'", "^^41", "{", "}", "\\", "", " ",
    "\n", "\x00", "\u202e", "\ud800",
    "<script>", "</math>", "&lt;", '"a', "`", r"x\end{document}", "sin", "pi", "if", "a b", "\x7f", "\u200b",
])
def test_a_hostile_name_comes_out_inert(name: str) -> None:
    _assert_inert(name)


@given(st.text().filter(lambda name: not re.fullmatch(r"\w+'?", name)))
def test_any_text_as_a_name_comes_out_inert(name: str) -> None:
    _assert_inert(name)


def test_different_names_are_written_differently() -> None:
    names = ["\\", r"\\", "{", "{}", "_", "^", "x", "x'", "[000A]x", "\nx "]
    assert len({verbatim(name) for name in names}) == len(names)


def _deep(depth: int, grow: object) -> Expr:
    node = sd.Symbol("x")
    for _ in range(depth):
        node = grow(node)  # type: ignore[operator]
    return node


@pytest.mark.parametrize("grow", [
    sd.sin, sd.exp, abs, TABLE["neg"], lambda u: 1 / u, lambda u: u ** 2, lambda u: 2 - u, lambda u: 2 * u, lambda u: u * 2,
    lambda u: sd.where(sd.Symbol("y") > 0, 1, u), lambda u: sd.where(sd.Symbol("y") > 0, u, 1), lambda u: TABLE["mul"](sd.Symbol("y"), u),
    lambda u: sd.mod(2, u), lambda u: TABLE["add"](1, TABLE["mul"](-1, u)),
], ids=range(14))
def test_depth_is_no_obstacle(grow: object) -> None:
    text = sd.latex(_deep(30_000, grow))
    assert _unescaped_braces_balance(text)
    assert "x" in text


def test_a_wide_sum_with_alternating_signs_takes_linear_time() -> None:
    x = sd.Symbol("x")
    terms = [TABLE["mul"](sd.number((-1) ** k * k), x ** k) for k in range(1, 20_000)]
    text = sd.latex(TABLE["add"](*terms))
    assert text.startswith("-x") is False
    assert text.count(" - ") == 9_999 and text.count(" + ") == 9_999


def test_a_formula_longer_than_the_limit_is_refused() -> None:
    with pytest.raises(sd.LimitError, match="printed_length"):
        sd.latex(_deep(60, lambda u: u * u))  # 2^60 letters as text
