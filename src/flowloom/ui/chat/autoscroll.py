"""A box that follows what comes in at its end, and stands still for whoever has scrolled up.

Streamlit's own way of following takes the first turn of the wheel for one of its own and scrolls back down.
"""

from flowloom.ui.component import component

_mount = component("following", __name__, "<span></span>")


def follow_end(asked: str, key: str) -> None:
    """Have the box around this follow its end; another `asked` leads there wherever the person is."""
    _mount(key=key, data={"asked": asked}, width="content", height="content")
