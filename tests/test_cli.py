"""The command as people type it: results on standard output, everything else on standard error, an exit code that can be relied on."""

from __future__ import annotations

import io
import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

import symdiff as sd
from symdiff.cli.arguments import RUNS, parsers
from symdiff.cli.main import _arranged, main

Run = Callable[..., "Outcome"]


class Outcome(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)

    def call(*words: str, stdin: str = "") -> Outcome:
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        code = main(words)
        shown = capsys.readouterr()
        return Outcome(code, shown.out, shown.err)
    return call


# diff

def test_diff_prints_the_derivative_alone(run: Run) -> None:
    assert run("diff", "x^2*sin(x)") == (0, "2*x*sin(x) + x^2*cos(x)\n", "")


@pytest.mark.parametrize(("words", "expected"), [
    (["x^3*y^2", "--wrt", "y"], "2*x^3*y"),
    (["--wrt=y", "x*y"], "x"),
    (["x^4", "--order", "2"], "12*x^2"),
    (["x^4", "--order", "0"], "x^4"),
    (["-x^2"], "-2*x"),
    (["--", "-x^2"], "-2*x"),
    (["-x"], "-1"),
    (["-h^2"], "-2*h"),
    (["-2x", "--raw"], "-2"),
    (["5", "--wrt", "x"], "0"),
])
def test_diff_takes_options_anywhere_and_formulas_that_begin_with_a_minus(run: Run, words: list[str], expected: str) -> None:
    outcome = run("diff", *words)
    assert (outcome.code, outcome.out.strip()) == (0, expected)


def test_diff_writes_latex(run: Run) -> None:
    assert run("diff", "x^2*sin(x)", "--format", "latex").out == "2 x \\sin{x} + x^{2} \\cos{x}\n"


def test_diff_writes_json(run: Run) -> None:
    outcome = run("diff", "1/2x^2", "--format", "json")
    assert json.loads(outcome.out) == {"input": "1/2x^2", "wrt": "x", "order": 1, "derivative": "x", "operations": 0}
    assert outcome.err == ""


@pytest.mark.parametrize(("text", "echoed"), [("1/2x", "1/2*x"), ("sin x^2", "sin(x^2)"), ("2x", "2*x"), ("arcsin(x)", "asin(x)")])
def test_a_reading_that_could_surprise_is_echoed_on_standard_error(run: Run, text: str, echoed: str) -> None:
    assert run("diff", text).err == f"read as {echoed}\n"


@pytest.mark.parametrize("text", ["x^2 + 1", "x**2+1", "x ^ 2", "x·2", "x − 1"])
def test_a_reading_letter_by_letter_is_not_echoed(run: Run, text: str) -> None:
    assert run("diff", text).err == ""


def test_standard_input_gives_one_formula_a_line_and_a_bad_one_does_not_stop_the_rest(run: Run) -> None:
    outcome = run("diff", "-", stdin="x^2\n\nx^^2\nsin(x)\r\n")
    assert outcome.code == 2
    assert outcome.out == "2*x\ncos(x)\n"
    assert "input line 3: line 1, column 3: unexpected '^'" in outcome.err


def test_standard_input_as_json_is_one_object_a_line(run: Run) -> None:
    outcome = run("diff", "-", "--format", "json", stdin="x^2\nx^3\n")
    assert [json.loads(line)["derivative"] for line in outcome.out.splitlines()] == ["2*x", "3*x^2"]


# eval

@pytest.mark.parametrize(("words", "expected"), [
    (["x^2+y", "x=2", "y=3"], 7.0),
    (["x^2+y", "--at", "x=2", "y=3"], 7.0),
    (["--at", "x=2", "x^2+y", "--at", "y=3"], 7.0),
    (["-x^2", "x=-3"], -9.0),
    (["sin(x)", "x=pi/2"], 1.0),
    (["lambda*2", "lambda=1/4"], 0.5),
    (["1+1"], 2.0),
])
def test_eval_prints_the_value(run: Run, words: list[str], expected: float) -> None:
    outcome = run("eval", *words)
    assert outcome.code == 0, outcome.err
    assert float(outcome.out) == pytest.approx(expected)


def test_eval_where_there_is_no_value_fails_with_1(run: Run) -> None:
    outcome = run("eval", "ln(x)", "x=-1")
    assert outcome.code == 1 and outcome.out == "" and outcome.err.startswith("symdiff: ")


# check, graph, demo

def test_check_confirms_and_refutes_by_its_exit_code(run: Run) -> None:
    pytest.importorskip("mpmath")
    right = run("check", "ln(x^2+1)", "2x/(x^2+1)", "--seed", "1", "--points", "5")
    wrong = run("check", "x^2", "3*x")
    assert (right.code, wrong.code) == (0, 1)
    assert "sampled" in right.out and "refuted" in wrong.out


def test_graph_writes_a_picture(run: Run, tmp_path: Path) -> None:
    assert run("graph", "x^2*sin(x)", "-o", "tree.svg") == (0, "", "")
    assert "<svg" in (tmp_path / "tree.svg").read_text(encoding="utf-8")


def test_graph_without_a_file_prints_dot(run: Run) -> None:
    assert "digraph" in run("graph", "-x").out


def test_graph_into_a_folder_that_is_not_there_fails_with_1(run: Run) -> None:
    outcome = run("graph", "x", "-o", "nowhere/tree.svg")
    assert outcome.code == 1 and "nowhere" in outcome.err


def test_demo_does_everything(run: Run, tmp_path: Path) -> None:
    outcome = run("demo")
    assert outcome.code == 0, outcome.err
    assert "2*x*sin(x) + x^2*cos(x)" in outcome.out
    assert "<svg" in (tmp_path / "symdiff-demo.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize("formula", ["ln(x - 3)", "5*t", "where(x > 0, x^2, 0)"])
def test_demo_takes_any_formula_of_one_variable(run: Run, formula: str) -> None:
    outcome = run("demo", formula, "-o", "cards.svg")
    assert (outcome.code, outcome.err) == (0, "")
    assert ("no real value" in outcome.out) == (formula == "ln(x - 3)")


# completion

@pytest.fixture
def bash(run: Run, tmp_path: Path) -> Callable[..., list[str]]:
    """What bash would offer for a line, its last word being completed."""
    if shutil.which("bash") is None:
        pytest.skip("needs bash")
    script = tmp_path / "completion.bash"
    script.write_text(run("completion", "bash").out, encoding="utf-8")

    def offered(*words: str) -> list[str]:
        line = " ".join(["symdiff", *[f"'{word}'" for word in words]])
        code = f'source "{script}"; COMP_WORDS=({line}); COMP_CWORD={len(words)}; _symdiff; printf "%s\\n" "${{COMPREPLY[@]}}"'
        return subprocess.run(["bash", "-c", code], capture_output=True, text=True, check=True).stdout.split()
    return offered


def test_bash_completes_commands_options_and_values(bash: Callable[..., list[str]]) -> None:
    assert set(bash("")) >= {*RUNS, "--help", "--version"}
    assert bash("si") == ["simplify"]
    assert "--format" in bash("diff", "x^2", "--f") and "--at" not in bash("diff", "x^2", "--")
    assert bash("diff", "x^2", "--format", "la") == ["latex"]
    assert bash("diff", "--wrt", "") == []
    assert bash("completion", "")[:3] == ["bash", "zsh", "fish"]


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_the_other_shells_get_every_command_option_and_choice(run: Run, shell: str) -> None:
    script = run("completion", shell).out
    _, commands = parsers()
    for name, command in commands.items():
        line = next(part for part in script.splitlines() if part.strip().startswith(f"{name})") or f"-a {name} " in part)
        here = line if shell == "zsh" else "\n".join([part for part in script.splitlines() if f"from {name}'" in part])
        for action in command._actions:
            for spelling in action.option_strings:
                assert (f"'{spelling}[" in here) if shell == "zsh" else (f"-{'l' if spelling[1] == '-' else 's'} {spelling.lstrip('-')} " in here)
            assert all(str(choice) in here for choice in action.choices or ())
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=script, text=True, check=True)


def test_every_subcommand_explains_itself_with_examples_that_parse(run: Run) -> None:
    _, commands = parsers()
    for name, command in commands.items():
        shown = run(name, "--help")
        assert (shown.code, shown.err) == (0, "")
        examples = [line.strip() for line in shown.out.partition("examples:")[2].partition("\nformulas:")[0].splitlines() if line.strip()]
        assert examples, name
        for example in examples:
            words = shlex.split(example)
            words = words[:next((place for place, word in enumerate(words) if word in ("|", "<", ">", ">>")), len(words))]
            assert words[:2] == ["symdiff", name]
            command.parse_args(_arranged(words[2:], command))


# bad input

@pytest.mark.parametrize(("words", "said"), [
    (["diff", "x^^2"], "x^^2\n    ^\n"),
    (["diff", ""], "there is no formula"),
    (["diff", "x*y"], "x, y"),
    (["diff", "3"], "--wrt x"),
    (["diff", "x", "--order", "-1"], "order"),
    (["diff", "x", "--order", "two"], "invalid int value"),
    (["diff", "x", "--wrt", "3"], "variable"),
    (["diff", "x", "--wrt", "-y"], "variable"),
    (["diff", "x", "--wrt"], "expected one argument"),
    (["diff", "x", "--fromat", "json"], "--fromat"),
    (["diff", "x", "y"], "unrecognized arguments: y"),
    (["diff"], "formula"),
    (["diff", "son(x)"], "did you mean"),
    (["diff", "x" + "\udcff"], "symdiff: "),
    (["diff", "x > 1"], "condition"),
    (["eval", "x", "x"], "NAME=VALUE"),
    (["eval", "x", "x=y"], "no number"),
    (["eval", "x", "x=1", "x=2"], "two values"),
    (["eval", "x+y", "x=1"], "y=2"),
    (["differentiate", "x"], "did you mean diff?"),
    (["simplfy", "x"], "did you mean simplify?"),
    (["x^2*y"], 'symdiff diff "x^2*y"'),
    (["--verbose", "diff", "x"], "--verbose"),
    (["diff", "son(x)"], "--function son"),
    (["diff", r"\frac{x}{2}"], "--from latex"),
    (["graph", "x", "-o", "tree.xyz"], "--format svg"),
    (["graph", "x*y", "--at", "x=2"], "--at y=2"),
    (["plot", "x*y", "-o", "p.svg"], "--descent"),
    (["grad", "5"], "--wrt x"),
    (["demo", "x*y"], "one variable"),
    (["demo", "3"], "one variable"),
    ([], "usage"),
])
def test_bad_input_exits_with_2_and_says_why_on_standard_error(run: Run, words: list[str], said: str) -> None:
    outcome = run(*words)
    assert outcome.code == 2
    assert outcome.out == ""
    assert said in outcome.err and "Traceback" not in outcome.err


@pytest.mark.parametrize("words", ["--help", "--version", "diff --help", "eval -h", "graph -h", "check -h", "demo -h", "completion -h"])
def test_help_and_version_go_to_standard_output(run: Run, words: str) -> None:
    outcome = run(*words.split())
    assert (outcome.code, outcome.err) == (0, "")
    assert sd.__version__ in outcome.out or "example" in outcome.out


# as a process

COMMAND = [sys.executable, "-m", "symdiff.cli.main"]


def test_a_reader_that_leaves_early_ends_the_command_quietly() -> None:
    process = subprocess.Popen([*COMMAND, "diff", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdin and process.stdout and process.stderr
    process.stdout.close()
    try:
        process.stdin.write("x^2\n" * 20_000)
        process.stdin.close()
    except BrokenPipeError:
        pass
    assert process.stderr.read() == ""
    assert process.wait(timeout=60) == 141


def test_a_terminal_without_greek_letters_gets_an_escape_and_no_traceback() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run([*COMMAND, "diff", "θ^2"], capture_output=True, text=True, env=environment, check=False)
    assert (done.returncode, done.stdout) == (0, "2*\\u03b8\n")


def test_help_loads_no_parser() -> None:
    code = "import sys; from symdiff.cli.main import main; main(['--help']); sys.exit('lark' in sys.modules or 'mpmath' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0
