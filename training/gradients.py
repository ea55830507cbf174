"""Gradients of a batch, taken part by part on several threads.

On a CPU one thread per part beats many threads per operator by far as soon as anything else wants
the machine: parts are handed out as threads come free, so nothing waits for a thread that was put
aside. The parts' gradients are added in their order, so the result does not depend on the threads.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import torch
from torch import Tensor, nn

LossOfPart = Callable[[int], Tensor]


def mean_gradients(
    loss_of: LossOfPart, parts: int, parameters: Sequence[nn.Parameter], pool: ThreadPoolExecutor
) -> float:
    """Set each parameter's gradient to the mean over all parts and return the mean loss."""
    done = list(pool.map(lambda part: _gradients(loss_of, part, parameters), range(parts)))
    for number, parameter in enumerate(parameters):
        parameter.grad = _sum(grads[number] for _, grads in done).div_(parts)
    return sum(loss for loss, _ in done) / parts


def _sum(gradients: Iterator[Tensor]) -> Tensor:
    total = next(gradients)
    for gradient in gradients:
        total += gradient
    return total


def _gradients(
    loss_of: LossOfPart, part: int, parameters: Sequence[nn.Parameter]
) -> tuple[float, tuple[Tensor, ...]]:
    loss = loss_of(part)
    return loss.item(), torch.autograd.grad(loss, parameters)
