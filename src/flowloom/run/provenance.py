"""What a sentence of an answer stands on, read from the record of its run."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from flowloom.flow.model import Flow
from flowloom.kinds.port import as_text
from flowloom.kinds.registry import Registry
from flowloom.kinds.values import Passage
from flowloom.run.events import RunEvent
from flowloom.run.matching import Span, Wanted, cited_in, merged
from flowloom.run.record import Decision, Record, passages_in, texts_of
from flowloom.run.sentences import Sentence, sentences_of
from flowloom.run.story import Step, story_of
from flowloom.run.view import view_of

MOST = 4
"""Passages and calls that are told of a sentence."""


@dataclass(frozen=True, slots=True)
class Support:
    """A passage that bears a sentence out. `marks` are the places of the words both have."""

    passage: Passage
    share: float
    cited: int | None = None
    marks: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Setting:
    """The field of a block's form to change first; "" where only the block is known."""

    node: str
    field: str = ""
    reads: bool = False
    """Whether it decides how much the run reads."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """All that the record says of one sentence.

    `source` is the step where it first stands word for word, `phrased` says that a model put it into words there.
    """

    passages: tuple[Support, ...] = ()
    decisions: tuple[Decision, ...] = ()
    calls: tuple[Step, ...] = ()
    source: Step | None = None
    phrased: bool = True
    setting: Setting | None = None

    @property
    def nothing_says_it(self) -> bool:
        return not (self.passages or self.calls) and self.phrased


@dataclass(frozen=True)
class Said:
    """One answer of a run: its sentences, and what each stands on."""

    node: str
    sentences: tuple[Sentence, ...]
    record: Record = field(repr=False)

    def grounds(self, number: int) -> Grounds:
        return _Search(self.record, self.sentences[number], self.record.way_to(self.node)).grounds()


def answers_of(events: Iterable[RunEvent], flow: Flow, kinds: Registry, language: str = "en") -> list[Said]:
    """The answers of a run, each with its sentences."""
    told = list(events)
    record = Record(flow, kinds, tuple(story_of(told)), language)
    return [Said(answer.node, tuple(sentences_of(answer.text)), record) for answer in view_of(told).answers]


@dataclass(frozen=True)
class _Search:
    """Looks for one sentence on the way to its answer."""

    record: Record
    sentence: Sentence
    way: Sequence[Step]

    @cached_property
    def wanted(self) -> Wanted:
        return Wanted(self.sentence.said, self.sentence.text)

    def grounds(self) -> Grounds:
        source = self._source()
        kind = self.record.kind(source.node) if source else None
        found = Grounds(
            self._passages(),
            tuple(self.record.decisions(self.way)),
            self._calls(),
            source,
            phrased=source is None or (kind is not None and "spends money" in kind.effects),
        )
        return replace(found, setting=self._setting(found))

    # -- passages

    def _passages(self) -> tuple[Support, ...]:
        handed = [found for step in self.way if (found := passages_in(step.inputs))]
        read = [found for step in self._reading() if (found := passages_in(step.outputs))]
        # A number counts the passages as the block nearest to the answer had them.
        counted = handed[:1] or read
        cited = {
            found[number - 1]: number
            for found in counted
            for number in cited_in(self.sentence.text)
            if 0 < number <= len(found)
        }
        every = dict.fromkeys(passage for found in (*handed, *read) for passage in found)
        supports = [self._support(passage, cited.get(passage)) for passage in every]
        least = max(support.share for support in supports) / 2 if supports else 0.0
        kept = [each for each in supports if each.cited or (each.share and each.share >= least)]
        return tuple(sorted(kept, key=lambda support: (support.cited is None, -support.share))[:MOST])

    def _reading(self) -> list[Step]:
        return [*self.way, *self.record.calls_of(self.way)]

    def _support(self, passage: Passage, cited: int | None) -> Support:
        shared = self.wanted.shared(passage.text)
        marks = [(placed.start, placed.end) for placed in shared] + self.wanted.shared_figures(passage.text)
        return Support(passage, self.wanted.share(shared), cited, merged(marks))

    # -- tools

    def _calls(self) -> tuple[Step, ...]:
        ranked = []
        for step in self.record.calls_of(self.way):
            if passages_in(step.outputs) and not step.caller:
                continue
            text = as_text(dict(step.outputs)) if step.outcome == "done" else ""
            rank = len(self.wanted.shared_figures(text)) + self.wanted.share(self.wanted.shared(text))
            ranked += [(rank, step)] if rank else []
        ranked.sort(key=lambda found: -found[0])
        return tuple(step for _, step in ranked[:MOST])

    # -- where it was put into words, and what to change

    def _source(self) -> Step | None:
        """The step nearest to the answer that gave the sentence without having been given it."""
        return next((step for step in self.way if self._begins_at(step)), None)

    def _begins_at(self, step: Step) -> bool:
        given = self.record.given(step)
        return self.wanted.stands_in(texts_of(given)) and not self.wanted.stands_in(texts_of(step.inputs))

    def _setting(self, found: Grounds) -> Setting | None:
        source = found.source
        if source and (named := self._verbatim_field(source.node)):
            return Setting(source.node, named)
        if found.nothing_says_it and (reader := self._reader()):
            return Setting(reader, self.record.tune(reader), reads=True)
        if source and found.phrased:
            return self._prompt_of(source)
        nearest = next((step.node for step in self.way if self.record.tune(step.node)), None)
        chosen = source.node if source and self.record.tune(source.node) else nearest
        return Setting(chosen, self.record.tune(chosen)) if chosen else None

    def _verbatim_field(self, node: str) -> str:
        config = self.record.config(node)
        return next((name for name, value in config.items() if self.wanted.stands_in(texts_of({"": value}))), "")

    def _reader(self) -> str | None:
        """The block that looked for passages."""
        names = [step.node for step in self._reading() if isinstance(step.outputs.get("passages"), list | tuple)]
        return next((name for name in names if self.record.tune(name)), None)

    def _prompt_of(self, source: Step) -> Setting:
        """The block's own words to the model; where it has none, those of a block that wrote its prompt."""
        before = [name for name in self.record.live_sources(source.node) if self._says(name)]
        chosen = source.node if self._says(source.node) or not before else before[0]
        return Setting(chosen, self.record.tune(chosen))

    def _says(self, node: str) -> bool:
        value = self.record.config(node).get(self.record.tune(node))
        return isinstance(value, str) and bool(value.strip())
