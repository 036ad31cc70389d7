"""What a format has no place for: the questions of a batch that failed, where no record says so."""

from dataclasses import dataclass, field

from qa.answer_json import Failure, Outcome
from qa.export import Writer

MOST_NAMED = 20
_SHOWN_ID = 80


@dataclass(slots=True)
class Unnamed:
    """The failures that one or more writers were given, the first of them by name."""

    failures: list[Failure] = field(default_factory=list)
    count: int = 0

    def over(self, writer: Writer) -> Writer:
        """Return a writer that does what `writer` does and keeps the failures."""
        return _Keeping(writer, self)

    def lines(self) -> list[str]:
        """Return a line for each of the first failures, and one for how many more there are."""
        named = [f"question {_short(found.id or '')}: {found.error}" for found in self.failures]
        more = self.count - len(named)
        return [*named, f"… and {more:,} more"] if more else named


@dataclass(frozen=True, slots=True)
class _Keeping:
    writer: Writer
    kept: Unnamed

    def write(self, outcome: Outcome) -> None:
        if isinstance(outcome, Failure):
            self.kept.count += 1
            if self.kept.count <= MOST_NAMED:
                self.kept.failures.append(outcome)
        self.writer.write(outcome)

    def finish(self) -> None:
        self.writer.finish()


def _short(identifier: str) -> str:
    return identifier if len(identifier) <= _SHOWN_ID else identifier[: _SHOWN_ID - 1] + "…"
