"""Asking, reading and stepping, by keys."""

from dataclasses import replace

import pytest
from driving import FERRY_STARTS, VISIT, StartChat
from plain_engine import PlainEngine, missing, release, reversed_order
from releases import ORDINARY
from textual.widgets import OptionList, Static

from index.errors import ModelRefusedError
from index.filters import Filters
from qa.errors import QuestionError
from tui.screens.explain import ExplainScreen
from tui.screens.filters import FilterScreen
from tui.screens.help import HelpScreen
from tui.screens.index_folder import IndexFolderScreen
from tui.state.turns import Cursor
from tui.widgets.prompt import Prompt
from tui.widgets.release_view import ReleaseView
from tui.widgets.welcome import Welcome


async def test_enter_asks_and_shows_the_best_passage_in_its_release(start_chat: StartChat) -> None:
    """An answer shows passages best first, the best one selected, with its release."""
    async with start_chat() as chat:
        await chat.write("Who met Park Jin in Seoul?")
        await chat.press("enter")
        assert set(chat.engine.asked) == {("Who met Park Jin in Seoul?", Filters(), False)}
        assert chat.titles[0] == "1 seoul-visit#2"
        assert chat.selected == "seoul-visit#2"
        assert chat.verdicts == ["Best passage: | very likely"]
        assert chat.screen.prompt.text == ""
        document = chat.screen.pane.view.document
        assert document is not None
        assert document.ref.id == "seoul-visit"
        assert chat.status == "Found 3 passages in 12 ms"


async def test_one_passage_is_counted_as_one(start_chat: StartChat) -> None:
    """The state line has no plural of it."""
    engine = PlainEngine(ORDINARY, refined=lambda a: replace(a, passages=a.passages[:1]))
    async with start_chat(engine) as chat:
        await chat.ask(VISIT)
        await chat.until(lambda: "likely" in chat.verdicts[0])
        assert chat.status == "Found 1 passage in 12 ms"


async def test_the_prompt_writes_several_lines(start_chat: StartChat) -> None:
    """Ctrl+J breaks the line; Enter asks the whole."""
    async with start_chat() as chat:
        await chat.press("a", "ctrl+j", "b", "enter")
        assert chat.engine.asked[0][0] == "a\nb"


async def test_an_empty_prompt_asks_nothing(start_chat: StartChat) -> None:
    """Enter on blanks does nothing, and the footer does not offer it."""
    async with start_chat() as chat:
        await chat.press("space", "enter")
        assert chat.engine.asked == []
        assert "Ask" not in chat.footer
        await chat.press("x")
        assert "Ask" in chat.footer


async def test_up_and_down_bring_earlier_questions_back(start_chat: StartChat) -> None:
    """In an empty prompt Up goes back through the questions; own text is never replaced."""
    async with start_chat() as chat:
        await chat.ask(VISIT)
        await chat.ask(FERRY_STARTS)
        await chat.press("up")
        assert chat.screen.prompt.text == FERRY_STARTS
        await chat.press("up", "up")
        assert chat.screen.prompt.text == VISIT
        await chat.press("down", "down")
        assert chat.screen.prompt.text == ""
        await chat.press("m", "y", "up")
        assert chat.screen.prompt.text == "my"


async def test_typing_is_possible_while_the_model_loads(start_chat: StartChat) -> None:
    """Words find passages at once; the order is refined in place when the model is there."""
    engine = PlainEngine(ORDINARY, refined=reversed_order)
    engine.warm_gate.clear()
    async with start_chat(engine) as chat:
        assert "Loading the model" in chat.status
        await chat.ask(VISIT)
        assert [by_words for _, _, by_words in engine.asked] == [True]
        assert "Found by words" in chat.verdicts[0]
        before = chat.titles
        engine.warm_gate.set()
        await chat.until(lambda: "likely" in chat.verdicts[0])
        assert [title.split()[1] for title in chat.titles] == [
            title.split()[1] for title in reversed(before)
        ]
        assert chat.selected == chat.titles[0].split()[1]


async def test_a_question_for_words_only_is_settled_at_once(start_chat: StartChat) -> None:
    """Where no model would refine the order, none is waited for."""
    engine = PlainEngine(ORDINARY, unknown_letters=True)
    engine.warm_gate.clear()
    async with start_chat(engine) as chat:
        await chat.ask(VISIT)
        await chat.until(lambda: "by words only" in chat.verdicts[0])
        assert [by_words for _, _, by_words in engine.asked] == [True]
        engine.warm_gate.set()
        await chat.until(lambda: "Loading the model" not in chat.status)
        await chat.ask(VISIT)
        await chat.until(lambda: "by words only" in chat.verdicts[1])


async def test_refining_keeps_the_passage_that_was_stepped_to(start_chat: StartChat) -> None:
    """Who moved to a passage stays on it when the order changes under it."""
    engine = PlainEngine(ORDINARY, refined=reversed_order)
    engine.warm_gate.clear()
    async with start_chat(engine) as chat:
        await chat.ask(VISIT)
        await chat.press("tab", "j")
        reading = chat.selected
        assert reading == chat.titles[1].split()[1]
        engine.warm_gate.set()
        await chat.until(lambda: "likely" in chat.verdicts[0])
        assert chat.selected == reading
        assert chat.titles[3].split()[1] == reading


async def test_questions_wait_their_turn(start_chat: StartChat) -> None:
    """A question asked while another runs is queued, says so, and is answered next."""
    engine = PlainEngine(ORDINARY)
    async with start_chat(engine) as chat:
        engine.ask_gate.clear()
        await chat.ask(VISIT)
        await chat.ask(FERRY_STARTS)
        assert chat.verdicts == ["Searching…", "Waiting…"]
        assert "1 more question waiting" in chat.status
        engine.ask_gate.set()
        await chat.until(lambda: all("likely" in verdict for verdict in chat.verdicts))
        assert list(dict.fromkeys(question for question, _, _ in engine.asked)) == [
            VISIT,
            FERRY_STARTS,
        ]
        await chat.until(lambda: chat.selected == "ferry-service#0")


async def test_escape_cancels_the_running_question(start_chat: StartChat) -> None:
    """Esc cancels the running question; the next one follows."""
    engine = PlainEngine(ORDINARY)
    async with start_chat(engine) as chat:
        engine.ask_gate.clear()
        await chat.ask(VISIT)
        await chat.ask(FERRY_STARTS)
        assert "Back" in chat.footer
        await chat.press("escape")
        assert chat.verdicts[0] == "Cancelled"
        engine.ask_gate.set()
        await chat.until(lambda: "likely" in chat.verdicts[1])
        assert chat.verdicts[0] == "Cancelled"


async def test_keys_step_through_passages_and_evidence(start_chat: StartChat) -> None:
    """j, k, g and G move between passages, n and N between pieces of evidence."""
    async with start_chat() as chat:
        await chat.ask(VISIT)
        await chat.press("tab", "space")
        ids = [card.passage.passage_id for card in chat.cards]
        await chat.press("j")
        assert chat.selected == ids[1]
        await chat.press("G")
        assert chat.selected == ids[-1]
        await chat.press("k")
        assert chat.selected == ids[-2]
        await chat.press("g")
        assert chat.selected == ids[0]
        await chat.press("n")
        assert chat.cursor is not None
        assert chat.cursor.evidence == 0
        await chat.press("n")
        assert chat.selected == ids[1]
        await chat.press("N")
        assert chat.selected == ids[0]
        await chat.press("n", "n")
        assert chat.status == "No more evidence in this answer"


async def test_stepping_shows_the_release_of_each_passage(start_chat: StartChat) -> None:
    """The pane follows the passage into another release and highlights it there."""
    async with start_chat() as chat:
        await chat.ask("When does the night agreement between cities take effect?")
        await chat.press("tab")
        for _ in chat.titles:
            passage = chat.passage
            assert passage is not None
            view = chat.screen.pane.view
            assert view.document is not None
            assert view.document.ref.id == passage.release.id
            assert view._current == passage.span
            await chat.press("j")


async def test_enter_opens_the_release_on_a_screen_of_its_own_when_narrow(
    start_chat: StartChat,
) -> None:
    """Below 100 columns the release takes the whole screen; Esc leads back step by step."""
    async with start_chat(size=(80, 24)) as chat:
        await chat.ask(VISIT)
        assert not chat.screen.pane.display
        await chat.press("tab", "enter")
        assert chat.screen.pane.display
        assert chat.screen.pane.region.width == 80
        assert not chat.screen.conversation.is_on_screen
        assert isinstance(chat.screen.focused, ReleaseView)
        await chat.press("escape")
        assert not chat.screen.pane.display
        assert chat.screen.focused is chat.screen.conversation
        await chat.press("escape")
        assert isinstance(chat.screen.focused, Prompt)
        assert "Back" not in chat.footer


async def test_a_resize_keeps_the_release_visible(start_chat: StartChat) -> None:
    """Reading in the pane goes on full screen when the terminal gets narrow, and back."""
    async with start_chat(size=(140, 40)) as chat:
        await chat.ask(VISIT)
        await chat.press("tab", "enter")
        assert chat.screen.pane.region.width < 80
        await chat.pilot.resize_terminal(80, 24)
        await chat.settle()
        assert chat.screen.pane.region.width == 80
        assert isinstance(chat.screen.focused, ReleaseView)
        await chat.pilot.resize_terminal(140, 40)
        await chat.settle()
        assert chat.screen.conversation.is_on_screen


async def test_a_resize_keeps_the_chosen_passage_in_view(start_chat: StartChat) -> None:
    """When the screen gets smaller, the selected card and its evidence stay visible."""
    filler = "\n\n".join(
        f"Paragraph {number} about the quokka says little, and says it at some length." * 3
        for number in range(40)
    )
    long = release("long", f"Head\n\n{filler}\n\nThe quokka sleeps in Perth.\n\n{filler}")
    async with start_chat(PlainEngine((long,)), size=(140, 50), k=12) as chat:
        await chat.ask("Where sleeps the quokka?")
        await chat.press("tab", *"jjjjjj")
        for size in ((140, 14), (104, 30), (80, 14), (140, 20)):
            await chat.pilot.resize_terminal(*size)
            await chat.settle()
            card = chat.screen.query_one(".-selected")
            seen = chat.screen.conversation.region.intersection(card.region)
            assert seen.height >= min(card.region.height, 3), size
            view = chat.screen.pane.view
            if chat.screen.pane.display:
                assert view._target is not None
                row = view._row_at(view._target[0])
                assert 0 <= row - view.scroll_offset.y < view.size.height, size


async def test_the_evidence_is_scrolled_to(start_chat: StartChat) -> None:
    """In a long release the evidence at the cursor is visible."""
    filler = "\n\n".join(f"Paragraph {number} speaks of nothing." for number in range(200))
    long = release("long", f"Head\n\n{filler}\n\nThe quokka sleeps in Perth.\n\n{filler}")
    async with start_chat(PlainEngine((long,)), size=(80, 24)) as chat:
        await chat.ask("Where sleeps the quokka?")
        await chat.press("tab", "enter")
        view = chat.screen.pane.view
        top = view.scroll_offset.y
        shown = [
            view._shown[row.start : row.end] for row in view._rows[top : top + view.size.height]
        ]
        assert "The quokka sleeps in Perth." in shown
        assert top > 100


async def test_find_steps_through_matches(start_chat: StartChat) -> None:
    """/ highlights matches while they are typed, n and N step through them, Esc ends it."""
    async with start_chat() as chat:
        await chat.ask(VISIT)
        await chat.press("tab", "slash")
        await chat.write("SECURITY")
        await chat.press("enter")
        assert chat.status.startswith("match 1 of 3")
        await chat.press("n", "n")
        assert chat.status.startswith("match 3 of 3")
        await chat.press("n")
        assert chat.status.startswith("match 1 of 3")
        await chat.press("escape")
        assert not chat.screen.pane.shows_matches
        reading = chat.selected
        await chat.press("n")
        assert chat.selected == reading


async def test_filters_restrict_the_next_question(start_chat: StartChat) -> None:
    """The key f sets filters; they are shown, and the next question uses them."""
    async with start_chat() as chat:
        await chat.ask(VISIT)
        await chat.press("tab", "f")
        assert isinstance(chat.app.screen, FilterScreen)
        await chat.write("2024-13")
        await chat.press("enter")
        assert isinstance(chat.app.screen, FilterScreen)
        assert "not a date" in str(chat.app.screen.query_one(".window--error").render())
        await chat.press("backspace", "backspace", "backspace")
        await chat.press("tab", "tab")
        await chat.write("Harbour")
        await chat.press("enter")
        expected = Filters(since="2024-01-01", issuer="Harbour")
        assert chat.screen.collection.filters == expected
        await chat.ask(FERRY_STARTS)
        assert chat.engine.asked[-1] == (FERRY_STARTS, expected, False)
        assert {title.split()[1].split("#")[0] for title in chat.titles[-2:]} == {"ferry-service"}


async def test_keys_in_one_burst_reach_the_filter_before_it_is_applied(
    start_chat: StartChat,
) -> None:
    """What is written and Enter may arrive together: the filter is set, or its error is shown."""
    async with start_chat() as chat:
        await chat.ask(VISIT)
        await chat.press("tab", "f")
        await chat.burst(*"2024", "enter")
        await chat.until(lambda: chat.app.screen is chat.screen)
        assert chat.screen.collection.filters == Filters(since="2024-01-01")
        await chat.press("f")
        await chat.burst(*"-99", "enter")
        assert isinstance(chat.app.screen, FilterScreen)
        assert "not a date" in str(chat.app.screen.query_one(".window--error").render())


async def test_a_folder_in_one_burst_is_looked_for_whole(start_chat: StartChat) -> None:
    """The path is read when all of it has arrived, not as it was before Enter."""
    async with start_chat() as chat:
        chat.screen.action_index_folder()
        await chat.settle()
        await chat.burst(*"nowhere", "enter")
        assert isinstance(chat.app.screen, IndexFolderScreen)
        assert "no such" in str(chat.app.screen.query_one(".window--error").render())
        assert chat.app.screen.query_one(".window--error").display


async def test_words_that_are_not_in_the_release_are_reported(
    start_chat: StartChat,
) -> None:
    """Find without a match says so, and n goes on with the evidence."""
    async with start_chat() as chat:
        await chat.ask(VISIT)
        await chat.press("tab", "slash")
        await chat.write("zzz")
        await chat.press("enter")
        assert chat.status == "! Not found in this release: zzz"
        assert not chat.screen.pane.shows_matches
        await chat.press("n")
        assert chat.cursor is not None
        assert chat.cursor.evidence == 0


async def test_why_explains_in_sentences(start_chat: StartChat) -> None:
    """The key e says why, Space shows the figures and what went into them; Esc closes."""
    async with start_chat() as chat:
        await chat.ask(VISIT)
        await chat.press("tab", "e")
        assert isinstance(chat.app.screen, ExplainScreen)
        sentences = str(chat.app.screen.query_one("#sentences", Static).render())
        assert "This passage is first because the reading model finds an answer" in sentences
        assert "93% (very likely)" in sentences
        figures = chat.app.screen.query_one("#figures", Static)
        assert not figures.display
        await chat.press("space")
        assert figures.display
        assert "idf-weighted coverage" in str(figures.render())
        await chat.press("space")
        assert not figures.display
        await chat.press("escape")
        assert chat.app.screen is chat.screen


async def test_a_new_conversation_starts_empty(start_chat: StartChat) -> None:
    """Ctrl+N clears the screen, and an answer still under way does not come back."""
    engine = PlainEngine(ORDINARY)
    async with start_chat(engine) as chat:
        await chat.ask(VISIT)
        engine.ask_gate.clear()
        await chat.ask(FERRY_STARTS)
        await chat.press("ctrl+n")
        assert chat.turns == []
        engine.ask_gate.set()
        await chat.settle()
        assert chat.titles == []
        await chat.ask(VISIT)
        assert len(chat.verdicts) == 1
        assert "likely" in chat.verdicts[0]


async def test_opening_a_release_and_a_new_conversation_at_once(start_chat: StartChat) -> None:
    """Enter and Ctrl+N in one burst: the passage is not opened in the new conversation, and what
    was typed after it is in the prompt.
    """
    async with start_chat() as chat:
        await chat.ask(VISIT)
        await chat.press("tab")
        await chat.burst("enter", "ctrl+n", "j")
        assert chat.screen.prompt.text == "j"
        place = chat.cursor
        chat.screen.reading.go(Cursor(0, 0))
        assert chat.turns == []
        assert (place, chat.cursor) == (None, None)
        assert chat.app.is_running


async def test_ctrl_b_hides_the_pane(start_chat: StartChat) -> None:
    """Ctrl+B hides the release pane and shows it again."""
    async with start_chat() as chat:
        await chat.ask(VISIT)
        assert chat.screen.pane.display
        await chat.press("ctrl+b")
        assert not chat.screen.pane.display
        await chat.press("ctrl+b")
        assert chat.screen.pane.display


async def test_help_lists_every_binding(start_chat: StartChat) -> None:
    """F1 in the prompt and ? on a passage show help made from the bindings; ? can be typed."""
    async with start_chat() as chat:
        await chat.press("question_mark")
        assert chat.screen.prompt.text == "?"
        await chat.press("backspace", "f1")
        assert isinstance(chat.app.screen, HelpScreen)
        text = " ".join(chat.app.screen.text().split())
        for line in ("Ctrl+Q", "Ctrl+J", "Copy the passage with its citation", "j, Down"):
            assert line in text
        await chat.press("escape")
        await chat.ask(VISIT)
        await chat.press("tab", "question_mark")
        assert isinstance(chat.app.screen, HelpScreen)


async def test_the_palette_offers_what_works_now(start_chat: StartChat) -> None:
    """Passage commands are offered only when there is a passage; indexing always."""
    async with start_chat() as chat:
        titles = {command.title for command in chat.app.get_system_commands(chat.screen)}
        assert "Index a folder of releases" in titles
        assert "Copy the citation" not in titles
        await chat.ask(VISIT)
        titles = {command.title for command in chat.app.get_system_commands(chat.screen)}
        expected = {"Copy the citation", "New conversation", "Show all keys", "Change the colours"}
        assert expected <= titles
        assert "Stop indexing" not in titles


async def test_a_palette_command_does_what_its_key_does(start_chat: StartChat) -> None:
    """Ctrl+P, the first letters and Enter run a command on the chat."""
    async with start_chat() as chat:
        await chat.ask(VISIT)
        await chat.press("ctrl+p")
        await chat.write("last passage")
        await chat.press("enter")
        await chat.until(lambda: chat.selected == chat.titles[-1].split()[1])


async def test_samples_of_the_empty_state_can_be_asked(start_chat: StartChat) -> None:
    """The empty state counts the collection and asks a sample on Tab, Enter."""
    async with start_chat(questions=(VISIT, FERRY_STARTS)) as chat:
        counts = str(chat.screen.query_one("#counts").render())
        assert counts.splitlines() == [
            "3 releases · 12 passages · 2023 to 2024",
            "3 issuers: Global Affairs Canada, Harbour Line, Norvolt",
        ]
        chat.screen.query_one(OptionList).focus()
        await chat.press("down", "enter")
        assert chat.engine.asked[0][0] == FERRY_STARTS
        assert isinstance(chat.screen.focused, Prompt)
        await chat.press("up")
        assert chat.screen.prompt.text == FERRY_STARTS


async def test_without_samples_there_are_the_examples_of_the_collection(
    start_chat: StartChat,
) -> None:
    """The questions that indexing chose are offered, and asked on Tab, Enter."""
    engine = PlainEngine(ORDINARY, questions={"ferry-service": FERRY_STARTS, "korea": VISIT})
    async with start_chat(engine) as chat:
        choices = chat.screen.query_one(OptionList)
        assert choices.option_count == 2
        await chat.press("tab", "enter")
        assert chat.engine.asked[0][0] == FERRY_STARTS


async def test_a_collection_without_examples_offers_none(start_chat: StartChat) -> None:
    """No question is better than one that is not answered."""
    async with start_chat() as chat:
        assert chat.screen.query_one(Welcome).has_class("-nothing-to-offer")
        assert not chat.screen.query_one(OptionList).display


async def test_a_failed_question_is_a_turn_that_says_why(start_chat: StartChat) -> None:
    """An error of the engine is one calm line; the next question works."""
    engine = PlainEngine(ORDINARY, ask_error=QuestionError("That question is too [long]."))
    async with start_chat(engine) as chat:
        await chat.ask(VISIT)
        assert chat.verdicts == ["✗ That question is too [long]."]
        engine.ask_error = None
        await chat.ask(FERRY_STARTS)
        assert "likely" in chat.verdicts[1]


async def test_a_defect_below_does_not_lose_the_conversation(start_chat: StartChat) -> None:
    """An unexpected exception becomes a failed turn, too."""
    engine = PlainEngine(ORDINARY, ask_error=ZeroDivisionError("by zero"))
    async with start_chat(engine) as chat:
        await chat.ask(VISIT)
        assert "ZeroDivisionError" in chat.verdicts[0]


async def test_without_a_model_words_still_answer(start_chat: StartChat) -> None:
    """A model that cannot be loaded is reported once; questions are answered by words."""
    engine = PlainEngine(ORDINARY, warm_error=ModelRefusedError("The model was altered."))
    async with start_chat(engine) as chat:
        assert chat.status == "! Searching by words only: The model was altered."
        await chat.ask(VISIT)
        assert engine.asked[-1][2] is True
        assert "by words only" in chat.verdicts[0]


async def test_without_a_collection_the_chat_says_what_to_do(start_chat: StartChat) -> None:
    """A missing collection is a notice and a hint; a question waits until there is one."""
    async with start_chat(opener=missing) as chat:
        assert "run: releaseqa index" in chat.status
        assert "Press Ctrl+O to index a folder" in str(chat.screen.query_one("#counts").render())
        await chat.write("x")
        await chat.press("enter")
        assert not chat.turns[0].settled
        assert "Ctrl+O indexes a folder" in chat.status


async def test_ctrl_c_without_a_selection_loses_nothing(start_chat: StartChat) -> None:
    """Ctrl+C says how to quit; Ctrl+Q quits."""
    async with start_chat() as chat:
        await chat.ask(VISIT)
        await chat.press("ctrl+c")
        assert chat.app.is_running
        assert chat.status == "Ctrl+Q quits"
        await chat.pilot.press("ctrl+q")
        await chat.until(lambda: not chat.app.is_running)


async def test_a_click_selects_and_a_double_click_opens(start_chat: StartChat) -> None:
    """The mouse does what j and Enter do."""
    async with start_chat() as chat:
        await chat.ask(VISIT)
        await chat.press("tab", "space")
        card = chat.cards[1]
        await chat.pilot.click(card)
        await chat.settle()
        assert chat.selected == card.passage.passage_id
        await chat.pilot.click(card, times=2)
        await chat.settle()
        assert isinstance(chat.screen.focused, ReleaseView)


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_the_footer_shows_only_what_works(
    start_chat: StartChat, size: tuple[int, int]
) -> None:
    """Before a question nothing about passages is offered; on a passage it is."""
    async with start_chat(size=size) as chat:
        assert {"Read", "Copy", "Why", "Back"}.isdisjoint(chat.footer)
        assert {"Help", "Commands", "Quit"} <= chat.footer
        await chat.ask(VISIT)
        assert "Earlier question" in chat.footer
        await chat.press("tab")
        assert {"Read", "Copy", "Why", "Find", "Filter", "Back"} <= chat.footer
        assert "Ask" not in chat.footer


async def test_a_question_without_an_answer_offers_other_ways(start_chat: StartChat) -> None:
    """One sentence says so; r puts the question back, and Tab is named only while it is needed."""
    question = "Who won the hockey match about a visit in the night?"
    async with start_chat() as chat:
        await chat.ask(question)
        assert chat.verdicts == ["I couldn't find an answer. Closest passages:"]
        lead = chat.screen.query_one(".retry--lead")
        assert lead.display
        await chat.press("tab")
        assert not lead.display
        await chat.press("r")
        assert chat.screen.prompt.text == question
        assert isinstance(chat.screen.focused, Prompt)


async def test_a_question_for_all_is_told_the_command_that_finds_all(
    start_chat: StartChat,
) -> None:
    """The command stands below an answer, and in the line that says there is none."""
    async with start_chat() as chat:
        await chat.ask("Who met Park Jin in Seoul?")
        await chat.ask("Everything about Park Jin in Seoul")
        await chat.ask("List all releases about the weather of tomorrow")
        lines = [
            str(line.render()) if line.display else ""
            for line in chat.screen.query(".answer--everything").results(Static)
        ]
        assert lines == [
            "",
            "An answer is one passage; for everything that matches: releaseqa find Park Jin Seoul",
            "",
        ]
        assert "releaseqa find weather tomorrow" in chat.verdicts[-1]


async def test_the_answer_comes_first_and_the_others_when_wanted(start_chat: StartChat) -> None:
    """The exact words stand alone with how sure they are; Space shows the other passages."""
    async with start_chat(PlainEngine(ORDINARY, exact=("Park Jin",))) as chat:
        await chat.ask("Who met Park Jin in Seoul?")
        assert chat.verdicts == ["Park Jin | very likely"]
        assert len(chat.cards) == 1
        await chat.press("tab", "space")
        assert len(chat.cards) == len(chat.turns[0].passages)
        await chat.press("space")
        assert len(chat.cards) == 1
