"""The encoders against sentence-transformers, sentence vectors against a slow computation."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from checkout import SAMPLES
from disk_steps import disk_steps
from index_parts import RELEASE

from index.encoders.cached_folder import cache_folder, is_exported
from index.encoders.model import Model
from index.encoders.onnx import Float32, OnnxPassageEncoder, OnnxQueryEncoder
from index.encoders.onnx_export import export
from index.encoders.sbert import BulkEncoder
from index.errors import ModelRefusedError
from index.text.sentences import sentence_spans

TEXTS = [
    RELEASE,
    "When did the minister visit Korea?",
    "x",
    "Le financement de 5 M€ a été annoncé à l’hôpital. Il sera versé en 2021.",
    "word " * 400,
    "“People asked for this,” she said. “Now they can walk.” The bridge is open.",
]


@pytest.fixture(scope="module")
def query_encoder(model: Model, bulk_encoder: BulkEncoder) -> OnnxQueryEncoder:
    """The exported encoder."""
    return OnnxQueryEncoder(export(model, bulk_encoder.torch_model))


def test_questions_are_encoded_as_sentence_transformers_does(
    query_encoder: OnnxQueryEncoder, bulk_encoder: BulkEncoder
) -> None:
    """Every component of a query vector equals that of sentence-transformers to four digits."""
    questions = [
        json.loads(line)["question"]
        for line in (SAMPLES / "questions.jsonl").read_text(encoding="utf-8").splitlines()[:12]
    ]
    ours = query_encoder.encode([*TEXTS, *questions])
    theirs = bulk_encoder.torch_model.encode(
        [*TEXTS, *questions], normalize_embeddings=True, show_progress_bar=False
    )

    assert np.abs(ours - theirs).max() < 1e-4
    assert np.linalg.norm(ours, axis=1) == pytest.approx(np.ones(len(ours)), abs=1e-5)


def test_a_question_is_encoded_alike_alone_and_among_others(
    query_encoder: OnnxQueryEncoder,
) -> None:
    """The vector of a query is the same to the last bit, whatever it is encoded with."""
    together = query_encoder.encode(TEXTS)

    for text, vector in zip(TEXTS, together, strict=True):
        assert np.array_equal(vector, query_encoder.encode([text])[0])


@pytest.mark.parametrize(("asked", "computed"), [(1, 2), (5, 6), (9, 12), (19, 16 + 3)])
def test_batches_are_padded_to_the_next_size(
    query_encoder: OnnxQueryEncoder, monkeypatch: pytest.MonkeyPatch, asked: int, computed: int
) -> None:
    """Once a shape is checked, a batch is padded to the next size and no further."""
    questions = [f"Who was the minister in 19{number}?" for number in range(10, 10 + asked)]
    before, rows, run = query_encoder.encode(questions), list[int](), query_encoder._run

    def counted(ids: Sequence[list[int]]) -> Float32:
        rows.append(len(ids))
        return run(ids)

    monkeypatch.setattr(query_encoder, "_run", counted)
    after = query_encoder.encode(questions)

    assert computed == sum(rows)
    assert before.tobytes() == after.tobytes()


def test_passages_are_encoded_as_sentence_transformers_does(bulk_encoder: BulkEncoder) -> None:
    """A passage vector equals that of sentence-transformers to the precision of bfloat16."""
    encoded = bulk_encoder.encode([(text, sentence_spans(text)) for text in TEXTS])
    theirs = bulk_encoder.torch_model.encode(
        TEXTS, normalize_embeddings=True, show_progress_bar=False
    )

    assert len(TEXTS) == len(encoded)
    for ours, reference in zip(encoded, theirs, strict=True):
        assert ours.passage @ reference > 0.999
        assert float(np.linalg.norm(ours.passage)) == pytest.approx(1, abs=1e-5)


def test_sentences_are_the_means_of_their_tokens(model: Model, bulk_encoder: BulkEncoder) -> None:
    """A sentence vector is the mean of the states of its tokens, computed in the passage."""
    from index.encoders.tokenizer import load_tokenizer

    tokenizer = load_tokenizer(model.folder, model.spec.max_length)
    encoded = bulk_encoder.encode([(text, sentence_spans(text)) for text in TEXTS])
    for text, ours in zip(TEXTS, encoded, strict=True):
        states = bulk_encoder.torch_model.encode(
            text, output_value="token_embeddings", show_progress_bar=False
        ).numpy()
        offsets = tokenizer.encode(text).offsets
        spans = sentence_spans(text)
        assert (len(spans), model.spec.dimension) == ours.sentences.shape
        for (start, end), vector in zip(spans, ours.sentences, strict=True):
            inside = [
                state
                for state, (first, after) in zip(states, offsets, strict=True)
                if first < after and start <= first < end
            ]
            mean = np.mean(inside, axis=0)
            assert vector @ (mean / np.linalg.norm(mean)) > 0.998


def test_a_sentence_beyond_the_window_takes_the_passage_vector(bulk_encoder: BulkEncoder) -> None:
    """A sentence without a token in the window gets the vector of the passage."""
    text = "word " * 400 + "Last sentence."
    (encoded,) = bulk_encoder.encode([(text, [(0, 4), (2_000, 2_014), (5, 5)])])

    assert encoded.sentences[1] == pytest.approx(encoded.passage, abs=1e-5)
    assert encoded.sentences[2] == pytest.approx(encoded.passage, abs=1e-5)
    assert encoded.sentences[0] @ encoded.passage < 0.999


def test_encoding_stops_when_cancelled(bulk_encoder: BulkEncoder) -> None:
    """A cancelled encoding returns the first results, without a gap."""
    calls = iter([False, True])
    passages = [(f"word {n} " * (200 if n == 0 else 5), [(0, 4)]) for n in range(120)]
    encoded = bulk_encoder.encode(passages, cancelled=lambda: next(calls, True))

    assert 0 < len(encoded) < 120
    assert [] == bulk_encoder.encode(passages, cancelled=lambda: True)
    assert [] == bulk_encoder.encode([])


def test_a_passage_without_sentences_has_no_sentence_vectors(bulk_encoder: BulkEncoder) -> None:
    """Without sentences there is an empty array of the right width."""
    (encoded,) = bulk_encoder.encode([("words", [])])

    assert (0, 384) == encoded.sentences.shape


@pytest.mark.parametrize(
    "damage",
    [
        "encoder.onnx", "encoder.weights", "cut short", "encoder.json", "no facts", "no hash",
        "tokenizer.json",
    ],
)  # fmt: skip
def test_a_damaged_exported_encoder_is_refused(
    damage: str, query_encoder: OnnxQueryEncoder, model: Model, tmp_path: Path
) -> None:
    """An exported encoder with a missing or changed file is refused and named."""
    assert query_encoder
    folder = tmp_path / "encoder"
    shutil.copytree(cache_folder(model.spec.fingerprint), folder)
    if damage == "no facts":
        (folder / "encoder.json").write_text("{}")
    elif damage == "no hash":
        facts = json.loads((folder / "encoder.json").read_text())
        del facts["sha256"]["encoder.weights"]
        (folder / "encoder.json").write_text(json.dumps(facts))
    elif damage == "cut short":
        with (folder / "encoder.weights").open("r+b") as stream:
            stream.truncate(1_000_000)
    elif damage in {"encoder.onnx", "encoder.weights"}:
        with (folder / damage).open("r+b") as stream:
            stream.seek(10_000)
            stream.write(b"\xff\x00\xff")
    else:
        (folder / damage).unlink()

    with pytest.raises(ModelRefusedError, match="encoder"):
        OnnxQueryEncoder(folder)


def test_an_export_that_cannot_be_written_is_a_clear_error(
    model: Model, bulk_encoder: BulkEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the cache folder cannot be created, the error names the variable to set."""
    from index.errors import StorageError

    (tmp_path / "file").write_text("")
    monkeypatch.setenv("RELEASEQA_CACHE", str(tmp_path / "file"))

    assert not is_exported(model.spec.fingerprint)
    with pytest.raises(StorageError, match="RELEASEQA_CACHE"):
        export(model, bulk_encoder.torch_model)


def test_an_exported_encoder_is_on_the_disk_before_and_after_it_gets_its_name(
    model: Model, bulk_encoder: BulkEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its files and their names before the renaming, and the new name after it."""
    monkeypatch.setenv("RELEASEQA_CACHE", str(tmp_path / "cache"))
    with disk_steps() as steps:
        target = export(model, bulk_encoder.torch_model)

    renamed = steps.index(("rename", target))
    made = {path for kind, path in steps[:renamed] if kind == "sync"} - set(tmp_path.parents)
    (folder,) = {path.parent for path in made if path.name == "encoder.json"}
    assert {folder, *(folder / path.name for path in target.iterdir())} <= made
    assert {tmp_path, tmp_path / "cache"} <= made
    assert [("sync", target.parent)] == steps[renamed + 1 :]


def test_asking_loads_no_torch(sample_collection: Path) -> None:
    """Lexical and dense search import neither torch nor transformers."""
    code = (
        "import sys; from pathlib import Path; from index.search.searcher import Searcher\n"
        "from index.filters import NO_FILTERS\n"
        "s = Searcher(Path(sys.argv[1])); v = s.indexes.encoder.encode(['bridge'])[0]\n"
        "assert s.search_lexical(['bridg'], 3, NO_FILTERS) and s.search_dense(v, 3, NO_FILTERS)\n"
        "assert not {'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code, sample_collection], check=True, env=os.environ)


def test_a_few_passages_get_the_vectors_of_many(
    model: Model, bulk_encoder: BulkEncoder, query_encoder: OnnxQueryEncoder
) -> None:
    """Passages and sentences get the same vectors with and without torch."""
    passages = [(text, sentence_spans(text)) for text in TEXTS]
    few = OnnxPassageEncoder(query_encoder, model.spec).encode(passages)
    many = bulk_encoder.encode(passages)

    assert len(many) == len(few)
    for one, other in zip(few, many, strict=True):
        assert other.sentences.shape == one.sentences.shape
        assert float(one.passage @ other.passage) > 0.999
        assert all(np.sum(one.sentences * other.sentences, axis=1) > 0.998)
