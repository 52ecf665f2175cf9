"""A specification read from an address, also by way of an old plugin manifest."""

import json
from typing import Any
from urllib.parse import urljoin

from flowloom.flow.sorts import mapping
from flowloom.kinds.http import Http, HttpRequest
from flowloom.services.network.addresses import host_of, parse_url
from flowloom.services.openapi.document import SpecificationError
from flowloom.services.openapi.specification import Specification, read_specification

_ACCEPT = "application/json, application/yaml, text/yaml, */*;q=0.5"


async def fetch_specification(address: str, http: Http) -> Specification:
    """The specification at an address, or the one a plugin manifest there names. Raises HttpError."""
    address = _whole(address)
    text = await _get(address, http)
    named = manifest_address(text, address)
    if named:
        return read_specification(await _get(named, http), named)
    return read_specification(text, address)


def manifest_address(text: str, address: str = "") -> str:
    """Where an `ai-plugin.json` says its specification is; "" where the text is no such manifest."""
    if not text.lstrip().startswith("{"):
        return ""
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    api = mapping(mapping(found).get("api"))
    url = api.get("url")
    if "schema_version" not in mapping(found) or not isinstance(url, str):
        return ""
    return urljoin(address, url)


async def read_given(text: str, http: Http) -> Specification:
    """A specification that was pasted; where it is a plugin manifest, the one it names. Raises HttpError."""
    named = manifest_address(text)
    if not named:
        return read_specification(text)
    return read_specification(await _get(_whole(named), http), named)


def _whole(address: str) -> str:
    address = address.strip()
    return address if "://" in address else f"https://{address}"


async def _get(address: str, http: Http) -> str:
    reply = await http.request(HttpRequest(url=address, headers={"accept": _ACCEPT}, timeout=30))
    if reply.status != 200:
        raise SpecificationError(
            "{host} returned no specification (status {status}).",
            "Open the address in a browser to see whether it is the right one.",
            host=host_of(parse_url(address)),
            status=reply.status,
        )
    return reply.text
