"""The JSON form of an answer."""

import json
import math
from dataclasses import replace

import pytest
from checkout import ROOT
from made_answers import made_answer, made_list, made_passage, made_release

from qa.answer_json import (
    Failure,
    answer_from_json,
    answer_to_json,
    dumps,
    outcome_from_json,
    outcome_to_json,
)
from qa.types import Correction, Evidence, ExactAnswer, PassageScores


def test_the_json_form_is_the_one_of_the_reference() -> None:
    """Every field of the contract is there, by its name, in its order."""
    written = dumps(answer_to_json(made_answer(made_passage(score=1 / 3))))

    assert written == (
        '{"schema": 1, "id": "q1", "question": "When does the bridge open?", '
        '"asked_as": "When does the bridge open?", "answered": true, "confidence": 0.93, '
        '"reason": null, '
        '"evidence": {"passage": 0, "span": [20, 47], "text": "The bridge opens on June 3."}, '
        '"answer": null, "passages": [{"rank": 1, "score": 0.333333, '
        '"scores": {"dense": 0.71, "sentence": 0.82, "lexical": null, "fused": 0.333333, '
        '"reader": null}, '
        '"release": {"id": "bridge-2023", "title": "New bridge opens", "date": "2023-04-17", '
        '"issuer": "Town of Hill", "lang": "en", "source": "news/bridge.txt", "url": null}, '
        '"passage_id": "bridge-2023#3", "ordinal": 3, "kind": "body", "speaker": null, '
        '"span": [100, 167], '
        '"text": "Work starts in May. The bridge opens on June 3. It cost $4 million.", '
        '"highlights": [{"span": [20, 47], "kind": "evidence", "score": 0.91}], '
        '"also_in": [], "citation": "[bridge-2023#3] chars 100-167"}], '
        '"timing": {"encode_ms": 1.25, "search_ms": 2.5, "total_ms": 4.0}}'
    )


def test_an_answer_survives_the_way_to_json_and_back() -> None:
    """Reading what was written gives the same answer, optional parts included."""
    passage = replace(
        made_passage(), explanation=(("idf", 0.5), ("gap", -0.25)), also_in=("copy",), speaker="Ann"
    )
    answer = replace(
        made_answer(passage),
        answer=ExactAnswer(0, (40, 46), "June 3", 0.8),
        partial=True,
        alternatives=(ExactAnswer(1, (4, 7), "May", 0.4),),
        nearest=Evidence(0, (0, 19), "Work starts in May."),
        corrections=(Correction("brigde", "bridge", (14, 20)),),
        extra=(("Desk", "north"), ("desk", "")),
    )

    assert answer_from_json(json.loads(dumps(answer_to_json(answer)))) == answer


def test_the_items_of_a_list_are_inside_the_exact_answer() -> None:
    """Each has its span and its words; an answer that is no list has no such field."""
    written = answer_to_json(made_list())

    assert written["answer"]["items"] == [
        {"span": [24, 27], "text": "May"},
        {"span": [32, 36], "text": "June"},
    ]
    assert answer_from_json(json.loads(dumps(written))) == made_list()
    assert "items" not in answer_to_json(made_answer(made_passage(exact=(4, 9))))["answer"]


def test_a_failure_survives_the_way_to_json_and_back() -> None:
    """A question that failed is a record with its error."""
    failure = Failure("q9", "", "the question is empty")

    written = dumps(outcome_to_json(failure))

    assert written == '{"schema": 1, "id": "q9", "question": "", "error": "the question is empty"}'
    assert outcome_from_json(json.loads(written)) == failure


def test_what_a_terminal_would_act_on_is_escaped_and_kept() -> None:
    """Controls, marks of direction and lone surrogates are escaped; letters stay readable."""
    text = "Caf\u00e9 \x1b[2J \x9b2J \u202e \u200b \u2028 \ud800 \x7f \U0001f600 \u65e5"

    written = dumps({"text": text})

    assert written == (
        '{"text": "Caf\u00e9 \\u001b[2J \\u009b2J \\u202e \\u200b \\u2028 \\ud800 \\u007f '
        '\U0001f600 \u65e5"}'
    )
    assert json.loads(written) == {"text": text}
    written.encode()  # no lone surrogate is left to crash an output


def test_floats_have_six_digits_and_no_negative_zero() -> None:
    """Floats are rounded to six digits; what rounds to zero is plain zero."""
    scores = PassageScores(dense=-1e-9, sentence=0.12345678, lexical=12.0, fused=2 / 3)
    found = answer_to_json(made_answer(replace(made_passage(), scores=scores)))

    assert dumps(found["passages"][0]["scores"]) == (
        '{"dense": 0.0, "sentence": 0.123457, "lexical": 12.0, "fused": 0.666667, "reader": null}'
    )


def test_what_is_no_number_is_refused() -> None:
    """NaN is no JSON; it must not be written."""
    with pytest.raises(ValueError, match="not JSON compliant"):
        dumps({"score": math.nan})


@pytest.mark.parametrize(
    "found", [{"schema": 2}, {"schema": 1, "id": "x"}, {"schema": 2, "error": "x"}, {"error": "x"}]
)
def test_an_object_of_another_version_is_refused(found: dict[str, object]) -> None:
    """An object that is no outcome of this version raises instead of becoming half an answer."""
    with pytest.raises(ValueError, match=r"schema|not an answer"):
        outcome_from_json(found)


def test_release_ids_with_strange_characters_stay_as_they_are() -> None:
    """The text of ids and titles is not changed by writing and reading."""
    release = made_release("a\tb#\x1b", title="[/] \u202e")
    answer = made_answer(made_passage(release=release))

    assert answer_from_json(json.loads(dumps(answer_to_json(answer)))) == answer


def test_the_reference_shows_the_fields_in_their_order() -> None:
    """The example of the reference is JSON, with the fields that are written, as ordered."""
    text = (ROOT / "docs/reference/answer.md").read_text(encoding="utf-8")
    example = json.loads(text.split("```")[1])

    written = answer_to_json(made_answer(made_passage(exact=(4, 9))))

    assert shape(example) == shape(written)


def shape(value: object) -> object:
    """The names of the fields of a JSON value, in order."""
    if isinstance(value, dict):
        return [(name, shape(inner)) for name, inner in value.items()]
    return [shape(inner) for inner in value] if isinstance(value, list) else None
