"""The reader: an encoder with one linear layer that scores answer starts and ends.

Question and passage are read together, `[CLS] question [SEP] passage [SEP]`. The first token stands
for "no answer here" (Devlin et al., "BERT", 2019, section 4.3). The headline can be added before
the passage, `[CLS] question [SEP] headline [SEP] passage [SEP]`: "the work cost $4 million" answers
only if one knows which work.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import torch
from tokenizers import Tokenizer
from transformers import AutoConfig, AutoModel, PretrainedConfig

Tensor = torch.Tensor


@dataclass(frozen=True, slots=True)
class Marks:
    """The special tokens of an encoder's vocabulary: start of the input, separator, padding."""

    cls: int
    sep: int
    pad: int


def load_marks(tokenizer: Tokenizer) -> Marks:
    """Return the special tokens of a vocabulary in BERT's or RoBERTa's spelling.

    Raises:
        ValueError: It has neither.
    """
    for names in (("[CLS]", "[SEP]", "[PAD]"), ("<s>", "</s>", "<pad>")):
        found = [tokenizer.token_to_id(name) for name in names]
        if None not in found:
            return Marks(*found)
    raise ValueError("the vocabulary has no special tokens of BERT or RoBERTa")


class ReaderNetwork(torch.nn.Module):
    """Token ids to start and end logits, each of shape (batch, length)."""

    def __init__(self, config: PretrainedConfig) -> None:
        super().__init__()
        self.encoder = AutoModel.from_config(config, add_pooling_layer=False)
        self.head = torch.nn.Linear(config.hidden_size, 2)
        self.typed = getattr(config, "type_vocab_size", 1) > 1

    def forward(self, ids: Tensor, mask: Tensor, types: Tensor) -> Tensor:
        """Return logits of shape (batch, length, 2); padding is left as it comes."""
        segments = {"token_type_ids": types} if self.typed else {}
        hidden = self.encoder(input_ids=ids, attention_mask=mask, **segments).last_hidden_state
        return self.head(hidden)


def from_encoder(folder: Path, *, dropout: float = 0.1) -> ReaderNetwork:
    """Return a network with the encoder in `folder`; word embeddings stay frozen."""
    config = AutoConfig.from_pretrained(
        folder, hidden_dropout_prob=dropout, attention_probs_dropout_prob=0.0,
        attn_implementation="eager",
    )  # fmt: skip
    network = ReaderNetwork(config)
    network.encoder = AutoModel.from_pretrained(folder, config=config, add_pooling_layer=False)
    _replace_dropout(network)
    torch.nn.init.normal_(network.head.weight, std=0.02)
    torch.nn.init.zeros_(network.head.bias)
    embeddings = network.encoder.embeddings
    for part in (embeddings.word_embeddings, embeddings.position_embeddings):
        part.weight.requires_grad = False
    return network


class PooledDropout(torch.nn.Module):
    """Dropout whose noise is a slice, at a random start, of numbers drawn once.

    Torch draws random numbers on the CPU one after another, which takes a tenth of a step.
    """

    SIZE = 1 << 24
    _pools: ClassVar[dict[tuple[float, torch.dtype], Tensor]] = {}

    def __init__(self, share: float) -> None:
        super().__init__()
        self.p = share

    def forward(self, hidden: Tensor) -> Tensor:
        """Return `hidden` with a share of its numbers zeroed, the rest scaled up, in training."""
        if not self.training:
            return hidden
        key = (self.p, hidden.dtype)
        if key not in self._pools:
            drawn = torch.rand(self.SIZE, generator=torch.Generator().manual_seed(1)) >= self.p
            self._pools[key] = (drawn / (1 - self.p)).to(hidden.dtype)
        count = hidden.numel()
        at = int(torch.randint(self.SIZE - count, (1,)))
        return hidden * self._pools[key][at : at + count].view(hidden.shape)


def _replace_dropout(module: torch.nn.Module) -> None:
    """Replace torch's dropout layers by pooled ones."""
    for name, child in module.named_children():
        if isinstance(child, torch.nn.Dropout) and child.p:
            setattr(module, name, PooledDropout(child.p))
        else:
            _replace_dropout(child)


@dataclass(frozen=True, slots=True)
class Tokens:
    """The word pieces of a text and their spans in it."""

    ids: list[int]
    offsets: list[tuple[int, int]]


def tokenise(tokenizer: Tokenizer, text: str) -> Tokens:
    """Return the word pieces of a text, without special tokens."""
    found = tokenizer.encode(text, add_special_tokens=False)
    return Tokens(found.ids, found.offsets)


class TokenCache:
    """The word pieces of every text, computed once.

    Attributes:
        tokenizer: The tokenizer.
        marks: Its special tokens.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        """Use a tokenizer."""
        self.tokenizer, self.marks = tokenizer, load_marks(tokenizer)
        self._known: dict[str, Tokens] = {}

    def __call__(self, text: str) -> Tokens:
        """Return the word pieces of a text."""
        if text not in self._known:
            self._known[text] = tokenise(self.tokenizer, text)
        return self._known[text]


def load_tokenizer(folder: Path) -> Tokenizer:
    """Return the encoder's tokenizer, without truncation and padding."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


@dataclass(frozen=True, slots=True)
class Row:
    """A question and a window of a passage as the network reads them.

    Attributes:
        ids: Word pieces with the special ones.
        second: Start of the second segment in `ids`: the headline, or the passage if there is none.
        first: Start of the passage in `ids`.
        answers: First and last token of each annotator's answer, as positions in `ids`.
    """

    ids: list[int]
    second: int
    first: int
    answers: tuple[tuple[int, int], ...]


def batch(rows: Sequence[Row], pad: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return ids, mask, types and allowed answer positions, each of shape (rows, length)."""
    length = max(len(row.ids) for row in rows)
    ids = torch.full((len(rows), length), pad)
    mask, types = torch.zeros_like(ids), torch.zeros_like(ids)
    may = torch.zeros(ids.shape, dtype=torch.bool)
    for i, row in enumerate(rows):
        n = len(row.ids)
        ids[i, :n] = torch.tensor(row.ids)
        mask[i, :n] = 1
        types[i, row.second : n] = 1
        may[i, row.first : n - 1] = True
        may[i, 0] = True
    return ids, mask, types, may


def save(network: ReaderNetwork, path: Path, **more: Any) -> None:
    """Write the network and its checkpoint data, complete or not at all."""
    beside = path.with_suffix(".part")
    torch.save({"network": network.state_dict(), **more}, beside)
    beside.replace(path)
