"""What an XML document declares before its first element: entities stand there, by which small files unfold."""

import io
import zipfile
from collections.abc import Iterator
from typing import IO
from xml.parsers import expat

_PIECE = 1 << 16
_XML_ENDINGS = (".xml", ".rels", ".vml")
_TYPES = "[Content_Types].xml"


class NotXml(Exception):
    """A document that no reader of XML takes, or that one may read in another way than the next."""


class _Seen(Exception):
    """Ends the reading: what is wanted is known."""


def declares(file: IO[bytes]) -> bool:
    """Whether a document has a document type, in whatever encoding and however far in. Raises NotXml."""
    return _reads(file, inner_only=False)


def declares_within(data: bytes) -> bool:
    """Whether a document declares something itself; drawings name the type of all drawings, which is harmless."""
    return _reads(io.BytesIO(data), inner_only=True)


def _reads(file: IO[bytes], *, inner_only: bool) -> bool:
    """By the parser's own word, up to the first element: a document type can stand nowhere after it."""
    found = False

    def declared(name: str, system: str | None, public: str | None, within: int) -> None:
        nonlocal found
        found = bool(within) or not inner_only
        if found:
            raise _Seen

    def began(name: str, attributes: object) -> None:
        raise _Seen

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler, parser.StartElementHandler = declared, began
    try:
        while piece := file.read(_PIECE):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except _Seen:
        return found
    except (expat.ExpatError, ValueError, LookupError):
        raise NotXml from None
    return found


def xml_parts(archive: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    """The parts of an Office file that are read as XML, by their endings or by what the file says they are."""
    said = _said_to_be_xml(archive)
    for part in archive.infolist():
        name = part.filename.lower()
        if name.endswith(_XML_ENDINGS) or f"/{name}" in said or name.rpartition(".")[2] in said:
            yield part


def _said_to_be_xml(archive: zipfile.ZipFile) -> set[str]:
    """Names of parts and endings that the list of types calls XML."""
    found: set[str] = set()

    def began(name: str, attributes: dict[str, str]) -> None:
        if attributes.get("ContentType", "").lower().endswith("xml"):
            found.add((attributes.get("PartName") or attributes.get("Extension") or "").lower())

    def declared(*_: object) -> None:
        raise NotXml

    if _TYPES not in archive.namelist():
        return found
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.StartDoctypeDeclHandler = began, declared
    try:
        with archive.open(_TYPES) as file:
            parser.ParseFile(file)
    except expat.ExpatError:
        raise NotXml from None
    return found
