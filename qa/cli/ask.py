"""`releaseqa ask`: ask one question."""

from dataclasses import replace
from typing import Annotated

import typer

from index.filters import Filters
from qa.cli.context import Context
from qa.cli.errors import FINE, NO_ANSWER
from qa.cli.near_issuers import unknown_issuer
from qa.cli.options import (
    ExactWords,
    Json,
    K,
    Reader,
    Reranker,
    Risk,
    SessionName,
    WordsOnly,
    option,
)


def ask(
    context: Context,
    *,
    question: Annotated[
        list[str],
        typer.Argument(metavar="QUESTION", help="The question. Quotation marks are optional."),
    ],
    filters: Filters,
    k: K = None,
    risk: Risk = None,
    words_only: WordsOnly = None,
    exact_words: ExactWords = False,
    reader: Reader = None,
    reranker: Reranker = None,
    explain: Annotated[bool, option("--explain", text="Show how each passage was scored.")] = False,
    session_name: SessionName = None,
    as_typed: Annotated[
        bool,
        option(
            "--as-typed", text="With --session: ask the question as typed, ignoring earlier turns."
        ),
    ] = False,
    json: Json = False,
) -> int:
    """Ask one question.

    Shows the best passages with the evidence highlighted and a citation for each. If the
    collection has no answer, the nearest passages are shown, marked as such, and the exit code
    is 4.

    With --session, the question can refer to earlier turns of the conversation, and the question
    and its answer are saved.
    """
    if as_typed and session_name is None:
        raise typer.BadParameter("--as-typed needs --session NAME.")
    place = context.place()
    settings = context.settings(place, k=k, risk=risk, words_only=words_only, reader=reader)
    options = replace(settings.ask_options(filters), explain=explain, exact_words=exact_words)
    with context.collection(place, reranker=reranker) as collection:
        text = " ".join(question)
        if session_name is None:
            answer = collection.ask(text, options, as_typed=as_typed)
        else:
            from qa.sessions.replay import ask_in_session

            answer = ask_in_session(
                collection, text, options, place=place, name=session_name, as_typed=as_typed
            )
        unknown = None if answer.passages else unknown_issuer(context, collection, filters)
    if json:
        from qa.answer_json import answer_to_json

        context.write_json(answer_to_json(answer))
    else:
        from qa.export.terminal import answer_lines

        styled = context.styled()
        lines = answer_lines(
            answer,
            styled=styled,
            explain=explain,
            folded=styled and not (explain or context.verbose),
            filters=filters,
        )
        context.print_lines(lines)
    if unknown is not None:
        context.say(unknown)
    return FINE if answer.answered else NO_ANSWER


COMMANDS = (
    (
        "ask",
        ask,
        (
            'releaseqa ask "When did Joly visit Korea?"',
            "releaseqa ask how much did the bridge pathway cost --since 2021 --lang en -k 3",
            'releaseqa ask "What did Richard Mostyn say?" --kind quote --json',
            'releaseqa ask "How much did the bridge pathway cost?" --session bridge',
        ),
    ),
)
