"""What the terminal shows of a page that failed: nothing where the page explains it, all where it cannot."""

import errno
import logging

import pytest
from streamlit import error_util

from flowloom.errors import FlowloomError, ModelError
from flowloom.ui.server import hush_explained, lock_settings


@pytest.mark.parametrize(
    ("error", "has_traceback"),
    [
        (ModelError("The model settings cannot be read: {path}", "Correct the file.", path="models.json"), False),
        (FlowloomError("This GPT is gone.", "Open another."), False),
        (OSError(errno.ENOSPC, "No space left on device"), False),
        (OSError(errno.ENOENT, "No such file"), True),
        (KeyError("honey"), True),
    ],
)
def test_a_traceback_is_for_what_nobody_foresaw(
    error: Exception, has_traceback: bool, caplog: pytest.LogCaptureFixture
) -> None:
    hush_explained()
    lock_settings()
    logger = logging.getLogger("streamlit.error_util")
    logger.addHandler(caplog.handler)
    try:
        error_util.handle_user_script_exception(error, lambda said: True)
    finally:
        logger.removeHandler(caplog.handler)
    assert ("Uncaught app execution" in caplog.messages) == has_traceback
    assert len(caplog.messages) == 1, "it is said once"
