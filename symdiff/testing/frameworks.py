"""The backward passes of PyTorch and JAX, as functions to be checked; loaded only for functions of theirs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from symdiff.errors import UsageError
from symdiff.testing.callables import Function, flat, framework

__all__ = ["gradient", "jacobian", "like_values", "vjp"]


def gradient(kind: str, function: Any) -> Callable[..., Any]:
    """x -> the framework's gradient of a function with one number as its value, one array for each argument."""
    if kind == "jax":
        return lambda *values: framework("jax").grad(function, argnums=tuple(range(len(values))))(*values)
    _needs_torch(kind, "a gradient")
    torch = framework("torch")

    def backward(*values: Any) -> Any:
        inputs = [value.detach().requires_grad_() for value in values]
        result = function(*inputs)
        if result.numel() != 1:
            raise UsageError(f"the function has {result.numel()} values; check_gradient takes one, check_vjp_jvp any number")
        return _gradients(torch, inputs, result, torch.ones_like(result))
    return backward


def vjp(kind: str, function: Any) -> Callable[..., Any]:
    """(x, v) -> v times the Jacobian, by one backward pass."""
    if kind == "jax":
        return _compiled(lambda x, v: framework("jax").vjp(function, *(x if isinstance(x, list) else [x]))[1](v))

    def pulled(x: Any, v: Any) -> Any:
        values = x if isinstance(x, list) else [x]
        inputs = [value.detach().requires_grad_() for value in values]
        return _gradients(framework("torch"), inputs, function(*inputs), v)
    return pulled


def _compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compiled by JAX, or as it is where it looks at its values and cannot be."""
    fast = framework("jax").jit(function)
    chosen: list[Callable[..., Any]] = []

    def call(*values: Any) -> Any:
        if not chosen:
            try:
                result = fast(*values)
            except Exception:
                chosen.append(function)
                return function(*values)
            chosen.append(fast)
            return result
        return chosen[0](*values)
    return call


def jacobian(kind: str, function: Any) -> Callable[..., Any]:
    """x -> the rows of the Jacobian, one backward pass for each value."""
    if kind == "jax":
        jacobian_of: Callable[..., Any] = framework("jax").jacrev(function)
        return jacobian_of
    _needs_torch(kind, "a Jacobian")
    torch = framework("torch")

    def rows(*values: Any) -> Any:
        inputs = [value.detach().requires_grad_() for value in values]
        result = function(*inputs)
        found = []
        for place in range(result.numel()):
            unit = torch.zeros(result.numel(), dtype=result.dtype)
            unit[place] = 1
            found.append(_gradients(torch, inputs, result, unit.reshape(result.shape)))
        return found
    return rows


def _needs_torch(kind: str, what: str) -> None:
    if kind != "torch":
        raise UsageError(f"a function of {kind} needs {what} given to check; only torch and jax have their own (like='torch', like='jax')")


def _gradients(torch: Any, inputs: Sequence[Any], result: Any, weights: Any) -> list[Any]:
    """A gradient for each input; zeros for inputs that the result does not depend on."""
    if not result.requires_grad:
        return [torch.zeros_like(value) for value in inputs]
    found = torch.autograd.grad(result, list(inputs), weights.to(result.dtype), allow_unused=True, retain_graph=True)
    return [torch.zeros_like(value) if slope is None else slope for value, slope in zip(inputs, found)]


def like_values(function: Function, values: Sequence[Any], weights: Sequence[float]) -> Any:
    """Weights in the shape and kind of the function's own values."""
    kind = function.arguments.kind
    result = function.call(*values)
    if kind == "torch":
        return framework("torch").tensor(list(weights), dtype=result.dtype).reshape(result.shape)
    if kind == "jax":
        return framework("jax.numpy").asarray(list(weights), dtype=result.dtype).reshape(result.shape)
    if kind == "numpy":
        return framework("numpy").asarray(list(weights)).reshape(framework("numpy").shape(result))
    return list(weights) if isinstance(result, list | tuple) else flat(list(weights))[0]
