"""Train the reader.

    python training/train_reader.py --data ../shared/data --cache /tmp/rq-cache --out /tmp/reader

Or continue from the shipped weights:

    python training/train_reader.py --start qa/data/reader.onnx --passes 3 --rate 1e-4 ...

There are two stages, each with a learning rate that rises for a tenth of its steps and then falls
to zero: questions generated from press releases (`cloze`), then the judged sets (`reading_sets`)
and questions that language models wrote (`written`). A checkpoint is written every few minutes; the
same command continues from it, to the same weights. Needs only the packages of `pip install -e
.[train]`. Takes an hour and a half on two cores with bfloat16 (AMX), four and a half hours without.
"""

import argparse
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import network as net
import torch
from cloze import cloze_groups
from descent import descend, packed
from network import ReaderNetwork, Row, TokenCache, Tokens
from reading_sets import WRITTEN, Example, Group, groups, judged_groups
from shipped import from_file
from written import written_groups

from index.encoders.model import default_folder
from qa.reader.onnx_reader import MAX_LENGTH, MAX_QUESTION, MAX_TITLE

SEED = 11
CLOZES = 40_000
TOKENS_A_BATCH = 3600
NULL = ((0, 0),)
LIST_WEIGHT = 1.0
ABOVE = ("", "title", "title and lead")
SHARES = (0.35, 0.3, 0.35)
"""Which context is put above the passages of a question, and how often."""
SHORT_WINDOW = (64, 136)
"""Range of the window sizes drawn for a share of the rows, in tokens.

Paragraphs of releases are shorter than those of encyclopaedias, and training time grows with
length.
"""


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the training.

    Attributes:
        groups: The questions to read.
        passes: How often they are read.
        rate: The highest learning rate.
        wrong: Wrong passages per right one, on average.
        short: The share of rows with a short window.
        seed: Seed of the random draws.
    """

    name: str
    groups: Sequence[Group]
    passes: int
    rate: float
    wrong: float
    short: float
    seed: int


def main() -> None:
    """Run both stages."""
    options = _options()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    options.out.mkdir(parents=True, exist_ok=True)
    folder = options.backbone or default_folder()
    read = _questions(options)
    how = (options.rate, options.wrong, options.short, options.seed)
    stages = [Stage("questions", read, options.passes, *how)]
    reader = from_file(options.start, folder) if options.start else net.from_encoder(folder)
    made = (0 if options.start else CLOZES) if options.cloze is None else options.cloze
    if made:
        clozes = cloze_groups(options.data, made, options.seed)
        stages.insert(0, Stage("cloze", clozes, 1, *how))
    tokens = TokenCache(net.load_tokenizer(folder))
    kind = torch.bfloat16 if options.bf16 else torch.float32
    for stage in stages:
        _run(stage, reader, tokens, options.out, kind)
    net.save(reader, options.out / "reader.pt")


def _questions(options: argparse.Namespace) -> list[Group]:
    """Return the questions of a pass: a share of all, and some files completely."""
    if options.parts:
        return [group for part in options.parts for group in _part(options, *part)]
    judged = groups(options.data, options.cache)
    every = judged + written_groups(options.data, options.cache, lambda n: n not in options.whole)
    whole = written_groups(options.data, options.cache, lambda name: name in options.whole)
    drawn = list(range(len(every)))
    if options.share < 1:
        drawn = random.Random(options.seed).sample(drawn, round(options.share * len(drawn)))
    written = [every[at] for at in drawn if at >= len(judged)]
    again = options.written - 1
    return [every[at] for at in drawn] + written * again + whole * options.written


def _part(options: argparse.Namespace, name: str, times: float) -> list[Group]:
    """Return the questions of one part as often as asked; a fraction draws a share at random."""
    if name in {path.stem for path in WRITTEN.glob("*")}:
        found = written_groups(options.data, options.cache, lambda file: file == name)
    else:
        found = judged_groups(options.data, options.cache, name)
    drawn = random.Random(options.seed).sample(found, round(times % 1 * len(found)))
    print(f"{name}: {len(found)} questions, {times:g} times", flush=True)
    return found * int(times) + drawn


def _run(
    stage: Stage, reader: ReaderNetwork, tokens: TokenCache, out: Path, kind: torch.dtype
) -> None:
    """Run a stage to its end, from its last checkpoint if there is one."""
    done = out / f"{stage.name}.done.pt"
    if done.exists():
        reader.load_state_dict(torch.load(done)["network"])
        return
    batches = [b for number in range(stage.passes) for b in _batches(stage, number, tokens)]
    loss_of = partial(_loss, pad=tokens.marks.pad)
    at = out / f"{stage.name}.pt"
    descend(reader, batches, loss_of, tuple, at, rate=stage.rate, seed=stage.seed, kind=kind)
    net.save(reader, done)


def _loss(reader: ReaderNetwork, groups_: Sequence[Sequence[Row]], pad: int) -> torch.Tensor:
    """Return the loss of each answer, and of the right row among the rows of a question.

    The second compares the margins of the best spans over "no answer", which is what the program
    ranks by.
    """
    rows = [row for group in groups_ for row in group]
    ids, mask, types, may = net.batch(rows, pad)
    logits = reader(ids, mask, types).float().masked_fill(~may.unsqueeze(-1), -1e4)
    start, end = logits[..., 0], logits[..., 1]
    by_start, by_end = start.log_softmax(1), end.log_softmax(1)
    losses = []
    for i, row in enumerate(rows):
        first = torch.tensor([a for a, _ in row.answers])
        last = torch.tensor([b for _, b in row.answers])
        losses.append(-(by_start[i, first] + by_end[i, last]).mean())
    loss = torch.stack(losses).mean()
    odds = (start[:, 1:].logsumexp(1) - start[:, 0]) + (end[:, 1:].logsumexp(1) - end[:, 0])
    compared, place = [], 0
    for group in groups_:
        if len(group) > 1:
            compared.append(-odds[place : place + len(group)].log_softmax(0)[0])
        place += len(group)
    return loss + LIST_WEIGHT * torch.stack(compared).sum() / len(rows) if compared else loss


def _batches(stage: Stage, number: int, tokens: TokenCache) -> list[list[list[Row]]]:
    """Return the batches of a pass: rows of a question together, similar lengths together."""
    draw = random.Random(stage.seed * 1009 + number)
    made = [group for g in stage.groups if (group := _rows(g, stage, tokens, draw))]
    return packed(made, tuple, draw, TOKENS_A_BATCH)


def _rows(group: Group, stage: Stage, tokens: TokenCache, draw: random.Random) -> list[Row]:
    """Return a group's rows, the right one first."""
    count = int(stage.wrong) + (draw.random() < stage.wrong % 1) if group.right else 1
    chosen = _hard(group.wrong, count, draw)
    examples = [*([group.right] if group.right else []), *chosen]
    above = draw.choices(ABOVE, SHARES)[0]
    short = stage.short
    rows = [row for one in examples if (row := _row(one, above, short, tokens, draw))]
    if group.right and (not rows or not rows[0].answers or rows[0].answers == NULL):
        return []
    return rows


def _hard(wrong: Sequence[Example], count: int, draw: random.Random) -> list[Example]:
    """Draw some wrong passages; the hardest, which come first, are drawn more often."""
    keys = [draw.random() ** (place + 2) for place in range(len(wrong))]
    best = sorted(range(len(wrong)), key=keys.__getitem__, reverse=True)
    return [wrong[place] for place in best[:count]]


def _row(
    example: Example, above_it: str, short: float, tokens: TokenCache, draw: random.Random
) -> Row | None:
    """Return a row: the whole passage if it fits, or a window that contains the answer."""
    asked = tokens(example.question).ids[:MAX_QUESTION]
    passage = tokens(example.passage)
    shown = [example.title] if above_it else []
    if above_it == ABOVE[2]:
        shown.append(example.lead)
    title = tokens(". ".join(filter(None, shown))).ids[:MAX_TITLE]
    cls, sep = tokens.marks.cls, tokens.marks.sep
    above = [*title, sep] if title else []
    room = MAX_LENGTH - len(asked) - 3 - len(above)
    if draw.random() < short:
        room = min(room, draw.randint(*SHORT_WINDOW))
    answers = [found for span in example.answers if (found := _token_span(passage, span))]
    if example.answers and not answers:
        return None
    start = 0
    if len(passage.ids) > room:
        low, high = 0, len(passage.ids) - room
        if answers:  # around one annotator's answer; others may fall out
            a, b = draw.choice(answers)
            low, high = max(low, b - room + 1), min(high, a)
        start = draw.randint(low, high) if low <= high else low
    window = passage.ids[start : start + room]
    second = len(asked) + 2
    first = second + len(above)
    kept = tuple(
        (a - start + first, b - start + first)
        for a, b in answers
        if a >= start and b < start + len(window)
    )
    if example.answers and not kept:
        return None
    return Row([cls, *asked, sep, *above, *window, sep], second, first, kept or NULL)


def _token_span(passage: Tokens, span: tuple[int, int]) -> tuple[int, int] | None:
    """Return the first and last word piece of a span of characters."""
    inside = [i for i, (a, b) in enumerate(passage.offsets) if a < span[1] and b > span[0]]
    return (inside[0], inside[-1]) if inside else None


def _counted(text: str) -> tuple[str, float]:
    """Return a part and how often it is read, from "piaf=2"."""
    name, _, times = text.partition("=")
    return name, float(times or 1)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--cache", type=Path, required=True, help="encoded sets are kept here")
    parser.add_argument("--out", type=Path, required=True, help="checkpoints and the result")
    parser.add_argument(
        "--backbone", type=Path, help="folder of the encoder to start from; none: the default one"
    )
    parser.add_argument("--passes", type=int, default=6, help="passes over the questions")
    parser.add_argument(
        "--cloze", type=int, help="questions made from releases; 40,000, with --start none"
    )
    parser.add_argument(
        "--start", type=Path, help="an exported reader or a checkpoint to go on from"
    )
    parser.add_argument(
        "--written", type=int, default=2, help="how often a pass reads training/questions"
    )
    parser.add_argument(
        "--share", type=float, default=1.0, help="of all questions, drawn at random; in (0, 1]"
    )
    parser.add_argument(
        "--whole", nargs="*", default=[], choices=sorted(path.stem for path in WRITTEN.glob("*")),
        help="files of training/questions that are read whole, whatever the share",
    )  # fmt: skip
    parser.add_argument(
        "--parts", nargs="*", type=_counted, metavar="NAME=TIMES",
        help="read these in place of all: judged sets (piaf, xquad-es), pairs of languages "
        "(xquad-en:de: English questions on German passages), files of training/questions",
    )  # fmt: skip
    parser.add_argument("--seed", type=int, default=SEED, help="of what is drawn at random")
    parser.add_argument("--short", type=float, default=0.6, help="share of short windows")
    parser.add_argument("--rate", type=float, default=1.5e-4, help="the highest learning rate")
    parser.add_argument("--wrong", type=float, default=1.0, help="wrong passages a right one")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--bf16", action=argparse.BooleanOptionalAction,
                        default=torch.cpu.get_capabilities().get("avx512_bf16", False),
                        help="compute in bfloat16; on where the processor can")  # fmt: skip
    given = parser.parse_args()
    if not 0 < given.share <= 1:
        parser.error("--share is above 0 and at most 1")
    if given.written < 1:
        parser.error("--written is at least 1")
    if given.whole and given.share == 1:
        parser.error("--whole says what is read beside a --share; all is read without one")
    return given


if __name__ == "__main__":
    main()
