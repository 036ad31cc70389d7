"""Whole numbers written in English words. Pure.

"sixty-one"                      61
"Two hundred and forty four"     244
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
