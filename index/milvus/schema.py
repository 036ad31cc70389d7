"""The three collections of Milvus that hold a collection, and how their rows are made.

`NAME` has a row for each passage, with everything that is searched and filtered. `NAME_facts` has
releases, texts and the state; `NAME_terms` has the document frequencies. A release's text is cut
into parts, since a value of Milvus has up to 65,535 bytes. Milvus wants a vector in each
collection, so the rows of the last two have one that says nothing.
"""

import base64
import hashlib
from dataclasses import dataclass
from typing import Any

from index.milvus.address import MilvusAddress

FORMAT = 1
"""Increase it when rows change their meaning."""
LONGEST = 65_535
"""Bytes of the longest value."""
PART = 16_000
"""Code points of a part of a text: up to four bytes each."""
NO_VECTOR = (0.0, 1.0)
STATE = "state"
MOST_TERMS = 4_096
"""Terms of a passage that `find` can look up."""
_LONGEST_TERM = 400
_NAME, _SHORT, _KEY = 4_096, 256, 512


@dataclass(frozen=True, slots=True)
class Names:
    """The names of the collections of an address."""

    passages: str
    facts: str
    terms: str

    @classmethod
    def of(cls, address: MilvusAddress) -> "Names":
        """Return the names."""
        return cls(address.name, f"{address.name}_facts", f"{address.name}_terms")

    def all(self) -> tuple[str, str, str]:
        """Return them as a tuple."""
        return self.passages, self.facts, self.terms


def passages_schema(milvus: Any, dimension: int) -> tuple[Any, Any]:  # noqa: ANN401 - no types
    """Return the schema and the indexes of the collection of passages."""
    kinds = milvus.DataType
    schema = milvus.MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field("key", kinds.INT64, is_primary=True)
    for name in ("release", "ordinal", "start", "stop", "newer", "cluster", "born"):
        schema.add_field(name, kinds.INT64)
    schema.add_field("encoded", kinds.BOOL)
    for name, length in (
        ("release_id", LONGEST), ("kind", _SHORT), ("speaker", _NAME), ("role", _NAME),
        ("sentences", LONGEST), ("text", LONGEST), ("title", LONGEST), ("lang", _SHORT),
        ("date", _SHORT), ("day", _SHORT), ("text_key", _SHORT), ("updated_at", _SHORT),
        ("issuer_folded", _NAME), ("speaker_folded", _NAME), ("source", LONGEST),
    ):  # fmt: skip
        schema.add_field(name, kinds.VARCHAR, max_length=length)
    for name in ("body_terms", "title_terms"):
        schema.add_field(name, kinds.ARRAY, element_type=kinds.INT64, max_capacity=MOST_TERMS)
    schema.add_field("meaning", kinds.FLOAT_VECTOR, dim=dimension)
    schema.add_field("words", kinds.SPARSE_FLOAT_VECTOR)
    indexes = milvus.MilvusClient.prepare_index_params()
    # Compared with all, like the embedded engine: an approximate index changes answers.
    indexes.add_index("meaning", index_type="FLAT", metric_type="IP")
    indexes.add_index("words", index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
    for name in ("release", "text_key", "release_id"):
        indexes.add_index(name, index_type="INVERTED")
    return schema, indexes


def facts_schema(milvus: Any) -> tuple[Any, Any]:  # noqa: ANN401 - no types
    """Return the schema and the indexes of the collection of releases, texts and the state."""
    kinds = milvus.DataType
    schema = milvus.MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field("id", kinds.VARCHAR, max_length=_KEY, is_primary=True)
    for name in ("release", "cluster", "replaced_by", "newer", "born", "number", "parts"):
        schema.add_field(name, kinds.INT64)
    schema.add_field("release_id", kinds.VARCHAR, max_length=LONGEST)
    schema.add_field("value", kinds.VARCHAR, max_length=LONGEST)
    indexed = ("release", "cluster", "replaced_by", "newer", "release_id")
    return _without_vector(milvus, schema, indexed)


def terms_schema(milvus: Any) -> tuple[Any, Any]:  # noqa: ANN401 - no types
    """Return the schema and the indexes of the collection of document frequencies."""
    kinds = milvus.DataType
    schema = milvus.MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field("id", kinds.VARCHAR, max_length=_KEY, is_primary=True)
    for name in ("body", "title"):
        schema.add_field(name, kinds.INT64)
    return _without_vector(milvus, schema, ())


def _without_vector(milvus: Any, schema: Any, indexed: tuple[str, ...]) -> tuple[Any, Any]:  # noqa: ANN401
    schema.add_field("no_vector", milvus.DataType.FLOAT_VECTOR, dim=len(NO_VECTOR))
    indexes = milvus.MilvusClient.prepare_index_params()
    indexes.add_index("no_vector", index_type="FLAT", metric_type="IP")
    for name in indexed:
        indexes.add_index(name, index_type="INVERTED")
    return schema, indexes


def fact(id_: str, value: str, **fields: int | str) -> dict[str, Any]:
    """Return a row of the collection of facts; fields that are not given are 0 or empty.

    `number` is the release frequency of a text; `parts` is how many rows a release or text has,
    in the first of them.
    """
    row: dict[str, Any] = {
        "id": id_, "value": value, "release": 0, "release_id": "", "cluster": 0, "replaced_by": 0,
        "newer": 0, "born": 0, "number": 0, "parts": 1, "no_vector": list(NO_VECTOR),
    }  # fmt: skip
    return row | fields


def release_row(key: int, part: int = 0) -> str:
    """Return the id of the row of a release: part 0 has its facts, the others its text."""
    return f"r{key}/{part}"


def text_row(text_key: str, part: int = 0) -> str:
    """Return the id of the row of a text's vectors, which may need several."""
    return f"t{text_key}/{part}"


def term_id(term: str) -> str:
    """Return the id of a term's row: the term, or a hash of one that is too long for an id."""
    data = term.encode("utf-8", "surrogatepass")
    return term if len(data) <= _LONGEST_TERM else f"sha256 {hashlib.sha256(data).hexdigest()}"


def short(text: str, most: int = _NAME) -> str:
    """Return a text cut to a number of bytes, without the surrogates that Milvus refuses."""
    data = text.encode("utf-8", "replace")
    return data[:most].decode("utf-8", "ignore")


def packed_text(data: bytes) -> str:
    """Return bytes as text."""
    return base64.b64encode(data).decode("ascii")


def unpacked_text(text: str) -> bytes:
    """Return the bytes of `packed_text`.

    Raises:
        ValueError: When it is none.
    """
    return base64.b64decode(text, validate=True)
