"""Which words of other passages compete with the answer."""

from dataclasses import replace

import pytest
from made_answers import made_passage, made_release
from made_candidates import Counts, candidate

from qa.answering.alternatives import MOST, WITHIN, competing_answers
from qa.query.question import parse_question
from qa.ranking.ranker import RankedCandidate, rank
from qa.types import Highlight, RankedPassage

JOBS = parse_question("How many jobs will the plant create?")
WHO = parse_question("Which group opened the plant?")


def found(*answers: tuple[str, float]) -> tuple[list[RankedCandidate], list[RankedPassage]]:
    """Passages that give words as their answer, each a margin below the first."""
    texts = tuple(f"The plant: {words}." for words, _ in answers)
    candidates = [candidate(i, text, 0.7) for i, text in enumerate(texts)]
    by_key = {r.candidate.key: r for r in rank(JOBS, candidates, Counts(texts))}
    ranked = [replace(by_key[i], margin=5 - gap) for i, (_, gap) in enumerate(answers)]
    passages = [
        made_passage(
            place + 1,
            release=made_release(f"r{place}"),
            text=texts[place],
            evidence=(0, len(texts[place])),
            exact=(11, 11 + len(words)) if words else None,
        )
        for place, (words, _) in enumerate(answers)
    ]
    return ranked, passages


@pytest.mark.parametrize(
    ("other", "gap", "expected"),
    [
        ("345 jobs", WITHIN - 0.1, ["345 jobs"]),
        ("345 jobs", WITHIN + 0.1, []),
        ("about 120 jobs", 0.1, []),
        ("The 120 Jobs", 0.1, []),
        ("Mayor Roy", 0.1, []),
        ("", 0.1, []),
    ],
)
def test_other_words_of_the_same_type_compete_when_they_score_nearly_as_high(
    other: str, gap: float, expected: list[str]
) -> None:
    """A passage further down, the same words in full, and words of another type do not."""
    alternatives = competing_answers(JOBS, *found(("120 jobs", 0.0), (other, gap)))

    assert [words.text for words in alternatives] == expected
    assert [words.passage for words in alternatives] == [1] * len(expected)


def test_where_no_type_is_asked_for_figures_compete_with_figures() -> None:
    """Names compete with names, and with no amount."""
    ranked, passages = found(("Norvolt", 0.0), ("Harbour Line", 0.2), ("12 tonnes", 0.3))

    assert [w.text for w in competing_answers(WHO, ranked, passages)] == ["Harbour Line"]


def test_a_few_of_many_are_kept_and_each_once() -> None:
    """The best come first; words that were given already are not given again."""
    numbers = [("120 jobs", 0.0), ("7 jobs", 0.1), ("7", 0.2), ("8 jobs", 0.3), ("9 jobs", 0.4)]

    alternatives = competing_answers(JOBS, *found(*numbers))

    assert [words.text for words in alternatives] == ["7 jobs", "8 jobs"]
    assert len(alternatives) == MOST


def test_without_words_in_the_first_passage_nothing_competes() -> None:
    """There is no answer to compete with."""
    assert competing_answers(JOBS, *found(("", 0.0), ("345 jobs", 0.1))) == ()


def test_other_words_are_no_rivals_of_a_list() -> None:
    """They may be another item of it."""
    ranked, passages = found(("Norvolt and Harbour Line", 0.0), ("Acme", 0.2))
    items = tuple(Highlight(span, "answer", 0.8) for span in ((11, 18), (23, 35)))
    evidence = passages[0].highlights[:1]
    listed = replace(passages[0], highlights=(*evidence, *items))

    assert [w.text for w in competing_answers(WHO, ranked, passages)] == ["Acme"]
    assert competing_answers(WHO, ranked, [listed, passages[1]]) == ()
