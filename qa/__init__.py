"""Questions to answers: ranking, evidence, confidence, batches, evaluation, the command line.

from qa import open_collection

with open_collection(".releaseqa") as collection:
    answer = collection.ask("When did Minister Joly visit Korea?", k=5)
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qa.collection import Collection, open_collection
    from qa.types import Answer

__all__ = ["Answer", "Collection", "open_collection"]

_HOMES = {
    "Answer": "qa.types",
    "Collection": "qa.collection",
    "open_collection": "qa.collection",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the module holds
    """Import a public name when it is first used, so that `import qa` loads nothing heavy."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
