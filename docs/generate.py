"""Writes the pages of docs/reference/ that come from the library's own tables: functions, rules, limits and the command.

Run it after a change to a row, a rule, a limit or an option:  python docs/generate.py
"""

from __future__ import annotations

import ast
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from itertools import pairwise
from pathlib import Path

from symdiff import Symbol, SymdiffError, diff, latex, limits
from symdiff.cli.arguments import RUNS, parsers
from symdiff.expr import Expr
from symdiff.operations import ALIASES, TABLE
from symdiff.operations.op import Interval, Op
from symdiff.simplification.identities import SUBJECTS, all_rules
from symdiff.simplification.rule import Rule, Stage

__all__ = ["PAGES"]

FOLDER = Path(__file__).parent / "reference"
NOTE = "This page is made from the library's own tables by `python docs/generate.py`; a test compares the two.\n"
ROOMS = ("arithmetic", "elementary", "trigonometric", "hyperbolic", "piecewise", "special", "learning")
LETTERS = tuple(Symbol(letter) for letter in "uvwabcd")
CONSTANTS = {3.141592653589793: "pi", 1.5707963267948966: "pi/2"}


def code(text: object) -> str:
    """A cell of a table in code letters; a bar would end the cell."""
    return "`" + str(text).replace("|", "\\|") + "`"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines) + "\n"


def heading(words: str) -> str:
    return words.replace("_", " ").capitalize()


# functions


def functions_page() -> str:
    """Every row of the table of operations."""
    parts = [f"""# Functions

{NOTE}
`u`, `v`, `w` are the arguments. A function without an entry under "defined for" has a value for every real number. The derivative is
that by the argument named. All values are real; see [real numbers](../decisions/real-domain.md) and [kinks](../decisions/kinks.md).
"""]
    for room in ROOMS:
        rows = [op for op in TABLE.values() if room_of(op) == room]
        parts.append(f"## {heading(room)}\n")
        parts.append(table(["written", "derivative", "defined for", "values", "LaTeX"], [function_row(op) for op in rows]))
        notes = [note for op in rows for note in function_notes(op)]
        parts.append("\n".join(notes) + "\n" if notes else "")
    return "\n".join(part for part in parts if part)


def room_of(op: Op) -> str:
    """The file in which a row is written, by one of the row's own functions; users' functions are written in none of ROOMS."""
    return next(column.__module__ for column in (op.slopes, op.precise, op.value) if callable(column)).rpartition(".")[2]


def arguments(op: Op) -> list[Expr]:
    count = 2 if op.variadic else op.arity
    return [LETTERS[place] > 0 if place in op.conditions else LETTERS[place] for place in range(count)]


def function_row(op: Op) -> list[str]:
    args = arguments(op)
    node = op(*args) if args else Expr(op)
    return [code(node), derivatives(op, node), "" if op.domain is None else code(op.domain(*args)), values(op), code(latex(node))]


def derivatives(op: Op, node: Expr) -> str:
    """The partial derivatives, one a line of the cell."""
    if op.relation:
        return "a condition"
    places = [place for place in range(len(node.args)) if place not in op.conditions]
    found = []
    for place in places:
        by = f"by {LETTERS[place]}: " if len(places) > 1 else ""
        try:
            found.append(by + code(diff(node, LETTERS[place])))
        except SymdiffError:
            found.append(by + "none")
    return "<br>".join(found) or "`0`"


def values(op: Op) -> str:
    if op.relation:
        return "true, false"
    return "" if op.range == Interval() else interval(op.range)


def interval(span: Interval) -> str:
    """A set of values as relations: 0 < value, -1 <= value <= 1."""
    low = "" if span.low == -float("inf") else f"{bound(span.low)} {'<' if span.low_open else '<='} "
    high = "" if span.high == float("inf") else f" {'<' if span.high_open else '<='} {bound(span.high)}"
    return code(f"{low}value{high}")


def bound(value: float) -> str:
    if value < 0:
        return f"-{bound(-value)}"
    return CONSTANTS.get(value) or f"{value:.12g}"


def function_notes(op: Op) -> list[str]:
    """What the table has no column for: conventions, kinks, other names, symmetry, the inverse."""
    others = sorted(other for other, name in ALIASES.items() if name == op.name)
    said = [
        op.convention,
        f"differentiable for {code(op.smooth(*arguments(op)))}" if op.smooth is not None else "",
        f"{op.parity}" if op.parity else "",
        f"{op.monotone}" if op.monotone else "",
        f"its inverse is `{op.inverse}`" if op.inverse else "",
        f"also read as {', '.join(f'`{name}`' for name in others)}" if others else "",
        "takes two or more arguments" if op.variadic else "",
    ]
    text = "; ".join(part for part in said if part)
    return [f"- `{op.name}`: {text}."] if text else []


# rules


STAGES = {
    Stage.BUILT_IN: "always, by the algorithms that collect terms and combine fractions",
    Stage.ALWAYS: "wherever it matches, as it removes functions",
    Stage.SEARCH: "where the whole becomes shorter",
    Stage.EXPANSION: "only by functions that ask for the longer form",
    Stage.ACCURACY: "only where floating-point accuracy is asked for",
}


def rules_page() -> str:
    """Every simplification rule with its conditions."""
    rules = all_rules()
    stages = table(["applied", "when"], [[stage.value, STAGES[stage]] for stage in Stage])
    parts = [f"""# Simplification rules

{NOTE}
There are {len(rules)} rules. Letters stand for any real formula, and the order and grouping of terms and factors do not matter.
"Needs" must be proved, from ranges or from what you assume, before a rule is applied. "Records" is the condition that a rule drops:
where it fails, the left side has no value and the right side has one, and the report of `simplify` names it. Every rule is
checked from its line here alone, at corner values and at random points, by `pytest tests/test_rules.py`.

{stages}"""]
    for subject in SUBJECTS:
        own = import_module(f"symdiff.simplification.identities.{subject}").RULES
        parts.append(f"## {heading(subject)}\n")
        parts.append(table(["rule", "from", "to", "needs", "records", "applied"], [rule_row(rule) for rule in own]))
    return "\n".join(parts)


def rule_row(rule: Rule) -> list[str]:
    conditions = ["" if part is None else code(part) for part in (rule.needs, rule.records)]
    return [rule.name, code(rule.left), code(rule.right), *conditions, rule.stage.value]


# limits


def limits_page() -> str:
    """Every limit with its default and its meaning, as the module says it."""
    statements = ast.parse(Path(limits.__file__).read_text(encoding="utf-8")).body
    rows = []
    for statement, following in pairwise(statements):
        if isinstance(statement, ast.Assign) and isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
            name = ast.unparse(statement.targets[0])
            rows.append([code(name), f"{ast.literal_eval(statement.value):,}", " ".join(str(following.value.value).split())])
    return f"""# Limits

{NOTE}
Each limit is a number in `symdiff.limits`. Set one with `symdiff.limits.input_length = 5_000_000`. A limit never changes a value: work
that would cross one keeps a right but longer form, or raises `LimitError`, which names the limit. Why there are limits:
[limits](../decisions/limits.md).

{table(["name", "default", "what it limits"], rows)}"""


# the command


def command_page() -> str:
    """Every subcommand with its arguments and examples."""
    _, commands = parsers()
    parts = [f"""# The command

{NOTE}
`symdiff COMMAND --help` says the same in the terminal. Options may stand anywhere, and a formula may begin with a minus. Where a page
of many formulas is meant, `-` reads one formula a line from standard input. The exit code is 0 where all went well, 1 where a claim
was refuted or the work failed, 2 for bad input.
"""]
    for name in RUNS:
        parser = commands[name]
        parts.append(f"## symdiff {name}\n\n{parser.description}\n")
        parts.append(table(["argument", "meaning"], [[code(spelled), text] for spelled, text in options(parser)]))
        examples = (parser.epilog or "").partition("examples:\n")[2].partition("\nformulas:")[0]
        if examples.strip():
            parts.append("```text\n" + "\n".join(line.strip() for line in examples.strip().splitlines()) + "\n```\n")
    return "\n".join(parts)


def options(parser: ArgumentParser) -> list[tuple[str, str]]:
    found = []
    for action in parser._actions:
        if "--help" in action.option_strings:
            continue
        choices = "{" + ",".join(map(str, action.choices)) + "}" if action.choices else ""
        given = "" if action.nargs == 0 else choices or str(action.metavar or action.dest)
        spelled = f"{', '.join(action.option_strings)} {given}".strip()
        found.append((spelled, str(action.help)))
    return found


# what checkers find, and what laws other systems break


def measured(name: str) -> list[list[str]]:
    """The lines of a file that a script beside the tests wrote."""
    text = (FOLDER.parent.parent / "tests" / "cases" / name).read_text(encoding="utf-8")
    return [line.split(" ; ") for line in text.splitlines() if line and not line.startswith("#")]


def planted_page() -> str:
    """Every planted bug with what finds it."""
    rows = measured("planted_bugs.txt")
    found, flagged = sum(row[2] == "fail" for row in rows), sum(row[3] != "pass" for row in rows)
    tools: dict[str, list[str]] = {}
    for row in rows:
        tool, _, answer = row[5].partition(": ")
        tools.setdefault(tool, []).append(answer)
    counts = [["symdiff.testing", str(len(rows)), str(found), str(flagged)]]
    counts += [[tool, str(len(answers)), str(sum("found" in a for a in answers)), str(sum("twin" in a for a in answers))]
               for tool, answers in tools.items() if tool != "none applies"]
    lines = [[kind, name.replace("|", "\\|"), "found" if wrong == "fail" else "missed", code(small), other]
             for kind, name, wrong, _, small, other in rows]
    return f"""# Planted bugs

This page is made by `python docs/generate.py` from what `python tests/planted_table.py` measured; `pytest tests/test_planted.py` measures it
again. Each of {len(rows)} functions has a derivative, gradient or rewrite that is wrong on purpose, and a correct twin. All run in the
profile `quick`, with seed 0. The other checkers are called as their documentation shows, on one random standard normal input in double
precision; SciPy's `check_grad` gives an error and no verdict, and counts as finding what is off by more than 1e-5 of the gradient.

{table(["checker", "bugs it can be asked about", "found", "correct twins flagged"], counts)}
What they miss is what the one input does not show: wrong only at negative x, only beyond x = 100, without a value at one place, by 1e-6.

{table(["kind", "what is planted", "symdiff.testing", "shrunk to", "others"], lines)}
Coordinates that are 0 are left out. A formula is what a callable computes along the failing coordinate, the others being as shown;
compiled frameworks are not traced, so that only the input is given for them.
"""


def findings_page() -> str:
    """What the law suite found in released versions of other systems."""
    rows = [[system, code(formulas), law, point.replace(", ", "<br>"), found, expected]
            for system, law, formulas, point, found, expected in measured("law_findings.txt")]
    return f"""# What the laws of calculus found in other systems

This page is made by `python docs/generate.py` from what `python tests/law_findings.py` found in the released versions named;
`pytest tests/test_laws.py` sees that each line is still so. For every law and set of functions, the shortest formula found is shown.
"No value" is a derivative that was left standing unevaluated, or is nan, where the function has one. The reading is that of real
analysis; a line is no reproach where a system thinks of complex numbers or of distributions, and it tells what its users will meet.
symdiff was searched in the same way, and its lines stand last: they are at kinks and ties inside a formula that is smooth as a whole,
where a formula built by the chain rule follows the conventions of its parts; [kinks](../decisions/kinks.md) says which these are.

{table(["system", "formula", "law", "at", "found", "expected"], rows)}
Two roots lie behind SymEngine's lines with gamma and digamma, and both are plain errors: digamma at 5/4, 9/4, ... gets pi/2 with the sign
that belongs to 3/4, and polygamma at negative halves, such as digamma(-1/2), is taken for a pole.

Laws for which no line is shown were searched as well, on every function in plain surroundings and on random formulas.
"""


PAGES: dict[str, Callable[[], str]] = {
    "functions.md": functions_page, "rules.md": rules_page, "limits.md": limits_page, "command.md": command_page,
    "planted-bugs.md": planted_page, "law-findings.md": findings_page,
}
"""Each generated page with the function that makes it."""

if __name__ == "__main__":
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), encoding="utf-8")
