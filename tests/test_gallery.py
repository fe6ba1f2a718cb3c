"""The gallery is what its lines make: the page, and every picture byte for byte, on this machine and any other.

UPDATE_GOLDEN=1 pytest tests/test_gallery.py also writes the bitmaps of docs/pictures; the pictures themselves come from docs/gallery.py.
"""

from __future__ import annotations

import os
import re
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

import symdiff as sd

DOCS = Path(__file__).parent.parent / "docs"


def gallery() -> ModuleType:
    spec = spec_from_file_location("symdiff_docs_gallery", DOCS / "gallery.py")
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GALLERY = gallery()


def test_the_page_is_up_to_date_and_has_at_least_twelve_pictures() -> None:
    assert (DOCS / "gallery.md").read_text(encoding="utf-8") == GALLERY.page(), "run: python docs/gallery.py"
    shown = re.findall(r"!\[.*?\]\(pictures/(.*?)\)", GALLERY.page())
    assert len(shown) >= 12
    assert all((DOCS / "pictures" / name).exists() for name in shown)


@pytest.mark.parametrize("name", GALLERY.LINES)
def test_every_picture_is_what_its_line_makes(name: str, tmp_path: Path) -> None:
    made = GALLERY.drawn(name, tmp_path).read_bytes()
    assert made == (GALLERY.PICTURES / name).read_bytes(), "run: python docs/gallery.py, and look at the picture"
    ElementTree.fromstring(made)


@pytest.mark.skipif(find_spec("resvg_py") is None, reason="resvg-py is not installed: the bitmaps were NOT made")
@pytest.mark.parametrize("name", GALLERY.LINES)
def test_every_picture_is_made_as_a_bitmap_too(name: str, tmp_path: Path) -> None:
    """From the same line with another suffix; fonts differ from machine to machine, so sizes are compared and not bytes."""
    line = GALLERY.LINES[name][2].replace(name, name.replace(".svg", ".png"))
    with GALLERY.inside(tmp_path):
        exec(line, {"sd": sd})
    made = (tmp_path / name.replace(".svg", ".png")).read_bytes()
    assert made.startswith(b"\x89PNG")
    width, height = (int.from_bytes(made[place:place + 4], "big") for place in (16, 20))
    svg = (GALLERY.PICTURES / name).read_text(encoding="utf-8")
    shown = [float(number) for number in re.findall(r'viewBox="\S+ \S+ (\S+) (\S+)"', svg)[0]]
    assert abs(width - 2 * shown[0]) <= 2 and abs(height - 2 * shown[1]) <= 2
    assert len(made) > 2_000
    if os.environ.get("UPDATE_GOLDEN"):
        (GALLERY.PICTURES / name.replace(".svg", ".png")).write_bytes(made)
