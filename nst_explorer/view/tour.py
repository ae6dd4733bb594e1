"""The tour: six stops at the places of the dashboard, each with what to do there."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TourStop:
    """One stop.

    Attributes:
        place: Where its card stands, next to what it is about.
        title: What it is about.
        text: One or two sentences, as HTML.
        tab: The tab that it opens; empty for none.
    """

    place: str
    title: str
    text: str
    tab: str = ""


STOPS = (
    TourStop(
        "images",
        "Two pictures",
        "The content says what is to be seen, the style how it is to look. Take others by <b>Samples</b>, "
        "<b>Upload</b> or a path; each begins a new run, and the last one is kept.",
    ),
    TourStop(
        "network",
        "What compares them",
        "VGG19, layer by layer: those marked C are compared with the content, those marked S with the style. Click a "
        "row to choose a layer for the tabs, or a box to give it a role.",
    ),
    TourStop(
        "result",
        "The picture as it becomes",
        "<b>Play</b> moves the pixels step by step until you pause; <b>Step</b> takes one. Every control works while "
        "it plays.",
    ),
    TourStop(
        "inspect",
        "What falls",
        "The thick curve is the total loss, the thin ones are its terms; what an optimizer does is to make the total "
        "fall. Point at the chart to see the picture of that step.",
        tab="Loss",
    ),
    TourStop(
        "inspect",
        "Looking inside",
        "<b>Feature maps</b> shows what a layer sees, <b>Gram</b> what is left of it as style, <b>Gradient</b> who "
        "pushes which pixel, <b>One step</b> all of it in order. They look at the layer that is chosen in the network.",
        tab="Feature maps",
    ),
    TourStop(
        "timeline",
        "Going back",
        "Drag the slider above, or click the line below, to go back to any step: the same picture, the same losses. "
        "Change the recipe there and go on, and you have a branch to compare with, on the tab <b>Branches</b>.",
    ),
)


def write_stop(stop: int) -> str:
    """Writes a stop, from 1, as HTML that is read out when it appears."""
    present = STOPS[stop - 1]
    return f'<div role="status"><h4>Tour, step {stop} of {len(STOPS)}: {present.title}</h4><p>{present.text}</p></div>'
