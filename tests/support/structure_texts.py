"""Sentences of which the tests of the structure make releases, and what is found in these."""

from index.structure.analyze import analyze

LEAD = "Senator Jane Q. Doe (D-XX) today announced a grant for the harbour of the town."
WORDS = "We are very glad to be here for the town"
BODY = "The town of Halifax opened a bridge over the harbour today, as the mayor said it would."


def kinds(text: str, title: str | None = None) -> list[tuple[str, str]]:
    """The paragraphs of a release: kind and words."""
    return [
        (paragraph.kind, text[slice(*paragraph.span)])
        for paragraph in analyze(text, title).paragraphs
    ]


def said(text: str) -> list[tuple[str, str | None, str | None]]:
    """The quotations of a release: words, speaker, role."""
    return [(text[slice(*q.span)], q.speaker, q.role) for q in analyze(text).quotations]
