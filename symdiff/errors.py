"""Every error the library raises on purpose: what was wrong, where, and what to write next."""

from __future__ import annotations

__all__ = [
    "CompilerError", "DefinitionError", "DomainError", "LimitError", "MissingDependency", "ParseError", "RenderError", "SymdiffError",
    "UsageError",
]


class SymdiffError(Exception):
    """The family all errors of this library belong to."""


class UsageError(SymdiffError, TypeError, ValueError):
    """A public function was called with something it cannot work on."""


class DefinitionError(SymdiffError, ValueError):
    """A name, symbol or operation was declared in a way the language cannot hold."""


class DomainError(SymdiffError, ArithmeticError):
    """An expression has no real value at the point asked for."""


class LimitError(SymdiffError):
    """A limit of `symdiff.limits` stopped the work; the message names it and says how to raise it."""

    def __init__(self, what: str, limit: str, value: object) -> None:
        super().__init__(f"{what}: over the limit symdiff.limits.{limit} = {value}; set it higher to allow this")
        self.limit = limit


class CompilerError(SymdiffError):
    """There is no C compiler, or it failed."""


class RenderError(SymdiffError):
    """No installed engine can make the picture asked for."""


class MissingDependency(SymdiffError, ImportError):
    """An optional third-party package is needed for this call."""

    def __init__(self, package: str, purpose: str, extra: str) -> None:
        super().__init__(f"{purpose} needs {package}; install it with: pip install 'symdiff[{extra}]'")


class ParseError(SymdiffError, ValueError):
    """Text that is no formula: the place (`line`, `column`, both from 1), the reason, and a `hint` what to write instead."""

    def __init__(self, reason: str, text: str = "", line: int = 1, column: int = 1, hint: str = "") -> None:
        self.reason, self.text, self.line, self.column, self.hint = reason, text, line, column, hint
        super().__init__(reason)

    def placed_in(self, whole: str, start: int) -> ParseError:
        """The same error for a text of which this formula is a part, from that character on."""
        place = start + sum(len(line) + 1 for line in self.text.split("\n")[:self.line - 1]) + self.column - 1
        return ParseError(self.reason, whole, whole.count("\n", 0, place) + 1, place - whole.rfind("\n", 0, place), self.hint)

    def __reduce__(self) -> tuple[object, ...]:
        return ParseError, (self.reason, self.text, self.line, self.column, self.hint)

    def __str__(self) -> str:
        message = f"line {self.line}, column {self.column}: {self.reason}"
        lines = self.text.split("\n")
        if 1 <= self.line <= len(lines):
            shown, caret = _window(lines[self.line - 1], self.column)
            message += f"\n  {shown}\n  {' ' * caret}^"
        return message + (f"\n  {self.hint}" if self.hint else "")


def _window(line: str, column: int, width: int = 72) -> tuple[str, int]:
    """The part of a long line around a column, and where in it the caret goes."""
    start = 0 if len(line) <= width else max(0, column - 1 - width // 2)
    head, tail = ("..." if start else ""), ("..." if start + width < len(line) else "")
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in line[start:start + width])
    return f"{head}{shown}{tail}", len(head) + column - 1 - start
