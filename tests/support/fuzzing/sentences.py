"""Sentence boundaries in all languages, dates, words and languages of texts."""

from structure_texts import BODY

from fuzzing.core import Harness
from index.text.analyzer import extract_terms, fold, tokenize
from index.text.dates import date_in_name, parse_date
from index.text.language import detect_language, language_code
from index.text.sentences import first_sentence_end, last_sentence_start, sentence_spans

_LANGUAGES = (None, "en", "fr", "de", "es", "ar", "ja", "zh", "ru", "it", "hi", "xx", "nl", "pt")


def run(data: bytes) -> None:
    """Split a text; its first byte chooses the language."""
    text = data[1:].decode("utf-8", errors="replace")
    lang = _LANGUAGES[data[0] % len(_LANGUAGES)] if data else None
    last = 0
    for start, end in sentence_spans(text, lang):
        if not (last <= start < end <= len(text)) or text[last:start].strip():
            raise AssertionError((last, start, end))
        last = end
    if text[last:].strip():
        raise AssertionError((last, len(text)))
    middle = len(text) // 2
    if not 0 <= last_sentence_start(text, 0, middle) <= middle:
        raise AssertionError("the start of the last sentence")
    if not middle <= first_sentence_end(text, middle, len(text)) <= len(text):
        raise AssertionError("the end of the first sentence")
    extract_terms(text, lang or "en")
    for token in tokenize(text):
        fold(text[slice(*token.span)])
    parse_date(text)
    date_in_name(text)
    language_code(text)
    detect_language(text)


def seeds() -> list[bytes]:
    """Sentences of several languages."""
    texts = (
        BODY,
        "Dr. A. B. Poe of the U.S. said so. “Yes!” he said.",
        "C'est ouvert. Le 3 mars 2021…",
        "新しい橋が開いた。「はい。」と言った。",
        "فتح الجسر. قال نعم؟",
        "Das ist z. B. so. Am 3. März.",
        "@!@!@!",
        "2021-03-03 a.b.c. 4.2 Mio. No. 5",
        "Мост открыт. «Да!»",
    )
    return [bytes([number]) + text.encode() for number, text in enumerate(texts)]


HARNESS = Harness(
    run,
    seeds,
    words=tuple(
        word.encode()
        for word in (
            ". ",
            "! ",
            "? ",
            "。",
            "؟",
            "।",
            "…",
            "Dr. ",
            "U.S. ",
            "e.g. ",
            "”",
            "\n",
            "\u2029",
            "No. ",
            "@!",
            "St. ",
            " 3 ",
            "2021",
            "March",
            "mars",
            "(",
            ")",
            "« ",
            "\u3000",
            "İ",
            "\u0345",
            "ﬃ",
        )
    ),
)
