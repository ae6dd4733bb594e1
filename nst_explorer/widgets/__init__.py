"""The widgets: panels with a root, `show(data)` and `on_…` callbacks. They compute nothing and hold no session."""
