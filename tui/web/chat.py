"""The process of one chat in a browser, which `tui.web.process` starts for each page.

Textual's web driver reads what is typed from standard input, and writes the screen to standard
output.
"""

import base64
import pickle
from functools import partial
from typing import Never

from qa.errors import QAError
from tui.backend.protocols import ChatSettings


def encoded(settings: ChatSettings) -> str:
    """Return settings as an argument of the process."""
    return base64.b64encode(pickle.dumps(settings)).decode()


def main(argument: str) -> int:
    """Run a chat with encoded settings; return an exit code."""
    from tui.app import ReleaseQA, run
    from tui.backend.process import EngineProcess

    settings: ChatSettings = pickle.loads(base64.b64decode(argument))  # noqa: S301 - the server's
    # No environment: the desktop and the terminal of this computer are not those of the user.
    make = partial(ReleaseQA, settings, opener=EngineProcess, update=_refuse, environment={})
    return run(make, say=lambda _: None)  # nothing is indexed, so there is nothing to tell


def _refuse(*_: object, **__: object) -> Never:
    raise QAError("A chat in the browser does not index.")
