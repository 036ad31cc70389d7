"""`releaseqa verify`: check the collection, and rebuild what is derived from its texts."""

from contextlib import closing
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

from qa.cli.context import Context
from qa.cli.errors import FAILED, FINE
from qa.cli.index import Wait
from qa.cli.options import Json, option
from qa.cli.progress import stage_bars
from qa.display import clean_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.milvus.address import MilvusAddress
    from index.verify.findings import Finding, Verification

_SIGNS = {"note": "note ", "wrong": "WRONG"}


def verify(
    context: Context,
    *,
    repair: Annotated[
        bool, option("--repair", text="Rebuild everything that is derived from the stored texts.")
    ] = False,
    wait: Wait = False,
    json: Json = False,
) -> int:
    """Check every stored hash, count and derived file of the collection.

    Prints each problem on one line, with its remedy. The exit code is 1 if anything is
    damaged.

    Nothing is written without --repair, which rebuilds the word index, the vectors and the
    near-duplicate clusters. Stored texts are never changed.
    """
    if (address := context.address()) is not None:
        return _verify_published(context, address, repair=repair, json=json)
    folder = context.folder()
    mended: Sequence[Finding] = ()
    with stage_bars(context) as progress:
        if repair:
            from index.verify.repair import repair_collection

            done = repair_collection(folder, wait=wait, progress=progress)
            mended, found = done.mended, done.after
        else:
            from index.verify.verify import verify_collection

            found = verify_collection(folder, progress=progress)
    if json:
        context.write_json(_as_json(found, mended))
    else:
        for finding in mended:
            context.write(f"repaired {_line(finding)}\n")
        for finding in found.findings:
            remedy = f"; {finding.remedy}" if finding.remedy else ""
            context.write(f"{_SIGNS[finding.verdict]} {_line(finding)}{clean_line(remedy)}\n")
        if not found.damaged:
            context.write(f"no damage found: {_counts(found)}\n")
    if not found.damaged:
        return FINE
    context.warn(f"releaseqa: {_verdict(found, repaired=repair)}")
    return FAILED


def _verify_published(
    context: Context, address: "MilvusAddress", *, repair: bool, json: bool
) -> int:
    """Compare the counts of what is published with those recorded."""
    from index.errors import NotAvailableError
    from index.milvus.check import find_faults
    from index.milvus.connection import Connection
    from index.milvus.searcher import MilvusSearcher

    if repair:
        raise NotAvailableError(
            "--repair is not available for a collection in Milvus; to publish it again, remove "
            "milvus.sqlite3 from the folder of the store, and run index"
        )
    with closing(Connection(address)) as connection:
        published = MilvusSearcher(connection).published
        faults = find_faults(connection, published)
    if json:
        context.write_json({"address": str(address), "faults": faults})
    else:
        for fault in faults:
            context.write(f"{_SIGNS['wrong']} {clean_line(fault)}\n")
        if not faults:
            context.write(f"no damage found: {published.passages:,} passages\n")
    return FAILED if faults else FINE


def _line(finding: "Finding") -> str:
    return clean_line(f"{finding.name} {finding.place}: {finding.detail}")


def _counts(found: "Verification") -> str:
    counts = (
        (found.releases, "releases"), (found.passages, "passages"), (found.vectors, "vectors"),
        (found.files, "derived files"),
    )  # fmt: skip
    return ", ".join(f"{count:,} {name}" for count, name in counts)


def _verdict(found: "Verification", *, repaired: bool) -> str:
    """Return how much is damaged and what to do first, in one line."""
    problems = "problem" if found.damaged == 1 else "problems"
    if found.damaged_parts and not found.broken and not repaired:
        advice = "to rebuild what is damaged, run: releaseqa verify --repair"
    else:
        advice = "--repair cannot fix this; see the lines above for what to do"
    return f"{found.damaged:,} {problems} found in {found.folder}; {advice}"


def _as_json(found: "Verification", mended: "Sequence[Finding]") -> dict[str, object]:
    return {
        "folder": str(found.folder),
        "damaged": found.damaged,
        "releases": found.releases,
        "passages": found.passages,
        "vectors": found.vectors,
        "files": found.files,
        "findings": [asdict(finding) for finding in found.findings],
        "mended": [asdict(finding) for finding in mended],
    }


COMMANDS = (
    (
        "verify",
        verify,
        (
            "releaseqa verify",
            "releaseqa verify --repair",
            "releaseqa verify --json | jq '.findings[] | select(.verdict == \"wrong\")'",
        ),
    ),
)
