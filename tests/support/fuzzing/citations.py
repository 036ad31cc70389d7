"""Citations that somebody wants to have checked."""

from fuzzing.core import Harness
from fuzzing.made_collection import BASE, opened
from index.filters import NO_FILTERS
from qa.citations import check_citation, citation_of, parse, plain_line, unwrapped


def run(data: bytes) -> None:
    """Parse a citation, and check it against a collection."""
    text = data.decode("utf-8", errors="replace")
    parse(unwrapped(text))
    plain_line(text).encode()
    with opened(BASE) as store:
        check = check_citation(store, text)
    f"{check.detail} {check.passage_id} {check.text}".encode()


def seeds() -> list[bytes]:
    """Every citation of the collection, and one that was wrapped."""
    with opened(BASE) as store:
        found = [
            citation_of(store.release(stored.release.release_id).release, passage)
            for stored in store.releases(NO_FILTERS)
            for passage in store.passages_of(stored.key)
        ]
    return [*(text.encode() for text in found), found[0].replace(" ", "\n  ").encode()]


HARNESS = Harness(
    run, seeds, words=(b"[releaseqa ", b"sha256:", b"#0 ", b"%00", b"%ED%A0%80", b"]", b"9" * 4400)
)
