"""A hunt among small formulas: python tests/fuzz/formulas.py 900 7 tries such formulas for 900 seconds, with the seed 7.

Where the fuzz of run.py puts together any text, this draws formulas from a grammar, of leaves that take part in many rules.  Each formula
and its derivative is simplified twice under a watch, and values are compared.  A line is printed for every one that never ends, changes
a value, raises what is not of the library's family, or becomes shorter when it is simplified again.
"""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[2]))  # the checkout's own package, wherever this runs
sys.path.insert(0, str(Path(__file__).parent))
import targets

from symdiff import Expr, SymdiffError, diff, parse, simplify
from symdiff.operations import TABLE

PATIENCE = 20
"""The seconds of processor time that a formula may take."""

LEAVES = [
    *["x"] * 6, *["y"] * 3, "z", "0", "1", "-1", "2", "3", "-3", "6", "12", "1/2", "2/3", "(-1/3)", "0.5", "1.5", "e", "pi", "10^9", "7^400",
    "sqrt(2)", "(x + 1)", "(x + 1/2)", "(2*x)", "x^2", "(1 - x)", "(-x)", "(x - y)",
]
FUNCTIONS = [name for name, op in TABLE.items() if op.arity == 1 and op.symbol is None and op.slopes is not None]
OF_TWO = [name for name, op in TABLE.items() if op.arity == 2 and op.symbol is None and not op.relation]


class Endless(BaseException):
    """A formula took longer than PATIENCE."""


def drawn(random: Random, depth: int) -> str:
    """The text of a formula so many operations deep."""
    if not depth:
        return random.choice(LEAVES)
    first, second = drawn(random, depth - 1), drawn(random, random.randrange(depth))
    kind = random.random()
    if kind < 0.3:
        return f"{random.choice(FUNCTIONS)}({first})"
    if kind < 0.36:
        return f"{random.choice(OF_TWO)}({first}, {second})"
    if kind < 0.4:
        return f"where({second} {random.choice(['<', '<=', '==', '>'])} {drawn(random, random.randrange(depth))}, {first}, {second})"
    left, right = (first, second) if random.random() < 0.5 else (second, first)
    return f"({left}){random.choice('+-*/^^')}({right})"


def found(form: Expr) -> str:
    """What is wrong with the simplified form of an expression, if anything is."""
    signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE)
    try:
        short = simplify(form)
        targets.same_values(form, short)
        again = simplify(short)
        return "" if again is short else f"{short} is simplified again to {again}"
    except Endless:
        return f"longer than {PATIENCE} s"
    except SymdiffError:
        return ""
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def main(seconds: float, seed: int) -> None:
    def endless(*_: object) -> None:
        raise Endless

    signal.signal(signal.SIGVTALRM, endless)
    random, end, tried = Random(seed), time.monotonic() + seconds, 0
    while time.monotonic() < end:
        text = drawn(random, random.choice([1, 2, 2, 3]))
        try:
            formula = parse(text)
            forms = [formula, diff(formula, "x")]
        except SymdiffError:
            continue
        tried += 1
        for what, form in zip(("", " differentiated"), forms, strict=True):
            if problem := found(form):
                print(f"{text}{what}: {problem}", flush=True)
    print(f"{tried} formulas tried, and their derivatives")


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)
