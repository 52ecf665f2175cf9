"""Settings, Databases: add one, look at its tables, let GPTs change it, remove it; and choosing one in a block."""

import sqlite3
from pathlib import Path

import pytest
from tests.ui.test_pages import labelled, open_settings

from flowloom.workspace import Workspace


@pytest.fixture
def library(tmp_path: Path) -> Path:
    path = tmp_path / "library.db"
    made = sqlite3.connect(path)
    made.execute("CREATE TABLE books (title TEXT)")
    made.close()
    return path


def test_a_file_is_added_tested_allowed_and_removed(home: Workspace, library: Path) -> None:
    app = open_settings("tools")
    labelled(app.text_input, "File").input(str(library))
    labelled(app.button, "Save database").click().run()
    (database,) = home.databases.settings.databases
    assert (database.path, database.change) == (str(library), False)
    app.button(key=f"database_test:{database.id}:go").click().run()
    assert "books (title text)" in [code.value for code in app.code]
    labelled(app.toggle, "GPTs can change data").set_value(True).run()
    assert home.databases.settings.databases[0].change
    labelled(app.button, "Remove database").click().run()
    assert home.databases.settings.databases == ()


def test_a_server_needs_a_name_and_a_port_that_is_a_number(
    home: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLOWLOOM_SECRET_KEY", "open sesame, my keys")
    app = open_settings("tools")
    labelled(app.selectbox, "Location").select("postgres").run()
    labelled(app.button, "Save database").click().run()
    assert "Something is missing" in app.error[0].value
    labelled(app.text_input, "Database name").input("library")
    app.text_input(key="new_database:0:postgres:port").input("many")
    labelled(app.button, "Save database").click().run()
    assert "The port must be a number, such as 5432" in app.error[0].value
    app.text_input(key="new_database:0:postgres:port").input("5433")
    labelled(app.text_input, "Password").input("hunter2-but-longer")
    labelled(app.button, "Save database").click().run()
    (database,) = home.databases.settings.databases
    assert (database.port, database.secure) == (5433, True)
    assert home.secrets.reveal(database.secret) == "hunter2-but-longer"
    assert not app.error
