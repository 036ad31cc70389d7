"""What the user made of a passage: judged, pinned, a note. Drawn below the passage."""

from dataclasses import dataclass

from textual.content import Content

from qa.display import clean_line


@dataclass(frozen=True, slots=True)
class Annotations:
    """The user's marks on one passage.

    Attributes:
        grade: How it was judged: 0 does not answer, more does; None when it was not.
    """

    grade: int | None = None
    pinned: bool = False
    note: str = ""


NO_ANNOTATIONS = Annotations()


def draw_annotations(annotations: Annotations) -> Content:
    """Return the marks as one line, in words as well as in signs; empty when there are none."""
    parts = []
    if annotations.grade is not None:
        parts.append("+ answers" if annotations.grade > 0 else "- does not answer")
    if annotations.pinned:
        parts.append("⚑ pinned")
    if annotations.note:
        parts.append("✎ " + clean_line(annotations.note))
    return Content(" · ".join(parts))
