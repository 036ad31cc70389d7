"""Tables of figures for a page, and how they look."""

from collections.abc import Iterable, Sequence

from qa.writers.page import line

STYLE = """
body { max-width: 52rem; }
h2 { margin-top: 2.2rem; padding-bottom: .2rem; border-bottom: 1px solid var(--rule); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font: .875rem/1.4 system-ui, "Segoe UI", Roboto,
  "Liberation Sans", "DejaVu Sans", sans-serif; margin: .5rem 0; min-width: 50%; }
th, td { text-align: left; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--rule);
  vertical-align: top; overflow-wrap: anywhere; }
th { font-weight: 600; white-space: nowrap; }
th:first-child, td:first-child { min-width: 7.5rem; }
td.number, th.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
svg { display: block; width: 100%; height: auto; }
svg .paper { fill: var(--card); } svg text { fill: var(--ink); }
svg .grid { stroke: var(--rule); } svg .axis { stroke: var(--quiet); }
figure { margin: .5rem 0; break-inside: avoid; }
@media print { tr { break-inside: avoid; } .wide { overflow: visible; } svg { max-width: 14cm; } }
"""
"""Beside the style of every page."""


def table(
    heads: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: Sequence[int] = ()
) -> str:
    """Return a table.

    Args:
        heads: Plain text, a column each.
        rows: Plain text, as many cells as there are heads.
        numbers: Columns that hold numbers and stand to the right.
    """

    def cells(row: Sequence[str], tag: str) -> str:
        return "".join(
            f'<{tag} class="number">{line(cell)}</{tag}>'
            if place in numbers
            else f"<{tag}>{line(cell)}</{tag}>"
            for place, cell in enumerate(row)
        )

    body = "\n".join(f"<tr>{cells(row, 'td')}</tr>" for row in rows)
    head = f"<thead><tr>{cells(heads, 'th')}</tr></thead>"
    return f'<div class="wide"><table>{head}<tbody>\n{body}\n</tbody></table></div>'
