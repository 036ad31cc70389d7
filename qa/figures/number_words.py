"""Whole numbers written in English words, and small ones in French. Pure.

"sixty-one"                      61
"Two hundred and forty four"     244
"quatre-vingt-dix"               90
"""

import re

UNITS = {
    word: value
    for value, word in enumerate(
        """
        zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
        fifteen sixteen seventeen eighteen nineteen
        """.split()  # noqa: SIM905
    )
}
UNITS |= {
    word: 10 * value
    for value, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(),  # noqa: SIM905
        start=2,
    )
}
SCALES = {"thousand": 1_000, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_WORD = re.compile(r"[^\W\d_]+")
_HUNDRED = 100
_FRENCH = {
    word: value
    for value, word in enumerate(
        """
        un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize
        """.split(),  # noqa: SIM905
        start=1,
    )
} | {"vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60}  # fmt: skip
_VALUES = {word: value for word, value in UNITS.items() if value} | _FRENCH | {"a": 1}

_TEN, _TWENTY, _FOUR = 10, 20, 4
_ONES = "|".join(word for word, value in UNITS.items() if 0 < value < _TEN)
_SMALL = "|".join(word for word, value in UNITS.items() if 0 < value < _TWENTY)
_TENS = "|".join(word for word, value in UNITS.items() if value >= _TWENTY)
_BELOW_HUNDRED = rf"(?:(?:{_TENS})(?:[ -](?:{_ONES})\b)?|{_SMALL})"
_SMALL_FRENCH = "dix-(?:sept|huit|neuf)|" + "|".join(
    word for word, value in _FRENCH.items() if value < _TWENTY
)
_TENS_FRENCH = "|".join(word for word, value in _FRENCH.items() if value >= _TWENTY)
NUMBER_IN_WORDS = (
    rf"(?:(?:a|{_SMALL})[ -]hundred(?:[ -](?:and[ -])?{_BELOW_HUNDRED})?|{_BELOW_HUNDRED}|a"
    rf"|(?:(?:deux|trois|quatre|cinq|six|sept|huit|neuf)[ -])?cents?"
    rf"|(?:quatre-vingts?|{_TENS_FRENCH})(?:[ -](?:et[ -])?(?:{_SMALL_FRENCH})\b)?"
    rf"|{_SMALL_FRENCH})"
)
"""Pattern of a number below two thousand, for a reader of amounts that knows what stands behind."""


def number_in_words(text: str) -> int | None:
    """Return the number that the first words of a text are; None if they are none."""
    total = part = 0
    found = False
    for word in _WORD.findall(text.lower()):
        if word in UNITS:
            part += UNITS[word]
        elif found and word == "hundred":
            part *= _HUNDRED
        elif found and word in SCALES:
            total, part = total + part * SCALES[word], 0
        elif not (found and word == "and"):
            break
        else:
            continue
        found = True
    return total + part if found else None


def value_in_words(text: str) -> int:
    """Return the value of words that `NUMBER_IN_WORDS` matches, 0 for others."""
    value = 0
    for word in _WORD.findall(text.lower()):
        if word in {"hundred", "cent", "cents"}:
            value = max(value, 1) * _HUNDRED
        elif word in {"vingt", "vingts"} and value == _FOUR:
            value *= _TWENTY
        else:
            value += _VALUES.get(word, 0)
    return value
