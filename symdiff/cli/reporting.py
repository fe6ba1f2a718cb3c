"""Exit codes, and how an error reads in a terminal."""

from __future__ import annotations

import sys

from symdiff.errors import DefinitionError, LimitError, ParseError, UsageError

__all__ = ["BAD_INPUT", "FAILED", "FINE", "INTERRUPTED", "PIPE_CLOSED", "report"]

FINE, FAILED, BAD_INPUT = 0, 1, 2
INTERRUPTED, PIPE_CLOSED = 130, 141
"""What a shell reports of a command ended by the signals SIGINT and SIGPIPE."""

_USERS_FAULT = (ParseError, UsageError, DefinitionError, LimitError)


def report(error: BaseException, place: str = "") -> int:
    """Say on standard error what went wrong, and return the exit code for it."""
    reason = str(error) or ("out of memory" if isinstance(error, MemoryError) else type(error).__name__)
    if isinstance(error, OSError) and error.filename:
        reason = f"cannot open {error.filename}: {error.strerror}"
    print(f"symdiff: {place}{reason}", file=sys.stderr)
    return BAD_INPUT if isinstance(error, _USERS_FAULT) else FAILED
