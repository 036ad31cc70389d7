"""What runs on the machines of a cluster: load the model once, say what it is, encode.

This module is sent to the machines as it is and imports at its top only what every Python has. So
a machine that lacks something can say so, instead of failing before it can say anything. For the
same reason only built-in types go to the machines and come back.
"""

import socket
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

LIBRARIES = (
    "releaseqa",
    "torch",
    "transformers",
    "sentence-transformers",
    "tokenizers",
    "numpy",
)
"""The distributions whose code computes vectors."""

Passages = Sequence[tuple[str, Sequence[tuple[int, int]]]]
"""Texts, each with the spans of its sentences."""

Packed = tuple[bytes, bytes]
"""The vector of a passage, and those of its sentences, as they are stored: float16 bytes."""

_SENTENCES = (
    "The minister announced $4 million for the bridge on June 24, 2021.",
    "« Nous sommes fiers de ce projet », a déclaré la mairesse.",
    "Applications close at 5 p.m. Eastern time; late ones will not be read.",
    "Contact: media@example.org, 555-0100.",
    "The province's share rose from 12.5 to 33 per cent over ten years.",
)


class EncodingWorker:
    """Encodes passages on one machine of a cluster; a Ray actor."""

    def __init__(self, name: str, folder: str, fingerprint: str, *, bfloat16: bool) -> None:
        """Remember which model to load.

        Args:
            name: The model's, for users.
            folder: Where the machine that indexes has it.
            fingerprint: The model's.
            bfloat16: Whether to compute in bfloat16, otherwise in float32.
        """
        self._wanted = (name, folder, fingerprint)
        self._bfloat16 = bfloat16
        self._encoder: Any = None

    def prepare(self) -> dict[str, Any]:
        """Load the model and return what decides whether this machine may encode.

        Returns:
            `host`, `versions`, and either `problem`, why it cannot encode, or `probe`, the vectors
            of `probe_passages`.
        """
        found: dict[str, Any] = {"host": socket.gethostname(), "versions": library_versions()}
        try:
            self._encoder = self._load()
            found["probe"] = encode_packed(self._encoder, probe_passages())
        except ModuleNotFoundError as error:
            found["problem"] = f"{error.name} is not installed there"
        except Exception as error:  # noqa: BLE001 - whatever it is, the user has to know it
            found["problem"] = str(error) or type(error).__name__
        return found

    def _load(self) -> Any:  # noqa: ANN401 - a BulkEncoder, which is imported here only
        from index.encoders.sbert import BulkEncoder, has_bfloat16

        model = self._find_model()
        if self._bfloat16 and not has_bfloat16():
            raise ValueError(
                "its processor does not compute in bfloat16, as the one of this machine does"
            )
        return BulkEncoder(model, bfloat16=self._bfloat16)

    def _find_model(self) -> Any:  # noqa: ANN401 - a Model, which is imported here only
        from pathlib import Path

        from index.encoders.model import load_model, recorded_model

        name, folder, fingerprint = self._wanted
        model = recorded_model(fingerprint)
        if model.spec.fingerprint != fingerprint:
            model = load_model(folder if Path(folder).is_dir() else name, download=False)
        if model.spec.fingerprint != fingerprint:
            raise ValueError(f"its {name} is another model ({model.spec.fingerprint})")
        return model

    def encode(self, passages: Passages) -> list[Packed]:
        """Return the vectors of each passage, in order."""
        return encode_packed(self._encoder, passages)


def library_versions() -> dict[str, str]:
    """Return the versions of `LIBRARIES`, without the part that names a build."""
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = version(name).partition("+")[0]
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def probe_passages() -> list[tuple[str, list[tuple[int, int]]]]:
    """Return passages of ten to two hundred words, whose vectors show how a machine computes."""
    passages = []
    for count in (1, 2, 3, 5, 8, 13, 20):
        text, spans = "", []
        for number in range(count):
            sentence = _SENTENCES[(number + count) % len(_SENTENCES)]
            spans.append((len(text), len(text) + len(sentence)))
            text += sentence + " "
        passages.append((text.strip(), spans))
    return passages


def encode_packed(encoder: Any, passages: Passages) -> list[Packed]:  # noqa: ANN401 - a BulkEncoder
    """Return the vectors of each passage as float16 bytes, little-endian."""
    return [
        (found.passage.astype("<f2").tobytes(), found.sentences.astype("<f2").tobytes())
        for found in encoder.encode(passages)
    ]
