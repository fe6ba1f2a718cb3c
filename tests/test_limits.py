"""Every limit is named and documented, stops what would not end, says how to raise it, and never changes a value."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest

import symdiff as sd
from symdiff import LimitError, limits, parse
from symdiff.operations import TABLE

DEEP = "sin(x)*exp(x)*ln(x)"


def bomb(doublings: int) -> sd.Expr:
    expression = sd.Symbol("x")
    for _ in range(doublings):
        expression = TABLE["mul"](expression, expression)
    return expression


REFUSALS: dict[str, tuple[int, Callable[[], Any]]] = {
    "input_length": (10, lambda: parse("x + 1234567890")),
    "literal_digits": (5, lambda: parse("123456 + x")),
    "printed_length": (100, lambda: str(bomb(20))),
    "derivative_order": (3, lambda: sd.diff(parse("x^9"), "x", 4)),
    "derivative_steps": (1_000, lambda: sd.diff(parse(DEEP), "x", 300)),
    "named_symbols": (10, lambda: sd.symbols("x0:100")),
    "exact_bits": (100, lambda: parse("3^x").evaluate(x=1_000, exact=True)),
    "digits": (50, lambda: parse("pi").evaluate(digits=51)),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_work_over_a_limit_is_refused_by_its_name_and_allowed_when_it_is_raised(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    value, work = REFUSALS[name]
    with monkeypatch.context() as patch:
        patch.setattr(limits, name, value)
        with pytest.raises(LimitError, match=rf"symdiff\.limits\.{name} = {value}; set it higher") as caught:
            work()
        assert caught.value.limit == name
    if name != "printed_length":
        work()


@pytest.mark.parametrize("name", ["folded_bits", "simplified_nodes", "simplifier_work"])
def test_a_limit_that_stops_folding_or_simplifying_keeps_the_value(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["(x^2 - 1)/(x - 1) + 1/(x + 1) + 1/(x + 2)", "3^40*x + 3^41*x - 12^20/5^18", "(x + y)^5 - x^5 + x*y/(x + 1)",
             "2^200*x/2^199", "(7/3)^50*x - (7/3)^49*x"]
    point = {"x": 1.25, "y": 0.5}
    generous = [(parse(text).evaluate(point), sd.diff(parse(text), "x").evaluate(point)) for text in texts]
    monkeypatch.setattr(limits, name, 3)
    for text, (value, slope) in zip(texts, generous, strict=True):
        expression = parse(text)
        derivative = sd.diff(expression, "x")
        for form in (expression, sd.simplify(expression)):
            assert form.evaluate(point, exact=True) == pytest.approx(value, rel=1e-12)
        for form in (derivative, sd.simplify(derivative)):
            assert form.evaluate(point, exact=True) == pytest.approx(slope, rel=1e-12)


CUTS: dict[str, Callable[[], str]] = {  # limits above which less is done, and what is said then
    "drawn_nodes": lambda: sd.to_dot(parse("sin(x)*exp(x) + ln(x)*y")),
    "graphviz_nodes": lambda: sd.draw(parse("sin(x)*exp(x) + ln(x)*y"), Path(mkdtemp()) / "cut.svg").read_text(encoding="utf-8"),
    "expanded_terms": lambda: str(sd.expand(parse("(x + y)^6*(x - y)^5"))),
}


@pytest.mark.parametrize("name", CUTS)
def test_a_limit_that_cuts_says_so_or_leaves_the_rest_whole_and_raised_does_all(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = CUTS[name]()
    monkeypatch.setattr(limits, name, 4)
    cut = CUTS[name]()
    if name == "expanded_terms":
        assert "^6" in cut and "(" in cut and "(" not in whole
        point = {"x": 3, "y": 2}
        assert parse(cut).evaluate(point, exact=True) == parse(whole).evaluate(point, exact=True) == 5 ** 6
    else:
        assert "The top 4 of" in cut and "The top" not in whole
    monkeypatch.setattr(limits, name, 10_000)
    assert CUTS[name]() == whole


def test_every_limit_is_tried_at_another_value_by_some_test() -> None:
    tests = "".join([file.read_text(encoding="utf-8") for file in Path(__file__).parent.glob("test_*.py")])
    for name in vars(limits):
        if name.isidentifier() and not name.startswith("_") and name != "annotations":  # pytest adds names of its own
            assert f'"{name}"' in tests, f"no test sets limits.{name}"


def test_every_limit_is_a_positive_number_with_a_sentence_about_it() -> None:
    source = inspect.getsource(limits).split("\n")
    names = [line.partition(" = ")[0] for line in source if " = " in line and line[0].isalpha() and not line.startswith("A ")]
    assert len(names) > 10
    for name in names:
        assert getattr(limits, name) > 0
        assert source[next(k for k, line in enumerate(source) if line.startswith(f"{name} = ")) + 1].startswith('"""')


ENDLESS: dict[str, Callable[[], Any]] = {
    "a tower of powers, exactly": lambda: parse("9^9^9^9").evaluate(exact=True),
    "an exponent of a hundred digits": lambda: parse("x^(10^100)").evaluate(x=2, digits=30),
    "gamma of a billion": lambda: parse("gamma(10^9)").evaluate(digits=30),
    "gamma of a billion, exactly": lambda: parse("gamma(10^9)").evaluate(exact=True),
    "polygamma of a high order": lambda: parse("polygamma(10^9, 2)").evaluate(digits=30),
    "a billion digits": lambda: parse("pi").evaluate(digits=10 ** 9),
    "a power to expand": lambda: sd.simplify(parse("(x + y + 1)^(10^9)")),
    "a quotient of a million terms": lambda: sd.simplify(parse("(x^1000000 - 1)/(x - 1)")),
    "a quotient of a billion terms": lambda: sd.simplify(parse("(x^(10^9) - 1)/(x - 1) + 1")),
    "order 1000 of a product": lambda: sd.diff(parse(DEEP), "x", 1_000),
    "order 1000 of a polygamma": lambda: sd.diff(parse("polygamma(3, x)"), "x", 1_000),
    "a million doublings as text": lambda: str(bomb(3_000)),
    "a doubled formula simplified": lambda: sd.simplify(bomb(1_000)),
    "a doubled formula drawn": lambda: sd.to_dot(bomb(200)),
    "a doubled formula evaluated": lambda: bomb(2_000).evaluate(x=1.001),
    "a hundred million symbols": lambda: sd.symbols("x0:100000000"),
    "a name of a million letters": lambda: str(sd.diff(parse("x" * 999_990 + "*y"), "y")),
}


@pytest.mark.parametrize("work", ENDLESS)
def test_what_would_take_for_ever_ends_soon_in_a_result_or_an_error_of_the_family(work: str) -> None:
    start = time.process_time()
    try:
        ENDLESS[work]()
    except sd.SymdiffError as error:
        assert str(error)
    assert time.process_time() - start < 8
