"""The script Streamlit runs for every visit: which pages there are, and the one that is open."""

from pathlib import Path

import streamlit as st

from flowloom import garbage
from flowloom.ui import early_imports

# Another thread may be at these, and two that import the same at once can meet what is half there.
early_imports.wait()

from flowloom.ui.acting import forget_another, me  # noqa: E402
from flowloom.ui.chat.links import mind_links  # noqa: E402
from flowloom.ui.pages import build, evaluate, home, inbox, knowledge, runs, settings, store, studio, tuning, you  # noqa: E402
from flowloom.ui.presses import mind_presses  # noqa: E402
from flowloom.ui.session import follow_wish, forget_replay, keep_pages, read_language, t  # noqa: E402
from flowloom.ui.settings.backups import draw_notices  # noqa: E402
from flowloom.ui.uploader_words import uploader_words  # noqa: E402

# Streamlit's own captions, and white on the light purple of the dark theme, are too pale to read.
# In a box of fixed height, Streamlit lets a text of several lines shrink to nothing.
# A paragraph runs as its first letter does, Arabic and Hebrew from the right; code always from the left.
# A button that is an icon has its words for screen readers and as its tooltip.
# The count of letters stands in the field, over what is long.
# No text may stand alone in this script, as Streamlit would show it.
STYLE = """<style>
.stMainBlockContainer {padding-top: 4.5rem; max-width: 1280px;}
[data-testid="stCaptionContainer"] {opacity: 0.72;}
button[kind^="primary"]:not(:disabled) {background-color: #5850ec; border-color: #5850ec; color: #fff;}
button[kind^="primary"]:not(:disabled):hover {background-color: #473fd6; border-color: #473fd6;}
button[kind="tertiary"][aria-expanded="true"] {color: inherit;}
[data-testid="stPopoverButton"] p {text-align: start;}
[data-testid="stElementContainer"]:has(> .stTextArea) {flex-shrink: 0;}
:is(.st-key-links, .st-key-presses) {position: absolute;}
.stMarkdown :is(p, li, h1, h2, h3, h4, h5, h6, td, th), textarea, input[type="text"] {
  unicode-bidi: plaintext; text-align: start;}
.stMarkdown :is(code, pre, .katex) {direction: ltr; unicode-bidi: isolate;}
:is([class*="st-key-icon_"], [class*="st-key-message_row"]) button [data-testid="stMarkdownContainer"] {
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;}
[class*="st-key-icon_star-"][class*="-True"] [data-testid="stIconMaterial"] {
  font-variation-settings: "FILL" 1; color: #d99a00;}
.stTextInput:has([data-testid="InputInstructions"]) input {padding-inline-end: 4.4rem;}
.st-key-phone_bar {display: none;}
@media (max-width: 767px) {
  :is([data-testid="stHeader"], [data-testid="stSidebar"]) {display: none;}
  .stMainBlockContainer {padding: 1rem 0.9rem 4.6rem;}
  .stMain h1 {font-size: 1.9rem; padding-top: 0;}
  [data-testid="stFileUploaderDropzoneInstructions"] {display: none;}
  .st-key-phone_bar {display: flex; position: fixed; z-index: 999; inset: auto 0 0 0; gap: 0; flex-wrap: nowrap;
    padding: 0.2rem 0.2rem calc(0.2rem + env(safe-area-inset-bottom)); justify-content: space-between;
    background: var(--st-background-color, Canvas);
    border-top: 1px solid color-mix(in srgb, currentColor 18%, transparent);}
  .st-key-phone_bar > * {flex: 1 1 0; min-width: 0;}
  .st-key-phone_bar a {flex-direction: column; align-items: center; justify-content: flex-start; gap: 0;
    padding: 0.25rem 0; min-height: 3rem;}
  .st-key-phone_bar a span {overflow: visible; max-width: 100%;}
  .st-key-phone_bar a p {font-size: 0.75rem; line-height: 1.1; white-space: normal; text-align: center;}
}
</style>"""

# Without an icon of its own, Streamlit has the browser fetch that of the page from another computer.
st.set_page_config(page_title="Flowloom", page_icon=str(Path(__file__).parent.with_name("icon.svg")), layout="wide")
# Pages that are reached from a GPT.
OF_ONE_GPT = ("evaluate", "studio", "tuning")
account = me()
forget_another(account)
read_language()
pages = {
    "home": st.Page(home.show, title=t("My GPTs"), icon=":material/apps:", default=True),
    "build": st.Page(build.show, title=t("Build"), icon=":material/account_tree:", url_path="build"),
    "knowledge": st.Page(
        knowledge.show, title=t("Knowledge"), icon=":material/library_books:", url_path="knowledge"
    ),
    "inbox": st.Page(inbox.show, title=inbox.title(), icon=":material/inbox:", url_path="inbox"),
    "store": st.Page(store.show, title=store.title(), icon=":material/storefront:", url_path="my-store"),
    "runs": st.Page(runs.show, title=t("Runs"), icon=":material/timeline:", url_path="runs"),
    # Of one GPT, so it is reached from there.
    "evaluate": st.Page(
        evaluate.show, title=t("Evaluate"), icon=":material/science:", url_path="evaluate", visibility="hidden"
    ),
    "studio": st.Page(
        studio.show, title=t("Prompt studio"), icon=":material/edit_note:", url_path="studio", visibility="hidden"
    ),
    "tuning": st.Page(
        tuning.show,
        title=t("Fine-tuning"),
        icon=":material/model_training:",
        url_path="tuning",
        visibility="hidden",
    ),
    "settings": st.Page(settings.show, title=t("Settings"), icon=":material/tune:", url_path="settings"),
}
if account:
    pages["you"] = st.Page(you.show, title=account.shown, icon=":material/account_circle:", url_path="you")
keep_pages(pages)
st.html(STYLE)
st.html(uploader_words())
mind_links()
mind_presses()
page = st.navigation(list(pages.values()), position="top")
follow_wish()
if page != pages["build"]:
    forget_replay()
draw_notices()
page.run()
# On a phone the bar at the top would be a sign without words.
with st.container(horizontal=True, key="phone_bar"):
    for name, each in pages.items():
        if name not in OF_ONE_GPT:
            st.page_link(each)
garbage.look_up()
