r"""What the tokens of LaTeX mean, decided between lexer and parser: names with their subscripts, functions, bars, \frac{d}{dx}."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches

from lark import Token

from symdiff import limits
from symdiff.errors import DefinitionError, LimitError, ParseError
from symdiff.functions import declared_names
from symdiff.letters import GREEK
from symdiff.operations.abstract import spelling
from symdiff.parsing.hints import near_functions
from symdiff.parsing.latex_arguments import braced, refused
from symdiff.parsing.latex_looking import View, is_differential, primes, retyped, styled
from symdiff.parsing.latex_words import FUNCTION_LETTERS, NO_MEANING, SIGNS, TEXT_WORDS, command_function, word_function
from symdiff.symbols import CONSTANTS, Symbol

__all__ = ["Differentiation", "LatexTokens"]

_ENDS_OPERAND = frozenset({"NUMBER", "VARIABLE", "CONSTANT", "RPAR", "RBAR", "RBRACE", "RFLOOR", "RCEIL", "END"})
_OPENS = frozenset({"LPAR", "LBRACE", "LOPT", "LBAR", "LFLOOR", "LCEIL", "BEGIN", "DERIVED"})
_CLOSES = frozenset({"RPAR", "RBRACE", "ROPT", "RBAR", "RFLOOR", "RCEIL", "END"})
_FENCES = frozenset({"LPAR", "LBAR", "LFLOOR", "LCEIL", "BEGIN"})
_CALLS = frozenset({"FUNCTION", "LOG", "POLYGAMMA"})
_IN_BARE = frozenset({"NUMBER", "VARIABLE", "CONSTANT", "FRAC", "ROOT", "POWER", "LBRACE", "LOPT", "UNDERSCORE"})
"""What an argument without parentheses is made of, its first part apart."""
_NUMBERS_ONLY = ["LBRACE", "NUMBER", "RBRACE", "LBRACE", "NUMBER", "RBRACE"]
_STEPS = 20
"""What the derivative of one node in a text costs of `limits.derivative_steps`, so that a hostile text ends within seconds."""
_LETTERS_OF_FUNCTIONS = frozenset("fghFGH")


@dataclass(slots=True)
class Differentiation:
    """The variables that an operator d/dx differentiates by, and what one text may spend on derivatives."""

    by: list[tuple[str, int]]
    bare: bool
    partial: bool
    budget: list[int]


@dataclass(slots=True)
class _Bare:
    """An argument without parentheses while it is read; it gets the parentheses it lacks."""

    function: Token
    parts: int = 0
    whole: bool = False
    """Its first part was a call or |...|, and nothing more can belong to it."""


@dataclass(slots=True)
class LatexTokens:
    """The filter between lexer and parser; `names` are those that a name's parts stand for, where that is not the usual one."""

    names: dict[tuple[str, ...], str] = field(default_factory=dict)
    always_accept = (
        "LETTER", "WORD", "COMMAND", "PRIME", "BAR", "UNDERSCORE", "ENVIRONMENT",
    )

    def process(self, stream: Iterable[Token]) -> Iterator[Token]:
        return iter(_Reader(list(braced(stream)), self.names).read())


class _Reader(View):
    """One pass over the tokens of a text."""

    def __init__(self, tokens: list[Token], names: dict[tuple[str, ...], str]) -> None:
        super().__init__(tokens, names)
        self.functions = declared_names()
        self.out: list[Token] = []
        self.open: list[str | _Bare] = []
        self.becoming: dict[int, str] = {}
        """Places of closing braces that become something else."""
        self.skipped: dict[int, int] = {}
        """Places behind which the reading goes on elsewhere: the denominator of \\frac{d y}{d x} is no part of the formula."""
        self.arguments: dict[int, Token] = {}
        """Places where the argument of a function begins, and the function."""
        self.budget = [limits.derivative_steps // _STEPS]

    def read(self) -> list[Token]:
        place, tokens = 0, self.tokens
        while place < len(tokens):
            if place in self.arguments:
                place = self._argument(place, self.arguments.pop(place))
                if place >= len(tokens):
                    break
            place = self._read_one(place, tokens[place])
        if self.arguments:
            (function,) = self.arguments.values()
            raise _lacking(function, tokens[-1])
        self._end_bare(Token("$END", "", 0, tokens[-1].line, tokens[-1].end_column) if tokens else Token("$END", ""), always=True)
        return self.out

    # one token, and where the reading goes on

    def _read_one(self, place: int, token: Token) -> int:
        kind = token.type
        if kind in ("LETTER", "COMMAND", "WORD"):
            return self._word(place, token)
        if kind == "FRAC":
            if (found := self._derivative(place)) is not None:
                return found
            self._check_mixed(place, token)
        if kind == "NUMBER":
            return self._number(place, token)
        if kind == "PARTIAL":
            return self._partial(place, token)
        if kind == "BAR":
            closes = self._ended() and bool(self.open) and self._innermost() == "BAR"
            self._emit(retyped("RBAR" if closes else "LBAR", token), "BAR")
            return place + 1
        if kind == "LBRACE" and self.kind(place + 1) in ("RBRACE", "COMMA"):
            raise refused(token, "there is no formula between the braces", "take them away; digits are not grouped, and a decimal point is '.'")
        if kind == "RELATION":
            token = retyped(kind, token, {"=": "=="}.get(str(token), str(token)))
        elif kind == "PRIME":
            raise refused(token, f"{str(token)!r} stands behind no function", "declare the function: parse_latex(..., functions=[\"f\"])")
        elif kind == "ENVIRONMENT":
            raise refused(token, f"{str(token)!r} is no formula", "give the formula alone; choices are written \\begin{cases}")
        elif place in self.becoming:
            token = retyped(self.becoming[place], token, "")
        self._emit(token)
        return self.skipped.get(place, place + 1)

    def _emit(self, token: Token, opened: str = "") -> None:
        """Write a token, and before it the end of arguments without parentheses that it is no part of."""
        kind = token.type
        if kind in _CLOSES:
            self._end_bare(token, always=True)
            if self.open:
                self.open.pop()
        else:
            self._end_bare(token)
            if self._ended():
                self._check_neighbours(token)
            if kind in _OPENS:
                self.open.append(opened or kind)
        self.out.append(token)

    def _ended(self) -> bool:
        return bool(self.out) and self.out[-1].type in _ENDS_OPERAND

    def _innermost(self) -> str:
        """The bracket that is open here."""
        return next((item for item in reversed(self.open) if isinstance(item, str)), "")

    def _end_bare(self, token: Token, always: bool = False) -> None:
        while self.open and isinstance(self.open[-1], _Bare):
            if not always and self._goes_on(self.open[-1], token):
                return
            self.open.pop()
            self.out.append(retyped("RPAR", token, ""))

    def _goes_on(self, bare: _Bare, token: Token) -> bool:
        """Whether a token is a further part of the argument; where a reader could not tell, that is an error."""
        kind = token.type
        if not bare.parts:
            bare.parts = 1
            bare.whole = kind in _CALLS or kind in _FENCES
            return True
        if self.out[-1].type in ("POWER", "UNDERSCORE", "LOG"):
            return True
        if bare.whole:
            return kind == "POWER" or self.out[-1].type in _CALLS
        if kind in _FENCES:
            raise refused(token, f"it is unclear whether this belongs to the argument of {bare.function}",
                          f"write the argument in parentheses: {bare.function}(...)")
        bare.parts += 1
        return kind in _IN_BARE

    # names, numbers and words

    def _number(self, place: int, token: Token) -> int:
        r"""A number; 1.5 \cdot 10^{-7} is a number too, as floats are written."""
        tail = self.tokens[place + 1:place + 8]
        if "." in token and [t.type for t in tail[:4]] == ["TIMES", "NUMBER", "POWER", "LBRACE"] and tail[1] == "10":
            sign = "-" if len(tail) > 4 and tail[4].type == "MINUS" else ""
            exponent = tail[4 + bool(sign):]
            if [t.type for t in exponent[:2]] == ["NUMBER", "RBRACE"] and exponent[0].isdigit() and len(exponent[0]) < 4:
                self._emit(retyped("NUMBER", token, f"{token}e{sign}{exponent[0]}"))
                return place + 7 + bool(sign)
        self._emit(token)
        return place + 1

    def _word(self, place: int, token: Token) -> int:
        """A letter, a command or a word: operator, constant, function or name."""
        style, word = styled(token)
        if token.type == "COMMAND" and word not in GREEK:
            return self._command(place, token, word)
        if style == "text" and (kind := TEXT_WORDS.get(word.strip(" .,:;"))):
            self._emit(retyped(kind, token, word.strip(" .,:;")))
            return place + 1
        if token.type == "WORD" and style != "mathit":
            function = word_function(word)
            if function is not None and word not in self.functions:
                return self._function(place, token, function)
            if style == "operatorname" and word not in self.functions:
                near = near_functions(word)
                raise refused(token, f"{word!r} is no known function", f"did you mean {' or '.join(near)}?" if near else
                              f"declare it: parse_latex(..., functions=[\"{word}\"])")
        if word in FUNCTION_LETTERS and token.type == "COMMAND" and self.is_called(place + 1):
            return self._letter_function(place, token, FUNCTION_LETTERS[word])
        return self._name(place, token, style, word)

    def _name(self, place: int, token: Token, style: str, word: str) -> int:
        """A constant, a declared function or a variable, with its subscript."""
        if token.type == "LETTER" and self.words:
            word, place = self.spelled(place)
        if token.type == "LETTER" and len(word) == 1:
            self.check_backslash(place, token)
        subscript, behind = self.subscript(place + 1)
        raised = self.mate[place + 2] if not subscript and self.kind(place + 1) == "POWER" else 0
        if raised and self.kind(raised + 1) == "UNDERSCORE":  # x^2_i is x_i^2
            subscript, self.skipped[raised] = self.subscript(raised + 1)
        if not subscript and word in CONSTANTS and word not in self.words and (token.type != "WORD" or style in ("text", "mathrm")):
            self._emit(retyped("CONSTANT", token, word))
            return place + 1
        name = self.name(word, *subscript)
        if style == "mathtt" and not subscript:
            name = word
        if name in self.functions and (found := self._abstract(behind, token, name)) is not None:
            return found
        try:
            name = str(Symbol(name).value)
        except DefinitionError as error:
            raise refused(token, str(error), "write another name") from None
        if behind < len(self.tokens) and self.tokens[behind].type == "PRIME":
            raise refused(token, f"{name}{self.tokens[behind]} is a derivative, and {name} no function",
                          f"declare it: parse_latex(..., functions=[\"{name}\"])")
        self._check_undeclared(behind, token, name)
        self._emit(retyped("VARIABLE", token, name))
        return behind

    def _check_undeclared(self, behind: int, token: Token, name: str) -> None:
        """f(x) and x(t) are hardly products."""
        tokens = self.tokens
        if behind >= len(tokens) or tokens[behind].type != "LPAR" or name in self.names.values():
            return
        end = self.mate[behind]
        single = end == behind + 2 and tokens[behind + 1].type in ("LETTER", "COMMAND")
        several = any(t.type == "COMMA" for t in tokens[behind + 2:behind + 4])
        if name in _LETTERS_OF_FUNCTIONS or single or several:
            raise refused(token, f"{name}(...) is no known function",
                          f"declare it: parse_latex(..., functions=[\"{name}\"]); for a product write {token} \\cdot (...)")

    # functions

    def _command(self, place: int, token: Token, word: str) -> int:
        if word in ("{", "}") or word in SIGNS:
            raise refused(token, f"{str(token)!r} has no meaning here")
        if word == "log" and place + 1 < len(self.tokens) and self.tokens[place + 1].type == "UNDERSCORE":
            self._emit(retyped("LOG", token, "log"))
            self._expect_argument(place + 1, token)
            return place + 1
        function = command_function(word)
        if function is None:
            near = get_close_matches(word, [*NO_MEANING, *SIGNS, *GREEK, "sin", "cos", "tan", "sqrt", "exp", "ln", "log"], n=1, cutoff=0.7)
            hint = NO_MEANING.get(word) or (f"did you mean \\{near[0]}?" if near else "write a function as \\operatorname{name}(...)")
            raise refused(token, f"{str(token)!r} has no meaning here", hint)
        return self._function(place, token, function)

    def _function(self, place: int, token: Token, function: str) -> int:
        self._emit(retyped("FUNCTION", token, function))
        self._expect_argument(place + 1, token)
        return place + 1

    def _expect_argument(self, place: int, function: Token) -> None:
        """Note where the argument begins, behind a subscript and a power."""
        for kind in ("UNDERSCORE", "POWER"):
            if place < len(self.tokens) and self.tokens[place].type == kind and (kind == "POWER" or function == "\\log"):
                place = self.mate[place + 1] + 1
        self.arguments[place] = function

    def _argument(self, place: int, function: Token) -> int:
        """The argument of a function begins here: parentheses, braces, or neither."""
        token, kind = self.tokens[place], self.tokens[place].type
        if kind == "LBRACE" and self.tokens[place + 1].type == "LPAR" and self.mate[place + 1] == self.mate[place] - 1:
            self.skipped[self.mate[place] - 1] = self.mate[place] + 1
            place, kind = place + 1, "LPAR"
        if kind == "LPAR":
            self.out.append(self.tokens[place])
            self.open.append("LPAR")
            return place + 1
        if kind == "LBRACE":
            end = self.mate[place]
            behind = self.tokens[end + 1] if end + 1 < len(self.tokens) else None
            if behind is not None and behind.type == "POWER":
                raise refused(behind, f"it is unclear whether the argument of {function} is raised or its value",
                              f"write {function}^{{2}}(x) or {function}(x^{{2}})")
            self.becoming[end] = "RPAR"
            self.out.append(retyped("LPAR", token, ""))
            self.open.append("LPAR")
            return place + 1
        if kind in ("PLUS", "MINUS"):
            raise refused(token, f"the argument of {function} begins with a sign and has no parentheses", f"write {function}({token}...)")
        if kind in _CLOSES or kind not in ("NUMBER", "LETTER", "COMMAND", "WORD", "FRAC", "ROOT", *_FENCES, "BAR"):
            raise _lacking(function, token)
        self.out.append(retyped("LPAR", token, ""))
        self.open.append(_Bare(function))
        return place

    def _letter_function(self, place: int, token: Token, function: str) -> int:
        r"""\Gamma(x), \psi^{2}(x); and \psi^{(2)}(x), which is a derivative."""
        start = place + 2
        if function == "digamma" and start + 1 < len(self.tokens) and self.tokens[place + 1].type == "POWER" \
                and self.tokens[start + 1].type == "LPAR" and self.mate[start + 1] == self.mate[start] - 1:
            self._emit(retyped("POLYGAMMA", token, "polygamma"))
            self.arguments[self.mate[start] + 1] = token
            return place + 1
        return self._function(place, token, function)

    def _abstract(self, place: int, token: Token, name: str) -> int | None:
        """A call of a declared function, with its quotes or its order; None where the name is not called."""
        tokens = self.tokens
        if place < len(tokens) and tokens[place].type == "PRIME":
            return self._function(place, retyped("WORD", token, name), name + "'" * primes(tokens[place]))
        kinds = [t.type for t in tokens[place:place + 7]]
        if kinds == ["POWER", "LBRACE", "LPAR", "NUMBER", "RPAR", "RBRACE", "LPAR"] and tokens[place + 3].isdigit():
            order = int(tokens[place + 3][:6])
            if order > limits.derivative_order:
                raise LimitError(f"the derivative of order {order}", "derivative_order", limits.derivative_order)
            self._emit(retyped("FUNCTION", token, spelling(name, 1, (1,) * order)))
            self.arguments[place + 6] = token
            return place + 6
        if self.is_called(place):
            self._emit(retyped("FUNCTION", token, name))
            self._expect_argument(place, token)
            return place
        return None

    # derivatives

    def _partial(self, place: int, token: Token) -> int:
        r"""\partial_{1,2} f(x, y) is a derivative of f; \partial_x differentiates what follows."""
        subscript, behind = self.subscript(place + 1)
        if not subscript:
            raise refused(token, f"{str(token)!r} lacks its variable", "write \\frac{\\partial}{\\partial x} or \\partial_x")
        if not all(part.isdigit() for part in subscript):
            self._emit(self._operator(token, [(self.name(part), 1) for part in subscript], bare=True, partial=True))
            self.check_end(behind)
            return behind
        following = self.tokens[behind] if behind < len(self.tokens) else token
        name = styled(following)[1] if following.type in ("LETTER", "COMMAND", "WORD") else ""
        if name not in self.functions:
            raise refused(following, f"{token}_{{{','.join(subscript)}}} stands before no declared function",
                          "declare the function: parse_latex(..., functions=[\"f\"])")
        self._emit(retyped("FUNCTION", following, spelling(name, 2, tuple(int(part[:6]) for part in subscript))))
        self._expect_argument(behind + 1, following)
        return behind + 1

    def _derivative(self, place: int) -> int | None:
        r"""\frac{d^2}{dx^2}, \frac{\partial f(x)}{\partial x}: where the reading goes on; None for other fractions."""
        top, tokens = place + 1, self.tokens
        top_end = self.mate[top]
        bottom = top_end + 1
        bottom_end = self.mate[bottom]
        if not (is_differential(tokens[top + 1]) and is_differential(tokens[bottom + 1]) and bottom_end > bottom + 2):
            return None
        by = self.differentials(bottom + 1, bottom_end)
        if by is None:
            return None
        order, body = self.order(top + 2)
        if order != sum(n for _, n in by):
            raise refused(tokens[top + 1], f"the order above is {order} and that below {sum(n for _, n in by)}",
                          "write the same order in both places")
        self._emit(self._operator(tokens[place], by, bare=body == top_end, partial=tokens[top + 1].type == "PARTIAL"))
        if body == top_end:
            self.check_end(bottom_end + 1)
            return bottom_end + 1
        self.skipped[top_end] = bottom_end + 1
        return body

    def _operator(self, token: Token, by: list[tuple[str, int]], bare: bool, partial: bool) -> Token:
        operator = retyped("DERIVATIVE" if bare else "DERIVED", token)
        operator.value = Differentiation(by, bare, partial, self.budget)
        return operator

    # mistakes that show in two neighbours

    def _check_mixed(self, place: int, token: Token) -> None:
        r"""2\frac{1}{3} is two and a third to some and two thirds to others."""
        if self.out and self.out[-1].type == "NUMBER" and [t.type for t in self.tokens[place + 1:place + 7]] == _NUMBERS_ONLY:
            raise refused(token, "a fraction of numbers stands beside a number", "write \\cdot between them for the product, + for the sum")

    def _check_neighbours(self, token: Token) -> None:
        left = self.out[-1]
        if token.type == "NUMBER":
            hint = "TeX does not show the space between digits" if left.type == "NUMBER" else "write \\cdot between them for a product"
            raise refused(token, "a number stands beside another operand", hint)


def _lacking(function: Token, token: Token) -> ParseError:
    return refused(token, f"{function} is a function and lacks its argument", f"write {function}(x)")
