"""The descent that every reader is trained by: batches, the optimiser, checkpoints, progress."""

import copy
import math
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import network as net
import torch
from network import ReaderNetwork, Row

CHECKPOINT_SECONDS = 240.0

T = TypeVar("T")


def packed(
    questions: Sequence[T], rows_of: Callable[[T], Sequence[Row]], draw: random.Random, most: int
) -> list[list[T]]:
    """Return questions in batches of similar lengths, of `most` tokens at most.

    The rows of a question stay together.
    """
    longest_of = [max(len(row.ids) for row in rows_of(one)) for one in questions]
    keys = [longest + draw.uniform(-8, 8) for longest in longest_of]
    batches: list[list[T]] = [[]]
    longest = rows = 0
    for at in sorted(range(len(questions)), key=keys.__getitem__):
        own = len(rows_of(questions[at]))
        if batches[-1] and max(longest, longest_of[at]) * (rows + own) > most:
            batches.append([])
            longest = rows = 0
        batches[-1].append(questions[at])
        longest, rows = max(longest, longest_of[at]), rows + own
    draw.shuffle(batches)
    return batches


def descend(
    reader: ReaderNetwork,
    batches: Sequence[Sequence[T]],
    loss_of: Callable[[ReaderNetwork, Sequence[T]], torch.Tensor],
    rows_of: Callable[[T], Sequence[Row]],
    at: Path,
    *,
    rate: float,
    seed: int,
    kind: torch.dtype,
) -> None:
    """Train a network, from its last checkpoint if there is one.

    A copy of the network in the precision `kind` computes the gradients; the network itself is
    updated in float32, so that small steps are not lost.

    Args:
        reader: The network.
        batches: What is read, in order.
        loss_of: The loss of a batch.
        rows_of: The rows of a question, to count what was read.
        at: The checkpoint, written every few minutes.
        rate: The highest learning rate.
        seed: Of what is drawn at random in a step.
        kind: The precision of the copy.
    """
    optimiser = _optimiser(reader, rate)
    first = 0
    if at.exists():
        kept = torch.load(at, weights_only=True)
        reader.load_state_dict(kept["network"])
        optimiser.load_state_dict(kept["optimiser"])
        first = kept["step"]
    worker = copy.deepcopy(reader).to(kind).train()
    started = saved = time.monotonic()
    mean, read = 0.0, 0
    questions = sum(map(len, batches))
    print(f"{at.stem}: {questions} questions, {len(batches)} batches", flush=True)
    for step in range(first, len(batches)):
        torch.manual_seed(seed * 1_000_003 + step)
        for part in optimiser.param_groups:
            part["lr"] = rate * _schedule(step, len(batches))
        loss = loss_of(worker, batches[step])
        loss.backward()
        _hand_over(worker, reader)
        torch.nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
        optimiser.step()
        _take_over(reader, worker)
        mean = 0.98 * mean + 0.02 * loss.item() if mean else loss.item()
        read += sum(len(row.ids) for one in batches[step] for row in rows_of(one))
        if (step + 1) % 50 == 0:
            spent = time.monotonic() - started
            left = (len(batches) - step) * spent / (step + 1 - first) / 60
            print(f"{at.stem} {step + 1}/{len(batches)} loss {mean:.4f} "
                  f"{read / spent:.0f} tokens/s, {left:.0f} min left", flush=True)  # fmt: skip
        if time.monotonic() - saved > CHECKPOINT_SECONDS:
            net.save(reader, at, optimiser=optimiser.state_dict(), step=step + 1)
            saved = time.monotonic()


def _hand_over(worker: ReaderNetwork, reader: ReaderNetwork) -> None:
    """Copy the gradients of the copy to the network."""
    for parameter, from_ in zip(reader.parameters(), worker.parameters(), strict=True):
        if from_.grad is not None:
            parameter.grad = from_.grad.float()
            from_.grad = None


def _take_over(reader: ReaderNetwork, worker: ReaderNetwork) -> None:
    """Copy the weights of the network to the copy."""
    with torch.no_grad():
        for parameter, to in zip(reader.parameters(), worker.parameters(), strict=True):
            if parameter.requires_grad:
                to.copy_(parameter)


def _schedule(step: int, steps: int) -> float:
    """Return the learning rate factor: up for a tenth, then down along half a cosine."""
    rise = max(1, steps // 10)
    if step < rise:
        return (step + 1) / rise
    return 0.5 * (1 + math.cos(math.pi * (step - rise) / max(1, steps - rise)))


def _optimiser(reader: ReaderNetwork, rate: float) -> torch.optim.AdamW:
    """Return AdamW over the parameters that are trained; biases and norms do not decay."""
    trained = [(name, p) for name, p in reader.named_parameters() if p.requires_grad]
    decays = [p for name, p in trained if p.dim() > 1]
    plain = [p for name, p in trained if p.dim() <= 1]
    return torch.optim.AdamW(
        [{"params": decays, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}],
        lr=rate, betas=(0.9, 0.98), eps=1e-6, fused=True,
    )  # fmt: skip
