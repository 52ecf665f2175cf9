"""Drafts never change what is published; publishing, going back and stopping are one step each."""

import pytest

from flowloom.errors import StoreError
from flowloom.flow.model import Flow
from flowloom.publishing import PublishError, slug_of
from flowloom.store.publications import Terms
from flowloom.store.templates import templates
from flowloom.workspace import open_workspace

pytestmark = pytest.mark.usefixtures("kept_in")

LINK = Terms()


@pytest.fixture
def home(tmp_path):
    found = open_workspace(tmp_path)
    yield found
    found.close()


@pytest.fixture
def flow(home):
    (template,) = [each for each in templates() if each.flow.id == "translator"]
    return home.intake.create_from_template(template)


def test_a_draft_changes_nothing_that_is_published(home, flow):
    home.publications.publish(flow, "Translate!", LINK)
    home.flows.save(flow.model_copy(update={"name": "Draft"}))
    served = home.publications.find("translate").flow
    assert served.name == flow.name
    assert home.publications.pending(home.flows.load(flow.id), "en") == ["The name is “Draft”."]


def test_what_did_not_change_is_not_frozen_twice(home, flow):
    first = home.publications.publish(flow, "translate", LINK)
    again = home.publications.publish(flow, "translate", Terms(may_copy=True))
    assert first.version == again.version == 1
    assert again.terms.may_copy


def test_going_back_serves_an_earlier_version(home, flow):
    home.publications.publish(flow, "translate", LINK)
    home.publications.publish(flow.model_copy(update={"name": "Second"}), "translate", LINK)
    assert home.publications.find("translate").flow.name == "Second"
    home.publications.roll_back(flow.id, 1)
    assert home.publications.find("translate").flow.name == flow.name


def test_unpublished_is_served_to_nobody_and_keeps_its_name(home, flow):
    home.publications.publish(flow, "translate", LINK)
    home.publications.unpublish(flow.id)
    with pytest.raises(PublishError, match="no GPT at this address"):
        home.publications.find("translate")
    assert home.publications.free_slug(Flow(id="other", name="Translate")) == "translate-2"


def test_a_deleted_gpt_is_served_to_nobody(home, flow):
    home.publications.publish(flow, "translate", LINK)
    home.flows.delete(flow.id)
    with pytest.raises(PublishError):
        home.publications.find("translate")
    assert home.publications.live() == []


def test_what_cannot_run_is_not_published(home):
    with pytest.raises(PublishError) as refused:
        home.publications.publish(home.flows.create(Flow(id="x", name="Empty")), "empty", LINK)
    assert refused.value.problem.message
    assert home.publications.live() == []


def test_terms_and_name_change_without_a_new_version(home, flow):
    home.publications.publish(flow, "translate", LINK)
    home.publications.change(flow.id, "words", Terms(audience="me"))
    assert home.publications.find("words").publication.version == 1
    with pytest.raises(PublishError):
        home.publications.find("translate")


def test_a_name_that_is_taken_changes_nothing(home, flow):
    other = home.flows.create(flow)
    home.publications.publish(flow, "translate", LINK)
    with pytest.raises(StoreError, match="published as “translate” already"):
        home.publications.publish(other, "translate", LINK)
    assert home.publications.find("translate").flow.id == flow.id


@pytest.mark.parametrize(
    ("said", "slug"),
    [
        ("School trips 2026!", "school-trips-2026"),
        ("  --Épreuve__orale-- ", "épreuve-orale"),
        ("帮助中心", "帮助中心"),
        ("ＡＢＣ", "abc"),
        ("../../etc/passwd", "etc-passwd"),
        ("a?b#c%2f", "a-b-c-2f"),
        ("🎲", ""),
        ("x" * 100, "x" * 60),
    ],
)
def test_names_in_addresses_are_letters_and_digits(said, slug):
    assert slug_of(said) == slug


@pytest.mark.parametrize("name", ["", "!", "a", "🎲🎲🎲"])
def test_a_name_too_short_is_refused(home, flow, name):
    with pytest.raises(PublishError) as refused:
        home.publications.publish(flow, name, LINK)
    assert refused.value.problem.code == "publish.name"
