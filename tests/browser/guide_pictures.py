"""The pictures of the user guide and of the README, taken from the app: `make pictures`."""

import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from io import BytesIO
from pathlib import Path

from benchmarks.crawl import make
from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from flowloom.earning.settings import SellingSettings
from flowloom.evaluation.rows import rows_typed
from flowloom.money import Price
from flowloom.store.experiments import Arm, Chosen, ExperimentPlan, Tried
from flowloom.store.templates import templates
from flowloom.workspace import Workspace
from tests.browser.conftest import ARGUMENTS, App, find_chromium
from tests.browser.test_canvas_by_hand import show_all
from tests.browser.test_journey import ask, drawn, use_template
from tests.browser.test_no_edit_is_lost import ready
from tests.browser.test_team import TeamApp, invite, join, set_up
from tests.earning.shop import IBAN
from tests.gallery.stocking import stock

DOCS = Path(__file__).parents[2] / "docs"
APPROVAL = DOCS.parent / "benchmarks" / "fidelity" / "flows" / "agentbuilder" / "approval.py"
HANDBOOK = (
    b"# Bees\n\nOur hives are behind the chapel.\n\n# Honey\n\nThe harvest is on the second Sunday of July.\n"
)


def take(page: Page, path: str) -> None:
    drawn(page)
    shoot(page, path)


def shoot(page: Page, path: str) -> None:
    """The same of a page that is not drawn by Streamlit."""
    page.mouse.move(700, 4)
    page.wait_for_timeout(600)  # what fades in
    whole = Image.open(BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    target = DOCS / path
    target.parent.mkdir(parents=True, exist_ok=True)
    whole.quantize(128, dither=Image.Dither.NONE).save(target, optimize=True)


def answered(page: Page, template: str, message: str) -> None:
    use_template(page, template)
    ready(page)
    ask(page, message)
    expect(page.get_by_test_id("stChatMessage")).to_have_count(2)
    expect(page.get_by_role("button", name="Why this answer").last).to_be_attached()


def home(page: Page, app: App) -> None:
    expect(page.get_by_role("heading", name="Templates")).to_be_visible()
    take(page, "guide/pictures/home.png")


def knowledge_helper(page: Page, app: App) -> None:
    answered(page, "Knowledge helper", "How many days of holiday do I have?")
    take(page, "screenshot.png")
    take(page, "guide/pictures/chat.png")


def branches(page: Page, app: App) -> None:
    use_template(page, "Support desk")
    ready(page)
    show_all(page)
    take(page, "guide/pictures/canvas.png")


def tools(page: Page, app: App) -> None:
    answered(page, "Assistant with tools", "What is 17.5% of 2480?")
    show_all(page)
    take(page, "guide/pictures/tools.png")


def knowledge(page: Page, app: App) -> None:
    page.goto(f"{app.url}/knowledge")
    page.get_by_role("button", name="New knowledge base").first.click()
    page.get_by_role("textbox").first.fill("Staff handbook")
    page.get_by_role("button", name="Create", exact=True).click()
    page.get_by_test_id("stFileUploader").locator("input[type=file]").first.set_input_files(
        {"name": "bees.md", "mimeType": "text/markdown", "buffer": HANDBOOK}
    )
    expect(page.get_by_text("bees.md").first).to_be_visible()
    page.get_by_role("radio", name="Try a question").click()
    page.get_by_label("Question", exact=True).fill("When is the harvest?")
    page.keyboard.press("Enter")
    expect(page.get_by_text("second Sunday").first).to_be_visible()
    take(page, "guide/pictures/knowledge.png")


def inbox(page: Page, app: App) -> None:
    use_template(page, "Holiday request")
    ready(page)
    ask(page, "Ben would like to be on holiday from 3 to 14 August 2026")
    expect(page.get_by_test_id("stChatMessage")).to_have_count(2)
    page.wait_for_timeout(2_000)
    page.goto(f"{app.url}/inbox")
    expect(page.get_by_role("heading", level=1, name="Inbox")).to_be_visible()
    take(page, "guide/pictures/inbox.png")


def team(page: Page, app: App) -> None:
    """In an app of its own, in which people sign in."""
    office = TeamApp(Path(tempfile.mkdtemp()) / "home")
    try:
        set_up(office, page)
        guest = page.context.browser.new_page()  # type: ignore[union-attr]
        join(guest, invite(office, page, "Builder"), "ben")
        expect(guest.get_by_role("heading", name="My GPTs")).to_be_visible()
        guest.close()
        page.goto(f"{office.url}/settings?part=people")
        expect(page.get_by_role("heading", name="Log")).to_be_visible()
        take(page, "guide/pictures/team.png")
    finally:
        office.stop()


def moving(page: Page, app: App) -> None:
    page.get_by_role("button", name="Import").click()
    page.locator(".zone input[type=file]").set_input_files(str(APPROVAL))
    expect(page.get_by_role("button", name="Import this file")).to_be_visible()
    take(page, "guide/pictures/moving.png")


def run(page: Page, app: App) -> None:
    page.goto(f"{app.url}/runs")
    expect(page.get_by_role("heading", level=1, name="Runs")).to_be_visible()
    page.get_by_text("How many days of holiday do I have?").first.click()
    expect(page.get_by_text("Timeline")).to_be_visible()
    take(page, "guide/pictures/run.png")


QUESTIONS = b"""class,question
7a,How many days of holiday do I have?
7b,May I work from home?
7c,How do I report a lost device?
8a,Who approves a journey?
"""


def publishing(page: Page, app: App) -> None:
    use_template(page, "Weather guide")
    ready(page)
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    expect(page.get_by_role("tab", name="Share")).to_be_visible()
    take(page, "guide/pictures/publish.png")


SHELVES = ("productivity", "education", "writing", "lifestyle", "research", "fun")


def store(page: Page, app: App) -> None:
    with closing(Workspace(app.home)) as workspace:
        for number, template in enumerate(templates("en")[:12]):
            flow = stock(
                workspace, template.flow.name, flow=template.flow, use=60 - 5 * number,
                category=SHELVES[number % 6], description=template.flow.description,
            )  # fmt: skip
            for person in range(12 - number):
                workspace.gallery.use.rate(flow.id, f"person {person}", 5 - (person + number) % 3, "")
            workspace.gallery.marks.feature(flow.id, number in (2, 5, 7))
    page.goto(f"{app.url}/store")
    expect(page.get_by_role("heading", name="Most used")).to_be_visible()
    shoot(page, "guide/pictures/store.png")


def insights(page: Page, app: App) -> None:
    crawl = Path(tempfile.mkdtemp()) / "crawl.csv"
    make(crawl, 5_000)
    page.goto(f"{app.url}/my-store")
    page.get_by_role("tab", name="Insights").click()
    page.locator(".zone input[type=file]").set_input_files(str(crawl))
    expect(page.get_by_text("5,000 GPTs").first).to_be_visible()
    page.get_by_text("Concentration", exact=True).click()
    expect(page.locator("canvas, svg.marks").first).to_be_visible()
    take(page, "guide/pictures/insights.png")


def earning(page: Page, app: App) -> None:
    """A month of a GPT that was bought a few times, by invoice."""
    with closing(Workspace(app.home)) as workspace:
        selling = workspace.selling
        selling.keep_settings(SellingSettings(currencies=("EUR",), name="Evening school", iban=IBAN))
        price = Price(kind="month", amount=450, currency="EUR")
        stock(workspace, "Exam coach", category="education", price=price)
        found = workspace.publications.find("exam-coach")
        for name in ("Ann", "Ben", "Chloé", "Dilek"):
            selling.pay(selling.order(found, f"visitor {name}", name, 1).id)
    page.goto(f"{app.url}/my-store")
    page.get_by_role("tab", name="Earnings").click()
    expect(page.get_by_test_id("stMetricValue")).to_be_visible()
    take(page, "guide/pictures/earning.png")


def table(page: Page, app: App) -> None:
    use_template(page, "Knowledge helper")
    ready(page)
    page.goto(f"{app.url}/runs")
    page.get_by_role("button", name="Run a table").click()
    page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(
        {"name": "questions.csv", "mimeType": "text/csv", "buffer": QUESTIONS}
    )
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_text("4 done")).to_be_visible()
    take(page, "guide/pictures/table.png")


def settings(page: Page, app: App) -> None:
    page.goto(f"{app.url}/settings")
    expect(page.get_by_role("heading", level=1, name="Settings")).to_be_visible()
    take(page, "guide/pictures/models.png")
    page.get_by_role("radio", name="Privacy").first.click()
    drawn(page)
    take(page, "guide/pictures/settings.png")


def evaluation(page: Page, app: App) -> None:
    with closing(Workspace(app.home)) as workspace:
        flow = workspace.intake.create_from_template(
            next(each for each in templates() if each.id == "knowledge-helper")
        )
        blind = flow.model_copy(
            update={"edges": tuple(edge for edge in flow.edges if edge.start.port != "passages")}
        )
        asked = [f"{question} => {answer}" for question, answer in FACTS for question in _ways(question)]
        rows = rows_typed("\n".join(asked)).rows
        plan = ExperimentPlan(evaluators=(Chosen(id="contains"), Chosen(id="time")))
        arms = (Arm("Without documents", blind), Arm("As it is now", flow))
        id = workspace.experiments.start(flow.id, "Handbook questions", plan, Tried(rows, arms))
        while workspace.experiments.is_going(id):
            time.sleep(0.05)
        page.goto(f"{app.url}/evaluate?gpt={flow.id}&experiment={id}")
    expect(page.get_by_text("Contains what is expected").first).to_be_visible()
    take(page, "guide/pictures/evaluate.png")


FACTS = (
    ("How many days of holiday do I have?", "28"),
    ("What do I do when I am ill?", "nine"),
    ("May I work from home?", "days"),
    ("How long before do I ask for holiday?", "two weeks"),
    ("Which class do I travel by train?", "second"),
    ("Until when do I hand in expenses?", "month"),
)


def _ways(question: str) -> tuple[str, ...]:
    return (question, f"Please tell me: {question}", f"Question: {question}", f"I am new here. {question}")


SCENES: tuple[Callable[[Page, App], None], ...] = (
    home,
    knowledge_helper,
    branches,
    tools,
    knowledge,
    inbox,
    team,
    moving,
    run,
    publishing,
    store,
    insights,
    earning,
    table,
    evaluation,
    settings,
)


def main(wanted: list[str]) -> None:
    app = App(Path(tempfile.mkdtemp()) / "home")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        try:
            for scene in SCENES:
                if wanted and scene.__name__ not in wanted:
                    continue
                page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="en-GB")
                page.set_default_timeout(20_000)
                app.let_in(page.context)
                page.goto(app.url)
                scene(page, app)
                page.close()
        finally:
            browser.close()
            app.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
