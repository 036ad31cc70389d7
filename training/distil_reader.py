"""Train a small reader to give the answers of a larger one.

    python training/distil_reader.py draw  --data ../shared/data --cache /tmp/sets --out /tmp/views
    python training/distil_reader.py label --views /tmp/views --backbone MPNET --reader teacher.pt
    python training/distil_reader.py train --views /tmp/views --backbone E5 --out /tmp/student

`draw` fixes what is read: questions with windows of passages, and what stands above them. `label`
stores the larger reader's logits for each of them. `train` moves the smaller reader's distributions
over the starts and the ends of answers, "no answer here" among them, towards the larger one's
(Hinton et al., "Distilling the knowledge in a neural network", 2015), besides learning the
annotated answers. The two readers may have different vocabularies: probabilities are carried over
by the characters on which tokens start and end.

Each step continues where it was interrupted.
"""

import argparse
import pickle
import random
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from pathlib import Path

import network as net
import numpy as np
import numpy.typing as npt
import torch
from descent import descend, packed
from network import ReaderNetwork, Row, TokenCache
from reading_sets import Example, Group, Span, judged_groups
from shipped import from_file
from written import written_groups

from qa.reader.onnx_reader import MAX_LENGTH, MAX_QUESTION, MAX_TITLE

Floats = npt.NDArray[np.float16]

SHORT = 0.5
"""Share of the windows that are shorter than the passage."""
SHORT_WINDOW = (60, 140)
"""Tokens of such a window."""
SHARES = (0.05, 0.15, 0.8)
"""How often nothing, the headline, or headline and first paragraph stand above a passage."""
ARTICLE_SHARES = (0.35, 0.3, 0.35)
"""The same for paragraphs of articles, which often stand alone."""
LABEL_TOKENS = 6000
TRAIN_TOKENS = 4800
SHARD = 2000
"""Questions whose logits are in one file."""
SURE = 6.0
"""Log-odds of an annotated answer where there are no labels."""
HARD, SOFT, ORDER, SOFT_ORDER = 0.4, 1.0, 0.5, 0.5
"""Weights of the parts of the loss: the annotated answer, the larger reader's distributions, the
annotated passage among those of a question, the larger reader's order of them."""


@dataclass(frozen=True, slots=True)
class View:
    """A question with a window of a passage, as it is read.

    Attributes:
        question: The question.
        above: What stands above the passage.
        text: The window.
        answers: Spans of the annotated answers in `text`; none if it has none.
    """

    question: str
    above: str
    text: str
    answers: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Labels:
    """The larger reader's logits for a view.

    Attributes:
        offsets: Span of each token in the window, shape (tokens, 2).
        start, end: Logits of the tokens, each of shape (tokens,).
        nothing: Start and end logit of "no answer here".
    """

    offsets: npt.NDArray[np.int16]
    start: Floats
    end: Floats
    nothing: tuple[float, float]


def draw_views(
    found: Sequence[Group],
    pieces: TokenCache,
    draw: random.Random,
    *,
    wrong: int,
    shares: Sequence[float],
) -> Iterator[list[View]]:
    """Yield the views of each question, that of the right passage first.

    Args:
        found: The questions with their passages.
        pieces: Counts tokens.
        draw: Draws windows and what stands above them.
        wrong: Wrong passages of a question at most; the hardest come first.
        shares: As `SHARES`.
    """
    for group in found:
        above = draw.choices((0, 1, 2), shares)[0]
        examples = [*([group.right] if group.right else []), *group.wrong[:wrong]]
        views = [view for one in examples if (view := _view(one, above, pieces, draw))]
        if views and (group.right is None or views[0].answers):
            yield views


def _view(example: Example, above: int, pieces: TokenCache, draw: random.Random) -> View | None:
    shown = [example.title] if above else []
    if above > 1:
        shown.append(example.lead)
    tokens = pieces(example.passage).offsets
    room = MAX_LENGTH - MAX_QUESTION - MAX_TITLE - 5
    if draw.random() < SHORT:
        room = min(room, draw.randint(*SHORT_WINDOW))
    start, stop = 0, len(tokens)
    if stop > room:
        low, high = 0, stop - room
        if example.answers:
            first, last = draw.choice(example.answers)
            inside = [i for i, (a, b) in enumerate(tokens) if a < last and b > first]
            if not inside or inside[-1] - inside[0] >= room:
                return None
            low, high = max(0, inside[-1] - room + 1), min(high, inside[0])
        start = draw.randint(low, max(low, high))
        stop = start + room
    if stop <= start:
        return None
    begin, end = tokens[start][0], tokens[stop - 1][1]
    kept = tuple((a - begin, b - begin) for a, b in example.answers if begin <= a and b <= end)
    if example.answers and not kept:
        return None
    return View(example.question, ". ".join(filter(None, shown)), example.passage[begin:end], kept)


def row_of(view: View, pieces: TokenCache, marks: net.Marks) -> tuple[Row, list[Span]] | None:
    """Return a view as a network reads it, and the spans of the passage's tokens in the window.

    None if its annotated answers fall out of what the network can read.
    """
    asked = pieces(view.question).ids[:MAX_QUESTION]
    above = pieces(view.above).ids[:MAX_TITLE] if view.above else []
    head = [marks.cls, *asked, marks.sep]
    second = len(head)
    head += [*above, marks.sep] if above else []
    first = len(head)
    text = pieces(view.text)
    room = MAX_LENGTH - first - 1
    ids, offsets = text.ids[:room], text.offsets[:room]
    answers = []
    for a, b in view.answers:
        inside = [i for i, (start, end) in enumerate(offsets) if start < b and end > a]
        if inside and offsets[inside[-1]][1] >= b:
            answers.append((first + inside[0], first + inside[-1]))
    if not ids or (view.answers and not answers):
        return None
    return Row([*head, *ids, marks.sep], second, first, tuple(answers) or ((0, 0),)), offsets


def label(
    reader: ReaderNetwork, pieces: TokenCache, views: Sequence[list[View]]
) -> list[list[Labels]]:
    """Return the logits of a reader for views, in their order."""
    marks = pieces.marks
    flat = [(i, j, view) for i, group in enumerate(views) for j, view in enumerate(group)]
    rows = {
        (i, j): row_of(View(v.question, v.above, v.text, ()), pieces, marks) for i, j, v in flat
    }
    order = sorted(rows, key=lambda key: len(rows[key][0].ids) if rows[key] else 0)
    done: dict[tuple[int, int], Labels] = {}
    at = 0
    while at < len(order):
        keys = [order[at]]
        while (
            at + len(keys) < len(order)
            and (len(keys) + 1) * len(rows[order[at + len(keys)]][0].ids) <= LABEL_TOKENS
        ):
            keys.append(order[at + len(keys)])
        at += len(keys)
        batch = [rows[key][0] for key in keys]
        ids, mask, types, _ = net.batch(batch, marks.pad)
        with torch.no_grad():
            logits = reader(ids, mask, types).float().numpy()
        for key, row, out in zip(keys, batch, logits, strict=True):
            own = out[row.first : len(row.ids) - 1]
            done[key] = Labels(
                np.array(rows[key][1], np.int16), own[:, 0].astype(np.float16),
                own[:, 1].astype(np.float16), (float(out[0, 0]), float(out[0, 1])),
            )  # fmt: skip
    return [[done[i, j] for j in range(len(group))] for i, group in enumerate(views)]


def targets(
    labels: Labels, row: Row, offsets: Sequence[Span]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the larger reader's probabilities of starts and ends at the places of a row.

    Each of shape (places of the row,); the first place is "no answer here".
    """
    places = []
    for logits, nothing, side in (
        (labels.start, labels.nothing[0], 0),
        (labels.end, labels.nothing[1], 1),
    ):
        values = np.concatenate([[nothing], logits.astype(np.float64)])
        p = np.exp(values - values.max())
        p /= p.sum()
        found = np.zeros(len(row.ids))
        found[0] = p[0]
        edges = np.array([span[0] for span in offsets])
        wanted = labels.offsets[:, side].astype(int) - side  # the character that is last inside
        at = np.clip(np.searchsorted(edges, wanted, side="right") - 1, 0, len(edges) - 1)
        np.add.at(found, row.first + at, p[1:])
        places.append(found)
    return places[0], places[1]


def annotated(row: Row) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the same as `targets` for the annotated answers."""
    start, end = np.zeros(len(row.ids)), np.zeros(len(row.ids))
    for first, last in row.answers:
        start[first] += 1 / len(row.answers)
        end[last] += 1 / len(row.answers)
    return start, end


def odds_of(labels: Labels) -> float:
    """Return the log-odds of a view: all starts and ends against none."""
    parts = [
        float(np.logaddexp.reduce(values.astype(np.float64)))
        for values in (labels.start, labels.end)
    ]
    return sum(parts) - sum(labels.nothing)


@dataclass(frozen=True, slots=True)
class Task:
    """A question as the small reader learns it.

    Attributes:
        rows: Its views, the right one first if it has one.
        right: Whether it has one.
        starts, ends: The larger reader's probabilities for each row.
        odds: Its log-odds of each row.
    """

    rows: list[Row]
    right: bool
    starts: list[npt.NDArray[np.float64]]
    ends: list[npt.NDArray[np.float64]]
    odds: list[float]


def tasks_of(
    views: Sequence[list[View]], labels: Sequence[list[Labels] | None], pieces: TokenCache
) -> Iterator[Task]:
    """Yield what is learnt of each question, in their order.

    A question without labels, in a language that the larger reader does not know, is learnt from
    its annotation alone.
    """
    marks = pieces.marks
    for group, told in zip(views, labels, strict=True):
        right = bool(group[0].answers)
        rows, starts, ends, odds = [], [], [], []
        for place, view in enumerate(group):
            made = row_of(view, pieces, marks)
            if made is None and place == 0:
                break
            if made is None:
                continue
            start, end = targets(told[place], *made) if told else annotated(made[0])
            rows.append(made[0])
            starts.append(start)
            ends.append(end)
            odds.append(odds_of(told[place]) if told else SURE * (1 if view.answers else -1))
        if rows:
            yield Task(rows, right, starts, ends, odds)


def loss_of(reader: ReaderNetwork, tasks: Sequence[Task], pad: int) -> torch.Tensor:
    """Return the loss of some questions."""
    rows = [row for task in tasks for row in task.rows]
    ids, mask, types, may = net.batch(rows, pad)
    logits = reader(ids, mask, types).float().masked_fill(~may.unsqueeze(-1), -1e4)
    start, end = logits[..., 0], logits[..., 1]
    by_start, by_end = start.log_softmax(1), end.log_softmax(1)
    wanted = [torch.zeros(by_start.shape), torch.zeros(by_end.shape)]
    place = 0
    for task in tasks:
        for a, b in zip(task.starts, task.ends, strict=True):
            wanted[0][place, : len(a)] = torch.from_numpy(a).float()
            wanted[1][place, : len(b)] = torch.from_numpy(b).float()
            place += 1
    soft = -(wanted[0] * by_start).sum(1) - (wanted[1] * by_end).sum(1)
    hard = torch.stack(
        [
            -(
                by_start[i, [a for a, _ in row.answers]] + by_end[i, [b for _, b in row.answers]]
            ).mean()
            for i, row in enumerate(rows)
        ]
    )
    odds = (start[:, 1:].logsumexp(1) - start[:, 0]) + (end[:, 1:].logsumexp(1) - end[:, 0])
    order, place = torch.zeros(()), 0
    for task in tasks:
        own = odds[place : place + len(task.rows)].log_softmax(0)
        place += len(task.rows)
        if len(task.rows) > 1:
            told = torch.tensor(task.odds).softmax(0)
            order = order - SOFT_ORDER * (told * own).sum()
            if task.right:
                order = order - ORDER * own[0]
    return SOFT * soft.mean() + HARD * hard.mean() + order / len(rows)


def train(
    reader: ReaderNetwork, tasks: Sequence[Task], pad: int, options: argparse.Namespace
) -> None:
    """Train `reader`, from its last checkpoint if there is one."""
    draw = random.Random(options.seed)
    batches = [
        batch
        for _ in range(options.passes)
        for batch in packed(tasks, attrgetter("rows"), draw, TRAIN_TOKENS)
    ]
    descend(
        reader, batches, partial(loss_of, pad=pad), attrgetter("rows"),
        options.out / "student.pt", rate=options.rate, seed=options.seed,
        kind=torch.bfloat16 if options.bf16 else torch.float32,
    )  # fmt: skip
    net.save(reader, options.out / "reader.pt")


MIX = {
    # questions: (how many at most, wrong passages of each, what stands above)
    "press-hands": (20_000, 2, SHARES),
    "press-hard": (20_000, 1, SHARES),
    "press-written": (4_000, 1, SHARES),
    "squad-written": (1_500, 1, ARTICLE_SHARES),
    "quac-written": (1_400, 1, ARTICLE_SHARES),
    "trecqa-written": (400, 1, ARTICLE_SHARES),
    "squad": (3_000, 1, ARTICLE_SHARES),
    "squad, unanswerable": (3_000, 1, ARTICLE_SHARES),
    "trecqa": (300, 1, ARTICLE_SHARES),
    "piaf": (2_500, 1, ARTICLE_SHARES),
}
LABELLED = ("press-hands", "press-hard", "press-written")
"""Parts that the larger reader labels. The others are learnt from their annotation: people's, or in
French, which the larger reader does not know."""


def draw_all(data: Path, cache: Path, out: Path, pieces: TokenCache) -> None:
    """Write the views of each part of `MIX` that is not there yet."""
    for name, (most, wrong, shares) in MIX.items():
        at = out / f"{name}.views"
        if at.exists():
            continue
        draw = random.Random(name)
        found = list(part_groups(data, cache, name))
        chosen = draw.sample(found, min(most, len(found)))
        views = list(draw_views(chosen, pieces, draw, wrong=wrong, shares=shares))
        at.write_bytes(pickle.dumps(views))
        print(f"{name}: {len(views)} questions, {sum(map(len, views))} windows", flush=True)


def part_groups(data: Path, cache: Path, name: str) -> Iterable[Group]:
    """Return the questions of a part of `MIX`."""
    if name.endswith(("written", "hard", "hands")):
        return written_groups(data, cache, lambda stem: stem == name)
    return judged_groups(data, cache, name)


def label_all(out: Path, reader: ReaderNetwork, pieces: TokenCache) -> None:
    """Write the labels of each part whose labels are not there yet."""
    for at in sorted(out.glob("*.views")):
        if at.stem not in LABELLED:
            continue
        views = pickle.loads(at.read_bytes())  # noqa: S301 - our own
        started, done = time.monotonic(), 0
        for first in range(0, len(views), SHARD):
            into = out / f"{at.stem}.{first}.labels"
            if not into.exists():
                into.write_bytes(pickle.dumps(label(reader, pieces, views[first : first + SHARD])))
                done += SHARD
                left = (len(views) - first) / done * (time.monotonic() - started) / 60
                print(f"{at.stem} {first} of {len(views)}, {left:.0f} min left", flush=True)


def read_all(out: Path, pieces: TokenCache) -> list[Task]:
    """Return what is learnt, of all parts."""
    tasks: list[Task] = []
    for at in sorted(out.glob("*.views")):
        views = pickle.loads(at.read_bytes())  # noqa: S301 - our own
        told: list[list[Labels] | None] = [None] * len(views)
        if at.stem in LABELLED:
            shards = [out / f"{at.stem}.{first}.labels" for first in range(0, len(views), SHARD)]
            told = [one for shard in shards for one in pickle.loads(shard.read_bytes())]  # noqa: S301
        tasks += tasks_of(views, told, pieces)
    return tasks


def main() -> None:
    """Run one step."""
    options = _options()
    torch.set_num_threads(options.threads)
    pieces = TokenCache(net.load_tokenizer(options.backbone))
    options.views.mkdir(parents=True, exist_ok=True)
    if options.step == "draw":
        draw_all(options.data, options.cache, options.views, pieces)
        return
    kind = torch.bfloat16 if options.bf16 else torch.float32
    if options.step == "label":
        teacher = from_file(options.reader, options.backbone).to(kind).eval()
        label_all(options.views, teacher, pieces)
        return
    torch.manual_seed(options.seed)
    options.out.mkdir(parents=True, exist_ok=True)
    start = options.start
    student = from_file(start, options.backbone) if start else net.from_encoder(options.backbone)
    train(student, read_all(options.views, pieces), pieces.marks.pad, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("step", choices=("draw", "label", "train"))
    parser.add_argument("--views", type=Path, required=True, help="folder of views and labels")
    parser.add_argument("--backbone", type=Path, required=True, help="folder of the encoder whose "
                        "tokens are counted, that labels, or that is trained")  # fmt: skip
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--cache", type=Path, help="encoded sets are kept here (draw)")
    parser.add_argument("--reader", type=Path, help="checkpoint of the larger reader (label)")
    parser.add_argument("--out", type=Path, help="checkpoints and the result (train)")
    parser.add_argument("--start", type=Path, help="a checkpoint to go on from (train)")
    parser.add_argument("--passes", type=int, default=2)
    parser.add_argument("--rate", type=float, default=2e-4, help="the highest learning rate")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--bf16", action=argparse.BooleanOptionalAction,
                        default=torch.cpu.get_capabilities().get("avx512_bf16", False))  # fmt: skip
    given = parser.parse_args()
    needed = {"draw": ("cache",), "label": ("reader",), "train": ("out",)}[given.step]
    for name in needed:
        if getattr(given, name) is None:
            parser.error(f"{given.step} needs --{name}")
    return given


if __name__ == "__main__":
    main()
