"""The house stands: imports go up the floors only, in no circle, at the top of the file; and light use stays light."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import symdiff
from symdiff.operations import TABLE

PACKAGE = Path(symdiff.__file__).parent

FLOORS = [
    {"errors", "limits"},
    {"expr", "walk", "numbers"},
    {"operations"},
    {"letters", "symbols", "functions", "choices", "grammar_files"},
    {"parsing", "calculus", "simplification", "evaluation", "evaluator", "arrays", "undefined", "substitution", "storage", "definitions", "programs"},
    {"compilation", "checking", "numerics", "optimization"},
    {"printing", "drawing"},
    {"", "__main__", "methods", "cli", "interop", "testing"},
]
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
"""The floor of each room, a room being a module or package directly in symdiff; '' is the package itself."""


def _name(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def _room(module: str) -> str:
    return module.partition(".")[0]


def _for_type_checkers(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _statements(tree: ast.AST, inside: bool = False) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool]]:
    """Every import that runs, and whether it stands inside a function or class."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node, inside
        elif not _for_type_checkers(node):
            yield from _statements(node, inside or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef))


def _targets(node: ast.Import | ast.ImportFrom) -> list[str]:
    """The modules of this package that an import loads, without the leading 'symdiff.'."""
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    else:
        assert node.level == 0, "imports are absolute"
        names = [f"{node.module}.{alias.name}" for alias in node.names]
    found = []
    for name in names:
        if name.partition(".")[0] == "symdiff":
            inner = name.partition(".")[2]
            while inner and inner not in MODULES:
                inner = inner.rpartition(".")[0]
            found.append(inner)
    return found


IMPORTS = {module: list(_statements(ast.parse(path.read_text(encoding="utf-8")))) for module, path in MODULES.items()}
USES = {module: sorted({target for node, _ in statements for target in _targets(node)}) for module, statements in IMPORTS.items()}


def test_every_room_has_a_floor() -> None:
    rooms = {_room(module) for module in MODULES}
    assert rooms <= FLOOR.keys(), f"give these a floor in tests/test_layers.py and docs/architecture.md: {sorted(rooms - FLOOR.keys())}"


@pytest.mark.parametrize("module", MODULES)
def test_imports_go_up_the_floors_only(module: str) -> None:
    below = [used for used in USES[module] if FLOOR[_room(used)] > FLOOR[_room(module)]]
    assert not below, f"{module} imports from floors below its own: {below}"


@pytest.mark.parametrize("module", MODULES)
def test_imports_of_the_library_stand_at_the_top_of_the_file(module: str) -> None:
    hidden = [ast.unparse(node) for node, inside in IMPORTS[module] if inside and _targets(node)]
    assert not hidden, f"{module} hides {hidden}; load later with importlib.import_module where that is meant"


def test_no_modules_import_each_other_in_a_circle() -> None:
    resolved: set[str] = set()
    while ready := [m for m in MODULES if m not in resolved and all(used in resolved or used == m for used in USES[m])]:
        resolved.update(ready)
    circle = [module for module in MODULES if module not in resolved]
    assert not circle, f"in or behind a circle: {circle}"


def test_checking_shares_nothing_with_what_it_checks() -> None:
    reached: set[str] = set()
    pending = [module for module in MODULES if _room(module) == "checking"]
    while pending:
        for used in USES[pending.pop()]:
            if used not in reached:
                reached.add(used)
                pending.append(used)
    assert not [module for module in reached if _room(module) in ("calculus", "simplification")]


def test_no_module_takes_the_name_of_a_public_function_from_it() -> None:
    """Importing symdiff.name binds the module to that name: harmless only where the package rebinds it at once, as with symbols."""
    functions = {name for name, op in TABLE.items() if op.arity}
    late = (set(symdiff.__all__) | functions) - set(vars(symdiff)) | set(symdiff._LAZY)
    assert not late & {_room(module) for module in MODULES}
    assert callable(symdiff.symbols)


@pytest.mark.parametrize("module", MODULES)
def test_every_module_says_in_its_first_line_what_lives_there(module: str) -> None:
    assert ast.get_docstring(ast.parse(MODULES[module].read_text(encoding="utf-8")))


def _loaded_by(code: str) -> set[str]:
    shown = subprocess.run([sys.executable, "-c", f"{code}; import sys; print(*sys.modules)"], capture_output=True, text=True, check=True)
    return set(shown.stdout.split())


@pytest.mark.parametrize("code", [
    "import symdiff",
    "import symdiff as sd; x = sd.Symbol('x'); (x**2 * sd.sin(x)).diff(x)",
    "import symdiff as sd; str(sd.Symbol('x') + 1)",
])
def test_what_needs_no_parser_and_no_picture_loads_neither_lark_nor_graphviz_nor_numpy(code: str) -> None:
    heavy = {"lark", "graphviz", "pygraphviz", "numpy", "mpmath", "sympy", "scipy", "hypothesis", "argparse", "difflib"}
    assert not _loaded_by(code) & heavy
