"""The reference pages are those that the tables of the library give now, and every public name has its place in the API reference."""

from __future__ import annotations

import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

import symdiff as sd
from symdiff.cli.arguments import RUNS
from symdiff.operations import TABLE
from symdiff.simplification.identities import all_rules

DOCS = Path(__file__).parent.parent / "docs"


def _generator() -> ModuleType:
    spec = spec_from_file_location("symdiff_docs_generate", DOCS / "generate.py")
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GENERATOR = _generator()


@pytest.mark.parametrize("name", GENERATOR.PAGES)
def test_a_generated_page_is_up_to_date(name: str) -> None:
    written = (DOCS / "reference" / name).read_text(encoding="utf-8")
    assert written == GENERATOR.PAGES[name](), f"run: python docs/generate.py ({name} is older than the tables it is made from)"


def test_every_row_rule_limit_and_subcommand_is_on_its_page() -> None:
    pages = {name: page() for name, page in GENERATOR.PAGES.items()}
    assert sum(line.startswith("| `") for line in pages["functions.md"].splitlines()) == sum(
        GENERATOR.room_of(op) in GENERATOR.ROOMS for op in TABLE.values())
    files = {path.stem for path in (DOCS.parent / "symdiff" / "operations").glob("*.py")}
    assert {GENERATOR.room_of(op) for op in TABLE.values()} & files - {"abstract"} == set(GENERATOR.ROOMS)
    assert all(f"| {rule.name} |" in pages["rules.md"] for rule in all_rules())
    assert [name for name, value in vars(sd.limits).items() if type(value) is int and f"| `{name}` |" not in pages["limits.md"]] == []
    assert [name for name in RUNS if f"## symdiff {name}\n" not in pages["command.md"]] == []


def test_every_public_name_is_in_the_api_reference() -> None:
    page = (DOCS / "reference" / "api.rst").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\.\. auto\w+:: symdiff\.(\w+)$", page, re.MULTILINE))
    rows = {name for name, op in TABLE.items() if op.arity}
    assert {name for name in sd.__all__ if name not in rows} - documented == {"e", "limits", "pi"}


def test_no_table_cell_is_broken_by_a_bar() -> None:
    for name, page in GENERATOR.PAGES.items():
        widths: list[int] = []
        for line in page().splitlines():
            if line.startswith("|"):
                widths.append(len(re.findall(r"(?<!\\)\|", line)))
                assert widths[-1] == widths[0], f"{name}: {line}"
            else:
                widths = []
