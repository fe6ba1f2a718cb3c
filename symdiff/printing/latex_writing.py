"""LaTeX node by node, as a person writes it: products side by side, fractions, roots, parentheses only where reading needs them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from string import Formatter

from symdiff import numbers
from symdiff.expr import NUMBER, SYMBOL, Expr, Real
from symdiff.operations import TABLE
from symdiff.operations.arithmetic import add, div, mul, neg
from symdiff.operations.arithmetic import pow as power_row
from symdiff.operations.op import Op
from symdiff.printing.measuring import printed_width
from symdiff.printing.names import GREEK, operator_name, symbol_names
from symdiff.printing.precedence import ATOM, PRODUCT, RELATION, SUM, level, signs_of
from symdiff.walk import free_symbols, postorder, unfold_text, uses

__all__ = ["PLAIN", "Style", "Writer"]

Parts = list[str | Expr]

_EXP, _WHERE = TABLE["exp"], TABLE["where"]
_COMMAND_AT_END = re.compile(r"\\[a-zA-Z]+$")
_NAME = re.compile(r"\\(?:operatorname\{.*\}|([a-zA-Z]+)(?:_\{\w+\})?)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Style:
    """How products and fractions look."""

    between: str = " "
    """What stands between factors."""
    sign: str = r" \cdot "
    """What stands there where a space would not do: before a number, before parentheses that would make a call."""
    short_fractions: bool = False
    """Simple fractions that stand alone are written x / 2."""


PLAIN = Style()


class Writer:
    """What is known of one formula's nodes before any is written: names, signs, which are tall, how each begins and ends."""

    def __init__(self, root: Expr, style: Style = PLAIN, names: dict[Expr, str] | None = None) -> None:
        self.root, self.style = root, style
        self.signs = signs_of(root)
        self.names = symbol_names(free_symbols(root)) if names is None else names
        self.count = uses(root)
        self.flat = _flat_fractions(root) if style.short_fractions else frozenset()
        self.tall: set[Expr] = set()
        self.begins: dict[Expr, str] = {}
        """One of: digit, minus, function (a name that keeps its distance: sin, erf), parenthesis, other."""
        self.open_ended: set[Expr] = set()
        """Nodes that end in an argument without parentheses: what follows could be read as part of it."""
        self.ends_in_letter: set[Expr] = set()
        """Nodes that end in a letter that is a function too, perhaps raised: with parentheses beside it, it would call."""
        self.begins_with_d: set[Expr] = set()
        """Nodes that begin with a variable d: one of them over another would read as d/dx."""
        for node in postorder(root):
            self._look(node)

    # What a node looks like from outside

    def _look(self, node: Expr) -> None:
        op, args = node.op, node.args
        if node not in self.flat and (op is div or op is _WHERE or _is_fraction(node) or any(child in self.tall for child in args)):
            self.tall.add(node)
        self.begins[node] = self._beginning(node)
        last = args[-1] if args else node
        if self._without_parentheses(node) or (op is mul and last in self.open_ended and level(last, self.signs) >= PRODUCT):
            self.open_ended.add(node)
        if (op is SYMBOL and self.names[node] in _FUNCTION_LETTERS) or (op is power_row and args[0] in self.ends_in_letter) \
                or (op is mul and last in self.ends_in_letter):
            self.ends_in_letter.add(node)
        if (op is SYMBOL and node.value == "d") or (op in (mul, power_row) and args[0] in self.begins_with_d):
            self.begins_with_d.add(node)

    def _beginning(self, node: Expr) -> str:
        op, args = node.op, node.args
        if op is neg or self.signs.leading_minus(node):
            return "minus"
        if op is NUMBER or (op is div and all(child.op is NUMBER for child in args)):
            return "digit"
        if op is add or op is mul:
            bare = self._bare_first(args[0], op)
            return self.begins[args[0]] if bare else "parenthesis"
        if op is power_row:
            if _named_power(node) is None:
                return self.begins[args[0]] if self._is_atom(args[0]) else "parenthesis"
            node = args[0]
        head = _head(node.op)
        written_as_power = node.op is _EXP and node not in self.tall
        return "function" if _keeps_distance(head) and not written_as_power else "other"

    def _seen(self, node: Expr) -> Expr:
        """A node that a flipped sign made is looked at when it is met; only the way to its first number is new."""
        spine = []
        first = node
        while first not in self.begins:
            spine.append(first)
            if not first.args:
                break
            first = first.args[0]
        for new in reversed(spine):
            self._look(new)
        return node

    def _is_atom(self, node: Expr) -> bool:
        """Whether a node takes an exponent as it stands."""
        if node.op is NUMBER:
            return level(node, self.signs) >= ATOM and "e" not in numbers.text_of(node.value)
        return not node.args or (node.op.latex or "").startswith((r"\sqrt", r"\left"))

    def _without_parentheses(self, node: Expr) -> bool:
        """Whether a node is a function with its argument beside it, as in sin x and sin^2 x."""
        if node.op is power_row and _named_power(node) is not None:
            node = node.args[0]
        head = _head(node.op)
        if len(node.args) != 1 or head is None or (node.op is _EXP and node not in self.tall):
            return False
        argument = node.args[0]
        return _keeps_distance(head) and not head.startswith(r"\operatorname") \
            and not argument.args and self._is_atom(argument)

    def _bare_first(self, first: Expr, op: Op) -> bool:
        if op is add:
            return self._level(first) >= SUM
        return first.op is NUMBER or first.op is div or first.op is mul or self._level(first) >= PRODUCT

    def _level(self, node: Expr) -> int:
        """The table's level, but for what text writes as a call and LaTeX between its arguments."""
        found = level(node, self.signs)
        return RELATION if found == ATOM and _is_infix(node.op) else found

    # What is written

    def text(self) -> str:
        return unfold_text(self.root, self.parts)

    def parts(self, node: Expr) -> Parts:
        op = node.op
        if op is NUMBER:
            return [numbers.text_of(node.value).replace("/", " / ") if node in self.flat else _number(node.value)]
        if op is SYMBOL:
            return [self.names[node]]
        writer = _WRITERS.get(op)
        if writer is not None:
            return writer(self, node)
        if not node.args:
            return [op.latex or operator_name(op.name)]
        if _head(op) is None:
            return self._from_template(node)
        return self._application(node)

    def pieces(self, width: int) -> list[str]:
        """The terms of a sum with their signs, or the factors of a product: together they are the formula.

        A sum in parentheses that is wider than `width` comes in terms too.
        """
        if self.root.op is add:
            return self._cut(self._sum(self.root), _SIGNS)
        if self.root.op is not mul:
            return [self.text()]
        found = []
        for factor in _between(self._product(self.root), {self.style.between, self.style.sign}):
            text = self._joined(factor)
            inside = factor[-2] if len(factor) > 2 else None
            if isinstance(inside, Expr) and inside.op is add and printed_width(text) > width:
                terms = self._cut(self._sum(inside), _SIGNS)
                found += [r"\bigl(" + terms[0], *terms[1:-1], terms[-1] + r"\bigr)"]
                found[-len(terms)] = (self.style.sign if len(found) > len(terms) else "") + found[-len(terms)]
            else:
                found.append(self.style.sign + text if found else text)
        return found

    def _cut(self, parts: Parts, separators: set[str]) -> list[str]:
        texts = [self._joined(part) for part in _between(parts, separators)]
        signs = ["", *[part for part in parts if isinstance(part, str) and part in separators]]
        return [sign + text for sign, text in zip(signs, texts, strict=True)]

    def _joined(self, parts: Parts) -> str:
        return "".join([part if isinstance(part, str) else unfold_text(part, self.parts) for part in parts])

    def _grouped(self, *content: str | Expr) -> Parts:
        tall = any(part in self.tall for part in content if type(part) is Expr)
        return [r"\left(", *content, r"\right)"] if tall else ["(", *content, ")"]

    def _wrapped(self, node: Expr, bare: bool) -> Parts:
        return [node] if bare else self._grouped(node)

    def _sum(self, node: Expr) -> Parts:
        parts = self._wrapped(node.args[0], self._bare_first(node.args[0], add))
        for child in node.args[1:]:
            if child.op is neg:
                parts += [" - ", *self._wrapped(child.args[0], self._level(child.args[0]) >= PRODUCT)]
            elif self.signs.leading_minus(child):
                parts += [" - ", self._seen(self.signs.flipped(child))]
            else:
                bare = self._level(child) >= PRODUCT or (child.op is add and self.begins[child] != "minus")
                parts += [" + ", *self._wrapped(child, bare)]
        return parts

    def _negation(self, node: Expr) -> Parts:
        return ["-", *self._wrapped(node.args[0], self._level(node.args[0]) >= PRODUCT)]

    def _product(self, node: Expr) -> Parts:
        parts: Parts = []
        bare = [self._bare_first(child, mul) if place == 0 else self._level(child) >= PRODUCT for place, child in enumerate(node.args)]
        for place in range(1, len(node.args)):  # 1.5 \cdot 10^{22} is one number
            bare[place] = bare[place] and not (type(node.args[place - 1].value) is float and _is_power_of_ten(node.args[place]))
        for place, child in enumerate(node.args):
            following = self._start_of(node.args[place + 1], bare[place + 1]) if place + 1 < len(node.args) else ""
            if following and following != "function" and child in self.open_ended and bare[place]:
                parts += self._closed(child)
            else:
                parts += self._wrapped(child, bare[place])
            if following:
                calls = following == "parenthesis" and child in self.ends_in_letter
                parts.append(self.style.sign if following == "digit" or calls else self.style.between)
        return parts

    def _start_of(self, node: Expr, bare: bool) -> str:
        return self.begins[node] if bare else "parenthesis"

    def _closed(self, node: Expr) -> Parts:
        """An open-ended factor made safe for what follows: sin(x) for sin x."""
        if node.op is mul:
            return self._grouped(node)
        named = _named_power(node) if node.op is power_row else None
        return self._application(node if named is None else node.args[0], named or "", closed=True)

    def _quotient(self, node: Expr) -> Parts:
        if self.signs.leading_minus(node):
            return ["-", self._seen(self.signs.flipped(node))]
        top, bottom = node.args
        if node in self.flat:
            return [top, " / ", bottom]
        like_derivative = bottom.op is mul and bottom in self.begins_with_d and top in self.begins_with_d
        return [r"\frac{", top, "}{", *self._wrapped(bottom, not like_derivative), "}"]

    def _power(self, node: Expr) -> Parts:
        base, exponent = node.args
        named = _named_power(node)
        if named is not None:
            return self._application(base, named)
        shown: str | Expr = numbers.text_of(exponent.value) if _is_fraction(exponent) else exponent
        return [*self._wrapped(base, self._is_atom(base)), "^{", shown, "}"]

    def _exponential(self, node: Expr) -> Parts:
        """e with an exponent, or exp(...) where that would put a fraction into the exponent."""
        return self._application(node) if node in self.tall else ["e^{", node.args[0], "}"]

    def _application(self, node: Expr, power: str = "", closed: bool = False) -> Parts:
        head = _head(node.op) or ""
        name = f"{head}^{{{power}}}" if power else head
        if self._without_parentheses(node) and not closed:
            return [f"{name}{{", node.args[0], "}"]
        content: Parts = []
        for index, child in enumerate(node.args):
            content += [", ", child] if index else [child]
        return [name, *self._grouped(*content)]

    def _from_template(self, node: Expr) -> Parts:
        parts: Parts = []
        here = self._level(node)
        for piece in _template(node.op.latex or ""):
            if isinstance(piece, str):
                parts.append(piece)
                continue
            place, in_parentheses = piece
            child = node.args[place]
            if in_parentheses:
                parts += self._grouped(child)
            elif node.op.relation:
                parts += self._wrapped(child, self._level(child) > max(here, RELATION if node.op.arity == 1 else here))
            else:
                parts += self._wrapped(child, not _is_infix(node.op) or self._is_atom(child))
        return parts

    def _choice(self, node: Expr) -> Parts:
        """One list of cases, also for a choice in the last branch of a choice, unless that one is used elsewhere too."""
        condition, value, other = node.args
        parts: Parts = [r"\begin{cases} ", value, r" & \text{if } ", condition, r" \\ "]
        while other.op is _WHERE and self.count.get(other) == 1:
            condition, value, other = other.args
            parts += [value, r" & \text{if } ", condition, r" \\ "]
        return [*parts, other, r" & \text{otherwise} \end{cases}"]


_WRITERS: dict[Op, Callable[[Writer, Expr], Parts]] = {
    add: Writer._sum, mul: Writer._product, div: Writer._quotient, neg: Writer._negation, power_row: Writer._power,
    _WHERE: Writer._choice, _EXP: Writer._exponential,
}
_FUNCTION_LETTERS = {*"fghFGH"} | {op.latex for op in TABLE.values() if op.arity and op.latex in GREEK.values()}


_SIGNS = {" + ", " - "}


def _between(parts: Parts, separators: set[str]) -> list[Parts]:
    found: list[Parts] = [[]]
    for part in parts:
        if isinstance(part, str) and part in separators:
            found.append([])
        else:
            found[-1].append(part)
    return found


def _flat_fractions(root: Expr) -> frozenset[Expr]:
    """The fractions of one letter or number over another that are no factor, no power and no part of a fraction anywhere."""
    order = postorder(root)
    inside = {child for node in order if node.op in (mul, div, power_row) for child in node.args}
    return frozenset(node for node in order if node not in inside and (
        _is_fraction(node) or (node.op is div and all(_is_simple(child) for child in node.args))))


def _is_simple(node: Expr) -> bool:
    return not node.args and not _is_fraction(node) and not (node.op is NUMBER and (node.value < 0 or "e" in numbers.text_of(node.value)))


def _head(op: Op) -> str | None:
    """The function's name in LaTeX, None for an operation with a template, a sign or no arguments."""
    if not isinstance(op, Op) or not op.arity:
        return None
    if op.latex is None:
        return operator_name(op.name) if op.symbol is None else None
    return None if "{0}" in op.latex else op.latex


def _keeps_distance(head: str | None) -> bool:
    """Whether TeX sets a name as a function, with a space before what follows: not so Greek letters."""
    match = _NAME.fullmatch(head or "")
    return match is not None and match[1] not in GREEK


def _is_infix(op: Op) -> bool:
    template = (op.latex or "") if isinstance(op, Op) else ""
    return template.startswith("{0}") or template.endswith("{0}")


@lru_cache(maxsize=256)
def _template(text: str) -> list[str | tuple[int, bool]]:
    """A row's template in pieces: text, and places of arguments with whether parentheses of a fitting size go around them."""
    pieces: list[str | tuple[int, bool]] = []
    closing = False
    for literal, field, _, _ in Formatter().parse(text):
        opening = field is not None and literal.endswith("(")
        shown = literal[closing:len(literal) - opening]
        if field is not None and _COMMAND_AT_END.search(shown):
            shown += " "  # a letter behind it would lengthen the command
        pieces.append(shown)
        if field is not None:
            pieces.append((int(field), opening))
        closing = opening
    return pieces


def _named_power(node: Expr) -> str | None:
    """The exponent that a function's name takes: sin^2 x; not -1, which would say the inverse, and not beside exp."""
    base, exponent = node.args
    named = len(base.args) == 1 and base.op is not _EXP and _head(base.op) is not None
    if named and type(exponent.value) is int and exponent.value > 1:
        return numbers.text_of(exponent.value)
    return None


def _is_fraction(node: Expr) -> bool:
    return node.op is NUMBER and type(node.value) not in (int, float)


def _is_power_of_ten(node: Expr) -> bool:
    """Whether a factor is written 10^{...}: a float, or a power."""
    base = node.args[0] if node.op is power_row else node
    return base.value == 10 if base is not node else type(node.value) is float and numbers.text_of(node.value).startswith("1e")


def _number(value: Real) -> str:
    text = numbers.text_of(value)
    if "/" in text:
        sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
        top, bottom = digits.split("/")
        return rf"{sign}\frac{{{top}}}{{{bottom}}}"
    mantissa, mark, exponent = text.partition("e")
    if not mark:
        return text
    power = f"10^{{{int(exponent)}}}"
    return power if mantissa == "1" else f"-{power}" if mantissa == "-1" else rf"{mantissa} \cdot {power}"
