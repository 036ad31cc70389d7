"""The one place that calls pymilvus: connect, call, retry within limits, and say what went wrong.

pymilvus repeats a call that the server did not take, up to the time that a call is given here.
Reads ask for strong consistency: they see every write that was finished before.
"""

import logging
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from index.errors import EngineError
from index.milvus.address import TOKEN, TOKEN_FILE, MilvusAddress, read_token

INSTALL = "pip install 'releaseqa[milvus]'"
CONNECT_SECONDS = 10.0
READ_SECONDS = 30.0
WRITE_SECONDS = 120.0
"""How long a call may take, with its repetitions."""
_ATTEMPTS = 3
_PAUSE_SECONDS = 0.5
"""How often a connection is tried, and how long to wait after the first attempt."""
MOST_ROWS = 16_384
"""Rows that Milvus returns for one query or search at most."""
_LIST = 1_000
"""Values in one condition."""
_ROWS = 500
"""Rows that are written in one call at most, and bytes of them about."""
_BYTES = 8_000_000
_CONSISTENCY = "Strong"

T = TypeVar("T")
Row = dict[str, Any]


class Connection:
    """A connection to the collections of one address. Safe to share between threads."""

    def __init__(self, address: MilvusAddress) -> None:
        """Connect to the server.

        Raises:
            EngineError: When pymilvus is not installed, the credentials cannot be read, or the
                server does not answer or refuses them.
        """
        self.address = address
        self._lock = threading.Lock()
        self._loaded: set[str] = set()
        token = read_token()
        milvus = _pymilvus()
        self._client = self._connected(milvus, token)

    def _connected(self, milvus: Any, token: str) -> Any:  # noqa: ANN401 - pymilvus has no types
        """Return a client, after some attempts: a server that is starting refuses the first."""
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                with self._errors():
                    return milvus.MilvusClient(
                        uri=self.address.uri, token=token, timeout=CONNECT_SECONDS, dedicated=True
                    )
            except EngineError as error:
                if attempt == _ATTEMPTS or "does not answer" not in str(error):
                    raise
                time.sleep(_PAUSE_SECONDS * attempt)
        raise AssertionError

    def close(self) -> None:
        """Close it."""
        with self._errors():
            self._client.close()

    def has(self, collection: str) -> bool:
        """Return whether there is a collection of that name."""
        if collection in self._loaded:
            return True
        return bool(self._call(self._client.has_collection, collection, timeout=READ_SECONDS))

    def query(
        self, collection: str, condition: str, fields: Sequence[str], limit: int | None = MOST_ROWS
    ) -> list[Row]:
        """Return rows that meet a condition, up to `limit` of them; None where they are counted."""
        self._load(collection)
        options = {} if limit is None else {"limit": limit}
        found = self._call(
            self._client.query, collection, filter=condition, output_fields=list(fields),
            consistency_level=_CONSISTENCY, timeout=READ_SECONDS, **options,
        )  # fmt: skip
        return list(found)

    def query_in(
        self,
        collection: str,
        field: str,
        values: Iterable[int | str],
        fields: Sequence[str],
        also: str = "",
        size: int = _LIST,
    ) -> list[Row]:
        """Return the rows whose field has one of some values, however many these are.

        Args:
            collection: Its name.
            field: The field.
            values: Its values.
            fields: What to return of each row.
            also: A further condition.
            size: Values in one call, few enough that their rows are not more than `MOST_ROWS`.
        """
        wanted = list(dict.fromkeys(values))
        rows: list[Row] = []
        for start in range(0, len(wanted), size):
            condition = f"{field} in {literal(wanted[start : start + size])}"
            rows += self.query(
                collection, f"{condition} and ({also})" if also else condition, fields
            )
        return rows

    def iterate(
        self, collection: str, condition: str, fields: Sequence[str], size: int = 1_000
    ) -> Iterator[list[Row]]:
        """Yield all rows that meet a condition, in batches."""
        self._load(collection)
        with self._errors():
            iterator = self._client.query_iterator(
                collection, batch_size=size, filter=condition, output_fields=list(fields),
                consistency_level=_CONSISTENCY, timeout=READ_SECONDS,
            )  # fmt: skip
            try:
                while rows := iterator.next():
                    yield list(rows)
            finally:
                iterator.close()

    def count(self, collection: str, condition: str) -> int:
        """Return how many rows meet a condition."""
        return int(self.query(collection, condition, ["count(*)"], None)[0]["count(*)"])

    def search(
        self,
        collection: str,
        queries: Sequence[Any],
        field: str,
        limit: int,
        condition: str,
        fields: Sequence[str],
        parameters: Mapping[str, Any] | None = None,
        group: str | None = None,
    ) -> list[list[Row]]:
        """Return the rows with the largest inner products with each query, best first.

        Args:
            collection: Its name.
            queries: Dense vectors as lists, or sparse ones as dictionaries.
            field: The field of vectors.
            limit: How many rows to return for each at most.
            condition: What rows must meet to be searched at all.
            fields: What to return of each row, beside `key`, and its product as `score`.
            parameters: For the search, such as `radius`.
            group: A field by whose values the best row each is returned.
        """
        self._load(collection)
        options: dict[str, Any] = {} if group is None else {"group_by_field": group}
        found = self._call(
            self._client.search, collection, data=list(queries), anns_field=field,
            limit=min(limit, MOST_ROWS), filter=condition, output_fields=list(fields),
            search_params={"metric_type": "IP", "params": dict(parameters or {})},
            consistency_level=_CONSISTENCY, timeout=READ_SECONDS, **options,
        )  # fmt: skip
        return [
            [{**hit["entity"], "key": hit["key"], "score": hit["distance"]} for hit in hits]
            for hits in found
        ]

    def upsert(self, collection: str, rows: Iterable[Row]) -> None:
        """Write rows, each in place of one with the same primary key."""
        batch: list[Row] = []
        size = 0
        for row in rows:
            batch.append(row)
            size += sum(len(value) for value in row.values() if hasattr(value, "__len__"))
            if len(batch) == _ROWS or size > _BYTES:
                self._call(self._client.upsert, collection, batch, timeout=WRITE_SECONDS)
                batch, size = [], 0
        if batch:
            self._call(self._client.upsert, collection, batch, timeout=WRITE_SECONDS)

    def delete(self, collection: str, field: str, values: Iterable[int | str]) -> None:
        """Delete the rows whose field has one of some values."""
        wanted = list(values)
        for start in range(0, len(wanted), _LIST):
            condition = f"{field} in {literal(wanted[start : start + _LIST])}"
            self._call(self._client.delete, collection, filter=condition, timeout=WRITE_SECONDS)

    def flush(self, collection: str) -> None:
        """Have what was written stored for good, and indexed."""
        self._call(self._client.flush, collection, timeout=WRITE_SECONDS)

    def drop(self, collection: str) -> None:
        """Remove a collection, if there is one."""
        self._call(self._client.drop_collection, collection, timeout=WRITE_SECONDS)
        self._loaded.discard(collection)

    def create(self, collection: str, make: Callable[[Any], tuple[Any, Any]]) -> None:
        """Create a collection; `make` takes the pymilvus module, returns schema and indexes."""
        schema, indexes = make(_pymilvus())
        self._call(
            self._client.create_collection, collection, schema=schema, index_params=indexes,
            consistency_level=_CONSISTENCY, timeout=WRITE_SECONDS,
        )  # fmt: skip

    def _load(self, collection: str) -> None:
        """Have the server load a collection, which a restart or an operator may have undone."""
        with self._lock:
            if collection not in self._loaded:
                self._call(self._client.load_collection, collection, timeout=WRITE_SECONDS)
                self._loaded.add(collection)

    def _call(self, act: Callable[..., T], *values: Any, **named: Any) -> T:  # noqa: ANN401 - pymilvus has no types
        with self._errors():
            return act(*values, **named)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Translate the errors of pymilvus and of gRPC. Their texts never have the credentials."""
        import grpc
        from pymilvus.exceptions import MilvusException

        try:
            yield
        except (MilvusException, grpc.RpcError, grpc.FutureTimeoutError) as error:
            raise _translated(self.address, error) from error


def _translated(address: MilvusAddress, error: Exception) -> EngineError:
    """Return the error for a user."""
    text = " ".join(str(getattr(error, "message", "") or error).split())[:300]
    low = text.lower()
    server = f"{address.host}:{address.port}"
    if any(word in low for word in ("unauthenticated", "auth check failure", "permission")):
        return EngineError(
            f"Milvus at {server} refuses the credentials; set {TOKEN}, or {TOKEN_FILE} for a file "
            "with USER:PASSWORD"
        )
    away = ("connect", "unavailable", "deadline", "timeout", "timed out", "closed channel")
    if any(word in low for word in away):
        return EngineError(
            f"Milvus at {server} does not answer; check the address and whether the server is "
            f"running, and try again ({text})"
        )
    return EngineError(f"Milvus at {server} cannot do this: {text}")


def literal(value: object) -> str:
    """Return a value as a condition has it: an integer, a string, or a list of them."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def _pymilvus() -> Any:  # noqa: ANN401 - it has no types
    """Import pymilvus.

    Importing it reads a file `.env` in a folder above it into the environment, and it logs errors
    with tracebacks to standard error. Neither is wanted.
    """
    before = os.environ.get("PYTHON_DOTENV_DISABLED")
    os.environ["PYTHON_DOTENV_DISABLED"] = "1"
    try:
        import pymilvus
    except ImportError as error:
        raise EngineError(f"collections in Milvus need an extra: {INSTALL}") from error
    finally:
        if before is None:
            del os.environ["PYTHON_DOTENV_DISABLED"]
        else:
            os.environ["PYTHON_DOTENV_DISABLED"] = before
    for name in ("pymilvus", "pymilvus.decorators"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    return pymilvus
