"""Reading tests/cases/*.txt: one case a line, fields separated by ` ; `, invisible characters written as escapes."""

from __future__ import annotations

import re
from pathlib import Path

__all__ = ["cases"]

_ESCAPE = re.compile(r"\\(\\|n|t|r|x[0-9a-f]{2}|u[0-9a-f]{4})")
_NAMED = {"\\": "\\", "n": "\n", "t": "\t", "r": "\r"}


def cases(name: str) -> list[tuple[str, ...]]:
    """The cases of a file, escapes resolved; lines that begin with # are comments."""
    lines = (Path(__file__).parent / "cases" / name).read_text(encoding="utf-8").splitlines()
    return [tuple(map(_plain, line.split(" ; "))) for line in lines if line and not line.startswith("# ")]


def _plain(field: str) -> str:
    return _ESCAPE.sub(lambda match: _NAMED.get(match[1]) or chr(int(match[1][1:], 16)), field)
