"""The common English words: those that the vocabulary of the packaged encoder has whole.

Its tokenizer splits rare words into pieces, so that a word without pieces is a common one. It is a
list of words that is there anyway; the weights are not needed for it.
"""

import json
from functools import lru_cache

from index.encoders.model import default_folder


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """Return the common English words, in small letters without accents.

    Raises:
        ModelRefusedError: When the packaged model is not installed.
    """
    tokenizer = json.loads((default_folder() / "tokenizer.json").read_bytes())
    return frozenset(word for word in tokenizer["model"]["vocab"] if word.isalpha())
