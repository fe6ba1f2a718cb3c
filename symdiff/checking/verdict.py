"""Verdict: what a check showed, in one word, with what it rests on; never more than was shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NoReturn

from symdiff.errors import UsageError

__all__ = ["AGREEMENTS", "KINDS", "Verdict"]

AGREEMENTS = frozenset({"sampled"})
"""The kinds that speak for the formula."""
KINDS = AGREEMENTS | {"refuted", "unknown"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a check showed.

    kind: "sampled", it agreed at `points` points to `digits` digits, which proves nothing of other points; "refuted", it disagrees at
    `point`, where the derivative is `expected` and the formula gives `found` (None: no value); "unknown", for the `reason`.
    A verdict has no truth value; `verdict.ok` says whether it is agreement, `str(verdict)` is a sentence.

    >>> str(Verdict(kind="sampled", points=8, digits=25)), Verdict(kind="unknown", reason="no usable points").ok
    ('sampled: agreed at 8 points to 25 digits (seed 0)', False)
    """

    kind: str
    points: int = 0
    digits: int = 0
    seed: int = 0
    reason: str = ""
    point: Mapping[str, float] = field(default_factory=dict, hash=False)
    expected: Decimal | None = None
    found: Decimal | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise UsageError(f"a verdict is one of {', '.join(sorted(KINDS))}, not {self.kind!r}")

    @property
    def ok(self) -> bool:
        """Whether the check speaks for the formula; False for "unknown" too."""
        return self.kind in AGREEMENTS

    def __bool__(self) -> NoReturn:
        raise UsageError(f"a verdict has more than two answers (this one: {self}); ask verdict.ok or compare verdict.kind")

    def __str__(self) -> str:
        if self.kind == "sampled":
            text = f"sampled: agreed at {self.points} points to {self.digits} digits (seed {self.seed})"
            return f"{text}; {self.reason}" if self.reason else text
        if self.kind == "unknown":
            return f"unknown: {self.reason}"
        return f"refuted at {self._place()}: {self._contrast()}" + (f" ({self.reason})" if self.reason else "")

    def _place(self) -> str:
        return ", ".join(f"{name} = {value:.15g}" for name, value in self.point.items()) or "every point"

    def _contrast(self) -> str:
        """Both values with as many digits as show the difference."""
        if self.expected is None or self.found is None:
            return f"the derivative is {_shown(self.expected, 12)}, the formula has no value"
        gap = abs(self.expected - self.found)
        digits = next((digits for digits in range(6, self.digits, 3) if gap > abs(self.expected).scaleb(2 - digits)), self.digits)
        return f"the derivative is {_shown(self.expected, digits)}, the formula gives {_shown(self.found, digits)}"


def _shown(value: Decimal | None, digits: int) -> str:
    return "undefined" if value is None else f"{value:.{digits}g}"
