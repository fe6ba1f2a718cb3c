"""symdiff check: a derivative certified, enclosed, sampled or refuted; of formulas, and of functions in Python modules."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from symdiff.checking.certificates import certify
from symdiff.cli.reading import echo_surprise, the_variable
from symdiff.cli.reporting import FAILED, FINE
from symdiff.errors import SymdiffError, UsageError
from symdiff.evaluation import evaluate
from symdiff.expr import Expr
from symdiff.parsing.infix import parse

__all__ = ["run"]


def run(options: Namespace) -> int:
    if options.module or options.grad:
        return _functions(options)
    if options.derivative is None:
        raise UsageError("check wants a formula and its derivative, such as: symdiff check \"x^2\" \"2x\"; or --module pkg:f --grad pkg:df")
    formulas = []
    for text in (options.formula, options.derivative):
        formulas.append(parse(text))
        echo_surprise(text, formulas[-1])
    variable = the_variable(options.wrt, *formulas)
    settings = {name: value for name, value in (("seed", options.seed), ("points", options.points)) if value is not None}
    verdict = certify(formulas[0], formulas[1], variable, on=_region(options.on, variable), **settings)
    print(verdict)
    return FINE if verdict.ok else FAILED


def _region(words: list[str], variable: Expr) -> dict[str, Any] | None:
    """0:1 for the variable itself, y=0:1 or y=2 for others."""
    region: dict[str, Any] = {}
    for word in words:
        name, sign, value = word.rpartition("=")
        bounds = [_number(text) for text in value.split(":")]
        if len(bounds) > 2 or (not sign and len(bounds) != 2):
            raise UsageError(f"{word!r} is no interval; write --on 0.5:3, or --on y=1:2, or --on y=2")
        region[name.strip() or str(variable)] = tuple(bounds) if len(bounds) == 2 else bounds[0]
    return region or None


def _number(text: str) -> Any:
    formula = parse(text)
    if formula.free_symbols:
        raise UsageError(f"{text!r} is no number; an interval goes from a number to a number: --on 0.5:3, or --on y=1:2, or --on y=2")
    return evaluate(formula)


def _functions(options: Namespace) -> int:
    """Two functions of Python modules, the second giving the derivative of the first."""
    if not (options.module and options.grad) or options.formula is not None:
        raise UsageError("functions of modules come in pairs and without formulas: --module pkg:f --grad pkg:df")
    f, df = _found(options.module), _found(options.grad)
    domain = next(iter(_region(options.on, parse("x")).values())) if options.on else None  # type: ignore[union-attr]
    settings: dict[str, Any] = {"like": options.like, "domain": domain, "seed": options.seed, "raising": False}
    checks: Any = import_module("symdiff.testing.assertions")
    try:
        finding = checks.check_derivative(f, df, **settings) if options.size is None else checks.check_gradient(f, df, shape=options.size, **settings)
    except SymdiffError:
        raise
    except Exception as error:
        raise UsageError(f"{options.module} or {options.grad} raised {type(error).__name__}: {error}") from error
    print(finding)
    return FINE if finding.ok else FAILED


def _found(path: str) -> Callable[..., Any]:
    """package.module:function, or file.py:function; modules beside the working directory are found too."""
    place, sign, name = path.rpartition(":")
    if not sign or not place or not name:
        raise UsageError(f"{path!r} names no function; write module:function, such as mymodel:loss")
    folder, module = (str(Path(place).parent), Path(place).stem) if place.endswith(".py") else (".", place)
    sys.path.insert(0, str(Path(folder).resolve()))
    try:
        found: Any = import_module(module)
        for part in name.split("."):
            found = getattr(found, part)
    except ModuleNotFoundError as error:
        raise UsageError(f"{path}: {error}") from None
    except AttributeError:
        raise UsageError(f"{place} has no function {name}") from None
    finally:
        sys.path.pop(0)
    if not callable(found):
        raise UsageError(f"{path} is no function but of type {type(found).__name__}")
    function: Callable[..., Any] = found
    return function
