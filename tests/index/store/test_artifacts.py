"""The hash of an artifact."""

from pathlib import Path

from index_parts import put

from index.store.artifacts import sha256


def test_the_hash_of_a_folder_depends_on_names_and_contents(tmp_path: Path) -> None:
    """Also on a name that leaves the order of the files as it was; not on lock files."""
    words = tmp_path / "words"
    put(words / "a.idx", "one")
    put(words / "b.pos", "two")
    first = sha256(words)
    put(words / "writer.lock", "held")
    assert first == sha256(words)

    (words / "a.idx").rename(words / "a.term")
    renamed = sha256(words)
    put(words / "b.pos", "three")

    assert 3 == len({first, renamed, sha256(words)})
