"""Judgements are read from files, checked against the collection, and make an evaluation set."""

import json
from io import BytesIO
from pathlib import Path

import pytest

from index.ingest.update import update_collection
from qa.collection import open_collection
from qa.errors import JudgementError
from qa.evaluation.dataset import read_dataset
from qa.evaluation.export_dataset import DatasetReport, write_evaluation_set
from qa.evaluation.judgement_file import BadJudgement, judgement_to_json, read_judgements
from qa.sessions.types import Judgement

VISIT = "canada-korea-visit"


def read(text: str | bytes, folder: Path) -> list[Judgement | BadJudgement]:
    """The judgements of a file over the samples."""
    raw = text if isinstance(text, bytes) else text.encode()
    with open_collection(folder) as collection:
        return list(read_judgements(BytesIO(raw), collection))


def test_lines_of_both_forms_are_read(sample_collection: Path) -> None:
    """TSV with or without header and grade, JSON, comments, passages, releases, no answer."""
    text = (
        "\ufeffquestion\tpassage\tgrade\n# a comment\n\n"
        f"Who?\t{VISIT}#1\t+\nWho?\t{VISIT}#2\t-\nWho?\t{VISIT}\t2\r\nWhen?\t{VISIT}#3\n"
        f'{{"question": "What?", "passage": "{VISIT}#0", "answers": ["this"]}}\n'
        f'{{"query": "Where?", "release": "{VISIT}", "grade": 0}}\n'
        '{"question": "Why?", "answerable": false}\n'
    )
    found = read(text, sample_collection)

    assert [
        Judgement("Who?", VISIT, f"{VISIT}#1", 1), Judgement("Who?", VISIT, f"{VISIT}#2", 0),
        Judgement("Who?", VISIT, "", 2), Judgement("When?", VISIT, f"{VISIT}#3", 1),
        Judgement("What?", VISIT, f"{VISIT}#0", 1, ("this",)), Judgement("Where?", VISIT, "", 0),
        Judgement("Why?", "", "", 0),
    ] == found  # fmt: skip
    again = "\n".join(json.dumps(judgement_to_json(j)) for j in found if isinstance(j, Judgement))
    assert found == read(again, sample_collection)


def test_a_citation_names_a_passage(sample_collection: Path) -> None:
    """What is copied from an answer can be judged; a citation that does not hold is refused."""
    with open_collection(sample_collection) as collection:
        citation = collection.ask("Operation NEON", words_only=True).passages[0].citation
    good, bad = read(
        f"Who?\t{citation}\t1\nWho?\t{citation.replace('sha256:', 'sha256:0')[:-2]}]\t1\n",
        sample_collection,
    )

    assert isinstance(good, Judgement)
    assert good.passage_id in citation
    assert isinstance(bad, BadJudgement)


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("Who?", "separated by tabs"),
        ("Who?\ta\tb\tc", "separated by tabs"),
        ("Who?\tnone#1\t1", "no passage or release"),
        (f"Who?\t{VISIT}#999\t1", "no passage or release"),
        (f"Who?\t{VISIT}#\u0661\t1", "no passage or release"),
        (f"Who?\t{VISIT}#1\tmaybe", "the grade"),
        (f"Who?\t{VISIT}#1\t-1", "the grade"),
        (f"Who?\t{VISIT}#1\t101", "the grade"),
        (f"\t{VISIT}#1\t1", "empty"),
        ("x" * 2001 + f"\t{VISIT}#1\t1", "characters"),
        ('{"question": 1}', "the question is missing"),
        ('{"question": "Who?"}', "the passage or release is missing"),
        ('{"question": "Who?", "passage": 3}', "the passage or release is missing"),
        (f'{{"question": "Who?", "passage": "{VISIT}#1", "grade": true}}', "the grade"),
        (f'{{"question": "Who?", "passage": "{VISIT}#1", "grade": 1.5}}', "the grade"),
        (f'{{"question": "Who?", "passage": "{VISIT}#1", "answers": "x"}}', "not a list"),
        ('{"question": ', "not valid JSON"),
        ("{" * 100_000, "not valid JSON"),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_read(
    sample_collection: Path, line: str, error: str
) -> None:
    """A line that is no judgement is kept in its place with its number and the reason."""
    bad, good = read(f"{line}\nWho?\t{VISIT}#1\t1\n", sample_collection)

    assert isinstance(bad, BadJudgement)
    assert (1, True) == (bad.line, error in bad.error), bad.error
    assert Judgement("Who?", VISIT, f"{VISIT}#1", 1) == good


def test_a_file_that_is_no_text_is_refused(sample_collection: Path) -> None:
    """Bytes that are no UTF-8 are a file of another kind."""
    with pytest.raises(JudgementError, match="line 2"):
        read(b"Who?\tcanada-korea-visit#1\t1\n\xff\xfe", sample_collection)


def test_the_set_is_what_was_judged(sample_collection: Path, tmp_path: Path) -> None:
    """Grades of releases are those of their best passage; questions without a verdict stay out."""
    judgements = [
        Judgement("Who?", VISIT, f"{VISIT}#1", 0),
        Judgement("Who?", VISIT, f"{VISIT}#2", 2, ("Park Jin",)),
        Judgement("Who?", VISIT, f"{VISIT}#3", 1),
        Judgement("Only wrong ones?", VISIT, f"{VISIT}#2", 0),
        Judgement("Nothing answers?", "", "", 0),
        Judgement("Nothing answers?", VISIT, "", 0),
        Judgement("Gone?", "no-longer-here", "no-longer-here#1", 1),
    ]
    with open_collection(sample_collection) as collection:
        report = write_evaluation_set(collection, judgements, tmp_path / "set")
        releases = collection.releases()
    found = read_dataset(tmp_path / "set")

    assert DatasetReport(len(releases), 2, 1, 1) == report
    assert [("Who?", True, {VISIT: 2}, ("Park Jin",)), ("Nothing answers?", False, {}, ())] == [
        (q.text, q.answerable, dict(q.grades), q.answers) for q in found.questions
    ]


def test_the_releases_of_the_set_are_those_of_the_collection(
    sample_collection: Path, tmp_path: Path
) -> None:
    """Indexed again, the set has the same releases with the same text and facts."""
    with open_collection(sample_collection) as collection:
        write_evaluation_set(collection, [], tmp_path / "set")
        before = {r.id: (r, collection.document(r.id).text) for r in collection.releases()}
    report = update_collection(tmp_path / "again", [tmp_path / "set" / "corpus.jsonl"])
    assert () == report.skipped
    with open_collection(tmp_path / "again") as collection:
        after = {r.id: (r, collection.document(r.id).text) for r in collection.releases()}

    assert set(before) == set(after)
    for name, (release, text) in before.items():
        again, words = after[name]
        assert text == words
        assert (release.title, release.date, release.issuer, release.lang, release.url) == (
            again.title, again.date, again.issuer, again.lang, again.url,
        )  # fmt: skip


def test_a_folder_of_something_else_is_left_alone(sample_collection: Path, tmp_path: Path) -> None:
    """An evaluation set is written anew over itself, never over other files."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "corpus.jsonl").write_text("mine")
    with open_collection(sample_collection) as collection:
        with pytest.raises(JudgementError, match="other files"):
            write_evaluation_set(collection, [], tmp_path / "mine")
        for _ in range(2):
            write_evaluation_set(collection, [], tmp_path / "new")

    assert "mine" == (tmp_path / "mine" / "corpus.jsonl").read_text()
    assert ["corpus.jsonl", "judgements.jsonl", "qrels.tsv", "questions.jsonl"] == sorted(
        path.name for path in (tmp_path / "new").iterdir()
    )
