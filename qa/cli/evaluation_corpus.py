"""The collection that an evaluation asks: the one named, else one of the set's own corpus."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import index
from index.paths import cache_folder
from qa.cli.context import Context
from qa.cli.progress import staged
from qa.errors import DatasetError
from qa.evaluation.dataset import Dataset


@contextmanager
def collection_of(session: Context, dataset: Dataset) -> Iterator[Path]:
    """Give the folder of the collection to ask: the one named, else one of the corpus."""
    if session.index is not None:
        yield session.folder()
        return
    cached = _cache_folder(dataset.corpus)
    if cached is not None:
        _index(session, cached, dataset.corpus)
        yield cached
        return
    with tempfile.TemporaryDirectory(prefix="releaseqa-eval-") as folder:
        _index(session, Path(folder) / "index", dataset.corpus)
        yield Path(folder) / "index"


def _index(session: Context, folder: Path, corpus: Path) -> None:
    from index.ingest.update import update_collection

    with staged(session) as progress:
        report = update_collection(folder, [corpus], wait=True, progress=progress)
    for skip in report.skipped:
        session.warn(f"skipped {skip.item}: {skip.reason}")
    if not report.passages:
        raise DatasetError(f"{corpus} contains no readable release.")


def _cache_folder(corpus: Path) -> Path | None:
    """Return the cache of a corpus, or None when there can be none.

    It is named by the corpus and by the code that indexes it, so that a score is never of an
    index that this version would not make.
    """
    digest = hashlib.sha256()
    code = Path(index.__file__).parent
    for path in (corpus, *sorted(code.rglob("*.py"))):
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    folder = cache_folder(os.environ) / "eval" / digest.hexdigest()[:16]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        return None
