"""The practice model: a chat that is no AI, so that every flow runs for anyone, without a key.

It follows the rules of `practice_rules`: it is deterministic, streams word by word, calls tools, fills in forms and
chooses labels. What only a model could write it does not pretend to: it tells the shape of a good answer.
"""

import asyncio
import json
import re

from flowloom.kinds.services import OnText
from flowloom.kinds.values import ModelReply, ModelRequest, ToolCall, Usage
from flowloom.services.models import answers
from flowloom.services.models import practice_rules as rules
from flowloom.services.models.practice_ages import find_age
from flowloom.services.models.practice_choices import choose
from flowloom.services.models.practice_fields import fill
from flowloom.services.models.practice_nearness import Nearness
from flowloom.services.models.practice_shapes import language_named, shape_of, translation_of
from flowloom.services.models.practice_sight import tell
from flowloom.services.models.practice_tables import code_for
from flowloom.services.models.practice_tools import call_or_ask
from flowloom.words import language_of, terms

_WORDS = re.compile(r"\s*[^\s\u4e00-\u9fff]+|\s*[\u4e00-\u9fff]{1,2}|\s+$")
_COUNTED = re.compile(r"[\u4e00-\u9fff]|[^\s\u4e00-\u9fff]+")
# As the Translate block asks for it, and as people write it into prompts.
_TRANSLATE = re.compile(
    r"\btranslat\w+|\btradui\w+|翻译|译成|\bhow do (?:you|i) say\b|\bcomment (?:dit|dire)\b|怎么说", re.IGNORECASE
)
_MARKED = re.compile(r"[:：\"“«「?？]")
_BLOCK = re.compile(r"^Translate the person's text into ", re.MULTILINE)


LONGEST_MESSAGE = 20_000
"""Characters of a message that are read: as with any model, what is longer goes beyond its window."""


class PracticeChat:
    """Fulfils `Chat` by rules; where `nearness` is given, it chooses by meaning what the rules leave open."""

    def __init__(self, nearness: Nearness | None = None) -> None:
        self._nearness = nearness

    async def aclose(self) -> None:
        """There is nothing to close."""

    async def reply(self, model: str, request: ModelRequest, on_text: OnText) -> ModelReply:
        """Answer by rules. Raises ModelError where a form cannot be filled in."""
        turn = Turn(request)
        if request.pictures:
            text = rules.signed(tell(request.pictures, turn.language), turn.language, turn.said_before)
            on_text(text)
            return ModelReply(text=text, usage=_usage(model, request, text))
        if request.choices is not None:
            # The encoder, where it is asked at all, takes a second to load.
            text = await asyncio.to_thread(choose, turn.question, request.choices, self._nearness)
            return ModelReply(text=text, usage=_usage(model, request, text))
        if request.response_schema is not None:
            filled = fill(request.response_schema, turn.message, turn.asked)
            fields = answers.check_fields(filled, request, model)
            return ModelReply(fields=fields, usage=_usage(model, request, json.dumps(fields)))
        said = turn.answer(request)
        if isinstance(said, ToolCall):
            written = json.dumps(said.arguments, ensure_ascii=False)
            return ModelReply(tool_calls=(said,), usage=_usage(model, request, written))
        for word in _WORDS.findall(said):
            on_text(word)
        return ModelReply(text=said, usage=_usage(model, request, said), only_shape=turn.only_shape)


def _usage(model: str, request: ModelRequest, written: str) -> Usage:
    spent = _count(" ".join(message.text for message in request.messages))
    return Usage(model=model, input_tokens=spent, output_tokens=_count(written))


class Turn:
    """One question to the practice model, with all that was said before it.

    `message` is the whole prompt, `own` what in it is known to be the person's, `question` what is asked.
    """

    def __init__(self, request: ModelRequest) -> None:
        texts = [(message.role, message.text[:LONGEST_MESSAGE]) for message in request.messages]
        last = max((at for at, (role, _) in enumerate(texts) if role == "user"), default=len(texts))
        # Rules cannot read passages out of a prompt, so they are given them.
        self.passages = request.passages
        self.instructions = "\n".join(text for role, text in texts if role == "system")
        self.message = rules.without_notes(texts[last][1]) if last < len(texts) else ""
        self.results = [text for role, text in texts[last + 1 :] if role == "tool"]
        self.said_before = [text for role, text in texts[:last] if role == "assistant"]
        self.asked_before = [text for role, text in texts[:last] if role == "user"]
        self.own = rules.persons_words(self.message, request.said)
        question = self.own or rules.question_in(self.message, request.passages or ())
        if not request.said:
            self.own = question
        self.question = self._pending(question)
        self.call = f"call_{len(texts)}"
        self.only_shape = False

    def _pending(self, question: str) -> str:
        """What was asked before, where the last message only told an age or a language that was asked for."""
        if not self.asked_before or not self._only_told(question, self.asked):
            return question
        asked = next((text for text in reversed(self.asked_before) if not self._only_told(text, "")), question)
        if self.own:
            self.own = asked
        return asked

    @staticmethod
    def _only_told(text: str, asked: str | None) -> bool:
        if len(terms(text)) > 8 or len(text) > 60:
            return False
        named = len(text.split()) < 4 and bool(language_named(text, language="en"))
        return (named and not _MARKED.search(text)) or (find_age(text, asked) is not None and len(terms(text)) < 4)

    @property
    def asked(self) -> str | None:
        """What was said to the person just before, None for nothing."""
        return self.said_before[-1] if self.said_before else None

    @property
    def language(self) -> str:
        """That of the question; where it tells none, such as a number, that of what was said around it."""
        texts = (self.question, *reversed(self.asked_before), self.message, self.instructions)
        return next(filter(None, (language_of(text, "") for text in texts)), "en")

    def answer(self, request: ModelRequest) -> str | ToolCall:
        """A text, or a tool call where one fits."""
        if request.tables:
            return f"```python\n{code_for(self.question, request.tables)}\n```"
        said = self._by_rules(request)
        if isinstance(said, ToolCall):
            return said
        if said:
            return rules.signed(said, self.language, self.said_before)
        self.only_shape = True
        return self._shape()

    def _by_rules(self, request: ModelRequest) -> str | ToolCall:
        """What the rules can do, "" where a model is needed."""
        language = self.language
        if request.results:
            return rules.tell_outcome(language, request.results)
        if self.results:
            return rules.tell_result(self.question, self.results, language)
        if not self.question.strip():
            return rules.say("empty", language)
        if polite := rules.polite(self.question, language):
            return polite
        if request.tools and (called := call_or_ask(self.question, request.tools, language, self.call)):
            return called
        if self.passages is not None:
            return rules.answer_from(self.question, self.passages, language)
        told_before = bool(self.asked_before)
        facts = [line.strip() for line in self.message.splitlines() if line.strip() in request.known]
        # What was said in the conversation only a model can look up.
        about_them = rules.tell_facts(self.own, facts, language) if facts or not told_before else ""
        return about_them or rules.written(self.instructions, self.own or self.message, language)

    def _shape(self) -> str:
        """The shape of what a model would write."""
        task = f"{self.message.replace(self.own, ' ') if self.own else self.message}\n{self.instructions}"
        language = self.language
        if _TRANSLATE.search(f"{self.own[:500]}\n{task}"):
            into = language_named(self.own[:500], task, language=language)
            # The Translate block is given nothing but the text.
            text = self.message if self.instructions and _BLOCK.search(self.instructions) else self.own
            if into:
                return translation_of(rules.bare(text), into, language)
        return shape_of(self.own, task, language)


def _count(text: str) -> int:
    return len(_COUNTED.findall(text))
