"""The lines at the bottom: what is going on, what was done, how far indexing is."""

from dataclasses import replace

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from index.reports import Progress, UpdateReport
from qa.display import clean_line
from qa.presentation import counted
from qa.progress_rate import ProgressRate, rate_text

_STAGES = {"read": "Reading", "words": "Indexing words", "meaning": "Encoding passages"}
_BAR = 20


class StatusLine(Horizontal):
    """At left the state or a notice, at right what is searched; three lines at most."""

    DEFAULT_CSS = """
    StatusLine {
        height: auto;
        max-height: 3;
        padding: 0 1;
        color: $quiet;
        & > .status--state { width: 1fr; }
        & > .status--state.-warning { color: $warning; text-style: bold; }
        & > .status--collection { width: auto; padding: 0 0 0 2; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._state = ""
        self._notice: tuple[str, bool] | None = None

    def compose(self) -> ComposeResult:
        """Lay out both halves."""
        yield Static(classes="status--state")
        yield Static(classes="status--collection")

    def show_state(self, text: str) -> None:
        """Show what is going on, unless there is a notice."""
        self._state = text
        self._draw()

    def say(self, text: str, *, warning: bool = False) -> None:
        """Show a notice until the user goes on. The text may come from a document.

        The dialog in front, if there is one, shows it too: it may cover this line.
        """
        self._notice = (text, warning)
        self._draw()
        for line in self.app.screen.query(NoticeLine):
            line.show(text, warning=warning)

    @property
    def has_notice(self) -> bool:
        """Whether there is a notice in place of the state."""
        return self._notice is not None

    def clear_notice(self) -> None:
        """Show the state again."""
        self._notice = None
        self._draw()
        for line in self.app.screen.query(NoticeLine):
            line.show("")

    def _draw(self) -> None:
        text, warning = self._notice or (self._state, False)
        line = self.query_one(".status--state", Static)
        update_line(line, _notice(text, warning))
        line.set_class(warning, "-warning")

    def show_scope(self, text: str) -> None:
        """Show what is searched: the collection and the filters."""
        collection = self.query_one(".status--collection", Static)
        text = clean_line(text)
        if str(collection.content) != text:
            collection.update(Content(text))


class NoticeLine(Static):
    """A notice in a dialog, above its keys; hidden while there is none."""

    DEFAULT_CSS = """
    NoticeLine {
        dock: bottom;
        display: none;
        height: auto;
        max-height: 3;
        margin: 0 0 1 0;
        padding: 0 1;
        color: $foreground;
        background: $surface;
        &.-shown { display: block; }
        &.-warning { color: $warning; text-style: bold; }
    }
    """

    def show(self, text: str, *, warning: bool = False) -> None:
        """Show a notice, in place of the one before; nothing hides the line."""
        self.update(_notice(text, warning))
        self.set_class(bool(text), "-shown")
        self.set_class(warning, "-warning")


def _notice(text: str, warning: bool) -> Content:
    return Content(("! " if warning else "") + clean_line(text))


def update_line(line: Static, content: Content) -> None:
    """Show another text; the screen is laid out again only if it may need another row."""
    width = line.content_size.width
    one_row = line.content_size.height == 1 and content.cell_length <= width
    line.update(content, layout=not one_row)


class ProgressLine(Static):
    """How far indexing is; hidden when nothing is being indexed."""

    DEFAULT_CSS = """
    ProgressLine {
        display: none;
        height: 1;
        padding: 0 1;
        color: $accent;
        text-wrap: nowrap;
        text-overflow: ellipsis;
        &.-running { display: block; }
    }
    """

    def show(self, progress: Progress, rate: ProgressRate) -> None:
        """Show how far it is, and how fast."""
        self.add_class("-running")
        parts = [progress_text(progress), rate_text(rate)]
        self.update(Content("  ".join(part for part in parts if part)))

    def hide(self) -> None:
        """Hide the line."""
        self.remove_class("-running")


def progress_text(progress: Progress) -> str:
    """Return one line on how far indexing is."""
    parts = [_STAGES[progress.stage]]
    if progress.total:
        share = min(progress.done / progress.total, 1.0)
        filled = int(share * _BAR)
        parts.append("━" * filled + "╌" * (_BAR - filled))
        parts.append(f"{progress.done:,} of {progress.total:,}")
    elif progress.done:
        parts.append(f"{progress.done:,}")
    if progress.item:
        parts.append(clean_line(progress.item))
    return "  ".join(parts)


def outcome_text(report: UpdateReport) -> str:
    """Return one line on what the last run did, above the list of what was skipped."""
    changed = report.added or report.updated or report.removed or report.vanished
    if changed or report.interrupted or report.to_encode:
        return report_text(replace(report, skipped=())) + f" {len(report.skipped):,} skipped."
    unchanged = counted(report.unchanged, "release")
    return f"Up to date: {unchanged} unchanged, {len(report.skipped):,} skipped."


def report_text(report: UpdateReport) -> str:
    """Return one line on what indexing did."""
    counts = [
        ("added", report.added), ("updated", report.updated), ("unchanged", report.unchanged),
        ("removed", report.removed), ("missing from their sources", report.vanished),
        ("skipped (F4 lists them)", len(report.skipped)),
    ]  # fmt: skip
    changes = ", ".join(f"{count:,} {name}" for name, count in counts if count) or "nothing new"
    start = "Indexing stopped" if report.interrupted else "Indexed"
    behind = report.to_encode
    later = f"; {counted(behind, 'passage')} not yet searched by meaning" if behind else ""
    return f"{start}: {changes}{later}."
