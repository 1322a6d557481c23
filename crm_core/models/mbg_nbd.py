"""MBG/NBD: BG/NBD in which a customer may also leave after their very first purchase.

So somebody who bought once and stayed away long is likely gone, where BG/NBD says that they are still a customer.
Source: Batislam, Denizel & Filiztekin (2007), Empirical Validation and Comparison of Models for Customer Base Analysis,
International Journal of Research in Marketing 24(3), 201-209.
"""

from crm_core.models.bg_nbd import BetaGeoNBD

__all__ = ["ModifiedBetaGeoNBD"]


class ModifiedBetaGeoNBD(BetaGeoNBD):
    """The MBG/NBD model. What it is asked and learns: PurchaseModel; alpha_ is a time. P(alive) is below 1 for one-time
    buyers too.

    >>> model = ModifiedBetaGeoNBD.from_parameters({"r": 0.525, "alpha": 6.183, "a": 0.891, "b": 1.614})  # in weeks
    >>> import pandas as pd
    >>> once = pd.DataFrame({"repeat_days": [0, 0], "first_to_last_days": [0, 0], "tenure_days": [0, 39]})
    >>> model.p_alive(once).round(3).tolist()  # at first b / (a + b)
    [0.644, 0.389]
    """

    NAME = "MBG/NBD"
    CHANCES_AT_FIRST = 1
