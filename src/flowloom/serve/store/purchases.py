"""The routes by which a GPT is bought, and what payment services tell of it."""

import json
from collections.abc import Callable
from functools import partial
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from flowloom.earning.problems import NO_PRICE, EarningError
from flowloom.errors import FlowloomError
from flowloom.gallery.catalogue import Entry
from flowloom.gallery.problems import NOT_IN_STORE, GalleryError
from flowloom.publishing import Published
from flowloom.serve.declared_size import declared_size
from flowloom.serve.page.pages import caller_of
from flowloom.serve.page.refusals import NO_STORE, Handler
from flowloom.serve.plain_page import browser_language
from flowloom.serve.problems import problem
from flowloom.serve.store.answers import TOKEN, answered, done
from flowloom.serve.store.buying import buy_page, order_page
from flowloom.serve.store.members import for_members
from flowloom.serve.team.form import fields_of
from flowloom.store.orders import Order
from flowloom.workspace import Workspace, workspace

ORDERS_A_MINUTE, CODES_A_MINUTE = 10, 10
LARGEST = 1_000_000
"""Bytes of a message of a payment service."""


def purchase_routes(find_workspace: Callable[[], Workspace] = workspace) -> list[BaseRoute]:
    """Below `/store`, for people."""
    buying = PurchaseRoutes(find_workspace)
    gpt = "/store/gpt/{slug}"
    routes: list[tuple[str, str, Handler]] = [
        ("GET", f"{gpt}/buy", buying.buy),
        ("POST", f"{gpt}/order", buying.order),
        ("POST", f"{gpt}/redeem", buying.redeem),
        ("GET", "/store/orders/{order}", buying.show),
    ]
    return [
        Route(path, partial(answered, for_members(find_workspace, call)), methods=[method])
        for method, path, call in routes
    ]


def payment_routes(find_workspace: Callable[[], Workspace] = workspace) -> list[BaseRoute]:
    """One route, for payment services: only what they signed is acted on."""

    async def receive(request: Request) -> Response:
        try:
            body = await _read(request)
            if body is None:
                return Response(status_code=413)
            selling = find_workspace().selling
            await run_in_threadpool(selling.receive, request.path_params["provider"], body, request.headers)
        except ClientDisconnect:
            return Response(status_code=400)
        except FlowloomError as error:
            # Anything but success, and the service sends it again.
            status = 404 if error.problem.code == "earning.none" else 400
            told = {"problem": problem(error.problem, browser_language(request))}
            return Response(json.dumps(told, ensure_ascii=False), status, media_type="application/json")
        return Response(status_code=204)

    return [Route("/hooks/payments/{provider}", receive, methods=["POST"])]


async def _read(request: Request) -> bytes | None:
    """The body; None where it is too large, of which no more is read."""
    if declared_size(request) > LARGEST:
        return None
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            return None
    return body


class PurchaseRoutes:
    """The handlers."""

    def __init__(self, find_workspace: Callable[[], Workspace]) -> None:
        self._workspace = find_workspace

    async def buy(self, request: Request) -> Response:
        return await run_in_threadpool(self._buy, request)

    def _buy(self, request: Request) -> Response:
        entry, _ = self._found(request)
        if entry.price is None:
            raise EarningError.from_problem(NO_PRICE)
        known = caller_of(request).account is not None
        return buy_page(request, entry, entry.price, self._workspace().selling.settings, known)

    async def order(self, request: Request) -> Response:
        fields = await fields_of(request)
        return done(request, "", await run_in_threadpool(self._order, request, fields))

    def _order(self, request: Request, fields: dict[str, str]) -> str:
        entry, found = self._found(request)
        home, said = self._workspace(), fields.get("quantity", "1")
        home.visits.pace.take("order", _address(request), ORDERS_A_MINUTE)
        quantity = int(said) if said.isascii() and said.isdigit() and len(said) < 5 else 0
        order = home.selling.order(found, self._buyer(request, entry), fields.get("name", ""), quantity)
        back = _page_of(order)
        return home.selling.begin_payment(order, f"{_origin(request)}{back}") or back

    async def redeem(self, request: Request) -> Response:
        fields = await fields_of(request)
        return done(request, "", await run_in_threadpool(self._redeem, request, fields))

    def _redeem(self, request: Request, fields: dict[str, str]) -> str:
        entry, found = self._found(request)
        home = self._workspace()
        home.visits.pace.take("code", _address(request), CODES_A_MINUTE)
        home.codes.redeem(found, self._buyer(request, entry), fields.get("code", "")[:60])
        return f"/gpt/{quote(entry.slug)}"

    async def show(self, request: Request) -> Response:
        answer = await run_in_threadpool(self._show, request)
        answer.headers.update(NO_STORE)
        return answer

    def _show(self, request: Request) -> Response:
        home = self._workspace()
        order = home.selling.find(request.path_params["order"])
        entry = next((each for each in home.gallery.catalogue.entries() if each.flow == order.flow), None)
        return order_page(request, order, entry.slug if entry else "", home.selling.settings)

    def _found(self, request: Request) -> tuple[Entry, Published]:
        """What the path names, where it is in the store. Raises GalleryError, PublishError."""
        slug, home = request.path_params["slug"], self._workspace()
        found = home.visits.find(slug, caller_of(request))
        entry = home.gallery.catalogue.find(slug)
        if entry is None:
            raise GalleryError.from_problem(NOT_IN_STORE)
        return entry, found

    def _buyer(self, request: Request, entry: Entry) -> str:
        """Who buys. Raises VisitError where the browser has no token."""
        return self._workspace().visits.person(entry.flow, request.headers.get(TOKEN, ""), caller_of(request))


def _page_of(order: Order) -> str:
    return f"/store/orders/{order.id}"


def _origin(request: Request) -> str:
    return f"{request.url.scheme}://{request.headers['host']}"


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
