"""Where the sentences of an article come from, in a collection with copies and templates."""

import io
import json
from collections.abc import Iterator

import pytest

from index.filters import Filters
from index.ingest.article import Article, read_article
from index.ingest.update import update_collection
from qa import open_collection
from qa.collection import Collection
from qa.quotes import matching_quotes
from qa.tracing.types import FactDifference, Trace

_FERRY = (
    "The Salmon Cove ferry will sail every two hours from June 3, the harbour authority announced "
    "today. It replaces a boat that was built in 1962 and carried no more than 40 passengers. The "
    "province paid $4.5 million for the new vessel, which takes 18 cars.\n\n"
    "“The new ferry will bring doctors and visitors to the island all through the winter,” said "
    "Ann Roe, the harbour master. “My grandfather rowed people across, and he would be amazed.”\n\n"
    "Tickets can be bought on board or in the post office of the village. Children under twelve "
    "travel without a ticket. The old boat will be sold at an auction in the fall."
)
_GRANT = (
    "The Town of {town} will get {much} to mend its library, the minister said today. The money "
    "comes from the Fund for Small Libraries, which was set up five years ago. Towns have to pay "
    "a third of the cost themselves and to keep the building open on Saturdays."
)
_RELEASES = (
    {"id": "a-copy", "date": "2021-05-09", "title": "New ferry for the island", "text": _FERRY},
    {"id": "ferry", "date": "2021-05-04", "title": "New ferry for the island", "text": _FERRY},
    {
        "id": "ash",
        "date": "2021-02-01",
        "title": "Ashford gets a grant for its library",
        "text": _GRANT.format(town="Ashford", much="$30,000"),
    },
    {
        "id": "elm",
        "date": "2021-02-02",
        "title": "Elmwood gets a grant for its library",
        "text": _GRANT.format(town="Elmwood", much="$52,000"),
    },
)


@pytest.fixture(name="collection", scope="module")
def _collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    folder = tmp_path_factory.mktemp("trace")
    (folder / "r.jsonl").write_text("\n".join(map(json.dumps, _RELEASES)), encoding="utf-8")
    update_collection(folder / "c", [str(folder / "r.jsonl")])
    with open_collection(folder / "c") as collection:
        yield collection


def article(*sentences: str) -> Article:
    """An article of some sentences, each in a paragraph of its own."""
    return read_article(io.BytesIO("\n\n".join(sentences).encode()), "a.txt", 1_000_000)


def sources(trace: Trace) -> list[tuple[str, str | None]]:
    """The form of each sentence, and the release that it comes from."""
    return [
        (s.form, None if s.source is None else trace.releases[s.source.release].id)
        for s in trace.sentences
    ]


def test_each_form_is_told_from_the_others(collection: Collection) -> None:
    """Copied, edited, said in other words, and on the same subject but of the article alone."""
    trace = collection.trace(
        article(
            "The Salmon Cove ferry will sail every two hours from June 3, the harbour authority "
            "announced today.",
            "The new vessel, for which the province paid $4.5 million, takes 18 cars and a bus.",
            "You can get tickets in the village post office or when you are on the boat.",
            "Fishermen complain that the pier is too short for their nets and for two boats.",
        )
    )

    assert sources(trace) == [
        ("verbatim", "ferry"), ("close", "ferry"), ("rephrased", "ferry"), ("own", None),
    ]  # fmt: skip
    assert trace.by_meaning
    copied = trace.sentences[0]
    assert copied.source is not None
    assert copied.source.text == copied.text
    assert copied.copied == (0, len(copied.text) - 1)


def test_of_near_duplicates_the_earliest_is_named(collection: Collection) -> None:
    """Whichever was indexed first; the others are named beside it."""
    trace = collection.trace(article(_FERRY.split("\n\n", maxsplit=1)[0]))

    assert {release.id for release in trace.releases.values()} == {"ferry"}
    assert [s.source.also_in for s in trace.sentences if s.source] == [("a-copy",)] * 3


def test_of_two_releases_from_one_template_the_one_that_fits_is_named(
    collection: Collection,
) -> None:
    """Sentences that both have come from the one that a sentence of its own points to."""
    trace = collection.trace(
        article(
            "The money comes from the Fund for Small Libraries, which was set up five years ago.",
            "The Town of Elmwood will get $52,000 to mend its library, the minister said.",
            "Towns have to pay a third of the cost themselves and to keep the building open.",
        )
    )

    assert [release for _, release in sources(trace)] == ["elm", "elm", "elm"]


def test_what_differs_is_pointed_out(collection: Collection) -> None:
    """A number that was changed makes a copied sentence a close one."""
    (changed,) = collection.trace(
        article("The province paid $4.5 million for the new vessel, which takes 81 cars.")
    ).sentences

    assert changed.form == "close"
    assert changed.differences == (FactDifference("number", "81", "18"),)


def test_what_was_left_out_is_in_order(collection: Collection) -> None:
    """All sentences of the release that none of the article repeats."""
    trace = collection.trace(article(*_FERRY.split("\n\n")[:2]))
    (part,) = trace.left_out

    assert part.sentences == 8
    assert [sentence.text.split()[0] for sentence in part.left_out] == [
        "Tickets", "Children", "The",
    ]  # fmt: skip
    first = part.left_out[0]
    document = collection.document("ferry")
    assert document.text[slice(*first.span)] == first.text
    assert collection.check(first.citation).ok


def test_without_meaning_nothing_is_rephrased(collection: Collection) -> None:
    """The same article as before, by words only."""
    trace = collection.trace(
        article(
            "The Salmon Cove ferry will sail every two hours from June 3, the harbour authority "
            "announced today.",
            "You can get tickets in the village post office or when you are on the boat.",
        ),
        words_only=True,
    )

    assert [form for form, _ in sources(trace)] == ["verbatim", "own"]
    assert not trace.by_meaning


def test_filters_restrict_what_it_may_come_from(collection: Collection) -> None:
    """Also which of the near-duplicates."""
    text = article(_FERRY.split("\n\n", maxsplit=1)[0])

    late = collection.trace(text, Filters(since="2021-05-05"))
    assert {release.id for release in late.releases.values()} == {"a-copy"}
    assert collection.trace(text, Filters(since="2022")).traced == 0


def test_news_of_other_things_comes_from_no_release(collection: Collection) -> None:
    """Even if it has words of a release."""
    trace = collection.trace(
        article(
            "A ferry sank off the coast of Greece on Monday, and 40 passengers were rescued.",
            "The minister said that libraries of the capital will be closed for the winter.",
        )
    )

    assert sources(trace) == [("own", None), ("own", None)]
    assert trace.left_out == ()


def test_quotations_are_compared_with_those_of_the_release(collection: Collection) -> None:
    """Word for word or nearly, and with the speaker."""
    text = article(
        "“The new ferry will bring doctors and visitors to the island all through the winter,” "
        "said Ann Roe, the harbour master.",
        "“My grandfather rowed many people across, and he would be amazed,” said Ben Poe.",
        "“Nobody asked the fishermen of this island about any of that,” said Cy Smith.",
    )
    found = matching_quotes(collection, collection.trace(text))

    assert [(match.speaker, match.quote.speaker, match.exact) for match in found] == [
        ("Ann Roe", "Ann Roe", True),
        ("Ben Poe", "Ann Roe", False),
    ]
    assert [match.same_speaker for match in found] == [True, False]
