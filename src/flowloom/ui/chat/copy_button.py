"""A button that puts a text on the clipboard."""

from flowloom.ui.component import component
from flowloom.ui.session import t

_mount = component("copy", __name__, "<button></button>")


def copy_button(text: str, key: str) -> None:
    _mount(key=key, data={"text": text, "label": t("Copy")}, width="content", height="content")
