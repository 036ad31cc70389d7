"""Where settings come from, and which may come from where."""

import os
from pathlib import Path

import pytest

from index.ingest.parse import MAX_BYTES
from qa.errors import SettingsError
from qa.settings import DEFAULT_MAX_MB, LoadedSettings, Settings, load_settings


@pytest.fixture(name="collection")
def _collection(tmp_path: Path) -> Path:
    """The folder of a collection."""
    folder = tmp_path / "project" / ".releaseqa"
    folder.mkdir(parents=True)
    return folder


def load(collection: Path, **environ: str) -> LoadedSettings:
    """Load settings, with the user's file at a known place."""
    return load_settings(collection, environ, user_file(collection))


def user_file(collection: Path) -> Path:
    """The user's own file."""
    return collection.parent.parent / "config.toml"


def folder_file(collection: Path) -> Path:
    """The file beside the collection."""
    return collection.parent / "releaseqa.toml"


def test_without_any_file_the_defaults_hold(collection: Path) -> None:
    """Nothing set gives the defaults, and no origin is named."""
    assert load(collection) == LoadedSettings(Settings(), {}, ())


def test_the_environment_counts_over_the_folder_and_the_folder_over_the_user(
    collection: Path,
) -> None:
    """Each value comes from the nearest place that sets it."""
    user_file(collection).write_text("k = 1\nrisk = 0.1\nmax_mb = 9\n")
    folder_file(collection).write_text("k = 2\nrisk = 0.2\n")

    loaded = load(collection, RELEASEQA_K="3", RELEASEQA_RISK="")

    assert loaded.settings == Settings(k=3, risk=0.2, max_mb=9)
    assert loaded.origins == {
        "k": "the environment",
        "risk": str(folder_file(collection)),
        "max_mb": str(user_file(collection)),
    }


def test_a_file_found_in_a_folder_cannot_name_a_model(collection: Path) -> None:
    """The folder's file may be a stranger's: a model in it is left aside, and said so."""
    folder_file(collection).write_text('model = "/tmp/evil"\nk = 7\n')

    loaded = load(collection)

    assert loaded.settings == Settings(k=7)
    assert loaded.notes == (f"{folder_file(collection)}: model cannot be set here; use --model.",)


@pytest.mark.parametrize(("own", "ceiling"), [(None, 64), (200, 200), (9, 9)])
def test_a_file_found_in_a_folder_can_only_lower_the_size_of_files(
    collection: Path, own: int | None, ceiling: int
) -> None:
    """A stranger's file cannot lift the limit that bounds memory: it stays what the user has."""
    if own is not None:
        user_file(collection).write_text(f"max_mb = {own}\n")
    folder_file(collection).write_text("max_mb = 100000\nk = 7\n")
    raised = load(collection)
    folder_file(collection).write_text("max_mb = 5\n")
    lowered = load(collection)

    assert raised.settings == Settings(k=7, max_mb=own)
    (note,) = raised.notes
    assert note.startswith(f"{folder_file(collection)}: max_mb can only be lowered here; ")
    assert note.endswith(f"it stays {ceiling}. Use --max-mb.")
    assert DEFAULT_MAX_MB * 1_000_000 == MAX_BYTES
    assert (5, ()) == (lowered.settings.max_mb, lowered.notes)
    assert 300 == load(collection, RELEASEQA_MAX_MB="300").settings.max_mb


@pytest.mark.parametrize("name", ["command", "pager", "index", "sources", "follow"])
def test_a_file_cannot_name_a_command_or_a_place_to_read(collection: Path, name: str) -> None:
    """There is no setting that runs something or reads elsewhere; an unknown one is named."""
    folder_file(collection).write_text(f'{name} = "x"\n')

    loaded = load(collection)

    assert loaded.settings == Settings()
    assert loaded.notes == (f"{folder_file(collection)}: ignored unknown setting {name!r}.",)


def test_a_model_may_come_from_the_user_and_the_environment(collection: Path) -> None:
    """The user's own file and environment are the user's word."""
    user_file(collection).write_text('model = "mine"\n')

    assert load(collection).settings.model == "mine"
    assert load(collection, RELEASEQA_MODEL="other").settings.model == "other"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("k = 0", "k is 0; it must be a whole number from 1 to 1000"),
        ("k = true", "k is True"),
        ("k = 2.5", "k is 2.5"),
        ("risk = 1", "risk is 1; it must be a number between 0 and 1"),
        ('risk = "much"', "risk is 'much'"),
        ("risk = nan", "risk is nan"),
        ('words_only = "perhaps"', "words_only is 'perhaps'; it must be true or false"),
        ("max_mb = -1", "max_mb is -1"),
        ("k = [", "is not valid TOML"),
    ],
)
def test_a_value_without_meaning_is_named(collection: Path, line: str, message: str) -> None:
    """A wrong value stops with its file, its name and what it should be."""
    folder_file(collection).write_text(line)

    with pytest.raises(SettingsError) as raised:
        load(collection)

    assert str(raised.value).startswith(str(folder_file(collection)))
    assert message in str(raised.value)


def test_what_is_no_plain_file_is_not_read(collection: Path) -> None:
    """A pipe beside a collection cannot make the program wait, a huge file cannot fill memory."""
    os.mkfifo(folder_file(collection))
    with pytest.raises(SettingsError, match="not a settings file"):
        load(collection)

    folder_file(collection).unlink()
    folder_file(collection).write_text("#" * 100_000)
    with pytest.raises(SettingsError, match="not a settings file"):
        load(collection)


def test_words_of_the_environment_are_read_as_values(collection: Path) -> None:
    """Numbers and flags in the environment are spelled out."""
    loaded = load(collection, RELEASEQA_K=" 12 ", RELEASEQA_WORDS_ONLY="Yes", RELEASEQA_RISK="0.25")

    assert loaded.settings == Settings(k=12, risk=0.25, words_only=True)


def test_keys_of_the_folder_stand_over_the_users_own_one_by_one(collection: Path) -> None:
    """A table of keys adds to the one below it; an action named in both has the upper key."""
    user_file(collection).write_text('[keys]\n"passage.copy" = "x"\n"theme" = "f9"\n')
    folder_file(collection).write_text('[keys]\n"passage.copy" = "ctrl+y"\n')

    assert load(collection).settings.keys == {"passage.copy": "ctrl+y", "theme": "f9"}


@pytest.mark.parametrize(
    ("text", "message"),
    [('keys = "x"', "must be a table"), ("[keys]\na = 3", "it must be a string of keys"),
     ('[keys]\na = "' + "x" * 200 + '"', "it must be a string of keys")],
)  # fmt: skip
def test_keys_that_are_none_are_refused(collection: Path, text: str, message: str) -> None:
    """The table holds strings of a reasonable length."""
    folder_file(collection).write_text(text)

    with pytest.raises(SettingsError, match=message):
        load(collection)


def test_a_folder_in_the_place_of_the_file_is_named(collection: Path) -> None:
    """A folder of that name is no settings file, and the message says which one it is."""
    folder_file(collection).mkdir()

    with pytest.raises(SettingsError, match=r"releaseqa\.toml is not a settings file"):
        load(collection)


def test_keys_cannot_come_from_the_environment(collection: Path) -> None:
    """A table cannot be spelled in a variable, so none is looked for."""
    assert load(collection, RELEASEQA_KEYS="x").settings.keys == {}
