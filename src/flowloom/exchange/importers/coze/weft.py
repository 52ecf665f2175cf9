"""The nodes of a Coze canvas on their way into a drawing: what each gives, and who runs after whom."""

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import networkx as nx

from flowloom.errors import Problem
from flowloom.exchange.drawing import Drawing
from flowloom.exchange.importers.coze import differences as told
from flowloom.exchange.importers.coze.canvas import (
    Given,
    Line,
    Node,
    Reference,
    given,
    mapping,
    mappings,
    parameters,
    words,
)
from flowloom.exchange.importers.coze.conditions import WITHOUT_VALUE, code_of, row_operator
from flowloom.locales import Verbatim
from flowloom.nodes.flows.embedded import document_of
from flowloom.nodes.models.answer_fields import AnswerField, field_ports
from flowloom.nodes.port_names import named_ports, port_id
from flowloom.nodes.tools.requests import OURS, SECRET_HEADERS

NAME_IN_TEXT = re.compile(r"\{\{\s*([^{}\s.\[\]]+)((?:\.[^{}\s.\[\]]+|\[\d+\])*)\s*\}\}")
BLOCK = "block_output_"
FIELDS = {"string": "text", "integer": "number", "float": "number", "boolean": "yes_no", "list": "list"}
FORM_TYPES = {"integer": "number", "float": "number", "boolean": "boolean"}
AS_JSON = "import json\njson.dumps({{value}}, ensure_ascii=False, separators=(',', ':'))"
AS_WORD = "str({{value}}).lower()"


class Weft:
    """One canvas, or what stands within a batch or loop, with what its items are in `items`."""

    def __init__(
        self, drawing: Drawing, nodes: Sequence[Node], lines: Sequence[Line], outer: "Weft | None" = None
    ) -> None:
        self.drawing, self.nodes, self.outer = drawing, {node.id: node for node in nodes}, outer
        self.lines = [line for line in lines if line.source in self.nodes and line.target in self.nodes]
        self.message = ""
        self.values: dict[tuple[str, str], tuple[str, str]] = {}
        self.fired: dict[tuple[str, str], list[str]] = defaultdict(list)
        self.needs: dict[str, Given] = {}
        self.differs: dict[str, list[Problem]] = defaultdict(list)

    def draw(self) -> None:
        if self.outer is None:
            self.message = self.drawing.block("chat.message", key="message")
        for id in self._order():
            node = self.nodes[id]
            emit = getattr(self, f"_{node.type}", self._kept) if node.type.isidentifier() else self._kept
            blocks = emit(node)
            self.drawing.carried(id, node.title, node.type, *blocks, differs=self.differs[id])

    def _order(self) -> list[str]:
        graph: nx.DiGraph[str] = nx.DiGraph()
        graph.add_nodes_from(self.nodes)
        graph.add_edges_from((line.source, line.target) for line in self.lines if line.source != line.target)
        if not nx.is_directed_acyclic_graph(graph):
            return list(self.nodes)
        place = {id: number for number, id in enumerate(self.nodes)}
        return list(nx.lexicographical_topological_sort(graph, key=place.__getitem__))

    # -- values

    def block(self, node: Node, kind: str, config: Mapping[str, Any], values: Mapping[str, str]) -> str:
        """A block of a node with its lines, that runs where the node is to run."""
        block = self.drawing.block(kind, node.title, config, key=f"{node.type} {node.id}", at=node.at)
        for input, port in values.items():
            self.drawing.join(port, f"{block}.{input}")
        self.gate(block, node)
        return block

    def gate(self, block: str, node: Node) -> None:
        lines = [line for line in self.lines if line.target == node.id]
        ports = [port for line in lines for port in self.fired[line.source, line.port]]
        if ports:
            self.drawing.after(block, *dict.fromkeys(ports))

    def give(self, node: Node, ports: Mapping[str, str], done: str) -> None:
        for name, port in ports.items():
            self.values[node.id, name] = (port, node.outputs.get(name, "string"))
        self.fired[node.id, ""].append(done)

    def port(self, value: Given) -> tuple[str, str]:
        """The port of a value and its type."""
        if value.reference is None:
            literal = value.literal
            if isinstance(literal, str) and value.type in ("integer", "float", "boolean", "list", "object"):
                literal = _read(literal)
            return self.constant(literal), value.type
        return self._referred(value.reference, value)

    def constant(self, value: Any) -> str:
        if isinstance(value, str):
            return f"{self.drawing.block('text', value[:40] or 'Text', {'text': value}, key='text')}.text"
        return f"{self.drawing.block('code.run', 'Value', {'code': repr(value)}, key='value')}.result"

    def _referred(self, reference: Reference, value: Given) -> tuple[str, str]:
        if reference.node == "@memory":
            name = reference.name or "value"
            return f"{self.drawing.block('memory.recall', name, {'name': name[:80]}, key=name)}.value", value.type
        found = self.values.get((reference.node, reference.name))
        if found is None and self.outer is not None and self.outer.knows(reference):
            name = (
                reference.name
                if port_id(reference.name) not in self.needs
                else f"{reference.name} {reference.node}"
            )
            input = self.drawing.block("flow.input", name, {"name": name[:60]}, key=name)
            self.needs[port_id(name[:60])] = Given(value.type, Reference(reference.node, reference.name))
            found = self.values[reference.node, reference.name] = (f"{input}.value", value.type)
        if found is None:
            return self.constant(""), "string"
        return (self.pick(found[0], reference.path), value.type) if reference.path else found

    def knows(self, reference: Reference) -> bool:
        known = (reference.node, reference.name) in self.values
        return known or (self.outer is not None and self.outer.knows(reference))

    def pick(self, port: str, path: str) -> str:
        block = self.drawing.block("json.pick", path, {"path": path.lstrip(".")}, key=path)
        self.drawing.join(port, f"{block}.data")
        return f"{block}.value"

    def read(self, port: str, type: str) -> str:
        """A value as a text: lists and objects as JSON, yes and no in its words."""
        code = AS_JSON if type in ("list", "object") else AS_WORD if type == "boolean" else ""
        if not code:
            return port
        block = self.drawing.block("code.run", "As text", {"code": code}, key="as text")
        self.drawing.join(port, f"{block}.value")
        return f"{block}.result"

    def text(self, template: str, local: Mapping[str, Given]) -> tuple[str, dict[str, str]]:
        """A template of ours for one of theirs, and the port of each name in it."""
        ports: dict[str, str] = {}

        def named(found: re.Match[str]) -> str:
            name, path = found[1], found[2]
            value = local.get(name)
            if name.startswith(BLOCK):
                first, _, rest = path.lstrip(".").partition(".")
                value, path = Given("string", Reference(name.removeprefix(BLOCK), first)), rest
                if value.reference and not self.knows(value.reference):
                    value = None
            port = self.constant(found[0]) if value is None else self._part(value, path)
            key = next((known for known, other in ports.items() if other == port), f"value_{len(ports) + 1}")
            ports[key] = port
            return f"{{{{{key}}}}}"

        return NAME_IN_TEXT.sub(named, template), ports

    def _part(self, value: Given, path: str) -> str:
        port, type = self.port(value)
        return self.pick(port, path) if path else self.read(port, type)

    # -- nodes

    def _start(self, node: Node) -> list[str]:
        fields, ports = [], {}
        texts = [name for name, type in node.outputs.items() if type == "string"]
        said = (
            "BOT_USER_INPUT"
            if "BOT_USER_INPUT" in node.outputs
            else texts[0]
            if len(node.outputs) == 1 and texts
            else ""
        )
        for name, type in node.outputs.items():
            if name in (said, "USER_INPUT"):
                ports[name] = f"{self.message}.message"
            else:
                fields.append({"name": name[:80], "type": FORM_TYPES.get(type, "text"), "required": True})
        done = f"{self.message}.message"
        blocks = [self.message]
        if fields:
            form = self.drawing.block("people.form", node.title, {"fields": fields}, key="form", at=node.at)
            self.drawing.after(form, done)
            names = [str(field["name"]) for field in fields]
            found = dict(zip(names, named_ports(names, taken=("late",)), strict=True))
            for name in names:
                port = f"{form}.{found[name].id}"
                ports[name] = self._structured(port) if node.outputs.get(name) in ("list", "object") else port
            done, blocks = f"{form}.{found[names[0]].id}", [*blocks, form]
        self.give(node, ports, done)
        return blocks

    def _structured(self, port: str) -> str:
        """A list or object that somebody writes as JSON."""
        block = self.drawing.block(
            "code.run", "From JSON", {"code": "import json\njson.loads({{value}})"}, key="from json"
        )
        self.drawing.join(port, f"{block}.value")
        return f"{block}.result"

    def _answer(self, node: Node, template: str) -> list[str]:
        written, ports = self.text(template, node.parameters)
        if not ports:
            return [self.block(node, "chat.answer", {"text": written or "…"}, {})]
        prompt = self.block(node, "prompt", {"template": written}, ports)
        answer = self.drawing.block("chat.answer", node.title, key=f"answer {node.id}")
        self.drawing.join(f"{prompt}.prompt", f"{answer}.text")
        return [prompt, answer]

    def _end(self, node: Node) -> list[str]:
        if node.inputs.get("terminatePlan") == "useAnswerContent":
            return self._answer(node, words(given(node.inputs.get("content")).literal))
        names = list(node.parameters)
        lone = len(names) == 1
        return self._answer(
            node, "\n".join(f"{{{{{name}}}}}" if lone else f"{name}: {{{{{name}}}}}" for name in names)
        )

    def _message(self, node: Node) -> list[str]:
        blocks = self._answer(node, words(given(node.inputs.get("content")).literal))
        self.give(node, {}, f"{blocks[-1]}.text")
        return blocks

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

    def _choose_model(self, name: str) -> None:
        self.drawing.do(
            "Choose a model for the blocks that used “{model}”.",
            "They use the default model until then. Models are connected under Settings.",
            model=Verbatim(name or "?"),
        )

    def _on_error(self, node: Node, block: str, outputs: Mapping[str, str]) -> None:
        rule = mapping(node.inputs.get("settingOnError"))
        retries = rule.get("retryTimes")
        if isinstance(retries, int) and 0 < retries <= 10:
            self.drawing.settle(block, retries=retries)
        if rule.get("processType") == 3:
            self.drawing.settle(block, on_error="port")
            self.fired[node.id, "branch_error"].append(f"{block}.error")
        elif rule.get("switch") is True or rule.get("processType") == 2:
            data = _read(words(rule.get("dataOnErr")))
            instead = {outputs[name]: value for name, value in mapping(data).items() if name in outputs}
            self.drawing.settle(block, on_error="value", fallback=instead)

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

    def _condition(self, node: Node) -> list[str]:
        inputs: dict[str, str] = {}
        rows = []
        for number, branch in enumerate(mappings(node.inputs.get("branches"))):
            condition = mapping(branch.get("condition"))
            tests = [self._test(each, inputs) for each in mappings(condition.get("conditions"))]
            match = "any" if condition.get("logic") == 1 else "all"
            rows.append({"name": f"Case {number + 1}", "match": match, "conditions": tests})
        block = self.block(node, "branch", {"rows": rows}, inputs)
        for number, port in enumerate(named_ports([str(row["name"]) for row in rows], taken=("otherwise",))):
            self.fired[node.id, f"true_{number}" if number else "true"].append(f"{block}.{port.id}")
        self.fired[node.id, "false"].append(f"{block}.otherwise")
        return [block]

    def _test(self, condition: Mapping[str, Any], inputs: dict[str, str]) -> dict[str, Any]:
        left = given(mapping(condition.get("left")).get("input"))
        right = given(mapping(condition.get("right")).get("input"))
        number, (port, type) = condition.get("operator"), self.port(left)
        name = left.reference.name if left.reference and left.reference.name else "value"
        literal = right.literal if right.reference is None else None
        operator = row_operator(number, type, literal)
        value = "" if number in WITHOUT_VALUE else words(literal)
        if isinstance(literal, bool):
            operator, value = ("is_yes" if literal == (number == 1) else "is_no"), ""
        if not operator:
            block = self.drawing.block("code.run", f"{name} check", {"code": code_of(number)}, key="check")
            self.drawing.join(port, f"{block}.left")
            self.drawing.join(self.port(right)[0], f"{block}.right")
            port, operator, value = f"{block}.result", "is_yes", ""
        key = next(
            (known for known, other in inputs.items() if other == port), port_id(f"{name} {len(inputs) + 1}")
        )
        inputs[key] = port
        return {"input": key, "operator": operator, "value": value, "exact": True}

    def _text(self, node: Node) -> list[str]:
        if node.inputs.get("method") == "split":
            chars = parameters(node.inputs.get("splitParams")).get("delimiters", Given("", None, ["\n"])).literal
            marks = [each for each in chars if isinstance(each, str)] if isinstance(chars, list) else ["\n"]
            code = f"import re\nre.split({('|'.join(map(re.escape, marks)) or chr(10))!r}, {{{{text}}}})"
            value = next(iter(node.parameters.values()), Given("string", None, ""))
            block = self.block(node, "code.run", {"code": code}, {"text": self.port(value)[0]})
            self.give(node, {name: f"{block}.result" for name in node.outputs}, f"{block}.text")
            return [block]
        template = words(parameters(node.inputs.get("concatParams")).get("concatResult", Given("")).literal)
        written, ports = self.text(template, node.parameters)
        block = self.block(node, "prompt", {"template": written or " "}, ports)
        self.give(node, {name: f"{block}.prompt" for name in node.outputs}, f"{block}.prompt")
        return [block]

    def _question(self, node: Node) -> list[str]:
        question, ports = self.text(words(node.inputs.get("question")), node.parameters)
        shown = {"value": f"{self.block(node, 'prompt', {'template': question}, ports)}.prompt"} if ports else {}
        title = node.title if ports else question or node.title
        options = [
            words(each.get("name")) for each in mappings(node.inputs.get("options")) if words(each.get("name"))
        ]
        if node.inputs.get("answer_type") == "option" and len(options) > 1:
            block = self.block(node, "people.choose", {"question": title[:300], "choices": options}, shown)
            for number, port in enumerate(named_ports(options, taken=("late",))):
                self.fired[node.id, f"branch_{number}"].append(f"{block}.{port.id}")
            self.differs[node.id].append(told.OTHER_ANSWER)
            return [block]
        fields = [{"name": "Answer", "type": "text", "required": True}]
        block = self.block(node, "people.form", {"question": title[:300], "fields": fields}, shown)
        self.give(node, {name: f"{block}.answer" for name in node.outputs}, f"{block}.answer")
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

    def _merge(self, node: Node) -> list[str]:
        blocks = []
        for group in mappings(node.inputs.get("mergeGroups")):
            name = words(group.get("name"))
            block = self.drawing.block("merge", f"{node.title} {name}", {"mode": "first"}, key=name, at=node.at)
            for variable in mappings(group.get("variables")):
                self.drawing.join(self.port(given(variable))[0], f"{block}.values")
            self.gate(block, node)
            self.values[node.id, name] = (f"{block}.value", node.outputs.get(name, "string"))
            blocks.append(block)
        self.fired[node.id, ""].extend(f"{block}.value" for block in blocks[:1])
        return blocks or self._kept(node)

    def _assign(self, node: Node) -> list[str]:
        blocks = []
        for each in mappings(node.inputs.get("inputParameters")):
            left = given(each.get("left")).reference
            name = (left.name if left else "") or words(each.get("name")) or "value"
            value = self.port(given(each.get("input") or each.get("right")))[0]
            blocks.append(self.block(node, "memory.remember", {"name": name[:80]}, {"value": value}))
        if not blocks:
            return self._kept(node)
        self.give(node, {}, f"{blocks[-1]}.value")
        return blocks

    def _http(self, node: Node) -> list[str]:
        info, body = mapping(node.inputs.get("apiInfo")), mapping(node.inputs.get("body"))
        url, ports = self.text(words(info.get("url")), node.parameters)
        query = {name: self.port(value) for name, value in parameters(node.inputs.get("params")).items()}
        headers = {name: self.port(value) for name, value in parameters(node.inputs.get("headers")).items()}
        for name, (port, _) in query.items():
            ports[port_id(f"query {name}")] = port
        pairs = "&".join(f"{name}={{{{{port_id(f'query {name}')}}}}}" for name in query)
        kept = [name for name in headers if name.lower() not in SECRET_HEADERS | OURS]
        for name in kept:
            ports[port_id(f"header {name}")] = headers[name][0]
        data, format = mapping(body.get("bodyData")), words(body.get("bodyType"))
        text, more = self.text(words(data.get("json") or data.get("rawText")), node.parameters)
        text, more = _renamed(text, more, len(ports))
        if words(mapping(node.inputs.get("auth")).get("authType")) and mapping(node.inputs.get("auth")).get(
            "authOpen"
        ):
            kept, headers = kept, {**headers, "authorization": ("", "")}
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

    def _batch(self, node: Node) -> list[str]:
        """What is done for each item becomes a flow of its own."""
        lists = {name: value for name, value in node.parameters.items() if value.type == "list"}
        if len(lists) != 1:
            return self._kept(node)
        name, value = next(iter(lists.items()))
        inside = Drawing(self.drawing.format, node.title, language=self.drawing.language)
        inside.todo, inside.notes = self.drawing.todo, self.drawing.notes
        nodes, lines = node.inner
        inner = Weft(inside, nodes, lines, self)
        entry = inside.block("flow.input", name, {"name": name[:60]}, key=name)
        inner.values[node.id, name] = (f"{entry}.value", "string")
        inner.draw()
        results = self._results(node, inner)
        at_once = _number(given(node.inputs.get("concurrentSize")).literal) if node.type == "batch" else 1
        config = {"over": port_id(name[:60]), "at_once": max(1, min(32, int(at_once or 10)))}
        block = self.block(
            node,
            "flow.each",
            {"flow": document_of(inside.flow()), **config},
            {port_id(name[:60]): self.port(value)[0]},
        )
        for input, needed in inner.needs.items():
            self.drawing.join(self.port(needed)[0], f"{block}.{input}")
        self.drawing.rows += inside.rows
        self.give(
            node,
            {out: f"{block}.{port}" for out, port in results.items()},
            f"{block}.{next(iter(results.values()))}",
        )
        return [block]

    def _results(self, node: Node, inner: "Weft") -> dict[str, str]:
        wanted = {
            words(each.get("name")): given(each.get("input"))
            for each in mappings(mapping(node.raw.get("data")).get("outputs"))
        }
        wanted = wanted or {"result": Given("string", None, "")}
        for name, value in wanted.items():
            out = inner.drawing.block("flow.output", name, {"name": name[:60] or "result"}, key=name)
            inner.drawing.join(inner.port(value)[0], f"{out}.value")
        return dict(
            zip(wanted, (port.id for port in named_ports([name or "result" for name in wanted])), strict=True)
        )

    def _loop(self, node: Node) -> list[str]:
        changes = mappings(node.inputs.get("variableParameters"))
        if node.inputs.get("loopType") != "array" or changes:
            return self._kept(node)
        return self._batch(node)

    def _kept(self, node: Node) -> list[str]:
        names = list(node.parameters)
        outputs = list(node.outputs) or ["output"]
        block = self.drawing.placeholder(
            node.title, node.type, dict(node.inputs), inputs=names, outputs=outputs, key=node.title, at=node.at
        )
        for found, value in zip(named_ports(names), node.parameters.values(), strict=True):
            self.drawing.join(self.port(value)[0], f"{block}.{found.id}")
        self.gate(block, node)
        ports = [f"{block}.{port.id}" for port in named_ports(outputs)]
        self.give(node, dict(zip(outputs, ports, strict=True)), ports[0])
        self.drawing.do(
            "Replace “{name}”, which Coze runs elsewhere.",
            "Describe the same service as an Action, import the flow it calls, or choose blocks that do the same.",
            name=Verbatim(node.title),
        )
        return [block]


def _renamed(text: str, ports: Mapping[str, str], by: int) -> tuple[str, dict[str, str]]:
    """The same with other numbers, so that two texts of one block share no name by chance."""
    found = re.sub(r"\{\{value_(\d+)\}\}", lambda each: f"{{{{value_{int(each[1]) + by}}}}}", text)
    return found, {f"value_{int(name.removeprefix('value_')) + by}": port for name, port in ports.items()}


def _python(program: str, items: str) -> dict[str, str]:
    """Their `main(args)` takes its values from `args.params`; ours gets these."""
    plain = re.sub(r"(?:async\s+)?def\s+main\s*\([^)]*\)\s*(?:->\s*[\w\[\], ]+)?\s*:", "def main(params):", program)
    plain = re.sub(r"^\s*params\s*=\s*args\.params\s*$", "", plain, flags=re.MULTILINE)
    plain = plain.replace("args.params", "params").replace(": Output", "")
    return {"code": f"{plain.rstrip()}\n\nmain({{ {items} }})"}


def _javascript(program: str, items: str) -> dict[str, str]:
    plain = re.sub(
        r"(?:async\s+)?function\s+main\s*\([^)]*\)\s*(?::\s*Promise<[^>]*>)?", "function main({ params })", program
    )
    return {"code": f"{plain.rstrip()}\n\nmain({{ params: {{ {items} }} }})", "engine": "javascript"}


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
