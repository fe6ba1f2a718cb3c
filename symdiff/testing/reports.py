"""What is said of a failure: the short formula, the simple point, both values, where the derivation parts, how to see it again."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import NoReturn

from symdiff.calculus.derivation import derive
from symdiff.calculus.forward import diff
from symdiff.errors import SymdiffError, UsageError
from symdiff.evaluator import Evaluator
from symdiff.expr import SYMBOL, Expr, symbol_node
from symdiff.printing.latex import latex
from symdiff.testing.pictures import draw_failure
from symdiff.testing.profiles import current
from symdiff.walk import free_symbols, postorder, substitute, tree_size

__all__ = ["CheckFailed", "Finding", "Inconclusive", "Report", "drawn", "first_parting", "parting"]

STEPS = 60
"""Steps of a derivation up to which the one that explains a wrong value is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything known of a failure; `str(report)` is the text a failing test shows.

    formula: the shortest failing one, or what a callable computes along the failing coordinate; None where it cannot be told.
    point: values of the variables.  claimed, expected, error: the value under test, the reference and what that may be off.
    node, rule: the first part of the derivation at which a wrong step explains the value, and the rule that made it.
    """

    what: str
    point: Mapping[str, float] = field(default_factory=dict)
    claimed: object = None
    expected: object = None
    error: float | None = None
    method: str = ""
    formula: Expr | None = None
    other: Expr | None = None
    symbolic: Expr | None = None
    node: Expr | None = None
    rule: str = ""
    hint: str = ""
    reproduce: str = ""
    picture: Path | None = None

    @property
    def operations(self) -> int | None:
        """Operations of the formulas, as a person reads them: of both sides where there are two."""
        return None if self.formula is None else tree_size(self.formula) + (0 if self.other is None else tree_size(self.other))

    def __str__(self) -> str:
        lines = [self.what + (f" at {_place(self.point)}" if self.point else "")]
        lines += [f"  {name:<10} {text}" for name, text in self._rows() if text]
        return "\n".join(lines)

    def _rows(self) -> list[tuple[str, str]]:
        off = "" if self.error is None else f" +- {self.error:.0e}"
        method = f" ({self.method})" if self.method else ""
        symbolic = "" if self.symbolic is None else f"{self.symbolic}{_at(self.symbolic, self.point)}"
        return [
            ("formula", "" if self.formula is None else str(self.formula)),
            ("becomes", "" if self.other is None else str(self.other)),
            ("LaTeX", "" if self.formula is None else latex(self.formula)),
            ("found", "" if self.claimed is None and self.expected is None else _said(self.claimed)),
            ("expected", "" if self.expected is None else f"{_said(self.expected)}{off}{method}"),
            ("symbolic", symbolic),
            ("parts at", f"{self.node}  [{self.rule}]" if self.node is not None else ""),
            ("hint", self.hint),
            ("reproduce", self.reproduce),
            ("drawing", "" if self.picture is None else str(self.picture)),
        ]


def _place(point: Mapping[str, float]) -> str:
    """The point, coordinates that are 0 left out of long ones."""
    shown = [(name, value) for name, value in point.items() if value or len(point) <= 6]
    text = ", ".join(f"{name} = {_number(value)}" for name, value in shown[:8]) + (", ..." if len(shown) > 8 else "")
    return text + (", all others 0" if len(shown) < len(point) else "") if text else "all coordinates 0"


def _number(value: object) -> str:
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _said(value: object) -> str:
    return "no value" if value is None or (isinstance(value, float) and math.isnan(value)) else _number(value)


def _at(formula: Expr, point: Mapping[str, float]) -> str:
    bindings = {symbol: point.get(str(symbol)) for symbol in free_symbols(formula)}
    if any(value is None for value in bindings.values()):
        return ""
    return f" = {_number(Evaluator(formula).floats(bindings))}"  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The outcome of a check: verdict pass, fail or inconclusive; the points that agreed, why others said nothing, and the report.

    A finding has no truth value: ask `finding.ok` or compare `finding.verdict`.
    """

    verdict: str
    agreed: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    report: Report | None = None

    @property
    def ok(self) -> bool:
        return self.verdict == "pass"

    def __bool__(self) -> NoReturn:
        raise UsageError("a finding has three answers: pass, fail, inconclusive; ask finding.ok or compare finding.verdict")

    def __str__(self) -> str:
        if self.report is not None:
            return str(self.report)
        why = "; ".join(f"{count} x {reason}" for reason, count in Counter(dict(self.reasons)).most_common())
        if self.verdict == "pass":
            return f"pass: agreed at {self.agreed} points" + (f" ({why})" if why else "")
        return f"inconclusive: {self.agreed or 'no'} usable points ({why or 'none were tried'})"

    def settled(self, raising: bool) -> Finding:
        """The finding itself, unless it is to be raised: a check that could say nothing fails too."""
        if raising and self.verdict == "fail":
            raise CheckFailed(self)
        if raising and self.verdict == "inconclusive":
            raise Inconclusive(self)
        return self


class CheckFailed(AssertionError):
    """Something under test is wrong; `finding.report` says where."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding

    @property
    def report(self) -> Report | None:
        return self.finding.report


class Inconclusive(CheckFailed):
    """A check met no point that could tell; it passes nothing that was not seen."""


def drawn(formula: Expr | None, node: Expr | None, variable: str | None, point: Mapping[str, object]) -> Path | None:
    """The drawing of a failure in the folder asked for, the part in question in red; None where no folder was."""
    folder = current().graphs
    if folder is None or formula is None:
        return None
    name = re.sub(r"[^A-Za-z0-9]+", "_", str(formula))[:40].strip("_") or "formula"
    digest = sha256(f"{formula} {node}".encode()).hexdigest()[:8]
    return draw_failure(formula, node if node is not None else formula, variable, point, folder / f"{name}_{digest}.svg")


def parting(formula: Expr, variable: str, point: Mapping[str, float], claimed: float) -> tuple[Expr | None, str, str]:
    """The first part of the derivation at which one slip would give the claimed value, the rule there, and the slip in words.

    Slips tried at every step: the wrong sign, the inner derivative left out.  (None, '', '') where none explains the value.

    >>> from symdiff import parse
    >>> parting(parse("sin(3*x) + x"), "x", {"x": 0.0}, 2.0)
    (Expr('sin(3*x)'), 'chain rule', 'as if the inner derivative of sin(3*x) were left out')
    """
    x = symbol_node(variable)
    bindings = {symbol: point.get(str(symbol), math.nan) for symbol in (*free_symbols(formula), x)}
    try:
        derivation = derive(formula, x)
        if len(derivation) > STEPS:
            return None, "", ""
        expected = Evaluator(derivation.result).floats(bindings)
    except SymdiffError:
        return None, "", ""
    gap = claimed - expected
    for step in derivation.steps(every=True):
        if not step.varying or step.expression.op is SYMBOL:
            continue
        node = step.expression
        outer, slope = _slope_from(formula, node, bindings), Evaluator(step.slope).floats(bindings)
        if _close(gap, -2 * outer * slope):
            return node, step.rule, f"as if the sign of the derivative of {node} were wrong"
        inner = [Evaluator(child_slope).floats(bindings) for place in step.varying if (child_slope := step.slopes[place]) is not None]
        if step.is_chain and len(inner) == 1 and inner[0] not in (0, 1) and _close(gap, outer * slope * (1 / inner[0] - 1)):
            return node, step.rule, f"as if the inner derivative of {node} were left out"
        if _close(gap, -outer * slope) and node is not formula:
            return node, step.rule, f"as if the derivative of {node} were left out"
    return None, "", ""


def _close(a: float, b: float) -> bool:
    return math.isfinite(b) and b != 0 and abs(a - b) <= 1e-6 * abs(b)


def _slope_from(formula: Expr, node: Expr, bindings: Mapping[Expr, float]) -> float:
    """The derivative of the formula by one of its parts."""
    if node is formula:
        return 1.0
    mark = symbol_node("<part>")
    opened = substitute(formula, {node: mark})
    try:
        by = diff(opened, mark)
    except SymdiffError:
        return math.nan
    value = Evaluator(node).floats(bindings)
    return Evaluator(by).floats({**bindings, mark: value})


def first_parting(formula: Expr, wrong: Callable[[Expr], bool]) -> Expr | None:
    """The first part, arguments before what uses them, of which a predicate says that its derivative is wrong."""
    return next((node for node in postorder(formula) if node.args and not node.op.relation and wrong(node)), None)
