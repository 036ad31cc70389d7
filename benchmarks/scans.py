"""Measure the reading of scans: character error rate, time a page, memory.

    python benchmarks/scans.py [--releases 20] [--write]

Renders releases of ../shared/data/press as pages, degrades them as a scanner and a fax do, and
reads them back as the program does, all pages as one TIFF. The character error rate is the edit
distance between the text of a page and what was read, relative to the length of the text, with
white space and typographic marks made alike. Needs the extras `ocr` and `dev`.
"""

import argparse
import gzip
import io
import json
import random
import resource
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
from fpdf import FPDF  # noqa: E402
from PIL import Image, ImageFilter  # noqa: E402

from index.readers.pdf.layout import lay_out  # noqa: E402
from index.readers.scan.process import INSTALL, RecognizedPage, is_installed, recognize  # noqa: E402
from index.readers.scan.text_lines import mean_confidence, page_text  # noqa: E402

SEED = 5
SHORTEST, LONGEST = 800, 2_400
"""Characters of a release that fills a page without going over it."""

RESULT = ROOT / "benchmarks" / "results" / "scans.json"
PRESS = ROOT.parent / "shared" / "data" / "press"
PLAIN = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "\u00a0": " "})
Picture = Image.Image


@dataclass(frozen=True)
class Condition:
    """How pages are degraded, and the character error rate that is asked of them."""

    name: str
    dpi: int
    asked: float
    degrade: Callable[[Picture, np.random.Generator], Picture]


def scanned(page: Picture, chance: np.random.Generator) -> Picture:
    """Return a page askew by one degree, with the noise and the blur of a scanner."""
    turned = page.rotate(1, resample=Image.Resampling.BICUBIC, fillcolor=255)
    blurred = turned.filter(ImageFilter.GaussianBlur(0.7))
    noisy = np.asarray(blurred, dtype=float) * 0.9 + 10 + chance.normal(0, 12, blurred.size[::-1])
    return Image.fromarray(noisy.clip(0, 255).astype("uint8"))


def faxed(page: Picture, chance: np.random.Generator) -> Picture:
    """Return a page in black and white, with specks."""
    gray = np.array(scanned(page, chance))
    gray[chance.random(gray.shape) < 0.002] = 0
    return Image.fromarray(((gray > 150) * 255).astype("uint8"))


CONDITIONS = (
    Condition("300 dpi", 300, 0.01, scanned),
    Condition("150 dpi", 150, 0.03, scanned),
    Condition("fax, 200 dpi", 200, 0.08, faxed),
)


def draw_releases(count: int) -> list[str]:
    """Return the texts of releases from each set, of a page each, in Latin letters."""
    sets = sorted(PRESS.glob("*/corpus.jsonl.gz"))
    chance = random.Random(SEED)
    drawn: list[str] = []
    for number, path in enumerate(sets):
        with gzip.open(path, "rt", encoding="utf-8") as stream:
            texts = [plain(json.loads(line)["text"]) for line in stream]
        fitting = [text for text in texts if SHORTEST <= len(text) <= LONGEST and is_latin(text)]
        drawn += chance.sample(fitting, count // len(sets) + (number < count % len(sets)))
    return drawn


def plain(text: str) -> str:
    """Return a text with typographic marks as ASCII and single spaces within its lines."""
    lines = (" ".join(line.split()) for line in text.translate(PLAIN).split("\n"))
    return "\n".join(filter(None, lines))


def is_latin(text: str) -> bool:
    """Whether the fonts that every PDF reader has can write a text."""
    return text.isprintable() or all(c == "\n" or (c.isprintable() and ord(c) < 256) for c in text)


def render(text: str, dpi: int) -> Picture:
    """Return a page of A4 with the paragraphs of a text."""
    import pypdfium2

    document = FPDF()
    document.add_page()
    document.set_auto_page_break(auto=False)
    document.set_font("Times", size=11)
    for paragraph in text.split("\n"):
        document.multi_cell(0, 5, paragraph, new_x="LMARGIN", new_y="NEXT")
        document.ln(3)
    if document.get_y() > document.h:
        raise ValueError("more than a page")
    page = pypdfium2.PdfDocument(bytes(document.output()))[0]
    return page.render(scale=dpi / 72, grayscale=True).to_pil().convert("L")


def error_rate(expected: str, read: str) -> float:
    """Return the edit distance of two texts relative to the length of the first."""
    a, b = " ".join(expected.split()), " ".join(plain(read).split())
    wanted = np.array([ord(c) for c in b])
    places = np.arange(len(b) + 1)
    row = places.copy()
    for number, character in enumerate(a, start=1):
        changed = np.minimum(row[:-1] + (wanted != ord(character)), row[1:] + 1)
        row = np.concatenate(([number], changed))
        row = np.minimum.accumulate(row - places) + places  # insertions
    return int(row[-1]) / len(a)


def measured(pages: list[RecognizedPage], texts: list[str]) -> Iterator[dict[str, object]]:
    """Yield the figures of each condition, whose pages follow one another."""
    for number, condition in enumerate(CONDITIONS):
        own = pages[number * len(texts) : (number + 1) * len(texts)]
        rates = [
            error_rate(text, lay_out([page_text(page)]).text)
            for text, page in zip(texts, own, strict=True)
        ]
        yield {
            "condition": condition.name,
            "asked": condition.asked,
            "character_error_rate": round(mean(rates), 4),
            "worst_page": round(max(rates), 4),
            "confidence": round(mean_confidence(own), 3),
        }


def main() -> None:
    """Measure, print, and with --write save the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--releases", type=int, default=20)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if not PRESS.is_dir():
        sys.exit(f"skipped: there is no {PRESS}")
    if not is_installed():
        sys.exit(f"skipped: {INSTALL}")
    texts = draw_releases(options.releases)
    chance = np.random.default_rng(SEED)
    pictures = [
        condition.degrade(render(text, condition.dpi), chance)
        for condition in CONDITIONS
        for text in texts
    ]
    file = io.BytesIO()
    pictures[0].save(
        file, "TIFF", save_all=True, append_images=pictures[1:], compression="tiff_lzw"
    )
    started = time.perf_counter()
    pages = list(recognize(file.getvalue(), lambda done, total: print(done, total, flush=True)))
    seconds = time.perf_counter() - started
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    figures = {
        "releases": len(texts),
        "pages": len(pages),
        "seconds_a_page": round(seconds / len(pages), 2),
        "processor_seconds_a_page": round((used.ru_utime + used.ru_stime) / len(pages), 2),
        "peak_mb": round(used.ru_maxrss / 1_000),
        "conditions": list(measured(pages, texts)),
    }
    print(json.dumps(figures, indent=2))
    if options.write:
        RESULT.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
