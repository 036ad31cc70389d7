"""Reading questions: kind, language, content words."""

import pytest

from index.text.stopwords import LANGUAGES, function_words
from qa.query.question import guess_language, parse_question, question_kind
from qa.retrieval.passage_terms import term_spans, tokenize_passage


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Who signed the agreement?", "who"),
        ("When does the agreement take effect?", "when"),
        ("In what year did trade reach its peak?", "when"),
        ("Where will the summit be held?", "where"),
        ("How many vessels were bought?", "how many"),
        ("How much did the bridge cost?", "how much"),
        ("Why was the programme cancelled?", "why"),
        ("How does a business apply?", "how"),
        ("Which provinces take part?", "which"),
        ("What did the minister announce?", "what"),
        ("Did Canada sign the treaty?", "yes-no"),
        ("Minister announces new funding for ports", "topic"),
        ("Qui a signé l'accord ?", "who"),
        ("Quand l'accord entre-t-il en vigueur ?", "when"),
        ("Combien de navires ont été achetés ?", "how many"),
        ("Où se tiendra le sommet ?", "where"),
        ("Wer hat das Abkommen unterzeichnet?", "who"),
        ("Wann tritt das Abkommen in Kraft?", "when"),
        ("Wie viele Schiffe wurden gekauft?", "how many"),
        ("¿Quién firmó el acuerdo?", "who"),
        ("¿Cuándo entra en vigor el acuerdo?", "when"),
        ("متى بدأ الاتفاق؟", "when"),
        ("كم عدد السفن؟", "how many"),
        ("", "topic"),
        ("In which year did the plant open", "when"),
        ("By how much did revenue grow", "how much"),
        ("À quelle date ouvre l'usine", "when"),
        ("In welchem Jahr wurde das Werk eröffnet", "when"),
        ("工場はいつ開きますか？", "yes-no"),
        ("Wie viel kostet das neue Werk?", "how much"),
        ("Combien coûte le projet ?", "how much"),
        ("À combien s'élève la subvention ?", "how much"),
        ("Quel est le montant de l'aide ?", "how much"),
        ("Quelle somme la ville verse-t-elle ?", "how much"),
        ("Quel pourcentage des élèves réussit ?", "how many"),
        ("Quel est le nombre de navires ?", "how many"),
        ("Quel ministre a signé ?", "which"),
        ("Lequel des ponts est fermé ?", "which"),
        ("Pourquoi le pont est-il fermé ?", "why"),
        ("May 2023 vehicle sales", "topic"),
        ("May the council close the road", "yes-no"),
        ("WHO pandemic guidance", "topic"),
        ("WHO SIGNED THE ACCORD", "who"),
        ("With WHO support, clinics open", "topic"),
        ("A how-to guide for farmers", "topic"),
        ("Within how many days must one apply", "how many"),
        ("Statement on who may apply", "topic"),
    ],
)
def test_kind(text: str, kind: str) -> None:
    """The kind is that of the question word that stands first, in five languages."""
    assert kind == question_kind(text)


@pytest.mark.parametrize(
    ("text", "expects"),
    [
        ("Who signed it?", "name"),
        ("When was it signed?", "date"),
        ("Where was it signed?", "place"),
        ("How many signed it?", "number"),
        ("How much money was paid?", "money"),
        ("How much snow fell?", "number"),
        ("Wie viel kostet das neue Werk?", "money"),
        ("Combien coûte le projet ?", "money"),
        ("À combien s'élève la subvention ?", "money"),
        ("Quel montant la ville verse-t-elle ?", "money"),
        ("Quel est le taux de réussite ?", "number"),
        ("Why was it signed?", None),
    ],
)
def test_expected_answer(text: str, expects: str | None) -> None:
    """A question for a person wants a name, for a time a date, for a price an amount."""
    assert expects == parse_question(text).answer_type


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("What did the minister announce about it?", "en"),
        ("Qu'est-ce que le ministre a annoncé dans la ville ?", "fr"),
        ("Was hat der Minister in der Stadt angekündigt?", "de"),
        ("¿Qué anunció el ministro?", "es"),
        ("ماذا أعلن الوزير؟", "ar"),
        ("fishing quotas", "en"),
    ],
)
def test_language_is_guessed_from_function_words(text: str, lang: str) -> None:
    """A question's language is that of its small words; English when they say nothing."""
    assert lang == guess_language(text)


def test_content_words() -> None:
    """Function and question words are left out; names and numbers are told apart."""
    question = parse_question("When will Prime Minister Trudeau visit Seoul in 2023?")

    assert ["prime", "minist", "trudeau", "visit", "seoul", "2023"] == [
        word.term for word in question.words
    ]
    assert ["Prime", "Minister", "Trudeau", "Seoul"] == [
        word.text for word in question.words if word.is_name
    ]
    assert ["2023"] == [word.text for word in question.words if word.is_number]


def test_a_question_of_function_words_keeps_them() -> None:
    """Where there is nothing else to go by, the function words stay."""
    assert ["who", "are", "we"] == [word.term for word in parse_question("Who are we?").words]


def test_capitals_throughout_are_no_names() -> None:
    """In a question typed in capitals a capital letter says nothing."""
    assert not any(w.is_name for w in parse_question("WHEN DOES TRUDEAU VISIT SEOUL?").words)


def test_terms_follow_the_passage_language() -> None:
    """Words are compared as passages of another language are, in the same order."""
    question = parse_question("What did the minister announce about universities?", "en")

    assert len(question.words) == len(question.terms("fr"))
    assert question.terms("en") == tuple(w.term for w in question.words)
    assert question.terms("fr") != question.terms("en")


def test_matched_words_are_marked() -> None:
    """The spans cover exactly the passage's forms of the content words, none of the others."""
    text = "The visits of the Ministers to Seoul were announced by the office."
    question = parse_question("When was the visit of the minister to Seoul?")
    spans = term_spans(tokenize_passage(text, "en", ((0, len(text)),)), question.terms("en"))

    assert ["visits", "Ministers", "Seoul"] == [text[start:end] for start, end in spans]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_lists_of_function_words(lang: str) -> None:
    """Every language has some dozens of them, and a country is none of them."""
    assert len(function_words(lang)) > 80
    assert "canada" not in function_words(lang)


def test_names_that_fold_to_function_words_are_kept() -> None:
    """The month May and the US are content, though "may" and "us" are function words."""
    assert "may" not in function_words("en")
    assert "us" not in function_words("en")
    assert "the" in function_words("en")
    assert "the" not in function_words("xx")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("When did Doug Ford visit Fergus?", ["Doug", "Ford", "Fergus"]),
        ("What Is the New Minimum Wage Payable in Yukon as of August 2021?", []),
        ("WHAT IS THE MINIMUM WAGE IN YUKON?", []),
        (
            "Was Prime Minister Stephen Harper in Kyiv?",
            ["Prime", "Minister", "Stephen", "Harper", "Kyiv"],
        ),
        ("How old is Premier Dalton McGuinty Jr.?", ["Premier", "Dalton", "McGuinty", "Jr"]),
    ],
)
def test_capitals_of_a_headline_make_no_names(text: str, names: list[str]) -> None:
    """Where every word has a capital, none says that it is a name."""
    assert names == [word.text for word in parse_question(text).words if word.is_name]
