"""The page on which somebody is asked whether a program may use a GPT for them, and what becomes of it."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from mcp.server.auth.handlers.authorize import AuthorizationRequest
from mcp.server.auth.provider import construct_redirect_uri
from mcp.shared.auth import InvalidRedirectUriError
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from flowloom.assistants import Assistant, Consent
from flowloom.errors import FlowloomError, Problem
from flowloom.publishing import Published
from flowloom.serve.assistants import pages
from flowloom.serve.assistants.addresses import base_of, slug_in
from flowloom.serve.assistants.provider import client_of
from flowloom.serve.doors import is_owner, person_of
from flowloom.serve.plain_page import browser_language
from flowloom.serve.team.form import fields_of
from flowloom.visits.visitors import Caller

if TYPE_CHECKING:
    from flowloom.workspace import Workspace


class Wanted(NamedTuple):
    """What a program asks of whom, checked."""

    assistant: Assistant
    published: Published
    address: str
    asked: AuthorizationRequest
    issuer: str

    def back(self, **said: str) -> str:
        """Where the browser is led back to, with what came of it."""
        return construct_redirect_uri(self.address, state=self.asked.state, iss=self.issuer, **said)


class AskedWrong(FlowloomError):
    """A call of this page that cannot be led back to a program we know."""

    code = "assistant.asked"


class Consenting:
    """Behind the guard, which lets only the owner, or somebody of the team, come here."""

    def __init__(self, find_workspace: "Callable[[], Workspace]") -> None:
        self._workspace = find_workspace

    async def ask(self, request: Request) -> Response:
        language = browser_language(request)
        try:
            wanted = await run_in_threadpool(self._wanted, request)
        except FlowloomError as error:
            return pages.wrong_page(language, error.problem)
        return pages.consent_page(
            language, wanted.assistant, wanted.published, wanted.address, person_of(request.scope)
        )

    async def decide(self, request: Request) -> Response:
        given, language = await fields_of(request), browser_language(request)
        try:
            wanted = await run_in_threadpool(self._wanted, request)
            if given.get("answer") != "yes":
                return pages.leave_page(
                    language, wanted.assistant, wanted.back(error="access_denied"), connected=False
                )
            code = await run_in_threadpool(self._allow, request, wanted)
        except FlowloomError as error:
            return pages.wrong_page(language, error.problem)
        return pages.leave_page(language, wanted.assistant, wanted.back(code=code), connected=True)

    def _allow(self, request: Request, wanted: Wanted) -> str:
        home, person = self._workspace(), person_of(request.scope)
        flow = wanted.published.flow
        consent = Consent(
            flow=flow.id,
            account=person.id if person else "",
            by=person.shown if person else "",
            challenge=wanted.asked.code_challenge,
            address=wanted.address,
            told_address=wanted.asked.redirect_uri is not None,
            resource=wanted.asked.resource or "",
        )
        code = home.assistants.allow(wanted.assistant, consent)
        if person:
            told = f"{wanted.assistant.name} → {flow.name}"
            address = request.client.host if request.client else ""
            home.team.deeds.add("assistant_connected", person.id, person.shown, told, address)
        return code

    def _wanted(self, request: Request) -> Wanted:
        """Raises AskedWrong, and PublishError where they may not use this GPT."""
        asked = _read(request.query_params)
        home = self._workspace()
        assistant = home.assistants.find(asked.client_id)
        if assistant is None:
            raise AskedWrong.from_problem(UNKNOWN)
        try:
            address = str(client_of(assistant).validate_redirect_uri(asked.redirect_uri))
        except InvalidRedirectUriError:
            raise AskedWrong.from_problem(UNKNOWN) from None
        slug = slug_in(request, asked.resource)
        if not slug:
            raise AskedWrong.from_problem(NO_GPT)
        caller = Caller(is_owner(request.scope), person_of(request.scope))
        return Wanted(assistant, home.visits.find(slug, caller), address, asked, base_of(request))


def _read(given: Mapping[str, str]) -> AuthorizationRequest:
    try:
        found = AuthorizationRequest.model_validate(dict(given))
    except ValidationError:
        raise AskedWrong.from_problem(WRONG) from None
    if any(len(each) > LONGEST for each in given.values()) or not 43 <= len(found.code_challenge) <= 128:
        raise AskedWrong.from_problem(WRONG)
    return found


LONGEST = 2_000
AGAIN = "Start again from the program that led you here. If it happens again, tell whoever makes it."
WRONG = Problem.of("assistant.asked", "The program that led you here asked in a way Flowloom can’t answer.", AGAIN)
UNKNOWN = Problem.of("assistant.unknown", "Flowloom doesn’t know the program that led you here.", AGAIN)
NO_GPT = Problem.of(
    "assistant.gpt",
    "The program that led you here didn’t say which GPT it wants to use.",
    "Give it the address of one GPT, which ends with “/mcp/” and the name of the GPT.",
)
