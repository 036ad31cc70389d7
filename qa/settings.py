"""Settings from the environment, from the file beside the collection and from the user's file.

The environment overrides the file beside the collection, which overrides the user's own file; the
command line overrides all of them. The file beside a collection may come from someone else, so it
cannot name a model to load, and it can only lower the limit of file size, which bounds memory. No
setting can name a command to run or a folder to read.
"""

import os
import stat
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from index.filters import NO_FILTERS, Filters
from qa.errors import SettingsError
from qa.types import AskOptions, check_risk

FILE_NAME = "releaseqa.toml"
"""The file beside a collection."""
PREFIX = "RELEASEQA_"
"""Prefix of the environment variables."""
MAX_FILE_BYTES = 65_536
MAX_K = 1000
DEFAULT_MAX_MB = 64
"""Megabytes of the largest source file that is read, unless a setting says otherwise."""

_MAX_KEYS = 200
_MAX_DIGITS = 20
"""More digits are no setting; Python converts only some thousands."""

_MAX_KEY_NAMES = 100
_FILE_ONLY = frozenset({"keys"})
_USER_ONLY = frozenset({"model"})


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force.

    Attributes:
        k: Number of passages per question.
        risk: Maximum error rate among answers, between 0 and 1; None for the default threshold.
        words_only: Search by words only, not by meaning.
        reader: Find the exact answer in the best passages.
        max_mb: Size of the largest source file to read, in megabytes; None for the default.
        model: Folder or name of the model for a new collection; None for the packaged one.
        keys: Keys of the terminal UI by action id, checked by the UI.
    """

    k: int = 5
    risk: float | None = None
    words_only: bool = False
    reader: bool = True
    max_mb: int | None = None
    model: str | None = None
    keys: Mapping[str, str] = field(default_factory=dict)

    def ask_options(self, filters: Filters = NO_FILTERS) -> AskOptions:
        """Return the options of a question asked with these settings."""
        return AskOptions(self.k, filters, self.risk, self.words_only, self.reader)

    def override(self, given: Mapping[str, Any]) -> "Settings":
        """Return the settings with the given values; None counts as not given."""
        return replace(self, **{name: value for name, value in given.items() if value is not None})


@dataclass(frozen=True, slots=True)
class LoadedSettings:
    """Settings with their origins.

    Attributes:
        settings: The settings in force.
        origins: The source of each setting that is not a default, by name.
        notes: Messages about ignored settings.
    """

    settings: Settings
    origins: Mapping[str, str]
    notes: tuple[str, ...]


def load_settings(
    collection: Path | None, environ: Mapping[str, str], user_file: Path | None = None
) -> LoadedSettings:
    """Read the settings that apply to a collection.

    Args:
        collection: The collection's folder; the file `releaseqa.toml` beside it is read.
        environ: The environment.
        user_file: The user's own file; None for the default place.

    Raises:
        SettingsError: A file cannot be read, or a value is invalid.
    """
    user_file = user_config_file() if user_file is None else user_file
    layers = [(str(user_file), _read(user_file), True)]
    if collection is not None:
        found = collection.absolute().parent / FILE_NAME
        layers.append((str(found), _read(found), False))
    layers.append(("the environment", _from_environment(environ), True))
    settings, origins, notes = Settings(), dict[str, str](), list[str]()
    for origin, values, is_users in layers:
        for name, value in values.items():
            if name in _USER_ONLY and not is_users:
                notes.append(f"{origin}: {name} cannot be set here; use --{name}.")
            elif name not in _CHECKS:
                notes.append(f"{origin}: ignored unknown setting {name!r}.")
            else:
                checked = _CHECKS[name](value, f"{origin}: {name}")
                most = settings.max_mb or DEFAULT_MAX_MB
                if name == "max_mb" and not is_users and checked > most:
                    notes.append(
                        f"{origin}: max_mb can only be lowered here; it stays {most}. Use --max-mb."
                    )
                    continue
                if name == "keys":
                    checked = {**settings.keys, **checked}
                settings = replace(settings, **{name: checked})
                origins[name] = origin
    return LoadedSettings(settings, origins, tuple(notes))


def user_config_file() -> Path:
    """Return the path of the user's own settings file, whether it exists or not."""
    import platformdirs

    return Path(platformdirs.user_config_dir("releaseqa")) / "config.toml"


def check_k(value: object, name: str) -> int:
    """Return a number of passages.

    Raises:
        SettingsError: It is not a whole number from 1 to `MAX_K`.
    """
    number = _whole(value)
    if number is None or not 1 <= number <= MAX_K:
        raise SettingsError(f"{name} is {value!r}; it must be a whole number from 1 to {MAX_K}.")
    return number


def _check_max_mb(value: object, name: str) -> int:
    number = _whole(value)
    if number is None or number < 1:
        raise SettingsError(
            f"{name} is {value!r}; it must be a whole number of megabytes, at least 1."
        )
    return number


def _check_flag(value: object, name: str) -> bool:
    words = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    flag = words.get(value.strip().lower()) if isinstance(value, str) else value
    if not isinstance(flag, bool):
        raise SettingsError(f"{name} is {value!r}; it must be true or false.")
    return flag


def _check_model(value: object, name: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise SettingsError(f"{name} is {value!r}; it must be the name or folder of a model.")
    return value


def _check_keys(value: object, name: str) -> dict[str, str]:
    """Return a table from action ids to keys; a string can name several keys."""
    if not isinstance(value, dict) or len(value) > _MAX_KEYS:
        raise SettingsError(
            f'{name} must be a table, for example keys = {{ "passage.copy" = "x" }}.'
        )
    for action, keys in value.items():
        if not isinstance(keys, str) or len(keys) > _MAX_KEY_NAMES:
            raise SettingsError(
                f'{name}: {action} is {keys!r}; it must be a string of keys, such as "ctrl+g".'
            )
    return value


def _whole(value: object) -> int | None:
    """Return a whole number, given as a number or as text, or None."""
    if isinstance(value, str) and value.strip().isdecimal() and len(value) <= _MAX_DIGITS:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


_CHECKS: Mapping[str, Callable[[object, str], Any]] = {
    "k": check_k,
    "risk": check_risk,
    "words_only": _check_flag,
    "reader": _check_flag,
    "max_mb": _check_max_mb,
    "model": _check_model,
    "keys": _check_keys,
}


def _from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    """Return the settings among the variables; others with the prefix are ignored."""
    variables = {
        name: environ.get(PREFIX + name.upper(), "") for name in _CHECKS.keys() - _FILE_ONLY
    }
    return {name: value for name, value in variables.items() if value}


def _read(path: Path) -> dict[str, Any]:
    """Return the values in a file; empty if there is no file.

    Only a regular file of limited size is read, not a pipe or a device.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}.") from error
    state = os.fstat(descriptor)
    if not stat.S_ISREG(state.st_mode) or state.st_size > MAX_FILE_BYTES:
        os.close(descriptor)  # a folder cannot be opened as below
        raise SettingsError(f"{path} is not a settings file; remove or replace it.")
    with open(descriptor, "rb") as file:  # noqa: PTH123 - a descriptor opened without blocking
        try:
            return tomllib.loads(file.read(MAX_FILE_BYTES).decode("utf-8-sig"))
        except (ValueError, RecursionError) as error:  # also a number of thousands of digits
            raise SettingsError(f"{path} is not valid TOML: {error}.") from error
