"""Files a GPT saves: below one folder of its own, under names that can lead nowhere else."""

import re
from collections.abc import Mapping
from pathlib import Path
from unicodedata import normalize

from flowloom.errors import StoreError
from flowloom.kinds.values import Attachment
from flowloom.services.files import write_whole
from flowloom.store.runs import RunStore

MAX_BYTES = 5_000_000
MAX_FILES = 500
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
}
"""Kinds of text that no computer runs when somebody opens them."""
MAX_MEDIA_BYTES = 25_000_000
MEDIA = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".gif": "image/gif",
    ".svg": "image/svg+xml",
    ".mp3": "audio/mpeg",
    ".wav": "audio/wav",
    ".ogg": "audio/ogg",
    ".flac": "audio/flac",
}
"""Pictures and sounds that blocks make."""
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]')
_DEVICE = re.compile(
    r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$|clock\$)(?:\..*)?", re.IGNORECASE
)


class RunFiles:
    """What one run saves. Fulfils `Files`."""

    def __init__(self, folder: Path, runs: RunStore, flow_id: str, conversation: str, run_id: str) -> None:
        self._root, self._runs = folder, runs
        self._flow_id, self._conversation, self._run_id = flow_id, conversation, run_id

    def save(self, name: str, text: str, *, replace: bool) -> Attachment:
        """Keep a text as a file. Raises StoreError, and then nothing was written."""
        name = checked_name(name)
        return self._keep(
            name, text.encode("utf-8", "replace"), ENDINGS[Path(name).suffix.lower()], replace, MAX_BYTES
        )

    def save_bytes(self, name: str, data: bytes, media_type: str, *, replace: bool) -> Attachment:
        """Keep a picture or sound as a file. Raises StoreError, and then nothing was written."""
        name = checked_name(name, MEDIA)
        if MEDIA[Path(name).suffix.lower()] != media_type:
            raise _refused(name)
        return self._keep(name, data, media_type, replace, MAX_MEDIA_BYTES)

    def _keep(self, name: str, data: bytes, media_type: str, replace: bool, most: int) -> Attachment:
        if len(data) > most:
            raise StoreError(
                "“{name}” is larger than {size} MB.",
                "Save less, or in several files.",
                name=name,
                size=most // 1_000_000,
            )
        folder = self._folder()
        target = folder / name if replace else _free(folder, name)
        self._check_place(folder, target)
        try:
            write_whole(target, data)
        except OSError as error:
            raise StoreError(
                "“{name}” could not be saved ({reason}).",
                "Check that the disk has room.",
                name=name,
                reason=error.strerror or type(error).__name__,
            ) from None
        return self._runs.keep_file(self._conversation, self._run_id, target.name, media_type, data)

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
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            raise _refused(folder.name) from None
        if folder.resolve() != self._root.resolve() / folder.name:
            raise _refused(folder.name)
        return folder


def checked_name(name: str, endings: Mapping[str, str] = ENDINGS) -> str:
    """The name of a file, or a refusal: no folder, no device, nothing hidden, no program. Raises StoreError."""
    name = normalize("NFC", name).strip()
    bad = not name or len(name.encode("utf-8", "replace")) > MAX_NAME or _FORBIDDEN.search(name)
    if bad or name.startswith((".", "~", "-")) or _DEVICE.fullmatch(name) or name.endswith((".", " ")):
        raise _refused(name)
    if Path(name).suffix.lower() not in endings:
        what = "a text file" if endings is ENDINGS else "a picture or sound"
        raise StoreError(
            "“{name}” has no ending of {what}.",
            "Use one of these: {endings}",
            name=name[:100],
            what=what,
            endings=" ".join(endings),
        )
    return name


def _refused(name: str) -> StoreError:
    return StoreError(
        "“{name}” is no name a file may be saved under.",
        "Use a plain name without folders, such as report.md.",
        name=name[:100].encode("utf-8", "replace").decode(),
    )


def _free(folder: Path, name: str) -> Path:
    """The name itself, or with the first number that is free: `report (2).md`."""
    path = Path(name)
    names = (name, *(f"{path.stem} ({number}){path.suffix}" for number in range(2, MAX_FILES + 2)))
    return next(folder / each for each in names if not (folder / each).exists())
