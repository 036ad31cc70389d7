"""Texts, tables, JSON and Markdown made to keep the program busy, as in `hostile_documents`."""

import gzip
import json

from hostile_documents import PROSE, Maker


def json_records(count: int) -> bytes:
    """As many records as can be, of a word each."""
    return "".join(f'{{"id": "{i}", "text": "Bridge {i}."}}\n' for i in range(count)).encode()


def json_escapes(count: int) -> bytes:
    """A record whose text is written in escapes, with halves of surrogate pairs among them."""
    escapes = "\\u0041\\ud800 " * count
    return f'{{"id": "a", "text": "{PROSE} {escapes}"}}\n'.encode()


def json_fields(count: int) -> bytes:
    """A record of `count` fields."""
    return json.dumps({"text": PROSE} | {f"field {i}": [i] for i in range(count)}).encode() + b"\n"


def json_same_id(count: int) -> bytes:
    """Records that all have the same id and fields of the wrong type."""
    return "".join(
        f'{{"id": "a", "title": [{i}], "text": "Bridge."}}\n' for i in range(count)
    ).encode()


def table_columns(count: int) -> bytes:
    """A table of `count` columns."""
    names = ",".join(f"c{i}" for i in range(count))
    return f"id,text,{names}\na,{PROSE.replace(',', '')}{',x' * count}\n".encode()


def table_rows(count: int) -> bytes:
    """A table of `count` rows."""
    return ("id,text\n" + "".join(f"{i},Bridge {i}.\n" for i in range(count))).encode()


def table_quotes(count: int) -> bytes:
    """A cell of nothing but quotation marks."""
    return f'id,text\na,"{PROSE} {chr(34) * 2 * count}"\n'.encode()


def table_open_cell(count: int) -> bytes:
    """Each line opens a cell that is never closed."""
    return ("id,text\n" + 'a,"It is, open\n"b,' * count).encode()


def markdown_quotes(count: int) -> bytes:
    """A line that is quoted `count` times."""
    return f"# A bridge\n\n{PROSE}\n\n{'>' * count} It is open.\n".encode()


def markdown_lists(count: int) -> bytes:
    """A list in a list, and so on."""
    lines = "\n".join(f"{'  ' * min(i, 200)}- item {i}" for i in range(count))
    return f"# A bridge\n\n{PROSE}\n\n{lines}\n".encode()


def markdown_brackets(count: int) -> bytes:
    """Links that begin and never end."""
    return f"# A bridge\n\n{PROSE}\n\n{'[a](' * count}{'![' * count}\n".encode()


def markdown_emphasis(count: int) -> bytes:
    """Marks of emphasis that do not fit each other."""
    return f"# A bridge\n\n{PROSE}\n\n{'*a_ b** ' * count}\n".encode()


def markdown_code(count: int) -> bytes:
    """Runs of backticks of which no two have the same length."""
    runs = " a ".join("`" * (1 + i % 300) for i in range(count // 150))
    return f"# A bridge\n\n{PROSE}\n\n{runs}\n".encode()


def markdown_references(count: int) -> bytes:
    """Definitions of links, and their uses."""
    lines = "\n".join(f"[r{i}]: http://a.example/{i}" for i in range(count))
    uses = " ".join(f"[r{i}]" for i in range(count))
    return f"# A bridge\n\n{PROSE}\n\n{lines}\n\n{uses}\n".encode()


def short_lines(count: int) -> bytes:
    """Lines of one letter."""
    return f"A bridge opens\n\n{PROSE}\n\n".encode() + b"a\n" * count


def datelines(count: int) -> bytes:
    """Lines that all could be the beginning of a release."""
    return "".join(
        f"HALIFAX, March {i % 28 + 1}, 2021 - It is open.\n\n" for i in range(count)
    ).encode()


def open_quotes(count: int) -> bytes:
    """Quotations that begin and never end, each with a speaker."""
    return f"{PROSE}\n\n{'“We wait,” said Ann Poe, “and “so ' * count}\n".encode()


def transcript(count: int) -> bytes:
    """Turns of one word."""
    turns = "".join(f"MR. POE: Yes {i}.\n\nQUESTION: Why?\n\n" for i in range(count))
    return f"The minister speaks to the press\n\n{PROSE}\n\n{turns}".encode()


def marks(count: int) -> bytes:
    """A letter with `count` marks on it."""
    letter = "a" + "\u0301\u0327" * count
    return f"{PROSE}\n\nA bridge for {letter} is open.\n".encode()


def undecodable(count: int) -> bytes:
    """Bytes that are text in no encoding, or in many."""
    return f"{PROSE}\n\n".encode() + bytes(range(128, 256)) * count


def contacts(count: int) -> bytes:
    """Telephone numbers and addresses, and nothing but that."""
    one = (
        "Contact: Ann Poe, +1 902 555-0100 ext. {0}, ann.poe{0}@gov.example, www.gov.example/{0}\n"
    )
    return f"A bridge opens\n\n{PROSE}\n\n{''.join(map(one.format, range(count)))}".encode()


def numbers(count: int) -> bytes:
    """Numbers, sums and dates without an end."""
    return f"{PROSE}\n\nIt cost {'$1,000,000.00 on 2021-03-03 ' * count}\n".encode()


def packed_text(count: int) -> bytes:
    """A text that is packed to a hundredth of its size."""
    return gzip.compress(f"{PROSE}\n\n".encode() * count, 9)


MAKERS = {
    "JSON, many records": Maker(json_records, ".jsonl", (500, 1_000, 2_000)),
    "JSON, escapes": Maker(json_escapes, ".jsonl", (10_000, 20_000, 40_000)),
    "JSON, many fields": Maker(json_fields, ".jsonl", (10_000, 20_000, 40_000)),
    "JSON, same id": Maker(json_same_id, ".jsonl", (500, 1_000, 2_000)),
    "table, many columns": Maker(table_columns, ".csv", (5_000, 10_000, 20_000)),
    "table, many rows": Maker(table_rows, ".csv", (500, 1_000, 2_000)),
    "table, quotation marks": Maker(table_quotes, ".csv", (20_000, 40_000, 80_000)),
    "table, open cells": Maker(table_open_cell, ".csv", (2_000, 4_000, 8_000)),
    "Markdown, quotes": Maker(markdown_quotes, ".md", (2_000, 4_000, 8_000)),
    "Markdown, nested lists": Maker(markdown_lists, ".md", (500, 1_000, 2_000)),
    "Markdown, brackets": Maker(markdown_brackets, ".md", (2_000, 4_000, 8_000)),
    "Markdown, emphasis": Maker(markdown_emphasis, ".md", (2_000, 4_000, 8_000)),
    "Markdown, code": Maker(markdown_code, ".md", (20_000, 40_000, 80_000)),
    "Markdown, references": Maker(markdown_references, ".md", (1_000, 2_000, 4_000)),
    "short lines": Maker(short_lines, ".txt", (10_000, 20_000, 40_000)),
    "datelines": Maker(datelines, ".txt", (1_000, 2_000, 4_000)),
    "open quotations": Maker(open_quotes, ".txt", (1_000, 2_000, 4_000)),
    "transcript": Maker(transcript, ".txt", (500, 1_000, 2_000)),
    "marks on a letter": Maker(marks, ".txt", (20_000, 40_000, 80_000)),
    "undecodable bytes": Maker(undecodable, ".txt", (500, 1_000, 2_000)),
    "contacts": Maker(contacts, ".txt", (500, 1_000, 2_000)),
    "numbers": Maker(numbers, ".txt", (1_000, 2_000, 4_000)),
    "packed text": Maker(packed_text, ".txt.gz", (500, 1_000, 2_000)),
}
