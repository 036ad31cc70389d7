"""How one wording became another, as `said` and `changes` show it."""

from rich.text import Text

from qa.display import clean_line
from qa.statements.folds import compare_wordings

_AROUND = 6
"""Words that are shown on either side of a change."""


def wording_change(before: str, after: str) -> Text:
    """Return what changed: `[-removed-] {+added+}`, with a few words around."""
    shown = Text()
    parts = compare_wordings(before, after)
    for number, part in enumerate(parts):
        if number:
            shown.append(" ")
        words = clean_line(part.words)
        if part.change == "removed":
            shown.append_text(removed_words(words))
        elif part.change == "added":
            shown.append_text(added_words(words))
        else:
            shown.append(_shortened(words, opens=not number, ends=number == len(parts) - 1))
    return shown


def removed_words(words: str) -> Text:
    """Return words that were removed, marked as such."""
    return Text(f"[-{clean_line(words)}-]", style="red")


def added_words(words: str) -> Text:
    """Return words that were added, marked as such."""
    return Text(f"{{+{clean_line(words)}+}}", style="green")


def _shortened(words: str, *, opens: bool, ends: bool) -> str:
    """Return unchanged words; of many, those beside a change."""
    every = words.split()
    left = [] if opens else every[:_AROUND]
    right = [] if ends else every[-_AROUND:]
    if len(every) <= len(left) + len(right):
        return words
    return " ".join([*left, "…", *right])
