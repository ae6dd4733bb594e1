"""The explorer without a browser: gestures reach the session, failures are told where they belong."""

import threading
from dataclasses import replace

import ipywidgets
import numpy as np
import pytest

from nst_explorer import Explorer, Recipe, tabs
from nst_explorer.core import images
from nst_explorer.errors import InputError
from nst_explorer.view.numbers import format_number
from tests.explorer_fixtures import wait_until

pytestmark = pytest.mark.slow  # whole runs: seconds each


def test_the_session_is_the_one_that_the_buttons_drive(explorer, gestures):
    gestures.step(2)
    wait_until(lambda: explorer.session.step == 2)
    explorer.session.advance(1)
    gestures.step(1)
    wait_until(lambda: explorer.session.step == 4)


def test_every_change_of_the_form_reaches_the_session(explorer, gestures):
    gestures.weigh_group("style_weight", 2.0)
    gestures.weigh_layer("style", "block1_conv1", 3.0)
    gestures.choose_setting("learning_rate", 0.1)
    gestures.choose_field("pooling", "max")
    gestures.choose_field("convention", "mean")
    gestures.choose_layer("block2_conv2")
    gestures.choose_role("both")
    gestures.weigh_chosen_layer(4.0)
    wait_until(lambda: explorer.session.recipe.content_layers.get("block2_conv2") == 4.0)
    recipe = explorer.session.recipe
    assert (recipe.style_weight, recipe.style_layers["block1_conv1"]) == (2.0, 3.0)
    assert (recipe.optimizer.learning_rate, recipe.pooling, recipe.convention) == (0.1, "max", "mean")
    assert recipe.style_layers["block2_conv2"] == 4.0
    assert explorer.recipe == recipe


def test_a_refused_value_is_told_beside_its_control_and_changes_nothing(explorer, gestures, recipe):
    gestures.weigh_group("style_weight", -1.0)
    assert "The style weight is -1.0" in explorer.dashboard.recipe.messages.text
    assert explorer.recipe == recipe
    gestures.weigh_group("style_weight", 2.0)
    assert explorer.dashboard.recipe.messages.text == ""


@pytest.mark.parametrize("path", ["missing.jpg", "https://example.com/a.jpg"])
def test_an_image_that_cannot_be_opened_leaves_the_run(explorer, gestures, path):
    gestures.step(2)
    wait_until(lambda: explorer.session.step == 2)
    session = explorer.session
    gestures.choose_image("content", path)
    wait_until(lambda: path in explorer.dashboard.images.messages.text)
    assert explorer.session is session
    gestures.step(1)
    wait_until(lambda: session.step == 3)


def test_weights_that_cannot_be_loaded_leave_the_run_and_the_form(explorer, gestures, recipe):
    gestures.choose_network("imagenet")
    wait_until(lambda: "nst-explorer weights fetch" in explorer.dashboard.header.messages.text)
    assert explorer.recipe == recipe
    gestures.choose_network("nonsense")
    assert 'The weights are "nonsense"' in explorer.dashboard.header.messages.text


def test_another_image_begins_a_run_and_the_last_is_kept(explorer, gestures, tmp_path, style_image):
    from nst_explorer.core.outputs import save_image

    save_image(style_image, tmp_path / "other.png")
    gestures.step(3)
    wait_until(lambda: explorer.session.step == 3)
    first = explorer.session
    gestures.choose_image("content", str(tmp_path / "other.png"))
    wait_until(lambda: explorer.earlier == (first,))
    assert explorer.session.step == 0
    assert explorer.session.content.shape == style_image.shape
    assert first.step == 3


def test_what_was_asked_for_stays_in_the_forms_while_its_run_is_opened(explorer, gestures, monkeypatch):
    may_open = threading.Event()
    load = images.load_image

    def load_late(source, size):
        may_open.wait(30)
        return load(source, size)

    monkeypatch.setattr(images, "load_image", load_late)
    gestures.choose_size(48)
    explorer.look_at(layer="block1_conv1")  # draws the old run's moment once more
    assert explorer.recipe.size == 48
    may_open.set()
    wait_until(lambda: explorer.session.content.shape == (36, 48, 3))
    assert explorer.recipe.size == 48


def map_of(explorer):
    return explorer.dashboard.network.drawing


def test_another_size_begins_a_run(explorer, gestures):
    gestures.choose_size(48)
    wait_until(lambda: explorer.session.content.shape == (36, 48, 3))


def test_a_chip_on_the_map_takes_its_layer_into_a_role_and_out_again(explorer, gestures):
    gestures.toggle_role("block3_conv2", "style")
    wait_until(lambda: "block3_conv2" in explorer.session.recipe.style_layers)
    assert explorer.selection.layer == "block3_conv2"
    gestures.toggle_role("block3_conv2", "content")
    gestures.toggle_role("block3_conv2", "style")
    wait_until(lambda: "block3_conv2" not in explorer.session.recipe.style_layers)
    assert "block3_conv2" in explorer.session.recipe.content_layers


def test_the_map_shows_who_pushes_and_at_which_step(explorer, gestures):
    gestures.step(2)
    wait_until(lambda: explorer.session.step == 2)
    assert "of the loss" in map_of(explorer)
    gestures.choose_shares("push")
    wait_until(lambda: "push at step 2" in map_of(explorer))
    gestures.choose_shares("loss")
    assert "of the loss" in map_of(explorer)


def test_a_preset_keeps_network_and_size(explorer, gestures, recipe):
    gestures.step(1)
    gestures.choose_preset("tensorflow-tutorial")
    wait_until(lambda: explorer.session.recipe.convention == "mean")
    assert (explorer.session.recipe.weights, explorer.session.recipe.size) == (recipe.weights, 64)
    wait_until(lambda: "meant for ImageNet" in explorer.dashboard.result.messages.text)


def test_what_cannot_be_opened_at_first_is_told_and_a_sample_takes_its_place(recipe):
    explorer = Explorer("missing.jpg", recipe=replace(recipe, weights="missing.npz"))
    assert explorer.session.step == 0
    assert "missing.jpg" in explorer.dashboard.images.messages.text
    assert "missing.npz" in explorer.dashboard.header.messages.text
    assert explorer.session.weights.name == "builtin"
    explorer.close()


def test_a_device_that_is_not_there_is_told_and_another_is_taken(content_image, style_image, recipe, monkeypatch):
    monkeypatch.setattr("nst_explorer.core.differentiate.prepare_devices", lambda: ())
    explorer = Explorer(content_image, style_image, recipe, device="gpu")
    assert explorer.session.device == "CPU:0"
    assert "TensorFlow sees none" in explorer.dashboard.header.messages.text
    explorer.close()


def test_going_back_shows_the_recipe_of_that_step(explorer, gestures, recipe):
    gestures.step(2)
    wait_until(lambda: explorer.session.step == 2)
    gestures.weigh_group("style_weight", 5.0)
    gestures.step(1)
    wait_until(lambda: explorer.session.step == 3)
    gestures.go_to(1)
    wait_until(lambda: explorer.recipe.style_weight == recipe.style_weight)
    assert explorer.session.step == 1


def test_a_layer_can_be_chosen_by_code_and_an_unknown_one_is_refused(explorer):
    explorer.select(layer="block5_conv4")
    assert explorer.selection.layer == "block5_conv4"
    with pytest.raises(InputError, match="did you mean"):
        explorer.select(layer="block5_conv9")
    explorer.select(channel=3)
    assert (explorer.selection.layer, explorer.selection.features.channel) == ("block5_conv4", 3)
    assert explorer.selection.gram.linked == 3
    with pytest.raises(InputError, match="The channel is -1, but it must be a whole number from 0"):
        explorer.select(channel=-1)


def test_the_start_is_shown_exactly(explorer, content_image):
    np.testing.assert_array_equal(explorer.session.image, content_image)


@pytest.mark.parametrize("of", ["generated", "content", "style", "difference"])
def test_the_feature_maps_tab_shows_the_layer_and_follows_the_run(explorer, gestures, of):
    gestures.choose_tab("Feature maps")
    gestures.choose_layer("block2_conv1")
    gestures.choose_features("of", of)
    wait_until(lambda: "block2_conv1" in features_text(explorer))
    gestures.choose_features("channel", 2)
    wait_until(lambda: explorer.dashboard.tabs.panel("Feature maps").root is not None and shown_channel(explorer) == 2)
    gestures.choose_layer("block5_conv1")
    wait_until(lambda: "block5_conv1" in features_text(explorer))
    gestures.step(2)
    wait_until(lambda: explorer.session.step == 2)
    gestures.choose_size(48)  # another run, another size: nothing stale stays
    wait_until(lambda: explorer.session.recipe.size == 48)
    height, width, _ = explorer.session.features("block5_conv1", "content" if of == "difference" else of).shape
    wait_until(lambda: f"of {width} × {height} values" in features_text(explorer))
    wait_until(lambda: explorer.dashboard.inspect_messages.text == "")


def features_text(explorer):
    return "".join(find_texts(explorer.dashboard.tabs.panel("Feature maps").root))


def shown_channel(explorer):
    fields = [
        each
        for each in walk(explorer.dashboard.tabs.panel("Feature maps").root)
        if getattr(each, "description", "") == "Channel"
    ]
    return fields[0].value


def find_texts(widget):
    return [each.value for each in walk(widget) if type(each).__name__ == "HTML"]


def walk(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from walk(child)


def test_the_gram_tab_shows_the_style_loss_of_the_present_step(explorer, gestures):
    gestures.choose_tab("Gram")
    gestures.choose_layer("block3_conv1")
    gestures.step(3)
    wait_until(lambda: explorer.session.step == 3)
    panel = explorer.dashboard.tabs.panel("Gram")
    weighted = format_number(explorer.session.losses["style/block3_conv1"])
    wait_until(lambda: f"<mn>{weighted}</mn>" in "".join(find_texts(panel.root)))
    gestures.choose_layer("block2_conv2")
    wait_until(lambda: "is not in the loss" in "".join(find_texts(panel.root)))
    wait_until(lambda: explorer.dashboard.inspect_messages.text == "")


def test_a_tab_that_cannot_be_drawn_says_so_and_the_run_goes_on(explorer, gestures, monkeypatch):
    def break_down(*_):
        raise ZeroDivisionError("nobody saw this coming")

    monkeypatch.setitem(tabs.TABS, "Gram", replace(tabs.TABS["Gram"], draw=break_down))
    gestures.choose_tab("Gram")
    wait_until(lambda: "nobody saw this coming" in explorer.dashboard.inspect_messages.text)
    gestures.step(1)
    wait_until(lambda: explorer.session.step == 1)


def test_what_comes_by_itself_brings_no_widget_that_is_older_than_its_box(content_image, style_image, monkeypatch):
    # A browser that is just connecting opens such a box only after the older widget, and asks for that one only after.
    opened: dict[str, list[str]] = {}
    open_widget = ipywidgets.Widget.open

    def record(widget: ipywidgets.Widget) -> None:
        open_widget(widget)
        opened[widget.model_id] = [child.model_id for child in getattr(widget, "children", ())]

    monkeypatch.setattr(ipywidgets.Widget, "open", record)
    explorer = Explorer(content_image, style_image, Recipe(size=64))
    older = set(opened)
    wait_until(lambda: "ImageNet" in explorer.dashboard.header.messages.text)
    explorer.close()
    assert explorer.dashboard.header.messages.root.children[0].children[1].children
    assert not [child for box in set(opened) - older for child in opened[box] if child in older]
