"""Names in suggested commands, as a shell would take them."""

import shlex

import pytest

from index.text.shell_words import operand


@pytest.mark.parametrize(
    "name", ["-rf", "--help", "a; rm -rf x", "$(x)", "`x`", "it's", "", "a\nb", "~", "*", "a b"]
)
def test_a_name_is_one_word_that_is_no_option(name: str) -> None:
    """A shell takes the name as one word, and the program never as an option."""
    words = shlex.split(operand(name))

    assert name == words[-1]
    assert words[:-1] == (["--"] if name.startswith("-") else [])


def test_an_ordinary_name_stands_as_it_is() -> None:
    """Ids and paths without special characters are not quoted."""
    assert "news/bridge-2023.txt" == operand("news/bridge-2023.txt")
