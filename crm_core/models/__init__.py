"""Fit and predict; no database, no screen."""
