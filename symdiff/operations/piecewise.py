"""The rows with kinks and jumps: abs, sign, step, floor, ceil, min, max, mod; the relations and `where`."""

from __future__ import annotations

import math
from typing import Any

from symdiff.expr import ONE, ZERO, Expr
from symdiff.operations.op import BACK_ENDS, NONNEGATIVE, Interval, Op, alias, define_row, spelled

__all__ = ["abs_", "ceil", "floor", "max_", "min_", "mod", "sign", "step", "undefined", "where"]


def _nan_if_any(*values: Any) -> bool:
    return any(v != v for v in values)


def _sign(u: Any) -> Any:
    return u if u != u else type(u)((u > 0) - (u < 0))


abs_: Op = define_row(Op(
    name="abs", latex=r"\left|{0}\right|", parity="even", range=NONNEGATIVE,
    slopes=lambda y, u: (sign(u),),
    value=abs, precise=lambda mp, u: abs(u), exact=abs,
    smooth=lambda u: u.ne(0), convention="the derivative of abs at 0 is taken as sign(0) = 0",
    spelling=spelled("abs", numpy="absolute", c="fabs", sympy="Abs"),
))

sign: Op = define_row(Op(
    name="sign", latex=r"\operatorname{sign}", parity="odd", range=Interval(-1, 1),
    slopes=lambda y, u: (ZERO,),
    value=_sign, precise=lambda mp, u: mp.sign(u), exact=lambda u: (u > 0) - (u < 0),
    smooth=lambda u: u.ne(0), convention="sign(0) = 0; its derivative at the jump is taken as 0",
    spelling=spelled("sign", python="copysign(1.0, {0}) if {0} > 0.0 or {0} < 0.0 else {0}", c="{0} > 0.0 ? 1.0 : {0} < 0.0 ? -1.0 : {0}"),
))

step: Op = define_row(Op(
    name="step", latex=r"\operatorname{step}", range=Interval(0, 1),
    slopes=lambda y, u: (ZERO,),
    value=lambda u: u if u != u else float(u > 0), precise=lambda mp, u: mp.mpf(u > 0), exact=lambda u: int(u > 0),
    smooth=lambda u: u.ne(0), convention="step(0) = 0, so that relu'(0) = 0; its derivative at the jump is taken as 0",
    spelling={
        "python": "1.0 if {0} > 0.0 else {0} if {0} != {0} else 0.0", "c": "{0} > 0.0 ? 1.0 : {0} != {0} ? {0} : 0.0",
        "numpy": "heaviside({0}, 0.0)", "jax": "jnp.heaviside({0}, 0.0)", "torch": "torch.heaviside({0}, torch.zeros_like({0}))",
        "array": "xp.astype({0} > 0, {0}.dtype)",
    },
    definition=lambda u: where(u > 0, ONE, ZERO),
))
alias("heaviside", "step")

floor: Op = define_row(Op(
    name="floor", latex=r"\left\lfloor{0}\right\rfloor",
    slopes=lambda y, u: (ZERO,),
    value=lambda u: u if u != u or math.isinf(u) else float(math.floor(u)), precise="floor", exact=math.floor,
    smooth=lambda u: u.ne(floor(u)), convention="the derivative of floor at its jumps is taken as 0",
    spelling=spelled("floor", python="float(floor({0}))"),
))

ceil: Op = define_row(Op(
    name="ceil", latex=r"\left\lceil{0}\right\rceil",
    slopes=lambda y, u: (ZERO,),
    value=lambda u: u if u != u or math.isinf(u) else float(math.ceil(u)), precise="ceil", exact=math.ceil,
    smooth=lambda u: u.ne(ceil(u)), convention="the derivative of ceil at its jumps is taken as 0",
    spelling=spelled("ceil", python="float(ceil({0}))", sympy="ceiling"),
))
alias("ceiling", "ceil")

max_: Op = define_row(Op(
    name="max", arity=2, variadic=True, latex=r"\max",
    slopes=lambda y, u, v: (1 - step(v - u), step(v - u)),
    value=lambda *values: math.nan if _nan_if_any(*values) else max(values),
    precise=lambda mp, *values: max(values), exact=lambda *values: max(values),
    smooth=lambda u, v: u.ne(v), convention="at a tie of max the derivative of the first argument is taken",
    spelling=spelled(
        "maximum", python="{0} if {0} >= {1} or {0} != {0} else {1}", c="{0} >= {1} || {0} != {0} ? {0} : {1}", sympy="Max"),
))

min_: Op = define_row(Op(
    name="min", arity=2, variadic=True, latex=r"\min",
    slopes=lambda y, u, v: (step(v - u), 1 - step(v - u)),
    value=lambda *values: math.nan if _nan_if_any(*values) else min(values),
    precise=lambda mp, *values: min(values), exact=lambda *values: min(values),
    smooth=lambda u, v: u.ne(v), convention="at a tie of min the derivative of the last argument is taken, so that max + min has that of the sum",
    spelling=spelled(
        "minimum", python="{0} if {0} <= {1} or {0} != {0} else {1}", c="{0} <= {1} || {0} != {0} ? {0} : {1}", sympy="Min"),
))

mod: Op = define_row(Op(
    name="mod", arity=2, latex=r"{0} \bmod {1}",
    slopes=lambda y, u, v: (ONE, -floor(u / v)),
    value=lambda u, v: u % v if v else math.nan,
    precise=lambda mp, u, v: u - v * mp.floor(u / v), exact=lambda u, v: u % v if v else None,
    domain=lambda u, v: v.ne(0), smooth=lambda u, v: (u / v).ne(floor(u / v)),
    convention="u mod v = u - v*floor(u/v); its derivative at the jumps is that of u - v*k",
    spelling=spelled("remainder", python="{0} % {1}", c="sd_mod", sympy="Mod"),
))


def _relation(name: str, symbol: str, ufunc: str, latex: str, holds: Any) -> Op:
    """A comparison: true, false, or undefined where a side is; in derivatives it is a condition and never differentiated."""
    return define_row(Op(
        name=name, arity=2, symbol=symbol, latex=latex, relation=True,
        value=lambda u, v: math.nan if _nan_if_any(u, v) else holds(u, v),
        precise=lambda mp, u, v: holds(u, v), exact=holds,
        spelling=dict.fromkeys(BACK_ENDS, f"{{0}} {symbol} {{1}}") | {
            "python": f"{{0}} {symbol} {{1}} if {{0}} == {{0}} and {{1}} == {{1}} else nan", "numpy": ufunc,
            "c": f"{{0}} != {{0}} || {{1}} != {{1}} ? NAN : (double)({{0}} {symbol} {{1}})", "sympy": name.capitalize(),
        },
    ))


lt = _relation("lt", "<", "less", "{0} < {1}", lambda u, v: u < v)
le = _relation("le", "<=", "less_equal", r"{0} \le {1}", lambda u, v: u <= v)
gt = _relation("gt", ">", "greater", "{0} > {1}", lambda u, v: u > v)
ge = _relation("ge", ">=", "greater_equal", r"{0} \ge {1}", lambda u, v: u >= v)
eq = _relation("eq", "==", "equal", "{0} = {1}", lambda u, v: u == v)
ne = _relation("ne", "!=", "not_equal", r"{0} \ne {1}", lambda u, v: u != v)


def _connective(name: str, sign: str, latex: str, join: Any) -> Op:
    return define_row(Op(
        name=name, arity=2, symbol=name, latex=latex, relation=True, conditions=(0, 1),
        value=lambda u, v: math.nan if _nan_if_any(u, v) else join((u, v)),
        precise=lambda mp, u, v: join((u, v)), exact=lambda u, v: join((u, v)),
        spelling=dict.fromkeys(BACK_ENDS, f"logical_{name}") | {
            "python": f"{{0}} {name} {{1}} if {{0}} == {{0}} and {{1}} == {{1}} else nan",
            "c": f"{{0}} != {{0}} || {{1}} != {{1}} ? NAN : (double)({{0}} != 0.0 {sign} {{1}} != 0.0)", "sympy": name.capitalize(),
        },
    ))


and_ = _connective("and", "&&", r"{0} \land {1}", all)
or_ = _connective("or", "||", r"{0} \lor {1}", any)
not_: Op = define_row(Op(
    name="not", symbol="not", latex=r"\lnot {0}", relation=True, conditions=(0,),
    value=lambda u: u if u != u else not u, precise=lambda mp, u: not u, exact=lambda u: not u,
    spelling=dict.fromkeys(BACK_ENDS, "logical_not") | {
        "python": "{0} if {0} != {0} else not {0}", "c": "{0} != {0} ? {0} : (double)({0} == 0.0)", "sympy": "Not",
    },
))

where: Op = define_row(Op(
    name="where", arity=3, rule="piecewise rule", conditions=(0,), roles=("condition", "u", "v"),
    latex=r"\begin{{cases}} {1} & \text{{if }} {0} \\ {2} & \text{{otherwise}} \end{{cases}}",
    slopes=lambda y, c, u, v: (None, where(c, ONE, ZERO), where(c, ZERO, ONE)),
    value=lambda c, u, v: c if c != c else (u if c else v), precise=lambda mp, c, u, v: u if c else v, exact=lambda c, u, v: u if c else v,
    convention="a piecewise formula is differentiated branch by branch; at a border the branch that holds there is taken",
    spelling=spelled("where", sympy=""),
))
alias("piecewise", "where")

undefined_row: Op = define_row(Op(
    name="undefined", arity=0, symbol="undefined", latex=r"\text{undefined}",
    value=lambda: math.nan, precise=lambda mp: mp.nan, slopes=lambda y: (),
))
undefined: Expr = Expr(undefined_row)

for _other, _name in (("Abs", "abs"), ("Max", "max"), ("Min", "min"), ("Mod", "mod"), ("Heaviside", "step")):
    alias(_other, _name)  # as SymPy prints them
