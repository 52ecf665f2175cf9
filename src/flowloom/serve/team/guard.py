"""The guard of a team's app: the same questions of name and page, and then who it is and whether they may.

It stands in front of every route, the framework's own and its websocket too. A sign-in is looked up at every call,
every message of a websocket, and every few seconds of a stream, so that what ended opens nothing any more.
"""

import time
from collections.abc import Callable, Collection
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from flowloom.errors import FlowloomError
from flowloom.people.problems import NOT_SIGNED_IN, NOT_YOURS
from flowloom.serve.access import Access, Call, address_of, lead_in, refuse
from flowloom.serve.doors import PAGE, PRESENT, Door, person_of
from flowloom.serve.session_key import SessionKey
from flowloom.serve.team.cookies import token_of
from flowloom.serve.team.rules import Needs, rule_for

if TYPE_CHECKING:
    from flowloom.people.team import Team
    from flowloom.store.accounts import Account

SIGN_IN, SET_UP, MEMBERS_HOME = "/sign-in", "/set-up", "/gpts"
BACK = "/sign-in/back"
"""Where a sign-in service leads back to; the cookie of the errand is only brought by a page of ours."""
LOOK_EVERY = 5.0
"""Seconds of a stream after which it is asked again whether its reader is still signed in."""


class TeamAccess(Access):
    """The guard as ASGI middleware, outermost of all."""

    def __init__(
        self,
        app: ASGIApp,
        find_team: "Callable[[], Team]",
        names: Collection[str] = (),
        open_paths: Collection[str] = (),
        doors: Collection[Door] = (),
        probes: Collection[str] = (),
    ) -> None:
        super().__init__(app, _no_key, names, open_paths, doors=doors, probes=probes)
        self._find_team = find_team

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        watch = _Watch(self, scope)
        try:
            await super().__call__(scope, watch.receiving(receive, send), watch.sending(send))
        except (ClientDisconnect, OSError):
            if not watch.is_over:
                raise

    async def _decide(self, call: Call) -> Response | None:
        return await run_in_threadpool(self._told, call)

    def _told(self, call: Call) -> Response | None:
        call.scope[PRESENT] = None
        try:
            if call.name in self._names and call.comes_from_us:
                call.scope[PRESENT] = self._find_team().sessions.who(token_of(call.at))
            return self._answer(call)
        except FlowloomError as error:  # the database does not answer
            return refuse(call, error.problem, HTTPStatus.SERVICE_UNAVAILABLE)

    def _answer(self, call: Call) -> Response | None:
        leads_to_page = PAGE.fits(call.scope["path"]) and call.opens_page and call.is_elsewhere
        comes_back = call.scope["path"] == BACK and call.opens_page and call.is_elsewhere
        if comes_back and call.name in self._names:
            return lead_in(call)
        if leads_to_page and call.name in self._names and person_of(call.scope) is None:
            # The browser may have a cookie that it does not bring where another site leads.
            return lead_in(call)
        return super()._answer(call)

    def _entrance(self, call: Call) -> Response | None:
        account = person_of(call.scope)
        needs, named = rule_for("WS" if call.is_socket else call.scope["method"], call.scope["path"])
        if needs is Needs.NOTHING:
            return None
        if account is None:
            return self._outside(call)
        if self._may(account, needs, named):
            return None
        if call.reads and call.scope["path"] == "/" and not account.builds:
            return RedirectResponse(MEMBERS_HOME, HTTPStatus.SEE_OTHER)
        return refuse(call, NOT_YOURS)

    def _may(self, account: "Account", needs: Needs, named: dict[str, str]) -> bool:
        match needs:
            case Needs.PERSON:
                return True
            case Needs.BUILDER:
                return account.builds
            case Needs.OWNER:
                return self._find_team().may_build(account, "gpt", named["flow"])
            case Needs.ADMIN:
                return account.is_admin
        return False

    def _outside(self, call: Call) -> Response:
        """For whoever is not signed in: the way in where they go to a page, else a refusal."""
        if call.opens_page and call.is_elsewhere:
            return lead_in(call)
        if not (call.reads and call.wants_page):
            return refuse(call, NOT_SIGNED_IN)
        return way_in(self._find_team(), address_of(call))

    def _age(self, call: Call) -> float | None:
        return None  # The key of the app opens nothing here.

    def still_in(self, scope: Scope) -> bool:
        """Whether who began this call is still signed in and may still do it. Raises StoreError."""
        before = scope.get(PRESENT)
        if before is None:
            return True
        call = Call(scope)
        now = self._find_team().sessions.who(token_of(call.at))
        if now is None or now.account.id != before.account.id:
            return False
        needs, named = rule_for("WS" if call.is_socket else scope["method"], scope["path"])
        return needs in (Needs.NOTHING, Needs.OWN) or self._may(now.account, needs, named)


def way_in(team: "Team", onward: str) -> Response:
    """To the page on which somebody signs in, or sets the app up; and from there to where they were going."""
    if not team.joining.is_set_up():
        return RedirectResponse(SET_UP, HTTPStatus.SEE_OTHER)
    target = SIGN_IN if onward == "/" else f"{SIGN_IN}?next={quote(onward, safe='')}"
    answer = RedirectResponse(target, HTTPStatus.SEE_OTHER)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _no_key() -> SessionKey:
    return SessionKey("")


class _Watch:
    """Ends a websocket or a stream once whoever began it is signed out."""

    def __init__(self, guard: TeamAccess, scope: Scope) -> None:
        self._guard, self._scope, self.is_over = guard, scope, False
        self._looked = time.monotonic()

    async def _is_in(self) -> bool:
        try:
            return await run_in_threadpool(self._guard.still_in, self._scope)
        except FlowloomError:
            return False

    def receiving(self, receive: Receive, send: Send) -> Receive:
        if self._scope["type"] != "websocket":
            return receive

        async def receive_watched() -> Message:
            message = await receive()
            if message["type"] == "websocket.receive" and not await self._is_in():
                self.is_over = True
                await send({"type": "websocket.close", "code": 1008, "reason": ""})
                return {"type": "websocket.disconnect", "code": 1008}
            return message

        return receive_watched

    def sending(self, send: Send) -> Send:
        async def send_watched(message: Message) -> None:
            if message["type"].startswith("websocket") and self.is_over:
                return
            await send(message)
            goes_on = message["type"] == "websocket.send" or message.get("more_body")
            if not goes_on or time.monotonic() - self._looked < LOOK_EVERY:
                return
            self._looked = time.monotonic()
            if await self._is_in():
                return
            self.is_over = True
            if self._scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008, "reason": ""})
                return
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            raise OSError("ended")  # Ends what writes the stream, as if its reader had gone.

        return send_watched
