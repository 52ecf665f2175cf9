"""Agents, and blocks that reach out: sums, the clock, documents, other computers."""

import re

from flowloom.exchange.exporters.python.block import Block
from flowloom.exchange.exporters.python.kinds.models import asked, messages
from flowloom.exchange.exporters.python.literals import quoted, value_literal
from flowloom.locales import translate
from flowloom.nodes.tools.http_request import WITHOUT_BODY
from flowloom.nodes.tools.requests import CONTENT_TYPES
from flowloom.run.execution.tools import offers_of
from flowloom.services.models.tool_schemas import mend_tool


def write_agent(block: Block) -> None:
    offered = [line for tool in block.tools for line in _tool(block, tool)]
    # In the order in which the executor tells a model of them.
    tools = ["tools = [", *(f"    {line}," for line in reversed(offered))]
    said, steps = messages(block, "message"), f"steps={block.config.step_limit}"
    nothing = value_literal(translate("Nothing found.", block.plan.language))
    options = asked(block, block.config.model, block.config.temperature)
    block.write(
        *([*tools, "]"] if block.tools else ["tools = []"]),
        f"said = {said}",
        f"return {block.call('run_agent', 'agent', 'said', 'tools', steps, f'nothing={nothing}', options)}",
    )


def _tool(block: Block, tool: Block) -> list[str]:
    """A tool as the model sees it, or one for each of what the block offers."""
    settings, found = tool.step.node.settings, []
    for number, (_, spec) in enumerate(offers_of(tool.step)):
        mended = mend_tool(spec)
        if mended is None:
            block.differ("The model can’t use the tool “{name}”.", name=spec.name)
            continue
        suffix = f"parameters_{number + 1}" if number else "parameters"
        parameters = tool.program.constant(f"{tool.name}_{suffix}".upper(), value_literal(mended.parameters))
        about = tool.program.constant(
            f"{tool.name}_{'about' if not number else f'about_{number + 1}'}".upper(), quoted(mended.description)
        )
        ask = f", ask_first={value_literal(tool.title)}" if settings.ask_first else ""
        renamed = {port: name for port, name in tool.parameters.items() if port != name}
        ask += f", names={value_literal(renamed)}" if renamed else ""
        found.append(
            f"{block.use('Tool', 'agent')}({quoted(mended.name)}, {about}, {parameters}, {tool.name}{ask})"
        )
    return found


def write_calculator(block: Block) -> None:
    worked_out = block.use("work_out", "flowloom.nodes.tools.sums")
    written = block.use("written", "flowloom.nodes.numbers")
    block.write(
        f"result = {worked_out}({block.text_given('expression')}, LANGUAGE)",
        f'return {{"result": result, "text": {written}(result, LANGUAGE)}}',
    )


def write_date_time(block: Block) -> None:
    module = "flowloom.nodes.tools.date_time"
    datetime = block.program.definitions.imported("datetime", "datetime")
    zone, given = value_literal(block.config.time_zone.strip()), block.given("time_zone")
    named = f'({given} or "").strip() or {zone}' if given != "None" else zone
    language = block.plan.language
    block.write(
        f"zone = {named}",
        f"now = {datetime}.now().astimezone({block.use('zone_called', module)}(zone) if zone else None)",
        "return {",
        f'    "text": {block.use("in_words", module)}(now, {quoted(block.config.style)}, {quoted(language)}),',
        '    "date": f"{now:%Y-%m-%d}",',
        '    "time": f"{now:%H:%M}",',
        f'    "weekday": {block.use("WEEKDAYS", module)}[{quoted(language)}][now.weekday()],',
        "}",
    )


def write_search(block: Block) -> None:
    config = block.config
    base = _folder_name(block, config.knowledge)
    only = [name.strip() for name in config.files.splitlines() if name.strip()]
    question = block.text_given("question")
    files = f", {block.data('files', tuple(only))}" if only else ""
    nothing = value_literal(translate("Nothing found in the documents.", block.plan.language))
    block.write(
        f"found = {block.use('search', 'search')}({quoted(base)}, {question}, {config.top_k}{files})",
        "if not found:",
        f'    return {{"passages": [], "text": {nothing}, "nothing": {question}}}',
        f'return {{"passages": found, "text": {block.use("numbered", "conversation")}(found)}}',
    )
    block.differ(
        "Documents are searched by words only, not by meaning.",
        "You notice it when a question uses other words than the document: other passages are found.",
    )
    if config.tags.strip() or config.minimum_score is not None:
        block.differ(
            "Tags and the minimum relevance are not kept.", "You notice it in the passages that are found."
        )


def _folder_name(block: Block, base: str) -> str:
    """The folder of a knowledge base beside the program; the base of a flow within a block is its own."""
    key = f"{block.plan.flow_id}/{base}"
    if key not in block.program.bases:
        plain = re.sub(r"[^A-Za-z0-9_-]+", "_", base).strip("_") or "documents"
        block.program.bases[key] = block.program.folder_names.take(plain)
        block.program.folders[block.program.bases[key]] = block.program.documents(block.plan.flow_id, base)
    return block.program.bases[key]


def write_http(block: Block) -> None:
    config = block.config
    sends = config.method not in WITHOUT_BODY and bool(config.body.strip())
    headers = {header.name.strip(): header.value for header in config.headers}
    if sends and "content-type" not in map(str.lower, headers):
        headers["Content-Type"] = CONTENT_TYPES[config.body_format]
    names = {name: value for name, value in block.parameters.items()}
    values = ", ".join(f"{value_literal(port)}: {name}" for port, name in names.items())
    request = block.data(
        "request",
        {
            "method": config.method,
            "url": config.url.strip(),
            "headers": headers,
            "body": config.body if sends else "",
            "body_format": config.body_format,
            "timeout": config.timeout,
            "fail_on_error": config.fail_on_error,
        },
    )
    block.write(f"return {block.use('send', 'http')}({request}, {{{values}}})")
    block.differ(
        "The program sends at once, without asking whether it may.",
        "You notice it the first time: Flowloom asks before anything leaves.",
    )


WRITERS = {
    "agent": write_agent,
    "calculator": write_calculator,
    "datetime": write_date_time,
    "knowledge.search": write_search,
    "http.request": write_http,
}
