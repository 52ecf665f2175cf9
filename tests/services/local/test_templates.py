"""Every template with a real model, which gets facts wrong: a run ends with an answer or a sentence that helps."""

from collections.abc import Iterator

import pytest

from flowloom.services.models.local import chat
from flowloom.services.models.local.servers import LocalServers
from flowloom.services.models.settings import ROLES, Provider
from flowloom.store.templates import Template, templates
from flowloom.workspace import Workspace
from tests.services.local.conftest import MODEL
from tests.test_templates import ask

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def short() -> Iterator[LocalServers]:
    """Models that say no more than some sentences."""
    found = LocalServers(longest=48)
    yield found
    found.close()


@pytest.fixture
def real(home: Workspace, local: Provider, short: LocalServers, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace whose every role is played by the real model."""
    monkeypatch.setattr(chat, "SERVERS", short)
    settings = home.models.settings.with_provider(local)
    home.models_changed(settings.model_copy(update={"roles": dict.fromkeys(ROLES, f"local/{MODEL}")}))
    return home


# Those that take a model the least time: one that writes, and one that fills in a form.
IN_OTHER_LANGUAGES = ("translator", "form-filler")
OTHERS = [each for language in ("zh", "fr") for each in templates(language) if each.id in IN_OTHER_LANGUAGES]


@pytest.mark.parametrize(
    "template", [*templates(), *OTHERS], ids=lambda template: f"{template.id}-{template.flow.language}"
)
def test_a_template_does_its_work_with_a_real_model(real: Workspace, template: Template) -> None:
    view = ask(real, template, template.flow.starters[0])
    assert view.state in ("finished", "failed")
    if view.state == "finished":
        assert view.text.strip()
    else:
        assert view.problem
        # Code that a small model writes may be wrong as well.
        assert view.problem.code.startswith(("model.", "code.")), view.problem
        assert view.problem.hint
