"""Questions with answers to choose from: whatever is chosen, right or wrong, is told why."""

from collections.abc import Mapping
from typing import Any

from nst_explorer.course.verdicts import Verdict, is_open


def judge_choice(answer: Any, right: str, replies: Mapping[str, str]) -> Verdict:
    """Returns what is said to a letter.

    Args:
        answer: What a student wrote; three dots as long as nothing.
        right: The letter of the right answer.
        replies: Every letter that can be chosen, to why it is right or wrong.
    """
    letters = ", ".join(f'"{letter}"' for letter in replies)
    if is_open(answer):
        return Verdict("open", f"Write one of {letters} in place of the three dots, and run the cell again.")
    letter = answer.strip().lower() if isinstance(answer, str) else answer
    if not isinstance(letter, str) or letter not in replies:
        return Verdict("wrong", f"The answer is {answer!r}, but it must be one of {letters}, with its quotation marks.")
    return Verdict("right" if letter == right else "wrong", replies[letter])
