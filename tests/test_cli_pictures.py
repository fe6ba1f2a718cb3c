"""The commands that draw: graph, cards, plot, and the film of simplify; formats, points and refusals."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from symdiff.cli.main import main


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(list(words)) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize(("kind", "start"), [("dot", "digraph {"), ("svg", "<?xml"), ("html", "<!DOCTYPE html>"), ("mermaid", "flowchart TB")])
def test_graph_prints_every_text_format(capsys: pytest.CaptureFixture[str], kind: str, start: str) -> None:
    out = printed(capsys, "graph", "x^2*sin(x)", "--format", kind)
    assert out.startswith(start) or (kind == "svg" and out.startswith("<svg"))
    assert out.endswith("\n") and not out.endswith("\n\n")


def test_graph_prints_json_that_is_the_picture(capsys: pytest.CaptureFixture[str]) -> None:
    record = json.loads(printed(capsys, "graph", "x^2*sin(x)", "--format", "json"))
    assert [card["label"] for card in record["cards"]] == ["x", "2", "^", "sin", "×"]
    assert record["edges"][-1] == {"from": 4, "to": 3}


@pytest.mark.parametrize("suffix", ["svg", "html", "dot", "mmd", "json"])
def test_the_ending_says_the_format_and_format_overrules_it(tmp_path: Path, capsys: pytest.CaptureFixture[str], suffix: str) -> None:
    path, other = tmp_path / f"tree.{suffix}", tmp_path / "tree.txt"
    assert printed(capsys, "graph", "x^2", "-o", str(path)) == ""
    assert printed(capsys, "graph", "x^2", "-o", str(other), "--format", "mermaid" if suffix == "mmd" else suffix) == ""
    assert path.read_bytes() == other.read_bytes()


def test_a_point_makes_a_flow(capsys: pytest.CaptureFixture[str]) -> None:
    record = json.loads(printed(capsys, "graph", "w*x + b", "--at", "w=1/2", "--at", "x=pi", "--at", "b=0", "--format", "json"))
    assert [row["text"] for row in record["cards"][-1]["rows"]] == ["1.5708", "∂ 1"]
    assert main(["graph", "w*x", "--at", "w=1"]) == 2
    assert "lacks a value for x" in capsys.readouterr().err


def test_cards_are_drawn_with_and_without_a_point(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "product rule" in printed(capsys, "cards", "x^2*sin(x)")
    path = tmp_path / "cards.svg"
    printed(capsys, "cards", "x^2*y", "--wrt", "x", "--at", "x=2", "--at", "y=3", "-o", str(path))
    assert "value 12, slope 12" in "".join(ElementTree.fromstring(path.read_text(encoding="utf-8")).itertext())
    assert main(["cards", "x*y"]) == 2


@pytest.mark.parametrize("words", [
    ["x^3 - x", "--tangent", "1", "--tangent", "-0.5"], ["tan(x)", "--from", "-4", "--to", "4"], ["x^2", "--secants", "1"],
    ["exp(x)", "--errors", "0"],
    ["x^2 + 3*y^2 + x*y", "--descent", "x=2,y=1", "--rate", "0.05"],
])
def test_plot_draws(tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    out = printed(capsys, "plot", *words)
    ElementTree.fromstring(out)
    path = tmp_path / "p.svg"
    printed(capsys, "plot", *words, "-o", str(path))
    assert path.read_text(encoding="utf-8") == out


@pytest.mark.parametrize(("words", "message"), [
    (["x*y"], "one variable.*has x, y"), (["x", "--from", "1"], "two ends"), (["ln(x)", "--tangent", "-1"], "no tangent"),
    (["x*y", "--descent", "x=1"], "two variables"), (["x", "-o", "p.bmp"], "bmp"),
])
def test_plot_refuses_with_a_reason(capsys: pytest.CaptureFixture[str], words: list[str], message: str) -> None:
    assert main(["plot", *words]) == 2
    assert re.search(message, capsys.readouterr().err)


def test_simplify_writes_a_film(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "film.html"
    assert printed(capsys, "simplify", "ln(exp(x)*y^2) - 2*ln(abs(y)) + sin(atan(z))", "-o", str(path)).startswith("x + ")
    assert "<h2>sine of arctangent</h2>" in path.read_text(encoding="utf-8")
    assert main(["simplify", "x/x", "-o", str(tmp_path / "film.svg")]) == 2
