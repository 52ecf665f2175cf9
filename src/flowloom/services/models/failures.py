"""What went wrong with a model's server, put so that a person can act on it."""

from flowloom.errors import ModelError
from flowloom.services.models.bounds import Why, too_much_in
from flowloom.services.models.refusals import detail_of, is_about_pictures, most_pictures, status_of
from flowloom.services.models.settings import Provider
from flowloom.services.secrets import scrub

_LONGEST_DETAIL = 300
_UNREADABLE = frozenset(
    "JSONDecodeError APIResponseValidationError ValidationError UnicodeError RecursionError AttributeError "
    "TypeError LookupError LocalProtocolError DecodingError".split()
)
"""What libraries raise over answers of another shape than they expect."""
_QUOTA = ("quota", "billing", "balance", "credit", "insufficient", "余额", "欠费")


def explain(error: Exception, provider: Provider, model: str, key: str = "") -> ModelError:
    """The ModelError for whatever a vendor's library raised."""
    names = {kind.__name__ for kind in type(error).__mro__}
    if too_much := too_much_in(error):
        return _stopped(too_much.why, provider)
    status = status_of(error)
    detail = scrub(detail_of(error), [key])[:_LONGEST_DETAIL]
    told: dict[str, str] = {"provider": provider.label, "model": model, "detail": detail}
    if names & {"APITimeoutError", "TimeoutException", "TimeoutError", "ReadTimeout", "ConnectTimeout"}:
        return _slow(told)
    if 300 <= status < 400:
        return _moved(provider)
    if status:
        return _refused(status, detail, told)
    if names & {"ReadError", "RemoteProtocolError"} or "peer closed" in detail or "incomplete" in detail:
        return half_answer(provider)
    if names & {"APIConnectionError", "ConnectError", "ConnectionError", "NetworkError", "TransportError"}:
        return _unreachable(provider, error)
    if names & _UNREADABLE:
        return garbage(provider)
    return ModelError(
        "{provider} failed: {detail}", "Try again; if it stays so, choose another model in Settings.", **told
    )


def _refused(status: int, detail: str, told: dict[str, str]) -> ModelError:
    if status in (401, 403):
        return ModelError(
            "{provider} does not accept the key.",
            "Open Settings and paste it again; it may have expired, or lack the right to use {model}.",
            code="model.key",
            **told,
        )
    if status == 404:
        return ModelError(
            "{provider} knows no model “{model}”, or its address is wrong.",
            "Open Settings, press Test and choose one of the models it lists.",
            code="model.unknown",
            **told,
        )
    if status == 402 or (status == 429 and any(word in detail.lower() for word in _QUOTA)):
        return ModelError(
            "Your credit at {provider} is used up.",
            "Add credit on the website of {provider}, or choose another model in Settings.",
            code="model.quota",
            **told,
        )
    if status == 429:
        return ModelError(
            "{provider} gets too many requests at once.",
            "Wait a minute and try again, or give the block retries.",
            code="model.busy",
            **told,
        )
    if status >= 500 or status == 408:
        return ModelError(
            "{provider} has trouble of its own (error {status}).",
            "Try again in a few minutes, or choose another model in Settings.",
            code="model.down",
            status=status,
            **told,
        )
    return _bad_request(detail, told)


def _bad_request(detail: str, told: dict[str, str]) -> ModelError:
    lower = detail.lower()
    if "context" in lower and ("length" in lower or "window" in lower or "token" in lower):
        return ModelError(
            "The text is too long for the model {model}.",
            "Hand on fewer passages or less history, or choose a model with a larger window.",
            code="model.too_long",
            **told,
        )
    if "content" in lower and ("filter" in lower or "policy" in lower or "management" in lower):
        return filtered(told["provider"])
    return ModelError(
        "{provider} did not understand the request: {detail}",
        "Choose another model in Settings, or simplify what this block asks for.",
        code="model.request",
        **told,
    )


def _slow(told: dict[str, str]) -> ModelError:
    return ModelError(
        "{provider} did not answer in time.",
        "Try again, or choose a faster model in Settings.",
        code="model.slow",
        **told,
    )


def _unreachable(provider: Provider, error: Exception) -> ModelError:
    # A connection lost while the answer came is told apart by the cause the library keeps.
    cause = {kind.__name__ for link in (error.__cause__, error.__context__) for kind in type(link).__mro__}
    if cause & {"ReadError", "RemoteProtocolError"}:
        return half_answer(provider)
    return ModelError(
        "No connection to {provider} at {address}.",
        "Check that you are online, that its server runs, and its address in Settings.",
        code="model.unreachable",
        provider=provider.label,
        address=provider.base_url or "its usual address",
    )


def _stopped(why: Why, provider: Provider) -> ModelError:
    if why == "packed":
        return ModelError(
            "{provider} sent a packed answer though a plain one was asked for, so it was not opened.",
            "Check its address in Settings, or tell whoever runs that server.",
            code="model.garbage",
            provider=provider.label,
        )
    if why == "seconds":
        return ModelError(
            "{provider} took too long for its answer, so it was broken off.",
            "What arrived so far is not the whole answer. Try again, or choose a faster model in Settings.",
            code="model.endless",
            provider=provider.label,
        )
    return ModelError(
        "The answer of {provider} grew without end, so it was broken off.",
        "What arrived so far is not the whole answer. Try again, or choose another model in Settings.",
        code="model.endless",
        provider=provider.label,
    )


def took_too_long(provider: Provider) -> ModelError:
    return _stopped("seconds", provider)


def broken_off(error: Exception, provider: Provider, key: str = "") -> ModelError:
    """The ModelError for an answer of which the beginning has come."""
    told = explain(error, provider, "", key)
    if told.problem.code == "model.slow":
        return fell_silent(provider)
    return told if told.problem.code == "model.endless" or status_of(error) else half_answer(provider)


def _moved(provider: Provider) -> ModelError:
    return ModelError(
        "{provider} sends us on to another address, and your key is not taken there.",
        "If its server has moved, change the address in Settings.",
        code="model.moved",
        provider=provider.label,
    )


def fell_silent(provider: Provider) -> ModelError:
    return ModelError(
        "{provider} fell silent in the middle of its answer.",
        "What arrived so far is not the whole answer. Try again, or choose another model in Settings.",
        code="model.half",
        provider=provider.label,
    )


def half_answer(provider: Provider) -> ModelError:
    return ModelError(
        "The connection to {provider} broke off in the middle of the answer.",
        "Try again; what arrived so far is not the whole answer.",
        code="model.half",
        provider=provider.label,
    )


def garbage(provider: Provider) -> ModelError:
    return ModelError(
        "What answers at {address} does not speak like a model server.",
        "Check the address of {provider} in Settings; most end in /v1.",
        code="model.garbage",
        provider=provider.label,
        address=provider.base_url or provider.label,
    )


def empty(provider: Provider, model: str) -> ModelError:
    return ModelError(
        "{model} of {provider} gave an empty answer.",
        "Try again, or choose another model in Settings.",
        code="model.empty",
        provider=provider.label,
        model=model,
    )


def no_answer(provider: Provider, model: str, finish: str, *, thought: bool) -> ModelError:
    """Nothing has come that could be an answer; `finish` is why the server says it stopped."""
    if not thought:
        return cut_short(model) if finish == "length" else empty(provider, model)
    if finish == "length":
        return ModelError(
            "{model} reached its length limit while it was still thinking, so there is no answer.",
            "Ask for less at once, let it think less, or choose a model with a larger limit.",
            code="model.too_long",
            model=model,
        )
    return ModelError(
        "{model} of {provider} thought, but gave no answer.",
        "Try again, or choose another model in Settings.",
        code="model.empty",
        provider=provider.label,
        model=model,
    )


def cut_short(model: str) -> ModelError:
    return ModelError(
        "{model} reached its length limit before it could finish the answer.",
        "Ask for a shorter answer, or choose a model with a larger limit.",
        code="model.too_long",
        model=model,
    )


def filtered(provider: str) -> ModelError:
    return ModelError(
        "The content filter of {provider} stopped the answer.",
        "Put the question in other words.",
        code="model.filtered",
        provider=provider,
    )


def wrong_shape(model: str, reason: str) -> ModelError:
    return ModelError(
        "{model} did not fill in the form as asked ({reason}).",
        "Try again, describe the fields more clearly, or choose a stronger model.",
        code="model.shape",
        model=model,
        reason=reason[:_LONGEST_DETAIL],
    )


def wrong_arguments(model: str, tool: str) -> ModelError:
    return ModelError(
        "{model} called the tool “{tool}” with arguments that cannot be read.",
        "Try again, or choose a stronger model.",
        code="model.shape",
        model=model,
        tool=tool,
    )


def about_pictures(error: Exception, model: str) -> ModelError | None:
    """What is wrong where a server refused the pictures of a request, None where it is something else."""
    if not is_about_pictures(error):
        return None
    most = most_pictures(error)
    return blind(model) if most is None else too_many_pictures(model, most)


def too_many_pictures(model: str, most: int) -> ModelError:
    """`most` is how many it takes, 0 where that is not known."""
    if most:
        return ModelError(
            "{model} takes {most} picture(s) at a time, and was given more.",
            "Send fewer pictures with one message, or choose another model for this block.",
            code="model.pictures",
            model=model,
            most=most,
        )
    return ModelError(
        "{model} was given more pictures than it takes at a time.",
        "Send fewer pictures with one message, or choose another model for this block.",
        code="model.pictures",
        model=model,
    )


def blind(model: str) -> ModelError:
    return ModelError(
        "{model} cannot look at pictures.",
        "Choose a model for this block that can, such as gpt-4.1-mini.",
        code="model.blind",
        model=model,
    )


def no_key(provider: Provider) -> ModelError:
    return ModelError(
        "There is no key for {provider} yet.",
        "Open Settings and paste one, or choose the practice model, which needs none.",
        code="model.key",
        provider=provider.label,
    )
