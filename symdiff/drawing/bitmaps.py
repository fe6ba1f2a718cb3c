"""PNG from SVG text, by resvg-py of the extra `draw`, with fonts of our own for machines that have none."""

from __future__ import annotations

from importlib import import_module
from importlib.resources import files
from importlib.util import find_spec

from symdiff.errors import RenderError

__all__ = ["FONTS", "png_of"]

FONTS = str(files("symdiff.drawing").joinpath("fonts"))
"""DejaVu Serif, upright and slanted, with the letters and signs of formulas; its licence stands beside it."""
_FAMILY = "DejaVu Serif"
_PIXELS = 40_000_000
_ZOOM = 2.0


def png_of(svg: str) -> bytes:
    """The picture on a white ground at twice the points of a screen; RenderError without resvg-py."""
    if find_spec("resvg_py") is None:
        raise RenderError("resvg-py is not installed: pip install 'symdiff[draw]'")
    zoom = min(_ZOOM, (_PIXELS / _area(svg)) ** 0.5)
    try:
        return bytes(import_module("resvg_py").svg_to_bytes(
            svg_string=svg, background="#ffffff", zoom=zoom, font_dirs=[FONTS], serif_family=_FAMILY, sans_serif_family=_FAMILY))
    except Exception as error:  # a Rust extension's own
        raise RenderError(f"resvg-py failed: {error}") from error


def _area(svg: str) -> float:
    _, _, width, height = svg.split('viewBox="', 1)[1].split('"', 1)[0].split()
    return float(width) * float(height)
