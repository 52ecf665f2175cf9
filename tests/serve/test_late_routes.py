"""Routes that are made with the first request for one of them."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from flowloom.serve.late_routes import LateRoutes


def app(made: list[str]) -> Starlette:
    async def say(request: Request) -> PlainTextResponse:
        return PlainTextResponse(request.path_params.get("name", "other"))

    def make() -> list[Route]:
        made.append("made")
        return [Route("/flows/{name}", say, methods=["POST"])]

    return Starlette(routes=[LateRoutes("/flows/", make), Route("/other", say)])


def test_they_are_made_once_and_only_when_asked_for() -> None:
    made: list[str] = []
    with TestClient(app(made)) as browser:
        assert browser.get("/other").text == "other"
        assert made == []
        assert [browser.post(f"/flows/{name}").text for name in ("bee", "wasp")] == ["bee", "wasp"]
        assert made == ["made"]


def test_what_is_not_there_is_refused_as_by_any_route() -> None:
    with TestClient(app([])) as browser:
        assert browser.get("/flows/bee").status_code == 405
        assert browser.post("/flows/bee/none").status_code == 404
        assert browser.post("/flowsbee").status_code == 404
