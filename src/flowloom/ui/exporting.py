"""The forms in which a GPT or a run leaves as a file of the person."""

from flowloom.ui.saving import File, save_buttons
from flowloom.ui.session import t
from flowloom.ui.speech import name_of


def export_rows(flow_id: str, name: str, key: str) -> None:
    """One row for each form a GPT may leave in."""
    stem = file_stem(name_of(name))
    files = [
        File(t("Flow file (JSON)"), "export/json", f"{stem}.flow.json", "description"),
        File(t("Picture to print (SVG)"), "export/svg", f"{stem}.svg", "shapes"),
        File(t("Picture (PNG)"), "export/svg", f"{stem}.png", "image", as_pixels=True),
    ]
    save_buttons(flow_id, files, key, "rows")


def export_run(flow_id: str, run_id: str, name: str) -> None:
    """A button that saves all that is known of a run."""
    stem = f"{file_stem(name_of(name))}.run-{run_id[:8]}"
    file = File(t("Download as JSON"), f"runs/{run_id}/export/json", f"{stem}.json")
    save_buttons(flow_id, [file], f"export_run:{run_id}", "button")


def file_stem(name: str) -> str:
    """The beginning of a file name that every system takes."""
    kept = "".join(letter if letter.isalnum() or letter in " -_" else "-" for letter in name).strip(" -")
    return kept[:60] or "gpt"
