from sqlmodel import select

from storage.engine import Store
from storage.models import AuditContent, History, Organisation
from storage.policies import choose


def test_a_choice_leaves_the_others_and_is_kept_with_its_time_and_cause(store: Store) -> None:
    choose(store, "utilisation", {"base": "available"})
    choose(store, "utilisation", {"name": "U-3"})
    choose(store, "other", {"a": 1})

    with store.reading() as session:
        policies = session.get_one(Organisation, 1).policies
        causes = session.exec(select(History.cause).where(History.field == "policies")).all()
        events = session.exec(select(AuditContent.subject)).all()

    assert policies == {"utilisation": {"base": "available", "name": "U-3"}, "other": {"a": 1}}
    assert causes == ["Chose the policy utilisation"] * 2 + ["Chose the policy other"]
    assert events == ["policy:utilisation"] * 2 + ["policy:other"]
