"""A whole program: its constants, the functions of its blocks, and how they are connected."""

from collections.abc import Mapping

from flowloom.exchange.exporters.exported import Documents, Folder
from flowloom.exchange.exporters.python.block import Block
from flowloom.exchange.exporters.python.literals import quoted
from flowloom.exchange.exporters.python.names import Names, identifier
from flowloom.exchange.exporters.python.source import PARTS, Definitions
from flowloom.exchange.exporters.python.wiring import wiring_of
from flowloom.exchange.exporters.python.writers import writers
from flowloom.exchange.fidelity import Carried
from flowloom.flow.model import Flow
from flowloom.run.planning.plan import Plan

ALWAYS = {"graph": ("Blocks",), "terminal": ("respond", "converse")}
FIRST = ("MODELS", "ABOUT_YOU", "NOTHING")
"""Definitions that a reader may want to change, ahead of all others."""
OWN = frozenset(
    "LANGUAGE HERE DOCUMENTS flow main blocks checkpointer words files found values record tools said "
    "text rows columns picked items ended shared given failed pairs known fields choice comment task why "
    "start end zone now functions before kept value name number result each output".split()
)
"""Names that the program itself uses, also within the functions of blocks."""


class Program:
    """The parts of a program, gathered block by block."""

    def __init__(self, flow: Flow, plan: Plan, documents: Documents, parts: str = "") -> None:
        """`parts`: the package of pieces that take the place of those on LangGraph."""
        self.flow, self.documents = flow, documents
        self.names = Names(OWN)
        self.definitions = Definitions(self.names, parts)
        for part, names in ALWAYS.items():
            for name in names:
                self.definitions.use(name, f"{PARTS}.{part}")
        self.constants: dict[str, str] = {}
        self._shared: dict[str, str] = {}
        self.functions: list[str] = []
        self.rows: list[Carried] = []
        self.folders: dict[str, Folder] = {}
        self.folder_names, self.bases = Names(), dict[str, str]()
        self.flows: list[str] = []
        self.write_flow(plan, "flow", nested=False)

    def constant(self, name: str, literal: str) -> str:
        name = self.names.take(identifier(name, "text").upper())
        self.constants[name] = literal
        return name

    def shared(self, name: str, literal: str) -> str:
        """A constant that several blocks use, written once."""
        if name not in self._shared:
            self._shared[name] = self.constant(name, literal)
        return self._shared[name]

    def write_flow(self, plan: Plan, name: str, *, nested: bool) -> dict[str, Block]:
        """Write every block of a flow and how they are connected; gives the blocks by their ids."""
        tools = {tool.id: tool for step in plan.steps for tool in step.tools}
        blocks = {step.id: Block(self, plan, step, nested=nested, as_tool=False) for step in plan.steps}
        helpers = {id: Block(self, plan, step, nested=nested, as_tool=True) for id, step in tools.items()}
        for block in (*helpers.values(), *blocks.values()):
            self._write(block, helpers)
        self.flows.append(wiring_of(self, plan, blocks, name))
        return blocks

    def _write(self, block: Block, tools: Mapping[str, Block]) -> None:
        step = block.step
        block.tools = [tools[tool.id] for tool in step.tools]
        write = writers().get(step.kind.id)
        if step.node.settings.pinned is not None and not block.as_tool:
            block.write(f"return {block.data('pinned', step.node.settings.pinned)}")
        elif write is None:
            block.missing(
                "The program can’t do what this block does.", "It stops here. Write this function yourself."
            )
        else:
            write(block)
        self._settings(block)
        self.functions.append(block.text())
        self.rows.append(block.row())

    def _settings(self, block: Block) -> None:
        if block.step.node.settings.timeout is not None:
            block.differ("The timeout is not kept.", "You notice it when it takes longer than that.")

    def text(self, header: str) -> str:
        """The program, in the order in which one reads it."""
        path, system = self.definitions.imported("pathlib", "Path"), self.definitions.imported("sys")
        texts = self.definitions.texts()
        first = [text for text in texts if text.startswith(FIRST)]
        constants = [f"{name} = {literal}" for name, literal in self.constants.items()]
        head = [f"LANGUAGE = {quoted(self.flow.language)}"]
        places = {"HERE": f"{path}(__file__).parent", "DOCUMENTS": f'{path}(__file__).with_suffix(".documents")'}
        head += [f"{name} = {where}" for name, where in places.items() if any(name in text for text in texts)]
        sections = [
            header,
            "\n\n".join(self.definitions.import_lines()),
            "\n".join(head),
            *first,
            _title("What the models are told, and other texts and settings") if constants else "",
            "\n".join(constants),
            _title("The blocks"),
            "\n\n\n".join(self.functions),
            _title("How they are connected"),
            "\n\n\n".join(self.flows),
            _title("What the blocks are made of"),
            "\n\n\n".join(text for text in texts if text not in first),
            MAIN.replace("sys.", f"{system}."),
        ]
        return "\n\n\n".join(filter(None, sections)) + "\n"


MAIN = '''def main():
    """Answer the message given with the command, or chat in the terminal; `--file PATH` attaches a text file."""
    words = sys.argv[1:]
    files = [words.pop(at + 1) for at in reversed(range(len(words) - 1)) if words[at] == "--file"]
    converse(flow, " ".join(word for word in words if word != "--file"), files)


if __name__ == "__main__":
    main()'''


def _title(text: str) -> str:
    return f"# {'-' * 10} {text} {'-' * max(4, 90 - len(text))}"
