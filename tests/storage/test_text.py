"""Text from outside: made fit for every database, and otherwise left alone."""

import json
from pathlib import Path

import pytest
from sqlmodel import select

from storage.models import Portfolio
from storage.text import clean

NAUGHTY = Path(__file__).parents[2] / ".." / "shared" / "data" / "attacks" / "naughty_strings.json"


def test_only_what_no_database_takes_is_mended():
    assert clean("nul\x00, half \ud83d character, cafe\u0301, \u202eright to left, 🚀") == (
        "nul, half \ufffd character, caf\u00e9, \u202eright to left, 🚀"
    )


def test_naughty_strings_survive_the_way_through_the_database(store):
    if not NAUGHTY.exists():
        pytest.skip(f"{NAUGHTY} is not here.")
    strings = [clean(each) for each in json.loads(NAUGHTY.read_text())]

    with store.writing("Naughty names") as writer:
        writer.add(Portfolio, [{"key": str(number), "name": each} for number, each in enumerate(strings)])

    with store.reading() as session:
        assert session.exec(select(Portfolio.name).order_by(Portfolio.id)).all() == strings
