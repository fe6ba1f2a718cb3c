"""How many operations derivatives have, counted exactly: these bars do not depend on the machine."""

from __future__ import annotations

import pytest
from workloads import composed, cross_entropy, linear_factors, network_loss, rosenbrock, symdiff_namespace

import symdiff as sd
from symdiff.walk import graph_size

NS = symdiff_namespace()
X = sd.Symbol("x")


def variables(count: int) -> tuple[sd.Expr, ...]:
    return tuple(sd.Symbol(f"v{i}") for i in range(count))


def test_a_chain_of_2000_sines():
    assert graph_size(sd.diff(composed([sd.sin], 2_000, X), X)) <= 6_000


def test_a_product_of_200_factors():
    assert graph_size(sd.diff(linear_factors(NS, 200, X), X)) <= 900


@pytest.mark.parametrize("build", [rosenbrock, cross_entropy, network_loss])
def test_a_gradient_is_hardly_larger_than_its_formula(build):
    v = variables(1_000)
    f = build(NS, v)
    ratio = graph_size(*sd.gradient(f, v)) / graph_size(f)
    print(f"{build.__name__}: gradient/f = {ratio:.2f}")
    assert ratio <= 1.6


def test_the_rosenbrock_hessian_is_tridiagonal_and_of_linear_size():
    v = variables(1_000)
    matrix = sd.hessian(rosenbrock(NS, v), v)
    assert len(matrix.nonzeros) == 3 * 1_000 - 2
    assert graph_size(*matrix.nonzeros.values()) <= 9 * 1_000
