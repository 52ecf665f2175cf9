"""`/v1/models`: the published GPTs that a key opens."""

from starlette.responses import JSONResponse, Response

from flowloom.api_keys import may
from flowloom.publishing import Published
from flowloom.serve.api.gate import Call, Json


async def list_models(call: Call) -> Response:
    """All of them, by name."""
    found = await call.api.in_thread(_open_to, call)
    return JSONResponse({"object": "list", "data": [_facts(call, each) for each in found]})


async def get_model(call: Call) -> Response:
    """One of them."""
    wanted = call.request.path_params["model"]
    scope = call.key.facts.scopes[0]
    return JSONResponse(_facts(call, await call.api.in_thread(call.published, wanted, scope)))


def _open_to(call: Call) -> list[Published]:
    return [each for each in call.home.publications.live() if may_any(call, each)]


def may_any(call: Call, published: Published) -> bool:
    return any(may(call.key, scope, published.publication.flow) for scope in call.key.facts.scopes)


def _facts(call: Call, published: Published) -> Json:
    versions = call.home.publications.versions(published.publication.flow)
    at = next((each.at for each in versions if each.number == published.publication.version), 0.0)
    return {
        "id": published.publication.slug,
        "object": "model",
        "created": int(at),
        "owned_by": "flowloom",
        "name": published.flow.name,
        "description": published.flow.description,
    }
