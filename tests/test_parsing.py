"""What text reads as, and what is said of text that is no formula: cases/parsing.txt, cases/errors.txt and what one line cannot show."""

from __future__ import annotations

import pickle
import re
from fractions import Fraction

import pytest
from case_files import cases
from hypothesis import example, given
from hypothesis import strategies as st

from symdiff import LimitError, ParseError, Symbol, UsageError, limits, parse, parse_latex, parse_program
from symdiff.expr import Expr, number
from symdiff.operations import TABLE

x, y, z = (Symbol(name) for name in "xyz")
add, mul, div, neg, pow_, where, abs_, sin = (TABLE[name] for name in ("add", "mul", "div", "neg", "pow", "where", "abs", "sin"))


def n(value: float | Fraction) -> Expr:
    return number(value)


AS_BUILT = [  # text and the nodes it stands for, so that reading and writing cannot be wrong in the same way
    ("x + y + z", add(x, y, z)),
    ("x + (y + z)", add(x, add(y, z))),
    ("(x + y) + z", add(add(x, y), z)),
    ("x - y", add(x, neg(y))),
    ("x - 2", add(x, n(-2))),
    ("x - 2y", add(x, mul(n(-2), y))),
    ("x - (2y)", add(x, neg(mul(n(2), y)))),
    ("x - -y", add(x, neg(neg(y)))),
    ("x*y*z", mul(x, y, z)),
    ("x*(y*z)", mul(x, mul(y, z))),
    ("x/y*z", mul(div(x, y), z)),
    ("x*y/z", div(mul(x, y), z)),
    ("x/y/z", div(div(x, y), z)),
    ("x/(y*z)", div(x, mul(y, z))),
    ("1/2", n(Fraction(1, 2))),
    ("-1/2", n(Fraction(-1, 2))),
    ("2/4", div(2, 4)),
    ("(1)/2", div(1, 2)),
    ("1/2x", mul(n(Fraction(1, 2)), x)),
    ("x/2y", mul(div(x, 2), y)),
    ("2x/3", div(mul(2, x), 3)),
    ("-x^2", neg(pow_(x, 2))),
    ("-2^2", neg(pow_(2, 2))),
    ("(-2)^2", pow_(-2, 2)),
    ("-x*y", neg(mul(x, y))),
    ("-2x", mul(-2, x)),
    ("x*-y", mul(x, neg(y))),
    ("2^-x", pow_(2, neg(x))),
    ("2^-x^2", pow_(2, neg(pow_(x, 2)))),
    ("x^-2", pow_(x, -2)),
    ("x^y^z", pow_(x, pow_(y, z))),
    ("x²³", pow_(x, 23)),
    ("2x^2 y", mul(2, pow_(x, 2), y)),
    ("x sin x", mul(x, sin(x))),
    ("sin x^2", sin(pow_(x, 2))),
    ("sin^2 x", pow_(sin(x), 2)),
    ("sin^-1 x", TABLE["asin"](x)),
    ("sin x cos y", mul(sin(x), TABLE["cos"](y))),
    ("|x|y|z|", mul(abs_(x), y, abs_(z))),
    ("||x| - 1|", abs_(add(abs_(x), -1))),
    ("√x*y", mul(TABLE["sqrt"](x), y)),
    ("log(x)", TABLE["ln"](x)),
    ("log(x, 2)", TABLE["log"](x, 2)),
    ("e^x", pow_(Expr(TABLE["e"]), x)),
    ("2πx", mul(2, Expr(TABLE["pi"]), x)),
    ("0.1", n(0.1)),
    ("1", n(1)),
    ("1.0", n(1.0)),
    ("-0.0", n(-0.0)),
    ("x if y < 0 else z", where(TABLE["lt"](y, 0), x, z)),
    ("0 < x < 1", TABLE["and"](TABLE["lt"](0, x), TABLE["lt"](x, 1))),
    ("not x < 0 or y > 0 and z > 0", TABLE["or"](TABLE["not"](x < 0), TABLE["and"](y > 0, z > 0))),
]


@pytest.mark.parametrize(("text", "expected"), AS_BUILT, ids=[text for text, _ in AS_BUILT])
def test_text_reads_as_the_nodes_it_stands_for(text: str, expected: Expr) -> None:
    assert parse(text) is expected


@pytest.mark.parametrize(("text", "expected"), cases("parsing.txt"), ids=ascii)
def test_text_reads_as_expected(text: str, expected: str) -> None:
    formula = parse(text)
    assert str(formula) == expected
    assert parse(expected) is formula


@pytest.mark.parametrize(("text", "place", "reason"), cases("errors.txt"), ids=ascii)
def test_a_mistake_is_pointed_at(text: str, place: str, reason: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse(text)
    error = caught.value
    assert f"{error.line}:{error.column}" == place
    assert reason in error.reason
    head, *shown = str(error).split("\n")
    assert head.startswith(f"line {error.line}, column {error.column}: ")
    assert shown[1].strip() == "^"
    str(error).encode()  # a lone surrogate in the text does not reach the message


@pytest.mark.parametrize("text", ["", " ", "\t \n ", "\n\n", "\u00a0"])
def test_text_without_a_formula_is_an_error_at_its_start(text: str) -> None:
    with pytest.raises(ParseError, match="line 1, column 1: there is no formula"):
        parse(text)


@pytest.mark.parametrize(("text", "hint"), [
    ("sinn(x)", "did you mean sin"),
    ("SIN(x)", "did you mean sin"),
    ("squrt(x)", "did you mean sqrt"),
    ("tg(x)", "did you mean tan?"),
    ("foo(x)", 'define("foo(u) = ...")'),
    ("x(y)", "for a product write x*(...)"),
    ("pi(x)", "for a product write pi*(...)"),
    ("x!", "gamma(n + 1)"),
    ("factorial(x)", "gamma(n + 1)"),
    ("pow(x, 2)", "x^y"),
    ("sinc(x)", "write sin(x)/x"),
    ("beta(x, y)", "write gamma(x)*gamma(y)/gamma(x + y)"),
    ("round(x)", "write floor(x + 1/2)"),
    ("x = 5", "=="),
    ("x && y", "'and'"),
    ("x % 2", "mod(x, 2)"),
    ("2*x % 3", "mod(x, y)"),
    ("x'", "diff(f, x)"),
    ("'x'", "without quotes"),
    ("1,5", "decimal point"),
    ("x – 1", "minus sign"),
    ("½", "write 1/2"),
    ("x½", "write (1/2) for ½"),
    ("½x", "write (1/2) for ½"),
    ("∛x", "cbrt(x)"),
    ("∫x", "no integrals"),
    ("∑x", "term by term"),
    ("∂x", "use diff(f, x)"),
    ("x ± 1", "one formula for each sign"),
    ("sin(30°)", "x*pi/180"),
    ("`x`", "without quotes"),
    ("“x”", "without quotes"),
    ("\ufeffx", "byte order mark"),
    ("x -> y", "a formula has no arrows"),
    ("x := 3", "parse_program reads lines"),
    ("sin(,x)", "expected a number"),
    ("max(x,,y)", "expected a number"),
    ("1e400", "as a power of 10: 10^400"),
    ("2.5e-400*x", "as a power of 10: 2.5*10^-400"),
    ("Sin(x)", "did you mean sin?"),
    ("COS(x)", "did you mean cos?"),
    ("cosinus(x)", "did you mean cos?"),
    ("log_2(x)", "did you mean log2?"),
    ("x₁", "write x1"),
    ("ｘ", "write x"),
    ("а + 1", "write a in Latin letters"),
    ("e\u0301", "write é as one character"),
    ("２＋３", "write +"),
    ("x // 2", "floor(x/y)"),
    ("x <> 2", "!="),
    ("sin 2x", "sin(2*x) or sin(2)*x"),
    ("sin x (y)", "x*(...)"),
    ("sin x^2 y", "sin(x^...*y) or sin(x^...)*y"),
    ("sin", "write sin(x)"),
    ("sin()", "write sin(x)"),
    ("(x + 1", "the '(' at column 1 is not closed"),
    ("|x", "the '|' at column 1 is not closed"),
    ("sin(\nx", "the '(' at line 1, column 4 is not closed"),
    ("x for y", "reserved word"),
    ("1e400", "a power of 10"),
    ("x_1 x_2 3", "write *"),
    ("floor^-1(x)", "1/floor(...)"),
    ("sin^-2(x)", "sin(...)^(-2)"),
    ("(x > 0) + 1", "a if condition else b"),
    ("x and y", "such as x > 0"),
    ("\\frac{1}{2}", "parse_latex"),
    ("x; y", "parse_program"),
    ("1_", "1_000"),
    ("1.2.3", "one decimal point"),
    ("x,", "decimal point"),
])
def test_a_mistake_comes_with_what_to_write_instead(text: str, hint: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse(text)
    assert hint in caught.value.hint


@pytest.mark.parametrize(("text", "hint"), [
    ("d^2/dx^2 x^3", 'diff(formula, "x", 2)'),
    ("(d²/dt²) x", 'diff(formula, "t", 2)'),
    ("d^2/(dx dy) f", 'diff(formula, "x", "y")'),
    ("d^2/dxdy f", 'diff(formula, "x", "y")'),
    ("diff(x^2, x)", 'diff(parse("x^2"), "x")'),
    ("d2/dx2 x", 'diff(formula, "x2")'),
    ("(d/dt) x", 'diff(formula, "t")'),
    ("f(x, y)", 'define("f(u, v) = ...")'),
    ("besselj(0, sin(x, y), z)", 'define("besselj(u, v, w) = ...")'),
    ("1'000", "grouped as in 1_000"),
    ("x + 'y'", "without quotes"),
    ("sin'(x)", "diff(f, x)"),
    ("5'", "grouped as in 1_000"),
    ("!x", "'not'"),
    ("(! x)", "'not'"),
    ("exp(,)", "exp takes 1 argument"),
    ("sin^(2)(x)", "an integer"),
    ("sin(x,)", "take away the comma"),
    ("\u3164", "take it away"),
    ("⁻x", "minus sign as -"),
    ("1，5", "decimal point"),
    ("1٫5", "decimal point"),
    ("x′", "diff(f, x)"),
    ("x´", "diff(f, x)"),
    ("∆x", "Δ (U+0394)"),
    ("x↑2", "x^2"),
    ("2✕3", "write the product as *"),
    ("2➗3", "write the quotient as /"),
    ("‖x‖", "abs(x)"),
    ("⌈x⌉", "ceil(x)"),
])
def test_signs_of_elsewhere_come_with_the_ones_used_here(text: str, hint: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse(text)
    assert hint in caught.value.hint


def test_a_long_line_is_shown_around_the_mistake() -> None:
    with pytest.raises(ParseError) as caught:
        parse("x + " * 1000 + "* y" + " + x" * 1000)
    _, shown, caret = str(caught.value).split("\n")[:3]
    assert len(shown) < 100
    assert shown[caret.index("^")] == "*"


@pytest.mark.parametrize("place", ["{}", "x{}", "{}x", "x + {}", "sin({})", "x{}y", "1{}", "({}"])
@pytest.mark.parametrize("char", [
    "\ud800", "\udfff", "\x00", "\x1b", "\u200b", "\u200d", "\u202e", "\u2066", "\u00ad", "\ufeff", "\ufffe", "\U000e0041"])
def test_an_invisible_character_is_named_where_it_stands(place: str, char: str) -> None:
    text = place.format(char)
    with pytest.raises(ParseError) as caught:
        parse(text)
    assert caught.value.column == text.index(char) + 1
    assert f"U+{ord(char):04X}" in caught.value.reason
    assert char not in str(caught.value)


def test_a_parse_error_can_be_pickled_with_its_place() -> None:
    with pytest.raises(ParseError) as caught:
        parse("x +\n* y")
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value)
    assert (again.line, again.column, again.text) == (2, 1, "x +\n* y")


def test_only_text_is_parsed() -> None:
    for value in (3, None, b"x", ["x"], x):
        with pytest.raises(UsageError, match="parse takes text"):
            parse(value)  # type: ignore[arg-type]


def test_a_return_ends_a_line_of_programs_and_latex_too() -> None:
    assert str(parse_program("a = x + 1\ra^2").output) == "a^2"
    with pytest.raises(ParseError, match="line 2, column 3"):
        parse_latex("x\r+ *y")


def test_a_declared_function_is_not_raised_to_an_order_in_parentheses() -> None:
    for name in ("f", "foo"):
        assert str(parse(f"{name}^2(x)", functions=[name])) == f"{name}(x)^2"
        with pytest.raises(ParseError, match="could be the function"):
            parse(f"{name}^(2)(x)", functions=[name])


def test_a_very_long_name_is_one_symbol() -> None:
    name = "a" * 100_000
    assert parse(f"2{name}").args[1] is Symbol(name)
    assert parse(f"2{'e' * 100_000}").args[0] is n(2)


def test_numbers_have_as_many_digits_as_the_limit_says(monkeypatch: pytest.MonkeyPatch) -> None:
    assert parse("7" * 4000).value == int("7" * 4000)
    with pytest.raises(LimitError, match="literal_digits"):
        parse("7" * 4001)
    monkeypatch.setattr(limits, "literal_digits", 10_000)
    assert str(parse("7" * 9_000)) == "7" * 9_000


def test_text_has_the_length_the_limit_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "input_length", 5)
    assert str(parse("x + y")) == "x + y"
    with pytest.raises(LimitError, match="input_length"):
        parse("x + yz")


def test_a_failed_parse_leaves_nothing_behind() -> None:
    for _ in range(3):
        with pytest.raises(ParseError):
            parse("sin(|x + (y")
        assert parse("sin(|x|)") is sin(abs_(x))


WORDS = "x y 2 10 0.5 .5 1e3 sin cos log max atan2 e pi π foo if else and or not for 1_0 д é а ½"
SIGNS = "+ - * / ^ ** ( ) | , < <= == √ ² ⁻¹ · − = ! . _"
SOUP = st.lists(st.sampled_from([*WORDS.split(), *SIGNS.split(), *SIGNS.split(), " ", " ", "\n", "\u200b"]), max_size=12).map("".join)


@given(st.one_of(SOUP, st.text(max_size=20), st.text(st.sampled_from("xsin()^*-+/|,12.e ²π"), max_size=25)))
@example("||x||y||")
@example("sin^2^3x")
def test_any_text_is_a_formula_that_reads_back_or_an_error_inside_the_text(text: str) -> None:
    try:
        formula = parse(text)
    except ParseError as error:
        lines = re.split(r"\r\n|\r|\n", text)
        assert 1 <= error.line <= len(lines)
        assert 1 <= error.column <= len(lines[error.line - 1]) + 1
        assert str(error).encode()
    else:
        assert parse(str(formula)) is formula
