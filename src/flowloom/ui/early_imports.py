"""What the first page would wait for is imported while the browser still loads Streamlit's scripts."""

import sys
from contextlib import suppress
from threading import Event, Thread

from flowloom import garbage
from flowloom.errors import FlowloomError

PATIENCE = 60.0
"""Seconds the first page waits at most; what is missing then, it imports itself."""
INTERRUPTED = 0.0005
"""Seconds after which the import lets other threads go on that wait."""
_ready = Event()
_ready.set()


def begin() -> Thread:
    """Import it beside everything else."""
    _ready.clear()
    garbage.pause()
    thread = Thread(target=_import_all, name="flowloom-imports", daemon=True)
    thread.start()
    return thread


def wait() -> None:
    """Until the first page can be drawn, so that two threads do not import the same at once."""
    _ready.wait(PATIENCE)


def _import_all() -> None:
    before = sys.getswitchinterval()
    # Meanwhile the scripts of the page are served, in many small steps that each would wait for this thread.
    sys.setswitchinterval(INTERRUPTED)
    try:
        _import_pages()
        _open()
    finally:
        garbage.go_on()
        _ready.set()
        sys.setswitchinterval(before)
    _import_rest()


def _import_pages() -> None:
    from flowloom.serve import documents, editor  # noqa: F401
    from flowloom.ui import presses, uploader_words  # noqa: F401
    from flowloom.ui.chat import links  # noqa: F401
    from flowloom.ui.pages import (  # noqa: F401  # noqa: F401
        build,
        evaluate,
        home,
        inbox,
        knowledge,
        runs,
        settings,
        store,
        studio,
        tuning,
        you,
    )

    with suppress(ImportError):  # Streamlit needs these for the icon of the tab and the first letter of no ASCII.
        import numpy  # noqa: F401
        from PIL import Image, ImageFile  # noqa: F401


def _open() -> None:
    from flowloom.kinds.registry import all_kinds
    from flowloom.serve.leaving import leaving
    from flowloom.serve.operations import count_runs
    from flowloom.store.templates import templates
    from flowloom.workspace import workspace

    all_kinds()
    with suppress(FlowloomError, OSError):  # The page that cannot be drawn without it says why.
        count_runs(workspace())
        leaving.wait_for(workspace().hold, workspace().runner.busy)
        templates("en")


def _import_rest() -> None:
    """What other pages need, while the first is looked at."""
    import httpx  # noqa: F401
