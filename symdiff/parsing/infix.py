"""Formula text to expressions: the grammar's actions, which build what is written and simplify nothing."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, cast

from lark import Lark, Token
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken, VisitError

from symdiff import limits
from symdiff.errors import LimitError, ParseError, UsageError
from symdiff.expr import Expr, Real, number, symbol_node
from symdiff.grammar_files import grammar_text
from symdiff.operations import TABLE
from symdiff.operations.arithmetic import add, constants, div, mul, neg
from symdiff.operations.arithmetic import pow as power_row
from symdiff.operations.op import Op
from symdiff.operations.operators import quotient
from symdiff.parsing.hints import EXPECTED, SIGNS
from symdiff.parsing.tokens import Tokens
from symdiff.symbols import function_name
from symdiff.walk import paused_collector

__all__ = ["parse"]

_SUPERSCRIPTS = str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "+-0123456789")
_RELATIONS = {"<": "lt", "<=": "le", ">": "gt", ">=": "ge", "==": "eq", "!=": "ne", "≤": "le", "≥": "ge", "≠": "ne"}


def parse(text: str) -> Expr:
    """Read a formula, as written: parse("x + x") is x + x.

    text: infix text; grammar/math.lark is its definition.  A decimal literal is a float, integers and their quotients are exact,
    names are real variables, `log` is the natural logarithm.
    Raises ParseError with line, column and a hint for text that is no formula, LimitError beyond `symdiff.limits`.

    >>> parse("2x sin(x)^2")
    Expr('2*x*sin(x)^2')
    >>> parse("1/2x")
    Expr('1/2*x')
    """
    if not isinstance(text, str):
        raise UsageError(f"parse takes text, not {type(text).__name__}")
    if len(text) > limits.input_length:
        raise LimitError(f"the formula has {len(text)} characters", "input_length", limits.input_length)
    if not text.strip():
        raise ParseError("there is no formula", text, hint="write one, such as x^2*sin(x)")
    try:
        with paused_collector():
            return cast(Expr, _parser().parse(text))
    except ParseError as error:
        error.text = text
        raise
    except VisitError as error:
        if isinstance(error.orig_exc, ParseError):
            error.orig_exc.text = text
        raise error.orig_exc from None
    except UnexpectedInput as error:
        raise _explained(error, text) from None


@lru_cache(maxsize=1)
def _parser() -> Lark:
    return Lark(grammar_text("math.lark"), parser="lalr", lexer="basic", maybe_placeholders=False,
                transformer=cast(Any, _Actions()), postlex=cast(Any, Tokens()))


def _explained(error: UnexpectedInput, text: str) -> ParseError:
    if isinstance(error, UnexpectedCharacters):
        char = text[error.pos_in_stream] if error.pos_in_stream is not None else ""
        shown = repr(char) if char.isprintable() else f"the invisible character U+{ord(char):04X}"
        return ParseError(f"{shown} has no meaning here", text, error.line, error.column, SIGNS.get(char, ""))
    if not isinstance(error, UnexpectedToken):
        return ParseError("this is no formula", text)
    token = error.token
    wanted = _wanted(set(error.accepts or error.expected))
    if token.type == "$END":
        end = text.rstrip()
        line = end.count("\n") + 1
        return ParseError("the formula ends too early", text, line, len(end) - (end.rfind("\n") + 1) + 1, wanted)
    previous = str(getattr(error.token_history[-1], "value", "")) if error.token_history else ""
    hint = SIGNS.get(str(token), "") or wanted
    if token.type == "RELATION" and previous in ("<", ">"):
        hint = "bit shifts have no meaning here"
    return ParseError(f"unexpected {str(token)!r}", text, token.line or 1, token.column or 1, hint)


def _wanted(types: set[str]) -> str:
    if {"NUMBER", "VARIABLE", "LPAR"} <= types:
        return "expected a number, a name, a function or '('"
    names = [EXPECTED[kind] for kind in sorted(types) if kind in EXPECTED]
    return f"expected {', '.join(names[:-1])} or {names[-1]}" if len(names) > 1 else f"expected {names[0]}" if names else ""


class _Literal:
    """A bare unsigned number: a minus or a divisor next to it may still become part of it."""

    __slots__ = ("value",)

    def __init__(self, value: Real) -> None:
        self.value = value


class _Product:
    """Factors and divisors in the order written, while the product is being read."""

    __slots__ = ("first", "rest")

    def __init__(self, first: Any) -> None:
        self.first = first
        self.rest: list[tuple[Op, Any]] = []


class _Arguments:
    __slots__ = ("commas", "values")

    def __init__(self, first: Any) -> None:
        self.values = [first]
        self.commas: list[Token] = []


def _expr(value: Any) -> Expr:
    kind = type(value)
    if kind is Expr:
        return cast(Expr, value)
    return number(value.value) if kind is _Literal else _closed(value, negative=False)


def _closed(product: _Product, negative: bool) -> Expr:
    """The expression of a product: * collects into flat products, / divides all before it, a minus goes into a leading number."""
    first = product.first
    if not product.rest:
        if type(first) is _Literal:
            return number(-first.value if negative else first.value)
        return neg(first) if negative else cast(Expr, first)
    literal = type(first) is _Literal
    if literal and negative:
        first, negative = _Literal(-first.value), False
    factors = [_expr(first)]
    for op, operand in product.rest:
        if op is mul:
            factors.append(_expr(operand))
        elif literal and len(factors) == 1 and type(operand) is _Literal:
            factors = [quotient(factors[0], number(operand.value))]  # 1/2 is the number one half
        else:
            factors = [div(_product(factors), _expr(operand))]
        literal = False
    result = _product(factors)
    return neg(result) if negative else result


def _product(factors: list[Expr]) -> Expr:
    return factors[0] if len(factors) == 1 else Expr(mul, tuple(factors))


def _condition(value: Any, token: Token) -> Expr:
    node = _expr(value)
    if not node.op.relation:
        raise ParseError(f"{str(token)!r} joins conditions, and this is a number", line=token.line or 1, column=token.column or 1,
                         hint="a condition is a comparison such as x > 0")
    return node


class _Actions:
    """One method a rule of the grammar; children are what the rule's parts returned, tokens among them."""

    @staticmethod
    def start(children: list[Any]) -> Expr:
        return _expr(children[0])

    @staticmethod
    def number(children: list[Token]) -> _Literal:
        return _Literal(_number_value(children[0]))

    @staticmethod
    def variable(children: list[Token]) -> Expr:
        return symbol_node(str(children[0]))

    @staticmethod
    def constant(children: list[Token]) -> Expr:
        return constants()[str(children[0])]

    @staticmethod
    def first_factor(children: list[Any]) -> _Product:
        return _Product(children[0])

    @staticmethod
    def next_factor(children: list[Any]) -> _Product:
        children[0].rest.append((mul, _arithmetic(children[2], children[1])))
        return cast(_Product, children[0])

    @staticmethod
    def next_beside(children: list[Any]) -> _Product:
        children[0].rest.append((mul, children[1]))
        return cast(_Product, children[0])

    @staticmethod
    def next_divisor(children: list[Any]) -> _Product:
        children[0].rest.append((div, _arithmetic(children[2], children[1])))
        return cast(_Product, children[0])

    @staticmethod
    def minus(children: list[Any]) -> Expr:
        token, value = children
        return _closed(value, negative=True) if type(value) is _Product else neg(_arithmetic(_expr(value), token))

    @staticmethod
    def plus(children: list[Any]) -> Expr:
        return _arithmetic(_expr(children[1]), children[0])

    @staticmethod
    def minus_factor(children: list[Any]) -> Expr:
        token, value = children
        return number(-value.value) if type(value) is _Literal else neg(_arithmetic(value, token))

    @staticmethod
    def first_term(children: list[Any]) -> list[Any]:
        return [children[0]]

    @staticmethod
    def next_term(children: list[Any]) -> list[Any]:
        terms, sign, value = children
        if len(terms) == 1:
            terms[0] = _arithmetic(_expr(terms[0]), sign)
        if sign.type == "MINUS":
            terms.append(_Actions.minus([sign, value]))
        else:
            terms.append(_arithmetic(_expr(value), sign))
        return cast(list[Any], terms)

    @staticmethod
    def finish_sum(children: list[Any]) -> Expr:
        terms = children[0]
        return _expr(terms[0]) if len(terms) == 1 else Expr(add, tuple(terms))

    @staticmethod
    def power(children: list[Any]) -> Expr:
        base, sign, exponent = children
        return power_row(_arithmetic(_expr(base), sign), _arithmetic(_expr(exponent), sign))

    @staticmethod
    def superscript(children: list[Any]) -> Expr:
        return power_row(_expr(children[0]), number(_superscript_value(children[1])))

    @staticmethod
    def parentheses(children: list[Any]) -> Expr:
        return cast(Expr, children[1])

    @staticmethod
    def bars(children: list[Any]) -> Expr:
        return TABLE["abs"](_arithmetic(children[1], children[0]))

    @staticmethod
    def root(children: list[Any]) -> Expr:
        return TABLE["sqrt"](_expr(children[2] if len(children) > 2 else children[1]))

    @staticmethod
    def first_argument(children: list[Any]) -> _Arguments:
        return _Arguments(children[0])

    @staticmethod
    def next_argument(children: list[Any]) -> _Arguments:
        children[0].values.append(children[2])
        children[0].commas.append(children[1])
        return cast(_Arguments, children[0])

    @staticmethod
    def call(children: list[Any]) -> Expr:
        return _called(children[0], children[2], children[3])

    @staticmethod
    def call_bare(children: list[Any]) -> Expr:
        name, argument = children
        return _called(name, _Arguments(_expr(argument)), name)

    @staticmethod
    def call_power(children: list[Any]) -> Expr:
        exponent, arguments, end = (children[2], children[4], children[5]) if len(children) == 6 else (children[1], children[3], children[4])
        return _called_power(children[0], exponent, arguments, end)

    @staticmethod
    def call_power_bare(children: list[Any]) -> Expr:
        return _called_power(children[0], children[-2], _Arguments(_expr(children[-1])), children[0])

    @staticmethod
    def integer(children: list[Token]) -> int:
        value = _number_value(children[-1])
        if type(value) is not int:
            raise _at(children[-1], "the power of a function's name is an integer", "write (f(x))^1.5")
        return -value if len(children) == 2 else value

    @staticmethod
    def comparison(children: list[Any]) -> Expr:
        left, sign, right = children
        return TABLE[_RELATIONS[str(sign)]](_arithmetic(left, sign), _arithmetic(right, sign))

    @staticmethod
    def double_comparison(children: list[Any]) -> Expr:
        left, first, middle, second, right = children
        return TABLE["and"](_Actions.comparison([left, first, middle]), _Actions.comparison([middle, second, right]))

    @staticmethod
    def connective(children: list[Any]) -> Expr:
        left, word, right = children
        return TABLE[str(word)](_condition(left, word), _condition(right, word))

    @staticmethod
    def inversion(children: list[Any]) -> Expr:
        return TABLE["not"](_condition(children[1], children[0]))

    @staticmethod
    def conditional(children: list[Any]) -> Expr:
        value, word, condition, _, other = children
        return TABLE["where"](_condition(condition, word), _expr(value), _expr(other))


def _called(name: Token, arguments: _Arguments, end: Token) -> Expr:
    op = TABLE[function_name(str(name)) or str(name)]
    count = len(arguments.values)
    if count != op.arity and count not in op.otherwise and not (op.variadic and count > op.arity):
        place = arguments.commas[op.arity - 1] if count > op.arity else end
        raise _at(place, f"{name} takes {op.arity_text}, not {count}")
    if count not in op.otherwise:
        for index, value in enumerate(arguments.values):
            if index in op.conditions:
                _condition(value, name)
            else:
                _arithmetic(value, name)
    return op(*arguments.values)


def _called_power(name: Token, exponent: Any, arguments: _Arguments, end: Token) -> Expr:
    power = exponent if isinstance(exponent, int) else _superscript_value(exponent)
    op = TABLE[function_name(str(name)) or str(name)]
    if power == -1:
        if op.inverse is None:
            raise _at(name, f"{name} has no inverse function here", f"for the reciprocal write 1/{name}(...)")
        return _called(Token.new_borrow_pos(name.type, op.inverse, name), arguments, end)
    if power < -1:
        raise _at(name, f"{name}^{power} could be read in two ways", f"write {name}(...)^({power})")
    return power_row(_called(name, arguments, end), number(power))


def _arithmetic(value: Any, token: Token) -> Any:
    """The value, refused if it is a condition: those are no numbers."""
    if type(value) is Expr and value.op.relation:
        raise _at(token, f"{str(token)!r} works on numbers, and a comparison is none", "for a choice write where(condition, a, b)")
    return value


def _number_value(token: Token) -> Real:
    text = token.replace("_", "")
    if len(text) > limits.literal_digits:
        raise LimitError(f"a number with {len(text)} digits", "literal_digits", limits.literal_digits)
    if text.isdigit():
        return int(text)
    value = float(text)
    if value in (0.0, float("inf")) and (value or text.lower().partition("e")[0].strip("0._")):
        raise _at(token, f"{token} is outside the range of floating-point numbers", "write it exactly, as a power of 10: 10^-400")
    return value


def _superscript_value(token: Token) -> int:
    return int(token.translate(_SUPERSCRIPTS))


def _at(token: Token, reason: str, hint: str = "") -> ParseError:
    return ParseError(reason, line=token.line or 1, column=token.column or 1, hint=hint)
