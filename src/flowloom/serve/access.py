"""The guard in front of everything: every request and websocket passes it, whatever route it belongs to.

It asks three things. By which name was the app called? A name that somebody let point to this computer is not ours.
Which page asks? Only our own may, to the port. And is this the browser that was let in? It opened the address with
the key once and has a cookie since.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from urllib.parse import quote, urlencode

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from flowloom.errors import Problem
from flowloom.serve.doors import FRAMED_BY, OWNER, Door, door_of
from flowloom.serve.first_visit import FirstVisit
from flowloom.serve.host_names import LOCAL, split_host
from flowloom.serve.plain_page import browser_language, plain_page
from flowloom.serve.problems import problem
from flowloom.serve.session_key import LIFETIME, RENEWED_AFTER, SessionKey, cookie_name

KEY = "key"
"""The part of the address that carries the key."""
SAFE = frozenset({"GET", "HEAD"})
POLICY = "; ".join(
    (
        # A model may write the address of a picture that carries the chat away: the browser shall not ask for it.
        "img-src 'self' data: blob:",
        "media-src 'self' data: blob:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
    )
)
HEADERS = {
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    # A browser would ask for the names of all links on a page before anybody follows one.
    "X-DNS-Prefetch-Control": "off",
}

WRONG_NAME = Problem.of(
    "access.name",
    "Flowloom isn’t available at this address.",
    "Open the address that Flowloom showed when it started. To use another name, start it with “--host NAME”.",
)
WRONG_PAGE = Problem.of(
    "access.page",
    "Another page tried to use Flowloom, and was refused.",
    "Nothing was changed. If you were working in Flowloom yourself, reload its page.",
)
NO_KEY = Problem.of(
    "access.key",
    "This browser doesn’t have access yet.",
    "When Flowloom started, it showed an address with a key. Copy the whole address and open it here once.",
)
OLD_KEY = Problem.of(
    "access.old_key",
    "The key in this address doesn’t belong to this Flowloom.",
    "Copy the whole address that Flowloom showed when it last started, and open it here.",
)
COMING_IN = Problem.of("access.coming", "Opening Flowloom.", "If nothing happens, reload this page.")


@dataclass(frozen=True)
class Call:
    """What a request or websocket says of itself."""

    scope: Scope

    @cached_property
    def at(self) -> HTTPConnection:
        return HTTPConnection(self.scope)

    @property
    def is_socket(self) -> bool:
        return bool(self.scope["type"] == "websocket")

    @cached_property
    def host(self) -> str:
        """The Host header where there is exactly one."""
        given = self.at.headers.getlist("host")
        return given[0].lower() if len(given) == 1 else ""

    @property
    def name(self) -> str:
        return split_host(self.host)[0]

    @property
    def port(self) -> str:
        return split_host(self.host)[1]

    @property
    def reads(self) -> bool:
        return not self.is_socket and self.scope["method"] in SAFE

    @property
    def opens_page(self) -> bool:
        """Whether a person goes to a page in a window of its own."""
        mode, goal = self.at.headers.get("sec-fetch-mode"), self.at.headers.get("sec-fetch-dest")
        return self.reads and mode == "navigate" and goal == "document"

    @property
    def is_elsewhere(self) -> bool:
        """Whether the browser says that another site leads here; another port is another site to us."""
        return self.at.headers.get("sec-fetch-site", "none") not in ("same-origin", "none")

    @property
    def origin_fits(self) -> bool:
        """Whether the page that asks is ours, to the port. Who changes something has to say which it is."""
        given = self.at.headers.getlist("origin")
        if not given:
            return self.reads
        return len(given) == 1 and given[0].lower() in (f"http://{self.host}", f"https://{self.host}")

    @property
    def comes_from_us(self) -> bool:
        return self.origin_fits and (not self.is_elsewhere or self.opens_page)

    @property
    def is_loaded(self) -> bool:
        """Whether a page of any site loads this to show it, or a script of ours, and reads nothing of it."""
        mode, goal = self.at.headers.get("sec-fetch-mode"), self.at.headers.get("sec-fetch-dest")
        return self.reads and (mode, goal) in (("navigate", "iframe"), ("no-cors", "script"))

    @property
    def wants_page(self) -> bool:
        return "text/html" in self.at.headers.get("accept", "")


class Access:
    """The guard as ASGI middleware, outermost of all; it also sends what a browser may do with our answers."""

    def __init__(
        self,
        app: ASGIApp,
        find_key: Callable[[], SessionKey],
        names: Collection[str] = (),
        open_paths: Collection[str] = (),
        first_visit: FirstVisit | None = None,
        doors: Collection[Door] = (),
        probes: Collection[str] = (),
    ) -> None:
        """`names` are beside those of this computer; on `open_paths` a route has a key of its own to ask for.

        What is behind one of the `doors` is not the app itself, and has rules of its own. `probes` tell nothing
        but that the app lives: any name will do.
        """
        self._app, self._find_key, self._open, self._doors = app, find_key, frozenset(open_paths), doors
        self._first_visit, self._probes = first_visit, frozenset(probes)
        self._names = LOCAL | frozenset(names)

    @cached_property
    def _key(self) -> SessionKey:
        return self._find_key()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        call = Call(scope)
        answer = await self._decide(call)
        if call.is_socket:
            await self._connect(answer, scope, receive, send)
            return
        age = None if answer else self._age(call)
        scope[OWNER] = age is not None and call.comes_from_us
        renewed = self._cookie(call) if age is not None and age > RENEWED_AFTER else ""
        await (answer or self._app)(scope, receive, _with_policy(scope, send, renewed))

    async def _connect(self, answer: Response | None, scope: Scope, receive: Receive, send: Send) -> None:
        if answer is None:
            await self._app(scope, receive, send)
        else:
            # Before it is accepted this is status 403 to the caller.
            await send({"type": "websocket.close", "code": 1008, "reason": ""})

    async def _decide(self, call: Call) -> Response | None:
        return self._answer(call)

    def _answer(self, call: Call) -> Response | None:
        """What is said instead of an answer of the app; None where the call may pass."""
        if call.reads and call.scope["path"] in self._probes:
            return None
        if call.name not in self._names:
            return refuse(call, WRONG_NAME)
        door = None if call.is_socket else door_of(call.scope["path"], self._doors)
        if door and (not door.for_pages or call.comes_from_us or (door.framed and call.is_loaded)):
            return None
        if not call.comes_from_us:
            return refuse(call, WRONG_PAGE)
        if door or (not call.is_socket and call.scope["path"] in self._open):
            return None
        return self._entrance(call)

    def _entrance(self, call: Call) -> Response | None:
        """The same for what is the app itself, called by a page of ours."""
        if call.reads and call.scope["path"] == "/" and KEY in call.at.query_params:
            return self._let_in(call)
        if self._age(call) is not None:
            return None
        if call.opens_page and call.is_elsewhere:
            # A link on another site: the browser brings our cookie only where we lead here ourselves.
            return lead_in(call)
        return refuse(call, NO_KEY)

    def _let_in(self, call: Call) -> Response:
        """To the same page without the key, with a cookie where the key was right."""
        given = call.at.query_params[KEY]
        fits = self._key.opens(given) or (self._first_visit is not None and self._first_visit.opens(given))
        if not fits and self._age(call) is None:
            return refuse(call, OLD_KEY)
        if call.is_elsewhere:
            answer: Response = lead_in(call)
        else:
            answer = RedirectResponse(address_of(call), HTTPStatus.SEE_OTHER)
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["Referrer-Policy"] = "no-referrer"
        if fits:
            answer.headers["Set-Cookie"] = self._cookie(call)
        return answer

    def _age(self, call: Call) -> float | None:
        """Seconds since this browser was let in; None where it was not."""
        return self._key.age(call.at.cookies.get(cookie_name(call.port), ""), call.port)

    def _cookie(self, call: Call) -> str:
        secure = "; Secure" if call.scope.get("scheme") == "https" else ""
        stamp = f"{cookie_name(call.port)}={self._key.stamp(call.port)}"
        return f"{stamp}; Path=/; Max-Age={LIFETIME}; HttpOnly; SameSite=Strict{secure}"


def lead_in(call: Call) -> Response:
    """A page of ours that leads on to where a link of another site goes, now with our cookie."""
    return plain_page("Flowloom", COMING_IN, browser_language(call.at), 200, onward=address_of(call))


def address_of(call: Call) -> str:
    """Where a call goes, without the key; always a path of ours."""
    query = urlencode([(name, value) for name, value in call.at.query_params.multi_items() if name != KEY])
    path = "/" + quote(call.scope["path"].lstrip("/\\"))
    return f"{path}?{query}" if query else path


def refuse(call: Call, found: Problem, status: int = HTTPStatus.FORBIDDEN) -> Response:
    """A problem as a page or as data, by what was asked for."""
    language = browser_language(call.at)
    if call.is_socket or call.wants_page:
        return plain_page("Flowloom", found, language, status)
    answer = JSONResponse({"problem": problem(found, language)}, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _with_policy(scope: Scope, send: Send, cookie: str = "") -> Send:
    async def send_with_policy(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            sites = " ".join(["'self'", *scope.get(FRAMED_BY, ())])
            # Beside a policy that is there already: a browser keeps to both.
            headers.append("Content-Security-Policy", f"{POLICY}; frame-ancestors {sites}")
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            if FRAMED_BY in scope:
                del headers["X-Frame-Options"]
            for name in [name for name in headers if name.startswith("access-control-")]:
                del headers[name]
            if cookie:
                headers.append("Set-Cookie", cookie)
        await send(message)

    return send_with_policy
