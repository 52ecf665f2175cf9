"""Where files are dropped or chosen: they go straight to the disk of the server, and the window reads them there.

Streamlit's own file uploader holds every file in the memory of the server for as long as the page is open.
"""

from collections.abc import Sequence
from uuid import uuid4

import streamlit as st

from flowloom.locales import add_texts
from flowloom.serve.page_token import mint_token
from flowloom.store.uploads import MOST_BYTES, Upload
from flowloom.ui.component import component
from flowloom.ui.formatting import size_of
from flowloom.ui.session import language, t
from flowloom.workspace import workspace

HTML = "<div class=zone></div><ul></ul><p role=alert></p><p role=status></p>"
_mount = component("drop_zone", __name__, HTML)
TEXTS = {
    "zh": {
        "or drop them here": "或拖放到这里",
        "Choose files": "选择文件",
        "Up to {size} MB": "最多 {size} MB",
        "Remove “{file}”": "移除“{file}”",
        "Taking in “{file}”: {percent} %": "正在接收“{file}”：{percent}%",
        "“{file}” is here.": "“{file}”已收到。",
        "“{file}” is a type of file that can’t be imported.": "“{file}”的文件类型无法导入。",
        "“{file}” is too large: up to {size} MB are taken.": "“{file}”太大：最多接收 {size} MB。",
        "“{file}” didn’t arrive. Check that Flowloom is still running, then drop it again.": (
            "没有收到“{file}”。请检查 Flowloom 是否仍在运行，然后再拖放一次。"
        ),
        "“{file}” couldn’t be removed. Reload the page.": "无法移除“{file}”。请重新加载页面。",
    },
    "fr": {
        "or drop them here": "ou déposez-les ici",
        "Choose files": "Choisir des fichiers",
        "Up to {size} MB": "Jusqu’à {size} Mo",
        "Remove “{file}”": "Retirer « {file} »",
        "Taking in “{file}”: {percent} %": "Réception de « {file} » : {percent} %",
        "“{file}” is here.": "« {file} » est arrivé.",
        "“{file}” is a type of file that can’t be imported.": "« {file} » est d’un type qui ne s’importe pas.",
        "“{file}” is too large: up to {size} MB are taken.": (
            "« {file} » est trop volumineux : {size} Mo au plus sont acceptés."
        ),
        "“{file}” didn’t arrive. Check that Flowloom is still running, then drop it again.": (
            "« {file} » n’est pas arrivé. Vérifiez que Flowloom fonctionne encore, puis déposez-le à nouveau."
        ),
        "“{file}” couldn’t be removed. Reload the page.": ("« {file} » n’a pas pu être retiré. Rechargez la page."),
    },
}
add_texts(TEXTS)


def draw_drop_zone(name: str, endings: Sequence[str]) -> list[Upload]:
    """The files that were dropped, kept until `forget_files` is called with the same name."""
    window = st.session_state.setdefault(f"{name}_window", f"{name}-{uuid4().hex}")
    there, megabytes = workspace().uploads.of(window), MOST_BYTES // 1_000_000
    data = {
        "base": f"/flows/{window}/uploads",
        "token": mint_token(window, language()),
        "endings": list(endings),
        "most": MOST_BYTES,
        "files": [{"id": each.id, "name": each.name, "size": size_of(each.size)} for each in there],
        "texts": {
            "drop": t("or drop them here"),
            "choose": t("Choose files"),
            "limit": t("Up to {size} MB", size=megabytes),
            "remove": t("Remove “{file}”", file="{file}"),
            "sending": t("Taking in “{file}”: {percent} %", file="{file}", percent="{percent}"),
            "taken": t("“{file}” is here.", file="{file}"),
            "type": t("“{file}” is a type of file that can’t be imported.", file="{file}"),
            "stays": t("“{file}” couldn’t be removed. Reload the page.", file="{file}"),
            "large": t("“{file}” is too large: up to {size} MB are taken.", file="{file}", size=megabytes),
            "lost": t(
                "“{file}” didn’t arrive. Check that Flowloom is still running, then drop it again.", file="{file}"
            ),
        },
    }
    _mount(key=f"{name}_zone", data=data, width="stretch", height="content", on_changed_change=lambda: None)
    return there


def forget_files(name: str) -> None:
    """Remove what was dropped."""
    if window := st.session_state.pop(f"{name}_window", None):
        workspace().uploads.remove(window)
