"""What a firm chooses for itself: how it counts, what it asks two people for."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from storage import audit
from storage.engine import Store
from storage.errors import StoreError
from storage.models import Organisation
from storage.vocabulary import FourEyes

DEFAULT_FOUR_EYES = frozenset(FourEyes)


class OrganisationNotNamed(StoreError):
    def __init__(self) -> None:
        super().__init__("This store has no organisation yet: name it with `pilothouse init --organisation NAME`.")


def choose(store: Store, policy: str, choices: Mapping[str, Any], *, by: int | None = None) -> None:
    """Make these choices of a policy and leave its others; `by` is who does it. Raises OrganisationNotNamed."""
    with store.writing(f"Chose the policy {policy}", person_id=by) as writer:
        organisation = writer.session.get(Organisation, 1)
        if organisation is None:
            raise OrganisationNotNamed
        policies = organisation.policies
        writer.change(Organisation, 1, {"policies": {**policies, policy: {**policies.get(policy, {}), **choices}}})
        audit.append(
            writer.session,
            person_id=by,
            action="choose policy",
            subject=f"policy:{policy}",
            outcome="done",
            details=choices,
        )


def four_eyes(session: Session) -> frozenset[FourEyes]:
    """The kinds of change that want two people here."""
    policies = session.scalar(select(col(Organisation.policies))) or {}
    chosen = policies.get("four_eyes", {}).get("kinds")
    return DEFAULT_FOUR_EYES if chosen is None else frozenset(FourEyes(each) for each in chosen)


def decided_here(session: Session) -> frozenset[str]:
    """The fields ("task.planned_finish") that no import changes once a row is there."""
    policies = session.scalar(select(col(Organisation.policies))) or {}
    return frozenset(policies.get("ownership", {}).get("here", ()))
