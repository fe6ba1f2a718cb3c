"""The pictures beyond the plain graph: cards of derivations, flows, films, plots; their golden bytes, their escaping, and what they claim.

Golden files are rewritten by UPDATE_GOLDEN=1 pytest tests/test_pictures.py; look at them before keeping them.
"""

from __future__ import annotations

import json
import math
import re
import shutil
import time
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from test_drawing import ATTRIBUTES, GOLDEN, HOSTILE, STRING, balanced, nested, same_as_golden

import symdiff as sd
from symdiff.checking.pointwise import compared
from symdiff.drawing import bitmaps, chart_files, engines
from symdiff.drawing.arranging import arranged
from symdiff.drawing.cards import expression_drawing
from symdiff.drawing.chart_svg import chart_svg
from symdiff.drawing.charts import Axis, Chart, ticks
from symdiff.drawing.curves import along
from symdiff.drawing.derivations import derivation_drawing
from symdiff.drawing.dot import dot_of
from symdiff.drawing.film import film_of
from symdiff.drawing.flow import flow_drawing
from symdiff.drawing.html import html_of
from symdiff.drawing.kinds import GROUND, KINDS, MARK, MARK_DARK, RULE_KINDS, TONES, Colours
from symdiff.drawing.labels import value_text, wrapped
from symdiff.drawing.mermaid import mermaid_of
from symdiff.drawing.pieces import Drawing
from symdiff.drawing.plots import descent_chart, error_chart, secant_chart, tangent_chart
from symdiff.drawing.records import json_of
from symdiff.drawing.svg import svg_of, typeset
from symdiff.drawing.tracing import clipped, interesting, traced, view
from symdiff.expr import symbol_node
from symdiff.operations import TABLE

x, y = sd.symbols("x y")
NEURON = "z = w*x + b; a = sigmoid(z); L = (a - y)^2"
POINT = {"x": 1, "w": 0.5, "b": 0, "y": 0.8}


def cards_of(text: str, at: dict[str, float] | None = None, **options: object) -> Drawing:
    return derivation_drawing(sd.derive(sd.parse(text), "x"), at=at, **options)  # type: ignore[arg-type]


def neuron_flow() -> Drawing:
    return flow_drawing(sd.parse_program(NEURON), POINT)


PICTURES: dict[str, Callable[[], Drawing]] = {
    "cards_product": lambda: cards_of("x^2*sin(x)"),
    "cards_values": lambda: cards_of("ln(x^2 + 1)/x", {"x": 2}),
    "cards_marked": lambda: cards_of("sin(x^2)*x", mark=sd.parse("sin(x^2)")),
    "flow_neuron": neuron_flow,
    "flow_expression": lambda: flow_drawing(sd.parse("x^2*sin(x*y) + exp(-y)"), {"x": 1.5, "y": 0.5}),
    "named_choice": lambda: expression_drawing(sd.parse("x^2 if x >= 0 and y < 1 else max(x, -y)")),
    "named_parts": lambda: expression_drawing(sd.diff(sd.parse("exp(-(x-m)^2/(2*s^2))*sin(3x)/(1 + x^2)*tanh(x*s)/sqrt(x^2+y^2)"), "x")),
}
CHARTS: dict[str, Callable[[], Chart]] = {
    "plot_tangent": lambda: tangent_chart(sd.parse("x^3 - x"), x, [1.0]),
    "plot_poles": lambda: tangent_chart(sd.parse("tan(x)"), x, [], (-4, 4)),
    "plot_secants": lambda: secant_chart(sd.parse("x^2"), x, 0.5),
    "plot_errors": lambda: error_chart(sd.parse("x^3"), x, 0.7),
    "plot_descent": lambda: descent_chart(sd.parse("x^2 + 3*y^2 + x*y"), {"x": 2, "y": 1}, 0.1),
}


@pytest.mark.parametrize("name", PICTURES)
def test_dot_and_svg_of_every_kind_are_the_golden_bytes(name: str) -> None:
    picture = PICTURES[name]()
    same_as_golden(f"{name}.dot", dot_of(picture))
    same_as_golden(f"{name}.svg", svg_of(picture))


@pytest.mark.parametrize("name", ["plot_tangent", "plot_poles", "plot_secants"])
def test_plots_are_the_golden_bytes(name: str) -> None:
    same_as_golden(f"{name}.svg", chart_svg(CHARTS[name]()))


def test_mermaid_and_json_are_the_golden_bytes() -> None:
    same_as_golden("flow_neuron.mmd", mermaid_of(neuron_flow()))
    same_as_golden("flow_neuron.json", json_of(neuron_flow()))


# Cards


def test_a_card_has_its_rule_its_part_and_its_derivative() -> None:
    last = cards_of("x^2*sin(x)").cards[-1]
    assert last.label == "product rule"
    assert [(row.text, row.tone) for row in last.rows] == [("x²·sin(x)", "plain"), ("d/dx = 2·x·sin(x) + x²·cos(x)", "accent")]
    assert last.tooltip == "product rule: (u·v)′ = u′·v + u·v′"


@pytest.mark.parametrize(("text", "roles"), [
    ("x^2*sin(x)", {"u", "v", "base", "exponent", "inner"}), ("sin(x^2)", {"outer", "inner", "base", "exponent"}), ("2^x", {"base", "exponent"}),
    ("sin(x)/x", {"u", "v", "inner"}), ("3*exp(2*x)", {"constant", "u", "outer", "inner"}),
])
def test_lines_are_named_by_the_roles_of_the_rule(text: str, roles: set[str]) -> None:
    assert {edge.label for edge in cards_of(text).edges} == roles


def test_with_a_point_a_card_has_values_and_a_check_mark_with_the_error() -> None:
    rows = [row.text for row in cards_of("sin(x^2)", {"x": 2}).cards[-1].rows]
    assert rows[2] == f"value {value_text(math.sin(4))}, slope {value_text(4 * math.cos(4))}"
    assert re.fullmatch("✓ numeric, off by [1-9]·10⁻([89⁸⁹]|¹[⁰¹²])[⁰¹²³⁴-⁹]", rows[3])


def test_a_kink_and_an_undefined_point_are_said_and_not_compared() -> None:
    assert "not compared: a kink here" in [row.text for card in cards_of("abs(x) + 1", {"x": 0}).cards for row in card.rows]
    assert "not compared: it changes too fast here, or jumps" in [row.text for card in cards_of("step(x)*x + step(x)", {"x": 0}).cards
                                                                  for row in card.rows]
    assert "not compared: no value here" in [row.text for card in cards_of("ln(x)", {"x": -1}).cards for row in card.rows]


def test_a_wrong_rule_is_refuted_on_its_card_and_on_no_card_below_it() -> None:
    wrong = sd.define("wrongsin(u) = sin(u)")
    row = TABLE["wrongsin"]
    slopes = row.slopes
    object.__setattr__(row, "slopes", lambda node, u: (2 * sd.cos(u),))
    row.cache.clear()
    try:
        picture = derivation_drawing(sd.derive(wrong(x**2) * x, "x"), at={"x": 1.3})
    finally:
        object.__setattr__(row, "slopes", slopes)
        row.cache.clear()
        TABLE.pop("wrongsin")
    marked = {card.label for card in picture.cards if card.mark}
    assert marked == {"product rule", "chain rule", "outer function"}
    assert all(any(row.text.startswith("✗ numeric") for row in card.rows) for card in picture.cards if card.mark)


def test_a_difference_quotient_refutes_what_is_wrong_by_little_and_not_what_is_right() -> None:
    for text in ("x^5", "exp(x^3)", "sin(100*x)", "ln(x)/x", "gamma(x)", "1e-9*x", "x*1e9"):
        f = sd.parse(text)
        right, wrong = compared([(f, sd.diff(f, x)), (f, sd.diff(f, x) * (1 + sd.number(1e-10)))], x, {x: 1.7})
        assert right.agrees is True and wrong.agrees is False, text


def test_a_part_asked_for_is_marked_in_every_kind_of_picture() -> None:
    part = sd.parse("sin(x)")
    for drawing in (cards_of("x*sin(x)", mark=part), expression_drawing(sd.parse("x*sin(x)"), mark=[part]),
                    flow_drawing(sd.parse("x*sin(x)"), {"x": 2}, mark=part)):
        assert sum(card.mark for card in drawing.cards) == 1
        assert "✗" in dot_of(drawing)
        assert MARK.border in svg_of(drawing) and MARK.border in dot_of(drawing)


def test_a_name_is_marked_where_its_line_ends() -> None:
    picture = flow_drawing(sd.parse_program(NEURON), POINT, mark=[sd.Symbol("a"), sd.Symbol("w")])
    assert [card.label for card in picture.cards if card.mark] == ["w", "sigmoid"]


def test_a_point_that_does_not_fit_is_refused_with_names() -> None:
    with pytest.raises(sd.UsageError, match="lacks a value for y; write at="):
        cards_of("x*y", {"x": 1})
    with pytest.raises(sd.UsageError, match="has no q; it has x"):
        cards_of("x^2", {"x": 1, "q": 2})


@pytest.mark.parametrize("value", ["2", 1j, math.nan, math.inf, None, True, x])
def test_what_is_no_real_number_is_no_value(tmp_path: Path, value: object) -> None:
    for draw in (lambda: sd.draw(x**2, tmp_path / "f.svg", at={"x": value}), lambda: cards_of("x^2", {"x": value}),  # type: ignore[dict-item]
                 lambda: sd.plot(x**2, tmp_path / "p.svg", tangent=value)):  # type: ignore[arg-type]
        with pytest.raises((sd.UsageError, sd.DomainError)):
            draw()


def test_exact_numbers_constants_and_numbers_of_other_libraries_are_values() -> None:
    for value, number in ((sd.pi, math.pi), (Fraction(1, 3), 1 / 3), (Decimal("0.5"), 0.5), (10**30, 1e30)):
        assert cards_of("x^2", {"x": value}).cards[-1].rows[-1].tone == "good"  # type: ignore[dict-item]
        assert flow_drawing(x**2, {"x": value}).cards[-1].rows[0].text == value_text(number**2)


def test_a_derivation_of_10_000_steps_shows_its_top(tmp_path: Path) -> None:
    derivation = sd.derive(nested(10_000), "x")
    start = time.process_time()
    picture = derivation.draw(tmp_path / "cards.svg", engine="builtin").read_text(encoding="utf-8")
    assert "The top 150 of 10,000 boxes" in picture
    assert time.process_time() - start < 5


# Flow


def test_the_flow_has_the_numbers_of_backpropagation() -> None:
    program = sd.parse_program(NEURON)
    back = program.backpropagate(at=POINT)
    picture = neuron_flow()
    rows = {card.tooltip.partition(":")[0]: [row.text for row in card.rows] for card in picture.cards if card.rows}
    for name, shown in (("w", "w"), ("x", "x"), ("b", "b"), ("y", "y"), ("z", "w·x + b"), ("a", "sigmoid(z)"), ("L", "(a − y)²")):
        assert rows[shown] == [value_text(back[name].value), f"∂ {value_text(back[name].adjoint_value)}"]
    assert [group.title for group in picture.groups] == ["z = w·x + b", "a = sigmoid(z)", "L = (a − y)²"]


@pytest.mark.parametrize("text", [
    "x^2*sin(x*y) + exp(-y/x)", "x^y + y^x", "max(x, y, 2)*x", "x*y*x*3*y", "where(x > y, x^2, y)", "x/y - x", "abs(x - y)*tanh(x)", "x", "7*x",
])
def test_adjoints_of_inputs_are_the_gradient(text: str) -> None:
    f, at = sd.parse(text), {"x": 1.3, "y": 0.7}
    names = [str(symbol) for symbol in sorted(f.free_symbols, key=str)]
    picture = flow_drawing(f, {name: at[name] for name in names})
    gradient = dict(zip(names, sd.gradient(f, names)))
    for card in picture.cards:
        if card.kind == "variable" and card.rows:
            assert card.rows[1].text == f"∂ {value_text(float(gradient[card.label].evaluate({n: at[n] for n in names})))}"


def test_a_backpropagation_is_drawn_at_its_own_point(tmp_path: Path) -> None:
    back = sd.parse_program(NEURON).backpropagate("w", POINT)
    one, other = back.draw(tmp_path / "one.json"), sd.draw(back, tmp_path / "other.json")
    assert one.read_text(encoding="utf-8") == other.read_text(encoding="utf-8") == json_of(neuron_flow())


def test_local_derivatives_stand_on_lines_and_their_formulas_in_tooltips() -> None:
    picture = flow_drawing(sd.parse("sin(x)*y"), {"x": 2.0, "y": 3.0})
    assert [(edge.label, edge.tooltip) for edge in picture.edges] == [
        (value_text(math.cos(2), 4), "∂(sin(x))/∂(x) = cos(x)"), ("3", "∂(sin(x)·y)/∂(sin(x)) = y"),
        (value_text(math.sin(2), 4), "∂(sin(x)·y)/∂(y) = sin(x)")]


def test_programs_with_aliases_constants_and_unused_lines_flow() -> None:
    picture = flow_drawing(sd.parse_program("k = 3; s = x; unused = x^9; t = s*k; t + s"), {"x": 2})
    assert [group.title for group in picture.groups] == ["k = 3", "s = x", "t = s·k", "t + s"]
    assert picture.cards[-1].rows[0].text == "8"
    svg_of(picture), dot_of(picture)


def test_a_flow_says_what_it_cannot_show(tmp_path: Path) -> None:
    with pytest.raises(sd.DomainError):
        flow_drawing(sd.parse("ln(x)"), {"x": -1})
    with pytest.raises(sd.UsageError, match="a flow has numbers: give a point"):
        sd.draw(sd.parse_program(NEURON), tmp_path / "flow.svg")
    with pytest.raises(sd.UsageError, match="lacks a value for b, w, y"):
        sd.draw(sd.parse_program(NEURON), tmp_path / "flow.svg", at={"x": 1})
    with pytest.raises(sd.UsageError, match="give backpropagate a point"):
        sd.parse_program(NEURON).backpropagate().draw(tmp_path / "flow.svg")
    with pytest.raises(sd.LimitError, match="graphviz_nodes"):
        flow_drawing(nested(2_000), {"x": 0.5})


# Arrangement


@pytest.mark.parametrize("name", PICTURES)
def test_boxes_lie_apart_inside_the_picture_and_their_groups(name: str) -> None:
    drawing = PICTURES[name]()
    layout = arranged(drawing)
    for number, box in enumerate(layout.boxes):
        assert box.left >= -1e-6 and box.top >= -1e-6
        assert box.left + box.width <= layout.width + 1e-6 and box.top + box.height <= layout.height + 1e-6
        assert not any(box.meets(other) for other in layout.boxes[:number])
    for number, (group, frame) in enumerate(zip(drawing.groups, layout.groups)):
        assert not any(frame.meets(other) for other in layout.groups[:number])
        for card, box in enumerate(layout.boxes):
            inside = frame.left <= box.left and box.left + box.width <= frame.left + frame.width
            assert (card in group.cards) == (inside and frame.meets(box)) or not frame.meets(box)


@pytest.mark.parametrize("name", PICTURES)
def test_lines_join_their_boxes_and_pass_through_no_other(name: str) -> None:
    drawing = PICTURES[name]()
    layout = arranged(drawing)
    for edge, line in zip(drawing.edges, layout.curves):
        assert touches(line.start, layout.boxes[edge.start]) and touches(line.parts[-1][2], layout.boxes[edge.end])
        points = [along(line, part, share / 12) for part in range(len(line.parts)) for share in range(13)]
        for card, box in enumerate(layout.boxes):
            if card not in (edge.start, edge.end):
                assert not any(box.left + 2 < px < box.left + box.width - 2 and box.top + 2 < py < box.top + box.height - 2 for px, py in points)


def touches(point: tuple[float, float], box: object) -> bool:
    return (box.left - 1 <= point[0] <= box.left + box.width + 1  # type: ignore[attr-defined]
            and box.top - 1 <= point[1] <= box.top + box.height + 1)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", PICTURES)
def test_labels_on_lines_hide_no_box_and_no_other_label(name: str) -> None:
    layout = arranged(PICTURES[name]())
    labels = [frame for frame in layout.labels if frame is not None]
    for number, label in enumerate(labels):
        assert not any(label.meets(other) for other in labels[:number])
        assert not any(label.meets(box) for box in layout.boxes)


# Colours


def luminance(colour: str) -> float:
    parts = [int(colour[place:place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_text_is_readable_on_light_and_dark() -> None:
    for kind in KINDS.values():
        assert min(contrast(look.fill, look.text) for look in (kind.light, kind.dark)) >= 7, kind
    assert min(contrast(MARK.fill, MARK.text), contrast(MARK_DARK.fill, MARK_DARK.text)) >= 7
    for tone in TONES.values():
        assert contrast(tone.light, GROUND[0]) >= 4.5 and contrast(tone.dark, GROUND[1]) >= 4.5, tone


def test_every_rule_of_the_table_has_a_colour() -> None:
    rules = {rule for op in TABLE.values() for rule in (op.rule, *op.rules.values()) if op.arity and not op.relation and op.body is None}
    assert rules - {""} <= RULE_KINDS.keys()
    assert all(isinstance(KINDS[kind].light, Colours) for kind in RULE_KINDS.values())


# Escaping


def hostile_drawings(name: str) -> list[Drawing]:
    symbol, other = symbol_node(name), symbol_node(name + "2")
    f = sd.sin(symbol * other) + symbol**2
    program = sd.Program({"first": f, "last": sd.Symbol("first") * other})
    at = {symbol: 0.5, other: 0.25}
    return [derivation_drawing(sd.derive(f, symbol), at=at, mark=symbol), flow_drawing(program, at), expression_drawing(f, folded=True)]


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_no_name_breaks_out_of_any_format(name: str) -> None:
    for picture in hostile_drawings(name):
        svg = svg_of(picture)
        tags = {element.tag for element in ElementTree.fromstring(svg).iter()}
        assert tags <= {f"{{{SVG}}}{tag}" for tag in ("svg", "title", "style", "g", "path", "rect", "polygon", "text", "tspan")}
        for text in (svg, html_of(picture)):
            assert not re.search(r"<script|<b>|<img|\son\w+=\"", text)
            assert all(char.isprintable() or char == "\n" for char in text)
        for line in dot_of(picture).splitlines():
            assert DOT_LINE.fullmatch(line), line
        for label in re.findall("=<(<table.*</table>)>", dot_of(picture)):
            assert {element.tag for element in ElementTree.fromstring(label).iter()} <= {"table", "tr", "td", "font", "b"}
        for line in mermaid_of(picture).splitlines():
            assert MERMAID_LINE.fullmatch(line), line
        record = json.loads(json_of(picture))
        assert [card["kind"] for card in record["cards"]] == [card.kind for card in picture.cards]


SVG = "http://www.w3.org/2000/svg"
DOT_LINE = re.compile(rf"digraph \{{|\}}|(?:graph|node|edge) {ATTRIBUTES};|{STRING} {ATTRIBUTES};|{STRING} -> {STRING}(?: {ATTRIBUTES})?;"
                      rf'|{STRING} \[{STRING}={STRING}(?:, {STRING}={STRING})*, "label"=<<table.*</table>>\];|subgraph {STRING} \{{|(?:"n\d+"; ?)+')
WORDS = r'"(?:[^\W_]|[ .,:=+·×−≤≥≠⋯□′″∂°√→∧∨¬_]|#\d+;|<br/>)*"'
MERMAID_LINE = re.compile(rf"flowchart (?:TB|RL)|[nt]\d+(?:\(\({WORDS}\)\)|\(\[{WORDS}\]\)|\[{WORDS}\]|\({WORDS}\)|\{{\{{{WORDS}\}}\}}):::\w+"
                          rf"|subgraph g\d+\[{WORDS}\]|end|n\d+ ---(?:\|{WORDS}\|)? n\d+|classDef \w+ [\w#:,]+")


@pytest.mark.parametrize("name", HOSTILE[:20], ids=range(20))
def test_no_name_breaks_out_of_an_explorer_a_film_or_a_plot(name: str) -> None:
    symbol = symbol_node(name)
    explorer = html_of(expression_drawing(sd.add(*[sd.sin(symbol_node(f"{name}{k}")) * symbol for k in range(80)]), folded=False))
    film = film_of(sd.simplify(sd.sin(sd.Symbol("x")) ** 2 + sd.cos(sd.Symbol("x")) ** 2 + symbol - symbol * 2, report=True))
    for text in (explorer, film):
        assert len(re.findall("<script", text)) == (2 if text is explorer else 1)
        assert text.count("</script>") == len(re.findall("<script", text))
        assert not re.search(r"<img|<b>|<i>|\son\w+=\"", text)
    svg = chart_svg(tangent_chart(symbol**3, symbol, [1.0]))
    ElementTree.fromstring(svg)
    assert not re.search(r"<script|<b>|\son\w+=\"", svg)


def test_typesetting_slants_letters_raises_exponents_and_escapes_the_rest() -> None:
    assert typeset("sin(x)<b>") == 'sin(<tspan class="i">x</tspan>)&lt;<tspan class="i">b</tspan>&gt;'
    assert "".join(ElementTree.fromstring(f"<t>{typeset('x₁²⁷·cos(theta) − e⁻¹')}</t>").itertext()) == "x127·cos(theta) − e−1"


def test_long_formulas_break_before_their_signs() -> None:
    lines = wrapped("aaaa·bbbb + cccc·dddd − eeee", 14)
    assert lines == ["aaaa·bbbb", "+ cccc·dddd", "− eeee"]
    assert all(len(line) <= 60 for line in wrapped("+".join(["abc"] * 100)))


# Plots


def test_poles_jumps_and_undefined_ranges_are_gaps() -> None:
    for text, low, high, gaps in (("tan(x)", -4, 4, [-math.pi / 2, math.pi / 2]), ("1/x", -3, 3, [0]), ("step(x - 1)", 0, 2, [1]),
                                  ("floor(x)", 0.5, 2.5, [1, 2]), ("1/x^2", -2, 2, [0]), ("ln(x^2 - 1)", -3, 3, [-1, 1])):
        chart = tangent_chart(sd.parse(text), x, [], (low, high))
        upper = chart.panels[0]
        pieces = upper.lines[0].pieces
        breaks = [(before[-1][0] + after[0][0]) / 2 for before, after in pairwise(pieces)]
        assert len(breaks) == (1 if text.startswith("ln") else len(gaps)), text
        for piece in pieces:
            steps = [abs(b[1] - a[1]) for a, b in pairwise(piece)]
            runs = [abs(b[0] - a[0]) for a, b in pairwise(piece)]
            assert not any(step > 0.02 * (upper.y.high - upper.y.low) and run < 1e-6 for step, run in zip(steps, runs)), text
        for found, gap in zip(breaks, gaps):
            assert abs(found - gap) < 0.2 or text.startswith("ln")


def test_lines_stay_in_their_frames_and_bends_get_points() -> None:
    frame = Axis(-1.0, 1.0)
    pieces = clipped(traced(lambda t: math.sin(60 * t), Axis(-3, 3), frame), frame)
    assert all(-1 <= value <= 1 for piece in pieces for _, value in piece)
    assert max(value for piece in pieces for _, value in piece) > 0.999
    points = [point for piece in pieces for point in piece]
    for a, b in pairwise(points):
        middle = (a[0] + b[0]) / 2
        assert abs(math.sin(60 * middle) - (a[1] + b[1]) / 2) < 0.03


def test_ranges_show_what_matters() -> None:
    low, high = interesting([lambda t: t**3 - t])
    assert low < -1.2 and high > 1.2 and high < 4
    assert view([1 / (k - 50.5) for k in range(100)], "y").high < 1
    assert view([], "y") == Axis(-1.0, 1.0, "y") and view([3.0, 3.0], "y").low < 3 < view([3.0, 3.0], "y").high


def test_ticks_are_round_and_inside() -> None:
    for low, high in ((0, 1), (-0.003, 0.0021), (1e9, 1.00001e9), (-7, 1234)):
        found = ticks(Axis(low, high))
        assert 2 <= len(found) <= 8
        assert all(low - 1e-9 <= value <= high + 1e-9 * abs(high) for value in found)


def test_the_tangent_has_the_slope_of_the_derivative() -> None:
    upper, lower = tangent_chart(sd.parse("x^3 - x"), x, [1.0]).panels
    (start, end), = upper.lines[1].pieces
    assert (end[1] - start[1]) / (end[0] - start[0]) == pytest.approx(2)
    assert upper.spots[0].at == (1.0, 0.0) and lower.spots[0].at == (1.0, 2.0)


def test_secants_come_nearer_to_the_tangent() -> None:
    upper, lower = secant_chart(sd.parse("x^2"), x, 0.5).panels
    slopes = [float(line.label.rpartition(" ")[2]) for line in upper.lines if line.ink == "secant"]
    assert slopes == sorted(slopes, reverse=True) and slopes[-1] - 1 < 0.15
    (quotients,) = lower.lines[0].pieces
    assert quotients[-1][1] == pytest.approx(1, abs=1e-3)


def test_errors_fall_and_rise_again_with_the_step() -> None:
    (panel,) = error_chart(sd.parse("exp(x)"), x, 0.3).panels
    for line, order in zip(panel.lines, (1, 2)):
        (points,) = line.pieces
        known = dict(points)
        steep = math.log10(known[0.1] / known[0.01])
        assert steep == pytest.approx(order, abs=0.1)
        assert points[-1][1] > min(error for _, error in points) * 100


def test_descent_goes_down_to_the_minimum() -> None:
    (panel,) = descent_chart(sd.parse("x^2 + 3*y^2 + x*y"), {"x": 2, "y": 1}, 0.1).panels
    (path,) = next(line for line in panel.lines if line.ink == "path").pieces
    values = [a * a + 3 * b * b + a * b for a, b in path]
    assert values == sorted(values, reverse=True) and values[-1] < 1e-5
    uphill = [((arrow.start[0] + arrow.end[0]) / 2, (arrow.start[1] + arrow.end[1]) / 2, arrow) for arrow in panel.arrows]
    for a, b, arrow in uphill:
        assert (2 * a + b) * (arrow.end[0] - arrow.start[0]) + (6 * b + a) * (arrow.end[1] - arrow.start[1]) > 0


@pytest.mark.parametrize(("arguments", "message"), [
    ({"tangent": -1.0}, "no tangent at x = −1"), ({"between": (1, 1)}, "from a number to a larger one"),
    ({"secants": 1.0, "errors": 1.0}, "one thing"),
    ({"descent": {"x": 1}}, "two variables"), ({"descent": {"x": 1, "y": 1}, "rate": -1}, "positive"), ({"engine": "gnuplot"}, "no engine 'gnuplot'"),
])
def test_plots_refuse_what_they_cannot_show(tmp_path: Path, arguments: dict[str, object], message: str) -> None:
    with pytest.raises(sd.UsageError, match=message):
        sd.plot(sd.parse("ln(x)"), tmp_path / "p.svg", **arguments)  # type: ignore[arg-type]


def test_plots_of_several_variables_and_unknown_formats_are_refused(tmp_path: Path) -> None:
    with pytest.raises(sd.UsageError, match="subs"):
        sd.plot(sd.parse("x*y"), tmp_path / "p.svg", "x")
    with pytest.raises(sd.UsageError, match="none of the format 'bmp'"):
        sd.plot(sd.parse("x"), tmp_path / "p.bmp")


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.skipif(find_spec("matplotlib") is None, reason="matplotlib is not installed")
def test_matplotlib_draws_every_chart(tmp_path: Path, name: str) -> None:
    for kind, start in (("pdf", b"%PDF"), ("png", b"\x89PNG"), ("svg", b"<?xml"))[:3 if name == "plot_errors" else 1]:
        assert chart_files.chart_bytes(CHARTS[name](), kind, "matplotlib").startswith(start)


def test_svg_plots_need_nothing_and_others_say_what_they_need(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)
    monkeypatch.setattr(chart_files, "import_module", missing)
    monkeypatch.setattr(bitmaps, "find_spec", lambda name: None)
    assert sd.plot(sd.parse("x^2"), tmp_path / "p.svg").read_text(encoding="utf-8").startswith("<svg")
    assert sd.plot(sd.parse("x^2"), tmp_path / "p.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    with pytest.raises(sd.RenderError, match=r"(?s)PDF.*symdiff\[plot\]"):
        sd.plot(sd.parse("x^2"), tmp_path / "p.pdf")
    with pytest.raises(sd.RenderError, match=r"(?s)symdiff\[draw\].*symdiff\[plot\]"):
        sd.plot(sd.parse("x^2"), tmp_path / "p.png")


# Film


def test_a_film_has_a_frame_for_each_rule_that_fired(tmp_path: Path) -> None:
    report = sd.simplify(sd.parse("ln(exp(x)*y^2) - 2*ln(abs(y)) + sin(atan(z))"), report=True)
    page = sd.draw(report, tmp_path / "film.html").read_text(encoding="utf-8")
    titles = re.findall("<h2>(.*?)</h2>", page)
    fired = [part.rule for step in report.steps for part in step.parts]
    assert len(fired) >= 2 and titles[:len(fired)] == fired
    assert titles[-1] == "result"
    for svg in re.findall("<svg.*?</svg>", page, re.DOTALL):
        ElementTree.fromstring(svg)
    with pytest.raises(sd.UsageError, match=r"ends in \.html"):
        sd.draw(report, tmp_path / "film.svg")


def test_each_frame_shows_equal_formulas() -> None:
    report = sd.simplify(sd.parse("ln(exp(x)*y^2) - 2*ln(abs(y)) + sin(atan(z))"), report=True)
    for step in report.steps:
        for part in (step, *step.parts):
            at = {symbol: 0.7 + 0.2 * len(str(symbol)) for symbol in part.before.free_symbols}
            assert part.before.evaluate(at) == pytest.approx(part.after.evaluate(at))


def test_a_film_of_what_is_simple_already_says_so() -> None:
    assert "nothing to do" in film_of(sd.simplify(x + 1, report=True))


# Speed and formats


@pytest.mark.skipif(shutil.which("dot") is None, reason="the program dot is not on PATH")
def test_graphviz_draws_200_nodes_within_a_second(tmp_path: Path) -> None:
    expression = balanced(2048)
    count = len(expression_drawing(expression, folded=False).cards)
    assert count >= 200
    times = []
    for _ in range(2):
        start = time.perf_counter()
        sd.draw(expression, tmp_path / "tree.svg", engine="dot", folded=False)
        times.append(time.perf_counter() - start)
    assert min(times) < 1.0


@pytest.mark.skipif(shutil.which("dot") is None, reason="the program dot is not on PATH")
@pytest.mark.parametrize("name", PICTURES)
def test_graphviz_takes_every_kind_of_picture(tmp_path: Path, name: str) -> None:
    drawing = PICTURES[name]()
    texts = "".join(ElementTree.fromstring(engines._by_program(drawing, "svg").decode()).itertext())
    for card in drawing.cards:
        assert all(row.text in texts for row in card.rows) and card.label in texts


@pytest.mark.skipif(find_spec("resvg_py") is None, reason="resvg-py is not installed")
def test_hostile_cards_are_drawn_by_every_engine(tmp_path: Path) -> None:
    hostile = sd.add(*(sd.sin(symbol_node(name)) for name in HOSTILE))
    for engine in ["builtin", *(["dot"] if shutil.which("dot") else []), *(["pygraphviz"] if find_spec("pygraphviz") else [])]:
        sd.draw(sd.derive(hostile, symbol_node('"')), tmp_path / "cards.png", engine=engine)
        assert (tmp_path / "cards.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.skipif(find_spec("resvg_py") is None, reason="resvg-py is not installed")
def test_a_machine_without_fonts_still_shows_text(monkeypatch: pytest.MonkeyPatch) -> None:
    resvg = import_module("resvg_py")
    render = resvg.svg_to_bytes
    monkeypatch.setattr(resvg, "svg_to_bytes", lambda **options: render(**options, skip_system_fonts=True))
    svg = svg_of(PICTURES["cards_values"]())
    shown = bitmaps.png_of(svg)
    monkeypatch.setattr(bitmaps, "FONTS", "no such folder")
    assert len(shown) > 1.5 * len(bitmaps.png_of(svg))


def test_golden_files_are_all_used() -> None:
    named = {f"{name}.{kind}" for name in PICTURES for kind in ("dot", "svg")} | {"flow_neuron.mmd", "flow_neuron.json"}
    named |= {f"{name}.svg" for name in ("plot_tangent", "plot_poles", "plot_secants")}
    others = {path.name for path in GOLDEN.iterdir() if not re.match(r"\w+_(?:graph|tree)\.(?:dot|svg)", path.name)}
    assert named == {name for name in others if name.split("_")[0] in ("cards", "flow", "named", "plot")}
