"""The subcommands beyond diff: steps, simplify, grad, jacobian, hessian, taylor."""

from __future__ import annotations

import json

import pytest

from symdiff.cli.main import main


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(list(words)) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize(("words", "expected"), [
    (("simplify", "(x^2-1)/(x-1)"), "x + 1   (for x != 1)\n"),
    (("simplify", "sqrt(x^2)", "--assume", "x > 0"), "x\n"),
    (("simplify", "x/x", "--mode", "strict"), "x/x\n"),
    (("diff", "ln(x+sqrt(x^2+1))"), "1/sqrt(x^2 + 1)\n"),
    (("diff", "f(g(x))", "--function", "f,g"), "f'(g(x))*g'(x)\n"),
    (("grad", "x^2*y + sin(z)"), "d/dx:  2*x*y\nd/dy:  x^2\nd/dz:  cos(z)\n"),
    (("grad", "x^2*y", "--wrt", "y"), "d/dy:  x^2\n"),
    (("jacobian", "x^2*y", "sin(y)"), "[2*x*y     x^2]\n[    0  cos(y)]\n"),
    (("hessian", "x^2*y + y^3"), "[2*y  2*x]\n[2*x  6*y]\n"),
    (("taylor", "sin(x)", "--order", "5"), "x - x^3/6 + x^5/120\n"),
])
def test_a_subcommand_prints_its_result_alone(capsys: pytest.CaptureFixture[str], words: tuple[str, ...], expected: str) -> None:
    assert printed(capsys, *words) == expected


def test_steps_name_every_rule_and_end_with_the_result(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, "steps", "x^2*sin(x)")
    for piece in ("Power rule", "Product rule", "Result: 2*x*sin(x) + x^2*cos(x)"):
        assert piece in text


def test_json_of_a_simplification_carries_its_conditions(capsys: pytest.CaptureFixture[str]) -> None:
    answer = json.loads(printed(capsys, "simplify", "x*ln(x)/ln(x)", "--format", "json"))
    assert answer["result"] == "x"
    assert answer["conditions"] == ["x > 0", "x != 1"]


def test_json_of_a_gradient_names_the_variables(capsys: pytest.CaptureFixture[str]) -> None:
    assert json.loads(printed(capsys, "grad", "x^2*y", "--format", "json"))["gradient"] == {"x": "2*x*y", "y": "x^2"}
