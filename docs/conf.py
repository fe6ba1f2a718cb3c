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
html_show_copyright = False
html_static_path = ["static"]
html_css_files = ["site.css"]
pygments_style = "tango"
pygments_dark_style = "github-dark"

_PARAGRAPH = re.compile(r"[a-z_]+(, [a-z_]+)*: |Raises |Gives ")
_MARKUP = re.compile(r"([*|\\]|_(?!\w))")


def as_plain_text(lines: list[str]) -> None:
    """Docstrings are plain text: stars are products, names stand between single backticks, examples begin with >>>,
    and each argument has a paragraph."""
    example = False
    spaced: list[str] = []
    for line in lines:
        example = bool(line.strip()) and (example or line.lstrip().startswith(">>>"))
        if not example and _PARAGRAPH.match(line) and spaced and spaced[-1].strip():
            spaced.append("")
        spaced.append(line if example else _plain(line))
    lines[:] = spaced


def _plain(line: str) -> str:
    pieces = line.split("`")
    if len(pieces) % 2 == 0:
        return line.replace("`", "'")
    return "".join(_MARKUP.sub(r"\\\1", piece) if index % 2 == 0 else f"``{piece}``" for index, piece in enumerate(pieces))


def for_the_site(source: list[str]) -> None:
    """Blocks without the empty line that doctest wants at their end, and terminals as plain text: results are no shell words."""
    source[0] = source[0].replace("\n\n```\n", "\n```\n").replace("```console\n", "```text\n")


def setup(app: object) -> None:
    app.connect("autodoc-process-docstring", lambda app, what, name, obj, options, lines: as_plain_text(lines))  # type: ignore[attr-defined]
    app.connect("source-read", lambda app, name, source: for_the_site(source))  # type: ignore[attr-defined]
