"""A round of `watch` is on the disk when it has ended, its answers before what counts on them."""

from pathlib import Path

from disk_steps import disk_steps

from qa import open_collection
from qa.batch.watch import ANSWERS, STATE, Reports
from qa.types import AskOptions


def test_a_round_syncs_its_answers_before_its_state(
    sample_collection: Path, tmp_path: Path
) -> None:
    """The new folder, the answers, their name, the state, and that it replaced the one before."""
    questions = tmp_path / "q.txt"
    questions.write_text("How will the Killick-1 satellite be used?\n")
    reports = Reports(tmp_path / "out")
    with (
        disk_steps() as steps,
        open_collection(sample_collection) as collection,
        reports.locked(),
    ):
        reports.round(collection, questions, AskOptions(words_only=True, reader=False))

    out = reports.folder
    replaced = [("rename", out / STATE), ("sync", out)]
    assert ("sync", tmp_path) == steps[0]
    assert replaced == steps[2:4]  # the state of a round that has not begun
    assert [("sync", out / ANSWERS), ("sync", out)] == steps[4:6]
    assert replaced == steps[7:]
    for kind, path in (steps[1], steps[6]):
        assert ("sync", out) == (kind, path.parent)
        assert path.name.startswith(f".{STATE}.")
