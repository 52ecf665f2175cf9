"""One server for each module of tests."""

from collections.abc import Iterator

import pytest

from tests.serve.api.serving import Served, served


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("home")) as found:
        yield found


@pytest.fixture(autouse=True)
def _fresh_model(api: Served) -> Iterator[None]:
    api.model.script.clear()
    api.model.requests.clear()
    api.model.default = api.model.behave = None
    api.model.delay = api.model.per_token = 0.0
    yield
    api.hang_up()
