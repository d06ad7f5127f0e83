"""`pilothouse people` and `pilothouse grant`: who is here, their keys, and what they may see."""

from dataclasses import asdict
from datetime import UTC, date, datetime, time
from typing import Annotated, Any

import typer

from integrations.app import CannotDo, open_application
from integrations.console import AsJson, read_day, say, show, show_json
from storage import api_keys, leaving
from storage import erasing as eraser
from storage import grants as granted
from storage.api_keys import KeyRecord
from storage.grants import GrantRecord
from storage.people import Member, set_slack_id
from storage.people import add_person as add_to_directory
from storage.vocabulary import KeyScope, PersonKind, Role, ScopeKind

people = typer.Typer(help="Who is here, and their API keys.", no_args_is_help=True, rich_markup_mode=None)
grants = typer.Typer(help="Who may see more than a member does.", no_args_is_help=True, rich_markup_mode=None)

Json = Annotated[bool, AsJson]
Email = Annotated[str, typer.Argument(metavar="EMAIL")]
TheRole = Annotated[str, typer.Argument(metavar="ROLE", help=", ".join(Role))]
TheScope = Annotated[str, typer.Argument(metavar="[SCOPE]", help="organisation, or for example project:GATE.")]


class PersonHasNoKey(CannotDo):
    def __init__(self, email: str) -> None:
        super().__init__(f"{email} has no key that still works.")


class ErasureNotMeant(CannotDo):
    def __init__(self, name: str) -> None:
        super().__init__(f"This erases the data of {name} for good. Say --yes, after a backup if you want one.")


@people.command("list")
def list_people(as_json: Json = False) -> None:
    """Everybody, by name."""
    members = open_application().people()
    if as_json:
        show_json([asdict(member) for member in members])
    else:
        for member in members:
            show(_line(member))


@people.command("add")
def add_person(
    email: Email,
    name: Annotated[str, typer.Option(help="How they are called.")],
    guest: Annotated[bool, typer.Option("--guest", help="From outside the firm: sees public projects only.")] = False,
    as_json: Json = False,
) -> None:
    """Add somebody, as a member of the firm without any role."""
    application = open_application()
    kind = PersonKind.GUEST if guest else PersonKind.MEMBER
    member = add_to_directory(application.store, name, email, kind=kind, by=application.owner().id)
    if as_json:
        show_json(asdict(member))
    else:
        say(f"{member.name} is a {member.kind} now. `pilothouse grant add` gives roles, `people key` a key.")


@people.command("show")
def show_person(email: Email, as_json: Json = False) -> None:
    """One person, with roles and keys."""
    application = open_application()
    member = application.person(email, or_left=True)
    with application.store.reading() as session:
        held = granted.list_grants(session, member.id)
        keys = [key for key in api_keys.list_keys(session) if key.person.id == member.id]
    if as_json:
        roles = [_grant_json(each) for each in held]
        show_json({**asdict(member), "grants": roles, "keys": [_key_json(key) for key in keys]})
        return
    show(_line(member))
    for each in held:
        show(f"  {each.role} of {_scope(each)}")
    for key in keys:
        show(f"  key {key.id} “{key.label}” ({key.scope}), made {key.created_at:%Y-%m-%d}, {_ending(key)}")


@people.command("key")
def make_key(
    email: Email,
    label: Annotated[str, typer.Option(help="What the key is for.")] = "command line",
    until: Annotated[
        date | None, typer.Option(parser=read_day, metavar="DATE", help="The last day it works (default: for good).")
    ] = None,
    scope: Annotated[str, typer.Option(help=f"What it may be used for: {', '.join(KeyScope)}.")] = KeyScope.CONFIRM,
    as_json: Json = False,
) -> None:
    """Make an API key; it is shown this once."""
    application = open_application()
    member = application.person(email)
    expires_at = datetime.combine(until, time.max, UTC) if until else None
    by = application.owner().id
    text = api_keys.make_key(application.store, member.id, label, scope=scope, expires_at=expires_at, by=by)
    if as_json:
        show_json({"person": member.email, "label": label, "scope": scope, "key": text})
    else:
        say(f"The key of {member.name}. Keep it: it is not shown again.")
        show(text)


@people.command("slack")
def link_slack(
    email: Email,
    account: Annotated[str, typer.Argument(metavar="TEAM/USER|none", help="Like T024BE7LD/U012AB3CD.")],
    as_json: Json = False,
) -> None:
    """Say which account of Slack is somebody's, where their e-mail there does not tell."""
    application = open_application()
    member = application.person(email)
    wanted = None if account.lower() == "none" else account.upper()
    set_slack_id(application.store, member.id, wanted, by=application.owner().id)
    if as_json:
        show_json({"person": member.email, "slack": wanted})
    else:
        say(f"{member.name} is {wanted} in Slack now." if wanted else f"{member.name} has no account in Slack now.")


@people.command("revoke-key")
def revoke_key(
    email: Email,
    number: Annotated[int | None, typer.Argument(metavar="[NUMBER]", help="One key of them (default: all).")] = None,
    as_json: Json = False,
) -> None:
    """End the keys of a person, or one of them; at once."""
    application = open_application()
    member = application.person(email)
    with application.store.reading() as session:
        keys = [key for key in api_keys.list_keys(session) if key.person.id == member.id and key.revoked_at is None]
    ended = [key for key in keys if number in (None, key.id)]
    if not ended:
        raise PersonHasNoKey(email)
    for key in ended:
        api_keys.revoke_key(application.store, key.id, by=application.owner().id)
    if as_json:
        show_json({"person": member.email, "revoked": [key.id for key in ended]})
    else:
        say(f"{len(ended)} of {member.name}'s keys ended.")


@people.command("leave")
def leave(
    email: Email,
    on: Annotated[
        date | None, typer.Option(parser=read_day, metavar="DATE", help="Their last day (default: today).")
    ] = None,
    as_json: Json = False,
) -> None:
    """Somebody leaves: keys, roles and rights end at once; what they did stays."""
    application = open_application()
    member, today = application.person(email), application.today()
    now, by = datetime.now(UTC), application.owner().id
    left = leaving.leave(application.store, member.id, on=on or today, at=now, by=by)
    with application.store.reading() as session:
        behind = leaving.left_behind(session, member.id, on or today)
    if as_json:
        show_json({"person": member.email, "keys": left.keys, "roles": left.roles, "left_behind": asdict(behind)})
    else:
        say(f"{member.name} has left: {left.keys} keys and {left.roles} roles ended. {behind.sentence}")


@people.command("return")
def come_back(email: Email, as_json: Json = False) -> None:
    """Let somebody who left in again, without roles and keys."""
    application = open_application()
    member = application.person(email, or_left=True)
    leaving.come_back(application.store, member.id, at=datetime.now(UTC), by=application.owner().id)
    if as_json:
        show_json({"person": member.email, "active": True})
    else:
        say(f"{member.name} is back, without roles and keys.")


@people.command("erase")
def erase(
    email: Email,
    yes: Annotated[bool, typer.Option("--yes", help="Do it: it cannot be taken back.")] = False,
    as_json: Json = False,
) -> None:
    """Erase the data of somebody who left: name, words, conversations; figures stay, without a name."""
    application = open_application()
    member = application.person(email, or_left=True)
    if not yes:
        raise ErasureNotMeant(member.name)
    gone = eraser.erase(application.store, member.id, at=datetime.now(UTC), by=application.owner().id)
    if as_json:
        show_json(asdict(gone))
    else:
        say(
            f"{member.name} is {gone.name} now: {gone.rows} rows rewritten, {gone.audit_events} audit events without "
            "content. Backups made before, and files you import, still hold the name; texts may hold the first name."
        )


@grants.command("list")
def list_grants(email: Annotated[str | None, typer.Argument(metavar="[EMAIL]")] = None, as_json: Json = False) -> None:
    """Who holds which role where."""
    application = open_application()
    person_id = application.person(email).id if email else None
    with application.store.reading() as session:
        held = granted.list_grants(session, person_id)
    if as_json:
        show_json([_grant_json(each) for each in held])
    else:
        for each in held:
            show(f"{each.person.name} <{each.person.email or each.person.key}>: {each.role} of {_scope(each)}")


@grants.command("add")
def add_grant(email: Email, role: TheRole, scope: TheScope = "organisation", as_json: Json = False) -> None:
    """Give a person a role on a scope."""
    application = open_application()
    person = application.person(email)
    kind, key = _read_scope(scope)
    held = granted.grant(application.store, person.id, role, kind, key, by=application.owner().id)
    if as_json:
        show_json(_grant_json(held))
    else:
        say(f"{person.name} is {held.role} of {_scope(held)}.")


@grants.command("remove")
def remove_grant(email: Email, role: TheRole, scope: TheScope = "organisation", as_json: Json = False) -> None:
    """Take a role on a scope away."""
    application = open_application()
    person = application.person(email)
    kind, key = _read_scope(scope)
    granted.revoke(application.store, person.id, role, kind, key, by=application.owner().id)
    if as_json:
        show_json({"person": person.email, "removed": {"role": role, "scope": scope}})
    else:
        say(f"{person.name} is no longer {role} of {scope}.")


def _read_scope(words: str) -> tuple[str, str | None]:
    """ "project:GATE" as its kind and key."""
    kind, _, key = words.partition(":")
    return kind or ScopeKind.ORGANISATION, key or None


def _line(member: Member) -> str:
    parts = [member.email or member.key, member.name, member.job_title, "" if member.active else "(inactive)"]
    return "  ".join(part for part in parts if part)


def _scope(held: GrantRecord) -> str:
    return f"{held.scope_kind}:{held.scope_key}" if held.scope_key else f"the {held.scope_kind}"


def _ending(key: KeyRecord) -> str:
    if key.revoked_at:
        return f"ended {key.revoked_at:%Y-%m-%d}"
    return f"works until {key.expires_at:%Y-%m-%d}" if key.expires_at else "works for good"


def _grant_json(held: GrantRecord) -> dict[str, Any]:
    return {"person": held.person.email, "role": held.role, "scope": held.scope_kind, "scope_key": held.scope_key}


def _key_json(key: KeyRecord) -> dict[str, Any]:
    """The key without its owner, who is known."""
    return {label: value for label, value in asdict(key).items() if label != "person"}
