"""The routes of the API. Who may call is asked by each of them: a call brings its own key."""

from collections.abc import Callable

from starlette.routing import BaseRoute, Route

from flowloom.serve.api.chat_completions import chat_completion
from flowloom.serve.api.gate import ApiHome, Endpoint
from flowloom.serve.api.models import get_model, list_models
from flowloom.serve.api.openapi import get_document
from flowloom.serve.api.responses import cancel_response, create_response, delete_response, get_response
from flowloom.serve.api.runs import (
    answer_run,
    cancel_run,
    follow_run,
    get_run,
    get_run_file,
    resume_run,
    start_run,
)
from flowloom.workspace import Workspace, workspace


def api_routes(find_workspace: Callable[[], Workspace] = workspace) -> list[BaseRoute]:
    """All below `/v1/`."""
    api = ApiHome(find_workspace)
    return [
        Route("/v1/openapi.json", get_document, methods=["GET"]),
        Route("/v1/models", Endpoint(api, None, list_models), methods=["GET"]),
        Route("/v1/models/{model}", Endpoint(api, None, get_model), methods=["GET"]),
        Route("/v1/chat/completions", Endpoint(api, "chat", chat_completion), methods=["POST"]),
        Route("/v1/responses", Endpoint(api, "chat", create_response), methods=["POST"]),
        Route("/v1/responses/{response}", Endpoint(api, "chat", get_response), methods=["GET"]),
        Route("/v1/responses/{response}", Endpoint(api, "chat", delete_response), methods=["DELETE"]),
        Route("/v1/responses/{response}/cancel", Endpoint(api, "chat", cancel_response), methods=["POST"]),
        Route("/v1/runs", Endpoint(api, "runs", start_run), methods=["POST"]),
        Route("/v1/runs/{run}", Endpoint(api, "runs", get_run), methods=["GET"]),
        Route("/v1/runs/{run}/events", Endpoint(api, "runs", follow_run), methods=["GET"]),
        Route("/v1/runs/{run}/answer", Endpoint(api, "runs", answer_run), methods=["POST"]),
        Route("/v1/runs/{run}/cancel", Endpoint(api, "runs", cancel_run), methods=["POST"]),
        Route("/v1/runs/{run}/resume", Endpoint(api, "runs", resume_run), methods=["POST"]),
        Route("/v1/runs/{run}/files/{file}", Endpoint(api, "runs", get_run_file), methods=["GET"]),
    ]
