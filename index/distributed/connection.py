"""The connection to a Ray cluster, and the translation of what Ray raises.

A cluster of the user's own is only connected to. The address `local` starts one for the run, on
this machine, and ends it with the run.
"""

import contextlib
import logging
import os
import socket
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from typing import Any

from index.distributed.address import Address, parse_address
from index.distributed.quiet import ray_silenced
from index.errors import ClusterError

_CONNECT_S = 5.0
_LOCAL_OBJECTS = 128 * 1024 * 1024
"""Bytes of shared memory for texts and vectors under way in a cluster of this machine's own."""
_LONGEST_CAUSE = 300


def check_cluster(address: str) -> None:
    """Connect to a cluster and leave it again, to learn early that it cannot be used.

    Raises:
        ClusterError: When it cannot be used.
    """
    parsed = parse_address(address)
    if parsed.is_local:
        import_ray()
        return
    with connected(parsed):
        pass


def import_ray() -> Any:  # noqa: ANN401 - the module
    """Return the module `ray`.

    Raises:
        ClusterError: When it is not installed.
    """
    # Ray reports the use of each cluster that it starts to its makers, unless told not to.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
    except ImportError as error:
        raise ClusterError(
            f"--ray needs {error.name}, which is not installed: pip install 'releaseqa[ray]'"
        ) from error
    return ray


@contextlib.contextmanager
def connected(address: Address) -> Iterator[Address]:
    """Connect to a cluster, and leave it at the end.

    Yields:
        The address of its head node, at which it can be seen whether it is still there.

    Raises:
        ClusterError: When the cluster cannot be reached, or has other versions of Ray or Python.
    """
    ray = import_ray()
    if address.host is not None and not answers(address):
        raise ClusterError(
            f"no Ray cluster answers at {address.text}; start one with `ray start --head`, or "
            "correct the address"
        )
    with contextlib.ExitStack() as stack:
        stack.enter_context(ray_silenced())
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        more: dict[str, Any] = {}
        if address.is_local:
            stack.enter_context(_environment(_local_settings()))
            more = {
                "include_dashboard": False,
                "object_store_memory": _LOCAL_OBJECTS,
                "_temp_dir": stack.enter_context(_temporary_folder()),
            }
        stack.callback(_shut_down, ray)
        try:
            ray.init(
                address=address.text,
                log_to_driver=False,
                logging_level=logging.CRITICAL,
                **more,
            )
            head = address if address.is_client else _head(ray)
        except Exception as error:  # Ray raises many kinds, and none that all share
            raise ClusterError(_why_not(address, error)) from error
        yield head


def answers(head: Address) -> bool:
    """Return whether something listens at the address of a head node."""
    if head.host is None:
        return True
    try:
        with socket.create_connection((head.host, head.port), _CONNECT_S):
            return True
    except OSError:
        return False


def cause(error: BaseException) -> str:
    """Return the last line of an error's message, for a message of ours."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines[-1] if lines else type(error).__name__)[:_LONGEST_CAUSE]


def _head(ray: Any) -> Address:  # noqa: ANN401 - the module
    return parse_address(str(ray.get_runtime_context().gcs_address))


def _why_not(address: Address, error: Exception) -> str:
    texts = [str(each) for each in _chain(error)]
    if any("InvalidAuthToken" in text for text in texts):
        return (
            f"the Ray cluster at {address.text} refuses this machine's token; set "
            "RAY_AUTH_MODE=token, and RAY_AUTH_TOKEN_PATH to a file with the cluster's token"
        )
    for text in texts:
        if "ersion mismatch" in text:
            told = " ".join(text.split())
            return f"the Ray cluster at {address.text} has other versions: {told[:_LONGEST_CAUSE]}"
    if address.text == "auto" and isinstance(error, ConnectionError):
        return (
            "no Ray cluster runs on this machine; start one with `ray start --head`, or name "
            "another with --ray HOST:PORT"
        )
    if not address.is_client and address.host is not None:
        return (
            f"cannot join the Ray cluster at {address.text} ({cause(error)}); this machine must be "
            f"one of its nodes (`ray start --address={address.text}`), or use "
            "--ray ray://HOST:10001"
        )
    return f"cannot use the Ray cluster {address.text} ({cause(error)})"


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _local_settings() -> dict[str, str]:
    return {
        # Workers of Ray let all other programs go first, which is not what a user wants who waits
        # for them, and not what encoding without Ray does.
        "RAY_worker_niceness": "0",
    }


@contextlib.contextmanager
def _environment(settings: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables, which the processes of a cluster inherit, for a while."""
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextlib.contextmanager
def _temporary_folder() -> Iterator[str]:
    """Make a folder for the files of a cluster; remove it when its processes have ended.

    Its path is short, because the path of a socket must not be longer than 107 bytes.
    """
    with tempfile.TemporaryDirectory(prefix="rq-", ignore_cleanup_errors=True) as folder:
        yield folder


def _shut_down(ray: Any) -> None:  # noqa: ANN401 - the module
    with contextlib.suppress(Exception):  # a cluster that is gone cannot be left
        ray.shutdown()
