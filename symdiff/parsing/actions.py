"""What the rules of the grammars build: the expression as written, nothing simplified."""

from __future__ import annotations

from typing import Any, cast

from lark import Token

from symdiff.errors import ParseError
from symdiff.expr import Expr, Real, number, symbol_node
from symdiff.operations import TABLE
from symdiff.operations.arithmetic import add, div, mul, neg
from symdiff.operations.arithmetic import pow as power_row
from symdiff.operations.op import Op
from symdiff.operations.operators import quotient
from symdiff.parsing.abstract import called_row
from symdiff.parsing.hints import example_call
from symdiff.parsing.mistakes import error_at
from symdiff.parsing.numerals import number_value, power_of, superscript_value
from symdiff.symbols import CONSTANTS, function_name

__all__ = ["Actions", "Arguments", "Literal", "Product", "called", "called_power", "closed", "condition_of", "expr_of", "whole"]

_RELATIONS = {"<": "lt", "<=": "le", ">": "gt", ">=": "ge", "==": "eq", "!=": "ne", "≤": "le", "≥": "ge", "≠": "ne"}


class Literal:
    """A bare unsigned number: a minus or a divisor next to it may still become part of it."""

    __slots__ = ("value",)

    def __init__(self, value: Real) -> None:
        self.value = value


class Condition:
    """A relation or connective and the token that makes it one: no number, so arithmetic refuses it there."""

    __slots__ = ("node", "token")

    def __init__(self, node: Expr, token: Token) -> None:
        self.node, self.token = node, token


class Product:
    """Factors and divisors in the order written, while the product is being read."""

    __slots__ = ("first", "rest")

    def __init__(self, first: Any) -> None:
        self.first = first
        self.rest: list[tuple[Op, Any]] = []


class Arguments:
    __slots__ = ("commas", "opened", "values")

    def __init__(self, first: Any) -> None:
        self.values = [first]
        self.opened: Token | None = None
        self.commas: list[Token] = []


def expr_of(value: Any) -> Expr:
    """The expression of a number-valued part; conditions are refused."""
    kind = type(value)
    if kind is Expr:
        return cast(Expr, value)
    if kind is Literal:
        return number(value.value)
    if kind is Product:
        return expr_of(closed(value, negative=False))
    raise error_at(value.token, f"a condition with {str(value.token)!r} stands where a number is needed",
                   "for a choice write a if condition else b")


def closed(product: Product, negative: bool) -> Any:
    """The value of a product: * collects into flat products, / divides all before it, a minus goes into a leading number."""
    first = product.first
    if not product.rest:
        if type(first) is Literal:
            return number(-first.value if negative else first.value)
        return neg(expr_of(first)) if negative else first
    literal = type(first) is Literal
    if literal and negative:
        first, negative = Literal(-first.value), False
    factors = [expr_of(first)]
    for op, operand in product.rest:
        if op is mul:
            factors.append(expr_of(operand))
        elif literal and len(factors) == 1 and type(operand) is Literal:
            factors = [quotient(factors[0], number(operand.value))]  # 1/2 is the number one half
        else:
            factors = [div(flat_product(factors), expr_of(operand))]
        literal = False
    result = flat_product(factors)
    return neg(result) if negative else result


def flat_product(factors: list[Expr]) -> Expr:
    return factors[0] if len(factors) == 1 else Expr(mul, tuple(factors))


def condition_of(value: Any, token: Token) -> Expr:
    value = whole(value)
    if type(value) is not Condition:
        raise error_at(token, f"{str(token)!r} needs a condition, and this is a number", "a condition is a comparison such as x > 0")
    return value.node


def whole(value: Any) -> Any:
    """A part that may be a number or a condition, closed if it is a product."""
    return closed(value, negative=False) if type(value) is Product else value


class Actions:
    """One method a rule of the grammar; children are what the rule's parts returned, tokens among them."""

    @staticmethod
    def start(children: list[Any]) -> Expr:
        value = whole(children[0])
        return value.node if type(value) is Condition else expr_of(value)

    @staticmethod
    def number(children: list[Token]) -> Literal:
        return Literal(number_value(children[0]))

    @staticmethod
    def variable(children: list[Token]) -> Expr:
        return symbol_node(str(children[0]))

    @staticmethod
    def constant(children: list[Token]) -> Expr:
        return CONSTANTS[str(children[0])]

    @staticmethod
    def first_factor(children: list[Any]) -> Product:
        return Product(children[0])

    @staticmethod
    def next_factor(children: list[Any]) -> Product:
        children[0].rest.append((mul, children[2]))
        return cast(Product, children[0])

    @staticmethod
    def next_beside(children: list[Any]) -> Product:
        children[0].rest.append((mul, children[1]))
        return cast(Product, children[0])

    @staticmethod
    def next_divisor(children: list[Any]) -> Product:
        children[0].rest.append((div, children[2]))
        return cast(Product, children[0])

    @staticmethod
    def minus(children: list[Any]) -> Expr:
        value = children[1]
        return cast(Expr, closed(value, negative=True)) if type(value) is Product else neg(expr_of(value))

    @staticmethod
    def plus(children: list[Any]) -> Expr:
        return expr_of(children[1])

    @staticmethod
    def minus_factor(children: list[Any]) -> Expr:
        value = children[1]
        return number(-value.value) if type(value) is Literal else neg(expr_of(value))

    @staticmethod
    def first_term(children: list[Any]) -> list[Any]:
        return [children[0]]

    @classmethod
    def next_term(cls, children: list[Any]) -> list[Any]:
        terms, sign, value = children
        if len(terms) == 1:
            terms[0] = expr_of(terms[0])
        terms.append(cls.minus([sign, value]) if sign.type == "MINUS" else expr_of(value))
        return cast(list[Any], terms)

    @staticmethod
    def finish_sum(children: list[Any]) -> Any:
        terms = children[0]
        return whole(terms[0]) if len(terms) == 1 else Expr(add, tuple(terms))

    @staticmethod
    def power(children: list[Any]) -> Expr:
        return power_row(expr_of(children[0]), expr_of(children[2]))

    @staticmethod
    def superscript(children: list[Any]) -> Expr:
        return power_row(expr_of(children[0]), number(superscript_value(children[1])))

    @staticmethod
    def parentheses(children: list[Any]) -> Any:
        return children[1]

    @staticmethod
    def bars(children: list[Any]) -> Expr:
        return TABLE["abs"](expr_of(children[1]))

    @staticmethod
    def root(children: list[Any]) -> Expr:
        return TABLE["sqrt"](expr_of(children[2] if len(children) > 2 else children[1]))

    @staticmethod
    def first_argument(children: list[Any]) -> Arguments:
        return Arguments(children[0])

    @staticmethod
    def next_argument(children: list[Any]) -> Arguments:
        children[0].values.append(children[2])
        children[0].commas.append(children[1])
        return cast(Arguments, children[0])

    @staticmethod
    def call(children: list[Any]) -> Expr:
        name, opened, arguments, end = children
        arguments.opened = opened
        return called(name, arguments, end)

    @staticmethod
    def call_bare(children: list[Any]) -> Expr:
        name, argument = children
        return called(name, Arguments(argument), name)

    @staticmethod
    def call_power(children: list[Any]) -> Expr:
        exponent, _, arguments, end = children[-4:]  # before them the name, and a power sign unless the exponent is raised
        return called_power(children[0], exponent, arguments, end)

    @staticmethod
    def call_power_bare(children: list[Any]) -> Expr:
        return called_power(children[0], children[-2], Arguments(children[-1]), children[0])

    @staticmethod
    def integer(children: list[Token]) -> list[Token]:
        return children  # the action of the call knows the function, and can say more

    @staticmethod
    def comparison(children: list[Any]) -> Condition:
        left, sign, right = children
        return Condition(TABLE[_RELATIONS[str(sign)]](expr_of(left), expr_of(right)), sign)

    @staticmethod
    def double_comparison(children: list[Any]) -> Condition:
        left, first, middle, second, right = children
        halves = Actions.comparison([left, first, middle]), Actions.comparison([middle, second, right])
        return Condition(TABLE["and"](*[half.node for half in halves]), first)

    @staticmethod
    def connective(children: list[Any]) -> Condition:
        left, word, right = children
        return Condition(TABLE[str(word)](condition_of(left, word), condition_of(right, word)), word)

    @staticmethod
    def inversion(children: list[Any]) -> Condition:
        word, value = children
        return Condition(TABLE["not"](condition_of(value, word)), word)

    @staticmethod
    def conditional(children: list[Any]) -> Expr:
        value, word, condition, _, other = children
        return TABLE["where"](condition_of(condition, word), expr_of(value), expr_of(other))


def _row(name: Token, count: int) -> Op:
    known = TABLE.get(function_name(str(name)) or str(name))
    return called_row(name, count) if known is None else known


def called(name: Token, arguments: Arguments, end: Token) -> Expr:
    count = len(arguments.values)
    op = _row(name, count)
    if count != op.arity and count not in op.otherwise and not (op.variadic and count > op.arity):
        place = arguments.commas[op.arity - 1] if count > op.arity else end
        hint = f"they stand in parentheses, with commas between them: {example_call(name)}" if count < op.arity else ""
        raise error_at(place, f"{name} takes {op.arity_text}, not {count}", hint)
    if count in op.otherwise:
        op = TABLE[op.otherwise[count]]
    return Expr(op, tuple([_condition(value, name, arguments, place) if place in op.conditions else expr_of(value)
                           for place, value in enumerate(arguments.values)]))


def _condition(value: Any, name: Token, arguments: Arguments, place: int) -> Expr:
    """An argument that is a condition; the error of one that is not stands behind the parenthesis or comma before it."""
    before = arguments.commas[place - 1] if place else arguments.opened
    try:
        return condition_of(value, name)
    except ParseError as error:
        if before is not None:
            error.line, error.column = before.line or 1, (before.column or 1) + 1
        raise


def called_power(name: Token, exponent: Any, arguments: Arguments, end: Token) -> Expr:
    power = exponent if isinstance(exponent, int) else power_of(name, exponent)
    op = _row(name, len(arguments.values))
    if power == -1:
        if op.inverse is None:
            raise _no_inverse(name, TABLE[op.otherwise[len(arguments.values)]] if len(arguments.values) in op.otherwise else op)
        return called(Token.new_borrow_pos(name.type, op.inverse, name), arguments, end)
    if power < -1:
        raise error_at(name, f"{name}^{power} could be read in two ways", f"write {name}(...)^({power})")
    return power_row(called(name, arguments, end), number(power))


def _no_inverse(name: Token, op: Op) -> ParseError:
    """The error of f^-1 where f's row names no inverse: it has none, or one that this notation is not read as."""
    inverse = op.inverse or next((row.name for row in TABLE.values() if row.inverse == op.name), None)
    if inverse is None:
        return error_at(name, f"{name} has no inverse function here", f"for the reciprocal write 1/{name}(...)")
    return error_at(name, f"{name}^-1 could be the inverse function or the reciprocal",
                    f"write {inverse}(...) for the inverse function, 1/{name}(...) for the reciprocal")
