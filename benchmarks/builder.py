"""`python -m benchmarks.builder [--show] [--home FOLDER] [--local FILE]`: what comes of 45 requests to the builder.

`--requests N` takes a sample of them, spread over languages and over seen and held back ones. A model has
`--seconds` for each message, its repairs included, and as many for the GPT's answer; one of this computer writes at
most `--tokens` each time. What takes longer counts as a failure. With a model each request is printed as it ends,
and the figures also where it is interrupted.

Each of 15 requests in each of three languages is what somebody says to the builder, one to three messages, and one
message to the GPT that came of it, from `benchmarks/messages/builder.toml`. A request is told

1. clean at once, if each proposal could be applied as it came;
2. clean after repair, if each could after at most three tries;
3. sensible, if the GPT has what was asked for (`has`, `about`) and the run of the message ends with an answer that
   is not empty and, where one is given, fits the pattern `answer`.

The practice builder answers by rules. The scripted model proposes the same, but every third of its first proposals
joins what does not fit, as models do, so that sending it back is measured. With `--home`, the default model of that
data folder builds; with `--local`, the one of this GGUF file on this computer (`flowloom[local]`) and nothing else.
A third of the requests was written after the rules and stands in no prompt; it is told apart.
"""

import argparse
import asyncio
import re
import signal
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from flowloom.builder.applying import edits_of
from flowloom.builder.practice import answer
from flowloom.builder.proposals import read_steps
from flowloom.builder.talking import Reply, propose
from flowloom.configuration.backbone import with_edits
from flowloom.errors import FlowloomError
from flowloom.flow.model import Budget, Flow
from flowloom.kinds.services import Models
from flowloom.kinds.values import Message, ModelReply, ModelRequest
from flowloom.services.models.local.servers import SERVERS
from flowloom.services.models.settings import LOCAL, ModelSettings, Provider
from flowloom.workspace import Workspace, open_workspace

LANGUAGES = ("en", "fr", "zh")
REQUESTS = Path(__file__).parent / "messages" / "builder.toml"
UNFIT = {"op": "connect", "from": "nobody.answer", "to": "nowhere.text"}


class Told(NamedTuple):
    """One request, what came of it, and how many edits that took."""

    case: dict[str, Any]
    at_once: bool
    repaired: bool
    fault: str
    edits: int
    seconds: float = 0.0


class Scripted:
    """Proposes what the rules would; every third first proposal has a step that does not fit."""

    def __init__(self) -> None:
        self.count, self.steps = 0, list[dict[str, Any]]()

    async def reply(self, request: ModelRequest, on_text: Any) -> ModelReply:
        mended = "can't be applied" in request.messages[-1].text
        self.count += not mended
        unfit = [UNFIT] if self.count % 3 == 0 and not mended else []
        return ModelReply(text="", fields={"say": "", "steps": [*self.steps, *unfit], "try": []})


class Counted:
    """A model, and how often it was asked."""

    def __init__(self, models: Models | Scripted) -> None:
        self._models, self.asked = models, 0

    async def reply(self, request: ModelRequest, on_text: Any) -> ModelReply:
        self.asked += 1
        return await self._models.reply(request, on_text)


class Given(NamedTuple):
    """How much is asked, and what a model may take for it; None is no limit."""

    requests: int | None = None
    seconds: float | None = None
    show: bool = False


def main() -> None:
    parsed = argparse.ArgumentParser()
    parsed.add_argument("--show", action="store_true", help="print every request that fails")
    parsed.add_argument("--home", type=Path, help="a data folder whose default model builds")
    parsed.add_argument("--local", type=Path, help="a GGUF file whose model builds")
    parsed.add_argument("--requests", type=int, help="how many of the 45 requests")
    parsed.add_argument("--seconds", type=float, default=60.0, help="for each message of a request, with a model")
    parsed.add_argument("--tokens", type=int, default=512, help="of one answer of a model on this computer")
    wish = parsed.parse_args()
    given = Given(wish.requests, wish.seconds, wish.show)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        if wish.local:
            _by_local_model(wish.local, given, wish.tokens)
            return
        with tempfile.TemporaryDirectory() as folder, closing(open_workspace(Path(folder))) as home:
            _show("The practice builder", home, None, given._replace(seconds=None))
            _show("A scripted model", home, Scripted(), given._replace(seconds=None))
        if wish.home:
            with closing(open_workspace(wish.home)) as home:
                _show(f"The default model of {wish.home.name}", home, home.models, given)


def _by_local_model(file: Path, given: Given, tokens: int) -> None:
    SERVERS.longest = tokens
    try:
        with tempfile.TemporaryDirectory() as folder, closing(open_workspace(Path(folder))) as home:
            home.models_changed(_played_by(home.models.settings, file))
            _show(f"{file.stem} on this computer", home, home.models, given)
    finally:
        SERVERS.close()


def _show(title: str, home: Workspace, models: "Models | Scripted | None", given: Given) -> None:
    """Print the figures of all that was told, also where somebody interrupts it."""
    told = list[Told]()
    try:
        for each in tell(home, models, given):
            told.append(each)
            if given.seconds is not None:
                _print_one(each, len(told), given.requests or 45)
    finally:
        if told:
            _print(title, told, show=given.show)


def _played_by(settings: ModelSettings, file: Path) -> ModelSettings:
    """The settings with the model of this file in every role."""
    model = file.stem
    local = Provider(id=LOCAL, kind="local", name="On this computer", models=(model,), paths={model: str(file)})
    return settings.with_provider(local).played_by(f"{LOCAL}/{model}")


def tell(home: Workspace, models: Models | Scripted | None, given: Given) -> Iterator[Told]:
    """What comes of the requests, one after the other; None is the practice builder."""
    for case, language in islice(_in_turn(tomllib.loads(REQUESTS.read_text("utf-8"))), given.requests):
        began = time.monotonic()
        yield _told(home, case, language, models, given.seconds)._replace(seconds=time.monotonic() - began)


def _in_turn(requests: dict[str, list[dict[str, Any]]]) -> Iterator[tuple[dict[str, Any], str]]:
    """Every request with its language, so that any beginning holds of each: two seen ones, then one held back."""
    seen, held = (
        [[(case, name) for case in requests[name] if bool(case.get("held")) is is_held] for name in LANGUAGES]
        for is_held in (False, True)
    )
    seen_rounds, held_rounds = (list(zip(*side, strict=True)) for side in (seen, held))
    for number, three in enumerate(held_rounds):
        yield from (*seen_rounds[2 * number], *seen_rounds[2 * number + 1], *three)


def _told(
    home: Workspace, case: dict[str, Any], language: str, models: Models | Scripted | None, seconds: float | None
) -> Told:
    flow, edits, tries = Flow.model_validate({"name": "New GPT", "language": language}), 0, list[int]()
    for number, said in enumerate(case["say"]):
        try:
            made, asked = _made(flow, case["say"][: number + 1], said, language, models, seconds)
        except FlowloomError as error:
            return Told(case, False, False, f"{said}: {error}", edits)
        except TimeoutError:
            return Told(case, False, False, f"{said}: nothing within {seconds:.0f} s", edits)
        flow, edits, tries = with_edits(flow, made), edits + len(made), [*tries, asked]
    return Told(case, max(tries) == 1, True, _fault(home, flow, case, language, seconds), edits)


def _made(
    flow: Flow,
    so_far: Sequence[str],
    said: str,
    language: str,
    models: Models | Scripted | None,
    seconds: float | None,
) -> tuple[list[Any], int]:
    """The edits of one message, and how often the model was asked for them."""
    if models is None or isinstance(models, Scripted):
        steps = answer(flow, said, language).steps
        if models is None:
            return edits_of(flow, read_steps(steps)), 1
        models.steps = steps
    counted = Counted(models)
    heard = [Message(role="user", text=text) for text in so_far]

    async def proposed() -> Reply:
        async with asyncio.timeout(seconds):
            return await propose(counted, flow, heard)

    return asyncio.run(proposed()).edits, counted.asked


def _fault(home: Workspace, flow: Flow, case: dict[str, Any], language: str, seconds: float | None) -> str:
    """Why what came of it is not what was asked for, "" where it is."""
    kinds = {node.kind for node in flow.nodes}
    if missing := [kind for kind in case.get("has", ()) if kind not in kinds]:
        return f"without {', '.join(missing)}"
    if case["about"] not in f"{flow.name} {' '.join(flow.starters)} {flow.instructions}":
        return f"not about {case['about']}"
    kept = home.flows.create(flow.model_copy(update={"budget": Budget(seconds=seconds)}) if seconds else flow)
    run = home.runner.start(kept, case["ask"], home.runs.new_conversation(kept.id), language=language)
    view = home.runner.finished(run)
    if view.state != "finished" or not view.text.strip():
        return f"no answer: {view.state} {view.problem or ''}"
    return "" if re.search(case.get("answer", ""), view.text) else f"answered: {view.text[:80]}"


def _print_one(told: Told, number: int, of: int) -> None:
    how = "clean at once" if told.at_once else "clean after repair" if told.repaired else "not clean"
    what = told.fault or "sensible"
    print(f"{number} of {of}, {told.seconds:.0f} s: {how}, {what[:160]}", flush=True)


def _print(title: str, told: Sequence[Told], *, show: bool) -> None:
    print(f"\n{title}\n\n| requests | clean at once | after repair | sensible | edits each |")
    print("|---|---:|---:|---:|---:|")
    for name, held in (("seen", False), ("held back", True)):
        some = [each for each in told if bool(each.case.get("held")) is held]
        if not some:
            continue
        shares = [
            sum(map(bool, column)) / len(some)
            for column in zip(*((each.at_once, each.repaired, not each.fault) for each in some), strict=True)
        ]
        edits = sum(each.edits for each in some) / len(some)
        print(f"| {name} ({len(some)}) | " + " | ".join(f"{share:.0%}" for share in shares) + f" | {edits:.1f} |")
    for each in told:
        if show and each.fault:
            print(f"- {each.case['say']}: {each.fault}")


if __name__ == "__main__":
    main()
