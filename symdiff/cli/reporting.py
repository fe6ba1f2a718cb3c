"""Exit codes, and how an error reads in a terminal."""

from __future__ import annotations

import re
import sys

from symdiff.errors import DefinitionError, LimitError, ParseError, UsageError

__all__ = ["BAD_INPUT", "FAILED", "FINE", "INTERRUPTED", "PIPE_CLOSED", "report"]

FINE, FAILED, BAD_INPUT = 0, 1, 2
INTERRUPTED, PIPE_CLOSED = 130, 141
"""What a shell reports of a command ended by the signals SIGINT and SIGPIPE."""

_USERS_FAULT = (ParseError, UsageError, DefinitionError, LimitError)


_SAID_IN_PYTHON = (
    (r"for LaTeX input use parse_latex", "for LaTeX input: --from latex (diff, steps, simplify, taylor, eval)"),
    (r'to add a function use define\(.*?\), for an unknown one Function\("(\w+)"\)',
     r"for an unknown function: --function \1 (diff, steps, simplify)"),
    (r"write at=\{'(\w+)': (\w+)\}", r"write --at \1=\2"),
    (r"write draw\(expression, '(.*?)'\) or give format='(\w+)'", r"write -o \1 or add --format \2"),
    (r"put numbers in for the others, such as f\.subs\(.*?\), or give descent= for two", "write numbers for the others, or give --descent for two"),
)
"""What the library tells people to write in Python, and what stands for it on the command line."""


def report(error: BaseException, place: str = "") -> int:
    """Say on standard error what went wrong, and return the exit code for it."""
    reason = str(error) or ("out of memory" if isinstance(error, MemoryError) else type(error).__name__)
    if isinstance(error, OSError) and error.filename:
        reason = f"cannot open {error.filename}: {error.strerror}"
    for said, meant in _SAID_IN_PYTHON:
        reason = re.sub(said, meant, reason)
    print(f"symdiff: {place}{reason}", file=sys.stderr)
    return BAD_INPUT if isinstance(error, _USERS_FAULT) else FAILED
