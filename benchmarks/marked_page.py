"""Put what was measured into a page, between `<!-- NAME -->` and `<!-- end -->`."""

import re
from collections.abc import Mapping


def fill(page: str, texts: Mapping[str, str]) -> str:
    """Return a page with the text of each mark replaced.

    Raises:
        ValueError: When the page lacks a mark.
    """
    for mark, text in texts.items():
        pattern = re.compile(rf"<!-- {re.escape(mark)} -->.*?<!-- end -->", re.DOTALL)
        filled = f"<!-- {mark} -->\n{text}\n<!-- end -->"
        page, count = pattern.subn(lambda _, filled=filled: filled, page)
        if not count:
            raise ValueError(f"the page has no <!-- {mark} -->")
    return page
