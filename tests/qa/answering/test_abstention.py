"""Reasons for no answer say only what holds for everything that was searched."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from made_candidates import VISIT, Counts, candidate

from index.filters import Filters
from index.search.searcher import Searcher
from index.text.analyzer import extract_terms
from qa.answering.abstention import abstention_reason, below_risk_threshold
from qa.answering.confidence import threshold
from qa.collection import Collection, open_collection
from qa.query.question import parse_question
from qa.ranking.ranker import rank
from qa.retrieval.statistics import CollectionMentions
from qa.retrieval.types import Candidate, Scope


@dataclass(frozen=True)
class Texts:
    """Texts of a collection and those of them that were searched, looked through word by word."""

    texts: Sequence[str]
    admitted: Sequence[str]
    scope: Scope = "collection"

    def any_searched(self) -> bool:
        """Whether there was any."""
        return bool(self.admitted)

    def anywhere(self, word: str) -> bool:
        """Whether any text mentions a word."""
        return any(set(extract_terms(word)) & set(extract_terms(text)) for text in self.texts)

    def searched(self, word: str) -> bool:
        """Whether any searched text mentions a word."""
        return any(set(extract_terms(word)) & set(extract_terms(text)) for text in self.admitted)


def said(
    text: str,
    candidates: Sequence[Candidate],
    *,
    others: Sequence[str] = (),
    elsewhere: Sequence[str] = (),
    scope: Scope = "collection",
) -> str:
    """Return the reason for a question, the candidates ranked by their keys.

    `others` were searched and not found, `elsewhere` was not searched.
    """
    found = [one.text for one in candidates]
    question = parse_question(text)
    ranked = rank(question, candidates, Counts((*found, *others, *elsewhere)))
    ranked.sort(key=lambda one: one.candidate.key)  # what the reader says may turn the order
    searched = (*found, *others)
    return abstention_reason(question, ranked, Texts((*searched, *elsewhere), searched, scope))


def test_a_name_that_nothing_mentions_is_the_reason() -> None:
    """A name is missing, however near the passages are."""
    found = [candidate(place, text, 0.8, (0.8, 0.8)) for place, text in enumerate(VISIT[:2])]

    assert "no release mentions 'Sejong'" == said("When will Trudeau visit Sejong?", found)


def test_a_word_is_no_reason_where_something_says_the_same_in_other_words() -> None:
    """A passage near in meaning may use a synonym; far from any, the word is what is missing."""
    near = candidate(1, "The restaurant was closed for a week.", 0.7, (0.7,))
    far = candidate(1, "The restaurant was closed for a week.", 0.2, (0.2,))

    assert "no passage clearly answers the question" == said("Which eatery had to close?", [near])
    assert "no release mentions 'eatery'" == said("Which eatery was closed?", [far])


def test_a_word_that_any_passage_holds_is_no_reason() -> None:
    """What the best passage lacks and another has is not missing."""
    best = candidate(1, "The bridge opened to cyclists and walkers of the bridge.", 0.2, (0.2,))

    assert "no passage clearly answers the question" == said(
        "Which bridge is in Halifax?", [best], others=["In Halifax the bridge opened after all."]
    )


def test_a_part_of_the_date_is_no_reason() -> None:
    """A release of May 2021 need not repeat the year in its text."""
    found = candidate(1, "The works ended.", 0.2, (0.2,), date="2021-05-02")

    assert "2021" not in said("Which works ended in May 2021?", [found])


def test_filters() -> None:
    """What only releases outside the filters mention is said so."""
    found = [candidate(1, VISIT[2], 0.1, (0.1, 0.1))]
    elsewhere = ["The minimum wage rises."]

    assert "nothing that matches the filters mentions 'wage'; other releases do" == said(
        "wage", found, elsewhere=elsewhere, scope="filters"
    )
    assert "no release mentions 'salary'" == said(
        "salary", found, elsewhere=elsewhere, scope="filters"
    )
    assert "no passage searched in the release mentions 'wage'" == said(
        "wage", found, elsewhere=elsewhere, scope="release"
    )
    assert "no passage in the collection matches the filters" == said(
        "wage", [], elsewhere=elsewhere, scope="filters"
    )


@pytest.mark.parametrize("question", ["What is it then?", "Who are they?", "and what then"])
def test_function_words_are_no_reasons(question: str) -> None:
    """That a passage lacks "what" explains nothing."""
    found = [candidate(1, "It is what it is, and then some.", 0.1, (0.1,))]

    assert "the question contains nothing to search for; say what it is about" == said(
        question, found
    )


def test_an_endless_word_is_cut() -> None:
    """A reason is a line that can be read."""
    assert "no release mentions '" + 39 * "x" + "…'" == said(2000 * "x", [candidate(1, VISIT[0])])


@pytest.mark.parametrize(
    ("confidence", "limit", "shown"),
    [
        (0.96, 0.9995, ("0.9600", "0.9995")),
        (0.9612, 0.97, ("0.96", "0.97")),
        (0.5, 0.9, ("0.50", "0.90")),
    ],
)
def test_the_risk_is_the_reason_where_it_is(
    confidence: float, limit: float, shown: tuple[str, str]
) -> None:
    """The numbers are told apart, and a limit that can be met does not look like certainty."""
    text = below_risk_threshold(confidence, limit, 0.001)

    assert f"a confidence of {shown[0]} is" in text
    assert text.endswith(f"a risk of 0.001 requires {shown[1]}")


@pytest.fixture(scope="module", name="collection")
def _collection(sample_collection: Path) -> Iterator[Collection]:
    with open_collection(sample_collection) as collection:
        yield collection


def test_reasons_over_the_samples(collection: Collection) -> None:
    """The same through a collection: filters, the risk asked for, headlines."""
    saskatchewan = Filters(issuer="saskatchewan")
    highway = collection.ask("highway", filters=saskatchewan)
    wage = collection.ask("wage", filters=saskatchewan)
    words = collection.ask("wage", filters=saskatchewan, words_only=True)
    nobody = collection.ask("wage", filters=Filters(issuer="nobody"))
    risky = collection.ask("Who is the highways minister?", risk=0.001)

    assert not wage.answered
    assert any("Highway 7" in passage.text for passage in highway.passages)
    assert "mention" not in str(highway.reason)
    expected = "nothing that matches the filters mentions 'wage'; other releases do"
    assert [expected, expected] == [wage.reason, words.reason]
    assert "no passage in the collection matches the filters" == nobody.reason
    assert not risky.answered
    assert risky.confidence > threshold(read=True)
    assert "a risk of 0.001" in str(risky.reason)


def test_a_word_of_a_headline_alone(tmp_path: Path) -> None:
    """The collection's own search looks at headlines, too."""
    from index.ingest.update import update_collection

    (tmp_path / "a.md").write_text("# Tower finished\n\nThe works ended in May.\n")
    update_collection(tmp_path / "c", [tmp_path / "a.md"])
    with closing(Searcher(tmp_path / "c")) as searcher:
        mentions = CollectionMentions(searcher)

        assert [True, True, False] == [
            mentions.anywhere(word) for word in ("tower", "Towers", "bakery")
        ]
