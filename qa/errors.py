"""Everything that `qa` raises on purpose.

    QAError
    ├── QuestionError        a question that cannot be asked (empty, too long)
    ├── ClosedError          a collection that was closed
    ├── QuestionFileError    a file of questions that cannot be read
    ├── OutputError          a result that cannot be written
    ├── WorkerError          a process that answers questions was ended
    ├── ComparisonError      an output of a batch that cannot be compared
    ├── DatasetError         an evaluation set that is incomplete or malformed
    ├── SettingsError        a setting that has no meaning
    ├── SessionError         no session of that name, or a name that cannot be given
    ├── SessionStoreError    the file of saved sessions cannot be used
    ├── JudgementError       a file of judgements, or where an evaluation set is to go
    └── MissingExtraError    a feature whose optional libraries are not installed

Errors of `index` pass through unchanged: they already say what is wrong and what to do.
"""


class QAError(Exception):
    """Base of every error of this package."""


class QuestionError(QAError):
    """The question cannot be asked: it is empty or too long."""


class ClosedError(QAError):
    """The collection was closed; open it again."""


class QuestionFileError(QAError):
    """The file of questions cannot be read."""


class OutputError(QAError):
    """A result could not be written."""


class WorkerError(QAError):
    """A process that answers questions was ended from outside."""


class ComparisonError(QAError):
    """What should be an output of a batch is none."""


class DatasetError(QAError):
    """An evaluation set lacks a file or holds a malformed line."""


class SettingsError(QAError):
    """A setting or option has a value without meaning."""


class SessionError(QAError):
    """There is no session of that name, or it cannot be given."""


class SessionStoreError(QAError):
    """The file of saved sessions is damaged, newer than the program, or not to be written."""


class JudgementError(QAError):
    """A file of judgements cannot be read, or an evaluation set not be made of them."""


class MissingExtraError(QAError):
    """An optional library is missing; the message names the extra to install."""
