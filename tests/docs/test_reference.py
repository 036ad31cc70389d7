"""The reference says what the commands say."""

import re
from typing import Any

import pytest
import typer
from checkout import ROOT

from index.filters import FILTERS, KINDS
from index.types import Kind
from qa.cli.app import app
from qa.settings import PREFIX, Settings

REFERENCE = ROOT / "docs" / "reference"
GROUP: Any = typer.main.get_command(app)
FILTER_OPTIONS = [spec.option for spec in FILTERS]
SHARED = ("--index", "--quiet", "-q", "--verbose", "-v", "--no-color", "--help", "-h")


def sections() -> dict[str, str]:
    """The sections of the reference of commands, by their headings."""
    text = (REFERENCE / "commands.md").read_text(encoding="utf-8")
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def options(command: Any) -> list[str]:
    """Every spelling of every option of a command and its own commands, in the help's order."""
    own = [
        name
        for found in command.params
        for name in (*found.opts, *found.secondary_opts)
        if name.startswith("-")
    ]
    return own + [name for found in own_commands(command).values() for name in options(found)]


def own_commands(command: Any) -> dict[str, Any]:
    """The commands of a command that is a group of them, by name."""
    return getattr(command, "commands", {})


def test_every_command_has_a_section_and_every_section_a_command() -> None:
    """No command is undocumented, and nothing is described that is not there."""
    described = [name for name in sections() if name not in {"Global options", "Filters"}]

    assert described == list(GROUP.commands)


@pytest.mark.parametrize("name", list(GROUP.commands))
def test_every_option_is_described(name: str) -> None:
    """Each option of a command's help stands in its section, or in one it refers to."""
    command = GROUP.commands[name]
    found = sections()
    text = found[name]
    missing = [
        option
        for option in options(command)
        if f"`{option}`" not in text
        and f"`{option} " not in text
        and not (option in SHARED and f"`{option}" in found["Global options"])
        and not (option in FILTER_OPTIONS and "[filters](#filters)" in text)
    ]
    assert missing == []


@pytest.mark.parametrize("name", list(GROUP.commands))
def test_every_command_of_a_group_is_described(name: str) -> None:
    """What `releaseqa GROUP COMMAND` does stands in the group's section."""
    text = sections()[name]
    inner = own_commands(GROUP.commands[name])

    assert [found for found in inner if f"- `releaseqa {name} {found}" not in text] == []


@pytest.mark.parametrize("name", list(GROUP.commands))
def test_every_option_described_is_there(name: str) -> None:
    """A table of options names no option that the command lacks."""
    named = re.findall(r"^\| (`-.+?`) \|", sections()[name], flags=re.MULTILINE)
    described = {option for cell in named for option in re.findall(r"`(--?[a-z-]+)", cell)}

    assert described - set(options(GROUP.commands[name])) == set()


def test_shared_options_and_filters_are_described() -> None:
    """The two shared sections name every option they are about, every filter and every kind."""
    found = sections()

    assert [name for name in SHARED if f"`{name}" not in found["Global options"]] == []
    assert [name for name in FILTER_OPTIONS if f"`{name} " not in found["Filters"]] == []
    assert [kind for kind in KINDS if f"`{kind}`" not in found["Filters"]] == []
    assert len(KINDS) == len(Kind.__args__)  # type: ignore[attr-defined]


def test_every_command_shows_examples_in_its_help() -> None:
    """The end of each help text shows how the command is used."""
    grouped = {
        f"{name} {inner}": found
        for name, command in GROUP.commands.items()
        for inner, found in own_commands(command).items()
    }
    for name, command in {**GROUP.commands, **grouped}.items():
        title, *lines = command.epilog.split("\n")
        assert title == "Examples:"
        assert lines != []
        assert all(f"releaseqa {name}" in line for line in lines), name


def test_every_setting_is_described_with_its_variable() -> None:
    """The page on settings has a row for each setting; a table has no variable."""
    text = (REFERENCE / "settings.md").read_text(encoding="utf-8")

    assert "| `[keys]` | |" in text
    for name in Settings.__dataclass_fields__.keys() - {"keys"}:
        assert f"| `{name}` | `{PREFIX}{name.upper()}` |" in text


def test_every_exit_code_is_described() -> None:
    """The page on exit codes has a row for each code the program ends with."""
    text = (REFERENCE / "exit-codes.md").read_text(encoding="utf-8")

    found = re.findall(r"^\| (\d+) \|", text, flags=re.MULTILINE)
    assert found == ["0", "1", "2", "3", "4", "130", "143"]


def test_the_answer_page_names_every_field() -> None:
    """Each field of the JSON form is described."""
    text = (REFERENCE / "answer.md").read_text(encoding="utf-8")
    example = re.search(r"^```\n(\{.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    assert example is not None
    keys = set(re.findall(r'"([a-z_]+)":', example[1]))

    described = set(re.findall(r"`([a-z_]+)`", text.split("```")[2]))
    assert keys - described - {"passage", "encode_ms", "search_ms", "total_ms"} == set()
