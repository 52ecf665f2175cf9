"""Every word the canvas says; `frontend/src/texts.ts` holds the same English, and a test compares them."""

from flowloom.locales import add_texts, translate
from flowloom.ui.canvas.translations import TRANSLATIONS

TEXTS = {
    "canvas": "Canvas",
    "blocks": "Blocks",
    "search_blocks": "Search blocks",
    "no_blocks_found": "No block is called “{query}”.",
    "show_blocks": "Show blocks",
    "hide_blocks": "Hide blocks",
    "add_block": "Add {name}",
    "add_a_block": "Add a block",
    "empty_title": "Start weaving",
    "empty_drag": "Drag a block from the left onto this space, or click one to add it.",
    "empty_tap": "Tap “Add a block” and choose one.",
    "empty_connect": "Then join the dot on its right to the dot on the left of the next block.",
    "loading": "Opening the canvas…",
    "saved": "Saved",
    "saving": "Saving…",
    "offline_count": "Offline, {count} changes kept",
    "reconnecting": "Connecting again…",
    "zoom_in": "Zoom in",
    "zoom_out": "Zoom out",
    "fit": "Show everything",
    "undo": "Undo",
    "redo": "Redo",
    "map": "Map of the flow",
    "toolbar": "Canvas tools",
    "remove_line": "Remove this line",
    "selection": "What is selected",
    "remove_selected": "Remove",
    "duplicate": "Duplicate",
    "rename": "Rename",
    "name_of_block": "Name of the block",
    "edit_note": "Edit the note",
    "empty_note": "Double-click to write a note",
    "as_tool": "As a tool",
    "unknown_block": "This block is not installed here",
    "input_of": "Input “{port}” of {node}: {type}",
    "output_of": "Output “{port}” of {node}: {type}",
    "required": "required",
    "line_from_to": "Line from {from} to {to}",
    "block_help": "Enter selects this block, the arrow keys move it, Delete removes it, F2 renames it.",
    "line_help": "Enter selects this line, Delete removes it.",
    "problem_count": "{count} problems",
    "status_waiting": "Waiting",
    "status_running": "Running",
    "status_done": "Done",
    "status_failed": "Failed",
    "status_skipped": "Skipped",
    "seconds": "{seconds} s",
    "refuse_type": "{from} gives {from_type}, but {to} needs {to_type}.",
    "refuse_self": "A block cannot be joined to itself.",
    "refuse_cycle": "This would make a loop. Loops come with a later version.",
    "refuse_ends": "Join an output on the right of a block to an input on the left of another.",
    "copied": "{count} blocks copied",
    "read_only": "View only",
    "tidy": "Tidy up",
    "choose_next": "What comes next?",
    "not_saved": "A change could not be saved.",
}

add_texts(TRANSLATIONS)


def canvas_texts(language: str) -> dict[str, str]:
    """The canvas's words in a language, their `{names}` left open for the browser to fill."""
    return {key: translate(text, language) for key, text in TEXTS.items()}
