"""The version of the installed program."""

from importlib.metadata import PackageNotFoundError, version


def program_version() -> str:
    """Return the version, or `0+unknown` if the program is not installed."""
    try:
        return version("releaseqa")
    except PackageNotFoundError:
        return "0+unknown"
