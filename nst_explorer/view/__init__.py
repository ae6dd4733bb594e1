"""The view tower: arrays in, frozen pictures and geometry out. NumPy and Pillow only."""
