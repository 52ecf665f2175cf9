"""The routes of the API. Who may call is asked by each of them: a call brings its own key."""

from collections.abc import Callable

from starlette.routing import BaseRoute, Route

from flowloom.serve.api.chat_completions import chat_completion
from flowloom.serve.api.gate import ApiHome, Endpoint
from flowloom.serve.api.models import get_model, list_models
from flowloom.workspace import Workspace, workspace


def api_routes(find_workspace: Callable[[], Workspace] = workspace) -> list[BaseRoute]:
    """All below `/v1/`."""
    api = ApiHome(find_workspace)
    return [
        Route("/v1/models", Endpoint(api, None, list_models), methods=["GET"]),
        Route("/v1/models/{model}", Endpoint(api, None, get_model), methods=["GET"]),
        Route("/v1/chat/completions", Endpoint(api, "chat", chat_completion), methods=["POST"]),
    ]
