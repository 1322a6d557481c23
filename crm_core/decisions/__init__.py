"""Facts and predictions become what to do next, with the reason."""
