"""Stores as a stranger would craft them, and as a killed program leaves them."""

import os
import struct
from pathlib import Path

from index.store.reader import STORE_NAME

_MAGIC = bytes.fromhex("d9d505f920a163d7")
_SECTOR = 512


def put_journal(folder: Path, pages: dict[int, bytes] | None = None, victim: str = "") -> Path:
    """Write a rollback journal that SQLite would play back beside a store; return its path.

    See "Rollback Journal Format" in SQLite's file format: https://sqlite.org/fileformat2.html

    Args:
        folder: The collection's.
        pages: The content that pages are to get back, by number.
        victim: A file that the journal names as its super-journal, which SQLite deletes.
    """
    store = folder / STORE_NAME
    (size,) = struct.unpack(">H", store.read_bytes()[16:18])
    nonce = 4660
    header = struct.pack(
        ">IIIII", len(pages or {}), nonce, store.stat().st_size // size, _SECTOR, size
    )
    written = (_MAGIC + header).ljust(_SECTOR, b"\0")
    for number, page in (pages or {}).items():
        checksum = nonce + sum(page[i] for i in range(size - 200, 0, -200))
        written += struct.pack(">I", number) + page + struct.pack(">I", checksum & 0xFFFFFFFF)
    if victim:
        name = os.fsencode(victim)
        lock_page = 0x40000000 // size + 1
        written += struct.pack(">I", lock_page) + name
        written += struct.pack(">II", len(name), sum(name) & 0xFFFFFFFF) + _MAGIC
    journal = folder / f"{STORE_NAME}-journal"
    journal.write_bytes(written)
    return journal


def leave_hot_journal(folder: Path) -> None:
    """Leave a store as a kill within a commit does: its first page is in the journal alone."""
    store = folder / STORE_NAME
    written = store.read_bytes()
    (size,) = struct.unpack(">H", written[16:18])
    put_journal(folder, {1: written[:size]})
    store.write_bytes(written[:96] + b"\xff" * (size - 96) + written[size:])
