"""The error at a token of a text."""

from __future__ import annotations

from lark import Token

from symdiff.errors import ParseError

__all__ = ["error_at"]


def error_at(token: Token, reason: str, hint: str = "", skip: int = 0) -> ParseError:
    """The error at a token, or so many characters into it; the text it shows is added where the text is known."""
    return ParseError(reason, line=token.line or 1, column=(token.column or 1) + skip, hint=hint)
