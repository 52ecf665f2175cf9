"""My GPTs: favourites and folders, what was used last, two of one name, and templates to take."""

import os
import re
from typing import Any

from streamlit.testing.v1 import AppTest
from tests.ui.test_pages import home_page, labelled, open_page

from flowloom.flow.model import Flow
from flowloom.workspace import Workspace


def cards(app: AppTest) -> list[str]:
    return [str(button.key).removeprefix("open:") for button in app.button if str(button.key).startswith("open:")]


def made(home: Workspace, *names: str) -> list[str]:
    """GPTs that were changed one after the other, long ago."""
    ids = []
    for number, name in enumerate(names):
        flow = home.flows.create(Flow(name=name))
        os.utime(home.flows.path(flow.id), (1_700_000_000 + number, 1_700_000_000 + number))
        ids.append(flow.id)
    return ids


def test_favourites_come_first_then_what_was_used_last(home: Workspace) -> None:
    bees, fair, trip = made(home, "Bees", "Fair", "Trip")
    assert cards(open_page(home_page)) == [trip, fair, bees]
    home.shelf.opened(fair)
    assert cards(open_page(home_page)) == [fair, trip, bees]
    app = open_page(home_page)
    app.button(key=f"icon_star:{bees}:False").click().run()
    assert cards(app) == [bees, fair, trip]
    app.button(key=f"icon_star:{bees}:True").click().run()
    assert cards(app) == [fair, trip, bees]


def test_a_folder_holds_what_was_put_into_it(home: Workspace) -> None:
    bees, fair, trip = made(home, "Bees", "Fair", "Trip")
    app = open_page(home_page)
    assert not [group for group in app.button_group if str(group.key).startswith("gpts_folder")]
    home.shelf.put(bees, "School")
    home.shelf.put(fair, "Club")
    home.shelf.favour(trip, True)
    app = open_page(home_page)
    folders = app.button_group(key="gpts_folder:3")
    folders.set_value("School").run()
    assert cards(app) == [bees]
    app.button_group(key="gpts_folder:3").set_value("*").run()
    assert cards(app) == [trip]


def test_two_of_one_name_are_told_apart_to_the_minute(home: Workspace) -> None:
    made(home, "Bees", "Bees ", "Fair")
    said = [caption.value for caption in open_page(home_page).caption if "Changed" in caption.value]
    assert sum(bool(re.search(r"November 2023, \d\d:\d\d", text)) for text in said) == 2


def test_used_is_said_where_it_was_after_the_last_change(home: Workspace) -> None:
    (bees,) = made(home, "Bees")
    home.shelf.opened(bees)
    assert any("Used just now" in caption.value for caption in open_page(home_page).caption)


def test_a_gpt_from_a_template_gets_a_name_of_its_own(home: Workspace) -> None:
    from flowloom.store.templates import templates

    template = templates()[0]
    names = [home.intake.create_from_template(template).name for _ in range(3)]
    assert names == [template.flow.name, f"{template.flow.name} 2", f"{template.flow.name} 3"]


def test_taking_a_template_leads_and_looking_inside_is_quiet(home: Workspace) -> None:
    app = open_page(home_page)
    kinds: dict[str, Any] = {str(button.key).split(":")[0]: button.proto.type for button in app.button}
    assert (kinds["use"], kinds["look"]) == ("primary", "tertiary")
    keys = [str(button.key) for button in app.button]
    assert keys.index("use:translator") < keys.index("look:translator")
    labelled(app.button, "Look inside").click().run()
    assert not app.exception
