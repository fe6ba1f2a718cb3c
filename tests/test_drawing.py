"""Pictures: what they show, that nothing breaks out of them, which engine makes them, and that size never hurts.

Golden files are rewritten by UPDATE_GOLDEN=1 pytest tests/test_drawing.py; look at them before keeping them.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

import symdiff as sd
from symdiff.drawing import bitmaps, engines
from symdiff.drawing.cards import expression_drawing
from symdiff.drawing.dot import to_dot
from symdiff.drawing.html import html_of
from symdiff.drawing.labels import pretty_names, printable
from symdiff.drawing.layout import place
from symdiff.drawing.svg import svg_of
from symdiff.expr import Expr, symbol_node
from symdiff.walk import outline

GOLDEN = Path(__file__).parent / "golden"
FORMULAS = {
    "product": "x^2*sin(x)",
    "gaussian": "exp(-(theta/sigma)^2/2)/(sqrt(2*pi)*sigma)",
    "shared": "sin(a)/cos(b) + cos(b)/sin(a)",
    "piecewise": "x^2 if x >= 0 and y < 1 else max(x, -y)",
    "polynomial": " + ".join(f"{k}*x^{k}" for k in range(2, 25)),
}
HOSTILE = [
    '"', '"]; evil [label="pwned', "\\", 'x\\"', "\\N\\G\\l", "a\nb", "a\r\n", "a\x00b", "\u202eevil\u2066", "\ud800", "\u2028", "\ufffe",
    "\x1b[31m", "<script>alert(1)</script>", "<b>x</b>", "<x>", '" onload="alert(1)', "'", "&", "&lt;", "a & b", "]]>", "-->", "</style>",
    "</svg>", "{x|y}", "{title}", "n0", "digraph", "", " ", "x" * 100_000, "javascript:alert(1)", "é\u0301\u0301",
]
STRING = r'"(?:[^"\\\n]|\\.)*"'
ATTRIBUTES = rf"\[{STRING}={STRING}(?:, {STRING}={STRING})*\]"
STATEMENT = re.compile(
    rf"digraph \{{|\}}|(?:graph|node|edge) {ATTRIBUTES};|{STRING} {ATTRIBUTES};|{STRING} -> {STRING}(?: {ATTRIBUTES})?;"
)


def svg(expression: Expr, **options: bool | None) -> str:
    return svg_of(expression_drawing(expression, **options))


def nested(depth: int) -> Expr:
    expression = sd.Symbol("x")
    for _ in range(depth):
        expression = sd.sin(expression)
    return expression


def balanced(leaves: int) -> Expr:
    items = [sd.Symbol(f"x{k % 7}") for k in range(leaves)]
    while len(items) > 1:
        items = [left + right if k % 2 else left * sd.sin(right) for k, (left, right) in enumerate(zip(items[::2], items[1::2]))]
    return items[0]


def same_as_golden(name: str, text: str) -> None:
    path = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode())
    assert path.read_bytes().decode() == text, f"{name} differs; see the docstring of this file"


@pytest.mark.parametrize("name", FORMULAS)
@pytest.mark.parametrize("shared", [True, False], ids=["graph", "tree"])
def test_dot_and_built_in_svg_are_the_golden_bytes(name: str, shared: bool) -> None:
    expression = sd.parse(FORMULAS[name])
    form = "graph" if shared else "tree"
    same_as_golden(f"{name}_{form}.dot", to_dot(expression, shared=shared))
    same_as_golden(f"{name}_{form}.svg", svg(expression, shared=shared))


def test_pictures_are_the_same_bytes_in_every_process() -> None:
    code = (
        "import symdiff as sd; from symdiff.drawing.svg import svg_of; from symdiff.drawing.cards import expression_drawing;"
        "e = sd.diff(sd.parse('exp(-x^2/y)*sin(x*y)/(1 + x^2)'), 'x'); import sys;"
        "sys.stdout.buffer.write((sd.to_dot(e) + svg_of(expression_drawing(e))).encode())"
    )
    outputs = {
        subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_children_are_drawn_in_the_order_they_are_written() -> None:
    drawing = expression_drawing(sd.parse("a - b/c"), shared=False)
    labels = [card.label for card in drawing.cards]
    assert labels == ["a", "b", "c", "/", "−", "+"]
    assert [(edge.start, edge.end) for edge in drawing.edges] == [(3, 1), (3, 2), (4, 3), (5, 0), (5, 4)]
    assert '"ordering"="out"' in to_dot(sd.parse("a - b"))


def test_a_shared_operation_is_drawn_once_with_its_number_of_uses() -> None:
    expression = sd.parse("sin(t)*sin(t) + exp(sin(t))")
    graph, tree = expression_drawing(expression), expression_drawing(expression, shared=False)
    assert [(card.label, card.badge) for card in graph.cards if card.label in ("sin", "t")] == [("t", ""), ("sin", "×3")]
    assert [card.badge for card in tree.cards] == [""] * 9
    assert '"label"="sin  ×3"' in to_dot(expression)
    assert ">×3</text>" in svg(expression)


def test_a_variable_is_one_box_in_small_pictures_and_repeated_in_larger_ones() -> None:
    small, large = sd.parse("x + sin(x)"), sd.parse("+".join(f"sin({k}*x)" for k in range(2, 20)))
    assert [card.badge for card in expression_drawing(small).cards if card.label == "x"] == ["×2"]
    assert sum(card.label == "x" for card in expression_drawing(large, folded=False).cards) == 18


def test_large_pictures_write_short_parts_into_their_users_and_name_repeated_ones() -> None:
    drawing = expression_drawing(sd.parse(FORMULAS["polynomial"]))
    assert "7·x⁷" in [card.label for card in drawing.cards]
    assert drawing.legend == ()
    drawing = expression_drawing(sd.parse("+".join(f"{k}*sin(y^{k} + x)/cosh(y^2 + 2*x*y)" for k in range(2, 24))))
    assert drawing.names == (("a₁", "cosh(y² + 2·x·y)"),)
    assert {"2·sin(y² + x)", "□/a₁"} <= {card.label for card in drawing.cards}
    assert expression_drawing(sd.parse("x^2")).names == ()


def test_a_name_for_a_part_is_no_name_of_the_formula_and_stands_for_it_everywhere() -> None:
    inner = sd.parse("exp(a1^2 + b*c)")
    drawing = expression_drawing(sd.add(*[sd.sin(inner * sd.Symbol(f"a{k}")) / (1 + inner) for k in range(2, 30)]), folded=True)
    short = "d₁"
    assert drawing.names[0] == (short, "exp(a₁² + b·c)")
    assert not any("exp" in card.label for card in drawing.cards)
    assert f"{short} = exp(a₁² + b·c)" in to_dot(sd.add(*[sd.sin(inner * sd.Symbol(f"a{k}")) / (1 + inner) for k in range(2, 30)]), folded=True)


def test_pictures_of_forty_boxes_have_a_legend() -> None:
    drawing = expression_drawing(sd.parse("+".join(f"sin({k}*x*y)" for k in range(2, 15))), folded=False)
    assert drawing.legend == ("variable", "number", "operator", "function")
    assert expression_drawing(sd.parse("x^2")).legend == ()


def test_labels_have_real_typography() -> None:
    labels = {card.label for card in expression_drawing(sd.parse("theta*pi - sqrt(x1) + log2(y_2) <= gamma(z)"), shared=False).cards}
    assert {"θ", "×", "π", "−", "√", "x₁", "log₂", "y₂", "≤", "Γ"} <= labels
    assert expression_drawing(sd.parse("-2*x + (-y)*z - 3*(-x)")).title == "−2·x − y·z − 3·(−x)"
    tooltips = {card.tooltip for card in expression_drawing(sd.parse("(a+b)^2*|c|/(d*k) - x^(y+1)")).cards}
    assert {"(a + b)²", "(a + b)²·|c|/(d·k)", "x^(y + 1)", "(a + b)²·|c|/(d·k) − x^(y + 1)"} <= tooltips


def test_names_that_would_look_alike_keep_their_spelling() -> None:
    assert pretty_names(["x1", "x_1", "theta", "θ", "m_0"]) == {"m_0": "m₀"}


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_no_name_breaks_out_of_dot_svg_or_html(name: str) -> None:
    expression = sd.sin(symbol_node(name)) + symbol_node(name) ** symbol_node(name + "2")
    dot = to_dot(expression)
    for line in dot.splitlines():
        assert STATEMENT.fullmatch(line), line
    assert len(dot.split("\n")) == len(to_dot(sd.parse("sin(a) + a^b")).split("\n"))
    picture, plain = svg(expression), svg(sd.parse("sin(a) + a^b"))
    page = html_of(expression_drawing(expression))
    for text in (picture, page):
        assert not re.search(r"<script|<b>|\son\w+=\"", text)
        assert not re.search(r"&(?!amp;|lt;|gt;|quot;|#x27;)", text)
        assert all(char.isprintable() or char == "\n" for char in text)
    assert [e.tag for e in ElementTree.fromstring(picture).iter()] == [e.tag for e in ElementTree.fromstring(plain).iter()]
    assert page.count("<") == html_of(expression_drawing(sd.parse("sin(a) + a^b"))).count("<")


def test_what_cannot_be_seen_is_written_out() -> None:
    assert printable("a\u202e\x00\ud800b\n") == "a\\u202e\\x00\\ud800b\\n"
    assert r'"label"="a\\nb"' in to_dot(symbol_node("a\nb"))
    assert '"label"="&amp;lt;"' in to_dot(symbol_node("&lt;"))


@pytest.mark.parametrize("expression", [sd.number(10**5000), sd.number(-(10**5000)), sd.number(1.5e300), symbol_node("v" * 10**6)])
def test_long_numbers_and_names_are_shortened(expression: Expr) -> None:
    assert max(map(len, to_dot(expression).splitlines())) < 400


def boxes_overlap(links: list[list[int]], widths: list[float]) -> bool:
    layout = place(links, widths, [30.0] * len(links))
    rows: dict[float, list[tuple[float, float]]] = {}
    for (x, y), width in zip(layout.centres, widths):
        rows.setdefault(y, []).append((x - width / 2, x + width / 2))
    assert all(left >= -1e-6 and right <= layout.width + 1e-6 for row in rows.values() for left, right in row)
    return any(right > left + 1e-6 for row in map(sorted, rows.values()) for (_, right), (left, _) in pairwise(row))


@pytest.mark.parametrize("text", FORMULAS.values(), ids=FORMULAS)
@pytest.mark.parametrize("shared", [True, False], ids=["graph", "tree"])
def test_boxes_never_overlap_and_children_stand_below(text: str, shared: bool) -> None:
    for expression in (sd.parse(text), sd.diff(sd.parse(text), "x"), balanced(64)):
        _, links = outline(expression, 10_000, lambda node: shared and bool(node.args))
        widths = [20.0 + 37 * (box % 4) for box in range(len(links))]
        assert not boxes_overlap(links, widths)
        centres = place(links, widths, [30.0] * len(links)).centres
        assert all(centres[end][1] > centres[box][1] for box, below in enumerate(links) for end in below)


def test_a_tree_is_centred_and_ordered() -> None:
    _, links = outline(balanced(256), 10_000, lambda node: False)
    centres = place(links, [30.0] * len(links), [30.0] * len(links)).centres
    for box, below in enumerate(links):
        columns = [centres[end][0] for end in below]
        assert columns == sorted(columns)
        if columns:
            assert abs((columns[0] + columns[-1]) / 2 - centres[box][0]) < 1e-6


def test_lines_leave_a_box_in_the_order_of_its_children_even_where_these_stand_otherwise() -> None:
    _, links = outline(sd.parse("sin(a)/cos(b) + cos(b)/sin(a)"), 100, lambda node: True)
    layout = place(links, [30.0] * len(links), [30.0] * len(links))
    first = 0
    for below in links:
        starts = [layout.routes[first + k][0][0] if layout.routes[first + k] else layout.centres[end][0] for k, end in enumerate(below)]
        assert starts == sorted(starts)
        first += len(below)


@pytest.mark.parametrize("shared", [True, False], ids=["graph", "tree"])
def test_ten_thousand_boxes_are_placed_within_half_a_second(shared: bool) -> None:
    expression = balanced(8192)
    if shared:
        for _ in range(5000):
            expression = sd.sin(expression) + expression
    _, links = outline(expression, 10_000, lambda node: shared and bool(node.args))
    assert len(links) == 10_000
    widths = [32.0] * len(links)
    times = []
    for _ in range(3):
        start = time.process_time()
        place(links, widths, widths)
        times.append(time.process_time() - start)
    assert min(times) < 0.5


def test_depth_and_width_of_100_000_draw_the_top_and_say_so(tmp_path: Path) -> None:
    limit = sys.getrecursionlimit()
    deep, wide = nested(100_000), sd.add(*sd.symbols("x0:100000"))
    for expression, name, drawn, total in ((deep, "deep.svg", "150", "99,998"), (deep, "deep.html", "20,000", "99,998"),
                                           (wide, "wide.svg", "150", "100,001")):
        picture = sd.draw(expression, tmp_path / name, engine="builtin").read_text(encoding="utf-8")
        assert f"The top {drawn} of {total} boxes" in picture
        assert "⋯" in picture
    assert "of 99,998 boxes" in to_dot(deep, shared=False)
    assert sys.getrecursionlimit() == limit


def test_a_tree_too_large_to_count_is_drawn_from_the_top() -> None:
    expression = sd.Symbol("x")
    for _ in range(500):
        expression = sd.sin(expression) + expression
    assert "of more than 1,000,000,000,000 boxes" in expression_drawing(expression, shared=False, limit=100).note
    assert expression_drawing(expression).note == ""


def test_the_note_counts_every_box_of_the_whole_picture() -> None:
    expression = sd.diff(sd.parse("exp(-x^2/y)*sin(x*y)/(1 + x^2)"), "x")
    for shared in (True, False):
        for folded in (True, False):
            whole = len(expression_drawing(expression, shared=shared, folded=folded).cards)
            assert f"of {whole} boxes" in expression_drawing(expression, shared=shared, folded=folded, limit=5).note


def test_the_limit_of_boxes_is_settable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sd.limits, "drawn_nodes", 5)
    drawing = expression_drawing(sd.parse("a*b + c*d + sin(x)"))
    assert len(drawing.cards) == 5
    assert [card.label for card in drawing.cards] == ["a", "× ⋯ 1 more", "× ⋯", "sin ⋯", "+"]
    assert [card.cut for card in drawing.cards] == [False, True, True, True, False]


def without(monkeypatch: pytest.MonkeyPatch, *missing: str) -> list[str]:
    """Take engines away, and note which of the others are asked."""
    asked: list[str] = []
    for name, render in list(engines._RENDERERS.items()):
        def noted(picture: object, kind: str, name: str = name, render: object = render) -> bytes:
            asked.append(name)
            return b"made by " + name.encode() if name not in missing else render(picture, kind)  # type: ignore[operator]
        monkeypatch.setitem(engines._RENDERERS, name, noted)
    monkeypatch.setattr(engines.shutil, "which", lambda program: None if "dot" in missing else f"/bin/{program}")
    for module in (engines, bitmaps):
        monkeypatch.setattr(module, "find_spec", lambda name: None if name in missing else object())
    return asked


@pytest.mark.parametrize(("missing", "asked"), [
    ((), ["dot"]),
    (("dot",), ["dot", "pygraphviz"]),
    (("dot", "pygraphviz"), ["dot", "pygraphviz", "builtin"]),
])
@pytest.mark.parametrize("kind", ["svg", "png"])
def test_engines_are_tried_in_order(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, missing: tuple[str, ...], asked: list[str], kind: str,
) -> None:
    log = without(monkeypatch, *missing)
    path = sd.draw(sd.parse("x^2"), tmp_path / f"tree.{kind}")
    assert log == asked
    assert path.read_bytes() == b"made by " + asked[-1].encode()


def test_svg_html_and_dot_need_nothing_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    without(monkeypatch, "dot", "pygraphviz", "builtin", "resvg_py")
    for kind, start in (("svg", "<svg"), ("html", "<!DOCTYPE html>"), ("dot", "digraph {"), ("gv", "digraph {")):
        assert sd.draw(sd.parse("x^2"), tmp_path / f"tree.{kind}").read_text(encoding="utf-8").startswith(start)


@pytest.mark.parametrize("kind", ["png", "pdf"])
def test_without_an_engine_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str) -> None:
    without(monkeypatch, "dot", "pygraphviz", "builtin", "resvg_py")
    with pytest.raises(sd.RenderError, match=rf"(?s)makes {kind.upper()}.*apt install graphviz.*pip install 'symdiff\[draw\]'"):
        sd.draw(sd.parse("x^2"), tmp_path / f"tree.{kind}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("engine", ["dot", "pygraphviz"])
def test_a_named_engine_is_used_or_refused_and_never_replaced(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, engine: str) -> None:
    asked = without(monkeypatch, "dot", "pygraphviz")
    with pytest.raises(sd.RenderError, match="install"):
        sd.draw(sd.parse("x^2"), tmp_path / "tree.svg", engine=engine)
    assert asked == [engine]
    with pytest.raises(sd.RenderError, match="built-in layout makes no PDF"):
        engines._by_builtin(expression_drawing(sd.parse("x")), "pdf")


@pytest.mark.parametrize(("arguments", "message"), [
    ({"path": "tree.jpeg"}, "the suffix of 'tree.jpeg' is none of svg, png, pdf, html, dot"),
    ({"path": "tree"}, "write draw"),
    ({"path": "tree.svg", "format": "bmp"}, "the format 'bmp'"),
    ({"path": "tree.svg", "engine": "neato"}, "there is no engine 'neato'; the engines are dot, pygraphviz, builtin"),
])
def test_unknown_formats_and_engines_are_named(arguments: dict[str, str], message: str) -> None:
    with pytest.raises(sd.UsageError, match=re.escape(message)):
        sd.draw(sd.parse("x^2"), **arguments)  # type: ignore[arg-type]


def test_a_path_that_cannot_be_written_is_a_render_error(tmp_path: Path) -> None:
    with pytest.raises(sd.RenderError, match="cannot write"):
        sd.draw(sd.parse("x"), tmp_path / "no such folder" / "tree.svg", engine="builtin")


def test_text_is_refused_and_numbers_are_drawn() -> None:
    with pytest.raises(sd.UsageError, match="parse"):
        to_dot("x^2")
    assert '"label"="3"' in to_dot(3)


INSTALLED = [
    pytest.param("dot", marks=pytest.mark.skipif(shutil.which("dot") is None, reason="the program dot is not on PATH")),
    pytest.param("pygraphviz", marks=pytest.mark.skipif(find_spec("pygraphviz") is None, reason="pygraphviz is not installed")),
    pytest.param("builtin", marks=pytest.mark.skipif(find_spec("resvg_py") is None, reason="resvg-py is not installed")),
]


@pytest.mark.parametrize("engine", INSTALLED)
def test_every_installed_engine_draws_hostile_names_and_real_formulas(tmp_path: Path, engine: str) -> None:
    hostile = sd.add(*(symbol_node(name) for name in HOSTILE))
    for expression in (sd.parse(FORMULAS["gaussian"]), hostile):
        picture = sd.draw(expression, tmp_path / "tree.svg", engine=engine).read_text(encoding="utf-8")
        ElementTree.fromstring(picture)
        assert not re.search(r"<script|\son\w+=\"", picture)
        assert sd.draw(expression, tmp_path / "tree.png", engine=engine).read_bytes().startswith(b"\x89PNG")
    if engine != "builtin":
        assert sd.draw(sd.parse("x^2"), tmp_path / "tree.pdf", engine=engine).read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("engine", INSTALLED)
def test_a_formula_too_large_for_a_bitmap_is_drawn_from_the_top(tmp_path: Path, engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sd.limits, "graphviz_nodes", 60)
    assert sd.draw(balanced(1024), tmp_path / "tree.png", engine=engine).stat().st_size > 1000
