"""How hard checks try, with which seed, and where drawings of failures go: plain data that the pytest plugin sets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from pathlib import Path

from symdiff.errors import UsageError

__all__ = ["PROFILES", "Profile", "Setting", "current", "profile_named", "using"]


@dataclass(frozen=True, slots=True)
class Profile:
    """points: inputs tried for a callable; examples: formulas drawn by Hypothesis; calls: of a predicate spent on shrinking."""

    name: str
    points: int
    examples: int
    calls: int


PROFILES = {profile.name: profile for profile in (Profile("quick", 64, 50, 400), Profile("thorough", 1_000, 2_000, 4_000))}


@dataclass(frozen=True, slots=True)
class Setting:
    """What holds for the checks that run now."""

    profile: Profile = PROFILES["quick"]
    seed: int = 0
    graphs: Path | None = None


_setting: ContextVar[Setting] = ContextVar("symdiff_testing_setting", default=Setting())  # noqa: B039  a frozen value


def current() -> Setting:
    """The setting in force."""
    return _setting.get()


def profile_named(name: str) -> Profile:
    """The profile of a name; UsageError for others."""
    if name not in PROFILES:
        raise UsageError(f"there is no profile {name!r}; the profiles are {', '.join(PROFILES)}")
    return PROFILES[name]


@contextmanager
def using(*, profile: str | None = None, seed: int | None = None, graphs: Path | str | None = None) -> Iterator[Setting]:
    """Other settings for a while; what is not named stays.

    >>> with using(profile="thorough", seed=3) as setting:
    ...     setting.profile.points, current().seed
    (1000, 3)
    """
    setting = current()
    if profile is not None:
        setting = replace(setting, profile=profile_named(profile))
    if seed is not None:
        setting = replace(setting, seed=seed)
    if graphs is not None:
        setting = replace(setting, graphs=Path(graphs))
    token = _setting.set(setting)
    try:
        yield setting
    finally:
        _setting.reset(token)
