"""`releaseqa backup`, `restore` and `bundle`: a collection in one file, and back."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from index.text.shell_words import operand
from qa.atomic_file import atomic_bytes, check_writable
from qa.cli.context import Context
from qa.cli.errors import FAILED, FINE
from qa.cli.index import Wait
from qa.cli.options import Json, option
from qa.cli.progress import stage_bars
from qa.cli.status import format_bytes
from qa.display import clean_line
from qa.errors import OutputError
from qa.settings import FILE_NAME, MAX_FILE_BYTES
from qa.version import program_version

if TYPE_CHECKING:
    from index.archive.manifest import Manifest
    from index.archive.restore import Restored

_Target = Annotated[
    Path, typer.Argument(metavar="FILE", help="The zip file to write.", show_default=False)
]
_Replace = Annotated[bool, option("--force", text="Replace FILE if it exists.")]

_STAGING = ".releaseqa-backup"


def backup(
    context: Context, *, file: _Target, force: _Replace = False, json: Json = False
) -> int:  # fmt: skip
    """Write the collection to one file, from which `restore` makes it again.

    FILE is a zip archive with the store: texts, passages and vectors. The word index and the
    vector index are not in it, because `restore` builds them in seconds. It is complete even if
    `index` or the chat is using the collection, and appears only when it is complete.

    Saved conversations do not belong to the collection and are not in it.
    """
    folder = context.folder()
    with stage_bars(context) as progress, new_file(file, force=force) as (stream, scratch):
        from index.archive.write import write_archive

        manifest = write_archive(
            folder, stream, scratch, program=program_version(), progress=progress
        )
    return _written(context, file, manifest, json=json)


def bundle(
    context: Context,
    *,
    file: _Target,
    model: Annotated[
        str | None,
        option(
            "--model",
            metavar="M",
            text="Folder or name of the encoder's model, if it is not the packaged one.",
        ),
    ] = None,
    force: _Replace = False,
    json: Json = False,
) -> int:
    """Write all that a colleague needs to ask the collection, in one file.

    FILE is a backup with instructions (README.txt), the settings file beside the collection, if
    there is one, and the model of its encoder, if it is not the packaged one. The reader and the
    packaged encoder are part of the program, which has to be installed there. Saved conversations
    are not in it. `restore` opens it, without a network.

    The collection holds the paths of the files it was made from.
    """
    folder = context.folder()
    settings = _settings_beside(folder)
    with stage_bars(context) as progress, new_file(file, force=force) as (stream, scratch):
        from index.archive.bundle import bundle_files
        from index.archive.write import write_archive

        manifest = write_archive(
            folder, stream, scratch,
            program=program_version(), kind="bundle",
            extra=lambda store: bundle_files(
                store, name=file.name, program=program_version(), model=model, settings=settings
            ),
            progress=progress,
        )  # fmt: skip
    return _written(context, file, manifest, json=json)


def restore(
    context: Context,
    *,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A backup or a bundle.", show_default=False)
    ],
    target: Annotated[
        Path | None,
        typer.Argument(
            metavar="FOLDER",
            help="The collection's folder. Default: that of --index, or .releaseqa.",
            show_default=False,
        ),
    ] = None,
    force: Annotated[
        bool, option("--force", text="Replace the collection that is in FOLDER.")
    ] = False,
    use_model: Annotated[
        bool,
        option(
            "--use-model",
            text="Load the model that a bundle brings, and prepare it for questions.",
        ),
    ] = False,
    wait: Wait = False,
    json: Json = False,
) -> int:
    """Make the collection of a backup or a bundle again.

    The file is checked completely before anything is written. Then the indexes are built and the
    collection is verified, and only then it appears in FOLDER: complete, or not at all. The exit
    code is 1 if the collection was damaged when it was archived.

    A collection in FOLDER is replaced only with --force.
    """
    from index.archive.restore import prepare_encoder, restore_archive

    folder = context.folder_for_writing() if target is None else target.expanduser()
    with stage_bars(context) as progress:
        done = restore_archive(file, folder, force=force, wait=wait, progress=progress)
    found = done.verification
    if json:
        context.write_json(_as_json(done))
    else:
        context.write(
            clean_line(f"restored {_counts(found.releases, found.passages)} to {folder}") + "\n"
        )
    for note in _notes(done, file, folder, use_model=use_model):
        context.say(note)
    if use_model and done.model is not None:
        prepare_encoder(done.model)
    damaged = found.damaged
    if damaged:
        problems = "problem" if damaged == 1 else "problems"
        context.warn(
            f"releaseqa: the collection was damaged when it was archived, with {damaged:,} "
            f"{problems}; to see what is damaged, run: "
            f"releaseqa verify --index {quote(str(folder))}"
        )
    return FAILED if damaged else FINE


@contextmanager
def new_file(path: Path, *, force: bool) -> Iterator[tuple[BinaryIO, Path]]:
    """Open a file that appears when it is complete, and make a folder for temporary files.

    Both are in a hidden folder beside the file. What a killed process left in that of its own is
    removed, whatever its file was to be called: a backup of each day has a name of its own.

    Raises:
        OutputError: It cannot be written, or exists and `force` is false.
    """
    check_writable(path)
    _refuse_existing(path, force=force)
    from index.store.staging import staging_folder

    final = path.resolve()
    try:
        with (
            staging_folder(final.with_name(_STAGING)) as (staging, _),
            atomic_bytes(final, staging) as stream,
        ):
            yield stream, staging
            _refuse_existing(path, force=force)  # it can have appeared meanwhile
    except OSError as error:
        raise OutputError.of(path, error) from error


def _refuse_existing(path: Path, *, force: bool) -> None:
    if path.exists() and not path.is_file():
        raise OutputError(f"{path} is not a file; give another name.")
    if path.exists() and not force:
        raise OutputError(f"{path} exists; give another name, or replace it with --force.")


def _settings_beside(folder: Path) -> bytes | None:
    """Return the content of the settings file beside a collection; None without one."""
    path = folder.absolute().parent / FILE_NAME
    if not path.is_file() or path.stat().st_size > MAX_FILE_BYTES:
        return None
    return path.read_bytes()


def _written(context: Context, file: Path, manifest: "Manifest", *, json: bool) -> int:
    size = file.stat().st_size
    if json:
        context.write_json({
            "file": str(file), "bytes": size, "kind": manifest.kind,
            "releases": manifest.releases, "passages": manifest.passages,
            "files": [archived.name for archived in manifest.files],
        })  # fmt: skip
    else:
        context.write(
            clean_line(
                f"{file}: {_counts(manifest.releases, manifest.passages)}, {format_bytes(size)}"
            )
            + "\n"
        )
    context.say("saved conversations are not in it; to export one, run: releaseqa sessions export")
    return FINE


def _counts(releases: int, passages: int) -> str:
    return f"{releases:,} releases, {passages:,} passages"


def _as_json(done: "Restored") -> dict[str, object]:
    return {
        "folder": str(done.folder),
        "kind": done.manifest.kind,
        "program": done.manifest.program,
        "created": done.manifest.created,
        "releases": done.verification.releases,
        "passages": done.verification.passages,
        "damaged": done.verification.damaged,
        "model": None if done.model is None else str(done.model),
        "settings": None if done.settings is None else str(done.settings),
    }


def _notes(done: "Restored", file: Path, folder: Path, *, use_model: bool) -> Iterator[str]:
    """Yield what to know about a restored collection."""
    if done.manifest.program != program_version():
        yield (
            f"it was written by releaseqa {done.manifest.program}, and this is "
            f"{program_version()}: answers can differ"
        )
    if done.settings is not None:
        yield (
            f"the sender's settings are in {done.settings}; they are not in force. To use them, "
            f"copy the file to {folder.absolute().parent}"
        )
    if done.model is None and use_model:
        yield "it brings no model: the packaged one is used"
    if done.model is not None and not use_model:
        yield (
            f"the model of its encoder is in {done.model}, and was not loaded. To ask by meaning, "
            f"run: releaseqa restore {operand(str(file))} {quote(str(folder))} --force --use-model"
        )


COMMANDS = (
    (
        "backup",
        backup,
        ("releaseqa backup releases-2026-12-01.zip", "releaseqa backup latest.zip --force -q"),
    ),
    (
        "restore",
        restore,
        (
            "releaseqa restore releases-2026-12-01.zip",
            "releaseqa restore releases-2026-12-01.zip ~/archive/.releaseqa",
            "releaseqa restore for-a-colleague.zip --use-model",
        ),
    ),
    (
        "bundle",
        bundle,
        (
            "releaseqa bundle for-a-colleague.zip",
            "releaseqa bundle for-a-colleague.zip --model ~/models/multilingual-MiniLM",
        ),
    ),
)
