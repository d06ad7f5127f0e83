"""Finding names in messages: a small directory, and one of a thousand projects."""

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.directory import NameRow
from storage.vocabulary import Level
from tools.names import How, NameIndex, plain, words_of

CMS = NameRow(Level.PORTFOLIO, 1, "CMS", "Centers for Medicare and Medicaid Services", ("CMS",))
PECOS = NameRow(Level.PROGRAM, 1, "009-4611", "CMS Provider Enrollment (PECOS)", (), ((Level.PORTFOLIO, 1),))
RELEASES = [
    NameRow(Level.PROJECT, key, str(2030 + key), f"PECOS FY 2012 {quarter} Quarter Release", (), ((Level.PROGRAM, 1),))
    for key, quarter in enumerate(("1st", "2nd", "3rd"), 1)
]
NEDSS = NameRow(Level.PROJECT, 6, "2006", "NEDSS - Base System Development")
TERN = NameRow(Level.PROJECT, 7, "GATE", "Tern Gateway")
HUB = NameRow(Level.PROJECT, 8, "HUBGW", "Hub Gateway")
TOMAS = NameRow(Level.PERSON, 1, "tomas.r", "Tomás Reyes", (), (), "tomas@firm.example")
INDEX = NameIndex([CMS, PECOS, *RELEASES, NEDSS, TERN, HUB, TOMAS])


def best(text: str) -> tuple[How, bool, list[str]]:
    """The way, whether misspelt, and the keys of the surest reading of the longest span."""
    mentions = INDEX.mentions(words_of(plain(text)))
    mention = max(mentions, key=lambda each: (each.how, each.last - each.first))
    return mention.how, mention.misspelt, [hit.row.key for hit in mention.hits]


@pytest.mark.parametrize(
    ("text", "how", "keys"),
    [
        ("status of 2006", How.CODE, ["2006"]),
        ("009-4611", How.CODE, ["009-4611"]),
        ("hubgw?", How.CODE, ["HUBGW"]),
        ("NEDSS Base System Development", How.NAME, ["2006"]),
        ("nedss base-system development's tasks", How.NAME, ["2006"]),
        ("PECOS", How.NAME, ["009-4611"]),
        ("pecos's cost", How.NAME, ["009-4611"]),
        ("Centers for Medicare & Medicaid Services", How.NAME, ["CMS"]),
        ("the 3rd quarter release", How.PART, ["2033"]),
        ("gateway", How.PART, ["HUBGW", "GATE"]),
        ("tomas", How.PART, ["tomas.r"]),
        ("Tomás Reyes", How.NAME, ["tomas.r"]),
        ("t. reyes", How.INITIALS, ["tomas.r"]),
        ("TG", How.INITIALS, ["GATE"]),
    ],
)
def test_words_mean_the_rows_they_name(text: str, how: How, keys: list[str]) -> None:
    assert best(text) == (how, False, keys)


@pytest.mark.parametrize(
    ("text", "keys"),
    [("gatway", ["HUBGW", "GATE"]), ("nedss base sytem developement", ["2006"]), ("tern gatewya", ["GATE"])],
)
def test_a_slip_of_the_keyboard_is_forgiven_and_told(text: str, keys: list[str]) -> None:
    assert best(text)[1:] == (True, keys)


@pytest.mark.parametrize(("text", "keys"), [("tern gw", ["GATE"]), ("nedss base system dvlpmt", ["2006"])])
def test_an_abbreviation_without_vowels_stands_for_the_one_word_it_fits(text: str, keys: list[str]) -> None:
    assert best(text)[1:] == (True, keys)


@pytest.mark.parametrize("text", ["btw", "pls", "ths", "gw wrt pls", "rls"])
def test_an_abbreviation_alone_is_no_part_of_a_longer_name(text: str) -> None:
    assert INDEX.mentions(words_of(text)) == []


DISGUISED = [
    "tern gаtewаy",  # Cyrillic а
    "ТERN GАTEWАY",  # Cyrillic capitals
    "ｔｅｒｎ ｇａｔｅｗａｙ",
    "te\u200brn\u2060 gate\u00adway",
    "\u202etern gateway\u202c",
    "te\u0301rn\u0336 gatewa\u20ddy",
    "tern\u3000gateway",
    "t\ud800ern gate\ufe0fway",
    "te\u3164rn gateway",
    "𝐭𝐞𝐫𝐧 𝓰𝓪𝓽𝓮𝔀𝓪𝔂",
]


@pytest.mark.parametrize("text", DISGUISED)
def test_letters_that_only_look_otherwise_are_the_same_name(text: str) -> None:
    assert best(text) == (How.NAME, False, ["GATE"])


@pytest.mark.parametrize("name", DISGUISED)
def test_a_name_stored_with_such_letters_is_found_by_plain_ones(name: str) -> None:
    index = NameIndex([NameRow(Level.PROJECT, 1, "ODD", name)])

    assert [hit.row.key for hit in index.named("Tern Gateway", [Level.PROJECT])] == ["ODD"]


def test_words_of_another_script_stay_what_they_are() -> None:
    assert plain("какие проекты") == "какие проекты"


@pytest.mark.parametrize(
    ("name", "said"), [("Łukasz Ørsted", "lukasz orsted"), ("Straße", "strasse"), ("Đorđe", "dorde")]
)
def test_letters_with_strokes_are_found_without_them(name: str, said: str) -> None:
    assert plain(name) == said


@given(st.text(max_size=80))
def test_whatever_is_written_is_folded_once_and_for_all(text: str) -> None:
    folded = plain(text)

    assert plain(folded) == folded
    assert [folded[word.start : word.end] for word in words_of(folded)] == [word.text for word in words_of(folded)]
    INDEX.mentions(words_of(folded))


def test_words_that_mean_something_else_are_no_slips() -> None:
    assert INDEX.mentions(words_of("gatway"), known=lambda word: True) == []


def test_common_words_at_its_ends_are_no_part_of_a_name() -> None:
    def common(word: str) -> bool:
        return word in ("list", "development")

    index = NameIndex([NameRow(Level.PROJECT, 1, "2040", "FDA RBIS Firm Master List Services Enhancements"), NEDSS])

    spans = [(each.first, each.last) for each in index.mentions(words_of("list fda"), common=common)]
    whole = index.mentions(words_of("base system development"), common=common)

    assert spans == [(1, 2)]
    assert [(each.first, each.last) for each in whole] == [(0, 3)]


def test_nothing_is_found_in_words_that_name_nothing() -> None:
    assert INDEX.mentions(words_of("how are you today")) == []


def test_plain_text_has_no_accents_and_nothing_hidden() -> None:
    assert plain(" Łódź\u200b — Tomás’s\n\x00PLAN \ud800") == "lodz - tomas's plan"


def test_a_thousand_projects_take_no_longer_than_a_few_milliseconds() -> None:
    words = ("amber", "birch", "cedar", "delta", "ember", "falcon", "garnet", "harbor", "indigo", "juniper")
    rows = [
        NameRow(Level.PROJECT, place, f"P{place}", f"{words[place % 10]} {words[place // 10 % 10]} rollout {place}")
        for place in range(1_000)
    ]
    index = NameIndex(rows)
    message = words_of("how is the amber ceder rollout 120 doing compared with plan")
    index.mentions(message)

    started = perf_counter()
    for _ in range(10):
        index.mentions(message)
    assert (perf_counter() - started) / 10 < 0.05
