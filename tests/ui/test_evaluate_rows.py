"""Rows from documents and rows with files, from the page."""

import pytest
from tests.evaluation.test_attached_files import READS, packed
from tests.evaluation.test_written_rows import GOOD, SEARCHES, TEXT, Writes
from tests.ui.test_evaluate import opened, said

from flowloom.ui.evaluate import from_documents
from flowloom.workspace import Workspace


def test_a_person_ticks_what_a_model_wrote(home: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    flow = home.flows.create(SEARCHES)
    home.knowledge.add(f"{flow.id}/main", "hours.txt", TEXT.encode())
    app = opened(flow)
    app.button(key="open_new_dataset").click().run()
    app.segmented_control(key="dataset_way").set_value("documents").run()
    assert "The practice model can’t write questions" in said(app)
    monkeypatch.setattr(from_documents, "is_real", lambda settings, model: True)
    monkeypatch.setattr(home.models, "reply", Writes(GOOD).reply)
    app.run()
    assert "Up to 1 model call." in said(app)
    app.button(key="written_ask").click().run()
    assert "Nothing is kept by itself." in said(app)
    assert "dataset_save" not in [button.key for button in app.button]
    app.toggle(key=from_documents.KEEP_ALL).set_value(True).run()
    app.button(key="dataset_save").click().run()
    (dataset,) = home.datasets.all(flow.id)
    (row,) = home.datasets.rows(dataset.id).rows
    assert (row.expected, row.written_by, row.source) == (GOOD["answer"], "scribe", "hours.txt")


def test_a_zip_with_a_table_and_its_files(home: Workspace) -> None:
    flow = home.flows.create(READS)
    data = packed({"rows.csv": b"question,file\nWhat is it?,a.txt\nAnd?,no.txt\n", "a.txt": b"Apples"})
    app = opened(flow)
    app.button(key="open_new_dataset").click().run()
    app.file_uploader(key="dataset_file").set_value(("all.zip", data, "application/zip")).run()
    assert "Rows with a file: 1" in said(app)
    assert "Row 2 names “no.txt”, which isn’t there." in said(app)
    app.button(key="dataset_save").click().run()
    (dataset,) = home.datasets.all(flow.id)
    (file,) = home.datasets.rows(dataset.id).rows[0].files
    assert (file.name, file.text) == ("a.txt", "")
    assert home.datasets.files.read(flow.id, file) == b"Apples"
    assert home.datasets.files.whole(flow.id, file).text == "Apples"


@pytest.mark.parametrize(
    ("data", "words"), [(b"no zip", "can’t be unpacked"), (packed({"a.png": b"x"}), "holds no table")]
)
def test_a_zip_that_is_none_is_said(home: Workspace, data: bytes, words: str) -> None:
    app = opened(home.flows.create(READS))
    app.button(key="open_new_dataset").click().run()
    app.file_uploader(key="dataset_file").set_value(("all.zip", data, "application/zip")).run()
    assert words in said(app)
