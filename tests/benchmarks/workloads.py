"""The formulas that the benchmarks measure, for any library that gives its functions in a namespace, and the namespaces of the peers."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import reduce
from itertools import pairwise
from operator import add, mul
from types import SimpleNamespace
from typing import Any

import symdiff as sd

Namespace = SimpleNamespace
NAMES = ("sin", "cos", "exp", "tanh", "tan")


def symdiff_namespace() -> Namespace:
    return Namespace(symbol=sd.Symbol, log=sd.ln, sum=lambda terms: sd.add(*terms), product=lambda factors: sd.mul(*factors),
                     **{name: getattr(sd, name) for name in NAMES})


def symengine_namespace(symengine: Any) -> Namespace:
    return Namespace(symbol=symengine.Symbol, log=symengine.log, sum=lambda terms: symengine.Add(*terms),
                     product=lambda factors: symengine.Mul(*factors), **{name: getattr(symengine, name) for name in NAMES})


def casadi_namespace(casadi: Any) -> Namespace:
    return Namespace(symbol=casadi.SX.sym, log=casadi.log, sum=lambda terms: reduce(add, terms),
                     product=lambda factors: reduce(mul, factors), **{name: getattr(casadi, name) for name in NAMES})


def composed(functions: Sequence[Callable[[Any], Any]], depth: int, x: Any) -> Any:
    """f1(f2(...(x))), `depth` functions deep, taken in turn."""
    for level in reversed(range(depth)):
        x = functions[level % len(functions)](x)
    return x


def linear_factors(ns: Namespace, count: int, x: Any) -> Any:
    return ns.product([x + i for i in range(1, count + 1)])


def rosenbrock(ns: Namespace, v: Sequence[Any]) -> Any:
    return ns.sum([100 * (b - a ** 2) ** 2 + (1 - a) ** 2 for a, b in pairwise(v)])


def cross_entropy(ns: Namespace, v: Sequence[Any]) -> Any:
    """Softmax cross-entropy of the first class."""
    return ns.log(ns.sum([ns.exp(t) for t in v])) - v[0]


LAYERS = {100: (9, 9), 1_000: (27, 35), 10_000: (99, 99)}
"""Hidden units and inputs that make a network of so many weights."""


def network_loss(ns: Namespace, v: Sequence[Any]) -> Any:
    """The squared error of a network with one hidden layer of tanh units, on one example."""
    hidden, inputs = LAYERS[len(v)]
    example = [round(math.sin(1.7 * i + 0.3), 3) for i in range(inputs)]
    first, rest = v[:hidden * inputs], v[hidden * inputs:]
    units = [ns.tanh(ns.sum([w * t for w, t in zip(first[j * inputs:], example)] + [rest[j]])) for j in range(hidden)]
    output = ns.sum([w * unit for w, unit in zip(rest[hidden:], units)] + [rest[-1]])
    return (output - 0.37) ** 2
