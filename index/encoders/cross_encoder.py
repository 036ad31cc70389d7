"""A cross-encoder that the user names: scores a question and a passage together.

Any sentence-transformers cross-encoder with one output (Nogueira and Cho, "Passage re-ranking with
BERT", 2019), from a folder. As for encoders, no code in the folder is executed and the weights
must be safetensors. torch is loaded only when a cross-encoder is used.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from index.encoders.model import read_json
from index.errors import ModelRefusedError

_BATCH = 16


class CrossEncoder:
    """Scores passages against a question."""

    def __init__(self, folder: Path) -> None:
        """Load the model in `folder`.

        Raises:
            ModelRefusedError: When it is not a cross-encoder, contains code to run, or cannot be
                loaded.
        """
        config = read_json(folder / "config.json", dict)
        if "auto_map" in config:
            raise ModelRefusedError(
                f"{folder}: refused because it would run its own code (auto_map)"
            )
        architectures = [str(name) for name in config.get("architectures") or []]
        if not any(name.endswith("ForSequenceClassification") for name in architectures):
            # The library would add an untrained layer to any encoder without a warning.
            names = ", ".join(architectures) or "unnamed"
            raise ModelRefusedError(f"{folder}: not a cross-encoder ({names})")
        if not (folder / "model.safetensors").is_file():
            raise ModelRefusedError(f"{folder}: no model.safetensors; the model is incomplete")
        self._model = _load(folder)
        if self._model.num_labels != 1:
            raise ModelRefusedError(
                f"{folder}: has {self._model.num_labels} outputs; a cross-encoder has one"
            )

    def score(self, question: str, passages: Sequence[str]) -> list[float]:
        """Return a logit for each passage; a higher one means a better answer."""
        from torch.nn import Identity

        found = self._model.predict(
            [(question, text) for text in passages],
            batch_size=_BATCH,
            show_progress_bar=False,
            activation_fn=Identity(),
        )
        return [float(value) for value in found]


def _load(folder: Path) -> Any:  # noqa: ANN401 - a sentence_transformers.CrossEncoder
    import sentence_transformers

    try:
        return sentence_transformers.CrossEncoder(
            str(folder),
            device="cpu",
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True},
        )
    except Exception as error:  # the libraries raise many kinds
        raise ModelRefusedError(
            f"{folder}: cannot be loaded as a cross-encoder ({error})"
        ) from error
