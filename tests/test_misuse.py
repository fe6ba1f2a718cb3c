"""The library called in ways it was not meant for: an error of its own family that says what to write."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import symdiff as sd
from symdiff import parse

numpy = pytest.importorskip("numpy")
x = sd.Symbol("x")

WRONG: dict[str, tuple[Callable[[], Any], str]] = {
    "Expr of text": (lambda: sd.Expr("x + 1"), "parse"),
    "Expr of a number": (lambda: sd.Expr(3), "number"),
    "a function of an array": (lambda: sd.sin(numpy.array([1.0, 2.0])), "array"),
    "a function of a list": (lambda: sd.sin([1]), "number"),
    "a function of text": (lambda: sd.sin("x"), "parse"),
    "a function of nothing": (sd.sin, "1 argument"),
    "a function of None": (lambda: sd.sin(None), "None"),
    "a function of a complex number": (lambda: sd.sin(1j), "1j"),
    "the derivative of an array": (lambda: sd.diff(numpy.array([x])), "array"),
    "pow with a modulus": (lambda: pow(x, 2, 3), "mod"),
    "a comparison with None": (lambda: x < None, "None"),  # type: ignore[operator]
    "the truth of a formula": (lambda: bool(x), "truth"),
    "a product with text": (lambda: x * "y", "parse"),  # type: ignore[operator]
    "infinity": (lambda: x + float("inf"), "inf"),
    "a division rounded down": (lambda: x // 2, "floor"),  # type: ignore[operator]
    "a float of a formula with variables": (lambda: float(x), "free variables"),
    "bytes for text": (lambda: parse(b"x"), "bytes"),  # type: ignore[arg-type]
    "a number for a variable": (lambda: x.diff(2), "variable"),
    "values without names": (lambda: x.evaluate(3), "mapping"),
    "functions as text": (lambda: parse("f(x)", functions="f"), "list"),
    "symbols as text": (lambda: sd.parse_latex("x", symbols="x"), "list"),
    "an unknown form": (lambda: format(x, "html"), "latex"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_call_is_told_what_to_write(name: str) -> None:
    call, said = WRONG[name]
    with pytest.raises(sd.SymdiffError, match=said):
        call()


def test_scalars_of_numpy_are_numbers() -> None:
    assert x * numpy.array(3) is x * 3
    assert x + numpy.float64(0.5) is x + 0.5
    assert x ** numpy.int64(2) is x ** 2
    assert sd.number(numpy.bool_(True)) is sd.number(1)


@pytest.mark.parametrize(("text", "read"), [
    ("f^2(x)", "f(x)^2"), ("f²(x)", "f(x)^2"), ("f'^2(x)", "f'(x)^2"), ("2f^2(x)*f", "2*f(x)^2*f"),
    ("f^2*x", "f^2*x"), ("f^2^3", "f^2^3"), ("f^-x", "f^(-x)"),
])
def test_the_power_of_a_declared_function_is_read_as_that_of_sine(text: str, read: str) -> None:
    assert parse(text, functions=["f"]) is parse(read, functions=["f"])


@pytest.mark.parametrize("text", ["f^-1(x)", "f^-2(x)", "f^2.5(x)", "f'", "f'^2"])
def test_a_power_of_a_declared_function_that_has_two_readings_is_refused(text: str) -> None:
    with pytest.raises(sd.ParseError):
        parse(text, functions=["f"])


def test_a_mistake_in_a_definition_is_placed_in_the_whole_text() -> None:
    with pytest.raises(sd.ParseError) as caught:
        sd.define("k(x) = 1 +\n  2*k(x)")
    assert (caught.value.line, caught.value.column) == (2, 5)
    assert "2*k(x)\n" in str(caught.value)
