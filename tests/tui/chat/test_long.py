"""Long conversations and long releases: only what is near is shown, and nothing jumps."""

from driving import VISIT, Chat, StartChat
from plain_engine import PlainEngine
from releases import ORDINARY

from tui.state.turns import ChatTurn
from tui.widgets.passage_card import PassageCard
from tui.widgets.turn import TurnKeys, TurnView

TURNS = 300
KEYS = TurnKeys("Space", {"reword": "r", "without_filters": "F", "by_words": "w"})
CARDS_NEAR = 60
"""More cards than five screens and the rest of a turn can show."""


async def fill(chat: Chat) -> None:
    """Put a conversation of many turns on the screen, like a saved one."""
    answer = PlainEngine(ORDINARY).ask(VISIT)
    reading = chat.screen.reading
    await reading.restore(
        [ChatTurn(i, f"{VISIT} ({i})", state="done", answer=answer) for i in range(TURNS)]
    )
    reading.go_to_last_turn()
    await chat.settle()
    await chat.settle()


async def test_only_turns_near_the_screen_are_drawn(start_chat: StartChat) -> None:
    """Of three hundred turns a few dozen are drawn, wherever one scrolls to."""
    async with start_chat() as chat:
        await fill(chat)
        conversation = chat.screen.conversation
        conversation.focus()
        for key in ("home", "pagedown", "pagedown", "end", "pageup", "home"):
            await chat.press(key)
            await chat.settle()
            assert len(chat.screen.query(PassageCard)) < CARDS_NEAR
            drawn = [view.region for view in conversation.views]
            middle = conversation.region.y + conversation.region.height // 2
            assert any(region.y <= middle < region.bottom for region in drawn), key
        assert conversation.views[0].turn.number == 0


async def test_a_growing_conversation_draws_no_more_cards(start_chat: StartChat) -> None:
    """Question after question, those that went out of sight are let go."""
    async with start_chat() as chat:
        for number in range(24):
            await chat.ask(f"{VISIT} ({number})")
            await chat.until(lambda: chat.turns[-1].settled)
        await chat.settle()
        views = chat.screen.conversation.views
        assert views[-1].turn.number == 23
        assert len(chat.screen.query(PassageCard)) < CARDS_NEAR
        assert len(views) < 24


async def test_visible_text_stays_in_place_when_turns_above_are_drawn(
    start_chat: StartChat,
) -> None:
    """Going up page by page, the text moves by pages, however wrong the estimated heights are."""
    async with start_chat() as chat:
        await fill(chat)
        conversation = chat.screen.conversation
        conversation.focus()
        for _ in range(20):
            top = conversation.scroll_offset.y
            seen = next(v for v in conversation.views if v.virtual_region.bottom > top)
            before = seen.virtual_region.y - top
            await chat.press("pageup")
            await chat.settle()
            moved = seen.virtual_region.y - conversation.scroll_offset.y - before
            assert 0 < moved <= conversation.size.height, moved


async def test_stepping_to_a_turn_that_is_not_drawn_selects_it(start_chat: StartChat) -> None:
    """Pressing g twice goes to the conversation's first passage, drawn and highlighted."""
    async with start_chat() as chat:
        await fill(chat)
        chat.screen.conversation.focus()
        await chat.press("G", "g", "g")
        await chat.settle()
        place = chat.cursor
        assert place is not None
        assert (place.turn, place.passage) == (0, 0)
        card = chat.screen.conversation.views[0].block
        assert card.has_class("-selected")
        assert chat.screen.conversation.region.contains_region(card.region.crop_size((5, 2)))


async def test_a_new_question_is_added_at_the_end(start_chat: StartChat) -> None:
    """The next question is put below the others and is in sight with its passages."""
    async with start_chat() as chat:
        await fill(chat)
        await chat.ask("Who met Park Jin in Seoul?")
        await chat.until(lambda: chat.turns[-1].settled)
        await chat.settle()
        view = chat.screen.conversation.views[-1]
        assert view.turn.question == "Who met Park Jin in Seoul?"
        assert view.card(0) is not None
        assert chat.screen.conversation.region.overlaps(view.region)


async def test_a_turn_can_be_updated_before_it_is_drawn(start_chat: StartChat) -> None:
    """A turn that is updated before it is laid out is drawn once, in its latest state."""
    async with start_chat():
        answer = PlainEngine(ORDINARY).ask(VISIT)
        view = TurnView(ChatTurn(0, VISIT), {}, opened=False, keys=KEYS)
        view.follow(ChatTurn(0, VISIT, state="done", answer=answer), opened=False)
        assert not view.further.cards
        assert view.turn.answer is answer
