"""The journal: a run is written as it goes, to one SQLite file, so that it outlives the process that computes it."""
