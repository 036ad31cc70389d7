"""The judged question sets of ../shared/data/eval as candidate lists.

Candidates are made as in the program: the same splitter, encoder and analyzer, BM25 with tantivy's
formula, the best of both searches pooled. Each set is encoded once and cached in a folder, one for
each encoder.
"""

import hashlib
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csc_matrix, csr_matrix

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from index.encoders.cosines import SAME, CosineScale, scale_of  # noqa: E402
from index.encoders.model import load_model  # noqa: E402
from index.ingest.parse import parse_release  # noqa: E402
from index.readers.base import Draft  # noqa: E402
from index.text.analyzer import extract_terms  # noqa: E402
from index.text.language import is_latin  # noqa: E402
from qa.ranking.term_matching import K1, B, Candidate  # noqa: E402
from qa.retrieval.best_releases import best_releases  # noqa: E402
from qa.retrieval.passage_terms import PassageCache  # noqa: E402

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]
TITLE_WEIGHT = 0.3
POOL = 50
LEAD = 80
"""Characters. A shorter first passage is a headline or a release line, not a lead."""

_CACHE = PassageCache()


@dataclass(frozen=True, slots=True)
class SetPassage:
    """A passage of a set: the row of its record, its text and the spans of its sentences."""

    record: int
    text: str
    title: str
    lang: str
    sentences: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class SetQuestion:
    """A question with the rows of its relevant records and its answers.

    Attributes:
        excluded: Row of a record that is left out of the collection for this question.
        about: Row of the record it was written on, whether or not that answers it, if known.
    """

    id: str
    text: str
    answers: tuple[str, ...]
    relevant: frozenset[int]
    excluded: int | None
    about: int | None = None


@dataclass(slots=True)
class EvaluationSet:
    """An encoded set; also the `TermStatistics` of the whole set.

    Attributes:
        articles: The article of each record; folds must not divide an article.
        by_passage: Whether the passage that answers is judged; otherwise any passage of a relevant
            record counts as right.
        passage_vectors: Shape (passages, dimension).
        sentence_vectors: Shape (sentences, dimension), in passage order.
        question_vectors: Shape (questions, dimension).
        scale: Of the encoder's cosines.
        any_script: Whether the encoder knows more than the Latin script.
    """

    name: str
    records: list[dict[str, Any]]
    articles: list[str]
    passage_list: list[SetPassage]
    questions: list[SetQuestion]
    passage_vectors: Floats
    sentence_vectors: Floats
    question_vectors: Floats
    by_passage: bool = False
    scale: CosineScale = SAME
    any_script: bool = False
    record_of: Rows = field(init=False)
    first_sentence: Rows = field(init=False)
    vocabulary: dict[str, int] = field(init=False)
    counts: csc_matrix = field(init=False)
    titles: csc_matrix = field(init=False)
    lengths: Floats = field(init=False)
    title_lengths: Floats = field(init=False)
    passages: int = field(init=False)
    _leads: dict[int, str] = field(init=False)

    def __post_init__(self) -> None:
        """Count words."""
        self._leads = {p.record: p.text for p in reversed(self.passage_list) if len(p.text) >= LEAD}
        self.passages = len(self.passage_list)
        self.record_of = np.array([p.record for p in self.passage_list])
        sizes = [len(p.sentences) for p in self.passage_list]
        self.first_sentence = np.concatenate([[0], np.cumsum(sizes)]).astype(np.intp)
        self.vocabulary = {}
        bodies = [extract_terms(p.text, p.lang) for p in self.passage_list]
        heads = [extract_terms(p.title, p.lang) for p in self.passage_list]
        for word in (word for body in bodies for word in body):
            self.vocabulary.setdefault(word, len(self.vocabulary))
        self.counts, self.lengths = self._count(bodies), np.array([float(len(b)) for b in bodies])
        self.titles, self.title_lengths = (
            self._count(heads),
            np.array([float(len(h)) for h in heads]),
        )

    def _count(self, texts: Sequence[Sequence[str]]) -> csc_matrix:
        cells: dict[tuple[int, int], int] = {}
        for row, text in enumerate(texts):
            for word in text:
                column = self.vocabulary.get(word)
                if column is not None:
                    cells[row, column] = cells.get((row, column), 0) + 1
        keys = np.array(list(cells)).reshape(-1, 2)
        values = np.array(list(cells.values()), dtype=float)
        shape = (len(texts), len(self.vocabulary))
        return csr_matrix((values, (keys[:, 0], keys[:, 1])), shape=shape).tocsc()

    def article(self, question: SetQuestion) -> str:
        """Return the article of a question, or an article of its own if unknown."""
        row = min(question.relevant, default=question.about)
        return question.id if row is None else self.articles[row]

    def is_right(self, question: SetQuestion, row: int) -> bool:
        """Whether a passage is of a relevant record and, if so judged, holds an answer."""
        passage = self.passage_list[row]
        if passage.record not in question.relevant:
            return False
        return not self.by_passage or any(a in passage.text for a in question.answers)

    def is_searched_by_vector(self, question: int) -> bool:
        """Whether the encoder knows the script of a question."""
        return self.any_script or is_latin(self.questions[question].text)

    def leads(self, records: Iterable[int]) -> dict[int, str]:
        """Return the first passages of records, if these are releases."""
        return {r: self._leads[r] for r in records if r in self._leads} if self.by_passage else {}

    def document_frequency(self, term: str) -> int:
        """Return how many passages contain `term`."""
        return len(_column(self.counts, self.vocabulary.get(term))[0])


@dataclass(slots=True)
class SubCollection:
    """Some passages of a set as a collection of their own.

    Attributes:
        of: The set.
        rows: Passage rows, ascending.
    """

    of: EvaluationSet
    rows: Rows
    passages: int = field(init=False)
    place: Rows = field(init=False)

    def __post_init__(self) -> None:
        """Note where each passage of the set stands here."""
        self.passages = len(self.rows)
        self.place = np.full(self.of.passages, -1)
        self.place[self.rows] = np.arange(len(self.rows))

    def document_frequency(self, term: str) -> int:
        """Return how many of these passages contain `term`."""
        rows, _ = _column(self.of.counts, self.of.vocabulary.get(term))
        return int((self.place[rows] >= 0).sum())

    def scores(self, question: int) -> tuple[Floats, Floats]:
        """Return cosine and BM25 of every passage here, each of shape (passages,)."""
        of = self.of
        dense = of.scale.packaged(of.passage_vectors[self.rows] @ of.question_vectors[question])
        lexical = np.zeros(self.passages)
        lang = of.passage_list[0].lang
        for word in dict.fromkeys(extract_terms(of.questions[question].text, lang)):
            column = of.vocabulary.get(word)
            for counts, lengths, weight in (
                (of.counts, of.lengths, 1.0),
                (of.titles, of.title_lengths, TITLE_WEIGHT),
            ):
                rows, values = _column(counts, column)
                places = self.place[rows]
                here = places >= 0
                n = int(here.sum())
                if n:
                    own = lengths[self.rows]
                    norm = K1 * (1 - B + B * own[places[here]] / max(own.mean(), 1e-9))
                    idf = np.log(1 + (self.passages - n + 0.5) / (n + 0.5))
                    gain = values[here] * (K1 + 1) / (values[here] + norm)
                    lexical[places[here]] += weight * idf * gain
        return dense, lexical

    def pool(self, question: int, *, vectors: bool = True) -> tuple[Rows, Floats, Floats]:
        """Return the best rows (into the set) of both searches, their cosines and BM25 scores.

        Without vectors, the best of the lexical search. All passages of the best records are among
        them, as in the program.
        """
        dense, lexical = self.scores(question)
        size = min(POOL, self.passages)
        by_words = np.argpartition(-lexical, size - 1)[:size]
        by_words = by_words[lexical[by_words] > 0]
        by_meaning = np.argpartition(-dense, size - 1)[: size if vectors else 0]
        records = self.of.record_of[self.rows]
        chosen = best_releases(
            {int(place): float(lexical[place]) for place in by_words},
            {int(place): float(dense[place]) for place in by_meaning},
            {int(place): int(records[place]) for place in (*by_words, *by_meaning)},
        )
        whole = np.flatnonzero(np.isin(records, chosen))
        found = np.union1d(np.union1d(by_meaning, by_words), whole)
        return self.rows[found], dense[found], lexical[found]

    def candidates(self, question: int, *, vectors: bool = True) -> list[Candidate]:
        """Return the pool as candidates; without vectors, the passages that share a word.

        As in the program, a question in a script the encoder does not know has no vector.
        """
        of, found = self.of, []
        vectors = vectors and of.is_searched_by_vector(question)
        for row, dense, lexical in zip(*self.pool(question, vectors=vectors), strict=True):
            passage = of.passage_list[row]
            rows = slice(of.first_sentence[row], of.first_sentence[row + 1])
            cosines = of.scale.packaged(of.sentence_vectors[rows] @ of.question_vectors[question])
            found.append(
                Candidate(
                    key=int(row),
                    terms=_CACHE.terms(passage.text, passage.lang, passage.sentences),
                    title=passage.title,
                    title_terms=_CACHE.title_terms(passage.title, passage.lang),
                    dense=float(dense) if vectors else None,
                    sentence_cosines=tuple(cosines.tolist()) if vectors else (),
                    lexical=float(lexical) if lexical > 0 else None,
                    release=passage.record,
                    date=of.records[passage.record].get("date"),
                )
            )
        return found


def everything(of: EvaluationSet, question: int | None = None) -> SubCollection:
    """Return the whole set as a collection, without a question's excluded record."""
    rows = np.arange(of.passages)
    left_out = of.questions[question].excluded if question is not None else None
    return SubCollection(of, rows if left_out is None else rows[of.record_of != left_out])


def load(data: Path, name: str, cache: Path, encoder: str = "") -> EvaluationSet:
    """Read a set; encode it if `cache` does not have its vectors.

    Args:
        data: The folder that has the set in its folder `eval`.
        name: The set.
        cache: Where vectors are kept.
        encoder: An encoder family (`index.encoders.model.encoder_family`); empty for the packaged
            one.
    """
    folder = data / "eval" / name
    records = _lines(folder / "corpus.jsonl")
    rows = {record["id"]: row for row, record in enumerate(records)}
    relevant: dict[str, set[int]] = {}
    for line in (folder / "qrels.tsv").read_text("utf-8").splitlines():
        question, record, grade = line.split("\t")
        if int(grade) > 0:
            relevant.setdefault(question, set()).add(rows[record])
    questions = [
        SetQuestion(
            q["id"], q["question"], tuple(q.get("answers", ())),
            frozenset(relevant.get(q["id"], ())), rows.get(q.get("same_language_doc", "")),
            rows.get(q.get("release", "")),
        )
        for q in _lines(folder / "questions.jsonl")
    ]  # fmt: skip
    at = cache / encoder / name
    made_of = "".join(
        hashlib.sha256((folder / f"{part}.jsonl").read_bytes()).hexdigest() + "\n"
        for part in ("corpus", "questions")
    )
    known = at / "made-of.txt"
    if not known.exists() or known.read_text("utf-8") != made_of:
        _encode(records, questions, name, at, encoder)
        known.write_text(made_of, "utf-8")
    passages = [
        SetPassage(p[0], p[1], p[2], p[3], tuple((a, b) for a, b in p[4]))
        for p in json.loads((at / "passages.json").read_text("utf-8"))
    ]
    articles = [record["id"].split("#")[0] for record in records]
    by_passage = name.startswith("press") or "written" in name
    vectors = [np.load(at / f"{kind}.npy") for kind in ("passages", "sentences", "questions")]
    scale = scale_of(load_model(encoder).spec.fingerprint) if encoder else SAME
    return EvaluationSet(
        name, records, articles, passages, questions, *vectors, by_passage, scale, bool(encoder)
    )


def _encode(
    records: list[dict[str, Any]], questions: list[SetQuestion], name: str, at: Path, encoder: str
) -> None:
    from index.encoders.sbert import BulkEncoder
    from index.encoders.tokenizer import passage_window

    model = load_model(encoder or None)
    window = passage_window(model.folder, model.spec.max_length, model.spec.passage_prefix)
    language = name[6:8] if name.startswith("xquad") else None
    passages: list[SetPassage] = []
    for row, record in enumerate(records):
        draft = Draft(text=record["text"], title=record.get("title", ""), release_id=record["id"],
                      lang=record.get("lang") or language)  # fmt: skip
        prepared = parse_release(draft, record["id"], window)
        for p in prepared.passages:
            text = prepared.release.text[slice(*p.span)]
            lang = prepared.release.lang or "en"
            passages.append(SetPassage(row, text, prepared.release.title, lang, p.sentences))
    bulk = BulkEncoder(model)
    done = bulk.encode([(p.text, p.sentences) for p in passages])
    bulk.spec = replace(model.spec, passage_prefix=model.spec.query_prefix)
    asked = bulk.encode([(q.text, ()) for q in questions])
    at.mkdir(parents=True, exist_ok=True)
    written = [[p.record, p.text, p.title, p.lang, p.sentences] for p in passages]
    (at / "passages.json").write_text(json.dumps(written), "utf-8")
    np.save(at / "passages.npy", np.stack([d.passage for d in done]))
    np.save(at / "sentences.npy", np.concatenate([d.sentences for d in done]))
    np.save(at / "questions.npy", np.stack([d.passage for d in asked]))


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def _column(matrix: csc_matrix, column: int | None) -> tuple[Rows, Floats]:
    if column is None:
        return np.zeros(0, dtype=np.intp), np.zeros(0)
    cells = slice(matrix.indptr[column], matrix.indptr[column + 1])
    return matrix.indices[cells], matrix.data[cells]
