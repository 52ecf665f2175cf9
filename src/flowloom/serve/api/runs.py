"""`/v1/runs`: what takes long is started, followed, answered, stopped and fetched, also after a restart."""

from starlette.responses import JSONResponse, Response

from flowloom.errors import FlowloomError, Problem
from flowloom.publishing import Published
from flowloom.serve.api.asking import begin, wish_of
from flowloom.serve.api.conversations import conversation_of
from flowloom.serve.api.errors import ApiError
from flowloom.serve.api.gate import Call, Json
from flowloom.serve.api.messages import Asked, Said, read_messages, wrong
from flowloom.serve.api.replies import reply_of
from flowloom.serve.api.responses import find_run
from flowloom.serve.api.results import open_questions
from flowloom.serve.api.run_events import run_events
from flowloom.serve.api.run_facts import run_facts
from flowloom.serve.api.streams import EventStream
from flowloom.store.api_runs import ApiRun


async def start_run(call: Call) -> Response:
    """Begin, and say at once under which id it runs."""
    body = await call.json()
    published = await call.api.in_thread(call.published, body.get("model"), "runs")
    run = await call.api.in_thread(_begin, call, published, body)
    facts = await call.api.in_thread(run_facts, call, run, published.publication.slug)
    return JSONResponse(facts, 202, {"Location": f"/v1/runs/{run.run}", "Cache-Control": "no-store"})


def _begin(call: Call, published: Published, body: Json) -> ApiRun:
    said = body.get("message")
    if said is not None and (not isinstance(said, str) or not said.strip()):
        raise wrong(NO_MESSAGE, "message")
    asked = Asked(Said("user", said)) if said else read_messages(body.get("messages"))
    conversation = conversation_of(call, published, body.get("conversation"), "conversation")
    wish = wish_of(call, body, conversation=conversation, lasting=True, background=True)
    return begin(call, published, asked, wish)


async def get_run(call: Call) -> Response:
    """How it stands, with the answer where there is one."""
    return JSONResponse(await call.api.in_thread(_facts, call), headers={"Cache-Control": "no-store"})


async def cancel_run(call: Call) -> Response:
    """Stop it."""
    run, model = await call.api.in_thread(find_run, call, call.request.path_params["run"])
    await call.api.in_thread(call.home.runner.cancel, run.run)
    follower = call.api.feed.follow(run.run)
    try:
        follower.begin()
        await follower.more(5.0)
    finally:
        follower.close()
    return JSONResponse(await call.api.in_thread(run_facts, call, run, model))


async def resume_run(call: Call) -> Response:
    """Let it go on where Flowloom ended in the middle of something that may have been done already."""
    run, model = await call.api.in_thread(find_run, call, call.request.path_params["run"])
    await call.api.in_thread(call.home.runner.resume, run.run)
    return JSONResponse(await call.api.in_thread(run_facts, call, run, model), 202)


async def answer_run(call: Call) -> Response:
    """Answer what it asks; the first answer counts."""
    body = await call.json()
    run, model = await call.api.in_thread(find_run, call, call.request.path_params["run"])
    await call.api.in_thread(_answer, call, run, body)
    return JSONResponse(await call.api.in_thread(run_facts, call, run, model), 202)


def _answer(call: Call, run: ApiRun, body: Json) -> None:
    wanted = body.get("question")
    found = open_questions(call.home, run.run, run.conversation)
    asked = [each for each in found if wanted in (None, each.id)]
    if not asked:
        raise ApiError.of(409, NOT_ASKED, "question")
    if len(asked) > 1:
        raise ApiError.of(400, WHICH_QUESTION, "question")
    try:
        call.home.inbox.answer(asked[0].id, reply_of(asked[0].question, body))
    except FlowloomError as error:
        if error.problem.code.startswith("question"):
            raise ApiError.of(409, error.problem, "question") from None
        raise


async def get_run_file(call: Call) -> Response:
    """A file that it made, as something to save."""
    run, _ = await call.api.in_thread(find_run, call, call.request.path_params["run"])
    id = call.request.path_params["file"]
    files = await call.api.in_thread(call.home.runs.files_of, run.run, run.conversation)
    if id not in [file.id for file in files]:
        raise ApiError.of(404, NO_FILE)
    data = await call.api.in_thread(call.home.runs.bytes_of, run.conversation, id)
    headers = {"Content-Disposition": "attachment", "Cache-Control": "no-store"}
    return Response(data, media_type="application/octet-stream", headers=headers)


async def follow_run(call: Call) -> Response:
    """What happens in it, from its beginning or from where the caller left."""
    run, model = await call.api.in_thread(find_run, call, call.request.path_params["run"])
    last = call.request.headers.get("last-event-id", "")
    after = int(last) if last.isdecimal() and len(last) < 12 else -1
    return EventStream(run_events(call, run, model, after), grace=0.0)


def _facts(call: Call) -> Json:
    run, model = find_run(call, call.request.path_params["run"])
    return run_facts(call, run, model)


NO_MESSAGE = Problem.of("api.empty", "“{place}” is empty.", "Write a text, or attach a file.")
NOT_ASKED = Problem.of(
    "api.question.none", "This run asks nothing at the moment.", "Fetch the run to see how it stands."
)
WHICH_QUESTION = Problem.of(
    "api.question.which", "This run asks several things.", "Say which with “question”, by its id."
)
NO_FILE = Problem.of("api.file.none", "This run made no such file.", "Fetch the run to see its files.")
