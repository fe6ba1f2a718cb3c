"""Hypothesis, of which strategies and law suites are made; without it, an error that names the extra."""

from __future__ import annotations

from symdiff.errors import MissingDependency

try:
    import hypothesis
    from hypothesis import strategies as st
except ImportError:
    raise MissingDependency("hypothesis", "drawing formulas for tests", "testing") from None

__all__ = ["hypothesis", "st"]
