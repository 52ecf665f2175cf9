"""A form: what is passed on of its fields, and what a conversation keeps of it."""

from flowloom.kinds.people import Reply
from tests.nodes.conftest import World

FIELDS = [{"name": "Age", "type": "number"}, {"name": "Why", "required": False}, {"name": "Big", "type": "boolean"}]


def test_an_empty_field_goes_nowhere_unless_wished() -> None:
    world = World(reply=Reply(values={"Age": 7, "Why": ""}))
    assert world.run("people.form", {"fields": FIELDS}) == {"age": 7}
    passed = world.run("people.form", {"fields": FIELDS, "pass_empty": True})
    assert passed == {"age": 7, "why": "", "big": None}


def test_a_form_that_asks_once_keeps_what_it_heard() -> None:
    world = World(reply=Reply(values={"Age": 7}))
    config = {"fields": FIELDS, "once": True}
    assert world.run("people.form", config) == world.run("people.form", config) == {"age": 7}
    assert len(world.questions) == 1
    world.run("people.form", {"fields": FIELDS})
    assert len(world.questions) == 2
