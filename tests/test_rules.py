"""Every simplification rule is proved by itself, from its declaration; wrong rules, dear ones and loops are found."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from symdiff import parse
from symdiff.checking.rules import RuleChecker, check_rule
from symdiff.errors import DefinitionError
from symdiff.expr import ONE, ZERO, Expr
from symdiff.operations.elementary import exp, ln, sqrt
from symdiff.operations.piecewise import abs_
from symdiff.operations.trigonometric import sin
from symdiff.simplification.canonical import canonical
from symdiff.simplification.cost import price
from symdiff.simplification.identities import SUBJECTS, all_rules, rules_of_stage
from symdiff.simplification.rule import Rule, Stage, a, b, marked
from symdiff.simplification.rule_sets import dearer_rules, rule_loops

RULES = all_rules()
SEARCHED = rules_of_stage(Stage.ALWAYS, Stage.SEARCH)

WRONG = """
sqrt(a^2) -> a
sqrt(a^2) -> -a
ln(a*b) -> ln(a) + ln(b)
ln(a^2) -> 2*ln(a)
ln(a + b) -> ln(a) + ln(b)
sqrt(a*b) -> sqrt(a)*sqrt(b)
sqrt(a + b) -> sqrt(a) + sqrt(b)
(a^2)^(1/2) -> a
(a^b)^c -> a^(b*c)
asin(sin(a)) -> a
acos(cos(a)) -> a
atan(tan(a)) -> a
acosh(cosh(a)) -> a
0^a -> 0
a/a -> 1
0/a -> 0
a^0 -> 0
atan(a) + atan(1/a) -> pi/2
atan(a) + atan(b) -> atan((a + b)/(1 - a*b))
atan(a/b) -> atan2(a, b)
sqrt(a^2*b) -> abs(a)*sqrt(b)
sqrt(a)*sqrt(b) -> sqrt(a*b)
sqrt(a)^2 -> a
sinh(acosh(a)) -> sqrt(a^2 - 1)
a^(1/3) -> cbrt(a)
a*(1/a) -> 1
1/(1/a) -> a
a^(-b) -> 1/a^b
exp(ln(a)) -> a
sin(asin(a)) -> a
cos(a)/sin(a) -> 1/tan(a)
tan(2*a) -> 2*tan(a)/(1 - tan(a)^2)
2*tan(a)/(1 - tan(a)^2) -> tan(2*a)
sin(a)^2 -> 1 + cos(a)^2
sin(a + b) -> sin(a) + sin(b)
cos(a + pi) -> cos(a)
sign(a)^2 -> 1
sign(a)*sign(a) -> sign(a)
abs(a + b) -> abs(a) + abs(b)
max(a, b) -> (a + b - abs(a - b))/2
max(c*a, c*b) -> c*max(a, b)
a if a > b else b -> min(a, b)
a if a >= 0 else 0 -> a
1 if a >= 0 else 0 -> step(a)
step(a) + step(-a) -> 1
floor(a) + 1 -> ceil(a)
floor(a + b) -> floor(a) + floor(b)
mod(-a, b) -> -mod(a, b)
sigmoid(-a) -> -sigmoid(a)
softplus(a) -> max(a, 0)
sigmoid(ln(a/(1 - a))) -> a
gamma(a + 1) -> a*gamma(a)
a*gamma(a) -> gamma(a + 1)
ln(gamma(a)) -> lgamma(a)
erf(a) + erfc(a) -> 2
a^20 -> a^20 + 1/10^30 if a > 2 else a^20
"""

NEARLY_RIGHT = [  # name of a condition and of a record that do not fit
    (sqrt(a * b), sqrt(a) * sqrt(b), b >= 0, None),
    (sqrt(a**2), abs_(a), a > 0, None),  # superfluous condition
    (a / a, ONE, None, a > 0),  # the record denies a = -1
    (sqrt(a)**2, a, None, a > -1),  # the record allows a = -1/2
    (sqrt(a)**2, a, a > 0, a >= 0),  # nothing left to record
    (abs_(a), a, a.ne(a), None),  # no point satisfies the condition
    (sqrt(-1 - a**2), ZERO, None, None),  # no point has a value
    (a, b, None, None),  # b comes from nowhere
]


def _sides(line: str) -> tuple[Expr, Expr]:
    left, right = line.split(" -> ")
    return parse(left), parse(right)


def test_every_rule_holds_wherever_it_may_fire_and_records_exactly_what_it_drops() -> None:
    checker = RuleChecker()
    began = time.process_time()
    problems = [(str(rule), found) for rule in RULES if (found := checker.problems(rule.left, rule.right, rule.needs, rule.records))]
    assert problems == []
    assert time.process_time() - began < 10  # 3 s on a quiet machine


def test_there_are_rules_on_every_subject_and_names_are_unique() -> None:
    assert len(RULES) >= 600
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert len(SUBJECTS) == 10
    assert len({(rule.left, rule.right, rule.needs, rule.stage) for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("line", WRONG.strip().splitlines())
def test_a_wrong_rule_is_rejected(line: str) -> None:
    left, right = _sides(line)
    assert check_rule(left, right)


@pytest.mark.parametrize("left, right, needs, records", NEARLY_RIGHT)
def test_a_condition_that_does_not_fit_is_rejected(left: Expr, right: Expr, needs: Expr | None, records: Expr | None) -> None:
    assert check_rule(left, right, needs, records)


def test_a_tiny_power_is_no_zero_to_the_checker() -> None:
    assert check_rule(a**20 / a**20, ONE, None, a.ne(0)) == []
    assert check_rule(exp(-a * a) / exp(-a * a), ONE) == []


def test_a_problem_names_the_point_and_both_values() -> None:
    assert check_rule(*_sides("sqrt(a^2) -> a")) == ["a = -1: the left side is 1, the right side is -1"]


def test_a_rule_that_binds_no_such_variable_is_refused_when_it_is_made() -> None:
    with pytest.raises(DefinitionError, match="does not bind b"):
        Rule("loose", a + 1, a + b)
    with pytest.raises(DefinitionError, match="does not bind b"):
        Rule("loose", a**2, a, needs=b > 0)
    with pytest.raises(DefinitionError, match="everything or nothing"):
        Rule("everything", a, a + 0)
    with pytest.raises(DefinitionError, match="everything or nothing"):
        Rule("nothing", a + 1, a + 1)


def test_no_rule_of_the_search_makes_its_own_place_dearer() -> None:
    assert [str(rule) for rule in dearer_rules(SEARCHED, price)] == []


def test_rules_that_make_everything_dearer_are_found() -> None:
    dear = Rule("dear", sin(a), 2 * sin(a / 2) * (1 - sin(a / 4)**2))
    (useless,) = marked(Stage.ALWAYS, Rule("useless", sqrt(a), exp(ln(a) / 2)))
    assert dearer_rules([dear, useless], price) == [dear, useless]


def test_no_two_rules_of_the_search_undo_each_other() -> None:
    assert [(str(first), str(second)) for first, second in rule_loops(SEARCHED)] == []


LOOPS = [
    [Rule("floor out", parse("floor(-a)"), parse("-ceil(a)")), Rule("floor in", parse("-ceil(a)"), parse("floor(-a)"))],
    [*marked(Stage.ALWAYS, Rule("there", sin(a)**2, 1 - parse("cos(a)")**2), Rule("back", 1 - parse("cos(b)")**2, sin(b)**2))],
    [Rule("swap", parse("max(a, b) - min(a, b)"), parse("abs(a - b)")),
     *marked(Stage.ALWAYS, Rule("swap back", parse("abs(a - b)"), parse("max(a, b) - min(a, b)")))],
]


@pytest.mark.parametrize("rules", LOOPS)
def test_planted_loops_are_found(rules: list[Rule]) -> None:
    assert rule_loops(rules)
    assert rule_loops([*SEARCHED, *rules])


def test_the_canonical_form_leaves_something_to_every_rule_of_the_search() -> None:
    assert [str(rule) for rule in SEARCHED if canonical(rule.left) is canonical(rule.right)] == []


def test_the_canonical_sides_that_are_matched_hold_too() -> None:
    """Bringing a pattern to canonical form may extend its domain; the right side has to follow."""
    checker = RuleChecker()
    lost = {str(rule): checker.lost_value(canonical(rule.left), rule.right, rule.needs) for rule in RULES}
    assert {name: problem for name, problem in lost.items() if problem} == {}


def test_a_condition_that_fits_the_declared_side_only_is_found() -> None:
    """a^n/b^n is no value at b = 0 and n = -1, but its canonical form a^n*b^(-n) is 0 there."""
    left, right, needs = parse("a^n/b^n"), parse("(a/b)^n"), parse("n != 0 or b != 0")
    assert RuleChecker().lost_value(left, right, needs) == ""
    assert "the right side is undefined" in RuleChecker().lost_value(canonical(left), right, needs)


def test_importing_the_package_builds_no_rule() -> None:
    code = "import sys, symdiff; symdiff.Symbol('x').diff('x'); print([m for m in sys.modules if 'identities' in m or m == 'mpmath'])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
