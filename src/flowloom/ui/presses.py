"""A press counts for the button it began on, also where the page moved that button away before it ended.

While a page is drawn, what stands above a button grows or goes. The browser then sees the mouse pressed on the
button and let go beside it, which is a click of neither, and nothing happens.
"""

from flowloom.ui.component import component

_mount = component("presses", __name__, "<span></span>")


def mind_presses() -> None:
    """Once a page."""
    _mount(key="presses", data={}, width="content", height="content")
