"""Which files of a folder are left out, by patterns in the syntax of `.gitignore`.

A file `.releaseqaignore` comes with the folder, so it is trusted as little as the documents there:
it can only leave out, and the patterns in force have a limited size. Matching takes time in
proportion to the pattern and the path. Libraries that make one regular expression of a pattern do
not promise that: with pathspec, `*a*a*a*a*a*b` takes seconds for one name of 80 letters. Here each
part of a path is matched alone. What stands between two stars is looked for from left to right and
never again, as in `fnmatch`, and so are the parts between two `**`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

IGNORE_FILE = ".releaseqaignore"
MAX_BYTES = 32_000
"""Bytes of ignore files in force in a folder: its own and those of the folders above it."""
MAX_DEPTH = 100
"""Folders below an ignore file that it is in force for."""

_NOTHING = re.compile("(?!)")
_MEMBERS = re.compile(
    r"(?P<negated>[!^]?+)(?P<members>(?:\\.|[^\\])(?:\\.|[^\]\\])*+)\]", re.DOTALL
)
_CHARACTER = re.compile(r"\\?.", re.DOTALL)

Parts = Sequence[str]
"""A path by its parts."""


@dataclass(frozen=True, slots=True)
class IgnoreRule:
    """One line of an ignore file.

    Attributes:
        parts: What the parts of a path must match; None stands for any number of folders.
        leaves_out: Whether what matches is left out, or, with `!`, taken in again.
        folders_only: Whether only folders match.
    """

    parts: tuple[re.Pattern[str] | None, ...]
    leaves_out: bool
    folders_only: bool

    def matches(self, path: Parts) -> bool:
        """Return whether a path matches, given by its parts from the folder of the file on."""
        if len(self.parts) == 2 and self.parts[0] is None and self.parts[1] is not None:  # noqa: PLR2004
            return self.parts[1].fullmatch(path[-1]) is not None  # most rules: a name anywhere
        at = part = again = 0
        last = -1  # the last `**`, from which the rest is tried again one folder further down
        while at < len(path):
            wanted = self.parts[part] if part < len(self.parts) else _NOTHING
            if wanted is None:
                last, again = part, at
                part += 1
            elif wanted.fullmatch(path[at]):
                at += 1
                part += 1
            elif last >= 0:
                again += 1
                at, part = again, last + 1
            else:
                return False
        return all(wanted is None for wanted in self.parts[part:])


@dataclass(frozen=True, slots=True)
class IgnoreRules:
    """The ignore files in force in a folder.

    Attributes:
        levels: The rules of each file, with the number of folders from the source down to it.
        size: Bytes of these files.
    """

    levels: tuple[tuple[int, tuple[IgnoreRule, ...]], ...] = ()
    size: int = 0

    @property
    def room(self) -> int:
        """Bytes that another file may have."""
        return MAX_BYTES - self.size

    def with_file(self, content: bytes, depth: int) -> "IgnoreRules":
        """Return these rules and those of a file that is `depth` folders below the source."""
        text = content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
        rules = tuple(rule for line in text.split("\n") if (rule := parse_rule(line)) is not None)
        return IgnoreRules((*self.levels, (depth, rules)), self.size + len(content))

    def leave_out(self, path: Parts, *, is_folder: bool) -> bool:
        """Return whether a path is left out, as git decides: the last rule that matches counts.

        Args:
            path: The parts of the path from the source on; no folder above it is left out.
            is_folder: Whether it is a folder.
        """
        for depth, rules in reversed(self.levels):
            below = path[depth:]
            if len(below) > MAX_DEPTH:
                continue
            for rule in reversed(rules):
                if (is_folder or not rule.folders_only) and rule.matches(below):
                    return rule.leaves_out
        return False


def parse_rule(line: str) -> IgnoreRule | None:
    """Return the rule of a line; None for a comment, a blank line, or what matches nothing."""
    pattern = _without_trailing_blanks(line.removesuffix("\r"))
    if pattern.startswith("#"):
        return None
    leaves_out = not pattern.startswith("!")
    pattern = pattern.removeprefix("!")
    folders_only = pattern.endswith("/")
    pattern = pattern.removesuffix("/")
    if not pattern:
        return None
    names = pattern.removeprefix("/").split("/")
    if "/" not in pattern:
        names = ["**", "*" if pattern == "**" else pattern]
    elif names[-1] == "**":
        names.append("*")  # what is in the folder, not the folder itself
    parts: list[re.Pattern[str] | None] = []
    for name in names:
        if name == "**":
            parts.append(None)
            continue
        expression = _expression(name)
        if expression is None:
            return None
        parts.append(expression)
    return IgnoreRule(tuple(parts), leaves_out, folders_only)


def _without_trailing_blanks(line: str) -> str:
    """Return a line without the blanks at its end, but for one behind a backslash."""
    bare = line.rstrip(" ")
    backslashes = len(bare) - len(bare.rstrip("\\"))
    return bare + " " if backslashes % 2 and len(bare) < len(line) else bare


def _expression(name: str) -> re.Pattern[str] | None:
    """Return the expression for one part of a path; None if it is malformed."""
    between = [""]  # the expressions before, between and behind the stars, of fixed length each
    at = 0
    while at < len(name):
        character = name[at]
        if character == "*":
            between.append("")
        elif character == "?":
            between[-1] += "."
        elif character == "[":
            members = _MEMBERS.match(name, at + 1)
            if members is None:
                return None
            between[-1] += _one_of(members["members"], negated=bool(members["negated"]))
            at = members.end() - 1
        else:
            at += character == "\\"
            between[-1] += re.escape(name[at : at + 1])
        at += 1
    if at > len(name):  # a backslash with nothing behind it
        return None
    first, *rest = between
    if rest:
        *middle, end = rest
        first += "".join(f"(?>.*?{piece})" for piece in middle if piece) + f".*{end}"
    try:
        return re.compile(first, re.DOTALL)
    except re.error:  # a range that runs backwards
        return None


def _one_of(members: str, *, negated: bool) -> str:
    """Return the expression for a class of characters, given what stands between its brackets."""
    characters = _CHARACTER.findall(members)
    inner = range(1, len(characters) - 1)
    found = [
        "-" if written == "-" and number in inner else re.escape(written[-1])
        for number, written in enumerate(characters)
    ]
    return f"[{'^' if negated else ''}{''.join(found)}]"
