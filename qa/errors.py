"""The errors that `qa` raises.

Their messages are for users: what is wrong and what to do. Errors of `index` pass through
unchanged.
"""

from pathlib import Path

from index.errors import advice


class QAError(Exception):
    """Base class of all errors of this package."""


class QuestionError(QAError):
    """A question is empty or too long."""


class SpeakerError(QAError):
    """The name of a speaker means nobody, or several people."""


class UnknownSpeakerError(SpeakerError):
    """The name of a speaker means nobody who is quoted."""


class NameLookupError(QAError):
    """A name of a person, an organisation or a place means nobody, or several."""


class NameDecisionError(QAError):
    """Two names cannot be merged or parted, or there is nothing to undo."""


class AmbiguousReleaseError(QAError):
    """The name of a release means several; its notes (`__notes__`) list them, one each."""


class CitationError(QAError):
    """A citation does not match the release that it names."""


class ClosedError(QAError):
    """The collection has been closed."""


class QuestionFileError(QAError):
    """A file of questions cannot be read."""


class OutputError(QAError):
    """An output cannot be written."""

    @classmethod
    def of(cls, path: Path | str, error: OSError) -> "OutputError":
        """Return the error for an output that the system refuses to write, and what to do."""
        return cls(f"{path} cannot be written: {error.strerror or error}; {advice(error)}.")


class WorkerError(QAError):
    """A worker process was killed."""


class ComparisonError(QAError):
    """A file to compare is not an output of `batch`."""


class DatasetError(QAError):
    """An evaluation set is incomplete or malformed."""


class SettingsError(QAError):
    """A setting or option has an invalid value."""


class SessionError(QAError):
    """A session does not exist, or its name is invalid or taken."""


class SessionStoreError(QAError):
    """The file of saved sessions is damaged, too new, or not writable."""


class JudgementError(QAError):
    """A judgement is malformed, or judgements cannot be exported."""


class PortError(QAError):
    """A port cannot be listened on."""


class MissingExtraError(QAError):
    """An optional library is not installed; the message names the extra to install."""
