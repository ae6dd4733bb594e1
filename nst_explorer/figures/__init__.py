"""Figures for papers and slides: what the dashboard shows of a session, as Matplotlib figures.

Each function takes a session as it stands and returns a figure of a paper's text width, whose maps are images of one
pixel a value and whose lines and letters are vectors. `figure.savefig("gram.pdf")` writes it; PNG and SVG the same.
No pyplot is used, so that live widgets beside it go on.
"""

from nst_explorer.figures.curves import loss_curves
from nst_explorer.figures.grams import gram
from nst_explorer.figures.maps import feature_maps
from nst_explorer.figures.paper import PaperFigure
from nst_explorer.figures.pictures import pictures
from nst_explorer.figures.rates import learning_rates
from nst_explorer.figures.rows import reconstructions
from nst_explorer.figures.totals import totals

__all__ = [
    "PaperFigure",
    "feature_maps",
    "gram",
    "learning_rates",
    "loss_curves",
    "pictures",
    "reconstructions",
    "totals",
]
