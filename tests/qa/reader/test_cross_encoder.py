"""A cross-encoder of the user's: a real one, tiny and untrained, made here."""

import json
import shutil
from pathlib import Path

import pytest

from index.encoders.cross_encoder import CrossEncoder
from index.encoders.model import default_folder
from index.errors import ModelRefusedError
from index.ingest.update import update_collection
from qa import open_collection
from qa.reader.cross_encoder import RerankerReader
from qa.reader.onnx_reader import OnnxReader
from qa.reader.prediction import ReaderInput

TEXTS = ("The ferry terminal opened on April 13.", "Nurses were hired.", "The ferry cost $84.")
QUESTION = "When did the ferry terminal open?"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a cross-encoder with random weights."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification

    at = tmp_path_factory.mktemp("cross-encoder")
    torch.manual_seed(1)
    config = BertConfig(
        hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64,
        num_labels=1,
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(at)
    for name in ("tokenizer.json", "tokenizer_config.json", "vocab.txt"):
        if (default_folder() / name).exists():
            shutil.copy(default_folder() / name, at / name)
    return at


def test_its_verdict_takes_the_place_of_the_reader_s(folder: Path) -> None:
    """The words are the reader's, the odds the cross-encoder's, whatever is read together."""
    scorer, passages = (
        CrossEncoder(folder),
        [ReaderInput(text, ((0, len(text)),)) for text in TEXTS],
    )
    found = RerankerReader(OnnxReader(), scorer).read(QUESTION, passages)
    own = OnnxReader().read(QUESTION, passages)
    assert [r.log_odds for r in found] == scorer.score(QUESTION, TEXTS)
    assert [r.spans for r in found] == [r.spans for r in own]
    assert [r.log_odds for r in found] != [r.log_odds for r in own]
    assert RerankerReader(OnnxReader(), scorer).read(QUESTION, []) == []


def test_a_collection_asks_it(folder: Path, tmp_path: Path) -> None:
    """The scores of an answer are those of the cross-encoder."""
    for number, text in enumerate(TEXTS):
        (tmp_path / f"{number}.txt").write_text(f"Release {number}\n\n{text}\n")
    update_collection(tmp_path / "index", [tmp_path])
    with open_collection(tmp_path / "index", reranker=folder) as collection:
        top = collection.ask(QUESTION).passages[0]
    with open_collection(tmp_path / "index") as collection:
        other = collection.ask(QUESTION, k=5).passages
    assert top.scores.reader not in {passage.scores.reader for passage in other}


def test_what_is_no_cross_encoder_is_refused(folder: Path, tmp_path: Path) -> None:
    """Nothing there, no safetensors, foreign code, several outputs: each is named."""
    with pytest.raises(ModelRefusedError, match=r"config\.json"):
        CrossEncoder(tmp_path)
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    (copy / "model.safetensors").rename(copy / "pytorch_model.bin")
    with pytest.raises(ModelRefusedError, match=r"no model\.safetensors"):
        CrossEncoder(copy)
    config = json.loads((folder / "config.json").read_text())
    (copy / "config.json").write_text(json.dumps(config | {"auto_map": {"AutoModel": "x.Y"}}))
    with pytest.raises(ModelRefusedError, match="its own code"):
        CrossEncoder(copy)
    with pytest.raises(ModelRefusedError, match="not a cross-encoder"):
        CrossEncoder(default_folder())
