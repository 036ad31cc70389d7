"""Each test of this folder runs with every engine."""

from collections.abc import Callable, Iterator
from pathlib import Path

import milvus_server
import pytest
from built_collections import copied
from search_engines import Embedded, Engine, Milvus

ENGINES = ("embedded", "milvus")
MakeEngine = Callable[[Path], Engine]


@pytest.fixture(scope="module", params=ENGINES)
def make_engine(request: pytest.FixtureRequest) -> Iterator[MakeEngine]:
    """Makes an engine for the collection in a folder, which may not exist yet."""
    made: list[Engine] = []

    def make(folder: Path) -> Engine:
        if request.param == "embedded":
            return Embedded(folder)
        start = request.getfixturevalue("milvus")
        made.append(Milvus(folder, start + milvus_server.new_name()))
        return made[-1]

    if request.param == "milvus":
        request.getfixturevalue("milvus")
    yield make
    for engine in made:
        engine.drop()


@pytest.fixture(scope="module")
def samples(
    make_engine: MakeEngine, built_samples: Path, tmp_path_factory: pytest.TempPathFactory
) -> Engine:
    """The samples, searchable with the engine."""
    engine = make_engine(copied(built_samples, tmp_path_factory.mktemp("engine")))
    engine.publish()
    return engine
