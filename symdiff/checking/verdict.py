"""Verdict: what a check showed, in one word, with what it rests on; never more than was shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NoReturn

from symdiff.errors import UsageError

__all__ = ["AGREEMENTS", "KINDS", "Verdict"]

AGREEMENTS = frozenset({"identity", "enclosed", "probable", "sampled"})
"""The kinds that speak for the formula."""
MOST_DIGITS = 1_000
"""Digits of a value told in a sentence."""
SHOWN = 6
"""Kernels and gaps told in a sentence."""
KINDS = AGREEMENTS | {"refuted", "unknown"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a check showed.

    kind, the strongest first:

    - "identity": equal as rational functions over `kernels` in exact arithmetic, wherever both are defined;
    - "enclosed": for `on`, with the other variables fixed `at` values, the difference is at most `bound` times the larger of `scale` and
      the derivative's size, except in the `gaps`, of which nothing is said;
    - "probable": equal at random points modulo 2^61 - 1; `bound` is the chance at most that unequal rational functions agree so;
    - "sampled": agreed at `points` points to `digits` digits, which proves nothing of other points;
    - "refuted": it disagrees at `point`, where the derivative is `expected` and the formula gives `found` (None: no value);
    - "unknown", for the `reason`, which for the others is a remark: why nothing stronger was shown.

    points, digits and seed tell of the sampling that goes with every kind.
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
    kernels: tuple[str, ...] = ()
    on: Mapping[str, tuple[float, float]] = field(default_factory=dict, hash=False)
    at: Mapping[str, float] = field(default_factory=dict, hash=False)
    gaps: tuple[tuple[float, float], ...] = ()
    bound: float | None = None
    scale: float = 1.0

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
        if self.kind == "unknown":
            return f"unknown: {self.reason}"
        if self.ok:
            return "; ".join(filter(None, (self._certificate(), self._sampled(), self.reason)))
        return f"refuted at {self._place()}: {self._contrast()}" + (f" ({self.reason})" if self.reason else "")

    def _certificate(self) -> str:
        if self.kind == "identity":
            names = ", ".join(self.kernels[:SHOWN]) + (f" and {len(self.kernels) - SHOWN} more" if len(self.kernels) > SHOWN else "")
            return f"identity: exactly equal as rational functions of {names}" if names else "identity: exactly equal numbers"
        if self.kind == "enclosed":
            where = [f"{low:.6g} <= {name} <= {high:.6g}" for name, (low, high) in self.on.items()]
            where += [f"{name} = {value:.6g}" for name, value in self.at.items()]
            gaps = ", ".join(f"{low:.6g} to {high:.6g}" for low, high in self.gaps[:SHOWN]) + (", ..." if len(self.gaps) > SHOWN else "")
            text = f"enclosed on {', '.join(where)}" + (f" except {gaps}" if gaps else "")
            return f"{text}: abs(f' - df) <= {self.bound:.1e}*max(abs(f'), {self.scale:.3g})" if self.bound else f"{text}: no difference"
        if self.kind == "probable":
            return f"probable: equal at random points modulo 2^61 - 1, by chance at most {self.bound:.0e} (seed {self.seed})"
        return ""

    def _sampled(self) -> str:
        return f"sampled: agreed at {self.points} points to {self.digits} digits (seed {self.seed})" if self.points else ""

    def _place(self) -> str:
        return ", ".join(f"{name} = {value:.15g}" for name, value in self.point.items()) or "every point"

    def _contrast(self) -> str:
        """Both values with as many digits as show the difference."""
        if self.expected is None or self.found is None:
            return f"the derivative is {_shown(self.expected, 12)}, the formula has no value"
        gap = abs(self.expected - self.found)
        digits = next((digits for digits in range(6, MOST_DIGITS, 3) if gap > abs(self.expected).scaleb(2 - digits)), self.digits)
        return f"the derivative is {_shown(self.expected, digits)}, the formula gives {_shown(self.found, digits)}"


def _shown(value: Decimal | None, digits: int) -> str:
    return "undefined" if value is None else f"{value:.{digits}g}"
