"""Datelines: the place and the date that open a paragraph."""

import pytest

from index.structure.headline.line_types import opening_dateline_end


@pytest.mark.parametrize(
    ("words", "opens"),
    [
        ("SEOUL, April 17, 2023 – The minister has left.", "SEOUL, April 17, 2023 – "),
        ("July 23, 2021 – The lowest wage will be higher.", "July 23, 2021 – "),
        ("OTTAWA – The minister said on May 3 that it rains.", "OTTAWA – "),
        ("WASHINGTON, D.C. - Today the bridge opened.", "WASHINGTON, D.C. - "),
        ("In May 2021 – after long talks – he left.", ""),
        ("On 3 March 2020 - a Tuesday - the bridge opened.", ""),
        ("The plan – as of May 3 – is good.", ""),
        ("The bridge opened on May 3, 2020.", ""),
    ],
)
def test_a_dateline_or_a_date_opens_a_paragraph(words: str, opens: str) -> None:
    """Text before a dash is a dateline, unless it is part of the sentence."""
    assert opens == words[: opening_dateline_end(words)]
