"""Regulars: customer intelligence for a company of one.

Data flow one way: importing -> store -> features -> models -> decisions -> services -> pages, API and command line.
The package knows nothing of the screen; ``services`` is the only place where the store meets the models.
"""

__version__ = "0.1.0"
__all__ = ["__version__"]
