"""Calling the engine outside the UI's thread."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from contextvars import copy_context
from threading import Thread
from typing import ParamSpec, TypeVar

from index.errors import ReleaseIndexError
from qa.errors import QAError, WorkerError

P = ParamSpec("P")
T = TypeVar("T")


async def in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call in a thread. An unexpected exception becomes an error that can be shown.

    The program can end before the call does, which it could not if the thread were of a pool.
    """
    context = copy_context()
    result: Future[T] = Future()

    def call() -> None:
        if not result.set_running_or_notify_cancel():
            return
        try:
            result.set_result(context.run(function, *args, **kwargs))
        except BaseException as error:  # noqa: BLE001 - raised where it is awaited
            result.set_exception(error)

    Thread(target=call, name=f"call {getattr(function, '__name__', '')}", daemon=True).start()
    try:
        return await asyncio.wrap_future(result)
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
