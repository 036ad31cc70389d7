"""Addresses in Milvus, and credentials: what is read, and what is refused."""

from pathlib import Path

import pytest

from index.errors import EngineError
from index.milvus.address import (
    MilvusAddress,
    find_place,
    is_address,
    parse_address,
    read_token,
    writer_folder,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("milvus://db.example:19531/news", MilvusAddress("db.example", 19531, "news")),
        ("milvus://DB/news/", MilvusAddress("db", 19530, "news")),
        ("milvus://[::1]:19530/a_1", MilvusAddress("[::1]", 19530, "a_1")),
        ("milvus+tls://db:443/news", MilvusAddress("db", 443, "news", tls=True)),
    ],
)
def test_addresses_are_read(text: str, expected: MilvusAddress) -> None:
    """Host, port and name; written again, an address means the same."""
    assert expected == parse_address(text) == parse_address(str(expected))
    assert ("https" if expected.tls else "http") == expected.uri.partition(":")[0]


@pytest.mark.parametrize(
    "text",
    [
        "milvus://", "milvus://db", "milvus://db:0/x", "milvus://db:70000/x", "milvus://db/1x",
        "milvus://db/a-b", "milvus://db/a/b", "milvus://db:19530/x?y", "milvus:// db/x",
        "milvus://db:19530/x\n",
    ],
)  # fmt: skip
def test_other_addresses_are_refused(text: str) -> None:
    """The message shows the form."""
    with pytest.raises(EngineError, match="milvus://HOST:PORT/COLLECTION"):
        parse_address(text)


def test_an_address_with_a_password_is_refused_and_not_repeated() -> None:
    """What may be a password is in no message."""
    with pytest.raises(EngineError, match="RELEASEQA_MILVUS_TOKEN_FILE") as refused:
        parse_address("milvus://root:Secret1@db:19530/news")
    assert "Secret1" not in str(refused.value)


def test_a_folder_is_no_address(sample_collection: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder is found as ever, also one whose name is like an address."""
    assert [False, False] == [is_address("milvus"), is_address("./milvus:/x")]
    assert sample_collection == find_place(sample_collection)
    monkeypatch.setenv("RELEASEQA_INDEX", "milvus://db/news")
    assert MilvusAddress("db", 19530, "news") == find_place()
    assert sample_collection == find_place(sample_collection)


def test_credentials_come_from_the_environment_or_a_private_file(tmp_path: Path) -> None:
    """A file that others can read or change is refused, with the remedy."""
    path = tmp_path / "token"
    path.write_text("root:Secret1\n", encoding="utf-8")
    named = {"RELEASEQA_MILVUS_TOKEN_FILE": str(path)}
    assert "" == read_token({})
    assert "a:b" == read_token({"RELEASEQA_MILVUS_TOKEN": "a:b", **named})
    for mode in (0o640, 0o604, 0o620, 0o610):
        path.chmod(mode)
        with pytest.raises(EngineError, match="chmod 600") as refused:
            read_token(named)
        assert "Secret1" not in str(refused.value)
    path.chmod(0o600)
    assert "root:Secret1" == read_token(named)
    path.chmod(0o400)
    assert "root:Secret1" == read_token(named)


@pytest.mark.parametrize("content", [b"", b"a\nb", b"\xff\xfe", b"x" * 5_000])
def test_a_file_that_is_no_credentials_is_refused(content: bytes, tmp_path: Path) -> None:
    """An empty file, several lines, other bytes, or too many."""
    path = tmp_path / "token"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(EngineError, match="named by"):
        read_token({"RELEASEQA_MILVUS_TOKEN_FILE": str(path)})
    with pytest.raises(EngineError, match="named by"):
        read_token({"RELEASEQA_MILVUS_TOKEN_FILE": str(tmp_path)})
    with pytest.raises(EngineError, match="cannot be read"):
        read_token({"RELEASEQA_MILVUS_TOKEN_FILE": str(tmp_path / "missing")})


def test_the_store_of_the_writer_has_a_folder_for_each_address(tmp_path: Path) -> None:
    """It is named by the environment, or below the user's data folder."""
    one, other = parse_address("milvus://db/a"), parse_address("milvus://db/b")
    environ = {"RELEASEQA_DATA": str(tmp_path)}
    assert writer_folder(one, environ) != writer_folder(other, environ)
    assert tmp_path in writer_folder(parse_address("milvus://[::1]/a"), environ).parents
    assert tmp_path / "x" == writer_folder(one, {"RELEASEQA_MILVUS_STORE": str(tmp_path / "x")})
