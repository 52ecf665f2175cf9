"""A loopback double of OpenAI’s files and fine-tuning jobs: its checks, its queue, its pages and its errors."""

import json
from dataclasses import dataclass, field
from typing import Any

from tests.openai_server import OpenAIServer, Request, _send

KEY = "sk-tuning-0123456789abcdef0123456789abcdef"
STAGES = ("validating_files", "queued", "running", "running", "succeeded")
TUNABLE = ("gpt-4.1-nano", "gpt-4.1-mini", "gpt-4o-mini", "small")
FEWEST = 10


@dataclass
class Kept:
    """One job: each look at it moves it on, unless it is `held`."""

    body: dict[str, Any]
    number: int
    at: int = 0
    status: str = STAGES[0]
    error: dict[str, Any] | None = None
    model: str | None = None
    events: list[dict[str, Any]] = field(default_factory=list)


class TuningServer(OpenAIServer):
    """`trouble` are the next answers to whatever is asked about tuning, as status and error; `held` keeps jobs as
    they are; `steps` is how many steps a training takes.
    """

    def __init__(self, steps: int = 6) -> None:
        super().__init__()
        self.files: dict[str, bytes] = {}
        self.jobs: dict[str, Kept] = {}
        self.trouble: list[tuple[int, dict[str, Any]]] = []
        self.held, self.steps = False, steps

    async def _answer(self, request: Request, writer: Any) -> bool:
        path, _, query = request.path.partition("?")
        if not any(part in path for part in ("/files", "/fine_tuning/")):
            return await super()._answer(request, writer)
        if request.headers.get("authorization") != f"Bearer {KEY}":
            error = {
                "message": f"Incorrect API key provided: {request.headers.get('authorization')}",
                "code": "invalid_api_key",
            }
            return await _send(writer, 401, {"error": error})
        if self.trouble:
            status, error = self.trouble.pop(0)
            return await _send(writer, status, {"error": error}, {"retry-after-ms": "1"})
        status, told = self._tell(request.method, path.partition("/v1")[2], request.body, _asked(query))
        return await _send(writer, status, told)

    def _tell(self, method: str, path: str, body: dict[str, Any], query: dict[str, str]) -> tuple[int, Any]:
        match method, path.strip("/").split("/"):
            case "POST", ["files"]:
                return self._file(body)
            case "POST", ["fine_tuning", "jobs"]:
                return self._begin(body)
            case "GET", ["fine_tuning", "jobs"]:
                return 200, {"object": "list", "data": [self._job(id) for id in self.jobs], "has_more": False}
            case "GET", ["fine_tuning", "jobs", id] if id in self.jobs:
                self._move(self.jobs[id])
                return 200, self._job(id)
            case "POST", ["fine_tuning", "jobs", id, "cancel"] if id in self.jobs:
                return self._cancel(id)
            case "GET", ["fine_tuning", "jobs", id, "events"] if id in self.jobs:
                return 200, self._told_events(id, query)
        return 404, {"error": {"message": f"no {path}", "code": "not_found"}}

    def _file(self, body: dict[str, Any]) -> tuple[int, Any]:
        if body.get("purpose") != "fine-tune":
            return 400, {"error": {"message": "Invalid purpose", "param": "purpose"}}
        id, file = f"file-{len(self.files)}", body["file"]
        self.files[id] = file["data"]
        told = {"id": id, "object": "file", "bytes": len(file["data"]), "created_at": 1, "filename": file["name"]}
        return 200, {**told, "purpose": "fine-tune", "status": "processed"}

    def _begin(self, body: dict[str, Any]) -> tuple[int, Any]:
        if body["model"] not in TUNABLE:
            said = f"Model {body['model']} is not available for fine-tuning or does not exist."
            return 400, {"error": {"message": said, "type": "invalid_request_error", "code": "model_not_available"}}
        for name in ("training_file", "validation_file"):
            if name in body and body[name] not in self.files:
                return 400, {"error": {"message": f"invalid {name}: {body[name]}", "param": name}}
        id = f"ftjob-{len(self.jobs)}"
        job = self.jobs[id] = Kept(body, len(self.jobs))
        self._say(job, f"Created fine-tuning job: {id}")
        return 200, self._job(id)

    def _move(self, job: Kept) -> None:
        if self.held or job.status in ("succeeded", "failed", "cancelled"):
            return
        if job.status == "validating_files" and (wrong := self._wrong(job)):
            job.status, job.error = (
                "failed",
                {"code": "invalid_training_file", "message": wrong, "param": "training_file"},
            )
            self._say(job, f"The job failed due to an invalid training file. {wrong}", level="error")
            return
        job.at = min(job.at + 1, len(STAGES) - 1)
        job.status = STAGES[job.at]
        if job.status == "running":
            for step in range((job.at - 2) * self.steps // 2 + 1, (job.at - 1) * self.steps // 2 + 1):
                data = {"step": step, "train_loss": 2 / step, "total_steps": self.steps}
                data |= {"valid_loss": 2.2 / step} if step % 2 == 0 else {}
                self._say(job, f"Step {step}/{self.steps}: training loss={2 / step:.2f}", data, "metrics")
        if job.status == "succeeded":
            job.model = f"ft:{job.body['model']}:org::{job.number}"
            self._say(job, "The job has successfully completed")

    def _wrong(self, job: Kept) -> str:
        count = len(self.files[job.body["training_file"]].splitlines())
        few = f"Training file has {count} example(s), but must have at least {FEWEST} examples."
        return few if count < FEWEST else ""

    def _cancel(self, id: str) -> tuple[int, Any]:
        job = self.jobs[id]
        if job.status in ("succeeded", "failed", "cancelled"):
            return 400, {"error": {"message": f"Job has already completed: {id}", "code": "invalid_request"}}
        job.status = "cancelled"
        self._say(job, "Fine-tuning job cancelled")
        return 200, self._job(id)

    def _say(self, job: Kept, said: str, data: Any = None, type: str = "message", level: str = "info") -> None:
        event = {
            "object": "fine_tuning.job.event",
            "id": f"ftevent-{job.number}-{len(job.events)}",
            "created_at": 1,
        }
        job.events.append({**event, "level": level, "message": said, "data": data or {}, "type": type})

    def _told_events(self, id: str, query: dict[str, str]) -> Any:
        """The latest first, three to a page, whatever is asked for."""
        latest = self.jobs[id].events[::-1]
        begin = next((at + 1 for at, each in enumerate(latest) if each["id"] == query.get("after")), 0)
        return {"object": "list", "data": latest[begin : begin + 3], "has_more": begin + 3 < len(latest)}

    def _job(self, id: str) -> dict[str, Any]:
        job = self.jobs[id]
        trained = 1234 if job.status == "succeeded" else None
        told = {"id": id, "object": "fine_tuning.job", "created_at": 1, "finished_at": None, "seed": 1}
        told |= {"model": job.body["model"], "organization_id": "org", "result_files": [], "hyperparameters": {}}
        told |= {"training_file": job.body["training_file"], "validation_file": job.body.get("validation_file")}
        told |= {"status": job.status, "error": job.error, "fine_tuned_model": job.model, "trained_tokens": trained}
        return {**told, "metadata": job.body.get("metadata")}


def _asked(query: str) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in query.split("&") if "=" in pair)


def as_lines(data: bytes) -> list[Any]:
    """The examples of a file that was sent."""
    return [json.loads(line) for line in data.splitlines()]
