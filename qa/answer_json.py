"""An `Answer` as JSON, written and read.

The fields and their order are a promise to other programs, described in docs/reference/answer.md.
Strings are written as stored. Characters that a terminal would act on or hide are escaped, so a
line of JSON is safe to display and still has the exact text.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from index.types import Span
from qa.display import UNSAFE
from qa.types import (
    SCHEMA,
    Answer,
    AnswerItem,
    Correction,
    Evidence,
    ExactAnswer,
    Extra,
    Highlight,
    HighlightKind,
    PassageScores,
    RankedPassage,
    ReleaseRef,
    Timing,
)

DIGITS = 6
"""Decimals that a float is written with."""


def dumps(value: object, *, indent: int | None = None) -> str:
    r"""Write a value as JSON text that is safe to print and loses nothing.

    Letters of every script stay readable. Controls, invisible characters and lone surrogates are
    written as `\uXXXX`.
    """
    text = json.dumps(value, ensure_ascii=False, indent=indent, allow_nan=False)
    return UNSAFE.sub(lambda found: json.dumps(found[0])[1:-1], text)


def answer_to_json(answer: Answer) -> dict[str, Any]:
    """Return an answer as the JSON object of the reference, keys in their fixed order.

    `alternatives`, `nearest`, `corrections` and `extra` are there only if there are any, `partial`
    only if it is true, `items` of the exact answer only if it is a list, `pages` of a passage only
    if its document has pages, `scan_confidence` only if that is a scan, and `explanation` only if
    it was requested.
    """
    found: dict[str, Any] = {
        "schema": SCHEMA,
        "id": answer.id,
        "question": answer.question,
        "asked_as": answer.asked_as,
        "answered": answer.answered,
        "confidence": _rounded(answer.confidence),
        "reason": answer.reason,
        "evidence": None,
        "answer": None,
        "passages": [_passage_to_json(passage) for passage in answer.passages],
        "timing": {
            "encode_ms": _rounded(answer.timing.encode_ms),
            "search_ms": _rounded(answer.timing.search_ms),
            "total_ms": _rounded(answer.timing.total_ms),
        },
    }
    if answer.evidence is not None:
        found["evidence"] = _evidence_to_json(answer.evidence)
    if answer.answer is not None:
        found["answer"] = _words_to_json(answer.answer)
    if answer.alternatives:
        found["alternatives"] = [_words_to_json(words) for words in answer.alternatives]
    if answer.nearest is not None:
        found["nearest"] = _evidence_to_json(answer.nearest)
    if answer.partial:
        found["partial"] = True
    if answer.corrections:
        found["corrections"] = [
            {"typed": word.typed, "searched": word.searched, "span": list(word.span)}
            for word in answer.corrections
        ]
    if answer.extra:
        found["extra"] = dict(answer.extra)
    return found


def answer_from_json(found: Mapping[str, Any]) -> Answer:
    """Return the answer that `answer_to_json` wrote.

    Raises:
        ValueError: The object is not an answer of this version.
    """
    if found.get("schema") != SCHEMA:
        raise ValueError(f"an answer of schema {found.get('schema')!r} instead of {SCHEMA}")
    try:
        evidence, exact, nearest = found["evidence"], found["answer"], found.get("nearest")
        return Answer(
            id=found["id"],
            question=found["question"],
            asked_as=found["asked_as"],
            answered=found["answered"],
            confidence=found["confidence"],
            reason=found["reason"],
            evidence=evidence and _evidence_from_json(evidence),
            answer=exact and _words_from_json(exact),
            passages=tuple(_passage_from_json(passage) for passage in found["passages"]),
            timing=Timing(**found["timing"]),
            partial=found.get("partial", False),
            alternatives=tuple(map(_words_from_json, found.get("alternatives", ()))),
            nearest=nearest and _evidence_from_json(nearest),
            corrections=tuple(
                Correction(word["typed"], word["searched"], _span(word["span"]))
                for word in found.get("corrections", ())
            ),
            extra=tuple(found.get("extra", {}).items()),
        )
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"not an answer: {error}") from error


def _evidence_to_json(evidence: Evidence) -> dict[str, Any]:
    return {"passage": evidence.passage, "span": list(evidence.span), "text": evidence.text}


def _evidence_from_json(found: Mapping[str, Any]) -> Evidence:
    return Evidence(found["passage"], _span(found["span"]), found["text"])


def _words_to_json(words: ExactAnswer) -> dict[str, Any]:
    return {
        "passage": words.passage,
        "span": list(words.span),
        "text": words.text,
        "score": _rounded(words.score),
        **({"items": [_item_to_json(item) for item in words.items]} if words.items else {}),
    }


def _item_to_json(item: AnswerItem) -> dict[str, Any]:
    return {"span": list(item.span), "text": item.text}


def _words_from_json(found: Mapping[str, Any]) -> ExactAnswer:
    items = tuple(AnswerItem(_span(item["span"]), item["text"]) for item in found.get("items", ()))
    return ExactAnswer(found["passage"], _span(found["span"]), found["text"], found["score"], items)


def release_to_json(release: ReleaseRef) -> dict[str, Any]:
    """Return a release as a JSON object, keys in their fixed order.

    Related releases (`copies`, `replaces`, `replaced_by`) are at the end, if there are any.
    """
    found: dict[str, Any] = {
        "id": release.id,
        "title": release.title,
        "date": release.date,
        "issuer": release.issuer,
        "lang": release.lang,
        "source": release.source,
        "url": release.url,
    }
    for name, ids in (("copies", release.copies), ("replaces", release.replaces)):
        if ids:
            found[name] = list(ids)
    if release.replaced_by is not None:
        found["replaced_by"] = release.replaced_by
    return found


def _release_from_json(found: Mapping[str, Any]) -> ReleaseRef:
    related = {name: tuple(found[name]) for name in ("copies", "replaces") if name in found}
    return ReleaseRef(**{**found, **related})


def _passage_to_json(passage: RankedPassage) -> dict[str, Any]:
    found: dict[str, Any] = {
        "rank": passage.rank,
        "score": _rounded(passage.score),
        "scores": {
            "dense": _rounded(passage.scores.dense),
            "sentence": _rounded(passage.scores.sentence),
            "lexical": _rounded(passage.scores.lexical),
            "fused": _rounded(passage.scores.fused),
            "reader": _rounded(passage.scores.reader),
        },
        "release": release_to_json(passage.release),
        "passage_id": passage.passage_id,
        "ordinal": passage.ordinal,
        "kind": passage.kind,
        "speaker": passage.speaker,
        "span": list(passage.span),
        "text": passage.text,
        "highlights": [
            {"span": list(mark.span), "kind": mark.kind, "score": _rounded(mark.score)}
            for mark in passage.highlights
        ],
        "also_in": list(passage.also_in),
        "citation": passage.citation,
    }
    if passage.pages is not None:
        found["pages"] = list(passage.pages)
    if passage.scan_confidence is not None:
        found["scan_confidence"] = passage.scan_confidence
    if passage.explanation:
        found["explanation"] = {name: _rounded(value) for name, value in passage.explanation}
    return found


def _passage_from_json(found: Mapping[str, Any]) -> RankedPassage:
    return RankedPassage(
        rank=found["rank"],
        score=found["score"],
        scores=PassageScores(**found["scores"]),
        release=_release_from_json(found["release"]),
        passage_id=found["passage_id"],
        ordinal=found["ordinal"],
        kind=found["kind"],
        speaker=found["speaker"],
        span=_span(found["span"]),
        text=found["text"],
        highlights=tuple(
            Highlight(_span(mark["span"]), cast("HighlightKind", mark["kind"]), mark["score"])
            for mark in found["highlights"]
        ),
        also_in=tuple(found["also_in"]),
        citation=found["citation"],
        explanation=tuple(found.get("explanation", {}).items()),
        pages=_span(found["pages"]) if "pages" in found else None,
        scan_confidence=found.get("scan_confidence"),
    )


def _span(pair: list[int]) -> Span:
    start, end = pair
    return start, end


def _rounded(value: float | None) -> float | None:
    """Return a float as it is written; adding zero turns a negative zero into zero."""
    return None if value is None else round(float(value), DIGITS) + 0.0


@dataclass(frozen=True, slots=True)
class Failure:
    """A question that could not be asked.

    Attributes:
        id: The id of the question, or None.
        question: As much of it as could be read.
        error: What is wrong with it, in one line.
        extra: As for `Answer`.
    """

    id: str | None
    question: str
    error: str
    extra: Extra = ()


Outcome = Answer | Failure
OutcomeState = Literal["answered", "declined", "failed"]


def outcome_state(outcome: Outcome) -> OutcomeState:
    """Return how a question ended: `declined` has no answer, `failed` could not be asked."""
    if isinstance(outcome, Failure):
        return "failed"
    return "answered" if outcome.answered else "declined"


def outcome_to_json(outcome: Outcome) -> dict[str, Any]:
    """Return an answer as its JSON object, a failure as one with `error`."""
    if isinstance(outcome, Answer):
        return answer_to_json(outcome)
    found: dict[str, Any] = {
        "schema": SCHEMA,
        "id": outcome.id,
        "question": outcome.question,
        "error": outcome.error,
    }
    return found | ({"extra": dict(outcome.extra)} if outcome.extra else {})


def outcome_from_json(found: Mapping[str, Any]) -> Outcome:
    """Return the outcome that `outcome_to_json` wrote.

    Raises:
        ValueError: The object is neither an answer nor a failure of this version.
    """
    if "error" not in found:
        return answer_from_json(found)
    if found.get("schema") != SCHEMA:
        raise ValueError(f"a failure of schema {found.get('schema')!r} instead of {SCHEMA}")
    try:
        extra = tuple(found.get("extra", {}).items())
        return Failure(found["id"], found["question"], found["error"], extra)
    except (AttributeError, KeyError) as error:
        raise ValueError(f"not a failure: {error}") from error
