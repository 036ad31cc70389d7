"""Limits that a process sets for itself before it reads what is not to be trusted."""

import contextlib
import math


def allow_cpu(seconds: int) -> None:
    """Let this process be ended after so many more seconds of processor time."""
    with contextlib.suppress(ImportError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        limit("RLIMIT_CPU", math.ceil(used.ru_utime + used.ru_stime) + seconds)


def limit(name: str, value: int) -> None:
    """Set a limit that can be raised again, as far as the system can.

    Args:
        name: Of the module `resource`, such as `RLIMIT_AS`.
        value: In the unit of that limit.
    """
    # Windows has none, where the time limit of the process that started this one remains.
    with contextlib.suppress(ImportError, AttributeError, OSError, ValueError):
        import resource

        kind = getattr(resource, name)
        _, most = resource.getrlimit(kind)
        allowed = value if most == resource.RLIM_INFINITY else min(value, most)
        resource.setrlimit(kind, (allowed, most))
