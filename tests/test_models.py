"""Derivatives of optimisation models of the CUTE and other suites against differences of high precision: small ones, and all with --thorough."""

from __future__ import annotations

import pytest
from models import checked, model, rows, work

SMALL = 3_000


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    thorough = metafunc.config.getoption("--thorough")
    chosen = [row for row in rows() if thorough or work(row) <= SMALL]
    metafunc.parametrize("row", chosen, ids=[row["id"] for row in chosen])


def test_gradient_jacobian_and_hessian_agree_with_differences(row):
    outcome = checked(model(row))
    assert outcome.compared > 0, outcome.reason
