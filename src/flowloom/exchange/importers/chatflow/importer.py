"""ChatFlow YAML, as a Flowloom flow: each step asks the model with all that was said in the steps before."""

from collections.abc import Mapping, Sequence
from typing import Any

from flowloom.errors import Problem
from flowloom.exchange.drawing import Drawing, Imported
from flowloom.exchange.foreign import Importer
from flowloom.exchange.importers.chatflow import texts as _texts  # noqa: F401  the report’s translations
from flowloom.exchange.importers.chatflow.shape import SHAPE
from flowloom.exchange.importers.chatflow.steps import RESPONSE, VALUE, WHOLE, Step, is_flow, read_steps
from flowloom.exchange.source import Source
from flowloom.flow.sorts import mappings, words
from flowloom.locales import Verbatim
from flowloom.nodes.port_names import named_ports
from flowloom.nodes.templates import find_placeholders
from flowloom.nodes.tools.requests import OURS, SECRET_HEADERS

NAME = "ChatFlow"
MOST_BEFORE = 20
"""Steps before that a step tells the model of."""
KEPT = (
    "import re\nfound = re.search({pattern}, {{{{answer}}}})\n"
    "(found.group(1) if found and found.groups() else '') or {instead}"
)
FORGETS = Problem.of(
    "chatflow.forgets",
    "The model is told of the last {count} steps only.",
    "You notice it where a late step refers to one of the first.",
    count=MOST_BEFORE,
).as_warning()
UNFILLED = Problem.of(
    "chatflow.unfilled",
    "ChatFlow fills in only one value for each step, so the others stand as they are written.",
    "You see their names between dollar signs in the question. Replace them by hand.",
).as_warning()
LATER = Problem.of(
    "chatflow.later",
    "It refers to an answer that isn’t kept, so the reference stands as it is written.",
    "You see it between dollar signs in the question. Connect the answer you want.",
).as_warning()


class Talk:
    """The conversation as it is drawn, step after step."""

    def __init__(self, drawing: Drawing, steps: Sequence[Step]) -> None:
        self.drawing, self.steps = drawing, steps
        self.message = drawing.block("chat.message", key="message")
        self.form: dict[int, str] = {}
        self.said: list[tuple[str, str, dict[str, str]]] = []
        """What was asked, the port of the answer, and the ports of the names in the question."""
        self.kept: dict[int, str] = {}
        self.shown: dict[str, str] = {}
        """Requests and the answers that show what they gave."""

    def draw(self) -> None:
        self._ask_for_values()
        for step in self.steps:
            self._step(step.number, step)

    def _ask_for_values(self) -> None:
        filled = [step for step in self.steps if step.value and not self._refers(step)]
        if not filled:
            return
        names = [f"{step.name}: {step.value}"[:80] for step in filled]
        fields = [{"name": name, "type": "text", "required": True} for name in names]
        form = self.drawing.block("people.form", "Values to fill in", {"fields": fields}, key="form")
        known = {name: step.values[step.value] for name, step in zip(names, filled, strict=True)}
        usual = self.drawing.block("code.run", "Usual values", {"code": _without_braces(known)}, key="usual values")
        self.drawing.join(f"{usual}.result", f"{form}.known")
        self.drawing.after(form, f"{self.message}.message")
        for step, port in zip(filled, named_ports(names, taken=("late",)), strict=True):
            self.form[step.number] = f"{form}.{port.id}"

    def _refers(self, step: Step) -> bool:
        """Whether a step comes back to an answer of which something is kept."""
        return any(
            each.number == step.response and each.number < step.number and each.keeps and not each.hidden
            for each in self.steps
        )

    def _step(self, number: int, step: Step) -> None:
        differs: list[Problem] = []
        text, ports = self._question(number, step, differs)
        blocks = [self._request(action, step) for action in step.before if words(action.get("type")) == "api"]
        for action in step.after:
            self.drawing.do(
                "“{name}” after “{step}” is never run by ChatFlow, so it was left out.",
                "Add an HTTP request block after the answer if you want it.",
                name=Verbatim(words(action.get("name")) or "?"),
                step=Verbatim(step.name),
            )
        if step.hidden:
            blocks.append(self._shown(text, ports, step))
            self.drawing.carried(str(number), step.name, "step", *blocks, differs=differs)
            return
        if len(self.said) > MOST_BEFORE:
            differs.append(FORGETS)
        rows, joined = self._rows(text, ports)
        model = self.drawing.block("model", step.name, {"messages": rows}, key=f"step {number + 1}")
        for name, port in joined.items():
            self.drawing.join(port, f"{model}.{name}")
        if blocks or not joined:
            # What is shown before the question comes first, and need not succeed.
            shown = [self.shown[block] for block in blocks if block in self.shown]
            self.drawing.after(model, f"{self.message}.message", *shown)
        answer = self.drawing.block("chat.answer", step.name, key=f"answer {number + 1}")
        self.drawing.join(f"{model}.answer", f"{answer}.text")
        self.said.append((text, f"{model}.answer", ports))
        self._keep(number, step, f"{model}.answer")
        self.drawing.carried(str(number), step.name, "step", *blocks, model, answer, differs=differs)

    def _question(self, number: int, step: Step, differs: list[Problem]) -> tuple[str, dict[str, str]]:
        """The question with names for what is filled in, and the ports of these."""
        ports: dict[str, str] = {}
        text = self._plain(step.ask, number, ports)
        if step.response is not None:
            port = self.kept.get(step.response, "")
            if port:
                ports[f"answer_{number}"] = port
                text = RESPONSE.sub(f"{{{{answer_{number}}}}}", text, count=1)
            else:
                differs.append(LATER)
        if number in self.form:
            ports[f"value_{number}"] = self.form[number]
            text = VALUE.sub(f"{{{{value_{number}}}}}", text, count=1)
        if VALUE.search(text):
            differs.append(UNFILLED)
        return text, ports

    def _plain(self, text: str, number: int, ports: dict[str, str]) -> str:
        """Double braces of theirs are none of ours."""
        pieces, done = [], 0
        for place in find_placeholders(text):
            name = f"braces_{number}_{len(ports)}"
            literal = text[place.start : place.end]
            ports[name] = f"{self.drawing.block('text', literal[:40], {'text': literal}, key='braces')}.text"
            pieces += [text[done : place.start], f"{{{{{name}}}}}"]
            done = place.end
        return "".join([*pieces, text[done:]])

    def _rows(self, text: str, ports: Mapping[str, str]) -> tuple[list[dict[str, str]], dict[str, str]]:
        """All that was said before, then the question."""
        rows, joined = [], dict(ports)
        for asked, answer, named in self.said[-MOST_BEFORE:]:
            name = f"said_{answer.partition('.')[0]}".replace("-", "_")
            rows += [{"role": "user", "text": asked}, {"role": "assistant", "text": f"{{{{{name}}}}}"}]
            joined |= {**named, name: answer}
        return [*rows, {"role": "user", "text": text}], joined

    def _keep(self, number: int, step: Step, answer: str) -> None:
        """What of an answer later steps may use."""
        if not step.keeps:
            return
        if step.keeps in WHOLE:
            self.kept[number] = answer
            return
        code = KEPT.format(pattern=repr(step.keeps), instead=repr(f"$$response:{number}$$"))
        block = self.drawing.block("code.run", f"From {step.name}", {"code": code}, key=f"kept {number + 1}")
        self.drawing.join(answer, f"{block}.answer")
        self.kept[number] = f"{block}.result"

    def _shown(self, text: str, ports: Mapping[str, str], step: Step) -> str:
        """A step that is only shown."""
        if not ports:
            block = self.drawing.block("chat.answer", step.name, {"text": text}, key="shown")
            self.drawing.after(block, self.said[-1][1] if self.said else f"{self.message}.message")
            return block
        prompt = self.drawing.block("prompt", step.name, {"template": text}, key="shown text")
        for name, port in ports.items():
            self.drawing.join(port, f"{prompt}.{name}")
        block = self.drawing.block("chat.answer", step.name, key="shown")
        self.drawing.join(f"{prompt}.prompt", f"{block}.text")
        return block

    def _request(self, action: Mapping[str, Any], step: Step) -> str:
        """A request before a step, whose result is shown."""
        api = action.get("api")
        api = api if isinstance(api, dict) else {}
        name = words(action.get("name")) or "Request"
        headers = [
            {"name": words(each.get("key")), "value": words(each.get("value"))}
            for each in mappings(api.get("headers"))
        ]
        kept = [each for each in headers if each["name"] and each["name"].lower() not in SECRET_HEADERS | OURS]
        if len(kept) < len(headers):
            self.drawing.do(
                "“{name}” sends a key or password, which was left out.",
                "Describe the service with its key under Settings, Connections, and use an Action block instead.",
                name=Verbatim(name),
            )
        config = {
            "method": words(api.get("method")).upper() or "GET",
            "url": words(api.get("url")),
            "headers": kept,
        }
        block = self.drawing.block("http.request", name, config, key=name)
        self.drawing.after(block, self.said[-1][1] if self.said else f"{self.message}.message")
        self._show_result(action, block, name)
        return block

    def _show_result(self, action: Mapping[str, Any], block: str, name: str) -> None:
        port = f"{block}.text"
        for process in mappings(action.get("postProcess")):
            arguments = process.get("args")
            path = words(arguments[0]) if isinstance(arguments, list) and arguments else ""
            if words(process.get("function")) == "jsonPath" and path.startswith("$"):
                pick = self.drawing.block("json.pick", name, {"path": path.removeprefix("$.")}, key=f"{name} part")
                self.drawing.join(f"{block}.data", f"{pick}.data")
                port = f"{pick}.text"
        if mappings(action.get("postComponents")):
            shown = self.drawing.block("chat.answer", name, key=f"show {name}")
            self.drawing.join(port, f"{shown}.text")
            self.shown[block] = f"{shown}.text"


def _without_braces(known: Mapping[str, str]) -> str:
    """The values as code in which nothing is put in."""
    return repr(dict(known)).replace("{{", "{\\x7b")


def recognises(source: Source) -> bool:
    return is_flow(source.data)


def read(source: Source) -> Imported:
    """The flow of a ChatFlow file. Raises FlowFileError."""
    data = source.data
    told = words(data.get("description"))
    language = "zh" if any("\u4e00" <= letter <= "\u9fff" for letter in words(data.get("name")) + told) else "en"
    drawing = Drawing(NAME, words(data.get("name")), description=told, language=language)
    Talk(drawing, read_steps(data.get("steps"))).draw()
    drawing.remark(
        "All steps run one after another; ChatFlow waits for a click before each.",
        "To look at an answer before the next step runs, put an Ask for approval block between them.",
    )
    drawing.do(
        "Choose a model under Settings.",
        "ChatFlow asks a model of OpenAI; here the default model answers until you choose another.",
    )
    return drawing.finished()


IMPORTER = Importer("chatflow", NAME, recognises, read, SHAPE)
