"""JAX and PyTorch source for a program: functions whose derivative is the exact one, from a program of its own."""

from __future__ import annotations

from collections.abc import Sequence

from symdiff.compilation.numpy import array_source
from symdiff.compilation.program import Program
from symdiff.compilation.spelling import identifiers

__all__ = ["jax_source", "torch_source"]

Places = Sequence[tuple[int, int]]


def jax_source(program: Program, slopes: Program, places: Places, name: str = "f", doc: str = "") -> str:
    """A module with a `jax.custom_jvp` function of arrays that returns the tuple of the outputs, elementwise.

    slopes: the program of the nonzero partial derivatives, and `places` which output and input each belongs to.
    """
    arguments = ", ".join(identifiers(program.inputs))
    terms: list[list[str]] = [[] for _ in program.outputs]
    for k, (i, j) in enumerate(places):
        terms[i].append(f"slopes[{k}] * tangents[{j}]")
    sums = "".join(f"{' + '.join(row) if row else f'jnp.zeros_like(outputs[{i}])'}, " for i, row in enumerate(terms))
    return f'''import jax
import jax.numpy as jnp
from jax.numpy import inf, nan


{_function(program, "jax", "values")}

{_function(slopes, "jax", "derivatives")}

@jax.custom_jvp
def {name}({arguments}):
    {doc or name!r}
    return values({_mapped("jnp.asarray({0})", program)})


@{name}.defjvp
def {name}_jvp(primals, tangents):
    outputs = {name}(*primals)
    slopes = derivatives(*map(jnp.asarray, primals))
    return outputs, ({sums[:-1]})
'''


def torch_source(program: Program, slopes: Program, places: Places, name: str = "f", doc: str = "") -> str:
    """A module with a function of tensors, through a `torch.autograd.Function`, that returns the tuple of the outputs, elementwise."""
    arguments = ", ".join(identifiers(program.inputs))
    terms: list[list[str]] = [[] for _ in program.inputs]
    for k, (i, j) in enumerate(places):
        terms[j].append(f"cotangents[{i}] * slopes[{k}]")
    sums = "".join(f"({' + '.join(row)}).sum_to_size(inputs[{j}].shape), " if row else "None, " for j, row in enumerate(terms))
    return f'''import torch
from torch import inf, nan


{_function(program, "torch", "values")}

{_function(slopes, "torch", "derivatives")}

class Exact(torch.autograd.Function):
    @staticmethod
    def forward(ctx, *inputs):
        ctx.save_for_backward(*inputs)
        return values(*inputs)

    @staticmethod
    def backward(ctx, *cotangents):
        inputs = ctx.saved_tensors
        slopes = derivatives(*inputs)
        return ({sums[:-1]})


def {name}({arguments}):
    {doc or name!r}
    return Exact.apply({_mapped("torch.as_tensor({0})", program)})
'''


_WRAPPED = {
    "jax": ("jnp.", "jnp.asarray({0}, dtype=dtype)"),
    "torch": ("torch.", "torch.tensor({0}, dtype=dtype)"),
}


def _function(program: Program, back_end: str, name: str) -> str:
    prefix, wrap = _WRAPPED[back_end]
    return array_source(program, back_end, prefix, name, wrap)


def _mapped(change: str, program: Program) -> str:
    return ", ".join(change.format(argument) for argument in identifiers(program.inputs))
