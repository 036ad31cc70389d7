"""Questions that language models wrote on releases and articles, with right and wrong passages.

The files of training/questions hold the record of each question and the positions of the answers
(`annotation`).
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from annotation import places
from evaluation_sets import EvaluationSet, SubCollection, everything, load
from press_set import WRITTEN, write_press_set
from reading_sets import Example, Group, Span, hardest, holds, is_left_for_fitting, lines

from qa.query.dates import spell_date
from qa.query.question import parse_question


def written_groups(
    data: Path, cache: Path, wanted: Callable[[str], bool] = lambda _: True
) -> list[Group]:
    """Return a group for each question, in order, without the records left for fitting.

    Only files whose names, without suffix, are in `wanted` are used. The wrong passages are the
    hardest of all records asked about and not left for fitting, a third of them from the same
    record. If the record does not answer, there are only wrong ones.
    """
    made = cache / "made"
    found: list[Group] = []
    for path in sorted(path for path in WRITTEN.glob("*.jsonl") if wanted(path.stem)):
        folder = write_press_set(data, made, path, others=0, name=f"{path.stem}-all")
        of = load(made, folder.name, cache)
        whole = everything(of)
        records = {record["id"]: row for row, record in enumerate(of.records)}
        for row, marked in enumerate(lines(path)):
            record = f"{marked['set']}/{marked['release']}"
            if not is_left_for_fitting(record):
                found += _groups(of, whole, row, records[record], marked)
    return found


def _groups(
    of: EvaluationSet, whole: SubCollection, row: int, record: int, marked: dict[str, Any]
) -> Iterator[Group]:
    """Return a question's group; none if the program splits the release inside the answer."""
    own = [int(r) for r in (of.record_of == record).nonzero()[0]]
    found = marked_passage(
        marked, places(of.records[record]["text"], [of.passage_list[r].text for r in own])
    )
    if found is None:
        return
    asked, spans = own[found[0]], found[1]
    example = _Examples(of, of.questions[row].text)
    others = [
        r
        for r in hardest(whole, row)
        if r != asked and not is_left_for_fitting(of.records[of.passage_list[r].record]["id"])
    ]
    if spans:
        answers = of.questions[row].answers
        wrong = [example(r) for r in others if not holds(of.passage_list[r].text, answers)]
        yield Group(example(asked, spans), tuple(wrong))
    else:
        same = [r for r in others if of.passage_list[r].record == record]
        yield Group(None, tuple(example(r) for r in (asked, *same)))


def marked_passage(
    marked: dict[str, Any], stand: Sequence[Span | None]
) -> tuple[int, list[Span]] | None:
    """Return the passage of a record that a question is about, and the spans of the answers in it.

    Args:
        marked: A line of training/questions.
        stand: The span of each passage in the record.

    Returns:
        The passage that contains the best answer completely, or the one that has none, with the
            answers in
        it; None if there is no such passage.
    """
    first, last = marked["answers"][0] if marked["answers"] else marked["passage"]
    for place, span in enumerate(stand):
        if span is not None and span[0] <= first and last <= span[1]:
            start, end = span
            inside = [
                (a - start, b - start) for a, b in marked["answers"] if start <= a and b <= end
            ]
            return place, inside
    return None


class _Examples:
    """A question with passages of a set, below what stands above them in the program."""

    def __init__(self, of: EvaluationSet, question: str) -> None:
        self._of, self._question = of, question
        self._dated = bool(parse_question(question).dates)

    def __call__(self, row: int, answers: Sequence[Span] = ()) -> Example:
        passage = self._of.passage_list[row]
        date = self._of.records[passage.record].get("date")
        title = passage.title
        if self._dated and date:
            title = f"{spell_date(date, passage.lang)}: {title}"
        lead = self._of.leads([passage.record]).get(passage.record, "")
        lead = "" if passage.text.startswith(lead) else lead
        return Example(self._question, passage.text, tuple(answers), title, lead)
