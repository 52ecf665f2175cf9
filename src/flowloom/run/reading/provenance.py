"""What a sentence of an answer stands on, read from the record of its run."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from flowloom.flow.model import Flow
from flowloom.kinds.port import as_text
from flowloom.kinds.registry import Registry
from flowloom.kinds.values import Passage
from flowloom.run.events import RunEvent
from flowloom.run.reading.evidence import Span, Wanted, cited_in, merged
from flowloom.run.reading.record import Decision, Record, passages_in, texts_of
from flowloom.run.reading.sentences import Sentence, sentences_of
from flowloom.run.reading.steps import Step, story_of
from flowloom.run.reading.view import view_of

MOST = 4
"""Passages and calls that are told of a sentence."""
LONGEST = 100_000
"""Characters of an answer whose sentences are told apart; a person waits for it."""
LEAST_TOLD = 0.5
"""How much of a sentence a text of the flow must have, which speaks of many things."""


@dataclass(frozen=True, slots=True)
class Support:
    """A passage that bears a sentence out. `marks` are the places of the words both have."""

    passage: Passage
    share: float
    cited: int | None = None
    marks: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Telling:
    """A text on the way that says the same in other words: what a block gave, or what a model was told to do.

    `node` is "" where it is the instructions of the whole GPT.
    """

    node: str
    text: str
    share: float
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
    tellings: tuple[Telling, ...] = ()
    source: Step | None = None
    phrased: bool = True
    setting: Setting | None = None

    @property
    def nothing_says_it(self) -> bool:
        return not (self.passages or self.calls or self.tellings) and self.phrased


@dataclass(frozen=True)
class Said:
    """One answer of a run: its sentences, and what each stands on."""

    node: str
    sentences: tuple[Sentence, ...]
    record: Record = field(repr=False)
    is_whole: bool = True
    """Whether the sentences are all there are; those of a very long answer are only of its beginning."""

    def grounds(self, number: int) -> Grounds:
        return _Search(self.record, self.sentences[number], self.record.way_to(self.node)).grounds()


def answers_of(events: Iterable[RunEvent], flow: Flow, kinds: Registry, language: str = "en") -> list[Said]:
    """The answers of a run, each with its sentences."""
    told = list(events)
    record = Record(flow, kinds, tuple(story_of(told)), language)
    return [
        Said(answer.node, tuple(sentences_of(answer.text[:LONGEST])), record, len(answer.text) <= LONGEST)
        for answer in view_of(told).answers
    ]


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
        found = Grounds(
            self._passages(),
            tuple(self.record.decisions(self.way)),
            self._calls(),
            self._tellings(source),
            source,
            phrased=source is None or self.record.phrases(source.node),
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
        return [*self.way, *self.record.within(self.way)]

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

    # -- texts of the flow itself

    def _tellings(self, source: Step | None) -> tuple[Telling, ...]:
        found = [each for step in self.way if step != source for each in self._told_by(step)]
        models = list(dict.fromkeys(step.node for step in self.way if self.record.phrases(step.node)))
        found += [self._telling(node, self.record.own_words(node)) for node in models]
        found += [self._telling("", self.record.flow.instructions)] if models else []
        best = sorted(found, key=lambda telling: -telling.share)
        kept = {telling.node: telling for telling in reversed(best) if telling.share >= LEAST_TOLD}
        return tuple(sorted(kept.values(), key=lambda telling: -telling.share))[:MOST]

    def _told_by(self, step: Step) -> list[Telling]:
        """What a block added of its own; what it only passed on is another's."""
        kind = self.record.kind(step.node)
        if kind is None or kind.answers or kind.can_be_tool or self.record.phrases(step.node):
            return []
        came = self._telling(step.node, texts_of(step.inputs)).share
        told = [self._telling(step.node, texts_of({"": value})) for value in self.record.given(step).values()]
        return [telling for telling in told if telling.share > came]

    def _telling(self, node: str, text: str) -> Telling:
        shared = self.wanted.shared(text)
        marks = [(placed.start, placed.end) for placed in shared]
        return Telling(node, text, self.wanted.share(shared), merged(marks))

    # -- where it was put into words, and what to change

    def _source(self) -> Step | None:
        """The step nearest to the answer that gave the sentence without having been given it."""
        return next((step for step in self.way if self._begins_at(step)), None)

    def _begins_at(self, step: Step) -> bool:
        given = self.record.given(step)
        if passages_in(given):
            return False  # Who quotes a passage says it; the passage is told of by itself.
        came = {name: value for name, value in step.inputs.items() if name != "passages"}
        return self.wanted.stands_in(texts_of(given)) and not self.wanted.stands_in(texts_of(came))

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
        before = [name for name in self.record.live_sources(source.node) if self.record.own_words(name)]
        chosen = source.node if self.record.own_words(source.node) or not before else before[0]
        return Setting(chosen, self.record.tune(chosen))
