"""How a name is set in mathematics and read again: Greek letters, words, digits and parts below the line."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["GREEK", "LETTER_OF", "is_plain", "key_of", "parts_of_name", "unverbatim"]

_LOWER = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi omega"
_VARIANTS = "varepsilon vartheta varpi varrho varsigma varphi"
_UPPER = "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"
_OTHER_LETTERS = "hbar ell"

GREEK = {name: f"\\{name}" for name in f"{_LOWER} {_VARIANTS} {_UPPER} {_OTHER_LETTERS}".split()}

LETTER_OF = {  # the letters themselves: θ for theta, Ω for Omega
    **{unicodedata.lookup(f"GREEK SMALL LETTER {name.upper().replace('LAMBDA', 'LAMDA')}"): name for name in _LOWER.split()},
    **{unicodedata.lookup(f"GREEK CAPITAL LETTER {name.upper().replace('LAMBDA', 'LAMDA')}"): name for name in _UPPER.split()},
}

_SHAPE = re.compile(r"([^\W\d_]+)(\d*)((?:_[^\W_]+)*)")
_ESCAPED = re.compile(r"\{(\\backslash|\\wedge|\\sim|\\prime\\prime|\\prime|\\grave\{\}|<)\}|\\([&{}$%#_ ])(?:\{\})?")
_CHARACTERS = {r"\backslash": "\\", r"\wedge": "^", r"\sim": "~", r"\prime": "'", r"\prime\prime": '"', r"\grave{}": "`", "<": "<"}


def parts_of_name(name: str) -> tuple[str, ...] | None:
    """The word of a name and what stands below the line; None for a name that is not so made.

    >>> parts_of_name("theta_1"), parts_of_name("x12"), parts_of_name("v_max_2"), parts_of_name("__class__")
    (('theta', '1'), ('x', '12'), ('v', 'max', '2'), None)
    """
    match = _SHAPE.fullmatch(name)
    if match is None:
        return None
    word, digits, rest = match.groups()
    return (word, *([digits] if digits else []), *rest.split("_")[1:])


def key_of(parts: tuple[str, ...]) -> tuple[str, ...]:
    """What two names that look alike have in common: x1 and x_1, θ and theta."""
    return tuple([LETTER_OF.get(part, part) for part in parts])


def is_plain(name: str) -> bool:
    """Whether a name is what its letters and the parts below them read as: x_1 is, x1 and θ_1 are not."""
    parts = parts_of_name(name)
    return parts is not None and name == "_".join(key_of(parts))


def unverbatim(text: str) -> str:
    r"""The characters that stand in the braces of \mathtt{...}, \mathrm{...} and their like.

    >>> unverbatim(r"my\_name")
    'my_name'
    """
    return _ESCAPED.sub(lambda match: match[2] or _CHARACTERS[match[1]], text)
