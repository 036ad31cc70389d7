"""Question files, and the questions in them."""

from io import BytesIO

from fuzzing.core import Harness, declared
from qa.batch.question_file import BadQuestion, read_questions
from qa.display import clean
from qa.errors import QuestionFileError
from qa.query.question import parse_question


def run(data: bytes) -> None:
    """Read a question file and parse its questions."""
    with declared(QuestionFileError):
        for record in read_questions(BytesIO(data), unique_ids=True):
            f"{record.id}{record.text}".encode()
            if isinstance(record, BadQuestion):
                f"{record.error}".encode()
            else:
                parse_question(record.text)
                clean(record.text)


def seeds() -> list[bytes]:
    """Files of every form."""
    return [
        b"When does the bridge open?\n# no question\n\nWho said so on 3 March 2021?\n",
        b'{"id": 1, "question": "Who?", "history": [["a", "b"]]}\n{"query": "b", "since": "1"}\n',
        b'{"text": "And when?", "conversation": "c", "history": [{"role": "user", "content": 1}]}',
        b'id,question,lang\n1,"Who\n?",fr\n2,,\n',
        b"id\tquestion\n1\tWho?\n",
        b"q1\tWho?\nq2\tWhen?\n",
        "Quand ? Combien de ponts en 2021 ?\n".encode("utf-16"),
    ]


HARNESS = Harness(
    run,
    seeds,
    words=(
        b'{"question":',
        b'"history":',
        b'"role": "assistant"',
        b'"content":',
        b'"since":',
        b'"until":',
        b'"kind":',
        b'"id":',
        b"id,question\n",
        b"\t",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\\ud800",
        b"\0",
        b"last year",
        b"in 2021",
        b"between 2019 and 2021",
        b"since March",
        b"the 1990s",
        b'""',
        b'"\n',
        b"Who ",
        b"How many ",
        b"99999",
        b"May",
        b"next week",
        b"31 February 2021",
        b"9" * 4400,
    ),
)
