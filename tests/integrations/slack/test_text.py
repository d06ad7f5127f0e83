"""Words for Slack: what we mean is shown, and what is stored does nothing."""

import re
from html import unescape

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from integrations.slack.text import (
    cut,
    escape,
    inert,
    notice,
    one_line,
    plain,
    read_markdown,
    rich_text,
    streamed,
    visible,
)
from storage.text import UNPRINTABLE
from tests.integrations.slack.hostile import OURS, TEXTS, naughty
from tests.integrations.slack.limits import check_blocks, kinds, links, words

JOINER = "\N{WORD JOINER}"
ADDRESS = re.compile(r"[A-Za-z]://|www\.|mailto:|\w\.[A-Za-z]{2}", re.IGNORECASE)
PAGES = {"GATE-31": "https://pm.example/record/task/GATE-31"}


def bare(text: str) -> str:
    """Without what parts addresses, and without white space."""
    return "".join(text.replace(JOINER, "").split())


def test_bold_emphasis_and_lists_are_styles_and_no_marks():
    blocks = rich_text(read_markdown("**Late.** _By_ two days:\n\n- first\n- second", {}))

    assert words(blocks) == "Late. By two days:\n\nfirst\nsecond"
    runs = blocks[0]["elements"][0]["elements"]
    assert [run.get("style") for run in runs[:3]] == [{"bold": True}, None, {"italic": True}]


def test_a_numbered_list_keeps_its_numbers():
    assert plain(read_markdown("3. first\n4. second", {})) == "3. first\n4. second"


def test_only_a_known_source_becomes_a_link():
    text = "[GATE-31] and [GATE-99] and [GATE-31](https://evil.example)"

    assert set(links(rich_text(read_markdown(text, PAGES)))) == {("GATE-31", PAGES["GATE-31"])}
    assert links(rich_text(read_markdown(text, {}))) == []


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://evil.example", f"https{JOINER}://evil{JOINER}.example"),
        ("www.evil.example", f"www{JOINER}.evil{JOINER}.example"),
        ("mailto:a@b.example", f"mailto{JOINER}:a@b{JOINER}.example"),
        (":siren:", f":{JOINER}siren:"),
        ("07:40:12 v2.5", "07:40:12 v2.5"),
    ],
)
def test_what_reads_as_an_address_or_an_emoji_is_parted(address: str, shown: str):
    assert inert(address) == shown


def test_nothing_invisible_is_left_but_words_stay_apart():
    assert visible("a\tb\r\nc\u2028d \u202ee\u200bf\u00adg\U000e0041h\ud800") == "a b\nc\nd efgh"


def test_in_a_notification_nothing_formats_mentions_or_quotes():
    shown = escape("> <!channel> <@U0LENA> *b* _i_ ~s~ `c` evil.example")

    assert not set(shown) & set("<>*_~`")
    assert shown.startswith(f"{JOINER}&gt; &lt;!channel&gt; &lt;@U0LENA&gt;")
    assert f"evil{JOINER}.example" in shown


@given(TEXTS, st.integers(10, 400))
@example("&" * 500, 16)
def test_a_notice_is_within_its_length_and_never_ends_inside_an_escape(text: str, longest: int):
    shown = notice(text, longest)

    assert 1 <= len(shown) <= longest and "\n" not in shown
    assert "&" not in re.sub("&(amp|lt|gt);", "", shown)
    assert bare(unescape(shown)).rstrip("…") or not bare(visible(text)).rstrip("…")


@given(TEXTS)
@example("\n" * 5_000)
def test_one_line_is_one_line_and_never_empty(text: str):
    shown = one_line(text, 50)

    assert 1 <= len(shown) <= 50 and shown.strip() and len(shown.splitlines()) == 1


@given(TEXTS, st.integers(1, 200))
def test_cutting_loses_nothing_but_white_space(text: str, limit: int):
    pieces = list(cut(text, limit))

    assert all(0 < len(piece) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_a_cut_is_made_after_a_line_else_a_sentence_else_a_word_else_anywhere():
    assert list(cut("one two.\nthree four", 12)) == ["one two.", "three four"]
    assert list(cut("One two three. Four five six", 20)) == ["One two three.", "Four five six"]
    assert list(cut("onetwo three", 10)) == ["onetwo", "three"]
    assert list(cut("onetwothree", 6)) == ["onetwo", "three"]


def test_bold_words_longer_than_a_block_stay_bold_in_each_piece():
    blocks = rich_text(read_markdown(f"**{'word ' * 2_000}end**", {}))

    assert len(blocks) > 1
    assert all(run["style"] == {"bold": True} for each in blocks for run in each["elements"][0]["elements"])


@settings(deadline=None)
@given(TEXTS)
def test_whatever_is_written_only_text_comes_of_it(text: str):
    _check_inert(text)


def test_attacks_are_text_and_nothing_else():
    for text in naughty():
        _check_inert(text)


@given(st.sampled_from(OURS[:9]))
def test_a_stream_formats_nothing_but_what_we_mean(text: str):
    shown = streamed(text)

    assert not re.search(r"(?<!\\)[`~#<>\[\]|]", shown), shown
    assert not ADDRESS.search(shown), shown


def _check_inert(text: str) -> None:
    paragraphs = read_markdown(text, {})
    blocks = rich_text(paragraphs)
    if blocks:
        check_blocks(blocks, 10_000)
    shown = "".join(run.text for each in paragraphs for run in each.runs)
    assert kinds(blocks) <= {"rich_text", "rich_text_section", "rich_text_list", "text"}
    assert not UNPRINTABLE.search(shown.replace("\n", "").replace(JOINER, ""))
    assert not any(ADDRESS.search(run.text) for each in paragraphs for run in each.runs)
    assert bare(words(blocks)) == bare(shown)
