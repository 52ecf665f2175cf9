"""The built canvas as files of our own server, so that a browser fetches them once and keeps them."""

from functools import cache
from hashlib import sha256
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

KINDS = {"canvas.js": "text/javascript; charset=utf-8", "canvas.css": "text/css; charset=utf-8"}
FOREVER = "public, max-age=31536000, immutable"


@cache
def read_asset(name: str) -> bytes:
    return (files("flowloom.ui.canvas") / "built" / name).read_bytes()


@cache
def asset_version() -> str:
    """Changes when the built canvas changes, so that no browser shows an old one."""
    return sha256(b"".join(read_asset(name) for name in KINDS)).hexdigest()[:12]


async def _asset(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in KINDS:
        return Response(status_code=404)
    # A page of another version may ask while the server is being updated: such an answer must not be kept.
    current = request.query_params.get("v") == asset_version()
    headers = {"Cache-Control": FOREVER if current else "no-cache", "X-Content-Type-Options": "nosniff"}
    return Response(read_asset(name), media_type=KINDS[name], headers=headers)


def asset_routes() -> list[Route]:
    """The routes `st.App` needs for the canvas to load."""
    return [Route("/canvas/{name}", _asset, methods=["GET"])]


def loader() -> str:
    """The few lines Streamlit carries to the page: they fetch the canvas and hand the component on."""
    return LOADER.replace("VERSION", asset_version())


LOADER = """
const at = (name) => new URL(`/canvas/${name}?v=VERSION`, window.location.origin).href;

function dress() {
  const known = document.querySelector("link[data-flowloom-canvas]");
  if (known?.href === at("canvas.css")) return known.ready;
  known?.remove();
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = at("canvas.css");
  link.dataset.flowloomCanvas = "";
  link.ready = new Promise((done) => (link.onload = link.onerror = done));
  document.head.append(link);
  return link.ready;
}

export default async function load(component) {
  const [canvas] = await Promise.all([import(at("canvas.js")), dress()]);
  return canvas.default({ ...component, data: component.data[0] });
}
"""
