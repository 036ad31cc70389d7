"""The faults that `benchmarks/mutations.py` puts into the code still fit it."""

import shutil
from pathlib import Path

import pytest
from checkout import ROOT

from benchmarks import mutations


@pytest.mark.parametrize("number", range(len(mutations.FAULTS)))
def test_a_fault_can_be_put_into_the_code(number: int, tmp_path: Path) -> None:
    """Its line is there once, the module with it compiles, and the tests to run exist."""
    fault = mutations.FAULTS[number]
    path = tmp_path / fault.module
    path.parent.mkdir(parents=True)
    shutil.copy(ROOT / fault.module, path)

    mutations.apply(fault, tmp_path)

    assert path.read_bytes() != (ROOT / fault.module).read_bytes()
    assert [] == [test for test in fault.tests if not (ROOT / test).exists()]


def test_there_are_many_faults() -> None:
    """No two are the same."""
    assert 60 == len({(fault.module, fault.line, fault.fault) for fault in mutations.FAULTS})
