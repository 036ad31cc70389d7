"""Bad text files (bad-inputs.md 1 to 14): read correctly, or refused."""

import json
import os
import resource
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from index_parts import RELEASE, check_offsets, look, put, text_of
from scans import DAMAGED_PNG
from scripts import CHINESE, FRENCH, JAPANESE

from index.errors import SourceError
from index.ingest.parse import ParsedRelease, parse_release
from index.readers.base import Draft
from index.readers.charset import DamagedUtf8, decode
from index.structure.passages import EncoderWindow
from index.text.analyzer import tokenize

KOREAN = "대한민국 정부는 오늘 새로운 다리의 건설을 발표했습니다. 비용은 사백만 달러입니다.\n"
CYRILLIC = "Министр объявил сегодня о строительстве нового моста. Работы начнутся весной.\n"


@pytest.mark.parametrize(
    "content",
    [b"", b" \n\t \r\n  ", b"\xef\xbb\xbf \n", b" " * 70_000, "👍 … !".encode()],
    ids=[
        "01_empty",
        "02_white_space",
        "02_mark_and_white_space",
        "02_much_white_space",
        "no_words",
    ],
)
def test_01_02_a_file_without_text_is_skipped(
    content: bytes, tmp_path: Path, window: EncoderWindow
) -> None:
    """1, 2: A file that is empty, or has no letter and no digit, is skipped as "no text"."""
    looked = look(window, put(tmp_path / "a.txt", content))

    assert ["no text"] == list(looked.skipped.values())
    assert {} == looked.releases


@pytest.mark.parametrize(
    ("content", "where"),
    [
        (b'{"text": " "}', []),
        (b'{"text": " "}\n{"text": "A word."}', ["record 1"]),
        (b'{"text": "."}\n{"text": "-"}', ["record 1", "record 2"]),
        (b'{"text": "A word."}\n{"text": "-"}', ["record 2"]),
    ],
)
def test_02_one_of_several_records_without_text_is_named(
    content: bytes, where: list[str], tmp_path: Path, window: EncoderWindow
) -> None:
    """2: One record without a word is a file without text; one of several is named."""
    looked = look(window, put(tmp_path / "a.jsonl", content))

    assert [f"a.jsonl: {record}" for record in where] == [
        item for item in looked.skipped if ": " in item
    ]
    assert {"no text"} == set(looked.skipped.values())


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "utf-32"])
@pytest.mark.parametrize("text", [FRENCH, JAPANESE, CYRILLIC, "Plain “words” 🚢.\n\nNo more.\n"])
def test_03_unicode_with_a_byte_order_mark_is_read(
    encoding: str, text: str, tmp_path: Path, window: EncoderWindow
) -> None:
    """3: UTF-16 and UTF-32 with a byte-order mark are read exactly."""
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    looked = look(window, put(tmp_path / "a.txt", mark + text.encode(encoding)))

    assert text.strip() == text_of(looked)
    assert [] == looked.notes


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [FRENCH, JAPANESE, CHINESE, CYRILLIC, "Plain “words”.\n\nMore.\n"])
def test_04_utf16_without_a_mark_is_read_and_noted(
    encoding: str, text: str, tmp_path: Path, window: EncoderWindow
) -> None:
    """4: UTF-16 without a mark is recognized and read exactly, and the guess is noted."""
    looked = look(window, put(tmp_path / "a.txt", text.encode(encoding)))

    assert text.strip() == text_of(looked)
    assert [f"read as {encoding}"] == [note.reason.replace("_", "-") for note in looked.notes]


@pytest.mark.parametrize(
    "text",
    [
        FRENCH,
        "Der Minister kündigte für München größere Änderungen an.",
        "El niño señaló que mañana habrá más información.",
        "The café reopened.",
        "4 000 Zoulous est repérée. Il prévoit de les attaquer.",
        "Naïve résumé",
    ],
)
def test_05_cp1252_is_read_and_noted(text: str, tmp_path: Path, window: EncoderWindow) -> None:
    """5: Western Windows text is read exactly, however short, and noted."""
    looked = look(window, put(tmp_path / "a.txt", text.encode("cp1252")))

    assert text.strip() == text_of(looked)
    assert ["read as cp1252"] == [note.reason for note in looked.notes]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("iso2022_jp", JAPANESE), ("iso2022_jp_ext", "ｱｲｳ" + JAPANESE), ("iso2022_kr", KOREAN),
        ("iso2022_jp_2", CHINESE), ("utf_7", FRENCH), ("utf_7", JAPANESE), ("utf_7", CYRILLIC),
        ("utf_7", "The café + bar reopened."),
    ],
)  # fmt: skip
def test_06_encodings_that_look_like_ascii_are_read_and_noted(
    encoding: str, text: str, tmp_path: Path, window: EncoderWindow
) -> None:
    """6: ISO 2022 and UTF-7 are read exactly, although their bytes are valid UTF-8."""
    data = text.encode(encoding)
    assert data.isascii()
    looked = look(window, put(tmp_path / "a.txt", data))

    assert text.strip() == text_of(looked)
    assert [f"read as {encoding}"] == [note.reason for note in looked.notes]


def test_06_damaged_iso_2022_is_skipped_with_the_guess(
    tmp_path: Path, window: EncoderWindow
) -> None:
    """6: What cannot be decoded is not stored as nonsense."""
    looked = look(window, put(tmp_path / "a.txt", JAPANESE.encode("iso2022_jp") + b"\x1b$B!"))

    assert not looked.releases
    (reason,) = looked.skipped.values()
    assert "looks like iso2022_jp" in reason


@pytest.mark.parametrize(
    "text",
    [
        "Call +1 613 555-0100 or +41225550199-12.", "C++ and A+B-C, Disney+Hulu- and 2+2-1.",
        "x+AbC/dEf- is a key, and so is +Television-.", "Google+Facebook-Event on May 3 +ACE-",
        "\x1b[31mRed\x1b[0m and \x1b(B\x1b[m plain.", "It rose by 3 + 4 - 5 points, a +-sign.",
    ],
)  # fmt: skip
def test_ordinary_text_with_a_plus_sign_is_left_as_it_is(
    text: str, tmp_path: Path, window: EncoderWindow
) -> None:
    """ASCII that only resembles UTF-7 or ISO 2022 is ASCII."""
    looked = look(window, put(tmp_path / "a.txt", text))

    assert text == text_of(looked)
    assert [] == looked.notes


@pytest.mark.parametrize(
    ("encoding", "text"),
    [("shift_jis", JAPANESE), ("euc_jp", JAPANESE), ("gb18030", CHINESE), ("cp1251", CYRILLIC)],
    ids=["06", "06-euc", "07", "cyrillic"],
)
def test_06_07_asian_and_cyrillic_encodings_are_read_and_noted(
    encoding: str, text: str, tmp_path: Path, window: EncoderWindow
) -> None:
    """6, 7: Shift-JIS, GB18030 and others are read exactly, and the guess is noted."""
    looked = look(window, put(tmp_path / "a.txt", text.encode(encoding)))

    assert text.strip() == text_of(looked)
    assert ["read as"] == [note.reason[:7] for note in looked.notes]


def test_08_invalid_utf8_in_good_text_is_replaced_and_noted(
    tmp_path: Path, window: EncoderWindow
) -> None:
    """8: Invalid bytes within UTF-8 become U+FFFD, the rest is unchanged, and it is noted."""
    good = FRENCH.encode()
    looked = look(window, put(tmp_path / "a.txt", good[:40] + b"\xff\xc3" + good[40:]))

    assert (good[:40] + b"\xff\xc3" + good[40:]).decode(errors="replace").strip() == text_of(looked)
    assert ["invalid UTF-8 replaced"] == [note.reason for note in looked.notes]


@pytest.mark.parametrize(
    "content",
    [
        b"The harbour \xff\xfe bridge is open.\n\nAnd the caf\xc3\xa9 too, with all its boats.\n",
        b"# Title caf\xc3\xa9\n\nText \xff\xff\xff about caf\xc3\xa9 ibises.\n",
        b"One \xff bridge \xff and another \xff near the caf\xc3\xa9.\n",
        b"The minister\xe2\x80\x99s words were \xff\xfe\xfd lost on the way here.\n",
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
def test_08_few_characters_are_enough_to_recognize_utf8(
    content: bytes, name: str, tmp_path: Path, window: EncoderWindow
) -> None:
    """8: One or two accents are enough to recognize UTF-8 with damage; there is no mojibake."""
    if name == "a.html":
        content = b"<meta charset=iso-8859-1><h1>News</h1><p>" + 9 * b"Good text. " + content
    looked = look(window, put(tmp_path / name, content))

    assert "caf\u00e9" in text_of(looked) or "minister\u2019s" in text_of(looked)
    assert "\ufffd" in text_of(looked)
    assert not set("\u00ff\u00c3\u00e2") & set(text_of(looked))
    assert ["invalid UTF-8 replaced"] == [note.reason for note in looked.notes]


def test_08_utf8_within_a_code_page_is_read_correctly() -> None:
    """8: In a file joined from two encodings, neither becomes mojibake."""
    joined = "Résumé naïve and déjà vu at the ".encode("cp1252") + "café".encode()
    decoded = decode(joined)

    assert "Résumé naïve and déjà vu at the café" == decoded.text
    assert "read as cp1252, with UTF-8 among it" == decoded.note


@given(
    st.lists(
        st.sampled_from(
            ["pont", "déjà", "“ouvert”", "à", "CAFÉ»", "l’Île", "IRMÃ”", "Straße…", "Öl»"]
        ),
        min_size=5,
        max_size=40,
    )
)
def test_05_a_letter_and_a_mark_are_not_one_utf8_character(words: list[str]) -> None:
    """5: Two characters of a code page that happen to be one of UTF-8 stay two."""
    text = "The bridge was opened, they say, and it was an opening in the rain. " + " ".join(words)
    data = text.encode("cp1252")
    damaged = DamagedUtf8(data)

    assert text == damaged.decode_western()
    assert not damaged.valid_where_latin()
    assert not damaged.mostly_valid() or "\ufffd" not in data.decode(errors="replace")


@pytest.mark.parametrize("field", ["text", "title", "issuer", "id", "more"])
def test_09_a_lone_surrogate_is_replaced_and_noted(
    field: str, tmp_path: Path, window: EncoderWindow
) -> None:
    r"""9: `\ud800` in any field of a record becomes U+FFFD, noted; all of it can be encoded."""
    record = {"id": "a", "title": "T", "issuer": "I", "text": RELEASE, "more": ["x"]}
    record[field] = ["\ud800 deep"] if field == "more" else f"{record[field]} \ud800"
    looked = look(window, put(tmp_path / "a.jsonl", json.dumps(record)))

    (prepared,) = looked.releases.values()
    assert "\ufffd" in repr(prepared.release)
    assert repr(prepared.release).encode("utf-8")
    assert json.dumps(dict(prepared.release.metadata), ensure_ascii=False).encode("utf-8")
    assert ["line 1: lone surrogates replaced"] == [note.reason for note in looked.notes]


def test_09_a_pair_of_surrogates_is_one_character(tmp_path: Path, window: EncoderWindow) -> None:
    """9: An escaped surrogate pair is the character it stands for, without a note."""
    looked = look(window, put(tmp_path / "a.jsonl", r'{"text": "A \ud83c\udf09 at night, seen."}'))

    assert "A 🌉 at night, seen." == text_of(looked)
    assert [] == looked.notes


@pytest.mark.parametrize(
    "content", [b"Hello \x00 world, a text.\n", RELEASE.encode() + b"\x00" * 40, b"\x00" * 999]
)
def test_10_nul_bytes_are_binary(content: bytes, tmp_path: Path, window: EncoderWindow) -> None:
    """10: A file with NUL bytes that is not UTF-16 is skipped as binary."""
    looked = look(window, put(tmp_path / "a.txt", content))

    assert {"a.txt": "not text: binary data"} == looked.skipped


def test_11_a_png_named_txt_is_recognized(tmp_path: Path, window: EncoderWindow) -> None:
    """11: A picture is named as such, whatever its file's name; other noise is binary."""
    put(tmp_path / "s" / "a.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 10)
    put(tmp_path / "s" / "b.txt", bytes(range(1, 256)) * 10)
    looked = look(window, tmp_path / "s", base=tmp_path / "s")

    assert {"a.txt": DAMAGED_PNG, "b.txt": "not text: binary data"} == looked.skipped


@pytest.mark.parametrize("name", ["line.txt", "page.html", "line.jsonl"])
def test_12_a_file_over_the_cap_is_refused_before_it_is_in_memory(
    name: str, tmp_path: Path, window: EncoderWindow
) -> None:
    """12: 500 MB in one line is refused, with memory for the cap and not for the file."""
    start = {"line.txt": b"words ", "page.html": b"<html><body>", "line.jsonl": b'{"text": "a'}[
        name
    ]
    path = put(tmp_path / name, start)
    os.truncate(path, 500_000_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    looked = look(window, path, max_bytes=4_000_000)

    assert "larger than 4 MB; raise --max-mb to read it" in looked.skipped[name]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000  # KB


def test_12_records_of_a_file_over_the_cap_are_read(tmp_path: Path, window: EncoderWindow) -> None:
    """12: The cap is for one document: a long file of short records is read."""
    lines = [json.dumps({"id": str(n), "text": RELEASE}) for n in range(20)]
    looked = look(window, put(tmp_path / "a.jsonl", "\n".join(lines)), max_bytes=2_000)

    assert 20 == len(looked.releases)


def _bounded(text: str, window: EncoderWindow) -> tuple[ParsedRelease, float]:
    started = time.process_time()
    prepared = parse_release(Draft(text), "a", window)
    return prepared, time.process_time() - started


@pytest.mark.parametrize("word", ["a", "橋"])
def test_13_one_word_of_a_megabyte(word: str, window: EncoderWindow) -> None:
    """13: A single word of 1 MB is split into passages that fit the window, in bounded time."""
    text = word * (1_000_000 // len(word.encode()))
    prepared, seconds = _bounded(text, window)

    assert seconds < 60
    check_offsets(prepared, window)
    assert text == "".join(text[slice(*p.span)] for p in prepared.passages)


def test_14_very_many_paragraphs_of_one_word(window: EncoderWindow) -> None:
    """14: Very many one-word paragraphs are split in bounded time, and highlights are valid.

    50,000 rather than a million: the time is linear, and tests should be quick.
    """
    text = "word\n\n" * 50_000
    prepared, seconds = _bounded(text, window)

    assert seconds < 60
    assert 50_000 == sum(text[slice(*p.span)].count("word") for p in prepared.passages)
    assert max(p.span[1] - p.span[0] for p in prepared.passages) <= 2_000
    last = prepared.passages[-1]
    words = text[slice(*last.span)]
    assert {"word"} == {words[slice(*token.span)] for token in tokenize(words)}


@given(st.binary(max_size=400))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    """Decoding any bytes gives text that can be stored, or a refusal, but never another error."""
    try:
        decoded = decode(data)
    except SourceError:
        return
    assert decoded.text.encode("utf-8").decode("utf-8") == decoded.text
    assert "\x00" not in decoded.text
    assert "\r" not in decoded.text


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1))
def test_valid_utf8_is_read_as_such(text: str) -> None:
    """UTF-8 without NULs is read as UTF-8, unless it looks binary."""
    if sum(ord(c) < 32 for c in text) or text.startswith(("\ufeff", "ID3", "GIF8", "BZh")):
        return

    decoded = decode(text.encode("utf-8"))

    assert (text, "utf-8", None) == (decoded.text, decoded.encoding, decoded.note)
