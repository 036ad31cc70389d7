"""The version of the program, as it was installed."""

from importlib.metadata import PackageNotFoundError, version


def program_version() -> str:
    """Return the version; `0+unknown` when run from a checkout that is not installed."""
    try:
        return version("releaseqa")
    except PackageNotFoundError:
        return "0+unknown"
