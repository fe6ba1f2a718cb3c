"""Derivations as a teacher writes them down, in text, LaTeX, Markdown and HTML; which steps there are is calculus/derivation.py's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape

from symdiff import limits
from symdiff.calculus.derivation import Derivation, Premise, Step
from symdiff.errors import LimitError
from symdiff.expr import SYMBOL, Expr, symbol_node
from symdiff.operations.arithmetic import add
from symdiff.printing.latex import latex
from symdiff.printing.text import text_of
from symdiff.walk import postorder

__all__ = ["explanation", "html_steps", "latex_steps", "markdown_steps"]

TERMS_SHOWN = 6
"""A sum of more terms than this is not listed term by term: its derivative shows them."""


@dataclass(frozen=True, slots=True)
class Prime:
    """The derivative of something, as a sign: u', (x^2)'."""

    of: Expr


@dataclass(frozen=True, slots=True)
class By:
    """The operator d/du."""

    letter: Expr


Piece = str | Expr | Prime | By
Math = tuple[Piece, ...]
"""One formula: expressions with the signs between them."""
Line = list[str | Math]
"""A sentence: words, and formulas among them."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A step as it is told: its rule in bold, what it says, then further lines."""

    rule: str
    opening: Line
    lines: list[Line]


def explanation(derivation: Derivation) -> str:
    """Plain text, numbered steps with indented lines."""
    pieces = [_spoken(_introduction(derivation), _text), ""]
    for number, paragraph in enumerate(_paragraphs(derivation), 1):
        lead = f"{number}. "
        pieces.append(f"{lead}{paragraph.rule}{_spoken(paragraph.opening, _text)}")
        pieces += [" " * len(lead) + _spoken(line, _text) for line in paragraph.lines]
        pieces.append("")
    return "\n".join([*pieces, f"Result: {text_of(derivation.result)}"])


def latex_steps(derivation: Derivation) -> str:
    """A LaTeX enumeration."""
    pieces = [_spoken(_introduction(derivation), _inline_latex, _latex_words), r"\begin{enumerate}"]
    for paragraph in _paragraphs(derivation):
        pieces.append(rf"\item \textbf{{{paragraph.rule}}}{_spoken(paragraph.opening, _inline_latex, _latex_words)}")
        pieces += [r"\\ " + _spoken(line, _inline_latex, _latex_words) for line in paragraph.lines]
    return "\n".join([*pieces, r"\end{enumerate}", f"Result: ${latex(derivation.result)}$"])


def markdown_steps(derivation: Derivation) -> str:
    """A Markdown list; formulas are LaTeX between dollar signs."""
    pieces = [_spoken(_introduction(derivation), _inline_latex, _markdown_words), ""]
    for number, paragraph in enumerate(_paragraphs(derivation), 1):
        lead = f"{number}. "
        pieces.append(f"{lead}**{paragraph.rule}**{_spoken(paragraph.opening, _inline_latex, _markdown_words)}")
        pieces += [f"\n{' ' * len(lead)}{_spoken(line, _inline_latex, _markdown_words)}" for line in paragraph.lines]
        pieces.append("")
    return "\n".join([*pieces, f"**Result:** ${latex(derivation.result)}$"])


def html_steps(derivation: Derivation) -> str:
    """An HTML fragment with formulas as text."""
    pieces = ['<div class="symdiff-steps">', f"<p>{_spoken(_introduction(derivation), _html, escape)}</p>", "<ol>"]
    for paragraph in _paragraphs(derivation):
        body = "".join([f"<br>\n{_spoken(line, _html, escape)}" for line in paragraph.lines])
        pieces.append(f"<li><strong>{escape(paragraph.rule)}</strong>{_spoken(paragraph.opening, _html, escape)}{body}</li>")
    return "\n".join([*pieces, "</ol>", f"<p>Result: {_html((derivation.result,))}</p>", "</div>"])


# What is said


def _introduction(derivation: Derivation) -> Line:
    return ["Differentiate ", (derivation.expression,), " with respect to ", (derivation.variable,), "."]


def _check_length(steps: list[Step]) -> None:
    """Refuse before the work what would be too long: the formulas of all steps together, at about four characters a node."""
    limit = limits.printed_length
    size: dict[Expr, int] = {}
    for node in postorder(*[part for step in steps for part in (step.expression, step.slope)]):
        size[node] = min(1 + sum(size[child] for child in node.args), limit)
    if 4 * sum(size[step.expression] + 2 * size[step.slope] for step in steps) > limit:
        raise LimitError("the text of this derivation", "printed_length", limit)


def _paragraphs(derivation: Derivation) -> Iterator[Paragraph]:
    steps = derivation.steps()
    _check_length(steps)
    shown: dict[Expr, int] = {}
    for step in steps:
        shown[step.expression] = len(shown) + 1
        yield _paragraph(step, step.derivative, shown)


def _paragraph(step: Step, derivative: Expr, shown: dict[Expr, int]) -> Paragraph:
    if not step.varying:
        return _leaf(step)
    applied = step.applied
    shows = applied is not None and text_of(applied) != text_of(derivative)
    result: Line = [(Prime(step.expression), " = ", *((applied, " = ") if applied is not None and shows else ()), derivative)]
    caution = _caution(step)
    name = step.rule[:1].upper() + step.rule[1:]
    if step.node.op is add:
        return Paragraph(name, [", term by term: ", *_rule_in_letters(step), "."], [*_terms(step, shown), result, *caution])
    if not step.bindings and len(step.varying) == 1:  # the rule is the result
        return Paragraph(name, [f" of {step.node.op.name}." if step.rule == "standard derivative" else "."], [result, *caution])
    known = _known(step, shown)
    if not known:
        return Paragraph(name, [": ", *_rule_in_letters(step), " with ", *_bindings(step), "."], [result, *caution])
    opening: Line = [": ", *_outer(step), *_bindings(step), "."] if step.is_chain else [": ", *_bindings(step), "."]
    return Paragraph(name, opening, [[*_rule_in_letters(step), " and " if step.is_chain else " with ", *known, "."], result, *caution])


def _leaf(step: Step) -> Paragraph:
    if step.expression is step.variable:
        return Paragraph("The variable itself", [" changes at rate 1."], [[(Prime(step.expression), " = ", step.derivative)]])
    words: Line = [": ", (step.expression,), " does not contain ", (step.variable,), ", so its derivative is 0."]
    return Paragraph("Constant rule", words, [])


def _rule_in_letters(step: Step) -> Line:
    formula = step.formula
    assert formula is not None
    sign: Piece = Prime(formula.left) if formula.by is None else By(formula.by)
    return [(sign, " = ", formula.right) if formula.by is None else (sign, formula.left, " = ", formula.right)]


def _outer(step: Step) -> Line:
    formula = step.formula
    assert formula is not None
    return ["outer ", (formula.left,), ", inner "]


def _bindings(step: Step) -> Line:
    return _listed([[(symbol_node(letter), " = ", value)] for letter, value in step.bindings])


def _known(step: Step, shown: dict[Expr, int]) -> Line:
    """The derivatives of the parts, with the steps they come from."""
    parts: list[Line] = []
    letters = {value: letter for letter, value in step.bindings}
    for premise in _varying(step):
        letter = letters.get(premise.expression)
        if letter is not None:
            assert premise.derivative is not None
            parts.append([(Prime(symbol_node(letter)), " = ", premise.derivative), _source(premise, shown)])
    return _listed(parts)


def _terms(step: Step, shown: dict[Expr, int]) -> list[Line]:
    varying = _varying(step)
    if len(varying) > TERMS_SHOWN:
        return []
    parts: list[Line] = []
    for premise in varying:
        assert premise.derivative is not None
        parts.append([(Prime(premise.expression), " = ", premise.derivative), _source(premise, shown)])
    constants = len(step.node.args) - len(varying)
    ending = f"; the constant{'s' * (constants > 1)} drop{'s' * (constants == 1)} out." if constants else "."
    return [[*_listed(parts), ending]]


def _varying(step: Step) -> list[Premise]:
    arguments = step.premises[-len(step.node.args):]
    return [arguments[place] for place in step.varying]


def _source(premise: Premise, shown: dict[Expr, int]) -> str:
    number = shown.get(premise.expression)
    return f" (step {number})" if number else ""


def _caution(step: Step) -> list[Line]:
    """What is assumed at a kink, jump or border."""
    if not step.convention:
        return []
    if step.smooth is None:
        return [[f"Convention: {step.convention}."]]
    return [["This holds where ", (step.smooth,), f". Convention: {step.convention}."]]


def _listed(parts: list[Line]) -> Line:
    line: Line = []
    for part in parts:
        line += [", ", *part] if line else part
    return line


# How it is written


_IN_LATEX = str.maketrans({char: f"\\{char}" for char in "_%&#$"} | {"^": r"\^{}", "\\": r"\textbackslash{}"})
_IN_MARKDOWN = str.maketrans({char: f"\\{char}" for char in "\\_*`<$"})


def _spoken(line: Line, formula: Callable[[Math], str], words: Callable[[str], str] = str) -> str:
    return "".join([words(part) if isinstance(part, str) else formula(part) for part in line])


def _latex_words(words: str) -> str:
    return words.translate(_IN_LATEX)


def _markdown_words(words: str) -> str:
    return words.translate(_IN_MARKDOWN)


def _text(math: Math) -> str:
    return "".join([_text_piece(piece) for piece in math])


def _text_piece(piece: Piece) -> str:
    if isinstance(piece, str):
        return piece
    if isinstance(piece, By):
        return f"d/d{text_of(piece.letter)} "
    if isinstance(piece, Prime):
        return f"{text_of(piece.of)}'" if piece.of.op is SYMBOL else f"({text_of(piece.of)})'"
    return text_of(piece)


def _inline_latex(math: Math) -> str:
    return f"${''.join([_latex_piece(piece) for piece in math])}$"


def _latex_piece(piece: Piece) -> str:
    if isinstance(piece, str):
        return piece
    if isinstance(piece, By):
        return rf"\frac{{d}}{{d{latex(piece.letter)}}} "
    if isinstance(piece, Prime):
        return f"{latex(piece.of)}'" if piece.of.op is SYMBOL else rf"\left({latex(piece.of)}\right)'"
    return latex(piece)


def _html(math: Math) -> str:
    return f"<code>{escape(_text(math))}</code>"
