"""The HTTP node of a Coze canvas."""

import re
from collections.abc import Mapping

from flowloom.exchange.importers.coze.canvas import Given, Node, parameters
from flowloom.exchange.importers.coze.weft import Weft
from flowloom.flow.sorts import mapping, words
from flowloom.locales import Verbatim
from flowloom.nodes.port_names import port_id
from flowloom.nodes.tools.requests import OURS, SECRET_HEADERS


class Requests(Weft):
    """The HTTP node of a Coze canvas."""

    def _http(self, node: Node) -> list[str]:
        info, body = mapping(node.inputs.get("apiInfo")), mapping(node.inputs.get("body"))
        url, ports = self.text(words(info.get("url")), node.parameters)
        query = {name: self.port(value) for name, value in parameters(node.inputs.get("params")).items()}
        headers = parameters(node.inputs.get("headers"))
        for name, (port, _) in query.items():
            ports[port_id(f"query {name}")] = port
        pairs = "&".join(f"{name}={{{{{port_id(f'query {name}')}}}}}" for name in query)
        kept = [name for name in headers if name.lower() not in SECRET_HEADERS | OURS]
        for name in kept:
            ports[port_id(f"header {name}")] = self.port(headers[name])[0]
        data, format = mapping(body.get("bodyData")), words(body.get("bodyType"))
        text, more = self.text(words(data.get("json") or data.get("rawText")), node.parameters)
        text, more = _renamed(text, more, len(ports))
        if words(mapping(node.inputs.get("auth")).get("authType")) and mapping(node.inputs.get("auth")).get(
            "authOpen"
        ):
            headers = {**headers, "authorization": Given("string")}
        if len(kept) < len(headers):
            self.drawing.do(
                "“{name}” sends a key or password, which was left out.",
                "Describe the service with its key under Settings, Connections, and use an Action block instead.",
                name=Verbatim(node.title),
            )
        config = {
            "method": words(info.get("method")).upper() or "GET",
            "url": f"{url}{'&' if '?' in url else '?'}{pairs}" if pairs else url,
            "headers": [{"name": name, "value": f"{{{{{port_id(f'header {name}')}}}}}"} for name in kept],
            "body": text,
            "body_format": "json" if format == "JSON" else "text",
        }
        block = self.block(node, "http.request", config, {**ports, **more})
        places = {"body": f"{block}.text", "statusCode": f"{block}.status", "headers": f"{block}.text"}
        self.give(node, {name: places.get(name, f"{block}.text") for name in node.outputs}, f"{block}.text")
        self._on_error(node, block, {"body": "text", "statusCode": "status"})
        return [block]


def _renamed(text: str, ports: Mapping[str, str], by: int) -> tuple[str, dict[str, str]]:
    """The same with other numbers, so that two texts of one block share no name by chance."""
    found = re.sub(r"\{\{value_(\d+)\}\}", lambda each: f"{{{{value_{int(each[1]) + by}}}}}", text)
    return found, {f"value_{int(name.removeprefix('value_')) + by}": port for name, port in ports.items()}
