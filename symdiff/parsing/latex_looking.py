"""What stands at a place of a LaTeX text, found without going there: names with subscripts, powers, the variables of a derivative."""

from __future__ import annotations

from lark import Token

from symdiff import limits
from symdiff.errors import LimitError
from symdiff.letters import GREEK, key_of, unverbatim
from symdiff.parsing.latex_arguments import mates, refused
from symdiff.parsing.latex_words import BARE_WORDS

__all__ = ["View", "is_differential", "primes", "retyped", "styled"]

_LONGEST = max(map(len, BARE_WORDS))
_MORE_OF_A_TERM = frozenset({
    "NUMBER", "LETTER", "COMMAND", "WORD", "FRAC", "ROOT", "POWER", "TIMES", "OVER", "BAR", "LBRACE", "LPAR", "LBAR", "LFLOOR", "LCEIL", "BEGIN",
})
"""Tokens that a term could go on with, behind parentheses."""


class View:
    """The tokens of a text, every argument in braces, with the place that closes each bracket."""

    def __init__(self, tokens: list[Token], names: dict[tuple[str, ...], str]) -> None:
        self.tokens, self.names = tokens, names
        self.mate = mates(tokens)
        self.words = {word for name in names.values() for word in (name, name.partition("_")[0]) if len(word) > 1}
        """What letters side by side spell, where the variables are given: Ef is one variable, if there is one of that name."""

    def kind(self, place: int) -> str:
        return str(self.tokens[place].type) if place < len(self.tokens) else ""

    def spelled(self, place: int) -> tuple[str, int]:
        """The longest given name, or its first word, that letters and digits from here on spell, and where it ends; else the letter."""
        text, found = "", (styled(self.tokens[place])[1], place)
        longest = max(map(len, self.words), default=0)
        while len(text) < longest and self.kind(place) in ("LETTER", "NUMBER") \
                and (not text or self.tokens[place].start_pos == self.tokens[place - 1].end_pos):
            text += self.tokens[place]
            if text in self.words:
                found = text, place
            place += 1
        return found

    def name(self, *parts: str) -> str:
        return self.names.get(key_of(parts)) or "_".join(parts)

    def subscript(self, place: int) -> tuple[list[str], int]:
        """The parts below the line, and where the reading goes on."""
        tokens = self.tokens
        if place >= len(tokens) or tokens[place].type != "UNDERSCORE":
            return [], place
        end = self.mate[place + 1]
        parts = [""]
        for token in tokens[place + 2:end]:
            if token.type == "COMMA":
                parts.append("")
            elif token.type in ("LETTER", "NUMBER", "WORD") or (token.type == "COMMAND" and token[1:] in GREEK):
                parts[-1] += styled(token)[1]
            else:
                raise refused(token, f"{str(token)!r} stands in a subscript", "a subscript is a part of the name: letters and digits")
        if not all(parts):
            raise refused(tokens[place], "a part of the subscript is empty", "write letters or digits")
        return parts, end + 1

    def is_called(self, place: int) -> bool:
        """Whether parentheses follow, perhaps behind a power and perhaps in braces."""
        tokens = self.tokens
        if place < len(tokens) and tokens[place].type == "POWER":
            place = self.mate[place + 1] + 1
        if place < len(tokens) and tokens[place].type == "LBRACE":
            place += 1
        return place < len(tokens) and tokens[place].type == "LPAR"

    def order(self, place: int) -> tuple[int, int]:
        """The order that stands behind a d, and what stands behind that."""
        tokens = self.tokens
        if tokens[place].type == "POWER" and self.mate[place + 1] == place + 3 and tokens[place + 2].isdigit():
            order = int(tokens[place + 2][:6])
            if order > limits.derivative_order:
                raise LimitError(f"the derivative of order {order}", "derivative_order", limits.derivative_order)
            return order, place + 4
        return 1, place

    def differentials(self, place: int, end: int) -> list[tuple[str, int]] | None:
        """The variables below the line; None where that is no list of them."""
        tokens, by = self.tokens, []
        while place < end:
            if not is_differential(tokens[place]) or tokens[place + 1].type not in ("LETTER", "COMMAND", "WORD"):
                return None
            word = styled(tokens[place + 1])[1]
            if tokens[place + 1].type == "COMMAND" and word not in GREEK:
                return None
            subscript, place = self.subscript(place + 2)
            order, place = self.order(place)
            by.append((self.name(word, *subscript), order))
        return by

    # mistakes that show from here on

    def check_backslash(self, place: int, token: Token) -> None:
        """sin x is hardly s*i*n*x."""
        text = ""
        while len(text) < _LONGEST and self.kind(place) == "LETTER" and (not text or self.tokens[place].start_pos == self.tokens[place - 1].end_pos):
            text += self.tokens[place]
            place += 1
        found = next((text[:length] for length in range(len(text), 1, -1) if text[:length] in BARE_WORDS), None)
        if found is not None:
            raise refused(token, f"{found!r} without a backslash is a product of letters",
                          f"write {BARE_WORDS[found]}; for the product put spaces between the letters")

    def check_end(self, place: int) -> None:
        """What stands behind the parentheses that follow an operator could be differentiated or not."""
        tokens = self.tokens
        if place < len(tokens) and tokens[place].type == "LPAR":
            behind = self.mate[place] + 1
            if behind < len(tokens) and tokens[behind].type in _MORE_OF_A_TERM:
                raise refused(tokens[behind], "it is unclear whether this is differentiated too",
                              "put parentheses around all that is differentiated, or around the derivative")


def is_differential(token: Token) -> bool:
    return token.type == "PARTIAL" or (token.type in ("LETTER", "WORD") and styled(token)[1] == "d")


def styled(token: Token) -> tuple[str, str]:
    r"""The command and the word of a token: \mathrm{max} is mathrm and max, \alpha is alpha without a command."""
    text = str(token)
    if token.type != "WORD" or not text.startswith("\\"):
        return "", text.removeprefix("\\")
    command, _, content = text[1:].partition("{")
    style = command.strip().rstrip("*")
    return {"textrm": "text", "mbox": "text"}.get(style, style), unverbatim(content[:-1].strip())


def primes(token: Token) -> int:
    return token.count("'") + token.count("\\prime")


def retyped(kind: str, token: Token, text: str | None = None) -> Token:
    return Token.new_borrow_pos(kind, str(token) if text is None else text, token)
