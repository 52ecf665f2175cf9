"""The routes of somebody’s own account: their password, and what may ask in their name."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from flowloom.errors import FlowloomError
from flowloom.serve.plain_page import browser_language
from flowloom.serve.team import account_page
from flowloom.serve.team.callers import go_on, here, place_of
from flowloom.serve.team.form import fields_of
from flowloom.serve.team.passkey_routes import site_here
from flowloom.store.api_keys import ApiKey

if TYPE_CHECKING:
    from flowloom.workspace import Workspace

Listed = tuple[str, str, Callable[[Request], Awaitable[Response]]]


def account_routes(find_workspace: "Callable[[], Workspace]", elsewhere: str) -> list[Listed]:
    """Method, path and handler of each; `elsewhere` is what the sign-in service of the organisation is called."""
    routes = _AccountRoutes(find_workspace, elsewhere)
    return [
        ("GET", "/account", routes.account),
        ("POST", "/account/password", routes.password),
        ("POST", "/account/assistants/{id}", routes.disconnect),
    ]


class _AccountRoutes:
    def __init__(self, find_workspace: "Callable[[], Workspace]", elsewhere: str) -> None:
        self._workspace, self._elsewhere = find_workspace, elsewhere

    async def account(self, request: Request) -> Response:
        return await self._account(request, is_saved="saved" in request.query_params)

    async def _account(self, request: Request, wrong: Any = None, is_saved: bool = False) -> Response:
        present = here(request)

        home = self._workspace()

        def name(key: ApiKey) -> str:
            flow = home.publications.served(key.flow)
            return flow.name if flow else ""

        def look() -> Response:
            account = present.account
            keys = home.assistants.of_account(account.id)
            return account_page.account_page(
                browser_language(request),
                present,
                home.team.sessions.of(account),
                wrong,
                is_saved,
                self._elsewhere,
                [(key, name(key)) for key in keys],
                home.team.passkeys.of(account),
                site_here(request) is not None,
            )

        return await run_in_threadpool(look)

    async def disconnect(self, request: Request) -> Response:
        account, id = here(request).account, request.path_params["id"]

        def end() -> None:
            home = self._workspace()
            for key in home.assistants.of_account(account.id):
                if key.id == id:
                    home.assistants.disconnect(id)
                    told = key.facts.assistant
                    home.team.deeds.add("assistant_disconnected", account.id, account.shown, told)

        await run_in_threadpool(end)
        return go_on("/account")

    async def password(self, request: Request) -> Response:
        given, present = await fields_of(request), here(request)
        old, new = given.get("old", ""), given.get("password", "")
        try:
            token = await run_in_threadpool(
                lambda: self._workspace().team.sessions.change_password(present, old, new, place_of(request))
            )
        except FlowloomError as error:
            return await self._account(request, error.problem)
        return go_on("/account?saved", request, token)
