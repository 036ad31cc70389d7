"""The chat in a real browser: a question is asked, its release read, the passage copied."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest
from checkout import process_environment

pytest.importorskip("aiohttp", reason="needs the extra web")
pytest.importorskip("textual_serve", reason="needs the extra web")

from chromium import PROGRAM, browser

DRAWN = """
(async () => {
  const canvas = document.querySelector(".xterm-screen canvas");
  return canvas !== null && canvas.width > 500 && canvas.height > 300;
})()
"""


@pytest.mark.slow
@pytest.mark.skipif(PROGRAM is None, reason="the browser chromium is not installed")
async def test_a_question_is_asked_and_its_passage_copied_in_a_browser(
    sample_collection: Path, tmp_path: Path
) -> None:
    """The page works with keys alone, loads nothing from elsewhere, and cannot open a window.

    Ctrl+C ends the server though the page is open.
    """
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "qa", "--index", str(sample_collection), "serve",
        stdout=PIPE, stderr=PIPE, env=process_environment(),
    )  # fmt: skip
    try:
        assert server.stdout is not None
        address = (await server.stdout.readline()).decode().strip()
        async with browser(tmp_path / "browser") as page:
            await page.open(address)
            await page.until(lambda: "22 releases" in page.text)
            assert await page.value(DRAWN)
            assert await page.value("document.fonts.check('16px \"Roboto Mono\"')")

            await page.write("When did Minister Joly visit Korea?")
            await page.press("Enter")
            await page.until(lambda: "April 13 to 15" in page.text and "more passages" in page.text)
            await page.press("Tab")
            await page.until(lambda: "Read" in page.text)  # in the footer
            await page.press("Enter")
            await page.press("y")
            copied = await page.until_value("navigator.clipboard.readText()")
            assert "ran from April 13 to 15." in copied
            assert "[releaseqa canada-korea-visit#" in copied
            assert "counterpart, Park Jin" in page.text  # of the release beside the answer

            origin = address.split("/")[2]
            assert {origin} == {loaded.split("/")[2] for loaded in page.loaded}
            assert await page.value("window.open('about:blank')") is None
            blocked = f"fetch({json.dumps('http://' + origin.replace('127.0.0.1', 'localhost'))})"
            assert "blocked" == await page.value(f"{blocked}.then(() => 'sent', () => 'blocked')")
            assert [] == page.errors

            server.send_signal(signal.SIGINT)
            assert 130 == await server.wait()
            shown = "getComputedStyle(document.querySelector('.ended')).display"
            assert await page.until_value(f"{shown} === 'block'")
    finally:
        if server.returncode is None:
            os.kill(server.pid, signal.SIGKILL)
        await server.communicate()
