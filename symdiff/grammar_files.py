"""Where the grammar files are: inside the installed package, or beside it in a checkout."""

from __future__ import annotations

from pathlib import Path

__all__ = ["grammar_text"]


def grammar_text(name: str) -> str:
    """The text of a grammar file."""
    package = Path(__file__).parent
    for folder in (package / "grammar", package.parent / "grammar"):
        if (file := folder / name).is_file():
            return file.read_text(encoding="utf-8")
    raise FileNotFoundError(f"the grammar {name} is neither inside {package} nor beside it; reinstall symdiff")
