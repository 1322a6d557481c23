"""Places on a line: everything once, groups together, hubs in the middle, the same for the same links."""

import numpy as np

from crm_core.models.line_layout import place_on_line


def test_a_hub_stands_among_what_it_is_linked_to() -> None:
    places = place_on_line([(9, 1), (9, 2), (9, 3), (9, 4)])
    assert places[9] == 2


def test_a_chain_stands_in_its_order() -> None:
    places = place_on_line([(2, 3), (1, 2), (4, 5), (3, 4)])
    assert [abs(places[one] - places[one + 1]) for one in range(1, 5)] == [1, 1, 1, 1]


def test_everything_has_a_place_of_its_own_and_groups_stand_together() -> None:
    rng = np.random.default_rng(3)
    for _ in range(20):
        links = [(int(a), int(b)) for a, b in rng.integers(0, 40, (30, 2)) if a != b]
        places = place_on_line(links)
        assert sorted(places.values()) == list(range(len({end for link in links for end in link})))
        assert place_on_line(links) == places
    apart = place_on_line([(1, 2), (7, 8), (2, 3), (8, 9)])
    assert {apart[1], apart[2], apart[3]} == {0, 1, 2}


def test_nothing_has_no_place() -> None:
    assert place_on_line([]) == {}
