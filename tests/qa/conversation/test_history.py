"""What is remembered of a conversation, and the histories of question files."""

from made_answers import made_answer, made_passage

from qa.answer_json import answer_from_json, answer_to_json
from qa.conversation import NO_CONVERSATION, Conversation, Turn, conversation_from_history, turn_of
from qa.conversation.history import HistoryAnswers


def test_a_turn_keeps_the_words_that_answered_and_what_was_found() -> None:
    """Evidence sentence, exact words and the best passages, best first, five at most."""
    answer = made_answer(*(made_passage(rank, exact=(40, 46)) for rank in range(1, 8)))

    turn = turn_of(answer)

    assert ("The bridge opens on June 3.", "June 3") == (turn.answer, turn.exact)
    assert 5 == len(turn.passages)
    assert ("bridge-2023#3", "bridge-2023", "New bridge opens", "2023-04-17") == (
        turn.passages[0].passage_id,
        turn.passages[0].release_id,
        turn.passages[0].title,
        turn.passages[0].date,
    )


def test_a_declined_answer_is_no_answer_but_is_remembered() -> None:
    """A turn without an answer keeps its question and what it came near to."""
    turn = turn_of(made_answer(answered=False))

    assert ("When does the bridge open?", "", "") == (turn.question, turn.answer, turn.exact)
    assert 1 == len(turn.passages)


def test_a_turn_is_the_same_from_an_answer_read_back() -> None:
    """Whoever keeps answers as JSON keeps conversations."""
    answer = made_answer(made_passage(exact=(40, 46)))

    assert turn_of(answer) == turn_of(answer_from_json(answer_to_json(answer)))


def test_a_conversation_grows_by_answers() -> None:
    """`plus` adds a turn at the end and leaves the conversation itself alone."""
    one = NO_CONVERSATION.plus(made_answer())
    two = one.plus(made_answer(question="Who opens it?"))

    assert ([], 1, "Who opens it?") == (
        list(NO_CONVERSATION.turns),
        len(one.turns),
        two.turns[1].question,
    )
    assert (False, True) == (bool(NO_CONVERSATION), bool(one))


def turns(*pairs: tuple[str, str]) -> Conversation:
    """A conversation of questions with the answers a file gives."""
    return Conversation(tuple(Turn(question, question, answer) for question, answer in pairs))


def test_a_history_of_questions_and_answers_in_turn() -> None:
    """Texts that alternate are pairs, with or without question marks."""
    history = ["who was there", "Minister Joly", "When did she leave?", "On Sunday, did she say?"]

    assert turns(
        ("who was there", "Minister Joly"), ("When did she leave?", "On Sunday, did she say?")
    ) == conversation_from_history(history)


def test_a_history_of_questions_alone() -> None:
    """A list of questions has no answers, whether their number is even or odd."""
    history = ["Who was there?", "When did she leave?"]

    assert turns((history[0], ""), (history[1], "")) == conversation_from_history(history)
    assert 3 == len(conversation_from_history([*history, "Why?"]).turns)


def test_a_history_of_pairs() -> None:
    """Pairs are taken as they stand."""
    history = [("Who was there?", "Is that a question?"), ("When?", "")]

    assert turns(*history) == conversation_from_history(history)


def test_a_history_may_begin_with_its_topic() -> None:
    """A headline before the first question is a turn of its own and no question."""
    history = ["Minister visits Korea", "Who was there?", "Minister Joly"]

    assert turns(
        ("Minister visits Korea", ""), ("Who was there?", "Minister Joly")
    ) == conversation_from_history(history)


def test_what_stands_for_no_answer_is_none() -> None:
    """The marks that collections of conversations use are no words of an answer."""
    history = ["Who was there?", "I don't know.", "Why?", "CANNOTANSWER"]

    assert turns(("Who was there?", ""), ("Why?", "")) == conversation_from_history(history)


def test_a_history_of_questions_is_asked_once() -> None:
    """Each question after the turns before it; another history that begins the same asks less."""
    asked: list[tuple[str, int]] = []

    def ask(question: str, before: Conversation) -> Turn:
        asked.append((question, len(before.turns)))
        return turn_of(made_answer(question=question))

    answers = HistoryAnswers()
    one = conversation_from_history(["Who was there?", "When?"])
    two = conversation_from_history(["Who was there?", "When?", "Why?"])

    done = answers.complete(one, ask, "state")
    answers.complete(two, ask, "state")

    assert [("Who was there?", 0), ("When?", 1), ("Why?", 2)] == asked
    assert all(turn.passages for turn in done.turns)


def test_other_options_ask_a_history_again() -> None:
    """What one filter found says nothing about another."""
    asked: list[str] = []

    def ask(question: str, _: Conversation) -> Turn:
        asked.append(question)
        return turn_of(made_answer(question=question))

    answers = HistoryAnswers()
    for options in ("one", "other", "one"):
        answers.complete(conversation_from_history(["Who was there?"]), ask, options)

    assert 2 == len(asked)


def test_a_history_with_answers_is_taken_as_it_stands() -> None:
    """Nothing is asked: its answers say what it is about."""
    history = conversation_from_history([("Who was there?", "Minister Joly"), ("Why?", "")])

    assert history == HistoryAnswers().complete(history, lambda *_: turn_of(made_answer()), "")
