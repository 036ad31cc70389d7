"""Put the manual page into the wheel, made of the reference when the wheel is built.

All else about the build is in pyproject.toml.
"""

import sys
from pathlib import Path

from setuptools import setup

sys.path.insert(0, str(Path(__file__).resolve().parent / "tools"))
import manpage

PAGE = Path("build", "man", "releaseqa.1")
"""Relative, as setuptools wants it; it builds in this folder."""

manpage.write(PAGE)
setup(data_files=[("share/man/man1", [str(PAGE)])])
