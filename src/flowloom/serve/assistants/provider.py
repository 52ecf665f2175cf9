"""What the SDK of MCP asks for to serve OAuth, by what is kept here.

No program gets a secret: what it proves by PKCE takes the place of one.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from mcp.server.auth.provider import (
    AccessToken,
    AuthorizationCode,
    AuthorizationParams,
    OAuthAuthorizationServerProvider,
    RefreshToken,
    RegistrationError,
    TokenError,
)
from mcp.shared.auth import InvalidRedirectUriError, OAuthClientInformationFull, OAuthToken
from pydantic import AnyUrl
from starlette.concurrency import run_in_threadpool

from flowloom.assistants import ACCESS_SECONDS, Assistant, Assistants, Pair, fits_address
from flowloom.errors import FlowloomError

if TYPE_CHECKING:
    from flowloom.workspace import Workspace

SCOPE = "mcp"
GRANTS = ["authorization_code", "refresh_token"]
# Told to programs alone, in the language of the protocol.
USED, NOT_REGISTERED = "It was used before.", "redirect_uri is not registered for this client"
T = TypeVar("T")


class Client(OAuthClientInformationFull):
    """A program as the SDK has it; one of this computer may listen at another port each time."""

    def validate_redirect_uri(self, redirect_uri: AnyUrl | None) -> AnyUrl:
        known = [str(each) for each in self.redirect_uris or ()]
        if redirect_uri is None:
            return super().validate_redirect_uri(redirect_uri)
        if not fits_address(str(redirect_uri), known):
            raise InvalidRedirectUriError(NOT_REGISTERED)
        return redirect_uri


def client_of(found: Assistant) -> Client:
    return Client(
        client_id=found.id,
        client_name=found.name,
        redirect_uris=[AnyUrl(each) for each in found.addresses],
        token_endpoint_auth_method="none",
        grant_types=GRANTS,
        scope=SCOPE,
    )


class Provider(OAuthAuthorizationServerProvider[AuthorizationCode, RefreshToken, AccessToken]):
    """Codes and tokens for programs; where somebody is asked is a page of ours."""

    def __init__(self, find_workspace: "Callable[[], Workspace]") -> None:
        self._workspace = find_workspace

    async def _kept(self, act: Callable[[Assistants], T]) -> T:
        return await run_in_threadpool(lambda: act(self._workspace().assistants))

    async def get_client(self, client_id: str) -> Client | None:
        found = await self._kept(lambda kept: kept.find(client_id))
        return client_of(found) if found else None

    async def register_client(self, client_info: OAuthClientInformationFull) -> None:
        """Tells the program what it got: an id, and no secret."""
        name, addresses = client_info.client_name or "", [str(each) for each in client_info.redirect_uris or ()]
        try:
            made = await self._kept(lambda kept: kept.register(name, addresses))
        except FlowloomError as error:
            raise RegistrationError("invalid_redirect_uri", str(error.problem.describe("en"))) from None
        client_info.client_id, client_info.client_secret = made.id, None
        client_info.client_secret_expires_at = None
        client_info.token_endpoint_auth_method, client_info.grant_types = "none", GRANTS
        client_info.scope = SCOPE

    async def authorize(self, client: OAuthClientInformationFull, params: AuthorizationParams) -> str:
        raise NotImplementedError  # `consent` asks on a page of its own.

    async def load_authorization_code(
        self, client: OAuthClientInformationFull, authorization_code: str
    ) -> AuthorizationCode | None:
        found = await self._kept(lambda kept: kept.consent(client.client_id, authorization_code))
        if found is None:
            return None
        consent, expires = found
        return AuthorizationCode(
            code=authorization_code,
            scopes=[SCOPE],
            expires_at=expires,
            client_id=client.client_id,
            code_challenge=consent.challenge,
            redirect_uri=AnyUrl(consent.address),
            redirect_uri_provided_explicitly=consent.told_address,
            resource=consent.resource,
            subject=consent.account or None,
        )

    async def exchange_authorization_code(
        self, client: OAuthClientInformationFull, authorization_code: AuthorizationCode
    ) -> OAuthToken:
        def connect(kept: Assistants) -> Pair | None:
            found = kept.find(client.client_id)
            return kept.connect(found, authorization_code.code) if found else None

        return _told(await self._kept(connect))

    async def load_refresh_token(
        self, client: OAuthClientInformationFull, refresh_token: str
    ) -> RefreshToken | None:
        if not await self._kept(lambda kept: kept.refreshable(client.client_id, refresh_token)):
            return None
        return RefreshToken(token=refresh_token, client_id=client.client_id, scopes=[SCOPE])

    async def exchange_refresh_token(
        self, client: OAuthClientInformationFull, refresh_token: RefreshToken, scopes: list[str]
    ) -> OAuthToken:
        return _told(await self._kept(lambda kept: kept.refresh(client.client_id, refresh_token.token)))

    async def load_access_token(self, token: str) -> AccessToken | None:
        return None  # The gate of the API looks them up.

    async def revoke_token(self, token: AccessToken | RefreshToken) -> None:
        await self.revoke(token.client_id, token.token)

    async def revoke(self, client: str, token: str) -> None:
        """End the key that a token of a program stands for."""

        def end(kept: Assistants) -> None:
            if key := kept.key_of(client, token):
                kept.disconnect(key)

        await self._kept(end)


def _told(pair: Pair | None) -> OAuthToken:
    if pair is None:
        raise TokenError("invalid_grant", USED)
    return OAuthToken(
        access_token=pair.access, refresh_token=pair.refresh, expires_in=int(ACCESS_SECONDS), scope=SCOPE
    )
