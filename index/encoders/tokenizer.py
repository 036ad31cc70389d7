"""Load the tokenizer of an encoder, without the transformers library."""

from pathlib import Path
from typing import TYPE_CHECKING

from tokenizers import Tokenizer

from index.errors import ModelRefusedError

if TYPE_CHECKING:
    from index.structure.passages import EncoderWindow

_SPECIAL = 2
"""Special tokens that are added before and after every text."""


def load_tokenizer(folder: Path, max_length: int | None = None) -> Tokenizer:
    """Load `tokenizer.json` of `folder`; truncate to `max_length` tokens; default: no limit.

    Raises:
        ModelRefusedError: When the file is missing or damaged.
    """
    try:
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    except Exception as error:  # the library raises bare Exception
        raise ModelRefusedError(f"{folder}/tokenizer.json cannot be read ({error})") from error
    tokenizer.no_padding()
    if max_length is None:
        tokenizer.no_truncation()
    else:
        tokenizer.enable_truncation(max_length)
    return tokenizer


def passage_window(folder: Path, max_length: int, prefix: str = "") -> "EncoderWindow":
    """Return the window that the passages of a model must fit."""
    from index.structure.passages import EncoderWindow

    tokenizer = load_tokenizer(folder)

    def token_starts(text: str) -> list[int]:
        encoding = tokenizer.encode(text, add_special_tokens=False)
        return [start for start, _ in encoding.offsets]

    of_prefix = len(token_starts(prefix)) if prefix else 0
    return EncoderWindow(max_length - _SPECIAL - of_prefix, token_starts)
