"""`releaseqa judge`: record which passages answer which questions."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.text.shell_words import operand
from qa.cli.context import Context
from qa.cli.errors import FINE, SOME_FAILED
from qa.cli.options import Json, option
from qa.cli.streams import open_input
from qa.display import clean_line

if TYPE_CHECKING:
    from qa.sessions.store import SessionStore
    from qa.sessions.types import Judgement


def judge(
    context: Context,
    *,
    file: Annotated[
        str | None,
        typer.Argument(
            metavar="FILE", help="Judgements to add; - for standard input.", show_default=False
        ),
    ] = None,
    out: Annotated[
        Path | None,
        option(
            "-o",
            "--output",
            metavar="DIR",
            text="Export the releases and judgements to DIR as an evaluation set.",
        ),
    ] = None,
    forget: Annotated[
        bool, option("--forget", text="Delete all judgements of the collection first.")
    ] = False,
    json: Json = False,
) -> int:
    """Record which passages answer which questions, to evaluate your own collection.

    Each line of FILE is one judgement, either a JSON object or three fields separated by tabs:
    question, passage or release, and grade. The judgements are added to those made with + and - in
    the chat; a later judgement replaces an earlier one for the same question and passage. A line
    that cannot be read is reported, and the exit code is 3.

    With -o DIR, all judgements and releases are exported as an evaluation set for `releaseqa eval
    DIR`. Without FILE or -o, the judgements are listed in the format of FILE.
    """
    from qa.sessions.store import open_sessions

    with open_sessions() as store:
        key, failed = context.collection_key(), 0
        if forget:
            store.forget_judgements(key)
        if file is not None:
            failed = _add(context, store, key, file)
        judgements = store.judgements(key)
    if out is not None:
        _write_set(context, judgements, out)
    elif file is None and not forget:
        _list(context, judgements, json=json)
    return SOME_FAILED if failed else FINE


def _add(context: Context, store: "SessionStore", key: str, file: str) -> int:
    """Add the judgements of a file, and return how many lines could not be read."""
    from qa.evaluation.judgement_file import BadJudgement, read_judgements
    from qa.sessions.types import Judgement

    with open_input(file) as stream, context.collection() as collection:
        found = list(read_judgements(stream, collection))
    good = [judgement for judgement in found if isinstance(judgement, Judgement)]
    store.judge(key, good)
    bad = [judgement for judgement in found if isinstance(judgement, BadJudgement)]
    for line in bad:
        context.warn(f"{file}:{line.line}: {line.error}")
    context.say(f"{len(good)} judgements added, {len(bad)} lines failed.")
    return len(bad)


def _write_set(context: Context, judgements: "tuple[Judgement, ...]", out: Path) -> None:
    from qa.evaluation.export_dataset import write_evaluation_set

    with context.collection() as collection:
        report = write_evaluation_set(collection, judgements, out)
    if report.undecided:
        context.say(
            f"{report.undecided} questions left out: no passage is judged to answer them, and "
            "they are not marked as unanswerable."
        )
    if report.removed:
        context.say(
            f"{report.removed} judgements left out: their releases are not in the collection."
        )
    counts = f"{report.questions} questions, {report.releases} releases"
    context.say(f"{out}: {counts}; to evaluate it, run: releaseqa eval {operand(str(out))}")


def _list(context: Context, judgements: "tuple[Judgement, ...]", *, json: bool) -> None:
    from qa.evaluation.judgement_file import judgement_to_json

    if not judgements:
        context.say("Nothing is judged yet: give a FILE, or use + and - in the chat.")
    for judgement in judgements:
        if json or not judgement.release_id:
            context.write_json(judgement_to_json(judgement))
        else:
            cells = (judgement.question, judgement.place, str(judgement.grade))
            context.write("\t".join(map(clean_line, cells)) + "\n")


COMMANDS = (
    (
        "judge",
        judge,
        (
            "releaseqa judge judgements.tsv",
            "releaseqa judge -o my-set && releaseqa eval my-set",
            "releaseqa judge --json > judgements.jsonl",
        ),
    ),
)
