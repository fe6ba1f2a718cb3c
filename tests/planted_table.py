"""Runs every planted bug and its twin, with symdiff.testing and with other checkers:  python tests/planted_table.py

Writes tests/cases/planted_bugs.txt, of which docs/generate.py makes docs/reference/planted-bugs.md; tests/test_planted.py sees that every
line is still so.  Needs PyTorch, JAX and SciPy.
"""

from __future__ import annotations

from pathlib import Path

from planted import ENTRIES, HAS_JAX, HAS_TORCH, Planted

from symdiff.testing import Finding

__all__ = ["row", "shrunk"]

FILE = Path(__file__).parent / "cases" / "planted_bugs.txt"


def shrunk(finding: Finding) -> str:
    """The formula, where there is one, and the coordinates of the point that are not 0."""
    report = finding.report
    if report is None:
        return "nothing"
    other = "" if report.other is None else f" -> {report.other}"
    formula = "" if report.formula is None else f"{report.formula}{other}, "
    place = ", ".join(f"{name} = {value:g}" if isinstance(value, float) else f"{name} = {value}" for name, value in report.point.items() if value)
    return f"{formula}{place or 'all 0'}"


def row(entry: Planted) -> tuple[str, ...]:
    """kind, name, what symdiff.testing says of the wrong one and of the twin, the shrunk failure, and other checkers' answers."""
    wrong, right = entry.wrong(), entry.right()
    others = ", ".join(f"{name}: {_answer(objects(True), objects(False))}" for name, objects in entry.others.items())
    return entry.kind, entry.name, wrong.verdict, right.verdict, shrunk(wrong), others or "none applies"


def _answer(objects_to_wrong: bool, objects_to_right: bool) -> str:
    return ("found" if objects_to_wrong else "missed") + (", twin flagged" if objects_to_right else "")


if __name__ == "__main__":
    assert HAS_TORCH, "this table needs PyTorch"
    assert HAS_JAX, "this table needs JAX"
    lines = [" ; ".join(row(entry)) for entry in ENTRIES]
    FILE.write_text("# kind ; name ; wrong ; twin ; shrunk to ; other checkers       written by tests/planted_table.py\n" + "\n".join(lines) + "\n",
                    encoding="utf-8")
