"""equivalent says no more than was shown: proofs, refutations with a point, chances with a bound, or why it does not know."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction

import pytest

from symdiff import UsageError, equivalent, parse

LETTERS = " + ".join("abcdfghijklmnopq")


@pytest.mark.parametrize(("a", "b", "assume"), [
    ("x + 1", "1 + x", None),
    ("(x + 1)^2", "x^2 + 2*x + 1", None),
    ("(x^2 - 1)/(x - 1)", "x + 1", None),
    ("sin(x)^2 + cos(x)^2", "1", None),
    ("tan(x)", "sin(x)/cos(x)", None),
    ("tanh(x)", "(exp(x) - exp(-x))/(exp(x) + exp(-x))", None),
    ("ln(x*y)", "ln(x) + ln(y)", None),
    ("sqrt(x^2)", "abs(x)", None),
    ("sqrt(x^2)", "x", "x > 0"),
    ("atan(x) + atan(1/x)", "pi/2", "x > 0"),
    ("(x + 1)^100*(x + 2)", "(x + 1)^101 + (x + 1)^100", None),
    ("exp(x)*exp(y)", "exp(x + y)", None),
])
def test_identities_are_proved(a: str, b: str, assume: str | None) -> None:
    assert equivalent(parse(a), parse(b), assume=assume).kind == "identity"


@pytest.mark.parametrize(("a", "b"), [
    ("x", "x + 1"), ("sqrt(x^2)", "x"), ("asin(sin(x))", "x"), ("floor(x)", "ceil(x) - 1"), ("1/3", "0.333"), ("ln(x^2)", "2*ln(x) + 1"),
    ("atan(x) + atan(1/x)", "pi/2"), ("2305843009213693951*x", "0"), ("x^2 + y^2", "(x + y)^2"), ("exp(x)", "1 + x + x^2/2"),
    ("10^40*x + 1", "10^40*x"), ("x^(1/3)", "cbrt(x) + 10^-9"),
])
def test_differences_are_shown_at_a_point(a: str, b: str) -> None:
    verdict = equivalent(parse(a), parse(b))
    assert verdict.kind == "refuted"
    assert verdict.left != verdict.right
    assert not verdict.ok
    assert "refuted at" in str(verdict)


def test_a_witness_of_rational_values_is_exact() -> None:
    verdict = equivalent(parse("x/3"), parse("x/2"))
    assert {verdict.left, verdict.right} == {Fraction(-1, 3), Fraction(-1, 2)}


def test_what_is_too_large_to_combine_is_probable_with_a_bound() -> None:
    verdict = equivalent(parse(f"({LETTERS} + z)^2 - ({LETTERS} - z)^2"), parse(f"4*z*({LETTERS})"))
    assert verdict.kind == "probable"
    assert verdict.ok
    assert 0 < (verdict.error_bound or 1) < 1e-40
    assert "seed 0" in str(verdict)


@pytest.mark.parametrize(("a", "b", "strict", "kind"), [
    ("x/x", "1", False, "identity"), ("x/x", "1", True, "refuted"), ("sqrt(x)^2", "x", True, "refuted"), ("0*ln(x)", "0", True, "refuted"),
    ("ln(x*y)", "ln(x) + ln(y)", True, "refuted"), ("x + x", "2*x", True, "identity"), ("x^(1/3)", "cbrt(x)", True, "refuted"),
    ("(x^2 - 1)/(x + 1)", "x - 1", True, "refuted"),
])
def test_the_strict_question_is_about_domains_too(a: str, b: str, strict: bool, kind: str) -> None:
    verdict = equivalent(parse(a), parse(b), strict=strict)
    assert verdict.kind == kind
    if kind == "refuted":
        assert (verdict.left is None) is not (verdict.right is None)


@pytest.mark.parametrize(("a", "b"), [
    ("0/0", "1"), ("ln(-1)", "2"), ("sqrt(-1 - x^2)", "x"), ("acosh(x)", "atanh(x)"), ("erf(x + 10^30)", "1"),
    ("sqrt(2) + sqrt(3)", "sqrt(5 + 2*sqrt(6))"),
])
def test_what_is_not_known_is_said_with_the_reason(a: str, b: str) -> None:
    verdict = equivalent(parse(a), parse(b))
    assert verdict.kind == "unknown"
    assert verdict.reason
    assert not verdict.ok


def test_rounding_is_no_refutation() -> None:
    for a, b in (("floor(x*(1/x))", "1"), ("sin(pi)", "0"), ("floor(sqrt(2)^2)", "2"), ("ceil(3*(1/3))", "1"), ("sign(sqrt(2)^2 - 2)", "0"),
                 ("exp(ln(3)) - 3", "0"), ("floor(exp(ln(5)))", "5"), ("where(sqrt(3)^2 > 3, 1, 0)", "0"), ("floor(ln(exp(2)))", "2")):
        assert equivalent(parse(a), parse(b)).kind != "refuted", a


def test_a_verdict_has_no_truth_value() -> None:
    with pytest.raises(UsageError, match=r"verdict\.ok"):
        bool(equivalent(parse("x"), parse("x")))


def test_conditions_are_refused() -> None:
    with pytest.raises(UsageError, match="conditions"):
        equivalent(parse("x > 0"), parse("x < 0"))


def test_the_same_seed_gives_the_same_verdict() -> None:
    verdicts = {subprocess.run([sys.executable, "-c", "from symdiff import *; print(equivalent(parse('sin(x*y) + z'), parse('sin(x) + z'), seed=5))"],
                               capture_output=True, text=True, check=True).stdout for _ in range(2)}
    assert len(verdicts) == 1
