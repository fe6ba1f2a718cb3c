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
    sums = "".join(f"jnp.broadcast_to({' + '.join(row) if row else '0.0'}, outputs[{i}].shape).astype(outputs[{i}].dtype), "
                   for i, row in enumerate(terms))
    return f'''import jax
import jax.numpy as jnp
from jax.numpy import inf, nan


def as_floats(value):
    return jnp.asarray(value, dtype=jnp.result_type(float, value))


{_function(program, "jax", "values")}

{_function(slopes, "jax", "derivatives")}

@jax.custom_jvp
def {name}({arguments}):
    {doc or name!r}
    return values({_mapped("as_floats({0})", program)})


@{name}.defjvp
def {name}_jvp(primals, tangents):
    outputs = {name}(*primals)
    slopes = derivatives(*map(as_floats, primals))
    return outputs, ({sums[:-1]})
'''


def torch_source(program: Program, slopes: Program, places: Places, name: str = "f", doc: str = "") -> str:
    """A module with a function of tensors, through a `torch.autograd.Function`, that returns the tuple of the outputs, elementwise."""
    arguments = ", ".join(identifiers(program.inputs))
    terms: list[list[str]] = [[] for _ in program.inputs]
    for k, (i, j) in enumerate(places):
        terms[j].append(f"cotangents[{i}] * slopes[{k}]")
    sums = "".join(f"summed(inputs[{j}], {', '.join(row)}), " if row else "None, " for j, row in enumerate(terms))
    return f'''import torch
from torch import inf, nan


def as_floats(value):
    tensor = torch.as_tensor(value)
    return tensor if tensor.is_floating_point() else tensor.to(torch.get_default_dtype())


{_function(program, "torch", "values")}

{_function(slopes, "torch", "derivatives")}

def summed(like, *terms):
    """Each to the shape of its input before they are added: a term that was broadcast in the sum would count more than once."""
    return sum(term.sum_to_size(like.shape) for term in terms)


class Exact(torch.autograd.Function):
    generate_vmap_rule = True

    @staticmethod
    def forward(*inputs):
        return tuple([value.clone() if any(value is one for one in inputs) else value for value in values(*inputs)])

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)

    @staticmethod
    def backward(ctx, *cotangents):
        inputs = ctx.saved_tensors
        slopes = derivatives(*inputs)
        return ({sums[:-1]})


def {name}({arguments}):
    {doc or name!r}
    return Exact.apply({_mapped("as_floats({0})", program)})
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
