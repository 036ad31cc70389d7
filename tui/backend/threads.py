"""Calling the engine outside the UI thread."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from index.errors import ReleaseIndexError
from qa.errors import QAError, WorkerError

P = ParamSpec("P")
T = TypeVar("T")


async def in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call in a thread. A defect below becomes an error that is shown: no turn is lost to it."""
    try:
        return await asyncio.to_thread(function, *args, **kwargs)
    except (ReleaseIndexError, QAError):
        raise
    except Exception as error:
        raise QAError(f"That failed unexpectedly ({type(error).__name__}: {error}).") from error


async def again_if_ended(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call in a thread, once more when the process called has ended: another takes its place."""
    try:
        return await in_thread(function, *args, **kwargs)
    except WorkerError:
        return await in_thread(function, *args, **kwargs)
