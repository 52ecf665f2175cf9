"""What a Coze flow says and asks: its beginning, answers, questions."""

from flowloom.exchange.importers.coze import differences as told
from flowloom.exchange.importers.coze.canvas import Node, given
from flowloom.exchange.importers.coze.weft import Weft
from flowloom.flow.sorts import mappings, words
from flowloom.nodes.port_names import named_ports

FORM_TYPES = {"integer": "number", "float": "number", "boolean": "boolean"}


class Conversation(Weft):
    """What a Coze flow says and asks: its beginning, answers, questions."""

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
