"""Exact polynomials: ring laws, division, gcds and factors, against python-flint and SymPy where they are installed."""

from __future__ import annotations

import math
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symdiff.simplification import gcds, residues
from symdiff.simplification.division import divide, divide_exact, pseudo_divide
from symdiff.simplification.factoring import factor, square_free, square_root
from symdiff.simplification.gcds import gcd, gcd_of, gcd_with_cofactors, lcm, polynomial_content
from symdiff.simplification.modular_gcds import degree_bounds
from symdiff.simplification.polynomials import (
    Limits,
    Polynomial,
    TooLarge,
    add,
    coefficients,
    constant,
    content,
    degree,
    degrees,
    derivative,
    evaluate,
    from_digits,
    is_constant,
    leading,
    monomial_content,
    multiply,
    multiply_monomial,
    negate,
    ordered,
    positive,
    power,
    primitive_part,
    remap,
    scale,
    substitute,
    subtract,
    total_degree,
    variable,
)

K = 3
POINT = (2, -3, 5)
QUICK = settings(max_examples=40, deadline=None)


def polynomials(terms: int = 5, top: int = 3, k: int = K) -> st.SearchStrategy[Polynomial]:
    exponents = st.tuples(*[st.integers(0, top)] * k)
    return st.dictionaries(exponents, st.integers(-9, 9).filter(bool), max_size=terms)


def nonzero(terms: int = 5, top: int = 3, k: int = K) -> st.SearchStrategy[Polynomial]:
    return polynomials(terms, top, k).filter(bool)


def sample(source: random.Random, k: int, terms: int, top: int) -> Polynomial:
    """A sparse polynomial: about half of the exponents are zero."""
    return {
        tuple(source.randint(0, top) if source.random() < 0.6 else 0 for _ in range(k)): source.randint(1, 9)
        for _ in range(terms)
    }


def expand(number: int, factors: list[tuple[Polynomial, int]], k: int) -> Polynomial:
    result = constant(number, k)
    for p, n in factors:
        result = multiply(result, power(p, n))
    return result


def reversed_dict(p: Polynomial) -> Polynomial:
    return dict(reversed(list(p.items())))


def text(source: str, names: str = "xyz") -> Polynomial:
    """A polynomial written in Python's own operators."""

    class Term:
        def __init__(self, p: Polynomial) -> None:
            self.p = p

        def _lift(self, other: Any) -> Polynomial:
            return other.p if isinstance(other, Term) else constant(other, len(names))

        def __add__(self, other: Any) -> Term:
            return Term(add(self.p, self._lift(other)))

        def __sub__(self, other: Any) -> Term:
            return Term(subtract(self.p, self._lift(other)))

        def __mul__(self, other: Any) -> Term:
            return Term(multiply(self.p, self._lift(other)))

        def __rsub__(self, other: Any) -> Term:
            return Term(subtract(self._lift(other), self.p))

        def __pow__(self, n: int) -> Term:
            return Term(power(self.p, n))

        __radd__, __rmul__ = __add__, __mul__

    scope = {name: Term(variable(i, len(names))) for i, name in enumerate(names)}
    value = eval(source, {}, scope)  # only formulas of this file
    return value.p if isinstance(value, Term) else constant(value, len(names))


# Arithmetic


@QUICK
@given(polynomials(), polynomials(), polynomials())
def test_sums_and_products_obey_the_laws_of_a_commutative_ring(a: Polynomial, b: Polynomial, c: Polynomial) -> None:
    assert add(a, b) == add(b, a)
    assert multiply(a, b) == multiply(b, a)
    assert add(add(a, b), c) == add(a, add(b, c))
    assert multiply(multiply(a, b), c) == multiply(a, multiply(b, c))
    assert multiply(a, add(b, c)) == add(multiply(a, b), multiply(a, c))
    assert subtract(a, a) == {} == add(a, negate(a)) == scale(a, 0)


@QUICK
@given(polynomials(), polynomials())
def test_values_of_sums_and_products_are_sums_and_products_of_values(a: Polynomial, b: Polynomial) -> None:
    assert evaluate(add(a, b), POINT) == evaluate(a, POINT) + evaluate(b, POINT)
    assert evaluate(multiply(a, b), POINT) == evaluate(a, POINT) * evaluate(b, POINT)
    assert evaluate(substitute(a, 1, POINT[1]), POINT) == evaluate(a, POINT)


@QUICK
@given(nonzero(3), st.integers(0, 4))
def test_a_power_is_a_repeated_product(p: Polynomial, n: int) -> None:
    expected = constant(1, K)
    for _ in range(n):
        expected = multiply(expected, p)
    assert power(p, n) == expected


def test_zero_has_positive_powers_only() -> None:
    assert power({}, 3) == {}
    for p, n in (({}, 0), ({(1,): 1}, -1)):
        with pytest.raises(ValueError, match=r"0\*\*0|not a polynomial"):
            power(p, n)


@QUICK
@given(polynomials(), polynomials())
def test_derivatives_obey_the_product_rule(a: Polynomial, b: Polynomial) -> None:
    left = add(multiply(derivative(a, 1), b), multiply(a, derivative(b, 1)))
    assert derivative(multiply(a, b), 1) == left


@QUICK
@given(nonzero())
def test_content_monomial_and_primitive_part_rebuild_the_polynomial(p: Polynomial) -> None:
    assert scale(primitive_part(p), content(p)) == p
    monomial = monomial_content(p)
    rest = divide_exact(p, {monomial: 1})
    assert rest is not None
    assert multiply_monomial(rest, monomial) == p
    assert monomial_content(rest) == (0,) * K


@QUICK
@given(nonzero())
def test_coefficients_in_one_variable_rebuild_the_polynomial(p: Polynomial) -> None:
    result: Polynomial = {}
    for n, part in coefficients(p, 1).items():
        result = add(result, multiply(part, power(variable(1, K), n)))
    assert result == p
    assert degree(p, 1) == degrees(p)[1] == max(coefficients(p, 1))
    assert total_degree(p) == sum(leading(p)[0]) == sum(ordered(p)[0][0])


def test_exponents_beyond_one_byte_multiply_and_divide() -> None:
    a, b = {(300, 1): 2, (0, 127): 1}, {(127, 0): 1, (1, 1): -3}
    product = multiply(a, b)
    assert product == {(427, 1): 2, (301, 2): -6, (127, 127): 1, (1, 128): -3}
    assert divide_exact(product, b) == a
    assert divide_exact(product, a) == b


def test_variables_can_be_moved_added_and_dropped_but_not_lost_or_merged() -> None:
    p = {(2, 0, 1): 3, (0, 0, 0): 1}
    assert remap(p, [1, None, 3], 4) == {(0, 2, 0, 1): 3, (0, 0, 0, 0): 1}
    assert remap(remap(p, [2, 0, 1], 3), [1, 2, 0], 3) == p
    with pytest.raises(ValueError, match="occurs"):
        remap(p, [None, 0, 1], 2)
    with pytest.raises(ValueError, match="both"):
        remap(p, [0, 1, 0], 2)


def test_polynomials_in_no_variables_are_integers() -> None:
    six, four = constant(6, 0), constant(4, 0)
    assert multiply(six, four) == constant(24, 0)
    assert gcd(six, four) == constant(2, 0)
    assert factor(negate(six)) == (-6, [])
    assert divide_exact(six, four) is None


def test_work_that_would_explode_stops_early_with_too_large() -> None:
    p = text("x + y + z + 1")
    with pytest.raises(TooLarge, match="terms"):
        power(p, 10**9)
    with pytest.raises(TooLarge, match="bits"):
        power(constant(3, 1), 10**9)
    with pytest.raises(TooLarge, match="terms"):
        multiply(power(p, 5), power(p, 6), Limits(terms=100))
    with pytest.raises(TooLarge, match="terms"):
        divide_exact({(10**7,): 1, (0,): -1}, {(1,): 1, (0,): -1})
    with pytest.raises(TooLarge, match="degree"):
        gcd({(10**7,): 1, (1,): 3, (0,): 1}, {(10**7 - 1,): 1, (0,): 2})
    with pytest.raises(TooLarge, match="63 bits"):
        multiply({(2**63,): 1, (0,): 1}, {(1,): 1, (0,): 1})


# Division


@QUICK
@given(polynomials(), nonzero())
def test_a_product_divided_by_one_factor_is_the_other(a: Polynomial, b: Polynomial) -> None:
    assert divide_exact(multiply(a, b), b) == a


@QUICK
@given(nonzero(), nonzero(4, 2))
def test_a_quotient_is_given_only_when_it_is_exact(a: Polynomial, b: Polynomial) -> None:
    quotient = divide_exact(a, b)
    if quotient is not None:
        assert multiply(quotient, b) == a
    changed = add(multiply(a, b), constant(1, K))
    assert is_constant(b) or divide_exact(changed, b) is None


@QUICK
@given(polynomials(), nonzero())
def test_division_in_one_variable_leaves_a_remainder_of_lower_degree(a: Polynomial, b: Polynomial) -> None:
    quotient, rest, multiplier = pseudo_divide(a, b, 0)
    assert add(multiply(quotient, b), rest) == multiply(multiplier, a)
    assert degree(rest, 0) < max(degree(b, 0), 1)
    division = divide(a, add(b, {(4, 0, 0): 1}), 0)
    assert division is not None
    assert add(multiply(division[0], add(b, {(4, 0, 0): 1})), division[1]) == a


def test_division_in_one_variable_declines_when_coefficients_do_not_divide() -> None:
    assert divide({(2,): 1}, {(1,): 2}, 0) is None


def test_division_by_zero_raises() -> None:
    for division in (lambda: divide_exact({(1,): 1}, {}), lambda: divide({(1,): 1}, {}, 0)):
        with pytest.raises(ZeroDivisionError):
            division()


# Greatest common divisors


@QUICK
@given(nonzero(), nonzero(), nonzero())
def test_a_common_factor_divides_the_gcd_and_cofactors_are_coprime(a: Polynomial, b: Polynomial, g: Polynomial) -> None:
    left, right = multiply(a, g), multiply(b, g)
    found, u, v = gcd_with_cofactors(left, right)
    assert divide_exact(found, g) is not None
    assert (multiply(found, u), multiply(found, v)) == (left, right)
    assert gcd(u, v) == constant(1, K)
    assert leading(found)[1] > 0


@QUICK
@given(polynomials(), polynomials())
def test_gcd_and_lcm_multiply_to_the_product(a: Polynomial, b: Polynomial) -> None:
    assert multiply(gcd(a, b), lcm(a, b)) == positive(multiply(a, b))


def test_the_gcd_with_zero_is_the_other_one_made_positive() -> None:
    p = {(1,): -2, (0,): 4}
    assert gcd_with_cofactors({}, p) == ({(1,): 2, (0,): -4}, {}, {(0,): -1})
    assert gcd_with_cofactors(p, {}) == ({(1,): 2, (0,): -4}, {(0,): -1}, {})
    assert gcd_with_cofactors({}, {}) == ({}, {}, {})
    assert gcd_of([]) == {}


@pytest.mark.parametrize(("a", "b", "expected"), [
    ("x**2 - 1", "x**2 + 2*x + 1", "x + 1"),
    ("6*x*y", "4*y**2*z", "2*y"),
    ("x**2 - y**2", "x**3 + y**3", "x + y"),
    ("(x + y)*(x - z)", "(x + y)*(y - z)", "x + y"),
    ("x**8 - 1", "x**12 - 1", "x**4 - 1"),
    ("(x + 1)*(y + 1)", "(x + 1)*(z + 1)", "x + 1"),
    ("x + y", "z + 1", "1"),
    ("2*x + 2", "2*y + 4", "2"),
    ("y*x + y", "y*z + 2*y", "y"),
    ("(x*y*z + 1)**3*(x - y)", "(x*y*z + 1)**2*(x + y)", "(x*y*z + 1)**2"),
])  # fmt: skip
def test_gcds_that_people_look_up(a: str, b: str, expected: str) -> None:
    assert gcd(text(a), text(b)) == text(expected)


@pytest.mark.parametrize("way", ["heuristic", "modular", "remainders"])
def test_every_gcd_algorithm_agrees_with_flint(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    flint = pytest.importorskip("flint")
    limits = Limits() if way == "heuristic" else Limits(heuristic_bits=0)
    if way == "remainders":
        monkeypatch.setattr(gcds, "_modular", lambda *_: None)
    source = random.Random(20)
    largest = 3 if way == "remainders" else 6
    for _ in range(150):
        k, top = source.randint(1, largest), source.randint(1, largest // 2 + 1)
        a, b, g = (sample(source, k, source.randint(1, largest), top) for _ in range(3))
        a, b = scale(multiply(a, g), source.choice([1, -6])), scale(multiply(b, g), source.choice([1, 4]))
        names = flint.fmpz_mpoly_ctx.get([f"x{i}" for i in range(k)], "deglex")
        oracle = names.from_dict(a).gcd(names.from_dict(b)).to_dict()
        assert gcd(a, b, limits) == positive({tuple(map(int, e)): int(c) for e, c in oracle.items()})


def test_the_heuristic_declines_rather_than_errs_when_it_has_no_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gcds, "_HEURISTIC_TRIES", 0)
    assert gcd(text("(x + y)*(x - 2*y + z)"), text("(x + y)*(x + 3*z)")) == text("x + y")
    assert gcd(text("(x + 5)*(x - 2)"), text("(x + 5)*(x + 7)")) == text("x + 5")


@pytest.mark.parametrize("b", ["(y + 2)*(y + 3)", "(y + 2)*(x + y + 3)", "(y + 2)*(y**2 + x*z + 3)"])
def test_gcds_survive_evaluation_at_a_root(b: str) -> None:
    for root in range(25, 60):  # the heuristic's first integer lies here: one polynomial vanishes there
        assert gcd(text(f"(y - {root})*(y + 2)*(x + y + z)"), text(b)) == text("y + 2")
        assert gcd(text(f"(y - {root})*(y + 2)"), text("(y + 2)*(y + 3)")) == text("y + 2")
        assert gcd({(2,): 1, (1,): 2 - root, (0,): -2 * root}, {(2,): 1, (1,): 5, (0,): 6}) == {(1,): 1, (0,): 2}


@QUICK
@given(nonzero(4, 2), nonzero(4, 2), nonzero(3, 2))
def test_degree_bounds_are_never_below_the_degrees_of_the_gcd(a: Polynomial, b: Polynomial, g: Polynomial) -> None:
    a, b = multiply(a, g), multiply(b, g)
    assert all(bound >= n for bound, n in zip(degree_bounds(a, b), degrees(gcd(a, b)), strict=True))


def test_the_content_in_a_variable_is_free_of_it() -> None:
    assert polynomial_content(text("(x*y + 1)*(y + z)*2"), 0) == text("2*(y + z)")


# Square-free parts and factors


@QUICK
@given(nonzero(3, 2), nonzero(3, 2), st.integers(1, 3), st.integers(1, 3))
def test_square_free_factors_multiply_to_the_input(a: Polynomial, b: Polynomial, m: int, n: int) -> None:
    p = multiply(power(a, m), power(b, n))
    number, factors = square_free(p)
    assert expand(number, factors, K) == p
    for f, _ in factors:
        assert content(f) == 1
        assert leading(f)[1] > 0
        for i in range(K):
            assert not degree(f, i) or is_constant(gcd(f, derivative(f, i)))


@QUICK
@given(nonzero(3, 2), nonzero(3, 2), nonzero(3, 2))
def test_factors_multiply_to_the_input_and_split_no_further(a: Polynomial, b: Polynomial, c: Polynomial) -> None:
    p = multiply(multiply(a, b), c)
    number, factors = factor(p)
    assert expand(number, factors, K) == p
    assert abs(number) == content(p)
    for f, _ in factors:
        assert factor(f) == (1, [(f, 1)])


@pytest.mark.parametrize(("source", "expected"), [
    ("x**2 - 1", ["x - 1", "x + 1"]),
    ("x**4 - 10*x**2 + 1", ["x**4 - 10*x**2 + 1"]),  # splits modulo every prime (Swinnerton-Dyer)
    ("x**4 + 4", ["x**2 - 2*x + 2", "x**2 + 2*x + 2"]),
    ("6*x**2 + 5*x + 1", ["2*x + 1", "3*x + 1"]),
    ("x**6 - 1", ["x - 1", "x + 1", "x**2 - x + 1", "x**2 + x + 1"]),
    ("x**3 + y**3", ["x + y", "x**2 - x*y + y**2"]),
    ("x*y + x + y + 1", ["x + 1", "y + 1"]),
    ("x**2*y**2 - z**4", ["x*y - z**2", "x*y + z**2"]),
    ("x**3 + y**3 + z**3 - 3*x*y*z", ["x + y + z", "x**2 + y**2 + z**2 - x*y - x*z - y*z"]),
    ("(x - y)*(4*x**2 + y**3 + y)*(x**3*y**3 + 2)", ["x - y", "y**3 + 4*x**2 + y", "x**3*y**3 + 2"]),  # always even
    ("(x**3 + y**3 + z**3 + 1)*(x**3 - y**3*z + 5)", ["x**3 + y**3 + z**3 + 1", "x**3 - y**3*z + 5"]),
])  # fmt: skip
def test_factors_that_people_look_up(source: str, expected: list[str]) -> None:
    p = text(source)
    number, factors = factor(p)
    assert number in {1, -1}
    assert sorted(map(ordered, (f for f, _ in factors))) == sorted(ordered(positive(text(f))) for f in expected)


def test_factors_agree_with_sympy_on_products_of_small_polynomials() -> None:
    sympy = pytest.importorskip("sympy")
    source = random.Random(4)
    for _ in range(25):
        k = source.randint(1, 3)
        p = constant(source.choice([1, -2, 6]), k)
        for _ in range(source.randint(1, 3)):
            p = multiply(p, power(sample(source, k, source.randint(1, 3), 2), source.choice([1, 1, 2])))
        names = sympy.symbols(f"x:{k}")
        number, factors = sympy.Poly.from_dict(p, *names).factor_list()
        oracle = sorted((ordered(positive({e: int(c) for e, c in f.terms()})), n) for f, n in factors)
        assert sorted((ordered(f), n) for f, n in factor(p)[1]) == oracle
        assert abs(factor(p)[0]) == abs(number)


def test_factors_agree_with_flint_on_products_of_larger_polynomials() -> None:
    flint = pytest.importorskip("flint")
    source = random.Random(11)
    for _ in range(120):
        k = source.randint(1, 3)
        p = constant(1, k)
        for _ in range(source.randint(2, 3)):
            p = multiply(p, sample(source, k, source.randint(2, 4), 3 if k < 3 else 2))
        names = flint.fmpz_mpoly_ctx.get([f"x{i}" for i in range(k)], "deglex")
        oracle = [(f.to_dict(), int(n)) for f, n in names.from_dict(p).factor()[1]]
        expected = sorted((ordered(positive({tuple(map(int, e)): int(c) for e, c in f.items()})), n) for f, n in oracle)
        assert sorted((ordered(f), n) for f, n in factor(p)[1]) == expected


def test_cyclotomic_polynomials_of_the_largest_degree_split_completely() -> None:
    assert len(factor({(36,): 1, (0,): -1})[1]) == 9  # one factor for each divisor of 36


def test_past_a_cap_factors_stay_whole_but_right() -> None:
    p = {(60,): 1, (0,): -1}
    assert factor(p) == (1, [(p, 1)])
    q = text("(x**3 + y**3 + z**3 + 1)*(x**3 - y**3*z + 5)")
    number, factors = factor(q, Limits(factor_bits=10))
    assert expand(number, factors, K) == q
    r = {(4,): 1, (2,): -10, (0,): 1}
    assert factor(r, Limits(factor_trials=0)) == (1, [(r, 1)])


def test_zero_has_no_factors() -> None:
    assert factor({}) == square_free({}) == (0, [])


@QUICK
@given(nonzero())
def test_only_squares_have_square_roots(p: Polynomial) -> None:
    square = multiply(p, p)
    assert square_root(square) == positive(p)
    assert square_root(negate(square)) is None
    root = square_root(p)
    assert root is None or multiply(root, root) == p


# Determinism and immutability


@QUICK
@given(nonzero(), nonzero(), nonzero(3, 2))
def test_results_do_not_depend_on_the_order_of_a_dict_and_arguments_stay_as_they_were(
    a: Polynomial, b: Polynomial, g: Polynomial
) -> None:
    a, b = multiply(a, g), multiply(b, g)
    before = list(a.items()), list(b.items())
    assert gcd_with_cofactors(a, b) == gcd_with_cofactors(reversed_dict(a), reversed_dict(b))
    assert factor(a) == factor(reversed_dict(a))
    assert square_free(b) == square_free(reversed_dict(b))
    assert (list(a.items()), list(b.items())) == before


# Residues modulo an integer


@QUICK
@given(st.lists(st.integers(0, 12), min_size=1, max_size=8), st.sampled_from([5, 7, 13]))
def test_modular_factors_multiply_to_the_input_and_lift_to_any_power(low: list[int], p: int) -> None:
    monic = residues.reduced([*low, 1], p)
    if not residues.is_square_free(monic, p):
        return
    factors = residues.berlekamp(monic, residues.fixed_by_frobenius(monic, p), p)
    lifted = residues.lift([*low, 1], factors, p, p**8) if len(factors) > 1 else [[*low, 1]]
    for found, modulus in ((factors, p), (lifted, p**8)):
        product = [1]
        for f in found:
            product = residues.multiply(product, f, modulus)
        assert product == residues.reduced([*low, 1], modulus)
    assert [residues.reduced(f, p) for f in lifted] == factors


@QUICK
@given(polynomials(4, 3, 2), st.integers(19, 10**6))
def test_digits_undo_the_substitution_of_a_large_integer(p: Polynomial, point: int) -> None:
    assert from_digits(substitute(p, 1, point), 1, point) == p
    assert math.gcd(*p.values()) == content(p)
