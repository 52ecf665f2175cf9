"""Where programs find what they need to be let in, by the name that they called us."""

from urllib.parse import quote, unquote, urlsplit

from mcp.shared.auth import OAuthMetadata, ProtectedResourceMetadata
from starlette.requests import HTTPConnection

from flowloom.serve.assistants.provider import GRANTS, SCOPE

RESOURCE = "/.well-known/oauth-protected-resource"
SERVER = "/.well-known/oauth-authorization-server"
BELOW = "/oauth/assistants"
ALLOW, REGISTER, TOKEN, REVOKE = (f"{BELOW}/{each}" for each in ("allow", "register", "token", "revoke"))


def base_of(call: HTTPConnection) -> str:
    """How whoever calls has named us; the guard lets no other name pass."""
    return f"{call.url.scheme}://{call.url.netloc}"


def resource_of(call: HTTPConnection, slug: str) -> str:
    """A GPT as a program asks it."""
    return f"{base_of(call)}/mcp/{quote(slug)}"


def slug_in(call: HTTPConnection, resource: str | None) -> str:
    """The GPT that an address of ours names; empty for none."""
    below = f"{base_of(call)}/mcp/".lower()
    given = resource or ""
    if not given.lower().startswith(below) or urlsplit(given).query:
        return ""
    slug = unquote(given[len(below) :]).rstrip("/")
    return "" if "/" in slug else slug


def challenge(call: HTTPConnection) -> str:
    """What a call without a good token is told: where to find who gives one."""
    slug = call.path_params.get("gpt")
    if not slug:
        return "Bearer"
    wrong = 'error="invalid_token", ' if call.headers.get("authorization") else ""
    return f'Bearer {wrong}resource_metadata="{base_of(call)}{RESOURCE}/mcp/{quote(slug)}"'


def resource_facts(call: HTTPConnection, slug: str) -> ProtectedResourceMetadata:
    """The same for every name, whether or not a GPT has it."""
    return ProtectedResourceMetadata.model_validate(
        {
            "resource": resource_of(call, slug),
            "authorization_servers": [base_of(call)],
            "scopes_supported": [SCOPE],
        }
    )


def server_facts(call: HTTPConnection) -> OAuthMetadata:
    base = base_of(call)
    return OAuthMetadata.model_validate(
        {
            "issuer": base,
            "authorization_endpoint": base + ALLOW,
            "token_endpoint": base + TOKEN,
            "registration_endpoint": base + REGISTER,
            "revocation_endpoint": base + REVOKE,
            "scopes_supported": [SCOPE],
            "response_types_supported": ["code"],
            "grant_types_supported": GRANTS,
            "token_endpoint_auth_methods_supported": ["none"],
            "revocation_endpoint_auth_methods_supported": ["none"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
        }
    )
