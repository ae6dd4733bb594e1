"""The tab of one step taken apart: five stages to step through, each with its pictures and numbers."""

from collections.abc import Callable

from nst_explorer.view.stage_view import MOST_FIGURES, STAGES, StageFigure, StageView, move_stage
from nst_explorer.widgets.channel_panel import show_picture
from nst_explorer.widgets.explaining import NotesPlace
from nst_explorer.widgets.panel import (
    add_classes,
    make_box,
    make_button,
    make_explanation,
    make_facts,
    make_html,
    make_image,
    set_class,
    write_explanation,
)

NOT_YET = "The stages appear with the first step."


class OneStepPanel:
    """The stages of the step under way.

    Attributes:
        root: The widget.

    Args:
        on_stage: Called with the stage that is to be looked at.
    """

    def __init__(self, on_stage: Callable[[str], None]) -> None:
        self._stage = STAGES[0]
        self._stages = {stage: make_button(stage, lambda stage=stage: on_stage(stage), "nst-stage") for stage in STAGES}
        self._previous = make_button("Previous stage", lambda: on_stage(move_stage(self._stage, -1)))
        self._next = make_button("Next stage", lambda: on_stage(move_stage(self._stage, 1)))
        self._title, self._words = make_html("", "nst-heading"), make_html("", "nst-sentence")
        self._figures = [_Figure() for _ in range(MOST_FIGURES)]
        self._facts, self._table = make_html("", "nst-state-facts"), make_html("", "nst-table nst-stage-table")
        self._formulas = make_html("", "nst-loss-formula")
        self._explanation = make_explanation("")
        self._status = make_html(NOT_YET, "nst-caption")
        self._body = make_box(
            "nst-stage-body nst-hidden",
            make_box("nst-stages", *self._stages.values(), is_row=True),
            make_box("nst-stage-moves", self._previous, self._next, is_row=True),
            self._title,
            self._words,
            make_box("nst-stage-figures", *(figure.root for figure in self._figures)),
            self._facts,
            self._formulas,
            self._table,
            self._explanation,
        )
        self.root = make_box("nst-view nst-one-step", NotesPlace("One step"), self._status, self._body)

    def show(self, view: StageView) -> None:
        """Shows a stage."""
        # Told aloud where another stage is looked at, and not with every step of a run that plays.
        role = "" if self._stage == view.stage else ' role="status"'
        self._stage = view.stage
        number = STAGES.index(view.stage)
        for stage, button in self._stages.items():
            set_class(button, "nst-open", is_on=stage == view.stage)
        self._previous.disabled, self._next.disabled = number == 0, number == len(STAGES) - 1
        self._title.value = f"<h3{role}>Stage {number + 1} of {len(STAGES)}: {view.stage}</h3><span>{view.title}</span>"
        self._words.value = f"<p>{view.words}</p>"
        for place, figure in enumerate(self._figures):
            figure.show(view.figures[place] if place < len(view.figures) else None)
        set_class(self._body, "nst-three-figures", is_on=len(view.figures) == MOST_FIGURES)
        self._facts.value, self._table.value = make_facts(view.facts), view.table
        self._formulas.value = view.formulas
        self._explanation.value = write_explanation(view.explanation, view.formula)
        add_classes(self._status, "nst-hidden")
        self._body.remove_class("nst-hidden")


class _Figure:
    """A picture with a title above and a color bar below."""

    def __init__(self) -> None:
        self._title, self._legend = make_html("", "nst-caption"), make_html("", "nst-legend-bar")
        self._image = make_image("Picture of the stage", "nst-push-picture")
        self.root = make_box("nst-figure", self._title, self._image, self._legend)

    def show(self, figure: StageFigure | None) -> None:
        """Shows a figure, or none."""
        set_class(self.root, "nst-hidden", is_on=figure is None)
        if figure is None:
            return
        self._title.value, self._legend.value = figure.title, figure.legend
        show_picture(self._image, figure.picture, figure.kind)
        self._image.tooltip = figure.name
        set_class(self._image, "nst-diverging", is_on=figure.is_diverging)
        set_class(self._image, "nst-cells", is_on=figure.is_pixelated)
