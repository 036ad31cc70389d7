"""The day it is. Everything that reads "yesterday" or "7d" asks here, unless it is told the day."""

import datetime as dt


def local_today() -> dt.date:
    """Return today's date where the user is."""
    return dt.datetime.now().astimezone().date()
