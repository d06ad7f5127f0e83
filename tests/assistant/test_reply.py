"""One reply read from a provider on loopback: what counts as one, what goes wrong, and when it is given up."""

import json
from collections.abc import Callable
from time import monotonic

import pytest
from langchain_core.messages import HumanMessage

from assistant import faults
from assistant.models import LanguageModel, ModelSettings
from assistant.reply import MOST_CALLS, Reply, Stopped, Waiting
from evals.provider import Breaks, Calls, Fails, Hangs, Move, NoChoices, Provider, Says

TOOL = {"type": "function", "function": {"name": "look", "parameters": {"type": "object", "properties": {}}}}
TOO_LONG = '{"error": {"message": "too many tokens", "code": "context_length_exceeded"}}'


def read(
    provider: Provider, *, first_seconds: float = 2.0, is_stopped: Callable[[], bool] = lambda: False
) -> tuple[str, Reply]:
    model = LanguageModel(ModelSettings("scripted", provider.url, "sk-secret"))
    waiting = Waiting(first_seconds, 2.0, monotonic() + 10, is_stopped)
    reply = Reply(model, [HumanMessage("hello")], [TOOL], waiting)
    return "".join(reply.deltas()), reply


@pytest.mark.parametrize("streams", [True, False], ids=["streamed", "whole"])
def test_prose_is_read_from_servers_that_stream_and_from_those_that_do_not(streams: bool):
    with Provider([Says("All is well.")], streams=streams) as provider:
        text, reply = read(provider)

    assert text == reply.message.content == "All is well."
    assert '"hello"' in reply.sent[0]


@pytest.mark.parametrize("streams", [True, False], ids=["streamed", "whole"])
def test_calls_are_read_with_their_arguments(streams: bool):
    with Provider([Calls([("look", {"at": "GATE"}), ("look", "")])], streams=streams) as provider:
        _, reply = read(provider)

    assert [(call["name"], call["args"]) for call in reply.message.tool_calls] == [
        ("look", {"at": "GATE"}),
        ("look", {}),
    ]


@pytest.mark.parametrize("arguments", ['{"at": "GATE"', "[1, 2]", '"GATE"', "GATE", "[" * 5_000, "null"])
def test_arguments_that_are_no_object_are_set_aside_and_never_guessed(arguments: str):
    with Provider([Calls.one("look", arguments)]) as provider:
        _, reply = read(provider)

    assert reply.message.tool_calls == []
    assert len(reply.message.invalid_tool_calls) == 1


def test_half_a_character_does_no_harm():
    with Provider([Calls.one("look", '{"at": "\\ud800GATE", "in": ["\\udfff"]}')]) as provider:
        _, reply = read(provider)

    assert json.dumps(reply.message.tool_calls[0]["args"], ensure_ascii=False).encode()


def test_of_hundreds_of_calls_at_once_only_some_are_read():
    with Provider([Calls([("look", "{}")] * 100)]) as provider:
        _, reply = read(provider)

    assert len(reply.message.tool_calls) == MOST_CALLS


@pytest.mark.parametrize(
    ("move", "fault", "requests"),
    [
        (Fails(429, headers={"Retry-After": "30"}), faults.Overloaded, 1),
        (Fails(429, headers={"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}), faults.Overloaded, 1),
        (Fails(429), faults.Overloaded, 2),
        (Fails(500), faults.ServerFailed, 2),
        (Fails(502, "<html>bad gateway</html>", "text/html"), faults.ServerFailed, 2),
        (Breaks("Half a sen"), faults.CutShort, 1),
        (Says(""), faults.EmptyReply, 1),
        (Says("", refusal="I will not."), faults.EmptyReply, 1),
        (Says("", finish="content_filter"), faults.ReplyRefused, 1),
        (NoChoices(), faults.NoReply, 1),
        (Fails(200, "<html>hello</html>", "text/html"), faults.NoReply, 1),
        (Fails(200, '{"hello": 1}'), faults.NoReply, 1),
        (Fails(200, "hello", "text/plain"), faults.NoReply, 1),
        (Fails(200, "packed", headers={"Content-Encoding": "gzip"}), faults.NoReply, 1),
        (Fails(404, "packed", headers={"Content-Encoding": "gzip"}), faults.ModelUnknown, 1),
        (Fails(400, TOO_LONG), faults.PromptTooLong, 1),
        (Fails(400), faults.RequestRefused, 1),
        (Says("Half a", finish="length"), faults.ReplyTooLong, 1),
        (Says("word " * 10_000), faults.ReplyTooLong, 1),
        (Fails(401, '{"error": {"message": "Incorrect API key provided: sk-secret"}}'), faults.KeyRefused, 1),
        (Fails(404), faults.ModelUnknown, 1),
        (Fails(302, "", headers={"Location": "http://203.0.113.1/v1"}), faults.NoReply, 1),
    ],
)
def test_what_a_provider_does_wrong_has_a_name_and_is_tried_again_only_where_that_may_help(
    move: Move, fault: type[faults.ModelFault], requests: int
):
    with Provider([move]) as provider, pytest.raises(fault) as caught:
        read(provider)

    assert "sk-secret" not in str(caught.value)
    assert len(provider.requests) == requests


@pytest.mark.parametrize(
    "said",
    [
        {"content": 5},
        {"content": ["kept secret", {"text": "kept secret"}]},
        {"content": [{"type": "text", "text": "kept secret"}]},
        {"tool_calls": [{"index": "a", "id": 5, "function": {"name": "look", "arguments": {"at": 1}}}]},
    ],
)
@pytest.mark.parametrize("streams", [True, False], ids=["streamed", "whole"])
def test_an_odd_shape_is_no_reply_and_nothing_of_it_is_printed(said: dict[str, object], streams: bool, recwarn):
    choice = {"index": 0, "delta" if streams else "message": said, "finish_reason": "stop"}
    body = json.dumps({"id": "x", "choices": [choice], "usage": {"prompt_tokens": 1e308}})
    kind = "text/event-stream" if streams else "application/json"
    sent = Fails(200, f"data: {body}\n\n" if streams else body, kind)
    with Provider([sent]) as provider, pytest.raises(faults.NoReply):
        read(provider)

    assert not [each for each in recwarn if "Pydantic" in str(each.message)]


def test_a_failure_that_passes_is_got_over():
    with Provider([Fails(500), Says("Here I am.")]) as provider:
        text, reply = read(provider)

    assert text == "Here I am."
    assert len(reply.sent) == 2


def test_a_provider_that_says_nothing_is_not_waited_for():
    started = monotonic()
    with Provider([Hangs()]) as provider, pytest.raises(faults.TooSlow):
        read(provider, first_seconds=0.2)

    assert monotonic() - started < 10


def test_nobody_listening_is_a_fault_with_a_sentence():
    with Provider([]) as provider:
        gone = provider
    with pytest.raises(faults.Unreachable, match="cannot be reached"):
        read(gone)


def test_nobody_waits_for_a_silent_provider_after_a_stop():
    started = monotonic()
    with Provider([Hangs()]) as provider, pytest.raises(Stopped):
        read(provider, first_seconds=60, is_stopped=lambda: monotonic() - started > 0.3)

    assert monotonic() - started < 10


def test_a_stop_ends_the_stream_at_the_provider_too():
    started = monotonic()
    with Provider([Says("word " * 2_000, pace_seconds=0.02)]) as provider:
        with pytest.raises(Stopped):
            read(provider, is_stopped=lambda: monotonic() - started > 0.3)
        assert monotonic() - started < 10
        assert provider.wait_until_left(15) == [1]


def test_the_key_is_never_shown():
    assert "sk-secret" not in repr(ModelSettings("scripted", "http://127.0.0.1:1/v1", "sk-secret"))
