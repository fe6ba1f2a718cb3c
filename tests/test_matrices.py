"""Jacobians, Hessians and the sparse matrix they come in."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from strategies import moderate_expressions
from test_gradients import X, Y, Z, agree, or_discard, patient, value

import symdiff as sd
from symdiff.calculus.matrix import Matrix


@patient
@given(moderate_expressions)
def test_the_hessian_is_symmetric_and_the_second_derivatives(expression):
    matrix = or_discard(sd.hessian, expression, [X, Y, Z])
    assert matrix == matrix.T
    for i, u in enumerate((X, Y, Z)):
        for j, v in enumerate((X, Y, Z)):
            assert agree(value(matrix[i, j]), value(sd.diff(sd.diff(expression, u), v)))


def test_forward_and_reverse_give_the_same_jacobian():
    outputs = [sd.parse(f) for f in ("x^2*y", "sin(y)*z", "x + z", "7")]
    wide, tall = sd.jacobian(outputs[:1], [X, Y, Z]), sd.jacobian(outputs, [X, Y, Z])
    assert tall.shape == (4, 3)
    assert [wide[0, j] for j in range(3)] == [tall[0, j] for j in range(3)]
    assert set(tall.nonzeros) == {(0, 0), (0, 1), (1, 1), (1, 2), (2, 0), (2, 2)}


def test_the_softmax_jacobian_is_the_textbook_one():
    v = sd.symbols("v0:3")
    total = sum(sd.exp(t) for t in v)
    s = [sd.exp(t) / total for t in v]
    matrix, at = sd.jacobian(s, v), {"v0": 0.3, "v1": -0.2, "v2": 1.1}
    p = [e.evaluate(**at) for e in s]
    for i in range(3):
        for j in range(3):
            assert agree(matrix[i, j].evaluate(**at), p[i] * ((i == j) - p[j]))


def test_a_separable_sum_has_a_diagonal_hessian():
    v = sd.symbols("v0:200")
    matrix = sd.hessian(sum(t ** 4 for t in v), v)
    assert set(matrix.nonzeros) == {(i, i) for i in range(200)}
    assert str(matrix[7, 7]) == "12*v7^2"


def test_a_matrix_prints_aligned_and_as_latex():
    matrix = sd.jacobian([sd.parse("x^2*y"), sd.parse("sin(y)")], ["x", "y"])
    assert str(matrix) == "[2*x*y     x^2]\n[    0  cos(y)]"
    assert matrix._repr_latex_() == r"$\begin{bmatrix} 2 x y & x^{2} \\ 0 & \cos{y} \end{bmatrix}$"
    assert repr(matrix) == "<2 x 2 matrix, 3 nonzeros>"


def test_a_large_matrix_prints_as_a_list():
    text = str(Matrix((1000, 1000), {(i, i): i + 1 for i in range(1000)}))
    assert text.startswith("1000 x 1000 matrix, 1000 nonzeros:\n  [0, 0]  1\n")
    assert text.endswith("... and 856 more")


def test_a_matrix_is_a_value():
    matrix = Matrix((2, 2), {(0, 1): X, (1, 1): 0})
    assert matrix == Matrix((2, 2), {(0, 1): X}) and hash(matrix) == hash(Matrix((2, 2), {(0, 1): X}))
    assert matrix != Matrix((2, 3), {(0, 1): X})
    assert pickle.loads(pickle.dumps(matrix)) == matrix
    assert matrix[0, -1] is X and matrix.T[1, 0] is X and matrix.rows == ({1: X}, {})
    assert matrix.map(lambda entry: entry + 1).todense() == ((sd.number(0), X + 1), (sd.number(0), sd.number(0)))


@pytest.mark.parametrize(("call", "error"), [
    (lambda m: m[2, 0], IndexError),
    (lambda m: m[0], sd.UsageError),
    (lambda m: m["x", 0], sd.UsageError),
    (lambda m: setattr(m, "shape", (1, 1)), sd.UsageError),
    (lambda m: Matrix((1, 1), {(1, 0): X}), sd.UsageError),
])
def test_misuse_of_a_matrix_is_refused(call, error):
    with pytest.raises(error):
        call(Matrix((2, 2), {}))
