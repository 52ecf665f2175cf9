"""The script Streamlit runs for every visit: which pages there are, and the one that is open."""

from pathlib import Path

import streamlit as st

from flowloom.ui.links import mind_links
from flowloom.ui.pages import build, home, inbox, knowledge, runs, settings
from flowloom.ui.recovery import draw_notices
from flowloom.ui.session import follow_wish, forget_replay, keep_pages, read_language, t

# Streamlit's own captions, and white on the light purple of the dark theme, are too pale to read.
# In a box of fixed height, Streamlit lets a text of several lines shrink to nothing.
# A paragraph runs as its first letter does, Arabic and Hebrew from the right; code always from the left.
# No text may stand alone in this script, as Streamlit would show it.
STYLE = """<style>
.stMainBlockContainer {padding-top: 4.5rem; max-width: 1280px;}
[data-testid="stCaptionContainer"] {opacity: 0.72;}
button[kind^="primary"]:not(:disabled) {background-color: #5850ec; border-color: #5850ec; color: #fff;}
button[kind^="primary"]:not(:disabled):hover {background-color: #473fd6; border-color: #473fd6;}
button[kind="tertiary"][aria-expanded="true"] {color: inherit;}
[data-testid="stPopoverButton"] p {text-align: start;}
[data-testid="stElementContainer"]:has(> .stTextArea) {flex-shrink: 0;}
.st-key-links {position: absolute;}
.stMarkdown :is(p, li, h1, h2, h3, h4, h5, h6, td, th), textarea, input[type="text"] {
  unicode-bidi: plaintext; text-align: start;}
.stMarkdown :is(code, pre, .katex) {direction: ltr; unicode-bidi: isolate;}
</style>"""

st.set_page_config(page_title="Flowloom", page_icon=str(Path(__file__).parent.with_name("icon.svg")), layout="wide")
read_language()
pages = {
    "home": st.Page(home.show, title=t("My GPTs"), icon=":material/apps:", default=True),
    "build": st.Page(build.show, title=t("Build"), icon=":material/account_tree:", url_path="build"),
    "knowledge": st.Page(
        knowledge.show, title=t("Knowledge"), icon=":material/library_books:", url_path="knowledge"
    ),
    "inbox": st.Page(inbox.show, title=inbox.title(), icon=":material/inbox:", url_path="inbox"),
    "runs": st.Page(runs.show, title=t("Runs"), icon=":material/timeline:", url_path="runs"),
    "settings": st.Page(settings.show, title=t("Settings"), icon=":material/tune:", url_path="settings"),
}
keep_pages(pages)
st.html(STYLE)
mind_links()
page = st.navigation(list(pages.values()), position="top")
follow_wish()
if page != pages["build"]:
    forget_replay()
draw_notices()
page.run()
