"""SentencePiece's normalisation rules in the binary form that `tokenizers` reads.

A "precompiled charsmap" is the length of a trie in bytes, the trie, and the replacements, each
ended by a zero byte; the trie's values are positions in the replacements. The trie is a double
array as the library darts-clone writes it.
"""

import base64
import struct
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

BLOCK = 256
"""Units by which a double array grows: children of a node differ in their last eight bits."""
HAS_VALUE = 1 << 8
IS_VALUE = 1 << 31
OFFSET_SHIFT = 10
OFFSETS = 1 << 21
"""Larger offsets have another form, which is not written here."""
HANGUL = range(0xAC00, 0xD7A4)


def composition_rules(rules: Mapping[str, str]) -> dict[str, str]:
    """Return rules from a letter with combining marks to the composed letter, "e" + U+0301 to "é".

    SentencePiece's nmt_nfkc has them besides those for single code points. Hangul is left out:
    `tokenizers` looks up clusters of at most 5 bytes, and two jamo are 6. The rules depend on
    Python's version of Unicode.

    Args:
        rules: Replacements of single code points, which apply to the composed letter.
    """
    composed = {}
    for code_point in range(sys.maxunicode + 1):
        decomposed = unicodedata.normalize("NFD", chr(code_point))
        if len(decomposed) == 1 or code_point in HANGUL:
            continue
        target = unicodedata.normalize("NFC", decomposed)
        if target != decomposed:
            composed[decomposed] = "".join(rules.get(char, char) for char in target)
    return composed


def precompiled_charsmap(rules: Mapping[str, str]) -> bytes:
    """Return the binary form of rules from a text to its replacement.

    Raises:
        ValueError: There are too many rules.
    """
    strings = bytearray()
    positions: dict[str, int] = {}
    for replacement in rules.values():
        if replacement not in positions:
            positions[replacement] = len(strings)
            strings += replacement.encode("utf-8") + b"\0"
    units = double_array({text.encode("utf-8"): positions[to] for text, to in rules.items()})
    trie = struct.pack(f"<{len(units)}I", *units)
    return struct.pack("<I", len(trie)) + trie + bytes(strings)


def charsmap_base64(rules: Mapping[str, str]) -> str:
    """Return the binary form of rules as it stands in a tokenizer.json."""
    return base64.b64encode(precompiled_charsmap(rules)).decode("ascii")


@dataclass(slots=True)
class _Node:
    """A node of a trie over bytes."""

    children: dict[int, "_Node"] = field(default_factory=dict)
    value: int | None = None

    def labels(self) -> list[int]:
        """Return the bytes of the children, ascending; byte 0 stands for the node's value."""
        return sorted(self.children) if self.value is None else [0, *sorted(self.children)]


def _trie(entries: Mapping[bytes, int]) -> _Node:
    """Return the root of a trie of the entries."""
    root = _Node()
    for key, value in entries.items():
        if 0 in key:
            raise ValueError("a key of a double array contains a zero byte")
        node = root
        for byte in key:
            node = node.children.setdefault(byte, _Node())
        node.value = value
    return root


class _Places:
    """Which units of a double array are taken, and which bases."""

    def __init__(self) -> None:
        self.taken = [True] + [False] * (BLOCK - 1)  # the root has the first
        self._bases: set[int] = set()
        self._first_free = 1

    def claim(self, labels: Sequence[int]) -> int:
        """Return a base whose units for `labels` were free, and take them."""
        base = self._free_base(labels)
        self._bases.add(base)
        for label in labels:
            self.taken[base ^ label] = True
        return base

    def _free_base(self, labels: Sequence[int]) -> int:
        while self._is_taken(self._first_free):
            self._first_free += 1
        position = self._first_free
        while True:
            self._is_taken(position)
            base = position ^ labels[0]
            if base not in self._bases and not any(self.taken[base ^ label] for label in labels):
                return base
            position += 1

    def _is_taken(self, position: int) -> bool:
        """Whether a unit is taken; the array grows to have it."""
        if position == len(self.taken):
            self.taken.extend([False] * BLOCK)
        return self.taken[position]


def double_array(entries: Mapping[bytes, int]) -> list[int]:
    """Return a trie as the units of a double array, 32 bits each.

    A node at position p with base b has its child for byte c at b ^ c. The unit at p holds p ^ b
    (from bit 10), "has a value" (bit 8) and the node's own byte (bits 0 to 7). The value of a node
    stands at its base, with bit 31 set.

    Args:
        entries: Values, below 2^31, by keys without zero bytes.

    Raises:
        ValueError: A key contains a zero byte, or there are too many entries.
    """
    places = _Places()
    units = {0: 0}
    queue = [(0, _trie(entries))]
    for position, node in queue:  # breadth first: the queue grows while it is read
        labels = node.labels()
        base = places.claim(labels)
        offset = position ^ base
        if offset >= OFFSETS:
            raise ValueError("a double array has room for fewer entries")
        units[position] |= offset << OFFSET_SHIFT
        if node.value is not None:
            units[position] |= HAS_VALUE
            units[base] = node.value | IS_VALUE
        for label, child in sorted(node.children.items()):
            units[base ^ label] = label
            queue.append((base ^ label, child))
    return [units.get(position, 0) for position in range(len(places.taken))]
