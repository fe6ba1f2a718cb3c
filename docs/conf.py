"""The site's settings for Sphinx:  sphinx-build -W docs build/site"""

from __future__ import annotations

import re

from symdiff import __version__

project = "symdiff"
author = "the authors of symdiff"
version = release = __version__
extensions = ["myst_parser", "sphinx.ext.autodoc"]
html_theme = "furo"
html_title = "symdiff"
myst_heading_anchors = 3
autodoc_typehints = "signature"
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
pygments_style = "sphinx"

_MARKUP = re.compile(r"([*|\\]|_(?!\w))")


def as_plain_text(lines: list[str]) -> None:
    """Docstrings are plain text: stars are products, names stand between single backticks, examples begin with >>>."""
    example = False
    for place, line in enumerate(lines):
        example = bool(line.strip()) and (example or line.lstrip().startswith(">>>"))
        if not example:
            pieces = line.split("`")
            marked = [_MARKUP.sub(r"\\\1", piece) if index % 2 == 0 else f"``{piece}``" for index, piece in enumerate(pieces)]
            lines[place] = "".join(marked) if len(pieces) % 2 else line.replace("`", "'")


def setup(app: object) -> None:
    app.connect("autodoc-process-docstring", lambda app, what, name, obj, options, lines: as_plain_text(lines))  # type: ignore[attr-defined]
