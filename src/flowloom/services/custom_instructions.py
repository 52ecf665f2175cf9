"""What the person who chats wrote of themselves and of how they want to be answered, for every GPT."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from flowloom.services.files import write_whole

LONGEST = 4_000
"""Characters of each of both texts."""
FILE = "custom-instructions.json"
ASKED = (
    "The person you speak with wrote this about themselves and how they like to be answered. "
    "Keep to it where your task allows."
)


class CustomInstructions(BaseModel):
    """`about` is what a GPT should know of the person, `answer` how to answer them; neither counts unless `on`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    about: str = Field("", max_length=LONGEST)
    answer: str = Field("", max_length=LONGEST)
    on: bool = True

    @property
    def told(self) -> str:
        """What a model reads, "" where there is nothing to tell."""
        parts = [part for part in (self.about.strip(), self.answer.strip()) if part]
        return "\n".join([ASKED, *parts]) if self.on and parts else ""


def load_custom_instructions(home: Path) -> CustomInstructions:
    """Those kept in a folder; none where there is no file, or one that cannot be read."""
    try:
        return CustomInstructions.model_validate_json((home / FILE).read_bytes())
    except (OSError, ValidationError):
        return CustomInstructions()


def save_custom_instructions(home: Path, given: CustomInstructions) -> None:
    write_whole(home / FILE, given.model_dump_json().encode())
