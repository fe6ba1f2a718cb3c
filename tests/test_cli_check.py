"""symdiff check: what it prints, its exit codes, and functions of Python modules."""

from __future__ import annotations

from pathlib import Path

import pytest

from symdiff.cli.main import main

MODULE = '''
import math

def f(x): return x**2*math.sin(x)
def df(x): return 2*x*math.sin(x) + x**2*math.cos(x)
def wrong(x): return 2*x*math.sin(x) - x**2*math.cos(x)
def right_of_zero(x): return math.sqrt(x)
def its_slope(x): return 0.5/math.sqrt(x)
def cubes(v): return sum(t**3 for t in v)
def squares(v): return [3*t**2 for t in v]
number = 3
'''


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    name = f"checked_by_{tmp_path.name}".replace("-", "_")
    (tmp_path / f"{name}.py").write_text(MODULE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return name


def _checked(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(("check", *words))
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def test_a_formula_gets_the_strongest_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("flint")
    code, out, _ = _checked(capsys, "x^2*sin(x)", "2*x*sin(x) + x^2*cos(x)")
    assert code == 0 and out.startswith("identity: exactly equal as rational functions of x, cos(x), sin(x); sampled: ")
    code, out, _ = _checked(capsys, "floor(x)*y", "0", "--wrt", "x", "--on", "0.5:2.5", "--on", "y=3/2")
    assert code == 0 and out.startswith("enclosed on 0.5 <= x <= 2.5, y = 1.5 except ")
    code, out, _ = _checked(capsys, "x^2", "2*x + 10^-50")
    assert code == 1 and out.startswith("refuted at x = 0: ")
    code, out, _ = _checked(capsys, "ln(-1 - x^2)", "1")
    assert code == 1 and out.startswith("unknown: ")


def test_functions_of_modules_are_checked_too(capsys: pytest.CaptureFixture[str], module: str) -> None:
    code, out, _ = _checked(capsys, "--module", f"{module}:f", "--grad", f"{module}:df")
    assert code == 0 and "agreed at" in out
    code, out, _ = _checked(capsys, "--module", f"{module}.py:f", "--grad", f"{module}.py:wrong")
    assert code == 1 and "wrong at x = " in out
    assert _checked(capsys, "--module", f"{module}:right_of_zero", "--grad", f"{module}:its_slope", "--on", "0.1:9")[0] == 0
    pytest.importorskip("numpy")
    assert _checked(capsys, "--module", f"{module}:cubes", "--grad", f"{module}:squares", "--size", "4")[0] == 0
    assert _checked(capsys, "--module", f"{module}:cubes", "--grad", f"{module}:squares", "--size", "4", "--like", "python")[0] in (0, 2)


@pytest.mark.parametrize("words", [
    ["x^2"], [], ["x^2", "2x", "--on", "5"], ["x^2", "2x", "--on", "1:2:3"], ["x^2", "2x", "--module", "a:b"], ["--module", "a:b"],
    ["--module", "math:sin", "--grad", "cosine"], ["--module", "math:sin", "--grad", "math:cosine"],
    ["--module", "math:sin", "--grad", "nowhere_at_all:f"],
    ["--module", "math:sin", "--grad", "math:pi"],
])
def test_bad_input_is_said_and_exits_with_2(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    code, out, err = _checked(capsys, *words)
    assert (code, out) == (2, "") and "symdiff: " in err
