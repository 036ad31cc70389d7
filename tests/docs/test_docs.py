"""The documentation: no dead links, nothing forgotten in the lists."""

import re
from pathlib import Path

import pytest
from checkout import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("samples/*.md")])
LINK = re.compile(r"\]\(([^)\s#]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link of a page names a file that is there."""
    targets = [
        target
        for target in LINK.findall(page.read_text(encoding="utf-8"))
        if not target.startswith(("http://", "https://"))
    ]
    missing = [target for target in targets if not (page.parent / target).exists()]

    assert [] == missing


@pytest.mark.parametrize("folder", ["how-to", "decisions"])
def test_every_page_is_listed(folder: str) -> None:
    """A guide or a decision that is written is also in the list of its folder."""
    listed = (ROOT / "docs" / folder / "README.md").read_text(encoding="utf-8")
    pages = {page.name for page in (ROOT / "docs" / folder).glob("*.md")} - {"README.md"}

    assert set() == {name for name in pages if f"({name})" not in listed}
