"""The cookie by which a browser is known again."""

from starlette.requests import HTTPConnection

from flowloom.people.sessions import LONGEST
from flowloom.serve.host_names import split_host


def cookie_name(call: HTTPConnection) -> str:
    """Cookies ignore ports; over HTTPS the name keeps other hosts of the same domain from setting it."""
    port = split_host(call.headers.get("host", ""))[1] or "web"
    return f"{'__Host-' if _is_safe(call) else ''}flowloom-team-{port}"


def token_of(call: HTTPConnection) -> str:
    """What the browser brings; empty for none."""
    return call.cookies.get(cookie_name(call), "")


def cookie_for(call: HTTPConnection, token: str) -> str:
    """The header that has a browser keep a token; without one it forgets what it has."""
    lasts = int(LONGEST) if token else 0
    secure = "; Secure" if _is_safe(call) else ""
    return f"{cookie_name(call)}={token}; Path=/; Max-Age={lasts}; HttpOnly; SameSite=Strict{secure}"


def errand_of(call: HTTPConnection) -> str:
    """The token of an errand to a sign-in service; empty for none."""
    return call.cookies.get(f"{cookie_name(call)}-errand", "")


def errand_cookie(call: HTTPConnection, token: str) -> str:
    """The same for an errand, for as long as one may take."""
    lasts = 600 if token else 0
    secure = "; Secure" if _is_safe(call) else ""
    return f"{cookie_name(call)}-errand={token}; Path=/; Max-Age={lasts}; HttpOnly; SameSite=Strict{secure}"


def _is_safe(call: HTTPConnection) -> bool:
    return call.scope.get("scheme") in ("https", "wss")
