"""A program that recognizes the text of pictures of pages, from standard input, as lines of JSON.

PDFium, the decoders of pictures and the recognition are written in C, so they run only here, in a
process with limits. Only words and numbers come back, and `index.readers.scan.reader` treats them
like any untrusted file. This module imports nothing of the package but what sets the limits.

The first line is `{"error": NAME}` or `{"pages": COUNT}`. A line follows for each page, as soon as
it is read: `{"error": NAME}`, after which nothing comes; `{"failed": true}` for a page that cannot
be read; or `{"width", "height", "lines"}`. Each line of text is `[text, confidence, corners]` with
the corners of its box from the upper left clockwise, in pixels from the page's upper left corner.
"""

import io
import json
import math
import os
import sys
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

if __name__ == "__main__":  # started by its path, wherever the package is
    sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from index.readers.worker_limits import allow_cpu, limit

PAGE_CPU_SECONDS = 180
"""Processor time for one page, of all cores."""

MAX_MEMORY = 4_000_000_000
"""Bytes of address space, of which a page of text takes half."""

MAX_PAGES = 200
MAX_PIXELS = 100_000_000
"""Pixels of a picture that is decoded; a page of A3 has 70 million at 600 dots per inch."""

READ_PIXELS = 4_000_000
"""Pixels of a page that is recognized: those of A4 at 200 dots per inch."""

_MIN_SIDE = 32
"""Pixels of a picture's shorter side, at least."""

_MAX_ASPECT = 12
"""How many times longer one side is than the other, at most."""

_MAX_SCALE = 300 / 72
"""Pixels for a point of a PDF page, at most; a page can be a small piece of paper."""

_MAX_SQUASH = 2.5
"""How much the resolutions of a fax's two directions differ, at most."""

_FORMATS = ("PNG", "JPEG", "TIFF")
_UPRIGHT = {3: "ROTATE_180", 6: "ROTATE_270", 8: "ROTATE_90"}
"""How a picture is turned upright, by the orientation that a camera states (Exif)."""

_ORIENTATION = 0x0112
_FORBIDDEN = frozenset({"socket.connect", "socket.getaddrinfo", "socket.bind"})
"""Events that never happen here; the library of the models would download one that is missing."""


_AT_ONCE = min(2, os.cpu_count() or 1)
"""Pages that are recognized at once; two take up to two gigabytes."""

Page = dict[str, Any]
"""A page as it is written as JSON."""


class RefusedError(Exception):
    """A document that is not read, with the name of the reason."""


def main() -> None:
    """Read standard input, write a line for each page."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="ascii")
    with Path(os.devnull).open("wb") as nowhere:  # for a library that prints
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
    sys.addaudithook(_refuse_event)
    data = sys.stdin.buffer.read()
    limit("RLIMIT_AS", MAX_MEMORY)
    limit("RLIMIT_CORE", 0)
    for found in read_document(data):
        answers.write(json.dumps(found) + "\n")
        answers.flush()


def read_document(data: bytes) -> Iterator[dict[str, Any]]:
    """Yield what is written as JSON."""
    try:
        allow_cpu(PAGE_CPU_SECONDS)
        pictures = _pdf_pages(data) if data.lstrip(b"\0 \t\r\n\f")[:4] == b"%PDF" else _frames(data)
        yield {"pages": next(pictures)}
        recognize = _recognizer()
        for page in _several_at_once(lambda picture: _page(recognize, picture), pictures):
            yield page
            allow_cpu(PAGE_CPU_SECONDS)
    except RefusedError as refused:
        yield {"error": str(refused)}
    except MemoryError:
        yield {"error": "memory"}


def _several_at_once(work: Callable[[Any], Page], items: Iterator[Any]) -> Iterator[Page]:
    """Yield the results of `work` in order, each worked out by one thread.

    Threads that share the work on one page wait for each other at every step, which takes many
    times as long where other programs use the cores too.
    """
    from concurrent.futures import Future, ThreadPoolExecutor

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        begun: deque[Future[Page]] = deque()
        for item in items:
            begun.append(pool.submit(work, item))
            if len(begun) == _AT_ONCE:
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()


def _page(recognize: Any, picture: Any) -> Page:  # noqa: ANN401 - untyped
    """Return the lines of text in a picture, a grayscale `PIL.Image`; None is a failed page."""
    import numpy as np

    if picture is None:
        return {"failed": True}
    width, height = picture.size
    gray = np.asarray(picture)
    found = recognize(np.repeat(gray[:, :, None], 3, axis=2))
    lines = [] if found.txts is None else zip(found.txts, found.scores, found.boxes, strict=True)
    return {
        "width": width,
        "height": height,
        "lines": [[text, float(score), box.tolist()] for text, score, box in lines],
    }


def _recognizer() -> Any:  # noqa: ANN401 - the library is untyped
    """Return the recognition of text, with the models that come in its package."""
    import cv2
    from rapidocr import RapidOCR

    cv2.setNumThreads(1)
    folder = Path(sys.modules["rapidocr"].__file__ or "").parent / "models"
    models = {
        f"{part}.model_path": str(path)
        for part in ("Det", "Rec")
        for path in sorted(folder.glob(f"*_{part.lower()}_*.onnx"))[:1]
    }
    if len(models) < 2:  # noqa: PLR2004 - one for finding lines, one for reading them
        raise RefusedError("models")
    # Pages have the right size already, and are not to be made smaller once more.
    longest = math.ceil(math.sqrt(READ_PIXELS * _MAX_ASPECT)) + _MIN_SIDE
    settings = {
        "Global.log_level": "critical",
        "Global.max_side_len": longest,
        "EngineConfig.onnxruntime.intra_op_num_threads": 1,
        "Global.use_cls": False,  # it takes lines of a page askew for upside down
        **models,
    }
    return RapidOCR(params=settings)


def _pdf_pages(data: bytes) -> Iterator[Any]:
    """Yield the number of pages of a PDF, then each as a picture, or None if it is damaged."""
    import pypdfium2 as pdfium
    from PIL import Image

    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise RefusedError("damaged") from error
    if len(document) > MAX_PAGES:
        raise RefusedError("pages")
    yield len(document)
    for number in range(len(document)):
        try:
            page = document[number]
            width, height = page.get_size()
            if not (width > 0 and height > 0) or _is_strip(width, height):
                yield None
                continue
            scale = min(math.sqrt(READ_PIXELS / (width * height)), _MAX_SCALE)
            pixels = page.render(scale=scale, grayscale=True).to_numpy()
            picture = Image.fromarray(pixels.reshape(pixels.shape[:2]))
        except pdfium.PdfiumError:
            yield None
            continue
        yield picture if min(picture.size) >= _MIN_SIDE else None


def _frames(data: bytes) -> Iterator[Any]:
    """Yield the number of pages of a picture file, then each as a grayscale picture."""
    from PIL import Image, ImageFile

    Image.MAX_IMAGE_PIXELS = None  # `_check_size` refuses large ones, without a warning before
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        image: Any = Image.open(io.BytesIO(data), formats=_FORMATS)
        _check_size(image)
        count = _count_frames(image)
        yield count
        for number in range(count):
            image.seek(number)
            _check_size(image)
            yield _grayscale(image)
    except (RefusedError, MemoryError):
        raise
    except Exception as error:  # the decoders raise nearly every kind
        raise RefusedError("damaged") from error


def _count_frames(image: Any) -> int:  # noqa: ANN401 - of a format
    """Return how many pages a picture has: a TIFF has several, an animation is one picture."""
    if image.format != "TIFF":
        return 1
    for number in range(1, MAX_PAGES + 1):  # not all of them at once: a file can have millions
        try:
            image.seek(number)
        except EOFError:
            return number
    raise RefusedError("pages")


def _check_size(image: Any) -> None:  # noqa: ANN401 - of a format
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise RefusedError("pixels")
    if min(width, height) < _MIN_SIDE or _is_strip(width, height):
        raise RefusedError("shape")


def _is_strip(width: float, height: float) -> bool:
    return max(width, height) > _MAX_ASPECT * min(width, height)


def _grayscale(image: Any) -> Any:  # noqa: ANN401 - of a format
    """Return a page upright, in gray on white, no larger than `READ_PIXELS`."""
    import numpy as np
    from PIL import Image

    # Of a TIFF, the decoder turns the page itself.
    turn = None if image.format == "TIFF" else _UPRIGHT.get(image.getexif().get(_ORIENTATION))
    across, down = _resolution(image)
    area = image.size[0] * image.size[1]
    scale = math.sqrt(min(1.0, READ_PIXELS / area))
    if image.format == "JPEG":  # which can be decoded at a half, a quarter or an eighth
        image.draft("L", (math.ceil(image.size[0] * scale), math.ceil(image.size[1] * scale)))
    if image.mode.startswith("I"):  # 16 bits
        values = np.asarray(image).astype("float64")
        page = Image.fromarray((values / max(255.0, values.max()) * 255).astype("uint8"))
    elif image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        colours = image.convert("RGBA")
        page = Image.new("L", colours.size, 255)
        page.paste(colours.convert("L"), mask=colours.getchannel("A"))
    else:
        page = image.convert("L") if image.mode in {"1", "L"} else image.convert("RGB").convert("L")
    wide, high = page.size
    wide, high = round(wide * max(1.0, down / across)), round(high * max(1.0, across / down))
    scale = math.sqrt(min(1.0, READ_PIXELS / (wide * high)))
    size = max(_MIN_SIDE, round(wide * scale)), max(_MIN_SIDE, round(high * scale))
    if size != page.size:
        page = page.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    return page.transpose(Image.Transpose[turn]) if turn else page


def _resolution(image: Any) -> tuple[float, float]:  # noqa: ANN401 - of a format
    """Return dots per inch across and down; equal ones unless the picture states a fax's."""
    try:
        across, down = map(float, image.info["dpi"])
        larger, smaller = max(across, down), min(across, down)
        if smaller > 0 and larger / smaller <= _MAX_SQUASH:
            return across, down
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        pass
    return 1.0, 1.0


def _refuse_event(event: str, _: tuple[object, ...]) -> None:
    if event in _FORBIDDEN:
        raise PermissionError(event)


if __name__ == "__main__":
    main()
