"""Files a GPT saves: below one folder of its own, under names that can lead nowhere else."""

import re
from collections.abc import Collection
from pathlib import Path
from typing import Any
from unicodedata import normalize

from flowloom.errors import KnowledgeError, StoreError
from flowloom.kinds.content import picture_kind, sound_kind
from flowloom.kinds.files import NoFiles
from flowloom.kinds.values import Attachment
from flowloom.services.files import private_folder, write_new, write_whole
from flowloom.services.formats import pictures, sounds
from flowloom.services.formats.drawings import DRAWING, drawing_kind
from flowloom.store.runs import RunStore

MAX_BYTES = 5_000_000
MAX_FILES = 500
MAX_GUEST_FILES = 20
"""Files of one answer to a visitor."""
MAX_NAME = 120
ENDINGS = {
    ".txt": "text/plain",
    ".md": "text/markdown",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".json": "application/json",
    ".xml": "application/xml",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
    ".ics": "text/calendar",
    ".vcf": "text/vcard",
    ".srt": "text/plain",
    ".log": "text/plain",
    ".tex": "text/plain",
    ".eml": "message/rfc822",
}
"""Kinds of text that no computer runs when somebody opens them."""
MEDIA_ENDINGS = {
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    DRAWING: (".svg",),
    **{kind: (ending,) for kind, ending in sounds.ENDINGS.items()},
}
"""Pictures and sounds, which only show and play."""
MAX_MEDIA_BYTES = 25 * 1024 * 1024
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]')
_DEVICE = re.compile(
    r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$|clock\$)(?:\..*)?", re.IGNORECASE
)


class ConversationFiles(NoFiles):
    """The files of a conversation, to which none can be added. Fulfils `Files`."""

    def __init__(self, runs: RunStore, conversation: str) -> None:
        self._runs, self._conversation = runs, conversation

    def read(self, file: Attachment) -> bytes:
        """The bytes of a file of this conversation. Raises StoreError."""
        return self._runs.bytes_of(self._conversation, file.id)


class RunFiles(ConversationFiles):
    """What one run saves. Fulfils `Files`."""

    def __init__(self, folder: Path, runs: RunStore, flow_id: str, conversation: str, run_id: str) -> None:
        super().__init__(runs, conversation)
        self._root, self._flow_id, self._run_id = folder, flow_id, run_id

    def save(self, name: str, text: str, *, replace: bool) -> Attachment:
        """Keep a text as a file. Raises StoreError, and then nothing was written."""
        name, data = checked_name(name), text.encode("utf-8", "replace")
        if len(data) > MAX_BYTES:
            raise StoreError(
                "“{name}” is larger than 5 MB.", "Save less, or split it into several files.", name=name
            )
        return self._keep(name, data, ENDINGS[Path(name).suffix.lower()], replace=replace)

    def save_bytes(self, name: str, data: bytes, media_type: str, *, replace: bool) -> Attachment:
        """Keep a picture or a sound as a file. Raises StoreError, and then nothing was written."""
        name = checked_name(name, MEDIA_ENDINGS.get(media_type, ()))
        if len(data) > MAX_MEDIA_BYTES:
            raise StoreError(
                "“{name}” is larger than 25 MB.", "Save less, or split it into several files.", name=name
            )
        if (drawing_kind(data) or picture_kind(data) or sound_kind(data)) != media_type:
            raise StoreError(
                "“{name}” isn’t the type of file its name says.",
                "Save it again. If it happens again, choose another model for this block.",
                name=name,
            )
        if media_type.startswith("image/") and media_type != DRAWING:
            # A small file may unfold into a picture that fills the memory of whoever draws it.
            try:
                pictures.media_type_of(name, data)
            except KnowledgeError as error:
                raise StoreError.from_problem(error.problem) from None
        return self._keep(name, data, media_type, replace=replace)

    def _keep(self, name: str, data: bytes, media_type: str, *, replace: bool) -> Attachment:
        folder = self._folder()
        try:
            target = self._write(folder, name, data, replace=replace)
        except OSError as error:
            raise StoreError(
                "“{name}” couldn’t be saved ({reason}).",
                "Check that there is free disk space.",
                name=name,
                reason=error.strerror or type(error).__name__,
            ) from None
        return self._runs.keep_file(self._conversation, self._run_id, target.name, media_type, data)

    def _write(self, folder: Path, name: str, data: bytes, *, replace: bool) -> Path:
        while True:
            target = folder / name if replace else _free(folder, name)
            self._check_place(folder, target)
            if replace:
                write_whole(target, data)
                return target
            if write_new(target, data):
                return target

    def _check_place(self, folder: Path, target: Path) -> None:
        if target.is_symlink() or target.is_dir():
            raise _refused(target.name)
        if not target.exists() and len(list(folder.iterdir())) >= MAX_FILES:
            raise StoreError(
                "This GPT has saved {count} files already.",
                "Delete some in {folder}, then try again.",
                count=MAX_FILES,
                folder=folder,
            )

    def _folder(self) -> Path:
        """The folder of this GPT, which has to be a real one: a link there could lead anywhere."""
        folder = self._root / checked_name(f"{self._flow_id}.txt").removesuffix(".txt")
        try:
            private_folder(folder)
        except OSError:
            raise _refused(folder.name) from None
        if folder.resolve() != self._root.resolve() / folder.name:
            raise _refused(folder.name)
        return folder


class GuestFiles(RunFiles):
    """What a run for a visitor saves: with its answer and nowhere else, so that it goes when they delete it."""

    def _keep(self, name: str, data: bytes, media_type: str, *, replace: bool) -> Attachment:
        taken = {file.name for file in self._runs.files_of(self._run_id, self._conversation)}
        if len(taken) >= MAX_GUEST_FILES:
            raise StoreError("This answer has saved too many files.", "Ask for fewer files.")
        path = Path(name)
        names = (name, *(f"{path.stem} ({number}){path.suffix}" for number in range(2, MAX_GUEST_FILES + 2)))
        free = name if replace else next(each for each in names if each not in taken)
        return self._runs.keep_file(self._conversation, self._run_id, free, media_type, data)


def saved_by(runs: RunStore, root: Path, flow_id: str, conversation: str, run_id: str) -> list[dict[str, Any]]:
    """The files a run saved below `root`: name, kind, size in bytes, and where each lies."""
    made = runs.files_of(run_id, conversation)
    facts = [file.model_dump(include={"name", "media_type", "size"}) for file in made]
    return [{**each, "path": str(root / flow_id / each["name"])} for each in facts]


def checked_name(name: str, endings: Collection[str] = ENDINGS) -> str:
    """The name of a file, or a refusal: no folder, no device, nothing hidden, no program. Raises StoreError."""
    name = normalize("NFC", name).strip()
    bad = not name or len(name.encode("utf-8", "replace")) > MAX_NAME or _FORBIDDEN.search(name)
    if bad or name.startswith((".", "~", "-")) or _DEVICE.fullmatch(name) or name.endswith((".", " ")):
        raise _refused(name)
    if Path(name).suffix.lower() not in endings:
        raise StoreError(
            "“{name}” doesn’t have the extension of a text file."
            if endings is ENDINGS
            else "“{name}” has the wrong file extension.",
            "Use one of these: {endings}",
            name=name[:100],
            endings=" ".join(endings) or "–",
        )
    return name


def _refused(name: str) -> StoreError:
    return StoreError(
        "“{name}” can’t be used as a file name.",
        "Use a plain name without folders, such as report.md.",
        name=name[:100].encode("utf-8", "replace").decode(),
    )


def _free(folder: Path, name: str) -> Path:
    """The name itself, or with the first number that is free: `report (2).md`."""
    path = Path(name)
    names = (name, *(f"{path.stem} ({number}){path.suffix}" for number in range(2, MAX_FILES + 2)))
    return next(folder / each for each in names if not (folder / each).exists())
