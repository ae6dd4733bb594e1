"""What pictures of the run are called for those who do not see them: what is shown, of which step, how large."""

PICTURE_WORDS = {
    "picture": "generated picture at step {step}, {size} px",
    "content": "the content image, {size} px",
    "difference": "difference of the generated picture at step {step} from the content, {size} px",
    "wipe": "wipe at step {step}, {size} px",
}


def name_result(picture: str, step: int, size: str) -> str:
    """Returns the name of the result.

    Args:
        picture: What is shown, one of `PICTURES`.
        step: The present step.
        size: Width and height, written.

    Example:
        >>> name_result("picture", 128, "256 × 192")
        'Result: generated picture at step 128, 256 × 192 px'
    """
    return f"Result: {PICTURE_WORDS[picture].format(step=step, size=size)}"


def name_preview(step: int) -> str:
    """Returns the name of another step's picture in the place of the result."""
    return f"Result: preview of step {step}"


def name_wipe(left: str, right: str, share: float) -> str:
    """Returns the name of two pictures side by side.

    Args:
        left: What is left of the line.
        right: What is right of it.
        share: How much of the picture is the left one's, in [0, 1].

    Example:
        >>> name_wipe("step 3", "step 10", 0.5)
        'step 3 on the left 50 %, step 10 on the right'
    """
    return f"{left} on the left {round(100 * share)} %, {right} on the right"
