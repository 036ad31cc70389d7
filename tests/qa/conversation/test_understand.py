"""Whether a question stands alone, and what it means after what was said."""

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.text.analyzer import extract_terms
from qa.conversation import NO_CONVERSATION, Conversation, FoundPassage, Turn
from qa.conversation.references import find_references
from qa.conversation.understand import since_topic_change, understand


def said(*turns: tuple[str, str]) -> Conversation:
    """A conversation as a file tells it."""
    return Conversation(tuple(Turn(question, question, answer) for question, answer in turns))


def found(question: str, answer: str, release: str) -> Turn:
    """A turn that was asked here, and what it found."""
    passage = FoundPassage(f"{release}#1", release, "", None, answer, 0.9)
    return Turn(question, question, answer, "", (passage,))


VISIT = said(("When did Minister Joly visit Korea?", "April 13 to 15"))
WAGE = said(("What is the new minimum wage in Yukon?", "$15.20 an hour"))


def test_without_a_conversation_every_question_stands_alone() -> None:
    """Pronouns and fragments are asked as they are when nothing was said before."""
    for question in ("Who did she meet?", "and in 2022?", "Why?", "What about Canada?"):
        understood = understand(question, NO_CONVERSATION)

        assert (question, True, ()) == (
            understood.asked_as,
            understood.stands_alone,
            understood.context,
        )


@pytest.mark.parametrize(
    ("question", "asked_as"),
    [
        ("Who did she meet?", "Who did Minister Joly meet?"),
        ("Who met her there?", "Who met Minister Joly in Korea?"),
        ("Who wrote her speech there?", "Who wrote Minister Joly's speech in Korea?"),
        ("and in 2022?", "When did Minister Joly visit Korea in 2022?"),
        ("What about Japan?", "When did Minister Joly visit Japan?"),
        ("What was her message?", "What was Minister Joly's message?"),
    ],
)
def test_a_follow_up_is_completed(question: str, asked_as: str) -> None:
    """A pronoun becomes a name; a fragment, the question before with another name or date."""
    assert understand(question, VISIT).asked_as.startswith(asked_as)


def test_she_is_who_was_named_in_full() -> None:
    """Of names as probable as each other, somebody has more than one word; a place has one."""
    before = said(("When did Mélanie Joly visit Korea?", "April 13 to 15"))

    assert understand("Who did she meet there?", before).asked_as.startswith(
        "Who did Mélanie Joly meet in Korea?"
    )


@pytest.mark.parametrize(
    ("before", "question", "asked_as"),
    [
        ("When did Minister Joly visit Korea?", "Who lives there?", "Who lives in Korea?"),
        ("What did Minister Joly say in Seoul?", "Who lives there?", "Who lives in Seoul?"),
        ("What did Minister Joly sign?", "Who lives there?", "Who lives there?"),
        ("When did Minister Joly visit Korea?", "Are there others?", "Are there others?"),
        ("Was tat Ministerin Joly in Seoul?", "Wen traf sie dort?", "Wen traf Ministerin Joly in"),
    ],
)
def test_there_is_a_place_that_was_named(before: str, question: str, asked_as: str) -> None:
    """A name that stands where a place stands; without one, and in "are there", it stays."""
    conversation = said((before, ""))

    assert understand(question, conversation).asked_as.startswith(asked_as)


def test_passages_are_judged_by_what_is_likely() -> None:
    """Words that hardly belong into the question are searched for, and need not be there."""
    before = said(("When did Mélanie Joly visit Korea?", "April 13 to 15"))
    understood = understand("Who did she meet there?", before)

    assert set(extract_terms(understood.likely)) < set(extract_terms(understood.searched))
    assert "April" in understood.searched
    assert "April" not in understood.likely
    assert "Korea" in understood.likely


def test_it_is_the_thing_that_has_a_noun() -> None:
    """In the question that is shown; the reader gets the words in brackets."""
    understood = understand("When does it take effect?", WAGE)

    assert "When does the new minimum wage in Yukon take effect?" == understood.asked_as
    assert understood.likely.startswith("When does it take effect? (")


def test_what_is_left_out_follows_in_brackets() -> None:
    """A question without a word to replace is shown with the subject of the one before."""
    before = said(("What did the Energy Department decide about the Moab tailings?", ""))

    understood = understand("And how far from the river?", before)

    assert (
        "How far from the river? (about the Moab tailings, Energy Department)"
        == understood.asked_as
    )


@pytest.mark.parametrize(
    ("turn", "question", "asked_as"),
    [
        (("Whom did Jo Doe nominate?", "Austin Snyder"), "Who taught him?", "Austin Snyder"),
        (("Whom did Ann Doe call?", "Austin Snyder"), "Why did she call?", "Ann Doe"),
        (("Who runs it?", "Ann Doe"), "Where was she before?", "Ann Doe"),
        (("Where is the plant?", "Weirton"), "What was made there?", "in Weirton"),
        (
            ("Which hospital is it?", "Weirton Medical Center"),
            "Who runs it?",
            "Weirton Medical Center",
        ),
        (("How many of the schools got a bus?", "16"), "Where are they?", "the schools"),
    ],
)
def test_a_pronoun_stands_for_the_latest_of_its_type(
    turn: tuple[str, str], question: str, asked_as: str
) -> None:
    """The answer comes first, then the question's own names, and gender and number must agree."""
    asked, exact = turn
    passage = FoundPassage("r#1", "r", "", None, exact, 0.9)
    before = Conversation((Turn(asked, asked, exact, exact, (passage,)),))

    assert asked_as in understand(question, before).asked_as


def test_a_headline_names_nobody() -> None:
    """Its capitals are no names: "she" is whom the question named."""
    title = "Senator Doe Announces Over Two Million In New Grants"
    passage = FoundPassage("r#1", "r", title, None, "The grants are new.", 0.9)
    asked = "How much did Ann Doe announce?"
    before = Conversation((Turn(asked, asked, "The grants are new.", "", (passage,)),))

    assert "What did Ann Doe say?" == understand("What did she say?", before).asked_as


@pytest.mark.parametrize(
    ("question", "asked_as"),
    [
        ("What about Harper?", "When did Harper visit Korea?"),
        ("What about Japan?", "When did Minister Joly visit Japan?"),
        ("And in Ontario?", "When did Minister Joly visit Ontario?"),
    ],
)
def test_what_about_replaces_a_name_of_its_type(question: str, asked_as: str) -> None:
    """A person takes the place of a person, a place that of a place."""
    before = said(("When did Minister Joly visit Korea?", ""))

    assert asked_as == understand(question, before).asked_as


def test_a_french_follow_up_is_completed() -> None:
    """The language of a short question is that of the one before it."""
    before = said(("Combien de permis de chasse y a-t-il au Nouveau-Brunswick ?", "4 500"))

    understood = understand("et pour le chevreuil ?", before)

    assert understood.asked_as.startswith("et pour le chevreuil ? (")
    assert "permis de chasse" in understood.asked_as


def test_a_new_topic_stands_alone() -> None:
    """A question that names something new and points at nothing owes the conversation nothing."""
    understood = understand("What is the new minimum wage in Yukon?", VISIT)

    assert ("What is the new minimum wage in Yukon?", True) == (
        understood.asked_as,
        understood.stands_alone,
    )


def test_turns_before_a_change_of_topic_are_left_aside() -> None:
    """After a new topic was found elsewhere, pronouns mean it and nothing from before."""
    joly = found("When did Minister Joly visit Korea?", "Joly was in Seoul.", "visit")
    wage = found("What does a worker in Yukon earn?", "$15.20 an hour.", "wage")
    conversation = Conversation((joly, wage))

    assert (wage,) == since_topic_change(conversation).turns
    assert "Joly" not in understand("When does it take effect?", conversation).asked_as


def test_a_topic_goes_on_in_its_release_or_by_its_words() -> None:
    """A new name in the same release, or a known word, is no change of topic."""
    joly = found("When did Minister Joly visit Korea?", "Joly was in Seoul.", "visit")
    for other in (
        found("Where is the Blue House?", "In Seoul.", "visit"),
        found("When did Korea thank Canada?", "In May.", "thanks"),
        found("Where was she after Tokyo?", "In Seoul.", "other"),
    ):
        assert (joly, other) == since_topic_change(Conversation((joly, other))).turns


@pytest.mark.parametrize(
    ("question", "pointed"),
    [
        ("Who did she meet?", ["she"]),
        ("What did that agreement cost?", ["that agreement"]),
        ("Are there any others?", []),
        ("Who lives there?", ["there"]),
        ("The film that won?", []),
        ("What is her name, and who saw her?", ["her", "her"]),
        ("Was that it?", ["that", "it"]),
    ],
)
def test_words_that_point_back(question: str, pointed: list[str]) -> None:
    """Pronouns and determiners point back, but not where they only join or state existence."""
    assert pointed == [question[slice(*r.span)] for r in find_references(question, "en").references]


SAID = (
    "she it they that there Joly Korea The Who May 2022 April visit agreement and what about "
    "when why his ( ) ? . \u00e9t\u00e9 \u202e \ud83d\ude00 d'accord İ ſ 10,000 «"
)
TEXTS = st.lists(st.sampled_from(SAID.split()), max_size=8).map(" ".join)


@settings(max_examples=150)
@example(question="she", turns=[("Who Joly 10,000", "")])
@given(
    question=TEXTS.filter(lambda text: any(map(str.isalnum, text))),
    turns=st.lists(st.tuples(TEXTS, TEXTS), max_size=4),
)
def test_every_word_of_the_completed_form_was_said(
    question: str, turns: list[tuple[str, str]]
) -> None:
    """Whatever was said, understanding never fails, and makes up only "in", "about" and "the"."""
    understood = understand(question, said(*turns))

    spoken = {
        word for pair in [*turns, (question, "")] for text in pair for word in extract_terms(text)
    }
    added = {"", "in", "about", "the", "sur", "\u00fcber", "sobre"}
    for form in (understood.asked_as, understood.searched, understood.likely):
        assert set(extract_terms(form.replace("'s", ""))) <= spoken | added
    weights = [term.weight for term in understood.context]
    assert all(a >= b for a, b in pairwise(weights))
    assert all(0 <= weight <= 1 for weight in weights)


CHAINS = Path(__file__).parents[2] / "data" / "follow_ups.jsonl"


def follow_ups() -> Iterator[tuple[str, str]]:
    """The follow-ups of written conversations over real releases, as typed and as understood."""
    for line in CHAINS.read_text("utf-8").splitlines():
        conversation = NO_CONVERSATION
        for turn in json.loads(line)["turns"]:
            if "release" in turn:  # the topic changes
                break
            question, exact = turn["question"], turn["answers"][0]
            understood = understand(question, conversation)
            if conversation:
                yield question, understood.asked_as
            passage = FoundPassage("r#1", "r", "Title Of The Release", None, exact, 0.9)
            said = Turn(question, understood.asked_as, exact, exact, (passage,))
            conversation = Conversation((*conversation.turns, said))


def test_follow_ups_over_releases_are_shown_as_questions() -> None:
    """Nearly all get words of the conversation (measured .96), and none gets a list of them."""
    shown = list(follow_ups())

    completed = [form for question, form in shown if form != question]
    brackets = [form.rpartition(" (about ")[2] for form in completed if " (about " in form]
    assert len(completed) / len(shown) > 0.9
    assert all(form.rstrip(")").count("?") == 1 for _, form in shown)
    assert not any("Title" in form for form in completed)
    assert max(text.count(", ") for text in brackets) <= 3


VISITE = said(("Quand la ministre Joly a-t-elle visité la Corée ?", "Du 13 au 15 avril"))
MINISTRE = said(("Qui est le ministre des Transports ?", "Luc Hamelin"))


@pytest.mark.parametrize(
    ("question", "conversation", "asked_as"),
    [
        ("Qui a-t-elle rencontré ?", VISITE, "Qui a Joly rencontré ?"),
        ("Que dit-il ?", MINISTRE, "Que dit Luc Hamelin ?"),
        ("Quand a-t-il été nommé ?", MINISTRE, "Quand a Luc Hamelin été nommé ?"),
        ("Et en 2022 ?", VISITE, "Quand la ministre Joly a-t-elle visité la Corée en 2022?"),
    ],
)
def test_a_french_pronoun_behind_its_verb_becomes_a_name(
    question: str, conversation: Conversation, asked_as: str
) -> None:
    """Hyphens join the pronoun of "a-t-elle" to the verb."""
    assert understand(question, conversation).asked_as == asked_as


@pytest.mark.parametrize(
    "question",
    [
        "Quand le pont rouvrira-t-il ?",
        "Quand Ottawa a-t-elle signé l'accord ?",
        "Combien de trains y a-t-il ?",
        "De quel accord s'agit-il ?",
    ],
)
def test_a_french_pronoun_that_repeats_its_subject_or_is_nobody_stays(question: str) -> None:
    """The verb has a subject of its own, or "il" is the "it" of "there is"."""
    assert "Hamelin" not in understand(question, MINISTRE).asked_as.partition(" (")[0]


def test_a_french_pronoun_is_not_the_other_sex() -> None:
    """After the answer "le maire Luc Hamelin", "elle" is somebody else."""
    conversation = said(("Qui a ouvert le pont ?", "le maire Luc Hamelin"))

    assert "Luc Hamelin" in understand("Qu'a-t-il dit ?", conversation).asked_as.partition(" (")[0]
    assert (
        "Hamelin" not in understand("Qu'a-t-elle dit ?", conversation).asked_as.partition(" (")[0]
    )
