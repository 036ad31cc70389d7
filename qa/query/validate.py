"""What can be asked at all."""

from qa.errors import QuestionError

MAX_QUESTION = 2_000
"""Characters; a longer text is no question."""


def validate_question(question: str) -> str:
    """Return a question without surrounding white space and unstorable characters.

    Raises:
        QuestionError: When it is no text, empty or too long.
    """
    if not isinstance(question, str):
        raise QuestionError(f"the question is not a string: {question!r:.40}")
    text = question.encode("utf-8", errors="replace").decode("utf-8").strip()
    if not any(map(str.isalnum, text)):
        problem = "has no letters or digits" if text else "is empty"
        raise QuestionError(f"the question {problem}; type at least one word")
    if len(text) > MAX_QUESTION:
        raise QuestionError(
            f"the question has {len(text):,} characters; the maximum is {MAX_QUESTION:,}"
        )
    return text
