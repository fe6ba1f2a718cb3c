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
    "cards": "symdiff.cli.carding",
    "plot": "symdiff.cli.plotting",
    "check": "symdiff.cli.verifying",
    "demo": "symdiff.cli.demonstrating",
    "completion": "symdiff.cli.completing",
}

_EXAMPLES = """
examples:
  symdiff diff "x^2*sin(x)"
  symdiff check "ln(x^2+1)" "2x/(x^2+1)"
  symdiff demo
  symdiff diff --help
"""
_FORMULAS = """
formulas:
  x^2*sin(x)  2x  sqrt(x)  |x|  exp(-x)  1/2x (that is x/2)  where(x > 0, x, 0)
  quote them, so that the shell leaves * ( ) | and ^ alone; one that begins with - is fine
"""
_LINES = "  '-' in the place of a formula reads one formula a line from standard input\n"
_CODES = "exit codes: 0 fine, 1 refuted or failed, 2 bad input\n"
_READS_LINES = ("diff", "steps", "simplify", "taylor", "eval")


def parsers() -> tuple[ArgumentParser, dict[str, ArgumentParser]]:
    parser = ArgumentParser(
        prog="symdiff", description="Symbolic derivatives: exact, readable, checked, drawn.", epilog=_EXAMPLES + _FORMULAS + _CODES,
        formatter_class=RawDescriptionHelpFormatter, allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"symdiff {__version__}")
    adder = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    commands: dict[str, ArgumentParser] = {}

    def command(name: str, summary: str, *examples: str) -> ArgumentParser:
        epilog = "examples:\n" + "".join(f"  symdiff {name} {example}".rstrip() + "\n" for example in examples)
        if name != "completion":
            epilog += _FORMULAS + (_LINES if name in _READS_LINES else "") + _CODES
        commands[name] = adder.add_parser(
            name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.", epilog=epilog,
            formatter_class=RawDescriptionHelpFormatter, allow_abbrev=False)
        return commands[name]

    _add_diff(command("diff", "print the derivative of a formula", '"x^2*sin(x)"', '"x^3*y^2" --wrt y --order 2',
                      '"exp(-x^2)" --format latex', "- --format json < formulas.txt",
                      r"'\frac{x}{2} \sin x' --from latex --format unicode"))
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
    _add_graph(command("graph", "draw a formula as a graph", '"x^2*sin(x)" -o tree.svg', '"x^2*sin(x)" | dot -Tpng > tree.png',
                       '"w*x + b" --at w=0.5 --at x=1 --at b=0 -o flow.svg', '"x^2*sin(x)" --format mermaid'))
    _add_cards(command("cards", "draw a derivative rule by rule, one card a step", '"x^2*sin(x)" -o cards.svg',
                       '"ln(x^2 + 1)" --at x=2 -o cards.html'))
    _add_plot(command("plot", "plot a formula of one variable beside its derivative", '"x^3 - x" --tangent 1 -o p.svg',
                      '"tan(x)" --from -4 --to 4 -o p.svg', '"x^2" --secants 1 -o p.svg', '"exp(x)" --errors 0 -o p.svg',
                      '"x^2 + 3*y^2 + x*y" --descent x=2,y=1 --rate 0.1 -o p.svg'))
    _add_check(command("check", "certify or refute a derivative", '"ln(x^2+1)" "2x/(x^2+1)"',
                       '"x^2*y" "2x*y" --wrt x --seed 7', '"floor(x)" "0" --on 0.5:2.5', "--module model:loss --grad model:slope"))
    _add_demo(command("demo", "parse, differentiate, check and draw an example", "", '"exp(-x^2)*cos(3x)"', "-o picture.svg"))
    _add_completion(command("completion", "print what a shell needs to complete this command", "bash >> ~/.bashrc", "zsh >> ~/.zshrc",
                            "fish > ~/.config/fish/completions/symdiff.fish"))
    return parser, commands


def _add_diff(parser: ArgumentParser) -> None:
    parser.add_argument("formula", help="the formula, or - for one a line from standard input")
    _add_source(parser)
    parser.add_argument("--wrt", metavar="NAME", help="the variable to differentiate by; needed where the formula has several")
    parser.add_argument("--order", type=int, default=1, metavar="N", help="the order of the derivative (default 1)")
    parser.add_argument("--format", choices=("text", "latex", "unicode", "mathml", "json"), default="text", help="how to print it (default text)")
    parser.add_argument("--raw", action="store_true", help="the form that the rules give, not simplified")
    _add_functions(parser)


def _add_steps(parser: ArgumentParser) -> None:
    parser.add_argument("formula", help="the formula, or - for one a line from standard input")
    _add_source(parser)
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
    _add_source(parser)
    parser.add_argument("--wrt", metavar="NAME", help="the variable; needed where the formula has several")
    parser.add_argument("--at", default="0", metavar="VALUE", help="the point of expansion (default 0)")
    parser.add_argument("--order", type=int, default=4, metavar="N", help="the highest power (default 4)")
    parser.add_argument("--format", choices=("text", "latex", "unicode", "mathml"), default="text", help="how to print it (default text)")


def _add_source(parser: ArgumentParser) -> None:
    parser.add_argument("--from", dest="source", choices=("text", "latex"), default="text", help="what the formula is written in (default text)")


def _add_functions(parser: ArgumentParser) -> None:
    parser.add_argument("--function", metavar="NAMES", default="", help="names of abstract functions, separated by commas: f,g")


def _add_simplify(parser: ArgumentParser) -> None:
    parser.add_argument("formula", help="the formula, or - for one a line from standard input")
    _add_source(parser)
    parser.add_argument("--assume", action="append", default=[], metavar="TEXT", help='what holds of variables: "x > 0, n integer"')
    parser.add_argument("--mode", choices=("record", "strict", "generic"), default="record",
                        help="record says where the shorter form holds (default), strict keeps the domain exactly, generic says nothing")
    parser.add_argument("--prefer", choices=("reading", "accuracy"), default="reading",
                        help="reading for the shortest form (default), accuracy for one that keeps its digits in floating point")
    parser.add_argument("--effort", type=float, default=1.0, metavar="N",
                        help="how much of the work that the limits allow (default 1, 0 collects only)")
    _add_functions(parser)
    parser.add_argument("--format", choices=("text", "latex", "unicode", "mathml", "json"), default="text", help="how to print it (default text)")
    parser.add_argument("-o", "--output", metavar="FILE", help="where a film of the rules that fired goes, a page to be turned (.html)")


def _add_eval(parser: ArgumentParser) -> None:
    parser.add_argument("formula", help="the formula, or - for one a line from standard input")
    _add_source(parser)
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
    _add_picture(parser, "without it DOT text is printed")
    parser.add_argument("--at", action="append", default=[], metavar="NAME=VALUE",
                        help="draw the flow at this point: values forward, derivatives backward; once for each variable")


def _add_cards(parser: ArgumentParser) -> None:
    parser.add_argument("formula", help="the formula")
    parser.add_argument("--wrt", metavar="NAME", help="the variable to differentiate by; needed where the formula has several")
    _add_picture(parser, "without it DOT text is printed")
    parser.add_argument("--at", action="append", default=[], metavar="NAME=VALUE",
                        help="put values on every card and compare them with a numeric derivative; once for each variable")


def _add_plot(parser: ArgumentParser) -> None:
    parser.add_argument("formula", help="the formula, of one variable, or of two for --descent")
    parser.add_argument("-o", "--output", metavar="FILE", help="where the picture goes: .svg, .png, .pdf, .html; without it SVG is printed")
    parser.add_argument("--from", dest="low", type=float, metavar="X", help="where the plot begins (default: found from the formula)")
    parser.add_argument("--to", dest="high", type=float, metavar="X", help="where it ends")
    parser.add_argument("--tangent", action="append", default=[], type=float, metavar="X", help="draw the tangent here; may be repeated")
    parser.add_argument("--secants", type=float, metavar="X", help="draw secants through this point that turn into its tangent")
    parser.add_argument("--errors", type=float, metavar="X", help="plot the error of difference quotients at this point against their step")
    parser.add_argument("--descent", metavar="X=A,Y=B", help="for two variables: the gradient field, and the path of descent from this point")
    parser.add_argument("--rate", type=float, default=0.1, metavar="RATE", help="how far a step of descent goes along the gradient (default 0.1)")


def _add_picture(parser: ArgumentParser, otherwise: str) -> None:
    parser.add_argument("-o", "--output", metavar="FILE", help=f"where the picture goes; its ending says the format; {otherwise}")
    parser.add_argument("--format", choices=("dot", "svg", "png", "pdf", "html", "mermaid", "json"),
                        help="the format of the picture, whatever the file's ending; without -o it is printed")


def _add_check(parser: ArgumentParser) -> None:
    parser.add_argument("formula", nargs="?", help="the formula")
    parser.add_argument("derivative", nargs="?", help="what its derivative is said to be")
    parser.add_argument("--wrt", metavar="NAME", help="the variable; needed where the formulas have several")
    parser.add_argument("--on", action="append", default=[], metavar="LOW:HIGH",
                        help="enclose the difference on this interval; NAME=LOW:HIGH or NAME=VALUE for other variables")
    parser.add_argument("--module", metavar="MODULE:F", help="check a Python function instead of a formula; its code is run")
    parser.add_argument("--grad", metavar="MODULE:DF", help="the function said to be its derivative")
    parser.add_argument("--size", type=int, metavar="N", help="the function takes an array of N numbers and the derivative is its gradient")
    parser.add_argument("--like", choices=("python", "numpy", "torch", "jax"), help="what the functions take (default: floats, arrays with --size)")
    parser.add_argument("--seed", type=int, metavar="N", help="the seed of the random points")
    parser.add_argument("--points", type=int, metavar="N", help="how many points to try")


def _add_completion(parser: ArgumentParser) -> None:
    parser.add_argument("shell", choices=("bash", "zsh", "fish"), help="the shell")


def _add_demo(parser: ArgumentParser) -> None:
    parser.add_argument("formula", nargs="?", default="x^2*sin(x)", help="a formula of one variable (default x^2*sin(x))")
    parser.add_argument("-o", "--output", metavar="FILE", default="symdiff-demo.svg",
                        help="where the picture goes (default symdiff-demo.svg)")
