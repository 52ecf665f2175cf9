"""`/v1/models`: the published GPTs that a key opens."""

from starlette.responses import JSONResponse, Response

from flowloom.api_keys import may
from flowloom.publishing import Published
from flowloom.serve.api.gate import Call, Json


async def list_models(call: Call) -> Response:
    """All of them, by name."""
    return JSONResponse({"object": "list", "data": await call.api.in_thread(_open_to, call)})


async def get_model(call: Call) -> Response:
    """One of them."""
    wanted = call.request.path_params["model"]
    return JSONResponse(await call.api.in_thread(_named, call, wanted))


def _open_to(call: Call) -> list[Json]:
    scope = call.key.facts.scopes[0]
    live = call.home.publications.live()
    return [_facts(call, each) for each in live if may(call.key, scope, each.publication.flow)]


def _named(call: Call, name: str) -> Json:
    return _facts(call, call.published(name, call.key.facts.scopes[0]))


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
