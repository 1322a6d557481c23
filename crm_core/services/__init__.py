"""The use cases, one module per noun; the only place where the store meets the models."""
