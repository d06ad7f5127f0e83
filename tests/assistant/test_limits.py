"""Limits outside the prompt: a failing provider is left alone, and one person cannot use up everything."""

import pytest

from assistant.faults import EmptyReply, PersonSpent, Resting, ServerFailed
from assistant.limits import DAY, Allowance, Breaker


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def fail(breaker: Breaker, fault: Exception | None = None) -> None:
    with pytest.raises(type(fault or ServerFailed())), breaker.passing():
        raise fault or ServerFailed()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(failures=3, within_seconds=60, rest_seconds=30, clock=clock)


def test_a_provider_that_fails_three_times_is_left_alone(breaker: Breaker):
    for _ in range(3):
        fail(breaker)

    assert breaker.is_open
    with pytest.raises(Resting), breaker.passing():
        pytest.fail("nothing may be sent")


def test_a_success_between_failures_keeps_it_in_use(breaker: Breaker):
    for _ in range(4):
        fail(breaker)
        fail(breaker)
        with breaker.passing():
            pass

    assert not breaker.is_open


def test_failures_far_apart_do_not_add_up(breaker: Breaker, clock: Clock):
    for _ in range(6):
        fail(breaker)
        clock.now += 40

    assert not breaker.is_open


def test_what_a_model_says_badly_is_no_outage(breaker: Breaker):
    for _ in range(9):
        fail(breaker, EmptyReply())

    assert not breaker.is_open


def test_after_a_rest_one_request_probes_and_a_good_one_closes_it(breaker: Breaker, clock: Clock):
    for _ in range(3):
        fail(breaker)
    clock.now += 31

    with breaker.passing(), pytest.raises(Resting), breaker.passing():
        pytest.fail("only one may probe")
    assert not breaker.is_open


def test_a_probe_that_fails_opens_it_again(breaker: Breaker, clock: Clock):
    for _ in range(3):
        fail(breaker)
    clock.now += 31
    fail(breaker)

    assert breaker.is_open
    clock.now += 31
    assert not breaker.is_open


def test_a_probe_that_is_given_up_lets_another_probe(breaker: Breaker, clock: Clock):
    for _ in range(3):
        fail(breaker)
    clock.now += 31
    fail(breaker, KeyboardInterrupt())

    with breaker.passing():
        pass
    assert not breaker.is_open


def test_a_person_has_so_much_a_day_and_others_have_theirs(clock: Clock):
    allowance = Allowance(1_000, clock=clock)
    allowance.share(1, 900)
    allowance.share(1, 200)

    with pytest.raises(PersonSpent):
        allowance.share(1, 1)
    allowance.share(2, 1)
    clock.now += DAY + 1
    allowance.share(1, 1)


def test_answers_that_are_being_made_count_with_all_they_may_take(clock: Clock):
    allowance = Allowance(1_000, clock=clock)
    first = allowance.share(1, 1_000)
    with pytest.raises(PersonSpent):
        allowance.share(1, 1_000)

    first.tokens = 300
    allowance.share(1, 1_000)
