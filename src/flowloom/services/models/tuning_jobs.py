"""Fine-tuning as OpenAI offers it, and whoever speaks the same: files, jobs, their events."""

import re
from collections.abc import Awaitable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from flowloom.errors import ModelError
from flowloom.services.models import failures
from flowloom.services.models.bounds import Bounds
from flowloom.services.models.openai_chat import open_client
from flowloom.services.models.refusals import detail_of, status_of
from flowloom.services.models.router import key_of
from flowloom.services.models.settings import Provider, ProviderKind
from flowloom.services.secrets import SecretStore

if TYPE_CHECKING:
    from openai import AsyncOpenAI

OFFERED: tuple[ProviderKind, ...] = ("openai", "azure", "compatible")
"""Kinds of providers that may offer it."""
TAG = "flowloom"
"""How a job is marked as ours, so that a restart finds it."""
PAGE, MOST_EVENTS = 100, 2_000
SECONDS = 60.0
LONGEST = 300
T = TypeVar("T")


class Job(NamedTuple):
    """A job as the provider tells it."""

    id: str
    status: str
    model: str = ""
    error: str = ""
    trained: int | None = None


class Event(NamedTuple):
    """One thing a job told; the losses are those of a step."""

    id: str
    said: str
    step: int | None = None
    loss: float | None = None
    held_out: float | None = None


class TuningJobs:
    """The jobs of one provider. Every method raises ModelError."""

    def __init__(self, provider: Provider, secrets: SecretStore, retries: int = 2) -> None:
        self._provider, self._secrets = provider, secrets
        self._key = key_of(provider, secrets)
        self._client: AsyncOpenAI = open_client(provider, self._key, Bounds.of(SECONDS), retries)

    async def aclose(self) -> None:
        await self._client.close()

    async def upload(self, name: str, data: bytes) -> str:
        """Send a file of examples; its id there."""
        file = await self._done(self._client.files.create(file=(name, data), purpose="fine-tune"))
        return str(file.id)

    async def begin(self, base: str, training: str, held_out: str, epochs: int, tag: str) -> Job:
        """Have a model tuned on files that were sent."""
        told: dict[str, Any] = {"validation_file": held_out} if held_out else {}
        amount = {"n_epochs": epochs}
        if self._provider.kind == "compatible":  # the older way, which more servers know
            told["hyperparameters"] = amount
        else:
            told["method"] = {"type": "supervised", "supervised": {"hyperparameters": amount}}
        asked = self._client.fine_tuning.jobs.create(
            model=base, training_file=training, metadata={TAG: tag}, **told
        )
        return _job(await self._done(asked, base))

    async def find(self, tag: str) -> Job | None:
        """The job that was begun with a tag, where the provider still has it."""
        page = await self._done(_first(self._client.fine_tuning.jobs.list(limit=PAGE, metadata={TAG: tag})))
        # A server that knows no tags lists all there are.
        return next((_job(each) for each in page.data or () if (each.metadata or {}).get(TAG) == tag), None)

    async def look(self, job: str) -> Job:
        return _job(await self._done(self._client.fine_tuning.jobs.retrieve(job)))

    async def cancel(self, job: str) -> Job:
        return _job(await self._done(self._client.fine_tuning.jobs.cancel(job)))

    async def events(self, job: str, known: str) -> list[Event]:
        """What a job told since an event that is known, the earliest first. A provider lists the latest first."""
        found: list[Event] = []
        page = await self._done(_first(self._client.fine_tuning.jobs.list_events(job, limit=PAGE)))
        while True:
            for each in page.data or ():
                if each.id == known or len(found) >= MOST_EVENTS:
                    return found[::-1]
                found.append(self._event(each))
            if not page.data or not page.has_next_page():
                return found[::-1]
            page = await self._done(page.get_next_page())

    def _event(self, told: Any) -> Event:
        data = told.data if isinstance(told.data, Mapping) else {}
        said = self._secrets.scrub(str(told.message or ""))[:LONGEST]
        step, loss = _number(data.get("step")), _number(data.get("train_loss"))
        if step is None and (
            found := re.search(r"[Ss]tep (\d{1,9})(?:/\d{1,9})?: training loss=(\d{1,9}\.?\d{0,9})", said)
        ):
            step, loss = float(found[1]), float(found[2])
        held_out = _number(data.get("full_valid_loss")) or _number(data.get("valid_loss"))
        return Event(str(told.id), said, None if step is None else int(step), loss, held_out)

    async def _done(self, asked: Awaitable[T], model: str = "") -> T:
        try:
            return await asked
        except ModelError:
            raise
        except Exception as error:  # told apart by what the library raised
            raise self._explained(error, model) from None

    def _explained(self, error: Exception, model: str) -> ModelError:
        status, detail = status_of(error), self._secrets.scrub(detail_of(error))[:LONGEST]
        if status in (404, 405):
            return ModelError(
                "{provider} has no fine-tuning at its address, or no longer has this job.",
                "Choose another provider, or check its address in Settings.",
                code="tuning.none",
                provider=self._provider.label,
            )
        if status in (400, 409, 422):
            return ModelError(
                "{provider} refused the fine-tuning: {detail}",
                "Change what it names, and start again.",
                code="tuning.refused",
                provider=self._provider.label,
                detail=detail,
            )
        return failures.explain(error, self._provider, model, self._key)


async def _first(paginator: Any) -> Any:
    return await paginator


def _job(told: Any) -> Job:
    error = getattr(told.error, "message", None) or ""
    trained = told.trained_tokens if isinstance(told.trained_tokens, int) else None
    return Job(
        str(told.id), str(told.status or ""), str(told.fine_tuned_model or ""), str(error)[:LONGEST], trained
    )


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
