"""Where one request ends and the next begins."""

import pytest

from assistant.builtin.requests import split_requests


@pytest.mark.parametrize(
    ("text", "requests"),
    [
        ("wheres gateway and whats on my plate", ["wheres gateway", "whats on my plate"]),
        ("status of crm, and who's free next week?", ["status of crm", "who's free next week?"]),
        ("is X late? and what did it cost?", ["is X late?", "and what did it cost?"]),
        ("who manages gateway and is it late?", ["who manages gateway", "is it late?"]),
        (
            "How is CRM doing? Who manages it? And the budget?",
            ["How is CRM doing?", "Who manages it?", "And the budget?"],
        ),
    ],
)
def test_requests_are_parted_where_a_new_one_begins(text: str, requests: list[str]) -> None:
    assert split_requests(text) == requests


@pytest.mark.parametrize(
    "text",
    [
        "gateway and ledger",
        "burn vs budget on tern, will we go over",
        "which projects are late and are over budget",
        "show me which projects are late and what they cost",
        "tell me who owns gate-31 and when it is due",
        "what is late and why",
        "who knows terraform and has time next week, like 16h",
        "hi! how is CRM doing?",
        "wheres the gateway at?? been quiet",
        "in which quarter do the fewest and the most activities start?",
    ],
)
def test_what_may_be_one_request_is_one(text: str) -> None:
    assert split_requests(text) == [text]
