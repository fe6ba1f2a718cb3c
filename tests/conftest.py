"""How hard the properties are tried: quick by default, long with --thorough."""

from __future__ import annotations

from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings

from symdiff.operations import ALIASES, TABLE

collect_ignore = ["fuzz/run.py"]  # the long fuzz is a command of its own, and needs atheris

_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]

settings.register_profile("quick", deadline=None, max_examples=50, derandomize=True, suppress_health_check=_SLOW)
settings.register_profile("thorough", deadline=None, max_examples=2_000, suppress_health_check=_SLOW)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--thorough", action="store_true", help="try every property on 2,000 random examples instead of 50 fixed ones")
    parser.addoption("--benchmarks", action="store_true", help="time the library beside its peers; wants a quiet machine")


def pytest_configure(config: pytest.Config) -> None:
    settings.load_profile("thorough" if config.getoption("--thorough") else "quick")
    config.addinivalue_line("markers", "slow: takes more than a few seconds; leave out with -m 'not slow'")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Times beside a peer mean something on a quiet machine only, so they are taken when asked for; sizes are always checked."""
    if not config.getoption("--benchmarks"):
        skip = pytest.mark.skip(reason="times beside peers are taken with: pytest --benchmarks tests/benchmarks")
        for item in items:
            if item.path.parent.name == "benchmarks" and item.path.stem.endswith("speed"):
                item.add_marker(skip)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """What a test defines ends with it: a word means the same in every test, in whatever order they run."""
    before = [(table, dict(table)) for table in (TABLE, ALIASES)]
    try:
        return (yield)
    finally:
        for table, rows in before:
            if len(table) != len(rows):
                table.clear()
                table.update(rows)
