"""A published GPT as its visitors meet it: by a link and without a key, on phones, desks and inside other sites."""

import functools
import json
import re
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from flowloom.flow.model import Edge, Flow, Node, SavedAnswer
from flowloom.serve.page.texts import texts_in
from flowloom.services.models.settings import save_settings
from flowloom.store.publications import Terms
from flowloom.store.templates import templates
from flowloom.workspace import Workspace, open_workspace
from tests.browser.conftest import ARGUMENTS, PHONE, App, WarmApp, find_chromium
from tests.browser.test_journey import drawn
from tests.loopback import settings_of
from tests.openai_server import OpenAIServer, Say

pytestmark = pytest.mark.browser

DESK = {"viewport": {"width": 1440, "height": 900}}
SCREENS: dict[str, dict[str, Any]] = {"phone": PHONE, "desk": DESK}
FORM = Flow(
    name="Trip form",
    nodes=(
        Node(id="start", kind="chat.message"),
        Node(
            id="form",
            kind="people.form",
            config={
                "question": "Where do you want to go?",
                "fields": [
                    {"name": "Place", "type": "text"},
                    {"name": "Days", "type": "number"},
                    {"name": "By train", "type": "boolean", "required": False},
                ],
            },
        ),
        Node(id="ask", kind="people.approve", config={"question": "Book it?"}),
        Node(id="answer", kind="chat.answer"),
    ),
    edges=(
        Edge(source="start.message", target="form.value"),
        Edge(source="form.place", target="ask.value"),
        Edge(source="ask.approved", target="answer.text"),
    ),
)
HELPER = Flow(
    name="Helper",
    description="Answers whatever you like.",
    starters=("Tell me a story",),
    nodes=(
        Node(id="start", kind="chat.message"),
        Node(id="think", kind="model"),
        Node(id="answer", kind="chat.answer"),
    ),
    edges=(Edge(source="start.message", target="think.prompt"), Edge(source="think.answer", target="answer.text")),
)


class Host(ThreadingHTTPServer):
    """Another site of this computer, whose pages lie in a folder."""

    def __init__(self, folder: Path) -> None:
        self.asked: list[str] = []
        super().__init__(("127.0.0.1", 0), functools.partial(_Pages, directory=str(folder)))
        self.folder = folder

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Pages(SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.asked.append(self.path)  # type: ignore[attr-defined]
        super().do_GET()

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    with Host(tmp_path_factory.mktemp("site")) as found:
        threading.Thread(target=found.serve_forever, daemon=True).start()
        yield found
        found.shutdown()


@pytest.fixture(scope="module")
def model() -> Iterator[OpenAIServer]:
    with OpenAIServer() as found:
        yield found


def furnish(home: Path, model: OpenAIServer, host: Host) -> None:
    """What the builder has published before any visitor comes."""
    home.mkdir(parents=True)
    settings = settings_of(model)
    save_settings(home, settings.model_copy(update={"roles": settings.roles | {"hearing": "loopback/m"}}))
    workspace = open_workspace(home)
    (handbook,) = [each for each in templates() if each.flow.id == "knowledge-helper"]
    publish(workspace, workspace.intake.create_from_template(handbook), "handbook")
    for flow, slug in ((FORM, "trip"), (HELPER, "helper"), (HELPER, "帮助中心")):
        publish(workspace, workspace.flows.create(flow), slug)
    saved = SavedAnswer(question="Are you open on Sunday?", answer="Yes, from 10 to 4.")
    publish(workspace, workspace.flows.create(HELPER.model_copy(update={"saved_answers": (saved,)})), "shop")
    workspace.publications.publish(
        workspace.flows.create(HELPER), "framed", Terms(may_copy=True, origins=(host.url,))
    )
    workspace.close()


def publish(workspace: Workspace, flow: Flow, slug: str) -> None:
    workspace.publications.publish(flow, slug, Terms())


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, model: OpenAIServer, host: Host) -> Iterator[App]:
    home = tmp_path_factory.mktemp("published") / "home"
    furnish(home, model, host)
    found = WarmApp(home)
    yield found
    found.stop()


@pytest.fixture(autouse=True)
def _quiet(model: OpenAIServer) -> None:
    model.script.clear()
    model.default = None


def visitor(chromium: Browser, screen: str = "desk", **more: Any) -> BrowserContext:
    """A browser that was never here, and has no key of the app."""
    context = chromium.new_context(**SCREENS[screen], accept_downloads=True, **more)
    context.set_default_timeout(20_000)
    return context


def opened(context: BrowserContext, app: App, slug: str) -> Page:
    page = context.new_page()
    page.goto(f"{app.url}/gpt/{slug}")
    expect(page.locator(".welcome, .turn").first).to_be_visible()
    return page


def ask(page: Page, text: str) -> None:
    box = page.get_by_role("textbox", name="Your message")
    box.fill(text)
    page.get_by_role("button", name="Send", exact=True).click()


def answer(page: Page) -> Any:
    return page.locator(".answered:not(.coming)").last


def settled(page: Page) -> None:
    expect(page.locator(".coming")).to_have_count(0)


@pytest.mark.parametrize("screen", SCREENS)
def test_a_visit_from_the_link_to_the_last_word(
    app: App, model: OpenAIServer, chromium: Browser, screen: str, tmp_path: Path
) -> None:
    context = visitor(chromium, screen)
    page = opened(context, app, "handbook")
    expect(page.get_by_role("heading", name="Knowledge helper").first).to_be_visible()
    model.script.append(Say("You have **28 days** a year [1]."))
    page.get_by_role("button", name="How many days of holiday do I have?").click()
    expect(answer(page)).to_contain_text("28 days")
    settled(page)
    answer(page).get_by_role("button", name="Show source 1").click()
    expect(answer(page).locator(".passage")).to_contain_text("28 days of holiday")
    answer(page).get_by_role("button", name="Good answer").click()
    expect(answer(page).get_by_role("button", name="Good answer")).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(answer(page)).to_contain_text("28 days")
    expect(answer(page).get_by_role("button", name="Good answer")).to_have_attribute("aria-pressed", "true")

    if screen == "phone":
        page.get_by_role("button", name="Conversations").click()
    talks = page.get_by_role("navigation", name="Conversations").last
    expect(talks.locator(".talk")).to_have_text(re.compile("How many days"))
    page.locator("dialog.drawer, .side").get_by_role("button", name="Your data").last.click()
    dialog = page.get_by_role("dialog", name="Your data")
    expect(dialog).to_contain_text("sends what you write to no other computer")
    with page.expect_download() as download:
        dialog.get_by_role("button", name="Download as data").click()
    told = json.loads(Path(download.value.path()).read_text("utf-8"))
    assert told[0]["messages"][1]["content"] == "You have **28 days** a year [1]."
    dialog.get_by_role("button", name="Delete all my data").click()
    dialog.get_by_role("button", name="Delete everything").click()
    expect(page.locator(".turn")).to_have_count(0)
    page.reload()
    expect(page.locator(".welcome")).to_be_visible()
    assert page.evaluate("localStorage.length") == 0
    context.close()


@pytest.mark.parametrize("language", ["en", "zh", "fr"])
def test_a_saved_answer_is_marked_and_the_model_s_is_not(
    app: App, model: OpenAIServer, chromium: Browser, language: str
) -> None:
    context = visitor(chromium, "phone", locale=language)
    page = opened(context, app, "shop")
    texts = texts_in(language)
    for text, is_saved in (("Do you open on Sunday?", True), ("And on Monday?", False)):
        model.script.append(Say("No."))
        page.get_by_role("textbox", name=texts["your_message"]).fill(text)
        page.get_by_role("button", name=texts["send"], exact=True).click()
        expect(answer(page)).to_contain_text("from 10 to 4" if is_saved else "No.")
        settled(page)
        expect(answer(page).get_by_text(texts["saved_answer"])).to_have_count(int(is_saved))
        model.script.clear()
    page.reload()
    expect(page.get_by_text(texts["saved_answer"])).to_have_count(1)
    context.close()


def test_a_form_and_an_approval_are_there_again_after_a_reload(app: App, chromium: Browser) -> None:
    context = visitor(chromium, "phone")
    page = opened(context, app, "trip")
    ask(page, "A trip")
    expect(page.get_by_role("heading", name="Where do you want to go?")).to_be_visible()
    page.get_by_role("button", name="Send", exact=True).first.click()
    expect(page.get_by_text("Please fill this in.").first).to_be_visible()
    page.reload()
    page.get_by_label("Place").fill("Lyon")
    page.get_by_label("Days").fill("3")
    page.get_by_label("By train").check()
    page.locator(".question").get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Book it?")).to_be_visible()
    page.locator(".question").get_by_role("button").first.click()
    expect(answer(page)).to_contain_text("Lyon")
    expect(page.locator(".question")).to_have_count(0)
    context.close()


def test_stop_and_a_reload_in_the_middle_of_an_answer(app: App, model: OpenAIServer, chromium: Browser) -> None:
    context = visitor(chromium)
    page = opened(context, app, "helper")
    model.default = Say("again and " * 300, per_token=0.05)
    ask(page, "Go on")
    expect(page.locator(".coming .text")).to_contain_text("again and again")
    page.reload()
    expect(page.locator(".coming .text")).to_contain_text("again and again and again")
    page.keyboard.press("Escape")
    expect(answer(page)).to_contain_text("Stopped.")
    model.default = None
    model.script.append(Say("Now this."))
    answer(page).get_by_role("button", name="Ask again").click()
    expect(answer(page)).to_contain_text("Now this.")
    expect(page.locator(".turn.asked")).to_have_count(1)
    context.close()


def test_keys_and_what_is_typed(app: App, model: OpenAIServer, chromium: Browser) -> None:
    context = visitor(chromium)
    page = opened(context, app, "helper")
    box = page.get_by_role("textbox", name="Your message")
    expect(box).to_be_focused()
    page.keyboard.type("one")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("two")
    model.script.append(Say("Yes."))
    page.keyboard.press("Enter")
    expect(page.locator(".said")).to_have_text("one\ntwo", use_inner_text=True)
    expect(answer(page)).to_contain_text("Yes.")
    expect(box).to_be_focused()
    expect(box).to_have_value("")
    expect(page.locator("[role=status]", has_text="The answer is complete.")).to_have_count(1)
    context.close()


def test_what_could_not_be_sent_stays_to_be_sent_again(app: App, model: OpenAIServer, chromium: Browser) -> None:
    context = visitor(chromium)
    page = opened(context, app, "helper")
    context.set_offline(True)
    ask(page, "Are you there?")
    expect(page.get_by_role("alert")).to_contain_text("offline")
    expect(page.get_by_role("textbox", name="Your message")).to_have_value("Are you there?")
    context.set_offline(False)
    model.script.append(Say("Here."))
    page.get_by_role("button", name="Send", exact=True).click()
    expect(answer(page)).to_contain_text("Here.")
    expect(page.get_by_role("alert")).to_have_count(0)
    context.close()


def test_a_failure_is_told_in_plain_words_and_can_be_tried_again(
    app: App, model: OpenAIServer, chromium: Browser
) -> None:
    context = visitor(chromium)
    page = opened(context, app, "helper")
    model.default = Say(status=401, error={"message": "Incorrect API key sk-secret"})
    ask(page, "Hello")
    expect(answer(page).get_by_role("alert")).to_contain_text("Something went wrong")
    expect(page.locator("body")).not_to_contain_text("sk-secret")
    model.default = Say("Better.")
    answer(page).get_by_role("button", name="Ask again").click()
    expect(answer(page)).to_contain_text("Better.")
    context.close()


def test_answers_load_nothing_of_other_hosts_and_run_no_script(
    app: App, model: OpenAIServer, chromium: Browser, host: Host
) -> None:
    context = visitor(chromium)
    page = opened(context, app, "helper")
    host.asked.clear()
    model.script.append(
        Say(f"![chart]({host.url}/pixel.png) <img src={host.url}/two.png> <script>window.x = 1</script>\n\n`done`")
    )
    ask(page, "Show me")
    expect(answer(page).get_by_role("link", name="Picture: chart")).to_be_visible()
    assert page.evaluate("window.x") is None
    assert host.asked == []
    context.close()


def test_another_visitor_sees_nothing_of_it(app: App, model: OpenAIServer, chromium: Browser) -> None:
    first, second = visitor(chromium), visitor(chromium)
    page = opened(first, app, "helper")
    model.script.append(Say("Noted."))
    ask(page, "My secret")
    expect(answer(page)).to_contain_text("Noted.")
    other = opened(second, app, "helper")
    expect(other.get_by_text("Your conversations appear here.")).to_be_visible()
    expect(other.locator("body")).not_to_contain_text("My secret")
    first.close()
    second.close()


@pytest.mark.parametrize("screen", SCREENS)
def test_a_conversation_is_shared_and_no_longer(
    app: App, model: OpenAIServer, chromium: Browser, screen: str
) -> None:
    context, owner = visitor(chromium, screen), chromium.new_context(**DESK)
    page = opened(context, app, "helper")
    expect(page.get_by_role("button", name="This conversation")).to_have_count(0)
    model.script.append(Say("Try it on Monday."))
    ask(page, f"It fails each Sunday, on my {screen}")
    expect(answer(page)).to_contain_text("Monday")
    settled(page)
    # By keyboard alone, as somebody would who does not see it.
    page.get_by_role("button", name="This conversation", exact=True).press("Enter")
    dialog = page.get_by_role("dialog", name="This conversation")
    expect(dialog).to_contain_text("you can stop that at any time")
    look(page)
    dialog.get_by_role("button", name="Share with whoever made this GPT").press("Enter")
    stop = dialog.get_by_role("button", name="Stop sharing")
    expect(stop).to_be_focused()
    expect(page.get_by_text("This conversation is shared now.")).to_be_attached()
    look(page)
    page.keyboard.press("Escape")
    mark = page.get_by_role("button", name="Shared. This conversation")
    expect(mark).to_be_focused()
    page.reload()
    expect(mark).to_be_visible()
    look(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    builder = shared_with(owner, app)
    listed = builder.get_by_role("button", name=re.compile(f"on my {screen}.*Shared by a visitor", re.S))
    listed.click()
    expect(builder.get_by_role("dialog").get_by_text("Try it on Monday.")).to_be_visible()
    mark.click()
    stop.click()
    expect(page.get_by_text("This conversation is yours alone again.")).to_be_attached()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="This conversation", exact=True)).to_be_focused()
    builder.get_by_role("button", name="All conversations").click()
    expect(builder.get_by_text("No conversations yet.")).to_be_visible()
    expect(listed).to_have_count(0)
    context.close()
    owner.close()


def shared_with(owner: BrowserContext, app: App) -> Page:
    """The conversations of the published helper, as whoever made it opens them."""
    with closing(Workspace(app.home)) as workspace:
        flow = workspace.publications.find("helper").flow.id
    app.let_in(owner)
    page = owner.new_page()
    page.goto(f"{app.url}/build?gpt={flow}")
    expect(page.get_by_test_id("stChatInputTextArea")).to_be_visible()
    drawn(page)
    page.get_by_role("button", name="Conversations").click()
    return page


def test_can_be_installed_as_an_app(app: App, chromium: Browser) -> None:
    context = visitor(chromium, "phone")
    page = opened(context, app, "handbook")
    browser = context.new_cdp_session(page)
    told = browser.send("Page.getAppManifest")
    assert (told["errors"], told["manifest"]["display"]) == ([], "kStandalone")
    found = {each["errorId"] for each in browser.send("Page.getInstallabilityErrors")["installabilityErrors"]}
    # A test's browser keeps nothing, as a private window does.
    assert found <= {"in-incognito"}
    context.close()


@pytest.mark.parametrize(
    ("locale", "said"), [("zh-CN", "给 Helper 发消息"), ("fr-CA", "Message à Helper"), ("de-DE", "Message Helper")]
)
def test_speaks_the_language_of_the_browser(app: App, chromium: Browser, locale: str, said: str) -> None:
    context = visitor(chromium, "phone", locale=locale)
    page = opened(context, app, "帮助中心")
    expect(page.get_by_placeholder(said)).to_be_visible()
    context.close()


def test_files_are_named_with_their_size_and_can_be_taken_back(
    app: App, model: OpenAIServer, chromium: Browser, tmp_path: Path
) -> None:
    notes, other = tmp_path / "notes.txt", tmp_path / "other.txt"
    notes.write_text("a" * 2_000)
    other.write_text("b")
    context = visitor(chromium)
    page = opened(context, app, "helper")
    page.locator("input[type=file]").set_input_files([notes, other])
    adding = page.get_by_role("list", name="Files")
    expect(adding).to_contain_text("2 kB")
    adding.get_by_role("button", name="Remove “other.txt”").click()
    model.script.append(Say("Read."))
    ask(page, "Look")
    expect(answer(page)).to_contain_text("Read.")
    expect(page.locator(".asked .file")).to_have_count(1)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save “notes.txt”").click()
    assert Path(download.value.path()).read_text() == "a" * 2_000
    context.close()


def test_what_is_spoken_is_written_down_and_can_be_changed(
    app: App, model: OpenAIServer, chromium: Browser
) -> None:
    speaking = [*ARGUMENTS, "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    browser = chromium.browser_type.launch(executable_path=find_chromium(), args=speaking)
    context = visitor(browser, "phone", permissions=["microphone"])
    page = opened(context, app, "helper")
    page.get_by_role("button", name="Speak your message").click()
    expect(page.get_by_text("0:01")).to_be_visible()
    page.get_by_role("button", name="Finish speaking").click()
    box = page.get_by_role("textbox", name="Your message")
    expect(box).to_have_value("Good morning from the recording.")
    model.script.append(Say("Good morning."))
    page.get_by_role("button", name="Send", exact=True).click()
    expect(answer(page)).to_contain_text("Good morning.")
    browser.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
def test_nothing_stands_in_the_way_of_a_screen_reader(
    app: App, model: OpenAIServer, chromium: Browser, screen: str, scheme: Any
) -> None:
    context = visitor(chromium, screen, color_scheme=scheme)
    page = opened(context, app, "handbook")
    look(page)
    model.script.append(
        Say("# Days\n\nYou have 28 [1].\n\n```python\nx = 1\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |")
    )
    ask(page, "How many days of holiday do I have?")
    answer(page).get_by_role("button", name="Show source 1").click()
    look(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator(".notes").get_by_role("button", name="Your data").click()
    look(page)
    other = opened(context, app, "trip")
    ask(other, "x")
    expect(other.get_by_label("Place")).to_be_visible()
    look(other)
    context.close()


def look(page: Page) -> None:
    # A colour that is fading in is one nobody chose.
    page.evaluate("Promise.allSettled(document.getAnimations().map((each) => each.finished))")
    found = [
        f"{rule['id']}: {node['html']} {node['failureSummary']}"
        for rule in Axe().run(page).response["violations"]
        for node in rule["nodes"]
        if node["impact"] in ("serious", "critical")
    ]
    assert found == []


def site(host: Host, app: App, name: str, attributes: str) -> str:
    page = host.folder / f"{name}.html"
    page.write_text(
        '<!doctype html><meta charset=utf-8><meta name=viewport content="width=device-width"><title>School</title>'
        "<h1>Our school</h1>"
        f'<script src="{app.url}/embed/loader.js" {attributes} defer></script>'
    )
    return f"{host.url}/{page.name}"


@pytest.mark.parametrize("screen", SCREENS)
def test_a_bubble_on_another_site(
    app: App, model: OpenAIServer, chromium: Browser, host: Host, screen: str
) -> None:
    context = visitor(chromium, screen)
    page = context.new_page()
    page.goto(
        site(
            host,
            app,
            "bubble",
            'data-gpt="framed" data-color="#0f766e" data-starters="First?|Second?" data-language="fr"',
        )
    )
    names = page.evaluate("Object.keys(window).length")
    button = page.get_by_role("button", name="Ouvrir la conversation")
    expect(button).to_be_visible()
    assert page.frames == [page.main_frame]
    button.focus()
    page.keyboard.press("Enter")
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("button", name="Second?")).to_be_visible()
    model.script.append(Say("From the school."))
    frame.get_by_role("button", name="First?").click()
    expect(frame.locator(".answered:not(.coming)").last).to_contain_text("From the school.")
    frame.get_by_role("textbox").press("Escape")
    expect(page.locator("iframe")).to_be_hidden()
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(frame.locator(".answered:not(.coming)").last).to_contain_text("From the school.")
    if screen == "phone":
        box = page.locator("iframe").bounding_box()
        assert box
        assert (box["x"], box["y"], box["width"]) == (0, 0, 390)
    assert page.evaluate("Object.keys(window).length") == names
    assert page.evaluate("document.querySelectorAll('flowloom-chat').length") == 1
    context.close()


def test_a_chat_in_the_page_of_another_site(app: App, model: OpenAIServer, chromium: Browser, host: Host) -> None:
    context = visitor(chromium)
    page = context.new_page()
    page.goto(site(host, app, "inline", 'data-gpt="framed" data-mode="inline" data-color="javascript:alert(1)"'))
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("button", name="Tell me a story")).to_be_visible()
    assert page.locator("iframe").get_attribute("sandbox") is not None
    context.close()


def test_a_site_that_may_not_show_it_shows_nothing(app: App, chromium: Browser, host: Host) -> None:
    context = visitor(chromium)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.clock.install()
    page.goto(site(host, app, "refused", 'data-gpt="helper" data-mode="inline"'))
    expect(page.locator("iframe")).to_be_visible()
    page.clock.run_for(16_000)
    expect(page.frame_locator("iframe").locator(".welcome")).to_have_count(0)
    assert any("frame-ancestors" in each for each in said)
    assert any("among the sites that may show it" in each for each in said)
    context.close()


def test_a_server_that_goes_away_and_comes_back(
    tmp_path: Path, model: OpenAIServer, chromium: Browser, host: Host
) -> None:
    home = tmp_path / "home"
    furnish(home, model, host)
    app = WarmApp(home)
    context = visitor(chromium)
    page = opened(context, app, "helper")
    model.default = Say("slowly " * 200, per_token=0.1)
    ask(page, "Go")
    expect(page.locator(".coming .text")).to_contain_text("slowly")
    app.kill()
    expect(page.get_by_text("Connection lost")).to_be_visible()
    app.start()
    expect(page.get_by_text("This answer was interrupted.")).to_be_visible(timeout=30_000)
    model.default = Say("Here again.")
    page.locator(".notice").get_by_role("button", name="Ask again").click()
    expect(answer(page)).to_contain_text("Here again.")
    context.close()
    app.stop()
