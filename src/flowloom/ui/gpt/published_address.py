"""Where a published GPT is reached: its address, the code to scan, and what a website pastes."""

import io
from html import escape
from urllib.parse import quote, urlsplit

import streamlit as st

from flowloom.serve.host_names import LOCAL, split_host
from flowloom.store.publications import Publication
from flowloom.ui.session import t


def own_address(slug: str, below: str = "gpt") -> str:
    """The whole address under which this visit reaches what is published."""
    return f"{_origin()}/{below}/{quote(slug)}"


def _origin() -> str:
    here = urlsplit(st.context.url or "http://localhost:8501")
    return f"{here.scheme}://{here.netloc}"


def _is_local() -> bool:
    return split_host(urlsplit(_origin()).netloc)[0] in LOCAL


def draw_address(address: str) -> None:
    st.code(address, language=None, wrap_lines=True)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.link_button(t("Open"), address, icon=":material/open_in_new:")
        st.image(_code(address), width=150)
    if _is_local():
        st.info(
            t(
                "This address works on this computer only. To let others in, put Flowloom behind a web server of "
                "your own and start it with “--host NAME”; the address then begins with that name."
            ),
            icon=":material/lan:",
        )


def _code(address: str) -> bytes:
    """A QR code as a PNG, black on white also where the page is dark."""
    import segno

    out = io.BytesIO()
    segno.make(address, micro=False).save(out, kind="png", scale=5, border=3)
    return out.getvalue()


def draw_embedding(publication: Publication) -> None:
    st.markdown(t("Paste this line where the chat should be offered, such as before `</body>`."))
    loader, slug = f"{_origin()}/embed/loader.js", escape(publication.slug)
    st.code(f'<script src="{loader}" data-gpt="{slug}" defer></script>', language="html", wrap_lines=True)
    st.markdown(t("Or inside the page, at this place:"))
    inline = f'<script src="{loader}" data-gpt="{slug}" data-mode="inline" defer></script>'
    st.code(inline, language="html", wrap_lines=True)
    if publication.terms.origins:
        st.caption(t("It works on: {sites}", sites=", ".join(publication.terms.origins)))
    else:
        st.warning(
            t("No website may show it yet. Name yours under “Who and what”."),
            icon=":material/public_off:",
        )
