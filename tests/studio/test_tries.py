"""Prompts as small programs: steps, samples, budgets, stopping, another word, versions and figures."""

import asyncio
import time
from collections.abc import Callable

import pytest

from flowloom.errors import FlowloomError, ModelError, StoreError
from flowloom.flow.model import Flow
from flowloom.kinds.services import OnText
from flowloom.kinds.values import Candidate, ModelReply, ModelRequest, Token, Usage
from flowloom.services.models.settings import Price
from flowloom.store.prompts import Program, Sample, Step, TryPlan
from flowloom.studio.figures import figures
from flowloom.studio.forecast import forecast
from flowloom.studio.tries import STOPPED, Studio, inputs_of
from flowloom.workspace import Workspace
from tests.evaluation.trying import ECHO
from tests.ui.conftest import home as home

TOKENS = (Token(raw=b"4".hex(), logprob=-0.1, others=(Candidate(raw=b"5".hex(), logprob=-2.0),)),)


class Telling:
    """Fulfils `Models`: tells tokens, costs money, fails or hangs as it is told."""

    def __init__(self, say: Callable[[str, int], str] = lambda asked, number: "4") -> None:
        self.say, self.requests, self.hang = say, list[ModelRequest](), False
        self.fails: Callable[[int], bool] = lambda number: False

    async def reply(self, request: ModelRequest, on_text: OnText) -> ModelReply:
        self.requests.append(request)
        number = len(self.requests)
        if self.hang:
            await asyncio.sleep(3600)
        if self.fails(number):
            raise ModelError("The model is down.", "Try again.", code="model.down")
        said = self.say(request.messages[-1].text, number)
        usage = Usage(model="m", input_tokens=5, output_tokens=1, cost=0.01)
        return ModelReply(text=said, usage=usage, tokens=TOKENS)


@pytest.fixture
def models() -> Telling:
    return Telling()


@pytest.fixture
def studio(home: Workspace, models: Telling) -> Studio:
    return Studio(home.studio.store, home.runner, home.leases, lambda flow: models)


@pytest.fixture
def flow(home: Workspace) -> Flow:
    return home.flows.create(ECHO)


def asked(studio: Studio, flow: Flow, *steps: Step, plan: TryPlan | None = None) -> tuple[str, str]:
    prompt = studio.store.create(flow.id, "Mine", Program(steps=steps))
    return prompt, ended(studio, studio.ask(prompt, 1, plan or TryPlan(), "Ada"))


def ended(studio: Studio, id: str) -> str:
    end = time.monotonic() + 20
    while studio.is_going(id):
        assert time.monotonic() < end
        time.sleep(0.002)
    return id


def test_samples_are_asked_side_by_side_and_one_is_taken(studio: Studio, flow: Flow, models: Telling) -> None:
    models.say = lambda asked, number: f"Answer: {4 if number > 1 else 5}"
    prompt, id = asked(
        studio, flow, Step(text="2 + {{n}}?", samples=3, take="vote"), plan=TryPlan(inputs={"n": "2"})
    )
    found = studio.store.samples(id)
    assert [(each.text, each.taken, each.because) for each in found] == [
        ("Answer: 5", False, ""),
        ("Answer: 4", True, "2/3"),
        ("Answer: 4", False, ""),
    ]
    assert {each.tokens for each in found} == {TOKENS}
    assert [each.messages[-1].text for each in models.requests] == ["2 + 2?"] * 3
    (kept,) = studio.store.tries(prompt)
    assert (kept.going, kept.problem, kept.who) == (False, None, "Ada")


def test_a_step_takes_up_the_answer_of_the_one_before(studio: Studio, flow: Flow, models: Telling) -> None:
    models.say = lambda asked, number: asked.upper()
    steps = (Step(name="idea", text="dog"), Step(name="poem", text="About {{idea}}", system="Rhyme on {{idea}}"))
    assert inputs_of(Program(steps=steps)) == ()
    _, id = asked(studio, flow, *steps)
    assert [each.text for each in studio.store.samples(id)] == ["DOG", "ABOUT DOG"]
    assert models.requests[1].messages[0].text == "Rhyme on DOG"


def test_one_that_fails_costs_the_others_nothing(studio: Studio, flow: Flow, models: Telling) -> None:
    models.fails = lambda number: number == 2
    _, id = asked(studio, flow, Step(text="?", samples=3))
    assert [bool(each.problem) for each in studio.store.samples(id)] == [False, True, False]


def test_where_all_fail_why_is_said(studio: Studio, flow: Flow, models: Telling) -> None:
    models.fails = lambda number: True
    prompt, _ = asked(studio, flow, Step(text="?", samples=2), Step(name="b", text="{{answer}}"))
    (kept,) = studio.store.tries(prompt)
    assert kept.problem
    assert kept.problem.code == "model.down"
    assert len(models.requests) == 2


def test_a_budget_ends_it_and_what_was_paid_is_kept(studio: Studio, flow: Flow) -> None:
    plan = TryPlan(budget=0.035, at_once=2)
    prompt, id = asked(studio, flow, Step(text="?", samples=9), plan=plan)
    (kept,) = studio.store.tries(prompt)
    assert kept.problem
    assert kept.problem.code == "studio.budget"
    assert 3 <= len(studio.store.samples(id)) <= 4


def test_it_is_stopped(studio: Studio, flow: Flow, models: Telling) -> None:
    models.hang = True
    prompt = studio.store.create(flow.id, "Mine", Program(steps=(Step(text="?", samples=5),)))
    id = studio.ask(prompt, 1, TryPlan(at_once=2))
    assert studio.is_going(id)
    studio.stop(id)
    ended(studio, id)
    (kept,) = studio.store.tries(prompt)
    assert kept.problem
    assert kept.problem.code == "studio.stopped"
    assert len(models.requests) <= 2


def test_a_person_goes_on_from_another_word(studio: Studio, flow: Flow, models: Telling) -> None:
    prompt, id = asked(studio, flow, Step(text="?"))
    (first,) = studio.store.samples(id)
    studio.go_on(prompt, id, first, "5")
    ended(studio, id)
    _, more = studio.store.samples(id)
    assert (more.number, more.begun, more.whole) == (2, "5", "54")
    assert [each.begun for each in models.requests] == ["", "5"]


STEPS = (Step(name="idea", text="dog", samples=3, take="vote"), Step(name="poem", text="About {{idea}}", samples=2))


def left_half_done(studio: Studio, flow: Flow) -> str:
    """A try of which one answer of the first step came before its process ended."""
    prompt = studio.store.create(flow.id, "Mine", Program(steps=STEPS))
    id = studio.store.begin(prompt, 1, TryPlan())
    studio.store.keep(id, Sample(0, 2, "hound", cost=0.01))
    return id


def test_what_a_process_left_half_done_goes_on_and_nothing_is_asked_twice(
    studio: Studio, flow: Flow, models: Telling
) -> None:
    id = left_half_done(studio, flow)
    studio.take_up()
    ended(studio, id)
    assert [each.messages[-1].text for each in models.requests] == ["dog"] * 2 + ["About 4"] * 2
    assert [each.text for each in studio.store.samples(id)] == ["4", "hound", "4", "4", "4"]
    found = studio.store.tried(id)
    assert (found.going, found.problem) == (False, None)
    studio.take_up()
    assert not studio.is_going(id), "it has ended"


def test_what_was_stopped_or_failed_goes_on_when_a_person_says_so(
    studio: Studio, flow: Flow, models: Telling
) -> None:
    models.fails = lambda number: number > 1
    _, id = asked(studio, flow, Step(text="?", samples=2), Step(name="b", text="{{answer}}"))
    assert studio.store.tried(id).problem
    studio.take_up()
    assert len(models.requests) == 3, "by itself nothing is asked again"
    models.fails = lambda number: False
    studio.resume(id)
    ended(studio, id)
    assert [bool(each.problem) for each in studio.store.samples(id)] == [False, False, False]
    assert len(models.requests) == 5, "the answer that was there is kept"
    assert studio.store.tried(id).problem is None


def test_it_is_stopped_from_another_process(studio: Studio, flow: Flow, models: Telling) -> None:
    models.hang = True
    prompt = studio.store.create(flow.id, "Mine", Program(steps=(Step(text="?", samples=5),)))
    id = studio.ask(prompt, 1, TryPlan(at_once=2))
    studio.store.end(id, STOPPED)  # which is all that another process can do
    ended(studio, id)
    assert studio.store.tried(id).problem == STOPPED


LACKING = {
    "no text": (Step(text=" "), {}, "has no prompt"),
    "no value": (Step(text="{{topic}}"), {}, "“topic”, which has no value"),
    "a later step": (Step(text="{{b}}"), {}, "“b”, which has no value"),
}


@pytest.mark.parametrize(("step", "inputs", "words"), LACKING.values(), ids=LACKING)
def test_what_is_missing_is_said_first(
    studio: Studio, flow: Flow, models: Telling, step: Step, inputs: dict[str, str], words: str
) -> None:
    prompt = studio.store.create(flow.id, "Mine", Program(steps=(step, Step(name="b", text="?"))))
    with pytest.raises(FlowloomError, match=words):
        studio.ask(prompt, 1, TryPlan(inputs=inputs))
    assert not models.requests
    assert not studio.store.tries(prompt)


def test_versions_are_kept_once_they_were_asked(studio: Studio, flow: Flow) -> None:
    store = studio.store
    prompt = store.create(flow.id, "Mine", Program())
    assert store.add_version(prompt, Program(steps=(Step(text="a"),)), "Ada") == 1  # nobody asked the empty one
    ended(studio, studio.ask(prompt, 1, TryPlan()))
    assert store.add_version(prompt, Program(steps=(Step(text="a"),))) == 1
    assert store.add_version(prompt, Program(steps=(Step(text="b"),)), "Bo") == 2
    ended(studio, studio.ask(prompt, 2, TryPlan()))
    assert [(each.number, each.who) for each in store.versions(prompt)] == [(2, "Bo"), (1, "Ada")]
    later, first = figures(store.facts(prompt))
    assert (later.number, first.number, first.tries, first.answers, first.failed) == (2, 1, 1, 1, 0)
    assert (first.cost, first.written) == (0.01, 1)
    assert first.sureness
    assert first.sureness.mean == pytest.approx(-0.1)


def test_a_prompt_goes_with_its_gpt(studio: Studio, flow: Flow) -> None:
    prompt, id = asked(studio, flow, Step(text="?"))
    studio.store.delete_of(flow.id)
    with pytest.raises(StoreError, match="no longer exists"):
        studio.store.get(prompt)
    studio.store.keep(id, Sample(0, 9, "late"))
    assert not studio.store.samples(id)


def test_what_it_costs_is_told_before(home: Workspace) -> None:
    settings = home.models.settings.model_copy(update={"prices": {"practice": Price(input=1000, output=2000)}})
    steps = (
        Step(name="a", text="x" * 40, samples=3, most_tokens=100),
        Step(name="b", text="{{a}}{{n}}", samples=2, take="judge", most_tokens=50),
    )
    found = forecast(Program(steps=steps), TryPlan(inputs={"n": "你好"}), settings)
    read = (100 + 2 + -(-len("{{a}}{{n}}") // 4)) * 3 + 100
    assert (found.calls, found.read, found.written) == (6, 30 + read, 300 + 110)
    assert found.cost == pytest.approx((found.read * 1000 + found.written * 2000) / 1e6)
    unknown = Program(steps=(Step(text="x", model="nobody/knows"),))
    assert forecast(unknown, TryPlan(), settings).cost is None
