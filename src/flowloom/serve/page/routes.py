"""The routes of the published page: who may use a GPT is asked first, then whose conversation it is."""

from collections.abc import Callable
from functools import partial

from starlette.routing import BaseRoute, Route

from flowloom.serve.page.chats import ChatRoutes
from flowloom.serve.page.refusals import Handler, answered
from flowloom.workspace import Workspace, workspace


def page_routes(
    find_workspace: Callable[[], Workspace] = workspace, page: ChatRoutes | None = None
) -> list[BaseRoute]:
    """All below `/gpt/`. No published name is “-”, so what belongs to no GPT is below that."""
    page = page or ChatRoutes(find_workspace)
    chat = "/gpt/{slug}/chats/{chat}"
    routes: list[tuple[str, str, Handler]] = [
        ("GET", "/gpt/-/{asset}", page.asset),
        ("GET", "/gpt/{slug}", page.document),
        ("GET", "/gpt/{slug}/icon", page.icon),
        ("GET", "/gpt/{slug}/icon.png", page.icon_png),
        ("GET", "/gpt/{slug}/manifest", page.manifest),
        ("GET", "/gpt/{slug}/copy", page.copy),
        ("POST", "/gpt/{slug}/visitor", page.visitor),
        ("GET", "/gpt/{slug}/chats", page.chats),
        ("POST", "/gpt/{slug}/chats", page.begin),
        ("DELETE", "/gpt/{slug}/chats", page.delete_all),
        ("GET", "/gpt/{slug}/mine/{form}", page.mine),
        ("GET", chat, page.chat),
        ("DELETE", chat, page.delete),
        ("GET", f"{chat}/as/{{form}}", page.told),
        ("POST", f"{chat}/sharing", page.share),
        ("DELETE", f"{chat}/sharing", page.stop_sharing),
        ("POST", f"{chat}/files", page.attach),
        ("GET", f"{chat}/files/{{file}}", page.file),
        ("DELETE", f"{chat}/files/{{file}}", page.detach),
        ("POST", f"{chat}/speech", page.hear),
        ("POST", f"{chat}/messages", page.say),
        ("POST", f"{chat}/again", page.again),
        ("GET", f"{chat}/live", page.live),
        ("POST", f"{chat}/stop", page.stop),
        ("POST", f"{chat}/answers/{{question}}", page.answer),
        ("POST", f"{chat}/ratings/{{run}}", page.rate),
    ]
    return [Route(path, partial(answered, call), methods=[method]) for method, path, call in routes]
