"""The session: an optimization as a history of frozen iterates. Knows nothing of Jupyter."""
