"""What is shipped works: from a wheel in an environment of its own, from an sdist, from an editable install, from a bare checkout.

Needs no network: the build back end runs in this environment, and the clean ones see lark and graphviz through links.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SHIPPED = ["pyproject.toml", "README.md", "LICENSE", "symdiff", "grammar"]
DERIVATIVE = "2*x*sin(x) + x^2*cos(x)\n"

pytestmark = pytest.mark.slow


def _done(*words: str | Path, cwd: Path) -> str:
    """The output of a command run outside the checkout, with nothing of it on the path."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PIP_"))}
    shown = subprocess.run([str(word) for word in words], cwd=cwd, capture_output=True, text=True, check=False, env=environment)
    assert shown.returncode == 0, shown.stdout + shown.stderr
    return shown.stdout


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the files that are shipped: building leaves traces in the folder it builds from."""
    folder = tmp_path_factory.mktemp("source")
    for name in SHIPPED:
        path = ROOT / name
        if path.is_dir():
            shutil.copytree(path, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(path, folder / name)
    return folder


def _built(kind: str, source: Path, out: Path) -> Path:
    code = f"import sys; from setuptools import build_meta; print(build_meta.build_{kind}(sys.argv[1]))"
    return out / _done(sys.executable, "-c", code, out, cwd=source).split()[-1]


@pytest.fixture(scope="module")
def sdist(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _built("sdist", source, tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="module")
def wheel(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from the sdist, as installers do that find no wheel."""
    folder = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    return _built("wheel", next(folder.iterdir()), tmp_path_factory.mktemp("wheel"))


def _environment(folder: Path, *packages: str) -> Path:
    """A new environment that sees, of this one, only the third-party packages named."""
    _done(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder.parent)
    site = Path(_done(folder / "bin" / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).strip())
    for package in packages:
        (site / package).symlink_to(Path(sysconfig.get_path("purelib")) / package)
    return folder / "bin" / "python"


def _installed(python: Path, *what: str | Path) -> None:
    quietly = ("--quiet", "--disable-pip-version-check", "--no-deps", "--no-index")
    _done(sys.executable, "-m", "pip", "--python", python, "install", *quietly, *what, cwd=python.parent)


def test_the_sdist_holds_the_grammar_and_the_wheel_nothing_that_is_not_ours(sdist: Path, wheel: Path) -> None:
    with tarfile.open(sdist) as archive:
        assert any(name.endswith("/grammar/math.lark") for name in archive.getnames())
    names = zipfile.ZipFile(wheel).namelist()
    assert "symdiff/grammar/math.lark" in names and "symdiff/py.typed" in names
    assert {name.split("/")[0].split("-")[0] for name in names} == {"symdiff"}
    packages = {str(path.parent.relative_to(ROOT)) for path in (ROOT / "symdiff").rglob("*.py")}
    assert packages <= {str(Path(name).parent) for name in names}, "a package is missing in pyproject.toml"


def test_the_command_works_from_the_wheel_in_a_clean_environment(wheel: Path, tmp_path: Path) -> None:
    python = _environment(tmp_path / "venv", "lark", "graphviz")
    _installed(python, wheel)
    command = python.parent / "symdiff"
    assert _done(command, "diff", "x^2*sin(x)", cwd=tmp_path) == DERIVATIVE
    _done(command, "graph", "x^2*sin(x)", "-o", "tree.svg", cwd=tmp_path)
    assert "<svg" in (tmp_path / "tree.svg").read_text(encoding="utf-8")
    assert str(tmp_path) in _done(python, "-c", "import symdiff; print(symdiff.__file__)", cwd=tmp_path)


def test_the_command_works_from_an_editable_install(source: Path, tmp_path: Path) -> None:
    python = _environment(tmp_path / "venv", "lark", "graphviz")
    out = tmp_path / "wheel"
    out.mkdir()
    _installed(python, _built("editable", source, out))
    assert _done(python.parent / "symdiff", "diff", "x^2*sin(x)", cwd=tmp_path) == DERIVATIVE
    grammar = source / "grammar" / "math.lark"
    grammar.write_text(grammar.read_text(encoding="utf-8").replace('ROOT: "√"', 'ROOT: "√" | "∛"'), encoding="utf-8")
    read = _done(python, "-c", "from symdiff.grammar_files import grammar_text; print('∛' in grammar_text('math.lark'))", cwd=tmp_path)
    assert read == "True\n", "an edit of the grammar is not seen: the install holds a copy"


def test_the_library_works_from_a_bare_checkout(source: Path, tmp_path: Path) -> None:
    python = _environment(tmp_path / "venv", "lark", "graphviz")
    assert _done(python, "-m", "symdiff.cli.main", "diff", "x^2*sin(x)", cwd=source) == DERIVATIVE
