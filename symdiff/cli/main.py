"""The arguments of the command, and what becomes of errors: a message and an exit code, never a traceback."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module

from symdiff.cli.arguments import RUNS, parsers
from symdiff.cli.reporting import BAD_INPUT, FAILED, INTERRUPTED, PIPE_CLOSED, report
from symdiff.errors import SymdiffError, UsageError

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command with these arguments (by default the process's own) and return its exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal without the letter θ gets \u03b8
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _run(words)
        sys.stdout.flush()
    except SystemExit as end:  # argparse: help, version, wrong arguments
        return end.code if isinstance(end.code, int) else BAD_INPUT
    except BrokenPipeError:  # the reader has seen enough; what is still buffered goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except KeyboardInterrupt:
        return INTERRUPTED
    except (SymdiffError, OSError, MemoryError) as error:
        return report(error)
    except Exception as error:
        print(f"symdiff: internal error, please report it: {type(error).__name__}: {error}", file=sys.stderr)
        return FAILED
    return code


def _run(words: list[str]) -> int:
    parser, commands = parsers()
    if not words:
        parser.print_help(sys.stderr)
        return BAD_INPUT
    if words[0] not in RUNS:
        if not words[0].startswith("-"):
            raise UsageError(_no_command(words[0]))
        parser.parse_args(words)  # help, version, or an error that names what is wrong
        return BAD_INPUT
    command = commands[words[0]]
    options = command.parse_args(_arranged(words[1:], command))
    options.command = words[0]
    code: int = import_module(RUNS[words[0]]).run(options)
    return code


def _no_command(word: str) -> str:
    """What to say of a word that is none: the command it looks like, or, as it may be a formula, the one most people want."""
    alike = [name for name in RUNS if word.startswith(name) or name.startswith(word)] or get_close_matches(word, RUNS, 1)
    if alike:
        meant = f"did you mean {alike[0]}?"
    elif word.isalpha():
        meant = "try symdiff --help"
    else:
        meant = f'for its derivative write: symdiff diff "{word}"'
    return f"{word!r} is no command; {meant} (commands: {', '.join(RUNS)})"


def _arranged(words: list[str], parser: ArgumentParser) -> list[str]:
    """Options first, then the rest behind '--', so that a formula may begin with a minus and stand anywhere."""
    takes_value = {name: action.nargs != 0 for action in parser._actions for name in action.option_strings}
    options: list[str] = []
    rest: list[str] = []
    left = iter(words)
    for word in left:
        name = word.partition("=")[0] if word.startswith("--") else word
        if word == "--":
            rest += left
        elif name in takes_value:
            needs = takes_value[name] and "=" not in word
            value = next(left, None) if needs else None
            options.append(word if value is None else f"{word}={value}" if word.startswith("--") else word + value)
        elif word.startswith("--") and word[2:4].isalpha() and len(word) > 3:
            options.append(word)  # an unknown option: argparse says so
        else:
            rest.append(word)
    return [*options, "--", *rest] if rest else options


if __name__ == "__main__":
    sys.exit(main())
