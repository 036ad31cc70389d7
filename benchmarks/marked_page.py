"""Put what was measured into a page, between `<!-- NAME -->` and `<!-- end -->`."""

from collections.abc import Mapping

END = "<!-- end -->"


def fill(page: str, texts: Mapping[str, str]) -> str:
    """Return a page with the text of each mark replaced.

    Raises:
        ValueError: When the page lacks a mark.
    """
    for mark, text in texts.items():
        start = f"<!-- {mark} -->\n"
        before, _, rest = page.partition(start)
        _, end, after = rest.partition(END)
        if not end:
            raise ValueError(f"the page has no {start.strip()} with an end")
        page = f"{before}{start}{text}\n{END}{after}"
    return page
