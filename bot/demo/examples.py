"""Posts that a newcomer to the demo tries with one press: stopped, asked about, or fine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Example:
    """``name`` says what is in the words, which is what the checks are to notice."""

    name: str
    words: str


EXAMPLES: Final = (
    Example(
        "A pupil's full name",
        "Well done to Amelia Okonjo and the choir for a wonderful concert last night!",
    ),
    Example(
        "A name in disguise",
        "So proud of @kofi_holloway, our star of the week! #StarOfTheWeek",
    ),
    Example(
        "A first name and a class",
        "Sorrel in 4B has read a hundred books since September.",
    ),
    Example(
        "Somebody's own number",
        "Lost a coat? Ring Ms Diaz on 07700 900123, any evening.",
    ),
    Example(
        "A short link",
        "Book your place at the winter fair: https://bit.ly/oakfield-fair",
    ),
    Example(
        "Advertising",
        "Use code SAVE20 at SportsBarn for 20% off football boots!",
    ),
    Example(
        "Nothing at all",
        "Thank you to everybody who came to our harvest assembly. The food bank is very grateful.",
    ),
)
