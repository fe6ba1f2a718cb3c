"""Searches SymPy and SymEngine for broken laws of calculus and writes tests/cases/law_findings.txt:  python tests/law_findings.py [seconds]

Each line is the shortest formula found for one law and one set of functions: `system version ; law ; formulas ; point ; found ; expected`.
The page docs/reference/law-findings.md is made of it by docs/generate.py; tests/test_laws.py sees that every line is still so.
"""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, find, settings
from hypothesis.errors import NoSuchExample, Unsatisfiable
from other_systems import FUNCTIONS, SYSTEMS, formulas_of

from symdiff import parse
from symdiff.testing.laws import LAWS, Formulas, Law, Point, System, corner_points, sample_formulas
from symdiff.testing.reports import Report
from symdiff.walk import postorder

PAGE = Path(__file__).parent / "cases" / "law_findings.txt"
PATIENCE = 5
"""Seconds for one formula: simplifying may take minutes."""


GROUND = """sqrt(1/x); sqrt(1/x^2); sqrt(x^2); (x^4)^(1/4); sqrt(x^2*y); (x^3)^(1/3); (x^2)^(3/2); (x^y)^2; ln(x^2); ln(1/x); ln(x*y); ln(x^y)
ln(exp(x)); exp(2*ln(x)); exp(x)^y; sqrt(exp(2*x)); abs(x)*sign(x); sign(x)^2; sign(x*y); abs(x^3); max(x^3, -x^3); max(x, x + x^3)
max(x, x + x^2, x - x^2); max(x^2, y^2); max(0, x)^2; max(x, y) + min(x, y); max(x, min(x, y)); floor(x)*x; floor(sin(x)); mod(x, 2)
ceil(x) - floor(x); where(x != 0, sin(x)/x, 1); where(x == 0, 1, sin(x)/x); where(x >= 1, x, 1)^2; where(x == 0, 0, exp(-1/x^2))
where(x > 0, 1, where(x < 0, -1, 0)); asin(sin(x)); acos(cos(x)); atan(tan(x)); atan(1/x); atan2(y, x); atan2(x, x); acosh(cosh(x))
sqrt(x + 1)*sqrt(x - 1); sqrt((x - 1)^2); (x - 1)^(1/2)*(1 - x)^(1/2); sqrt(-x)*sqrt(x); x^(2*y)/x^y; 0^x; 0*ln(x); cbrt(x)^3; cbrt(x^3)
sqrt(sqrt(x^4)); abs(x)/x; sqrt(abs(x))^2; sign(1/x); sign(exp(x)); abs(sin(x)); sqrt(sin(x)^2); gamma(x + 1)/gamma(x); digamma(5*x/4)
digamma(x/4); exp(-1/x^2)"""
"""Formulas in which systems are known to go wrong: ties, removable points, roots and logarithms of negative numbers, jumps."""


class TooSlow(BaseException):
    """Not an Exception: no system may take it for one of its own."""


@contextmanager
def limited(seconds: int) -> Iterator[None]:
    def ring(*_: Any) -> None:
        raise TooSlow
    signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)


def findings(name: str, system: System, seconds: float) -> Iterator[tuple[Law, Formulas, Report]]:
    """For every law what the grid and then random search finds, one for each set of functions in the formula."""
    for law in [law for law in LAWS if law.holds_for(system)]:
        seen: set[frozenset[str]] = set()
        until = time.monotonic() + seconds

        def fails(drawn: tuple[Formulas, list[Point]], law: Law = law, seen: set[frozenset[str]] = seen) -> bool:
            if any(known <= functions_of(*drawn[0]) for known in seen):
                return False
            try:
                with limited(PATIENCE):
                    return law.broken(system, *drawn) is not None
            except (Exception, TooSlow):  # too slow, or an error of the other system's own: not what is looked for here
                return False
        if law.count == 1:
            for formula in (*sample_formulas(FUNCTIONS), *map(parse, GROUND.replace("\n", "; ").split("; "))):
                if fails(((formula,), corner_points((formula,)))):
                    yield law, (formula,), reported(law, system, (formula,))
                    seen.add(functions_of(formula))
        seed = 0
        while time.monotonic() < until:
            seed += 1
            drawn = searched(law, fails, seed)
            if drawn is not None:
                report = law.broken(system, *drawn)
                if report is not None:
                    yield law, drawn[0], report
                    seen.add(functions_of(*drawn[0]))
        print(name, law.name, f"{seed} searches", file=sys.stderr)


def searched(law: Law, fails: Callable[[Any], bool], seed: int) -> Any:
    few = settings(max_examples=60, deadline=None, database=None, phases=[Phase.generate, Phase.shrink], suppress_health_check=list(HealthCheck))
    try:
        return find(law.examples(FUNCTIONS, 7), fails, settings=few, random=Random(seed))
    except (NoSuchExample, Unsatisfiable):
        return None


def functions_of(*formulas: Any) -> frozenset[str]:
    """The functions of formulas; arithmetic alone counts as one."""
    return frozenset(
        node.op.name for node in postorder(*formulas) if node.args and not node.op.relation and node.op.symbol is None) or frozenset("+")


def reported(law: Law, system: System, formulas: Formulas) -> Report:
    report = law.broken(system, formulas, corner_points(formulas))
    assert report is not None
    return report


def line(name: str, law: Law, formulas: Formulas, report: Report) -> str:
    place = ", ".join(f"{symbol} = {value!r}" for symbol, value in report.point.items())
    found = "no value" if report.claimed is None else f"{report.claimed:.9g}"
    return f"{name} {version(name.lower())} ; {law.name} ; {' | '.join(map(str, formulas))} ; {place} ; {found} ; {report.expected:.9g}"


if __name__ == "__main__":
    budget = float(sys.argv[1]) if len(sys.argv) > 1 else 20.0
    lines = [line(name, *found) for name, make in SYSTEMS.items() for found in findings(name, make(), budget)]
    assert all(formulas_of(text.split(" ; ")[2]) for text in lines)
    PAGE.write_text("# system ; law ; formulas ; point ; found ; expected       written by tests/law_findings.py\n" + "\n".join(lines) + "\n",
                    encoding="utf-8")
