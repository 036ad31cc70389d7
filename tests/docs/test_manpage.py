"""The manual page, made of the reference."""

import shutil
import subprocess
import sys
import tarfile
import zipfile
from functools import partial
from pathlib import Path

import manpage
import pytest
import typer
from checkout import ROOT

from qa.cli.app import app

COMMANDS = list(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


def test_every_command_exit_code_and_variable_is_on_the_page() -> None:
    """The page has a part for each command, in the order of the help."""
    lines = manpage.page().splitlines()

    assert COMMANDS == [line.removeprefix(".SS ") for line in lines if line.startswith(".SS ")]
    assert {r"\fB130\fR", "130"} & set(lines)
    assert r"\fBRELEASEQA_INDEX\fR" in lines
    assert r"\fB\-\-index DIR\fR" in lines


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("`a-b` and [a page](x.md)", [".PP", r"\fBa\-b\fR and a page"]),
        (".hidden 'x'", [".PP", r"\&.hidden \(aqx\(aq"]),
        ("a\\b ~ ^", [".PP", r"a\eb \(ti \(ha"]),
        ("- one\n- two", [".IP \\(bu 2", "one", ".IP \\(bu 2", "two"]),
        (
            "| option | meaning |\n|---|---|\n| `-k N` | Number. |",
            [".TP", r"\fB\-k N\fR", "Number."],
        ),
        (
            "| tool | takes | returns |\n|---|---|---|\n| `a` | b | C. |",
            [".TP", r"\fBa\fR", "takes: b. returns: C."],
        ),
        ("```sh\n.x -y\n```", [".PP", ".in +4n", ".EX", r"\&.x \-y", ".EE", ".in"]),
    ],
)  # fmt: skip
def test_the_reference_is_set_as_a_page(written: str, expected: list[str]) -> None:
    """Signs that the page would take for requests are themselves; links are their words."""
    assert expected == list(manpage.blocks(written))


def test_a_wheel_brings_the_page(tmp_path: Path) -> None:
    """Also one that is built of the source archive, which therefore has the reference."""
    checkout = tmp_path / "checkout"
    for folder in ("qa", "index", "tui", "tools", "docs/reference"):
        shutil.copytree(
            ROOT / folder, checkout / folder, ignore=shutil.ignore_patterns("*.onnx", "__pycache__")
        )
    for name in ("pyproject.toml", "setup.py", "MANIFEST.in", "README.md", "LICENSE", "NOTICE"):
        shutil.copy(ROOT / name, checkout)
    build = "import sys; from setuptools import build_meta as b; getattr(b, sys.argv[1])('..')"
    run = partial(subprocess.run, check=True, capture_output=True)

    run([sys.executable, "-c", build, "build_sdist"], cwd=checkout)
    (archive,) = tmp_path.glob("releaseqa-*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(tmp_path, filter="data")
    run(
        [sys.executable, "-c", build, "build_wheel"], cwd=tmp_path / archive.name[: -len(".tar.gz")]
    )

    (built,) = tmp_path.glob("releaseqa-*.whl")
    with zipfile.ZipFile(built) as wheel:
        (member,) = [name for name in wheel.namelist() if name.endswith("man1/releaseqa.1")]
        assert ".data/data/share/man/man1/" in member
        assert manpage.page() == wheel.read(member).decode()


def test_the_page_is_shown_without_a_warning(tmp_path: Path) -> None:
    """The tool writes a file, its folder too, that `man` shows."""
    if shutil.which("man") is None or shutil.which("groff") is None:
        pytest.skip("man and groff are not installed")
    file = tmp_path / "man1" / "releaseqa.1"
    subprocess.run([sys.executable, ROOT / "tools" / "manpage.py", file], check=True)

    shown = subprocess.run(
        ["man", "--warnings=all", "-l", file],
        capture_output=True, check=True,
        env={"PATH": "/usr/bin:/bin", "MANWIDTH": "80", "LC_ALL": "C.UTF-8"},
    )  # fmt: skip

    assert "" == shown.stderr.decode()
    assert "releaseqa index press-releases/" in shown.stdout.decode()
