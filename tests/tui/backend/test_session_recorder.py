"""Every conversation is saved as it happens and can be continued."""

import asyncio
import threading
from pathlib import Path

import pytest
from driving import FERRY_STARTS, VISIT, Chat, StartChat, annotation_lines
from textual.widgets import OptionList

from qa.paths import collection_key, sessions_file
from qa.sessions.store import open_sessions
from qa.sessions.types import SavedTurn
from tui.messages import QuestionAsked
from tui.screens.sessions import SessionsScreen
from tui.widgets.input import TextField
from tui.widgets.turn import TurnView


def saved(chat: Chat, name: str) -> tuple[SavedTurn, ...]:
    """The turns of a session, as another program finds them."""
    with open_sessions() as store:
        key = collection_key(chat.screen.settings.folder)
        return store.turns(store.find(key, name).key)


async def saved_all(chat: Chat) -> None:
    """Wait until everything submitted so far is on the disk."""
    await chat.screen.recorder.do(lambda _: None)


async def test_turns_are_saved_as_they_happen(start_chat: StartChat) -> None:
    """A question is on the disk before its answer, the answer as soon as it is there."""
    async with start_chat(session="visit") as chat:
        chat.engine.ask_gate.clear()
        await chat.ask(VISIT)
        await saved_all(chat)
        assert [(VISIT, "asked")] == [(t.question, t.state) for t in saved(chat, "visit")]

        chat.engine.ask_gate.set()
        await chat.until(lambda: "very likely" in chat.verdicts[-1])
        await saved_all(chat)
        (turn,) = saved(chat, "visit")
        assert chat.turns[0].answer is not None
        assert ("done", True) == (turn.state, turn.answer is not None)
        assert [p.text for p in chat.turns[0].passages] == [p.text for p in turn.passages]


async def test_without_a_name_the_first_question_names_it(start_chat: StartChat) -> None:
    """A conversation is saved without a name; an empty one leaves nothing behind."""
    async with start_chat() as chat:
        await saved_all(chat)
        with open_sessions() as store:
            assert [] == store.sessions()
        await chat.ask(VISIT)
        await chat.until(lambda: chat.screen.sessions.name is not None)
        name = chat.screen.sessions.name
        await chat.press("ctrl+n")
        await chat.ask(FERRY_STARTS)
        await chat.until(lambda: chat.screen.sessions.name is not None)
        await saved_all(chat)
        assert (VISIT, FERRY_STARTS) == (name, chat.screen.sessions.name)
        assert [VISIT] == [turn.question for turn in saved(chat, name)]
        assert [FERRY_STARTS] == [t.question for t in saved(chat, str(chat.screen.sessions.name))]


async def test_a_session_can_be_resumed(start_chat: StartChat) -> None:
    """Passages, annotations and earlier questions are back, and the next turn joins them."""
    async with start_chat(session="visit") as chat:
        await chat.ask(VISIT)
        await chat.until(lambda: "very likely" in chat.verdicts[-1])
        await chat.press("tab", "plus", "p", "j", "minus", "a")
        await chat.write("check this")
        await chat.press("enter")
        titles, marks = chat.titles, annotation_lines(chat)
    assert ["+ answers · ⚑ pinned", "- does not answer · ✎ check this"] == marks

    async with start_chat(session="visit") as chat:
        await chat.until(lambda: bool(chat.titles))
        assert (titles, marks) == (chat.titles, annotation_lines(chat))
        assert "very likely" in chat.verdicts[0]
        await chat.press("up")
        assert VISIT == chat.screen.prompt.text
        await chat.ask("And when?")
        await chat.until(lambda: len(chat.verdicts) == 2 and "likely" in chat.verdicts[1])
        await saved_all(chat)
        turns = saved(chat, "visit")
        assert [VISIT, "And when?"] == [turn.question for turn in turns]
        assert f"And when? ({VISIT})" == turns[1].asked_as


async def test_a_question_asked_during_a_resume_comes_after_it(
    start_chat: StartChat,
) -> None:
    """A question asked during the resume comes after the saved turns, on screen and on disk."""
    async with start_chat(session="visit") as chat:
        await chat.ask(VISIT)
        await chat.until(lambda: "very likely" in chat.verdicts[-1])
        slow = threading.Event()
        resumed = asyncio.ensure_future(chat.screen.sessions.resume("visit"))
        working = asyncio.ensure_future(chat.screen.recorder.do(lambda _: slow.wait(10)))
        await asyncio.sleep(0)
        chat.screen.post_message(QuestionAsked(FERRY_STARTS))
        await chat.settle()
        slow.set()
        await asyncio.gather(resumed, working)
        await chat.until(lambda: len(chat.verdicts) == 2 and "likely" in chat.verdicts[1])
        await saved_all(chat)
        assert [VISIT, FERRY_STARTS] == [turn.question for turn in chat.turns]
        turns = saved(chat, "visit")
        assert [VISIT, FERRY_STARTS] == [turn.question for turn in turns]
        assert [VISIT, FERRY_STARTS] == [turn.answer.question for turn in turns if turn.answer]


async def test_two_questions_typed_at_a_busy_screen_stay_two(start_chat: StartChat) -> None:
    """Enter asks what was typed before it, even if later keys have arrived already."""
    async with start_chat(session="visit") as chat:
        await saved_all(chat)
        chat.screen.call_later(asyncio.sleep, 0.5)  # the screen handles no message meanwhile
        await chat.burst(*"Who?", "enter", *"When?", "enter")
        await chat.until(lambda: len(chat.turns) == 2)
        assert ["Who?", "When?"] == [turn.question for turn in chat.turns]


async def test_a_turn_cut_off_by_the_end_is_shown_as_cut_off(start_chat: StartChat) -> None:
    """A question without an answer is shown as cancelled."""
    async with start_chat(session="visit") as chat:
        key = collection_key(chat.screen.settings.folder)
        await saved_all(chat)
        with open_sessions() as store:
            store.ask(store.find(key, "visit").key, VISIT)

    async with start_chat(session="visit") as chat:
        await chat.until(lambda: bool(chat.verdicts))
        assert ["Cancelled"] == chat.verdicts


async def test_the_same_key_takes_a_judgement_back(start_chat: StartChat) -> None:
    """A judgement and a pin are made and taken back by the same key; minus replaces plus."""
    async with start_chat(session="visit") as chat:
        await chat.ask(VISIT)
        await chat.until(lambda: "very likely" in chat.verdicts[-1])
        key = collection_key(chat.screen.settings.folder)
        await chat.press("tab", "plus", "minus")
        assert ["- does not answer"] == annotation_lines(chat)
        await saved_all(chat)
        with open_sessions() as store:
            (judgement,) = store.judgements(key)
        assert (VISIT, 0) == (judgement.question, judgement.grade)
        await chat.press("minus", "p", "p")
        assert [] == annotation_lines(chat)
        await saved_all(chat)
        with open_sessions() as store:
            assert () == store.judgements(key)
        assert () == saved(chat, "visit")[0].remarks


async def test_the_list_finds_resumes_renames_and_removes(start_chat: StartChat) -> None:
    """Ctrl+R lists the conversations; words narrow it down; keys act on the one chosen."""
    async with start_chat(session="ferry") as chat:
        await chat.ask(FERRY_STARTS)
        await chat.until(lambda: "likely" in chat.verdicts[-1])
        await chat.press("ctrl+n")
        await chat.ask(VISIT)
        await chat.until(lambda: "likely" in chat.verdicts[-1])
        await chat.press("ctrl+r")
        screen = chat.app.screen
        assert isinstance(screen, SessionsScreen)
        choices = screen.query_one(OptionList)
        await chat.until(lambda: choices.option_count == 2)
        await chat.write("night fer")
        await chat.until(lambda: choices.option_count == 1)

        await chat.press("ctrl+t")
        chat.app.screen.query_one(TextField).value = "night boats"
        await chat.press("enter")
        await chat.until(lambda: "night boats" in str(choices.get_option_at_index(0).prompt))
        await chat.press("enter")
        await chat.until(lambda: chat.screen.sessions.name == "night boats")
        await chat.until(lambda: bool(chat.titles))
        assert {"1 ferry-service#0", "2 ferry-service#1"} == set(chat.titles)

        await chat.press("ctrl+r")
        screen = chat.app.screen
        choices = screen.query_one(OptionList)
        await chat.until(lambda: choices.option_count == 2)
        await chat.write("boats")
        await chat.until(lambda: choices.option_count == 1)
        await chat.press("ctrl+d")
        assert choices.option_count == 1
        await chat.press("ctrl+d")
        await chat.until(lambda: choices.option_count == 0)
        await chat.press("escape")
        await chat.until(lambda: not chat.titles)
        with open_sessions() as store:
            assert [VISIT] == [session.first_question for session in store.sessions()]


async def test_a_follow_up_can_be_asked_as_typed_or_reworded(start_chat: StartChat) -> None:
    """The question as understood is shown below it; t asks it as typed, r lets the user edit it."""
    async with start_chat() as chat:
        await chat.ask(VISIT)
        await chat.until(lambda: "very likely" in chat.verdicts[-1])
        await chat.press("tab")
        assert "As typed" not in chat.footer
        await chat.ask("And in Seoul?")
        await chat.until(lambda: len(chat.verdicts) == 2 and "likely" in chat.verdicts[1])
        lines = [view.query_one(".turn--understood") for view in chat.screen.query(TurnView)]
        assert [False, True] == [line.display for line in lines]
        assert f"Asked as: And in Seoul? ({VISIT})" == str(lines[1].render())

        await chat.press("tab", "t")
        await chat.until(lambda: len(chat.verdicts) == 3 and chat.turns[2].settled)
        assert ("And in Seoul?", True) == (
            chat.turns[2].question,
            chat.turns[2].as_typed,
        )
        assert chat.turns[2].understood_as is None
        await chat.press("tab", "k", "r")
        field = chat.app.screen.query_one(TextField)
        assert f"And in Seoul? ({VISIT})" == field.value
        field.value = FERRY_STARTS
        await chat.press("enter")
        await chat.until(lambda: len(chat.verdicts) == 4 and chat.turns[3].settled)
        assert (FERRY_STARTS, True) == (
            chat.turns[3].question,
            chat.turns[3].as_typed,
        )


@pytest.mark.parametrize("suffix", ["html", "md", "json"])
async def test_ctrl_e_exports(start_chat: StartChat, tmp_path: Path, suffix: str) -> None:
    """Ctrl+E writes the conversation where the user says; what is there already stays."""
    async with start_chat() as chat:
        await chat.press("ctrl+e")
        assert chat.app.screen is chat.screen
        await chat.ask(VISIT)
        await saved_all(chat)
        await chat.press("ctrl+e")
        field = chat.app.screen.query_one(TextField)
        assert field.value == "Who did Minister Joly meet in Seoul.html"
        field.value = str(tmp_path / f"out.{suffix}")
        (tmp_path / f"out.{suffix}").write_text("mine")
        await chat.press("enter")
        assert chat.app.screen is not chat.screen
        (tmp_path / f"out.{suffix}").unlink()
        await chat.press("enter")
        await chat.until(lambda: "Exported to" in chat.status)
        assert VISIT in (tmp_path / f"out.{suffix}").read_text(encoding="utf-8")


async def test_a_disk_that_refuses_does_not_stop_the_chat(
    start_chat: StartChat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If nothing can be saved, questions are still answered, and the user is told once."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("RELEASEQA_DATA", str(tmp_path / "file"))
    async with start_chat() as chat:
        await chat.ask(VISIT)
        await chat.until(lambda: "very likely" in chat.verdicts[-1])
        await chat.until(lambda: "This conversation is not saved:" in chat.status)
        assert not sessions_file().exists()
        await chat.press("ctrl+r")
        await chat.until(lambda: isinstance(chat.app.screen, SessionsScreen))
        note = chat.app.screen.query_one(".window--note")
        await chat.until(lambda: "cannot" in str(note.render()))


async def test_a_session_removed_meanwhile_begins_again(start_chat: StartChat) -> None:
    """When another program removes the session, later turns are saved under its name."""
    async with start_chat(session="visit") as chat:
        await chat.ask(VISIT)
        await saved_all(chat)
        with open_sessions() as store:
            store.remove(store.sessions()[0].key)
        await chat.ask(FERRY_STARTS)
        await chat.until(lambda: len(chat.verdicts) == 2 and "likely" in chat.verdicts[1])
        await saved_all(chat)
        assert [FERRY_STARTS] == [turn.question for turn in saved(chat, "visit")]
