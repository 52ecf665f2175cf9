"""Writes a flow as a Python program on the OpenAI Agents SDK that runs without Flowloom."""

from flowloom.errors import Problem
from flowloom.exchange.exporters.agents.texts import TEXTS
from flowloom.exchange.exporters.exported import Documents, Exported, Exporter, no_documents
from flowloom.exchange.exporters.python.exporter import Base
from flowloom.exchange.exporters.python.exporter import write as write_program
from flowloom.flow.model import Flow
from flowloom.locales import add_texts

add_texts(TEXTS)
BASE = Base(
    "Agents SDK",
    "flowloom.exchange.exporters.agents.parts",
    "openai-agents>=0.24",
    (
        "    MODEL         such as gpt-5-mini, or litellm/anthropic/claude-sonnet-4-5 (openai-agents[litellm])",
        "    MODEL_FAST, MODEL_CAREFUL    others for blocks that ask for a fast or a high-quality model",
        "    MODEL_URL     the address of a server of your own that speaks like OpenAI",
    ),
)


def write(flow: Flow, documents: Documents = no_documents) -> Exported:
    """The program and the documents that it searches. Raises FlowFileError for a flow that cannot run."""
    exported = write_program(flow, documents, BASE)
    notes = (
        *exported.report.notes,
        Problem.of(
            "export.whole",
            "Its blocks run one after the other, also where they would run side by side here.",
            "You notice it in how long an answer takes.",
        ),
    )
    return exported._replace(report=exported.report.model_copy(update={"notes": notes}))


EXPORTER = Exporter(
    id="agents",
    name="Agents SDK program",
    ending=".py",
    write=write,
    help="The same program on the OpenAI Agents SDK.",
    order=2,
    with_documents=True,
)
