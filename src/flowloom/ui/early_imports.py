"""What the first page would wait for is brought in while the browser still loads Streamlit's scripts."""

from contextlib import suppress
from importlib import import_module
from threading import Event, Thread

from flowloom.errors import FlowloomError

PATIENCE = 60.0
"""Seconds the first page waits at most; what is missing then, it brings in itself."""
FIRST = (
    *(f"flowloom.ui.pages.{name}" for name in ("home", "build", "inbox", "knowledge", "runs", "settings")),
    "flowloom.ui.chat.links",
    # Streamlit imports these when it meets an icon of the tab and the first letter that is not English.
    *("numpy", "PIL.Image", "PIL.ImageFile", "streamlit.emojis", "streamlit.elements.lib.image_utils"),
)
THEN = ("httpx",)
"""What other pages need, while the first is looked at."""
_ready = Event()
_ready.set()


def begin() -> Thread:
    """Bring it in beside everything else."""
    _ready.clear()
    thread = Thread(target=_prepare, name="flowloom-imports", daemon=True)
    thread.start()
    return thread


def wait() -> None:
    """Until the first page can be drawn, so that two threads do not import the same at once."""
    _ready.wait(PATIENCE)


def _prepare() -> None:
    try:
        _bring_in(FIRST)
        _open()
    finally:
        _ready.set()
    _bring_in(THEN)


def _bring_in(names: tuple[str, ...]) -> None:
    for name in names:
        with suppress(ImportError):  # Whoever needs it says so.
            import_module(name)


def _open() -> None:
    from flowloom.kinds.registry import all_kinds
    from flowloom.store.templates import templates
    from flowloom.workspace import workspace

    all_kinds()
    with suppress(FlowloomError, OSError):  # The page that cannot be drawn without it says why.
        workspace()
        templates("en")
