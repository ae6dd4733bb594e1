from nst_explorer.widgets.pointer_surface import PointerSurface


def make_surface():
    heard = []
    surface = PointerSurface(
        "Maps",
        lambda *cell: heard.append(cell),
        lambda *cell: heard.append(("click", *cell)),
        lambda: heard.append("left"),
    )
    surface.show_size(4, 3)
    return surface, heard


def move(surface, event, x, y):
    surface.widget._handle_frontend_event(surface.widget, {"event": event, "x": x, "y": y}, [])


def test_moving_within_a_cell_is_told_once():
    surface, heard = make_surface()
    for x, y in ((1.2, 2.9), (1.8, 2.1), (2.0, 2.1)):
        move(surface, "mouse_move", x, y)
    assert heard == [(1, 2), (2, 2)]


def test_the_edge_belongs_to_the_last_cell():
    surface, heard = make_surface()
    move(surface, "mouse_move", 4.0, -0.3)
    assert heard == [(3, 0)]


def test_pressing_and_leaving_are_told_and_coming_back_to_the_cell_is_told_again():
    surface, heard = make_surface()
    move(surface, "mouse_move", 0, 0)
    move(surface, "mouse_down", 0, 0)
    move(surface, "mouse_out", 0, 0)
    move(surface, "mouse_move", 0, 0)
    assert heard == [(0, 0), ("click", 0, 0), "left", (0, 0)]


def test_turning_the_wheel_is_told_by_the_notch_with_the_cell_under_the_mouse():
    heard = []
    surface = PointerSurface("Maps", lambda *cell: None, on_wheel=lambda *told: heard.append(told))
    surface.show_size(4, 3)
    move(surface, "mouse_wheel", 0, -120)
    assert heard == []  # the mouse has not been seen yet
    move(surface, "mouse_move", 2, 1)
    move(surface, "mouse_wheel", 0, -120)
    for _ in range(5):
        move(surface, "mouse_wheel", 0, 12)
    surface.show_size(8, 6)
    move(surface, "mouse_wheel", 0, -60)  # nobody moved the mouse: it is at the same place of the picture
    assert heard == [(2, 1, 1), (2, 1, -1), (4, 2, 1)]


def test_the_cell_is_told_again_after_the_picture_changed_its_size():
    surface, heard = make_surface()
    move(surface, "mouse_move", 1, 1)
    surface.show_size(8, 8)
    move(surface, "mouse_move", 1, 1)
    assert heard == [(1, 1), (1, 1)]
