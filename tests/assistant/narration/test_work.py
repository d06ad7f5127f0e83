"""How a plate reads: one's own with what is free of it, somebody else's as far as the asker sees it."""

import pytest

from assistant.narration import narrate
from tests.firm import MONDAY, Firm
from tools.work import MyWork, my_work


@pytest.mark.parametrize("who", ["ruth", "fiona"])
def test_what_others_have_free_is_not_said_however_much_is_seen_of_their_work(firm: Firm, who: str) -> None:
    fact = my_work(firm.context(who), person="ines.duarte@quillmere.example")
    assert isinstance(fact, MyWork)
    bare = fact.model_copy(update={"tasks": fact.tasks.model_copy(update={"value": 0}), "rows": {}})

    for told in (fact, bare):
        verdict = narrate(told, today=MONDAY, asker="Somebody Else").text.split("\n")[0]
        assert "of what you can see" in verdict and "free" not in verdict


def test_ones_own_plate_says_what_is_free(firm: Firm) -> None:
    fact = my_work(firm.context("tomas"))
    assert isinstance(fact, MyWork)

    assert "free" in narrate(fact, today=MONDAY, asker=str(fact.person.value)).text.split("\n")[0]
