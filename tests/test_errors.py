"""Wrong use of the library: every mistake is one of its own errors and says what to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

import symdiff as sd
from symdiff import Symbol, diff, number, parse, symbols
from symdiff.errors import DefinitionError, LimitError, ParseError, SymdiffError, UsageError

x, y = symbols("x y")
f = x ** 2 * sd.sin(x)

MISTAKES: dict[str, tuple[Callable[[], object], type[SymdiffError], str]] = {
    "diff by a number": (lambda: diff(f, 3), UsageError, "differentiate by a symbol such as Symbol('x')"),
    "diff by an expression": (lambda: diff(f, x + 1), UsageError, "differentiate by a symbol such as Symbol('x')"),
    "diff by a constant": (lambda: diff(f, sd.pi), UsageError, "not the expression 'pi'"),
    "diff by text that is no name": (lambda: diff(f, "x+1"), UsageError, "a variable is needed, not 'x+1'"),
    "diff by a function's name": (lambda: diff(f, "sin"), UsageError, "a function of the language"),
    "diff by None": (lambda: diff(f, None), UsageError, "a variable is needed, not None"),
    "diff by a list": (lambda: diff(f, [x]), UsageError, "a variable is needed"),
    "an order before its variable": (lambda: diff(f, 2, x), UsageError, "a variable is needed, not 2"),
    "a negative order": (lambda: diff(f, x, -1), UsageError, "a whole number from 0 on, not -1"),
    "a fractional order": (lambda: diff(f, x, 1.5), UsageError, "a whole number from 0 on, not 1.5"),
    "a truth value as order": (lambda: diff(f, x, True), UsageError, "a whole number from 0 on, not True"),
    "a huge order": (lambda: diff(f, x, 10 ** 6), LimitError, "symdiff.limits.derivative_order"),
    "no variable where there are two": (lambda: diff(x * y), UsageError, "say by which variable to differentiate 'x*y': it has x, y"),
    "no variable where there is none": (lambda: diff(number(3)), UsageError, "it has none"),
    "diff of text": (lambda: diff("x^2", x), UsageError, "write parse('x^2')"),  # type: ignore[arg-type]
    "diff of a condition": (lambda: diff(x > 0, x), UsageError, "where(condition, a, b)"),
    "float of a formula": (lambda: float(f), UsageError, "use .evaluate(x=...)"),
    "int of a formula": (lambda: int(f), UsageError, "use .evaluate(x=...)"),
    "complex of a formula": (lambda: complex(f), UsageError, "use .evaluate(x=...)"),
    "truth of a condition": (lambda: bool(x > 0), UsageError, "where(condition, a, b)"),
    "truth of a formula": (lambda: x and y, UsageError, "substitute or evaluate first"),
    "a chained comparison": (lambda: 0 < x < 1, UsageError, "substitute or evaluate first"),
    "Python's max": (lambda: max(x, y), UsageError, "not known before its variables are"),
    "a name that begins with a digit": (lambda: Symbol("2x"), DefinitionError, "begins with no digit"),
    "a function's name": (lambda: Symbol("sin"), DefinitionError, "it is a function of the language"),
    "an alias of a function": (lambda: Symbol("arcsin"), DefinitionError, "it is a function of the language"),
    "a constant's name": (lambda: Symbol("pi"), DefinitionError, "it is a constant of the language"),
    "a reserved word": (lambda: Symbol("if"), DefinitionError, "it is a reserved word of the language"),
    "no real number's name": (lambda: Symbol("inf"), DefinitionError, "cannot name a symbol"),
    "an empty name": (lambda: Symbol(""), DefinitionError, "letters, digits and underscores"),
    "a name with a quote": (lambda: Symbol("x'"), DefinitionError, "letters, digits and underscores"),
    "a name with a line break": (lambda: Symbol("x\n"), DefinitionError, "letters, digits and underscores"),
    "a lone surrogate": (lambda: Symbol("\ud800"), DefinitionError, r"'\ud800' cannot name a symbol"),
    "a name in lookalike letters": (lambda: Symbol("\N{CYRILLIC SMALL LETTER A}"), DefinitionError, "write a in Latin letters"),
    "a name that is a number": (lambda: Symbol(3), DefinitionError, "is text, not int"),  # type: ignore[arg-type]
    "no names": (lambda: symbols(""), UsageError, "such as 'x y'"),
    "names that are no text": (lambda: symbols(3), UsageError, "such as 'x y'"),  # type: ignore[arg-type]
    "an empty range of names": (lambda: symbols("x3:1"), UsageError, "x1:4 stands for x1, x2, x3"),
    "too many arguments": (lambda: sd.sin(1, 2), UsageError, "sin takes 1 argument, not 2"),
    "no argument": (sd.sin, UsageError, "sin takes 1 argument, not 0"),
    "too few arguments": (lambda: sd.max(x), UsageError, "max takes 2 arguments or more, not 1"),
    "text as an argument": (lambda: sd.sin("x"), UsageError, "Symbol('x') for the variable"),
    "a condition as an argument": (lambda: sd.sin(x > 0), UsageError, "where(condition, a, b)"),
    "a condition as a summand": (lambda: (x > 0) + 1, UsageError, "where(condition, a, b)"),
    "a condition as a later summand": (lambda: x + y + (x > 0), UsageError, "where(condition, a, b)"),
    "a condition in place of a number": (lambda: f.subs(x, y > 0), UsageError, "cannot become 'y > 0'"),
    "a number as a condition": (lambda: sd.where(x, 1, 2), UsageError, "a condition such as x > 0"),
    "text as a summand": (lambda: x + "1", UsageError, "parse('1') for the formula"),
    "text as the first summand": (lambda: "1" + x, UsageError, "parse('1') for the formula"),
    "text as an exponent": (lambda: x ** "2", UsageError, "parse('2') for the formula"),
    "None as a factor": (lambda: x * None, UsageError, "neither an expression nor a finite real number"),
    "a complex number": (lambda: x + 1j, UsageError, "neither an expression nor a finite real number"),
    "nan as a summand": (lambda: x + float("nan"), UsageError, "nan is not a real number"),
    "infinity as a factor": (lambda: float("inf") * x, UsageError, "inf is not a real number"),
    "the wrong power sign": (lambda: x ^ 2, UsageError, "write x**y"),
    "the wrong remainder": (lambda: x % 2, UsageError, "write mod(x, y)"),
    "the wrong quotient": (lambda: x // 2, UsageError, "write floor(x/y)"),
    "the wrong conjunction": (lambda: (x > 0) & (y > 0), UsageError, "a.and_(b)"),
    "parse of a number": (lambda: parse(3), UsageError, "parse takes text, not int"),  # type: ignore[arg-type]
    "a changed node": (lambda: setattr(x, "value", "y"), UsageError, "an expression is immutable"),
    "a new attribute": (lambda: setattr(x, "note", 1), UsageError, "an expression is immutable"),
    "a deleted attribute": (lambda: delattr(x, "args"), UsageError, "an expression is immutable"),
    "number of nan": (lambda: number(float("nan")), UsageError, "not a real number"),
    "number of text": (lambda: number("3"), UsageError, "neither an expression nor a finite real number"),  # type: ignore[arg-type]
    "subs of one argument": (lambda: f.subs(x), UsageError, "a mapping {old: new} or two arguments"),
    "subs by text": (lambda: f.subs(x, "2y"), UsageError, "write parse('2y')"),
    "subs of a bad name": (lambda: f.subs("2x", 1), DefinitionError, "cannot name a symbol"),
    "a definition without parameters": (lambda: sd.define("f"), DefinitionError, "write name(u) = formula"),
    "a definition that is no text": (lambda: sd.define(3), DefinitionError, "write name(u) = formula"),  # type: ignore[arg-type]
    "a definition of a function that exists": (lambda: sd.define("sin(u) = u"), DefinitionError, "a function of the language"),
    "a definition with a loose variable": (lambda: sd.define("loose(u) = u*v"), DefinitionError, "loose(u, v) = ..."),
    "a definition with a parameter twice": (lambda: sd.define("twice(u, u) = u"), DefinitionError, "names a parameter twice"),
    "a definition by a condition": (lambda: sd.define("truth(u) = u > 0"), DefinitionError, "a if condition else b"),
    "a definition in terms of itself": (lambda: sd.define("itself(u) = itself(u) + 1"), ParseError, "'itself' is no known function"),
    "a definition that is empty": (lambda: sd.define("empty(u) = "), ParseError, "there is no formula"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_an_error_of_the_library_that_says_what_to_write(mistake: str) -> None:
    work, kind, message = MISTAKES[mistake]
    with pytest.raises(SymdiffError) as caught:
        work()
    assert type(caught.value) is kind
    assert message in str(caught.value)


@pytest.mark.parametrize(("text", "written", "formula"), [
    ("gamma^2(x)", "gamma(...)^2", "gamma(x)^2"),
    ("gamma^2(x)", "gamma^2*(...)", "gamma^2*x"),
    ("foo^2(x)", "foo^2*(...)", "foo^2*x"),
    ("d/dx x^2", "(d/dx)*...", "d/dx*x"),
    ("1.5e", "1.5*e", "1.5*e"),
    ("1e5e5", "1e5*e5", "100000.0*e5"),
    ("1 e5", "write 1e5", "100000.0"),
    ("0x10", "0*x10", "0*x10"),
    ("atan2()", "atan2(y, x)", "atan2(y, x)"),
    ("max", "max(x, y)", "max(x, y)"),
    ("hypot()", "hypot(x, y)", "hypot(x, y)"),
    ("where()", "where(x > 0, a, b)", "a if x > 0 else b"),
    ("exp -x", "exp(-x)", "exp(-x)"),
    ("sin - x", "sin(x)", "sin(x)"),
    ("sin^2", "sin^2(x)", "sin(x)^2"),
    ("sin²()", "sin²(x)", "sin(x)^2"),
    ("sin^-1", "sin^-1(x)", "asin(x)"),
    ("xⁿ", "x^n", "x^n"),
    ("2ⁿ", "as ^n", "x^n"),
    ("eˣ", "e^x", "e^x"),
    ("sinⁿ(x)", "sin(...)^n", "sin(x)^n"),
    ("xⁿᵐy", "x^(n*m)*y", "x^(n*m)*y"),
    ("xᵢ", "x_i", "x_i"),
    ("µ", "write μ, with μ (U+03BC)", "μ"),
    ("x =< y", "<=", "x <= y"),
    ("x => y", ">=", "x >= y"),
    ("7 mod 3", "mod(7, 3)", "mod(7, 3)"),
    ("7 % 3", "mod(7, 3)", "mod(7, 3)"),
    ("max x", "max(x, y)", "max(x, y)"),
    ("sin^1.0(x)", "sin(x)^1.0", "sin(x)^1.0"),
    ("sin^-1.0(x)", "sin(x)^-1.0", "sin(x)^(-1.0)"),
    ("asin^-1(x)", "sin(...) for the inverse", "sin(x)"),
    ("log^-1(x)", "1/log(...) for the reciprocal", "1/ln(x)"),
    ("trunc(x)", "sign(x)*floor(abs(x))", "sign(x)*floor(abs(x))"),
    ("fmod(x, y)", "sign(x)*mod(abs(x), abs(y))", "sign(x)*mod(abs(x), abs(y))"),
    ("8৪", "84", "84"),
])
def test_what_a_hint_says_to_write_reads_as_what_was_meant(text: str, written: str, formula: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse(text)
    assert written in caught.value.hint
    spelled = re.sub(r"write | for .*|, with .*", "", written).replace("...", "x").replace("as ^", "x^")
    assert str(parse(f"x {spelled} y" if spelled in ("<=", ">=") else spelled)) == formula


def test_a_formula_has_no_items_and_no_length() -> None:
    for work in (lambda: iter(x), lambda: list(f), lambda: len(f), lambda: x in f, lambda: f[0]):
        with pytest.raises(TypeError, match="Expr"):
            work()


def test_errors_are_also_the_kinds_python_programs_expect() -> None:
    assert issubclass(UsageError, TypeError)
    assert issubclass(ParseError, ValueError)
    assert issubclass(DefinitionError, ValueError)


def test_an_unknown_name_of_the_package_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'sinn'"):
        _ = sd.sinn


def test_a_failed_definition_leaves_the_name_free() -> None:
    with pytest.raises(ParseError):
        sd.define("half_made(u) = u +")
    assert str(Symbol("half_made")) == "half_made"


# Definitions that hold

def test_a_defined_function_is_read_written_differentiated_and_evaluated() -> None:
    swish = sd.define("swish(u) = u*sigmoid(u)")
    formula = parse("2 swish(x^2)")
    assert formula is 2 * swish(x ** 2)
    assert str(formula) == "2*swish(x^2)"
    slope = diff(formula, x)
    written_out = diff(parse("2 x^2 sigmoid(x^2)"), x)
    for at in (-1.5, 0.0, 0.25, 2.0):
        assert slope.evaluate(x=at) == pytest.approx(written_out.evaluate(x=at), rel=1e-13, abs=1e-15)
        assert formula.evaluate(x=at) == pytest.approx(parse("2 x^2 sigmoid(x^2)").evaluate(x=at), rel=1e-13)
    assert sd.define("swish(u) = u*sigmoid(u)") is swish
    assert sd.swish is swish
    with pytest.raises(DefinitionError):
        sd.define("swish(u) = u")


def test_a_defined_function_of_two_arguments_has_a_slope_by_each() -> None:
    norm = sd.define("norm2(u, v) = sqrt(u^2 + v^2)")
    assert diff(norm(x, 3 * y), y).evaluate(x=3.0, y=4 / 3) == pytest.approx(3 * 4 / 5)
    with pytest.raises(ParseError, match="norm2 takes 2 arguments, not 1"):
        parse("norm2(x)")
