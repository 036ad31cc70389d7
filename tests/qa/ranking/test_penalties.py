"""What every release repeats stands back, unless it is asked for."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from made_candidates import candidate

from index.ingest.update import update_collection
from qa import open_collection
from qa.query.question import parse_question
from qa.ranking.penalties import (
    KIND_PENALTY,
    QUESTION_PENALTY,
    REPETITION_PENALTY,
    find_penalties,
)

if TYPE_CHECKING:
    from index.reports import Progress

ABOUT = (
    "Harbour Bridge Works builds bridges and harbours in every town on the coast and has opened a "
    "footbridge, a ferry terminal and a lookout over the harbour since it was founded in 1987."
)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who is the media contact?", "contact"),
        ("What is the press contact's phone number?", "contact"),
        ("How can journalists reach the ministry?", "contact"),
        ("Qui est la personne-ressource ?", "contact"),
        ("Qui contacter ?", "contact"),
        ("Comment joindre le service de presse ?", "contact"),
        ("Quelle est l'adresse courriel du ministère ?", "contact"),
        ("Wer ist der Pressekontakt?", "contact"),
        ("¿Quién es el contacto de prensa?", "contact"),
        ("Qui a joint les deux rives ?", None),
        ("What is the company?", "boilerplate"),
        ("What is the organisation?", "boilerplate"),
        ("What does the company do?", "boilerplate"),
        ("Quelle est l'entreprise ?", "boilerplate"),
        ("Who contacted the police about the bridge?", None),
        ("What company won the contract for the bridge?", None),
        ("When did the organisation open the bridge?", None),
        ("What is the new minimum wage?", None),
        ("How does the company plan to reach net zero by 2050?", None),
        ("How do we reach net zero?", None),
        ("How does the satellite reach orbit?", None),
        ("When does the public inquiry into the shooting begin?", None),
        ("Who can apply under the call for proposals?", None),
        ("Who can ask for a refund?", None),
        ("What does the company do to reduce emissions?", None),
        ("What type of organizations can apply for the grant?", None),
        ("Who can I call about the ferry?", "contact"),
        ("How can residents contact the office?", "contact"),
        ("What kind of company is it?", "boilerplate"),
    ],
)
def test_what_is_asked_for_by_its_kind(question: str, kind: str | None) -> None:
    """A question for a contact or for the organisation is told from one that names them."""
    assert kind == parse_question(question).intent.section


@pytest.mark.parametrize(
    ("question", "kind", "spread", "expected"),
    [
        ("When did it open?", "body", 1, 0.0),
        ("When did it open?", "body", 2, 0.0),
        ("When did it open?", "body", 4, REPETITION_PENALTY / 2),
        ("When did it open?", "body", 50, REPETITION_PENALTY),
        ("When did it open?", "contact", 1, KIND_PENALTY),
        ("What is Harbour Bridge Works?", "boilerplate", 50, 0.0),
        ("What is it?", "boilerplate", 50, REPETITION_PENALTY),
        ("What is a bour?", "boilerplate", 50, REPETITION_PENALTY),
        ("Who is Har?", "contact", 1, KIND_PENALTY),
        ("What is Harbour Bridge Works?", "question", 1, QUESTION_PENALTY),
    ],
)
def test_how_far_a_passage_stands_back(
    question: str, kind: str, spread: int, expected: float
) -> None:
    """By its kind, or by how many releases carry it; not when its own name is asked about."""
    passage = candidate(1, ABOUT, kind=kind, release=1, release_frequency=spread)
    assert [expected] == pytest.approx(
        find_penalties(parse_question(question), [passage]).boilerplate
    )


@pytest.fixture(name="folder", scope="module")
def _folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eleven releases that end in the same paragraphs; words alone are indexed."""
    folder = tmp_path_factory.mktemp("formal")
    places = "Digby Lunenburg Yarmouth Truro Amherst Pictou Sydney Windsor Wolfville Baddeck Canso"
    records = [
        {
            "id": place.lower(),
            "title": f"Bridge opens in {place}",
            "text": f"The town of {place} opened a footbridge over its harbour with {n + 3} "
            f"benches and a lookout, which was paid for by the people of {place} and all.\n\n"
            f"{ABOUT}\n\nAbout the Coast Fund\n\nThe Coast Fund is an organisation that pays for "
            f"footbridges, benches and lookouts over the harbour of every town.\n\n"
            f"Media contact:\nAnna Leblanc of {place}, 902-555-01{n:02}, "
            f"press@{place.lower()}.example",
        }
        for n, place in enumerate(places.split())
    ]
    source = folder / "a.jsonl"
    source.write_text("\n".join(map(json.dumps, records)))
    seen: list[Progress] = []
    update_collection(
        folder / "c",
        [source],
        progress=seen.append,
        cancelled=lambda: any(step.stage == "meaning" for step in seen),
    )
    return folder / "c"


@pytest.mark.parametrize(
    "question",
    [
        "Who opened a footbridge with a lookout over the harbour?",
        "How many benches has the footbridge over the harbour?",
        "Which town has a lookout over the harbour?",
    ],
)
def test_what_is_repeated_does_not_crowd_out_an_answer(folder: Path, question: str) -> None:
    """The first three passages are none that all the releases carry, whatever its kind."""
    with open_collection(folder) as collection:
        found = collection.ask(question, k=3, words_only=True).passages

    assert 3 == len(found)
    assert {"body"} == {passage.kind for passage in found}
    assert all("opened a footbridge over its harbour" in passage.text for passage in found)


def test_contact_and_organisation_are_found_when_asked_for(folder: Path) -> None:
    """The same paragraphs are first when the question is for them."""
    with open_collection(folder) as collection:
        contact = collection.ask("Who is the media contact?", k=1, words_only=True).passages[0]
        about = collection.ask("What is the organisation?", k=1, words_only=True).passages[0]
        named = collection.ask("What is the Coast Fund?", k=1, words_only=True).passages[0]

    assert ("contact", True) == (contact.kind, "Anna Leblanc" in contact.text)
    assert ("boilerplate", True) == (about.kind, "Coast Fund is an organisation" in about.text)
    assert "Coast Fund is an organisation" in named.text
