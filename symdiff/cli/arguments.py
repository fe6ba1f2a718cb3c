"""The arguments of every subcommand, with their help; what a subcommand does is in its own module."""

from __future__ import annotations

from argparse import ArgumentParser, RawDescriptionHelpFormatter

from symdiff import __version__

__all__ = ["RUNS", "parsers"]

RUNS = {  # subcommand: the module whose `run(options)` does it
    "diff": "symdiff.cli.differentiating",
    "steps": "symdiff.cli.explaining",
    "simplify": "symdiff.cli.simplifying",
    "grad": "symdiff.cli.multivariate",
    "jacobian": "symdiff.cli.multivariate",
    "hessian": "symdiff.cli.multivariate",
    "taylor": "symdiff.cli.expanding",
    "eval": "symdiff.cli.evaluating",
    "compile": "symdiff.cli.compiling",
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


def parsers() -> tuple[ArgumentParser, dict[str, ArgumentParser]]:
    parser = ArgumentParser(
        prog="symdiff", description="Symbolic derivatives: exact, readable, checked, drawn.", epilog=_EXAMPLES + _FORMULAS,
        formatter_class=RawDescriptionHelpFormatter, allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"symdiff {__version__}")
    adder = parser.add_subparsers(title="commands", metavar=" | ".join(RUNS), required=True)
    commands: dict[str, ArgumentParser] = {}

    def command(name: str, summary: str, *examples: str) -> ArgumentParser:
        epilog = "examples:\n" + "".join(f"  symdiff {name} {example}".rstrip() + "\n" for example in examples)
        commands[name] = adder.add_parser(
            name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.", epilog=epilog + _FORMULAS,
            formatter_class=RawDescriptionHelpFormatter, allow_abbrev=False)
        return commands[name]

    _add_diff(command("diff", "print the derivative of a formula", '"x^2*sin(x)"', '"x^3*y^2" --wrt y --order 2',
                      '"exp(-x^2)" --format latex', "- --format json < formulas.txt"))
    _add_steps(command("steps", "explain a derivative rule by rule", '"ln(x^2+1)"', '"x*exp(-x)" --format markdown'))
    _add_simplify(command("simplify", "print a shorter form of a formula, and where it holds", '"(x^2-1)/(x-1)"',
                          '"sqrt(x^2)" --assume "x > 0"', '"x/x" --mode strict'))
    _add_several(command("grad", "print all first derivatives of a formula", '"x^2*y + sin(z)"', '"x^2*y" --wrt y,x'))
    _add_several(command("jacobian", "print the matrix of first derivatives of several formulas", '"x^2*y" "sin(y)"'), several=True)
    _add_several(command("hessian", "print the matrix of second derivatives of a formula", '"x^2*y + y^3"'))
    _add_taylor(command("taylor", "print the Taylor polynomial of a formula", '"sin(x)" --order 5', '"ln(x)" --at 1'))
    _add_eval(command("eval", "print the value of a formula at a point", '"x^2+y" x=2 y=3', '"sin(x)" --at x=pi/6'))
    _add_compile(command("compile", "write code that computes formulas and their derivatives", '"x^2*sin(y)" --to c -o f.c',
                         '"ln(1+exp(x))" --grad'))
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
    _add_functions(parser)


def _add_steps(parser: ArgumentParser) -> None:
    parser.add_argument("formula", help="the formula, or - for one a line from standard input")
    parser.add_argument("--wrt", metavar="NAME", help="the variable to differentiate by; needed where the formula has several")
    parser.add_argument("--format", choices=("text", "latex", "markdown", "html"), default="text", help="how to print it (default text)")
    _add_functions(parser)


def _add_several(parser: ArgumentParser, several: bool = False) -> None:
    parser.add_argument("formula", nargs="+" if several else None, help="the formulas" if several else "the formula")
    parser.add_argument("--wrt", metavar="NAMES", help="the variables, separated by commas (default: all, by name)")
    parser.add_argument("--format", choices=("text", "latex", "json"), default="text", help="how to print it (default text)")
    parser.add_argument("--raw", action="store_true", help="the forms that the rules give, not simplified")


def _add_taylor(parser: ArgumentParser) -> None:
    parser.add_argument("formula", help="the formula, or - for one a line from standard input")
    parser.add_argument("--wrt", metavar="NAME", help="the variable; needed where the formula has several")
    parser.add_argument("--at", default="0", metavar="VALUE", help="the point of expansion (default 0)")
    parser.add_argument("--order", type=int, default=4, metavar="N", help="the highest power (default 4)")
    parser.add_argument("--format", choices=("text", "latex"), default="text", help="how to print it (default text)")


def _add_functions(parser: ArgumentParser) -> None:
    parser.add_argument("--function", metavar="NAMES", default="", help="names of abstract functions, separated by commas: f,g")


def _add_simplify(parser: ArgumentParser) -> None:
    parser.add_argument("formula", help="the formula, or - for one a line from standard input")
    parser.add_argument("--assume", action="append", default=[], metavar="TEXT", help='what holds of variables: "x > 0, n integer"')
    parser.add_argument("--mode", choices=("record", "strict", "generic"), default="record",
                        help="record says where the shorter form holds (default), strict keeps the domain exactly, generic says nothing")
    _add_functions(parser)
    parser.add_argument("--format", choices=("text", "latex", "json"), default="text", help="how to print it (default text)")


def _add_eval(parser: ArgumentParser) -> None:
    parser.add_argument("formula", help="the formula, or - for one a line from standard input")
    parser.add_argument("values", nargs="*", metavar="NAME=VALUE", help="the value of a variable: x=2, x=1/3, x=pi/2")
    parser.add_argument("--at", action="append", default=[], metavar="NAME=VALUE", help="the same, as an option")


def _add_compile(parser: ArgumentParser) -> None:
    parser.add_argument("formula", nargs="+", help="the formulas; parts they share are computed once")
    parser.add_argument("--to", choices=("python", "numpy", "c", "jax", "torch"), default="python", help="the language (default python)")
    parser.add_argument("--args", metavar="NAMES", help="the arguments, separated by commas (default: all variables, by name)")
    parser.add_argument("--grad", action="store_true", help="the first derivatives by all arguments too, after the values")
    parser.add_argument("--name", default="f", metavar="NAME", help="the name of the function (default f)")
    parser.add_argument("-o", "--output", metavar="FILE", help="where the code goes (for C with a header beside it); without it, it is printed")


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
