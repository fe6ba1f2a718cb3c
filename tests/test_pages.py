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


def _prose(page: Path) -> str:
    return re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)


def _targets(page: Path) -> list[str]:
    """What the links and pictures of a page point at."""
    return re.findall(r"\]\(([^)\s]+)\)", _prose(page))


def _anchors(page: Path) -> set[str]:
    """The names under which the headings of a page are reached."""
    headings = re.findall(r"^#+ (.*)$", _prose(page), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_link_and_every_picture_leads_somewhere(page: Path) -> None:
    for target in _targets(page):
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        place = page.parent / path if path else page
        assert place.exists(), target
        assert not anchor or anchor in _anchors(place), target


def _reached(page: Path) -> set[Path]:
    return {(page.parent / target.partition("#")[0]).resolve() for target in _targets(page) if not target.startswith("https://")}


def test_every_page_and_every_picture_is_reached_from_another() -> None:
    reached = set().union(*[_reached(page) - {page.resolve()} for page in PAGES])
    missing = [name for page, name in zip(PAGES, NAMES, strict=True) if page.resolve() not in reached and name not in ("README.md", "docs/index.md")]
    missing += [picture.name for picture in (ROOT / "docs" / "pictures").iterdir() if picture.resolve() not in reached]
    assert not missing


def test_the_index_names_every_page_in_its_text_and_in_its_side_bar() -> None:
    index = ROOT / "docs" / "index.md"
    linked = _reached(index)
    bars = "\n".join(re.findall(r"^```\{toctree\}\n(.*?)^```", index.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)).splitlines()
    listed = {path.resolve() for line in bars if line and not line.startswith(":") for path in index.parent.glob(f"{line}.*")}
    pages = {page.resolve() for page in PAGES if page.parent != ROOT} - {index.resolve()}
    assert pages - linked == set()
    assert pages - listed == set()


def test_every_how_to_page_leads_on_to_another() -> None:
    listed = re.search(r":caption: How to\n\n(.*?)```", (ROOT / "docs" / "index.md").read_text(encoding="utf-8"), re.DOTALL)
    assert listed
    for name in listed[1].split():
        page = ROOT / "docs" / f"{name}.md"
        assert any(path.suffix == ".md" for path in _reached(page) - {page.resolve()}), name


def test_the_readme_has_exactly_two_set_up_commands_and_ci_runs_the_second() -> None:
    commands = [line.strip() for line in (ROOT / "README.md").read_text(encoding="utf-8").splitlines() if line.startswith("    python3 ")]
    assert [command.split()[-1].rpartition("/")[2] for command in commands] == ["demo", "pytest"]
    assert "README.md" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_the_table_of_floors_names_every_room_and_no_other() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = page.partition("| floor | rooms |")[2].partition("\n\n")[0]
    named = {room.strip("/") for line in table.splitlines()[2:] for room in re.findall(r"`([\w/]+)`", line.split("|")[2])}
    rooms = {path.stem for path in (ROOT / "symdiff").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert named == rooms
