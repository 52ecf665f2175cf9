"""Blocks that ask a model."""

from collections.abc import Sequence
from typing import Any

from flowloom.exchange.exporters.python.block import Block, doubled
from flowloom.exchange.exporters.python.literals import quoted, value_literal
from flowloom.kinds.values import ModelRequest
from flowloom.locales import translate
from flowloom.nodes.models import classify, extract, moderate, summarise
from flowloom.nodes.models import translate as translation
from flowloom.nodes.models.answer_fields import AnswerField, field_ports, named_fields, schema, schema_keys
from flowloom.nodes.templates import names_in
from flowloom.services.models import answers
from flowloom.services.models.schemas import strict
from flowloom.services.models.tool_schemas import mend_schema

VENDORS = {
    "openai": "openai",
    "anthropic": "anthropic",
    "google": "google_genai",
    "mistral": "mistralai",
    "deepseek": "deepseek",
    "ollama": "ollama",
}
"""How LangChain calls the vendors that it knows by a name of its own."""
ROLES = ("default", "fast", "careful")


def model_name(block: Block, model: str) -> str:
    """A role, or a model as LangChain names it."""
    if model in ROLES:
        return model
    vendor, _, name = model.partition("/")
    if vendor in VENDORS and name:
        return f"{VENDORS[vendor]}:{name}"
    block.differ(
        "“{model}” is asked at the address in MODEL_URL, as OpenAI’s models are.",
        "Set MODEL_URL to the address of its server.",
        model=model,
    )
    return f"openai:{name or model}"


def asked(block: Block, model: str, temperature: float | None = None) -> str:
    """The options of a call, the usual ones left out."""
    name = model_name(block, model)
    told = [f"model={quoted(name)}"] if name != "default" else []
    told += [f"temperature={temperature}"] if temperature is not None else []
    return ", ".join(told)


def instructions(block: Block, *own: str) -> str:
    """A constant with all that the model is told beforehand; an empty text where there is nothing."""
    told = "\n\n".join(part for part in (block.plan.instructions, *own) if part.strip())
    return block.constant("instructions", told) if told else '""'


def messages(block: Block, main: str) -> str:
    """An expression for the messages of a request: those written out, or instructions and the prompt."""
    config = block.config
    told = instructions(block, config.instructions)
    history, passages = block.given("history", ""), block.given("passages", "")
    if history and config.memory == "summary":
        block.write(f"before, said = {block.call('recollect', 'recollection', history, str(config.history_turns))}")
        told, history = f"{told} + before", "said"
    elif history:
        history = f"{block.use('recent', 'conversation')}({history}, {config.history_turns})"
    if config.messages:
        return _written_out(block, main, told, history, passages)
    parts = [
        told,
        block.text_given(main),
        *([history] if history else []),
        *([f"passages={passages}"] if passages else []),
    ]
    return f"{block.use('conversation', 'conversation')}({', '.join(parts)})"


def _written_out(block: Block, main: str, told: str, history: str, passages: str) -> str:
    texts = [row.text for row in block.config.messages]
    rows = [f"({quoted(row.role)}, {block.filled('message', row.text)})" for row in block.config.messages]
    last = block.given(main, "") if main not in names_in(*texts) else ""
    guidance = block.call("guidance", "conversation", told, passages)
    written = block.call("written_out", "conversation", f"[{', '.join(rows)}]", history or "[]", last)
    return block.call("system_first", "conversation", f"[*{guidance}, *{written}]")


def write_model(block: Block) -> None:
    said, options = messages(block, "prompt"), asked(block, block.config.model, block.config.temperature)
    if not named_fields(block.config.fields):
        block.write(f'return {{"answer": {block.call("ask", "models", said, options)}}}')
        return
    _write_fields(block, said, options, block.config.fields, ("answer",))
    if block.config.answer_as == "json":
        whole = f"{block.use('json_of', 'fields')}({block.fields}, values)"
    else:
        whole = f"{block.use('lines_of', 'fields')}({block.use('named', 'fields')}({block.fields}, values))"
    block.write(f'return {{"answer": {whole}, **values}}')


def _write_fields(block: Block, said: str, options: str, rows: Sequence[AnswerField], taken: Sequence[str]) -> None:
    """The lines that ask for fields and read them into `values`."""
    keys = schema_keys(rows, taken)
    shape = block.data("schema", strict(mend_schema(schema(keys))))
    ports = field_ports(rows, taken)
    table = [
        (key, port.id, field.name.strip(), field.type, field.required)
        for (key, field), port in zip(keys.items(), ports, strict=True)
    ]
    block.fields = block.data("fields", table)
    block.write(
        f"found = {block.call('ask_for', 'models', said, shape, options)}",
        f"values = {block.use('values_of', 'fields')}({block.fields}, found)",
    )


def write_extract(block: Block) -> None:
    told = _own(block, extract.TASK)
    said = f"{block.use('conversation', 'conversation')}({told}, {block.text_given('text')})"
    _write_fields(block, said, asked(block, block.config.model, 0), block.config.fields, extract.TAKEN)
    block.write(
        f"record = {block.use('named', 'fields')}({block.fields}, values)",
        f'return {{"data": record, "text": {block.use("lines_of", "fields")}(record), **values}}',
    )


def _own(block: Block, *told: str) -> str:
    """Instructions of a block that does not hear those of the GPT."""
    return block.constant(
        "instructions", "\n\n".join(part for part in (*told, block.config.instructions) if part.strip())
    )


def write_classify(block: Block) -> None:
    labels = classify.named_labels(block.config)
    choices = {label.name.strip(): label.description for label in labels}
    request = ModelRequest(messages=(), choices=choices)
    shape = block.data("schema", strict(answers.shape_of(request) or {}))
    told = block.constant(
        "instructions",
        "\n\n".join(
            part
            for part in (classify.TASK, block.config.instructions, answers.instructions_for(request))
            if part.strip()
        ),
    )
    ports = {port.label: port.id for port in classify.label_ports(block.config)[:-1]}
    outputs, text = block.data("outputs", ports), block.text_given("text")
    said = f"{block.use('conversation', 'conversation')}({told}, {text})"
    block.write(
        f"if not {text}.strip():",
        f'    return {{"none": {text}}}',
        f"choice = {block.call('ask_for', 'models', said, shape, asked(block, block.config.model))}.get('choice')",
        f'return {{{outputs}.get(choice, "none"): {text}}}',
    )


def write_summarise(block: Block) -> None:
    config, text = block.config, block.text_given("text")
    told = block.data("task", [summarise.TASK.format(length=summarise.LENGTHS[config.length]), config.instructions])
    parts = block.data("part_task", [summarise.TASK.format(length=summarise.LENGTHS["short"]), config.instructions])
    given = (text, told, parts, str(config.parts), asked(block, config.model))
    block.write(f'return {{"summary": {block.call("summary_of", "summaries", *given)}}}')


def write_translate(block: Block) -> None:
    config, given = block.config, block.given("language")
    language = value_literal(config.language.strip())
    if given != "None":
        language = f'({given} or "").strip() or {language}'
    task = block.constant(
        "instructions",
        "\n\n".join(filter(str.strip, (translation.TASK, doubled(config.instructions)))),
    )
    said = block.call("conversation", "conversation", "task", block.text_given("text"))
    block.write(
        f"task = {task}.format(language={block.use('first_words', 'values')}({language}, 60))",
        f'return {{"text": {block.call("ask", "models", said, asked(block, config.model))}}}',
    )


def write_moderate(block: Block) -> None:
    config, language, text = block.config, block.plan.language, block.text_given("text")
    if config.judge == "openai":
        block.missing("The program doesn’t ask OpenAI’s moderation.", "Write rules for a model instead.")
        return
    if config.words.strip():
        listed = block.data("words", [word.strip() for word in config.words.splitlines() if word.strip()])
        reason = value_literal(translate("It contains “{word}” from your list.", language))
        block.write(
            f"for start, end in {block.use('find_words', 'flowloom.nodes.logic.personal_data')}({text}, {listed}):",
            f'    return {{"stopped": {text}, "reason": {reason}.format(word={text}[start:end])}}',
        )
    rules = config.rules.strip()
    if rules:
        task = block.constant("task", moderate.TASK.format(rules=rules))
        shape = block.data("schema", strict(mend_schema(moderate.schema(rules))))
        why = value_literal(translate("A model found that it breaks your rules: {reason}", language))
        plain = value_literal(translate("A model found that it breaks your rules.", language))
        said = f"{block.use('conversation', 'conversation')}({task}, {text})"
        block.write(
            f"if {text}.strip():",
            f"    found = {block.call('ask_for', 'models', said, shape, asked(block, config.model, 0))}",
            '    if found.get("unwanted") is not False:',
            f"        why = {block.use('first_words', 'values')}(str(found.get('why') or ''), 300)",
            f'        return {{"stopped": {text}, "reason": {why}.format(reason=why) if why else {plain}}}',
        )
    block.write(f'return {{"passed": {text}}}')


WRITERS: dict[str, Any] = {
    "model": write_model,
    "extract": write_extract,
    "classify": write_classify,
    "summarise": write_summarise,
    "translate": write_translate,
    "moderate": write_moderate,
}
