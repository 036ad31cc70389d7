"""Output files that appear only when they are complete."""

import os
from pathlib import Path

from qa.atomic_file import atomic_text


def test_what_an_earlier_process_of_the_same_number_left_is_not_in_the_way(tmp_path: Path) -> None:
    """After a power cut numbers begin anew; in a container the program always has the same."""
    (tmp_path / f".out.{os.getpid()}.tmp").write_text("in part")
    with atomic_text(tmp_path / "out") as stream:
        stream.write("whole")

    assert "whole" == (tmp_path / "out").read_text()
