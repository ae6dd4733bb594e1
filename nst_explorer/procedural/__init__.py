"""Pictures made by code: sample styles, and later the training data of the built-in network."""
