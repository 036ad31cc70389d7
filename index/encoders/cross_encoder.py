"""A cross-encoder of the user's: scores a question and a passage together.

Any sentence-transformers cross-encoder with one output (Nogueira and Cho, "Passage re-ranking with
BERT", 2019), from a folder. As for encoders, nothing in the folder is executed and weights are
safetensors. torch is loaded with it; the program needs neither unless one is named.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from index.encoders.model import read_json
from index.errors import ModelRefusedError

_BATCH = 16


class CrossEncoder:
    """Scores passages for a question."""

    def __init__(self, folder: Path) -> None:
        """Load the model in `folder`.

        Raises:
            ModelRefusedError: When it is no cross-encoder, wants to run code of its own, or
                cannot be loaded.
        """
        config = read_json(folder / "config.json", dict)
        if "auto_map" in config:
            raise ModelRefusedError(
                f"{folder}: refused, it wants to run code of its own (auto_map)"
            )
        built = [str(name) for name in config.get("architectures") or []]
        if not any(name.endswith("ForSequenceClassification") for name in built):
            # The library would put an untrained layer on top of any encoder and say nothing.
            raise ModelRefusedError(f"{folder}: no cross-encoder ({', '.join(built) or 'unnamed'})")
        if not (folder / "model.safetensors").is_file():
            raise ModelRefusedError(f"{folder}: no model.safetensors; not a whole cross-encoder")
        self._model = _load(folder)
        if self._model.num_labels != 1:
            raise ModelRefusedError(
                f"{folder}: it has {self._model.num_labels} outputs; a cross-encoder has one"
            )

    def score(self, question: str, passages: Sequence[str]) -> list[float]:
        """Return a logit for each passage; higher answers better."""
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
    except Exception as error:  # the libraries beneath raise what they like
        raise ModelRefusedError(
            f"{folder}: cannot be loaded as a cross-encoder ({error})"
        ) from error
