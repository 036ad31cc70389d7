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
    assert [("sync", tmp_path), ("sync", out / ANSWERS), ("sync", out)] == steps[:3]
    temporary, *rest = steps[3:]
    assert ("sync", out) == (temporary[0], temporary[1].parent)
    assert temporary[1].name.startswith(f".{STATE}.")
    assert [("rename", out / STATE), ("sync", out)] == rest
