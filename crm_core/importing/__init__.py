"""A file's bytes become clean, typed rows and a list of what was rejected and why. Nothing is written."""
