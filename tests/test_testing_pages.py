"""The pages on testing are true: their PyTorch code runs and prints what they show, and their tables are what was measured."""

from __future__ import annotations

import contextlib
import doctest
import importlib
import importlib.util
import io
import re
import warnings
from pathlib import Path
from typing import Any

import pytest

DOCS = Path(__file__).parent.parent / "docs"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)


def blocks(page: str) -> list[tuple[str, str]]:
    """The Python blocks that are no doctests, each with the text block that follows it, '' where none does."""
    found = _BLOCK.findall((DOCS / page).read_text(encoding="utf-8"))
    following = [*found[1:], ("", "")]
    return [(code, shown if kind == "text" else "") for (language, code), (kind, shown) in zip(found, following)
            if language == "python" and ">>>" not in code]


@pytest.mark.parametrize("page", ["testing.md", "custom-layer.md"])
def test_the_pytorch_code_of_a_page_prints_what_the_page_shows(page: str) -> None:
    if importlib.util.find_spec("torch") is None:
        warnings.warn(f"PyTorch is not installed: the code of docs/{page} was not run (pip install 'symdiff[torch]')", stacklevel=1)
        pytest.skip("LOUD: no torch")
    importlib.import_module("torch").set_num_threads(1)  # a layer of six numbers is slower on two
    names: dict[str, Any] = {}
    parts = blocks(page)
    assert parts
    for code, shown in parts:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(code, page, "exec"), names)
        if shown:
            assert doctest.OutputChecker().check_output(shown, printed.getvalue(), doctest.ELLIPSIS), printed.getvalue()
