"""Whether what a citation quotes stands in the collection."""

from index.errors import ReleaseNotFoundError
from index.store import Store
from qa.citation import CitationCheck, citation_of, digest, parse, unwrapped


def check_citation(store: Store, citation: str) -> CitationCheck:
    """Check that a citation's words stand unchanged in the cited release at the cited place."""
    text = unwrapped(citation)
    locator = parse(text)
    if locator is None:
        return CitationCheck(ok=False, detail="not a citation of this program")
    passage_id = f"{locator.release_id}#{locator.ordinal}"
    try:
        stored = store.release(locator.release_id)
    except ReleaseNotFoundError:
        return CitationCheck(
            ok=False, detail=f"no release {locator.release_id!r} in the collection",
            release_id=locator.release_id, passage_id=passage_id,
        )  # fmt: skip
    start, end = locator.span
    words = stored.release.text[start:end]
    known = [
        p
        for p in store.passages_of(stored.key)
        if p.ordinal == locator.ordinal and p.span == locator.span
    ]
    if digest(words) != locator.digest:
        detail = "the words at the cited place differ from the cited ones"
    elif not known:
        detail = "the release has no such passage"
    elif citation_of(stored.release, known[0]) != text:
        detail = "the words stand there, but the citation's own text was changed"
    else:
        return CitationCheck(
            ok=True, detail="the words stand there unchanged",
            release_id=locator.release_id, passage_id=passage_id, text=words,
        )  # fmt: skip
    return CitationCheck(
        ok=False, detail=detail, release_id=locator.release_id, passage_id=passage_id,
        text=words or None,
    )  # fmt: skip
