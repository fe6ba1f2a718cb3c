"""Where checks look, and how a failing input becomes simple: no framework is known here, an input is a list of floats."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from random import Random

__all__ = ["inputs", "simplest_failing"]

Interval = tuple[float, float]
CORNERS = (1.0, -1.0, 2.0, -2.0, 0.5, 0.0, -0.5, 3.0, -3.0, 10.0, -10.0)
RANGES = (  # every sign and scale, so that what is wrong only for negative, large or small arguments is met
    (0.1, 3.0), (-3.0, -0.1), (3.0, 12.0), (100.0, 400.0), (-12.0, -3.0), (-400.0, -100.0), (0.001, 0.1), (-0.1, -0.001),
    (12.0, 100.0), (-100.0, -12.0), (1e3, 1e6), (-1e6, -1e3), (0.0, 1.0), (-1.0, 0.0), (1e-9, 1e-3),
)
FAR = ((100.0, 400.0), (1e3, 1e6), (-400.0, -100.0), (0.001, 0.1), (12.0, 100.0), (-1e6, -1e3), (-12.0, -3.0), (1e-9, 1e-3))
"""Ranges that moderate numbers do not reach, the likelier ones to matter first."""
SIMPLE = (0.0, 1.0, -1.0, 2.0, -2.0, 3.0, -3.0, 0.5, -0.5, 10.0, -10.0, 100.0, -100.0)


def inputs(size: int, intervals: Sequence[Interval], seed: int, count: int) -> Iterator[list[float]]:
    """Inputs of one number or many: corners and ranges by turns; of many, each coordinate by itself and all together are moved.

    intervals: for each coordinate where it may lie.  The same ones for the same seed.

    >>> len(list(inputs(3, [(-math.inf, math.inf)] * 3, 0, 8)))
    8
    """
    random = Random(seed)
    for turn in range(count):
        values = [_one(turn, random)] if size == 1 else _many(size, turn, random)
        yield [_fitted(value, interval, random) for value, interval in zip(values, intervals)]


def _one(turn: int, random: Random) -> float:
    place, corner = divmod(turn, 2)
    if corner and place < len(CORNERS):
        return CORNERS[place]
    return _within(random, *RANGES[(turn - min(place, len(CORNERS))) % len(RANGES)])


def _many(size: int, turn: int, random: Random) -> list[float]:
    """Every eighth input is of one manner: moderate, of one range, of both signs, negative, corners, every scale at once, one far out,
    one exactly 0 or two equal."""
    manner, ranged = turn % 8, FAR[turn // 8 % len(FAR)]
    if manner == 0:
        return [_within(random, 0.3, 3.0) for _ in range(size)]
    if manner == 1:
        return [_within(random, *ranged) for _ in range(size)]
    if manner == 2:
        return [_within(random, -3.0, 3.0) for _ in range(size)]
    if manner == 3:
        return [_within(random, -3.0, -0.1) for _ in range(size)]
    if manner == 4:
        return [random.choice(CORNERS) for _ in range(size)]
    if manner == 5:
        return [_within(random, *random.choice(RANGES[:10])) for _ in range(size)]
    place, other = random.randrange(size), random.randrange(size)
    if manner == 6:
        values = [_within(random, -1.0, 1.0) for _ in range(size)]
        values[place] = _within(random, *FAR[(turn // 8 + 1) % len(FAR)])
    else:
        values = [_within(random, 0.3, 3.0) for _ in range(size)]
        values[place] = values[other] if turn // 8 % 2 and place != other else 0.0
    return values


def _within(random: Random, low: float, high: float) -> float:
    if low > 0 and high / low > 50:
        return _short(low * (high / low) ** random.random())
    if high < 0 and low / high > 50:
        return _short(high * (low / high) ** random.random())
    return _short(low + (high - low) * random.random())


def _short(value: float) -> float:
    return float(f"{value:.5g}")


def _fitted(value: float, interval: Interval, random: Random) -> float:
    """The value moved inside the interval; one that is in it already stays."""
    low, high = interval
    if low <= value <= high:
        return value
    if math.isinf(high):
        return low + abs(value)
    if math.isinf(low):
        return high - abs(value)
    return low + (high - low) * (0.001 + 0.998 * _short(random.random()))


# shrinking

def simplest_failing(values: Sequence[float], fails: Callable[[list[float]], bool], intervals: Sequence[Interval], calls: int) -> list[float]:
    """The same failure at a simpler input: many coordinates 0 or 1 at once, then each one a small integer or a short decimal.

    >>> simplest_failing([-271.83, 5.1], lambda v: v[0] < -100, [(-math.inf, math.inf)] * 2, 400)
    [-101.0, 0.0]
    """
    budget = _Budget(fails, intervals, calls)
    found = _together(list(values), budget)
    for place in sorted(range(len(found)), key=lambda place: _weight(found[place]), reverse=True):
        found = _one_coordinate(found, place, budget)
    return found


class _Budget:
    """The question whether an input fails, asked a limited number of times."""

    def __init__(self, fails: Callable[[list[float]], bool], intervals: Sequence[Interval], calls: int) -> None:
        self._fails, self._intervals, self.calls = fails, intervals, calls

    def fails(self, values: list[float]) -> bool:
        if self.calls <= 0 or not all(low <= value <= high for value, (low, high) in zip(values, self._intervals)):
            return False
        self.calls -= 1
        return self._fails(values)


def _weight(value: float) -> tuple[int, int, float, float]:
    """How simple a number is: the ones tried first, then integers by size, then decimals by length."""
    if value in SIMPLE:
        return 0, SIMPLE.index(value), 0.0, 0.0
    if value == math.floor(value) and abs(value) < 1e15:
        return 1, 0, abs(value), float(value < 0)
    return 2, len(f"{value!r}"), abs(value), float(value < 0)


def _together(values: list[float], budget: _Budget) -> list[float]:
    """Blocks of coordinates set to 0, then to 1, the blocks halved in turn: few questions for long inputs."""
    if len(values) == 1:
        return values
    width = len(values)
    while width >= max(1, len(values) // 64):
        for start in range(0, len(values), width):
            for simple in (0.0, 1.0):
                trial = [*values[:start], *[simple] * len(values[start:start + width]), *values[start + width:]]
                if _weight(simple) < max(map(_weight, values[start:start + width])) and budget.fails(trial):
                    values = trial
                    break
        width //= 2
    return values


def _one_coordinate(values: list[float], place: int, budget: _Budget) -> list[float]:
    def fails(value: float) -> bool:
        return budget.fails([*values[:place], value, *values[place + 1:]])

    best = values[place]
    candidates = [*SIMPLE, float(round(best)) if abs(best) < 1e15 else best, *(float(f"{best:.{digits}g}") for digits in (1, 2, 3, 4))]
    for value in candidates:
        if _weight(value) < _weight(best) and fails(value):
            best = value
            break
    if _weight(best)[0] == 1:  # between an integer that fails and 0: the smallest that fails, as if they all failed from there on
        good, bad = 0, int(best)
        while abs(bad - good) > 1:
            middle = (good + bad) // 2
            if fails(float(middle)):
                bad = middle
            else:
                good = middle
        best = float(bad)
    return [*values[:place], best, *values[place + 1:]]
