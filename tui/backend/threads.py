"""Calling the engine outside the UI's thread."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from index.errors import ReleaseIndexError
from qa.errors import QAError, WorkerError

P = ParamSpec("P")
T = TypeVar("T")


async def in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call in a thread. An unexpected exception becomes an error that can be shown."""
    try:
        return await asyncio.to_thread(function, *args, **kwargs)
    except (ReleaseIndexError, QAError):
        raise
    except Exception as error:
        raise QAError(f"Unexpected error ({type(error).__name__}: {error}).") from error


async def with_retry(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call in a thread; if the engine's process has ended, call again in a new one."""
    try:
        return await in_thread(function, *args, **kwargs)
    except WorkerError:
        return await in_thread(function, *args, **kwargs)
