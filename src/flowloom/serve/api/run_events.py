"""What happens in a run, as server-sent events that can be taken up where a program left."""

from collections.abc import AsyncGenerator

from flowloom.run.events import ENDS, NodeAnswered, NodeAsked, RunEvent, RunStarted
from flowloom.serve.api.following import Heard
from flowloom.serve.api.gate import Call, Json
from flowloom.serve.api.results import question_facts
from flowloom.serve.api.run_facts import run_facts
from flowloom.serve.api.streams import event
from flowloom.serve.plain_page import browser_language
from flowloom.store.api_runs import ApiRun
from flowloom.store.questions import Asked

PING = 15.0
"""Seconds after which a silent stream says that it is still there."""
STILL_HERE = ": still here\n\n"


async def run_events(call: Call, run: ApiRun, model: str, after: int) -> AsyncGenerator[str, None]:
    """The events after the one of this number; text is told anew from its beginning, with where it starts."""
    language = browser_language(call.request)
    follower, start = call.api.feed.follow(run.run), 0
    try:
        await call.api.in_thread(follower.begin)
        heard = Heard("", over=False, marked=True)
        while True:
            if heard.marked or heard.over:
                for each in await call.api.in_thread(_since, call, run, after):
                    after = each.seq
                    if told := _told(each, language):
                        yield event(told[1], told[0], str(after))
            if heard.text:
                yield event({"start": start, "text": heard.text}, "text")
                start += len(heard.text)
            if heard.over:
                break
            if not heard.text and not heard.marked:
                yield STILL_HERE
            heard = await follower.more(PING, through_pauses=True)
    finally:
        follower.close()
    facts = await call.api.in_thread(run_facts, call, run, model)
    yield event(facts, facts["status"], str(after + 1))


def _since(call: Call, run: ApiRun, after: int) -> list[RunEvent]:
    """What is in the log after the event of this number; the end is told with how the run stands then."""
    events = call.home.runs.events(run.run)
    return [each for each in events if each.seq > after and not isinstance(each, ENDS)]


def _told(found: RunEvent, language: str) -> tuple[str, Json] | None:
    """What a program is told of an event: nothing of how the GPT works."""
    match found:
        case RunStarted():
            return "started", {"at": found.at}
        case NodeAsked():
            open_now = Asked(found.id, found.run_id, "", "", found.node, found.at, found.question, None)
            return "waiting", {} if found.question.to_owner else question_facts(open_now, language)
        case NodeAnswered():
            return "answered", {"question": found.id}
    return None
