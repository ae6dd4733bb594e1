"""The images: content and style as pictures, by path, by sample or by upload, and what the run starts from."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType

import ipywidgets as widgets

from nst_explorer.limits import UNLIMITED, Limits
from nst_explorer.recipe import STARTS, Recipe
from nst_explorer.widgets.explaining import NotesPlace
from nst_explorer.widgets.message_bar import MessageBar
from nst_explorer.widgets.panel import (
    Control,
    add_classes,
    make_box,
    make_field,
    make_heading,
    make_image,
    make_segments,
)
from nst_explorer.widgets.sample_gallery import SampleGallery
from nst_explorer.widgets.set_gallery import SetGallery

ROLES = ("content", "style")


class ImagesPanel:
    """Two pictures and how to change them.

    Attributes:
        opened_samples: The role of which the samples are shown; at most one gallery is open.
        opened_set: The role of which the folder is shown.
        sets: Galleries of folders, by role.

    Args:
        samples: Names of the samples, by role.
        on_choose: Called with the role and the path or name that was typed or chosen.
        on_samples: Called with the role whose gallery is to be opened, or closed if it is open.
        on_upload: Called with the role, the file's name and its bytes.
        on_start: Called with `content`, `style` or `noise`.
        on_seed: Called with the seed.
        limits: Whether paths may be typed.
        sets: As above.
    """

    def __init__(
        self,
        samples: dict[str, Sequence[str]],
        on_choose: Callable[[str, str], None],
        on_samples: Callable[[str], None],
        on_upload: Callable[[str, str, bytes], None],
        on_start: Callable[[str], None],
        on_seed: Callable[[int], None],
        *,
        limits: Limits = UNLIMITED,
        sets: Mapping[str, SetGallery] = MappingProxyType({}),
    ) -> None:
        self.sets = sets
        self._on_upload = on_upload
        self._thumbnails = {role: make_image(f"{role.title()} image", "nst-thumbnail") for role in ROLES}
        self._names = {
            role: Control(
                make_field(
                    widgets.Combobox(
                        description=f"{role.title()} image",
                        options=list(samples[role]),
                        ensure_option=False,
                        placeholder="path or sample" if limits.may_read_paths else "sample",
                        continuous_update=False,
                    ),
                    f"nst-role-{role}",
                ),
                lambda text, role=role: on_choose(role, text),
            )
            for role in ROLES
        }
        self.opened_samples: str | None = None
        self.opened_set: str | None = None
        self._galleries = {
            role: SampleGallery(role, samples[role], partial(on_choose, role), partial(on_samples, role))
            for role in ROLES
        }
        self._start = Control(make_segments("Start from", STARTS, "content"), on_start)
        self._seed = Control(make_field(widgets.IntText(description="Seed", continuous_update=False)), on_seed)
        self.messages = MessageBar()
        pair = make_box("nst-pair", *(self._make_image(role) for role in ROLES), is_row=True)
        start = make_box("nst-start", self._start.widget, self._seed.widget, is_row=True)
        galleries = (gallery.root for gallery in (*self._galleries.values(), *sets.values()))
        self.root = make_box(
            "nst-panel nst-images",
            make_heading("Images"),
            pair,
            self.messages.root,
            *galleries,
            start,
            NotesPlace("images"),
        )

    def show(self, recipe: Recipe) -> None:
        """Shows what the run starts from."""
        self._start.show(recipe.start)
        self._seed.show(recipe.seed)
        self._seed.widget.disabled = recipe.start != "noise"

    def show_image(self, role: str, name: str, png: bytes) -> None:
        """Shows a picture and its name."""
        self.show_name(role, name)
        self._thumbnails[role].value = png
        self._thumbnails[role].tooltip = f"{role.title()} image: {name}"

    def show_name(self, role: str, name: str) -> None:
        """Shows a name only: that of the picture in use, after another could not be opened."""
        self._names[role].show(name)
        self._names[role].widget.tooltip = name  # a long path is cut off in its field
        self._galleries[role].show_present(name)
        if role in self.sets:
            self.sets[role].show_present(name)

    def show_samples(self, opened: str | None) -> None:
        """Opens the gallery of a role, or none, and closes the others."""
        self._show_galleries(opened, None)

    def show_set(self, opened: str | None) -> None:
        """Opens the folder of a role, or none, and closes the others."""
        self._show_galleries(None, opened)

    def _show_galleries(self, samples: str | None, opened_set: str | None) -> None:
        self.opened_samples, self.opened_set = samples, opened_set
        for role, gallery in self._galleries.items():
            gallery.show_open(role == samples)
        for role, gallery in self.sets.items():
            gallery.show_open(role == opened_set)

    def show_sample(self, role: str, name: str, jpeg: bytes) -> None:
        """Shows the thumbnail of a sample in a gallery that has been opened."""
        self._galleries[role].show_picture(name, jpeg)

    def _make_image(self, role: str) -> widgets.Box:
        upload = widgets.FileUpload(
            accept="image/*,.heic", multiple=False, description=f"Upload a {role} image", tooltip="Upload"
        )
        upload.observe(lambda change: self._hear_upload(role, change["new"]), "value")
        add_classes(upload, "nst-button nst-upload")
        toggles = [self._galleries[role].toggle, *([self.sets[role].toggle] if role in self.sets else [])]
        return make_box("nst-image", self._thumbnails[role], self._names[role].widget, upload, *toggles)

    def _hear_upload(self, role: str, files: Sequence[dict]) -> None:
        for file in files:
            self._on_upload(role, str(file["name"]), bytes(file["content"]))
