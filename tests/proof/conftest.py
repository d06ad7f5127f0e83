"""How much is proved: a slice with the tests, all of it with `make prove`."""

from collections.abc import Callable

import pytest

Runs = Callable[[int, int], int]


@pytest.fixture(scope="session")
def runs(request: pytest.FixtureRequest) -> Runs:
    """`runs(a_few, all)`: how many times something is tried in this run."""
    is_full = bool(request.config.getoption("--prove"))

    def chosen(few: int, full: int) -> int:
        return full if is_full else few

    return chosen
