"""What a file is, by how its bytes begin: names and what servers say of it may lie."""

PICTURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
SOUNDS = {b"OggS": "audio/ogg", b"fLaC": "audio/flac", b"ID3": "audio/mpeg", b"\x1aE\xdf\xa3": "audio/webm"}
# The first two bytes of an MPEG frame of layer III; others begin texts in UTF-16 as well.
_MPEG = {bytes((0xFF, second)) for second in (0xFB, 0xFA, 0xF3, 0xF2, 0xE3, 0xE2)}
_MP4 = {b"M4A ", b"M4B ", b"mp42", b"mp41", b"isom", b"iso2", b"dash"}


def picture_kind(data: bytes) -> str:
    """The media type of a picture that browsers show, "" for anything else."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return _begins(data, PICTURES)


def sound_kind(data: bytes) -> str:
    """The media type of a sound, "" for anything else."""
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return "audio/wav"
    if data[4:8] == b"ftyp":
        return "audio/mp4" if data[8:12] in _MP4 else ""
    return "audio/mpeg" if data[:2] in _MPEG else _begins(data, SOUNDS)


def _begins(data: bytes, kinds: dict[bytes, str]) -> str:
    return next((kind for beginning, kind in kinds.items() if data.startswith(beginning)), "")
