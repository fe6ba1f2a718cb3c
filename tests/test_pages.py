"""Pages stay true: every console block prints what it shows, every link leads somewhere, the set-up commands are two."""

from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path

import pytest

from symdiff.cli.main import main

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]


def _commands(page: Path) -> list[tuple[str, str]]:
    """The command lines of a page's console blocks, each with the output shown below it."""
    found = []
    for block in re.findall(r"^```console\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            found.append((command, output))
    return found


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_command_prints_what_the_page_shows(
        page: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for command, shown in _commands(page):
        words = shlex.split(command)
        assert words[0] == "symdiff", command
        main(words[1:])
        printed = capsys.readouterr()
        assert doctest.OutputChecker().check_output(shown, printed.err + printed.out, doctest.ELLIPSIS), (command, printed)


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_link_leads_somewhere(page: Path) -> None:
    prose = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    for target in re.findall(r"\]\(([^)#]+)\)", prose):
        assert target.startswith("https://") or (page.parent / target).exists(), target


def test_the_readme_has_exactly_two_set_up_commands_and_ci_runs_the_second() -> None:
    commands = [line.strip() for line in (ROOT / "README.md").read_text(encoding="utf-8").splitlines() if line.startswith("    python3 ")]
    assert [command.split()[-1].rpartition("/")[2] for command in commands] == ["demo", "pytest"]
    assert "README.md" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
