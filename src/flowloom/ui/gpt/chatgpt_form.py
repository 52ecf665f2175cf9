"""A custom GPT copied over by hand, field by field: what ChatGPT exports holds none of them."""

import json

import streamlit as st

from flowloom.ui.session import t

ABILITIES = {
    "web_search": "Web search",
    "image_generation": "Image generation",
    "code_interpreter": "Data analysis",
}


def draw_chatgpt_form() -> str:
    """What was copied so far, as JSON; "" until there are instructions."""
    st.markdown(
        t("In ChatGPT, open your GPT, choose **Edit** and then **Configure**. Copy each field here.")
        + " "
        + t("A ChatGPT data export doesn’t contain GPTs.")
    )
    name = st.text_input(t("Name"), key="form_name")
    description = st.text_input(t("Description"), key="form_description")
    instructions = st.text_area(t("Instructions"), key="form_instructions", height=200)
    starters = st.text_area(t("Conversation starters, one per line"), key="form_starters", height=100)
    labels = {ability: t(label) for ability, label in ABILITIES.items()}
    abilities = st.pills(
        t("Capabilities"),
        list(labels),
        selection_mode="multi",
        format_func=labels.__getitem__,
        key="form_abilities",
    )
    actions = st.text_area(
        t("Actions (OpenAPI schema)"), key="form_actions", height=100, help=t("Leave empty if your GPT has none.")
    )
    files = st.text_input(
        t("Names of its knowledge files"),
        key="form_files",
        help=t("Separated by commas. You add the files themselves after the import."),
    )
    if not instructions.strip():
        return ""
    return json.dumps(
        {
            "name": name,
            "description": description,
            "instructions": instructions,
            "conversation_starters": [line for line in starters.splitlines() if line.strip()],
            "capabilities": dict.fromkeys(abilities, True),
            "actions": [actions] if actions.strip() else [],
            "knowledge": [each.strip() for each in files.split(",") if each.strip()],
        }
    )
