"""Formula text to expressions: the grammar's actions, which build what is written and simplify nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, cast

from lark import Lark, Token
from lark.exceptions import UnexpectedInput, VisitError

from symdiff import limits
from symdiff.errors import LimitError, ParseError, UsageError
from symdiff.expr import Expr, Real, number, symbol_node
from symdiff.functions import Function, declaring
from symdiff.grammar_files import grammar_text
from symdiff.numbers import integer_of
from symdiff.operations import TABLE
from symdiff.operations.arithmetic import add, div, mul, neg
from symdiff.operations.arithmetic import pow as power_row
from symdiff.operations.op import Op
from symdiff.operations.operators import quotient
from symdiff.parsing.abstract import called_row
from symdiff.parsing.driver import Driver
from symdiff.parsing.explaining import explained
from symdiff.parsing.tokens import Tokens
from symdiff.symbols import CONSTANTS, function_name
from symdiff.walk import paused_collector

__all__ = ["parse", "tokens_of"]

_SUPERSCRIPTS = str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "+-0123456789")
_RELATIONS = {"<": "lt", "<=": "le", ">": "gt", ">=": "ge", "==": "eq", "!=": "ne", "≤": "le", "≥": "ge", "≠": "ne"}


def parse(text: str, functions: Iterable[str | Function] = ()) -> Expr:
    """Read a formula, as written: parse("x + x") is x + x.

    text: infix text; grammar/math.lark is its definition.  A decimal literal is a float, integers and their quotients are exact,
    names are real variables, `log` is the natural logarithm.  functions: names that this text calls as abstract functions, besides
    those declared with `Function`.
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
        with declaring(functions), paused_collector():
            driver = _driver()
            try:
                return cast(Expr, driver.run(Tokens().process(driver.tokens(text))))
            except LookupError:  # no formula: Lark finds out what was expected
                return cast(Expr, _parser().parse(text))
    except ParseError as error:
        error.text = text
        raise
    except VisitError as error:
        if isinstance(error.orig_exc, ParseError):
            error.orig_exc.text = text
        raise error.orig_exc from None
    except UnexpectedInput as error:
        raise explained(error, text) from None


def tokens_of(text: str) -> Iterator[Token]:
    """The tokens of a formula, words typed, with their places."""
    return _parser().lex(text)


@lru_cache(maxsize=1)
def _parser() -> Lark:
    return Lark(grammar_text("math.lark"), parser="lalr", lexer="basic", maybe_placeholders=False,
                transformer=cast(Any, _Actions()), postlex=cast(Any, Tokens()))


@lru_cache(maxsize=1)
def _driver() -> Driver:
    return Driver(_parser())


class _Literal:
    """A bare unsigned number: a minus or a divisor next to it may still become part of it."""

    __slots__ = ("value",)

    def __init__(self, value: Real) -> None:
        self.value = value


class _Condition:
    """A relation or connective and the token that makes it one: no number, so arithmetic refuses it there."""

    __slots__ = ("node", "token")

    def __init__(self, node: Expr, token: Token) -> None:
        self.node, self.token = node, token


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
    """The expression of a number-valued part; conditions are refused."""
    kind = type(value)
    if kind is Expr:
        return cast(Expr, value)
    if kind is _Literal:
        return number(value.value)
    if kind is _Product:
        return _expr(_closed(value, negative=False))
    raise _at(value.token, f"a condition with {str(value.token)!r} stands where a number is needed",
              "for a choice write a if condition else b")


def _closed(product: _Product, negative: bool) -> Any:
    """The value of a product: * collects into flat products, / divides all before it, a minus goes into a leading number."""
    first = product.first
    if not product.rest:
        if type(first) is _Literal:
            return number(-first.value if negative else first.value)
        return neg(_expr(first)) if negative else first
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
    value = _whole(value)
    if type(value) is not _Condition:
        raise _at(token, f"{str(token)!r} needs a condition, and this is a number", "a condition is a comparison such as x > 0")
    return value.node


def _whole(value: Any) -> Any:
    """A part that may be a number or a condition, closed if it is a product."""
    return _closed(value, negative=False) if type(value) is _Product else value


class _Actions:
    """One method a rule of the grammar; children are what the rule's parts returned, tokens among them."""

    @staticmethod
    def start(children: list[Any]) -> Expr:
        value = _whole(children[0])
        return value.node if type(value) is _Condition else _expr(value)

    @staticmethod
    def number(children: list[Token]) -> _Literal:
        return _Literal(_number_value(children[0]))

    @staticmethod
    def variable(children: list[Token]) -> Expr:
        return symbol_node(str(children[0]))

    @staticmethod
    def constant(children: list[Token]) -> Expr:
        return CONSTANTS[str(children[0])]

    @staticmethod
    def first_factor(children: list[Any]) -> _Product:
        return _Product(children[0])

    @staticmethod
    def next_factor(children: list[Any]) -> _Product:
        children[0].rest.append((mul, children[2]))
        return cast(_Product, children[0])

    @staticmethod
    def next_beside(children: list[Any]) -> _Product:
        children[0].rest.append((mul, children[1]))
        return cast(_Product, children[0])

    @staticmethod
    def next_divisor(children: list[Any]) -> _Product:
        children[0].rest.append((div, children[2]))
        return cast(_Product, children[0])

    @staticmethod
    def minus(children: list[Any]) -> Expr:
        value = children[1]
        return cast(Expr, _closed(value, negative=True)) if type(value) is _Product else neg(_expr(value))

    @staticmethod
    def plus(children: list[Any]) -> Expr:
        return _expr(children[1])

    @staticmethod
    def minus_factor(children: list[Any]) -> Expr:
        value = children[1]
        return number(-value.value) if type(value) is _Literal else neg(_expr(value))

    @staticmethod
    def first_term(children: list[Any]) -> list[Any]:
        return [children[0]]

    @staticmethod
    def next_term(children: list[Any]) -> list[Any]:
        terms, sign, value = children
        if len(terms) == 1:
            terms[0] = _expr(terms[0])
        terms.append(_Actions.minus([sign, value]) if sign.type == "MINUS" else _expr(value))
        return cast(list[Any], terms)

    @staticmethod
    def finish_sum(children: list[Any]) -> Any:
        terms = children[0]
        return _whole(terms[0]) if len(terms) == 1 else Expr(add, tuple(terms))

    @staticmethod
    def power(children: list[Any]) -> Expr:
        return power_row(_expr(children[0]), _expr(children[2]))

    @staticmethod
    def superscript(children: list[Any]) -> Expr:
        return power_row(_expr(children[0]), number(_superscript_value(children[1])))

    @staticmethod
    def parentheses(children: list[Any]) -> Any:
        return children[1]

    @staticmethod
    def bars(children: list[Any]) -> Expr:
        return TABLE["abs"](_expr(children[1]))

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
        return _called(name, _Arguments(argument), name)

    @staticmethod
    def call_power(children: list[Any]) -> Expr:
        exponent, _, arguments, end = children[-4:]  # before them the name, and a power sign unless the exponent is raised
        return _called_power(children[0], exponent, arguments, end)

    @staticmethod
    def call_power_bare(children: list[Any]) -> Expr:
        return _called_power(children[0], children[-2], _Arguments(children[-1]), children[0])

    @staticmethod
    def integer(children: list[Token]) -> int:
        value = _number_value(children[-1])
        if type(value) is not int:
            raise _at(children[-1], "the power of a function's name is an integer", "write f(x)^1.5")
        return -value if len(children) == 2 else value

    @staticmethod
    def comparison(children: list[Any]) -> _Condition:
        left, sign, right = children
        return _Condition(TABLE[_RELATIONS[str(sign)]](_expr(left), _expr(right)), sign)

    @staticmethod
    def double_comparison(children: list[Any]) -> _Condition:
        left, first, middle, second, right = children
        halves = _Actions.comparison([left, first, middle]), _Actions.comparison([middle, second, right])
        return _Condition(TABLE["and"](*[half.node for half in halves]), first)

    @staticmethod
    def connective(children: list[Any]) -> _Condition:
        left, word, right = children
        return _Condition(TABLE[str(word)](_condition(left, word), _condition(right, word)), word)

    @staticmethod
    def inversion(children: list[Any]) -> _Condition:
        word, value = children
        return _Condition(TABLE["not"](_condition(value, word)), word)

    @staticmethod
    def conditional(children: list[Any]) -> Expr:
        value, word, condition, _, other = children
        return TABLE["where"](_condition(condition, word), _expr(value), _expr(other))


def _row(name: Token, count: int) -> Op:
    known = TABLE.get(function_name(str(name)) or str(name))
    return called_row(name, count) if known is None else known


def _called(name: Token, arguments: _Arguments, end: Token) -> Expr:
    count = len(arguments.values)
    op = _row(name, count)
    if count != op.arity and count not in op.otherwise and not (op.variadic and count > op.arity):
        place = arguments.commas[op.arity - 1] if count > op.arity else end
        raise _at(place, f"{name} takes {op.arity_text}, not {count}")
    if count in op.otherwise:
        op = TABLE[op.otherwise[count]]
    return Expr(op, tuple([_condition(value, name) if place in op.conditions else _expr(value)
                           for place, value in enumerate(arguments.values)]))


def _called_power(name: Token, exponent: Any, arguments: _Arguments, end: Token) -> Expr:
    power = exponent if isinstance(exponent, int) else _superscript_value(exponent)
    op = _row(name, len(arguments.values))
    if power == -1:
        if op.inverse is None:
            raise _at(name, f"{name} has no inverse function here", f"for the reciprocal write 1/{name}(...)")
        return _called(Token.new_borrow_pos(name.type, op.inverse, name), arguments, end)
    if power < -1:
        raise _at(name, f"{name}^{power} could be read in two ways", f"write {name}(...)^({power})")
    return power_row(_called(name, arguments, end), number(power))


def _number_value(token: Token) -> Real:
    text = token.replace("_", "")
    if len(text) > limits.literal_digits:
        raise LimitError(f"a number with {len(text)} digits", "literal_digits", limits.literal_digits)
    if text.isdigit():
        return integer_of(text)
    value = float(text)
    if value in (0.0, float("inf")) and (value or text.lower().partition("e")[0].strip("0._")):
        raise _at(token, f"{token} is outside the range of floating-point numbers", "write it exactly, as a power of 10: 10^-400")
    return value


def _superscript_value(token: Token) -> int:
    if len(token) > limits.literal_digits:
        raise LimitError(f"an exponent with {len(token)} digits", "literal_digits", limits.literal_digits)
    digits = token.translate(_SUPERSCRIPTS)
    return -integer_of(digits[1:]) if digits[0] == "-" else integer_of(digits.lstrip("+"))


def _at(token: Token, reason: str, hint: str = "") -> ParseError:
    return ParseError(reason, line=token.line or 1, column=token.column or 1, hint=hint)
