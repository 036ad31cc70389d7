"""The journal of a batch."""

from contextlib import suppress
from pathlib import Path

import pytest
from made_answers import made_answer

from qa.batch.journal import Journal
from qa.batch.question_file import QuestionRecord


def test_a_journal_is_closed_at_the_end_of_its_block_and_kept(tmp_path: Path) -> None:
    """Also when the block fails; what was added can be resumed by a journal of the same batch."""
    path, question = tmp_path / "out.partial", QuestionRecord("q1", "When does the bridge open?")
    with suppress(KeyboardInterrupt), Journal(path, "one") as journal:
        journal.start()
        journal.add(question, made_answer())
        raise KeyboardInterrupt
    with pytest.raises(ValueError, match="not open"):
        journal.flush()

    with Journal(path, "another") as journal:
        assert journal.resume(iter([question])) is None
    with Journal(path, "one") as journal:
        found = journal.resume(iter([question]))
        assert found is not None
        assert (found[0].answered, list(found[1])) == (1, [])
        assert list(journal.outcomes()) == [made_answer()]
