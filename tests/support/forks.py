"""Run functions in forked processes, from one that has everything loaded and has no threads."""

from collections.abc import Callable
from multiprocessing import get_context
from typing import TypeVar

T = TypeVar("T")

FORK = get_context("fork")


def in_fork(act: Callable[[], T]) -> T:
    """Return what a function returns in a process of its own, which may start threads.

    Raises:
        EOFError: The function raised; its traceback is on standard error.
    """
    here, there = FORK.Pipe(duplex=False)
    process = FORK.Process(target=lambda: there.send(act()))
    process.start()
    there.close()
    try:
        found: T = here.recv()
    finally:
        process.join()
        here.close()
    return found
