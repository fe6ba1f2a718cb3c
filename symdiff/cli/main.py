"""The arguments of the command, and what becomes of errors: a message and an exit code, never a traceback."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Sequence
from importlib import import_module

from symdiff import __version__
from symdiff.cli.reporting import BAD_INPUT, FAILED, INTERRUPTED, PIPE_CLOSED, report
from symdiff.errors import SymdiffError

__all__ = ["main"]

_RUNS = {  # subcommand: the module whose `run(options)` does it
    "diff": "symdiff.cli.differentiating",
    "simplify": "symdiff.cli.simplifying",
    "eval": "symdiff.cli.evaluating",
    "graph": "symdiff.cli.graphing",
    "check": "symdiff.cli.verifying",
    "demo": "symdiff.cli.demonstrating",
}

_EXAMPLES = """
examples:
  symdiff diff "x^2*sin(x)"
  symdiff check "ln(x^2+1)" "2x/(x^2+1)"
  symdiff demo
"""
_FORMULAS = """
formulas:
  x^2*sin(x)  2x  sqrt(x)  |x|  exp(-x)  1/2x (that is x/2)  where(x > 0, x, 0)
  quote them, so that the shell leaves * ( ) | and ^ alone; one that begins with - is fine
  '-' in the place of a formula reads one formula a line from standard input
exit codes: 0 fine, 1 refuted or failed, 2 bad input
"""


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
    parser, commands = _parsers()
    if not words:
        parser.print_help(sys.stderr)
        return BAD_INPUT
    if words[0] not in _RUNS:
        parser.parse_args(words)  # help, version, or an error that names the subcommands
        return BAD_INPUT
    command = commands[words[0]]
    options = command.parse_args(_arranged(words[1:], command))
    code: int = import_module(_RUNS[words[0]]).run(options)
    return code


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


def _parsers() -> tuple[ArgumentParser, dict[str, ArgumentParser]]:
    parser = ArgumentParser(
        prog="symdiff", description="Symbolic derivatives: exact, readable, checked, drawn.", epilog=_EXAMPLES + _FORMULAS,
        formatter_class=RawDescriptionHelpFormatter, allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"symdiff {__version__}")
    adder = parser.add_subparsers(title="commands", metavar="diff | simplify | eval | graph | check | demo", required=True)
    commands: dict[str, ArgumentParser] = {}

    def command(name: str, summary: str, *examples: str) -> ArgumentParser:
        epilog = "examples:\n" + "".join(f"  symdiff {name} {example}".rstrip() + "\n" for example in examples)
        commands[name] = adder.add_parser(
            name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.", epilog=epilog + _FORMULAS,
            formatter_class=RawDescriptionHelpFormatter, allow_abbrev=False)
        return commands[name]

    _add_diff(command("diff", "print the derivative of a formula", '"x^2*sin(x)"', '"x^3*y^2" --wrt y --order 2',
                      '"exp(-x^2)" --format latex', "- --format json < formulas.txt"))
    _add_simplify(command("simplify", "print a shorter form of a formula, and where it holds", '"(x^2-1)/(x-1)"',
                          '"sqrt(x^2)" --assume "x > 0"', '"x/x" --mode strict'))
    _add_eval(command("eval", "print the value of a formula at a point", '"x^2+y" x=2 y=3', '"sin(x)" --at x=pi/6'))
    _add_graph(command("graph", "draw a formula as a graph", '"x^2*sin(x)" -o tree.svg', '"x^2*sin(x)" | dot -Tpng > tree.png'))
    _add_check(command("check", "check a derivative against numeric differentiation", '"ln(x^2+1)" "2x/(x^2+1)"',
                       '"x^2*y" "2x*y" --wrt x --seed 7'))
    _add_demo(command("demo", "parse, differentiate, check and draw an example", "", '"exp(-x^2)*cos(3x)"', "-o picture.svg"))
    return parser, commands


def _add_diff(parser: ArgumentParser) -> None:
    parser.add_argument("formula", help="the formula, or - for one a line from standard input")
    parser.add_argument("--wrt", metavar="NAME", help="the variable to differentiate by; needed where the formula has several")
    parser.add_argument("--order", type=int, default=1, metavar="N", help="the order of the derivative (default 1)")
    parser.add_argument("--format", choices=("text", "latex", "json"), default="text", help="how to print it (default text)")
    parser.add_argument("--raw", action="store_true", help="the form that the rules give, not simplified")


def _add_simplify(parser: ArgumentParser) -> None:
    parser.add_argument("formula", help="the formula, or - for one a line from standard input")
    parser.add_argument("--assume", action="append", default=[], metavar="TEXT", help='what holds of variables: "x > 0, n integer"')
    parser.add_argument("--mode", choices=("record", "strict", "generic"), default="record",
                        help="record says where the shorter form holds (default), strict keeps the domain exactly, generic says nothing")
    parser.add_argument("--format", choices=("text", "latex", "json"), default="text", help="how to print it (default text)")


def _add_eval(parser: ArgumentParser) -> None:
    parser.add_argument("formula", help="the formula, or - for one a line from standard input")
    parser.add_argument("values", nargs="*", metavar="NAME=VALUE", help="the value of a variable: x=2, x=1/3, x=pi/2")
    parser.add_argument("--at", action="append", default=[], metavar="NAME=VALUE", help="the same, as an option")


def _add_graph(parser: ArgumentParser) -> None:
    parser.add_argument("formula", help="the formula, or - to read it from standard input")
    parser.add_argument("-o", "--output", metavar="FILE",
                        help="where the picture goes; its ending says the format (.svg, .png, .pdf, .dot). Without it DOT text is printed")


def _add_check(parser: ArgumentParser) -> None:
    parser.add_argument("formula", help="the formula")
    parser.add_argument("derivative", help="what its derivative is said to be")
    parser.add_argument("--wrt", metavar="NAME", help="the variable; needed where the formulas have several")
    parser.add_argument("--seed", type=int, metavar="N", help="the seed of the random points")
    parser.add_argument("--points", type=int, metavar="N", help="how many points to try")


def _add_demo(parser: ArgumentParser) -> None:
    parser.add_argument("formula", nargs="?", default="x^2*sin(x)", help="a formula of one variable (default x^2*sin(x))")
    parser.add_argument("-o", "--output", metavar="FILE", default="symdiff-demo.svg",
                        help="where the picture goes (default symdiff-demo.svg)")


if __name__ == "__main__":
    sys.exit(main())


