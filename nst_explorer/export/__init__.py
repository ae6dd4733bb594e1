"""Taking a run along: its picture, film, curves, contact sheet, recipe and report, each as one file.

Each function takes a session as it stands and a path, whose ending chooses the format. A file is there when it is
whole: what is interrupted, or does not fit on the disk, leaves none, and the run as it was.
"""

from nst_explorer.core.records import read_recipe, read_record
from nst_explorer.export.contact_sheet import save_contact_sheet
from nst_explorer.export.curves import save_curves
from nst_explorer.export.film import save_film
from nst_explorer.export.pictures import save_picture
from nst_explorer.export.recipes import save_recipe
from nst_explorer.export.repeating import repeat_run
from nst_explorer.export.report import save_report

__all__ = [
    "read_recipe",
    "read_record",
    "repeat_run",
    "save_contact_sheet",
    "save_curves",
    "save_film",
    "save_picture",
    "save_recipe",
    "save_report",
]
