"""Nodes of a Coze canvas that ask a model, search documents or run code."""

import json
import re
from collections.abc import Mapping
from typing import Any

from flowloom.exchange.importers.coze import differences as told
from flowloom.exchange.importers.coze.canvas import Given, Node, parameters
from flowloom.exchange.importers.coze.weft import Weft
from flowloom.flow.sorts import mapping, mappings, words
from flowloom.locales import Verbatim
from flowloom.nodes.models.answer_fields import AnswerField, field_ports
from flowloom.nodes.port_names import named_ports, port_id

FIELDS = {"string": "text", "integer": "number", "float": "number", "boolean": "yes_no", "list": "list"}


class Thinking(Weft):
    """Nodes of a Coze canvas that ask a model, search documents or run code."""

    def _llm(self, node: Node) -> list[str]:
        listed = node.inputs.get("llmParam")
        settings = {name: value.literal for name, value in parameters(listed).items()}
        system, ports = self.text(words(settings.get("systemPrompt")), node.parameters)
        prompt, more = self.text(words(settings.get("prompt")), node.parameters)
        prompt, more = _renamed(prompt, more, len(ports))
        rows = [
            {"role": role, "text": text} for role, text in (("system", system), ("user", prompt)) if text.strip()
        ]
        temperature = _number(settings.get("temperature"))
        config: dict[str, Any] = {"messages": rows, "temperature": temperature}
        fields = self._fields(node)
        block = self.block(node, "model", {**config, "fields": fields}, {**ports, **more})
        if str(settings.get("enableChatHistory")).lower() == "true" and self.message:
            self.drawing.configure(block, history_turns=int(_number(settings.get("chatHistoryRound")) or 3))
            self.drawing.join(f"{self.message}.history", f"{block}.history")
        self._choose_model(words(settings.get("modleName") or settings.get("modelName")))
        if mapping(node.inputs.get("fcParam")):
            self.differs[node.id].append(told.SKILLS)
        found = field_ports([AnswerField.model_validate(field) for field in fields], ("answer",))
        ports_given = {str(field["name"]): f"{block}.{port.id}" for field, port in zip(fields, found, strict=True)}
        self.give(node, ports_given or {name: f"{block}.answer" for name in node.outputs}, f"{block}.answer")
        self._on_error(node, block, {name: "answer" for name in node.outputs})
        return [block]

    def _fields(self, node: Node) -> list[dict[str, Any]]:
        names = [name for name in node.outputs if name not in ("reasoning_content",)]
        if len(names) < 2:
            return []
        return [{"name": name[:80], "type": FIELDS.get(node.outputs[name], "json")} for name in names]

    def _code(self, node: Node) -> list[str]:
        python = node.inputs.get("language") == 3
        program = words(node.inputs.get("code"))
        ports = {port_id(name): self.port(value)[0] for name, value in node.parameters.items()}
        items = ", ".join(f"{json.dumps(name)}: {{{{{port_id(name)}}}}}" for name in node.parameters)
        config = _python(program, items) if python else _javascript(program, items)
        if "await" in program or (python and "args" in config["code"].replace("kwargs", "")):
            self.differs[node.id].append(told.CODE)
        block = self.block(node, "code.run", config, ports)
        self.give(node, {name: self.pick(f"{block}.result", name) for name in node.outputs}, f"{block}.text")
        self._on_error(node, block, {})
        return [block]

    def _knowledge(self, node: Node) -> list[str]:
        query = node.parameters.get("Query") or next(iter(node.parameters.values()), Given("string", None, ""))
        top = _number(parameters(node.inputs.get("datasetParam")).get("topK", Given("", None, 4)).literal)
        config = {"top_k": int(top) if top and 1 <= top <= 50 else 4}
        block = self.block(node, "knowledge.search", config, {"question": self.port(query)[0]})
        self.give(node, {name: f"{block}.passages" for name in node.outputs}, f"{block}.passages")
        self.differs[node.id].append(told.RETRIEVAL)
        self.drawing.do(
            "Add the documents that “{name}” searches.",
            "Documents don’t come over with a flow. Add them under Knowledge.",
            name=Verbatim(node.title),
        )
        return [block]

    def _intent(self, node: Node) -> list[str]:
        names = [
            words(each.get("name")) for each in mappings(node.inputs.get("intents")) if words(each.get("name"))
        ]
        labels = [
            {"name": f"{number} {' '.join(name.split())}"[:80], "description": name}
            for number, name in enumerate(names, 1)
        ]
        value = node.parameters.get("query") or next(iter(node.parameters.values()), Given("string", None, ""))
        system = mapping(mapping(node.inputs.get("llmParam")).get("systemPrompt"))
        instructions = words(mapping(system.get("value")).get("content"))
        block = self.block(
            node, "classify", {"labels": labels, "instructions": instructions}, {"text": self.port(value)[0]}
        )
        for number, port in enumerate(named_ports([label["name"] for label in labels], taken=("none",))):
            self.fired[node.id, f"branch_{number}"].append(f"{block}.{port.id}")
        self.fired[node.id, "default"].append(f"{block}.none")
        self.differs[node.id].append(told.PROMPT_OF_ITS_OWN)
        self._choose_model(words(mapping(node.inputs.get("llmParam")).get("modelName")))
        return [block]


_PYTHON_MAIN = re.compile(
    r"\b(?:async[ \t]{1,9})?def[ \t]{1,9}main[ \t]{0,9}\([^()]{0,500}\)[ \t]{0,9}"
    r"(?:->[ \t]{0,9}[\w\[\], ]{1,200}?)?[ \t]{0,9}:"
)
_OWN_PARAMS = re.compile(r"^[ \t]{0,40}params[ \t]{0,9}=[ \t]{0,9}args\.params[ \t]{0,9}$", re.MULTILINE)
_JAVASCRIPT_MAIN = re.compile(
    r"\b(?:async[ \t]{1,9})?function[ \t]{1,9}main[ \t]{0,9}\([^()]{0,500}\)"
    r"(?:[ \t]{0,9}:[ \t]{0,9}Promise<[^<>]{0,200}>)?"
)


def _renamed(text: str, ports: Mapping[str, str], by: int) -> tuple[str, dict[str, str]]:
    """The same with other numbers, so that two texts of one block share no name by chance."""
    found = re.sub(r"\{\{value_(\d+)\}\}", lambda each: f"{{{{value_{int(each[1]) + by}}}}}", text)
    return found, {f"value_{int(name.removeprefix('value_')) + by}": port for name, port in ports.items()}


def _python(program: str, items: str) -> dict[str, str]:
    """Their `main(args)` takes its values from `args.params`; ours gets these."""
    plain = _PYTHON_MAIN.sub("def main(params):", program)
    plain = _OWN_PARAMS.sub("", plain)
    plain = plain.replace("args.params", "params").replace(": Output", "")
    return {"code": f"{plain.rstrip()}\n\nmain({{ {items} }})"}


def _javascript(program: str, items: str) -> dict[str, str]:
    plain = _JAVASCRIPT_MAIN.sub("function main({ params })", program)
    return {"code": f"{plain.rstrip()}\n\nmain({{ params: {{ {items} }} }})", "engine": "javascript"}


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None
