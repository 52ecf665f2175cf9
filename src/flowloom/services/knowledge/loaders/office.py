"""Office files as the zip archives they are, checked before a library opens them."""

import io
import zipfile

from flowloom.errors import KnowledgeError
from flowloom.services.formats.xml_parts import NotXml, declares, xml_parts
from flowloom.services.knowledge.loaders.document import broken, locked

MAX_PARTS = 10_000
MAX_UNPACKED = 300 * 1024 * 1024
MAX_RATIO = 200
_SMALL = 5 * 1024 * 1024
"""Up to this size a part may be packed as tightly as it likes."""
_PIECE = 1 << 16

FORMATS = {".docx": "Word document", ".pptx": "PowerPoint presentation", ".xlsx": "Excel workbook"}
_MAIN_PARTS = {"word/": ".docx", "ppt/": ".pptx", "xl/": ".xlsx"}
_OLD = b"\xd0\xcf\x11\xe0"


def check_office(name: str, data: bytes, ending: str) -> None:
    """Refuse what is no such document, is locked, or unfolds without end. Raises KnowledgeError."""
    if data.startswith(_OLD):
        raise locked(name) if "EncryptedPackage".encode("utf-16-le") in data else _old(name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            _check_format(name, {part.filename for part in parts}, ending)
            if len(parts) > MAX_PARTS or any(part.flag_bits & 1 for part in parts):
                raise _bomb(name)
            _check_sizes(name, archive, parts)
            _check_declarations(name, archive)
    except NotXml:
        raise broken(name, FORMATS[ending]) from None
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError):
        raise broken(name, FORMATS[ending]) from None
    except Exception as error:
        if isinstance(error, KnowledgeError):
            raise
        raise broken(name, FORMATS[ending]) from None  # zlib's own errors


def _check_format(name: str, files: set[str], ending: str) -> None:
    found = next((kind for folder, kind in _MAIN_PARTS.items() if any(f.startswith(folder) for f in files)), "")
    if not found:
        raise broken(name, FORMATS[ending])
    if found != ending:
        raise KnowledgeError(
            "“{file}” is actually a different type of file: {format}.",
            "Rename it so that its name ends in {ending}, and add that.",
            file=name,
            format=FORMATS[found],
            ending=found,
        )


def _check_declarations(name: str, archive: zipfile.ZipFile) -> None:
    """No Office program declares a document type: it is where XML keeps its bombs."""
    for part in xml_parts(archive):
        with archive.open(part) as file:
            if part.file_size and declares(file):
                raise _bomb(name)


def _check_sizes(name: str, archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    total = 0
    for part in parts:
        length = 0
        with archive.open(part) as file:
            while piece := file.read(_PIECE):
                length += len(piece)
                total += len(piece)
                if total > MAX_UNPACKED or (length > _SMALL and length > MAX_RATIO * max(1, part.compress_size)):
                    raise _bomb(name)


def _bomb(name: str) -> KnowledgeError:
    return KnowledgeError(
        "“{file}” is compressed in an unusual way and wasn’t opened.",
        "If you know where it comes from, save it again on your computer and add that.",
        file=name,
    )


def _old(name: str) -> KnowledgeError:
    return KnowledgeError(
        "“{file}” is in an old Office format.",
        "Open it, save it as .docx, .pptx or .xlsx, and add that.",
        file=name,
    )
