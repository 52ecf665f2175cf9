"""A specification, read: what the service is called, where it lives, what it can do and how one signs in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urljoin, urlsplit

from flowloom.errors import Problem
from flowloom.flow.sorts import listed, mapping
from flowloom.garbage import unsearched
from flowloom.kinds.operations import MAX_OPERATIONS, Operation
from flowloom.services.openapi.document import Document, SpecificationError, read_document, text_of
from flowloom.services.openapi.operations import operations_of
from flowloom.services.openapi.references import References
from flowloom.services.openapi.schemas import Schemas

SchemeKind = Literal["header", "query", "bearer", "basic", "code", "client"]


@dataclass(frozen=True, slots=True)
class Scheme:
    """A way to sign in that a specification names; `field` is the header's or the query's name."""

    name: str
    kind: SchemeKind
    field: str = ""
    authorize_url: str = ""
    token_url: str = ""
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Specification:
    """`problems` are warnings: parts that were left out. `address` is where it was read from, "" for a text."""

    title: str
    servers: tuple[str, ...]
    operations: tuple[Operation, ...]
    schemes: Mapping[str, Scheme]
    problems: tuple[Problem, ...] = ()
    address: str = ""


@unsearched()
def read_specification(data: str | bytes, address: str = "") -> Specification:
    """OpenAPI 3.0, 3.1 or Swagger 2, as JSON or YAML. Raises SpecificationError."""
    document = read_document(data)
    _refuse_other_versions(document)
    references = References(document)
    servers = _servers(document, address)
    operations = []
    # One more than we take tells that there are more.
    for operation in operations_of(
        document, servers[0] if servers else "", Schemas(references), lambda place: _own_server(place, address)
    ):
        operations.append(operation)
        if len(operations) > MAX_OPERATIONS:
            break
    if not operations:
        raise SpecificationError(
            "This specification has no operation that can be called.",
            "Look for another one from the same service. This one’s “paths” are empty.",
        )
    problems = [*references.problems.values(), *_left_out(operations)]
    return Specification(
        title=text_of(mapping(document.get("info")).get("title"), 120) or "API",
        servers=servers,
        operations=tuple(operations[:MAX_OPERATIONS]),
        schemes=_schemes(document, references),
        problems=tuple(problems),
        address=address,
    )


def _left_out(operations: list[Operation]) -> list[Problem]:
    if len(operations) <= MAX_OPERATIONS:
        return []
    return [
        Problem.of(
            "openapi.many",
            "Only the first {limit} operations were read.",
            "Ask for a specification of the part you need.",
            limit=MAX_OPERATIONS,
        ).as_warning()
    ]


def _refuse_other_versions(document: Document) -> None:
    version = str(document.get("openapi", document.get("swagger", "")))
    if re.match(r"3\.[01]\b|2(\.0)?$", version):
        return
    if version:
        raise SpecificationError(
            "Version {version} of this format can’t be read.",
            "Ask for OpenAPI 3.0 or 3.1, or Swagger 2.0.",
            version=version[:20],
        )
    raise SpecificationError(
        "This text isn’t a specification.",
        "It should start with “openapi:” or “swagger:”, or be the same in JSON.",
    )


def _servers(document: Document, address: str) -> tuple[str, ...]:
    if "swagger" in document:
        return _swagger_server(document, address)
    found = [_address_of(row, address) for row in listed(document.get("servers"))[:20]]
    # Where none is named it is the one the specification came from.
    return tuple(dict.fromkeys(filter(None, found))) or _origin(address)


def _origin(address: str) -> tuple[str, ...]:
    parts = urlsplit(address)
    return (f"{parts.scheme}://{parts.netloc}",) if parts.netloc else ()


def _swagger_server(document: Document, address: str) -> tuple[str, ...]:
    here = urlsplit(address)
    host = text_of(document.get("host"), 300) or here.netloc
    schemes = [each for each in listed(document.get("schemes")) if each in ("https", "http")]
    scheme = "https" if "https" in schemes else next(iter(schemes), here.scheme or "https")
    base = text_of(document.get("basePath"), 300).rstrip("/")
    return (f"{scheme}://{host}{base if base.startswith('/') else ''}",) if host else ()


def _own_server(place: Document, address: str) -> str:
    return next(filter(None, (_address_of(row, address) for row in listed(place.get("servers"))[:5])), "")


def _address_of(row: Any, address: str) -> str:
    """A server's address with its variables filled in, made whole by where the specification came from."""
    source = mapping(row)
    variables = mapping(source.get("variables"))
    url = re.sub(
        r"\{([^{}]+)\}",
        lambda found: text_of(mapping(variables.get(found[1])).get("default"), 100),
        text_of(source.get("url"), 500),
    )
    try:
        whole = urljoin(address, url) if address else url
        scheme = urlsplit(whole).scheme
    except ValueError:
        return ""
    # A name without a scheme is what people write for https; a path alone needs to know where it came from.
    if not scheme and re.match(r"[\w.-]+\.\w{2,}(?::\d+)?(/|$)", whole):
        return f"https://{whole}".rstrip("/")
    return whole.rstrip("/") if scheme in ("http", "https") else ""


def _schemes(document: Document, references: References) -> dict[str, Scheme]:
    named = document.get("securityDefinitions") or mapping(document.get("components")).get("securitySchemes")
    found = {}
    for name, row in list(mapping(named).items())[:30]:
        scheme = _scheme(str(name)[:100], references.resolve(row))
        if scheme:
            found[scheme.name] = scheme
    return found


def _scheme(name: str, source: Document) -> Scheme | None:
    match source.get("type"), text_of(source.get("scheme")).lower():
        case ("apiKey", _) if source.get("in") in ("header", "query"):
            return Scheme(name, source["in"], text_of(source.get("name"), 100))
        case ("http", "bearer"):
            return Scheme(name, "bearer")
        case ("basic", _) | ("http", "basic"):
            return Scheme(name, "basic")
        case ("oauth2", _):
            return _oauth(name, source)
    return None


def _oauth(name: str, source: Document) -> Scheme | None:
    flows = mapping(source.get("flows"))
    # Swagger 2 names one way by a word of its own.
    flows = flows or {{"accessCode": "authorizationCode"}.get(source.get("flow", ""), "clientCredentials"): source}
    code, client = mapping(flows.get("authorizationCode")), mapping(flows.get("clientCredentials"))
    says = code or client
    if not says:
        return None
    return Scheme(
        name,
        "code" if code else "client",
        authorize_url=text_of(says.get("authorizationUrl"), 500),
        token_url=text_of(says.get("tokenUrl"), 500),
        scopes=tuple(str(scope)[:200] for scope in mapping(says.get("scopes")))[:50],
    )
