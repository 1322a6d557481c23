"""Categories as columns of 0 and 1: a customer's country or channel, rare ones taken together."""

import pandas as pd

__all__ = ["OTHER_KIND", "UNKNOWN_KIND", "as_kinds", "spread_kinds"]

OTHER_KIND, UNKNOWN_KIND = "other", "not known"
RARE_BELOW = 0.05  # of those who have any
MOST_KINDS = 6


def as_kinds(words: pd.Series) -> pd.Series:
    """Text as a category: the common words by how common they are, the rest ``other``, none ``not known``.

    At most six words that one in twenty has or more; equally common ones go by the alphabet.

    >>> as_kinds(pd.Series(["DE", "DE", "AT", "DE", None])).tolist()
    ['DE', 'DE', 'AT', 'DE', 'not known']
    """
    filled = words.where(words.notna() & (words.astype("str").str.strip() != ""))
    counts = filled.value_counts().sort_index().sort_values(ascending=False, kind="stable")
    common = [word for word in counts.index[:MOST_KINDS] if counts[word] >= RARE_BELOW * counts.sum()]
    named = filled.where(filled.isin(common) | filled.isna(), OTHER_KIND).fillna(UNKNOWN_KIND)
    ends = [kind for kind in (OTHER_KIND, UNKNOWN_KIND) if kind not in common and (named == kind).any()]
    return pd.Series(pd.Categorical(named, categories=[*common, *ends]), index=words.index, name=words.name)


def spread_kinds(kinds: pd.Series) -> pd.DataFrame:
    """A column of 0 and 1 for each kind that somebody has.

    In: a categorical series. Out: its index, one column per kind.

    >>> spread_kinds(pd.Series(["web", "stall"], dtype="category")).to_dict("list")
    {'stall': [0.0, 1.0], 'web': [1.0, 0.0]}
    """
    used = [kind for kind in kinds.cat.categories if (kinds == kind).any()]
    return pd.DataFrame({kind: (kinds == kind).astype("float64") for kind in used}, index=kinds.index)
