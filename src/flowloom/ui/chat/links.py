"""Every link of the page that leads to another computer shows first where it leads, whoever wrote it and wherever.

The texts of models are written so from the start (`answer_text.py`); this minds all others: a document's passage, a
run's values, a preview, a note on the canvas.
"""

from flowloom.serve.away import PATH
from flowloom.ui.component import component
from flowloom.ui.session import language

_mount = component("links", __name__, "<span></span>")


def mind_links() -> None:
    _mount(key="links", data={"page": f"{PATH}?lang={language()}"}, width="content", height="content")
