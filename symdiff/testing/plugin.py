"""The pytest plugin: options for the seed, the profile and drawings of failures, a marker, a fixture, and readable == of formulas.

It loads nothing at start beyond symdiff's own light core; strategies, high precision and drawing come when a test uses them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest

from symdiff.testing.profiles import PROFILES, Setting, current, using

__all__: list[str] = []

_OPEN = pytest.StashKey[Any]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("symdiff", "checks of derivatives and rewrite rules (symdiff.testing)")
    group.addoption("--symdiff-seed", type=int, metavar="N", help="draw other inputs: the seed of every check")
    group.addoption("--symdiff-profile", choices=[*PROFILES], help="how hard checks try; sets Hypothesis's profile of that kind too")
    group.addoption("--symdiff-graph", metavar="DIR", help="draw the formulas of failures into DIR, the wrong part in red")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "symdiff(profile=..., seed=...): how hard the checks of one test try, and with which seed")
    profile, seed, graphs = (config.getoption(f"--symdiff-{name}") for name in ("profile", "seed", "graph"))
    opened = using(profile=profile, seed=seed, graphs=graphs)
    opened.__enter__()
    config.stash[_OPEN] = opened
    if profile is not None:
        _load_profile(profile)


def _load_profile(name: str) -> None:
    """Hypothesis with as many examples, where it is installed."""
    try:
        settings = import_module("hypothesis").settings
    except ImportError:
        return
    settings.register_profile(f"symdiff-{name}", deadline=None, max_examples=PROFILES[name].examples, derandomize=name == "quick", print_blob=True)
    settings.load_profile(f"symdiff-{name}")


def pytest_unconfigure(config: pytest.Config) -> None:
    opened = config.stash.get(_OPEN, None)
    if opened is not None:
        opened.__exit__(None, None, None)


def pytest_report_header(config: pytest.Config) -> str | None:
    setting = current()
    if all(config.getoption(f"--symdiff-{name}") is None for name in ("profile", "seed", "graph")):
        return None
    drawings = "" if setting.graphs is None else f", drawings in {setting.graphs}"
    return f"symdiff: profile {setting.profile.name}, seed {setting.seed}{drawings}"


@pytest.hookimpl(hookwrapper=True)  # the older form: the plugin must not stop a pytest that is older than symdiff
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    marker = item.get_closest_marker("symdiff")
    with using(**({} if marker is None else marker.kwargs)):
        yield


@pytest.fixture
def symdiff_setting() -> Setting:
    """What the options say: profile, seed, and the folder for drawings; `symdiff.testing.using` changes it for a while."""
    return current()


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    expr = sys.modules["symdiff.expr"].Expr
    if op != "==" or type(left) is not expr or type(right) is not expr:
        return None
    lines: list[str] = import_module("symdiff.testing.differences").difference(left, right)
    return lines
