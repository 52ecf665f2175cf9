"""Settings in which the model of a loopback server plays every role."""

from flowloom.services.models.settings import ROLES, ModelSettings, Provider
from tests.openai_server import OpenAIServer


def settings_of(server: OpenAIServer) -> ModelSettings:
    loopback = Provider(id="loopback", kind="compatible", name="Loopback", base_url=server.url, models=("m",))
    return ModelSettings(providers=(loopback,), roles=dict.fromkeys(map(str, ROLES), "loopback/m"))
