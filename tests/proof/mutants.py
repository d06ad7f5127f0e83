"""Faults that somebody might build in, one at a time: a proof is worth what it notices.

Each is a piece of source, what stands there instead, and the test that must notice. `make prove` tries all of them.
"""

from dataclasses import dataclass

HOSTILE = "tests/proof/test_hostile.py::test_nobody_reads_or_changes_what_they_may_not[11]"
BUDGETS = "tests/proof/test_hostile.py -k budget"
SURFACE = "tests/proof/test_surface.py::test_nobody_gets_what_is_not_theirs[0]"
TOOLS = "tests/authority/test_tools.py"
ROUTES = "tests/authority/test_routes.py"
RACES = "tests/proof/test_races.py -k sqlite"
KILLS = "tests/proof/test_kills.py -k file"
CLICKS = "tests/storage/test_proposals.py -k sqlite"
SLACK = "tests/proof/test_slack.py::test_whoever_reads_along_reads_only_what_is_theirs"
ADMIN = "tests/integrations/web/test_administering.py"


@dataclass(frozen=True)
class Mutant:
    name: str
    file: str
    old: str
    new: str
    noticed_by: str


MUTANTS = (
    # Who sees what
    Mutant(
        "confidential projects are open to the firm",
        "storage/access.py",
        "return confidentiality != Confidentiality.CONFIDENTIAL",
        "return true()",
        TOOLS,
    ),
    Mutant(
        "names of hidden projects are known",
        "storage/directory.py",
        "Level.PROJECT: (col(Project.id), access.names())",
        "Level.PROJECT: (col(Project.id), access.people())",
        TOOLS,
    ),
    Mutant(
        "records of projects are not scoped",
        "storage/projects.py",
        ".where(access.projects(), *conditions)",
        ".where(*conditions)",
        SURFACE,
    ),
    Mutant(
        "rows of any project are listed",
        "storage/selection/frames.py",
        "return self.access.portfolios() if self.level is Level.PORTFOLIO else self.access.projects()",
        "return self.access.portfolios() if self.level is Level.PORTFOLIO else true()",
        HOSTILE,
    ),
    Mutant(
        "tasks are not scoped",
        "storage/tasks.py",
        ".where(access.projects(), *conditions)",
        ".where(*conditions)",
        "tests/storage/test_tasks.py -k sqlite",
    ),
    Mutant(
        "figures of any project are read",
        "storage/readings.py",
        "access.projects(), of_day(today, as_of)",
        "of_day(today, as_of)",
        "tests/storage/test_readings.py -k sqlite",
    ),
    Mutant(
        "every class of field is shown with a row",
        "storage/records.py",
        "values[label] if shown.issuperset(marks) else None",
        "values[label]",
        HOSTILE,
    ),
    Mutant(
        "money shows to whoever sees the project",
        "storage/access.py",
        "seeing = _SEEING[field_class]\n        conditions",
        "seeing = _SEEING[FieldClass.OPEN]\n        conditions",
        HOSTILE,
    ),
    Mutant(
        "risks are everybody's", "storage/judgement.py", "standing, _sees_team(session, reader))", "standing)", HOSTILE
    ),
    Mutant(
        "blockers are everybody's",
        "storage/judgement.py",
        "standing, resolve(session, reader).task_team())",
        "standing)",
        "tests/storage/test_judgement.py -k sqlite",
    ),
    Mutant(
        "rates show to all who know the person",
        "storage/access.py",
        "return self.reach(Role.FINANCE).covers_practice_of(Person)",
        "return true()",
        "tests/storage/test_access.py -k sqlite",
    ),
    Mutant(
        "sums over one person show a rate",
        "storage/records.py",
        "shown = sees if shows_rate(people, sees) else sees | {_OF_TIME}",
        "shown = sees | {_OF_TIME}",
        "tests/storage/test_readings.py -k sqlite",
    ),
    Mutant(
        "the reason of an absence is everybody's",
        "storage/access.py",
        "person_id == each.person_id if each.is_member and",
        "true() if each.is_member and",
        "tests/storage/test_access.py -k sqlite",
    ),
    Mutant(
        "whoever left keeps what they saw",
        "storage/access.py",
        "col(Person.id).in_(ids), col(Person.active).is_(True))",
        "col(Person.id).in_(ids))",
        "tests/storage/test_access.py -k sqlite",
    ),
    Mutant(
        "nobody in particular is a member",
        "storage/access.py",
        "people.get(party or 0, Principal())",
        "people.get(party or 0, Principal(is_member=True))",
        TOOLS,
    ),
    Mutant(
        "only the asker counts, not who listens",
        "storage/access.py",
        "dict.fromkeys((self.person_id, *self.audience))",
        "dict.fromkeys((self.person_id,))",
        ADMIN,
    ),
    Mutant(
        "projects of busy people are named",
        "storage/staffing.py",
        'access.work_of(col(Booking.person_id)).label("named")',
        'access.people().label("named")',
        "tests/storage/test_staffing.py -k sqlite",
    ),
    Mutant(
        "conversations are anybody's",
        "storage/conversations.py",
        "return col(Conversation.person_id) == reader.person_id",
        "return col(Conversation.person_id) > 0",
        ROUTES,
    ),
    # Who comes in
    Mutant(
        "keys live for ever",
        "storage/api_keys.py",
        "return col(ApiKey.revoked_at).is_(None), lasting",
        "return col(ApiKey.revoked_at).is_(None), col(ApiKey.id) > 0",
        ROUTES,
    ),
    Mutant(
        "ended keys go on",
        "storage/api_keys.py",
        "return col(ApiKey.revoked_at).is_(None), lasting",
        "return col(ApiKey.id) > 0, lasting",
        ROUTES,
    ),
    Mutant(
        "keys of leavers go on",
        "storage/api_keys.py",
        "ApiKey.digest == _digest(key), col(Person.active).is_(True), *_works_now()",
        "ApiKey.digest == _digest(key), *_works_now()",
        ROUTES,
    ),
    Mutant(
        "any key is good for everything",
        "integrations/web/showing.py",
        "if not caller_of(request).scope.covers(scope):",
        "if False:",
        ROUTES,
    ),
    Mutant(
        "everybody administers", "integrations/web/showing.py", "if not _administers(request):", "if False:", ROUTES
    ),
    Mutant(
        "other sites may post",
        "integrations/web/guard.py",
        "if method not in SAFE_METHODS and not _is_own_origin(headers, host):",
        "if False:",
        ROUTES,
    ),
    Mutant(
        "questions without number",
        "integrations/pace.py",
        "if len(asked) >= self.most:",
        "if False:",
        "tests/integrations/test_pace.py",
    ),
    Mutant(
        "who looks through another's eyes proposes for them",
        "assistant/calling.py",
        "if isinstance(result, ChangeProposal) and question.onlooker_id:",
        "if False:",
        ADMIN,
    ),
    # What changes
    Mutant(
        "anybody confirms",
        "storage/proposals.py",
        "if not (mine.is_entitled or (mine.seconds and _may_want_second(session, found))):",
        "if False:",
        CLICKS,
    ),
    Mutant("what was shown does not matter", "storage/proposals.py", "if digest != row.digest:", "if False:", CLICKS),
    Mutant(
        "the plan it was drawn for does not matter",
        "storage/proposals.py",
        "if revisions is not None and _revisions(session, _projects(found)) != dict(revisions):",
        "if False:",
        CLICKS,
    ),
    Mutant(
        "what it replaces does not matter",
        "storage/changes/applying.py",
        "if row.get(label) != value",
        "if False",
        CLICKS,
    ),
    Mutant(
        "it stays open when it is applied",
        "storage/proposals.py",
        "row.status, row.decided_at, row.change_set = ProposalStatus.APPLIED,",
        "row.status, row.decided_at, row.change_set = ProposalStatus.OPEN,",
        RACES,
    ),
    Mutant(
        "the rejected one may still be confirmed",
        "storage/proposals.py",
        "if row.status != ProposalStatus.OPEN:\n        instead",
        "if row.status == ProposalStatus.REPLACED:\n        instead",
        CLICKS,
    ),
    Mutant(
        "none expires",
        "storage/proposals.py",
        "    if row.expires_at <= at:\n        raise",
        "    if False:\n        raise",
        CLICKS,
    ),
    Mutant(
        "rows are written one by one",
        "storage/changes/applying.py",
        "return [_write(writer, edit, ids) for edit in edits]",
        "return [(_write(writer, edit, ids), writer.session.commit())[0] for edit in edits]",
        KILLS,
    ),
    Mutant("two people are not wanted", "storage/confirming.py", "not first.wants_second\n", "True\n", CLICKS),
    Mutant(
        "two records with one mailbox are two people",
        "storage/confirming.py",
        "identities[second.person_id] != identities[first.person_id]",
        "second.person_id != first.person_id",
        CLICKS,
    ),
    Mutant(
        "a set that is half somebody else's is confirmed",
        "storage/confirming.py",
        "return bool(touch.project_ids) and touch.project_ids <= self.managed",
        "return bool(touch.project_ids & self.managed)",
        CLICKS,
    ),
    Mutant(
        "any field may be proposed",
        "storage/proposals.py",
        "    for edit in draft.edits:\n        check(edit)\n",
        "    for edit in draft.edits:\n",
        CLICKS,
    ),
    Mutant("cards without number", "storage/proposals.py", "MOST_OPEN = 20", "MOST_OPEN = 2_000", CLICKS),
    Mutant(
        "a tool writes what it proposes",
        "assistant/approvals.py",
        "            key = store_of.save_proposal(session, reader, fact.draft, surface=surface, at=_now())\n",
        "            key = store_of.save_proposal(session, reader, fact.draft, surface=surface, at=_now())\n"
        "            from storage.changes.applying import apply, with_present_values\n"
        "            from storage.changes.writer import Writer\n"
        "            edits = with_present_values(session, fact.draft.edits)\n"
        "            writer = Writer(session, cause='x', person_id=reader.person_id, at=_now())\n"
        "            apply(writer, edits)\n            writer.finish()\n",
        HOSTILE,
    ),
    # What goes out, and what is kept of it
    Mutant(
        "stored text is markup on the page",
        "integrations/web/showing.py",
        "autoescape=True",
        "autoescape=False",
        SURFACE,
    ),
    Mutant(
        "calls of the model without number",
        "assistant/middleware.py",
        "MOST_MODEL_CALLS = 12",
        "MOST_MODEL_CALLS = 1_200",
        BUDGETS,
    ),
    Mutant("calls of tools without number", "assistant/toolbox.py", "MOST_CALLS = 20", "MOST_CALLS = 2_000", BUDGETS),
    Mutant(
        "the audit is no chain",
        "storage/audit.py",
        "previous_hash=_last_hash(session)",
        "previous_hash=FIRST_HASH",
        HOSTILE,
    ),
    Mutant(
        "the audit holds whatever is missing",
        "storage/audit.py",
        "if content else event.id in erased",
        "if content else True",
        "tests/storage/test_audit.py -k altered",
    ),
    Mutant(
        "erasing leaves the name in texts",
        "storage/erasing.py",
        "if value and (rewritten := naming.in_value(value)) != value:",
        "if False:",
        "tests/storage/test_erasing.py -k sqlite",
    ),
    # In Slack
    Mutant(
        "a channel hears what the asker may",
        "integrations/slack/asking.py",
        "hearing = room.own_hearing if room.is_direct else room.hearing",
        "hearing = room.own_hearing",
        SLACK,
    ),
    Mutant(
        "what is the asker's alone is posted for all",
        "integrations/slack/asking.py",
        'await post.whisper_all("own", messages)',
        'await post.say_all("own", messages)',
        SLACK,
    ),
    Mutant(
        "guests in Slack are members there",
        "integrations/slack/people.py",
        "is_inside = not (is_guest or ",
        "is_inside = not (",
        SLACK,
    ),
    Mutant(
        "a card in a channel shows what its proposer may see",
        "integrations/slack/asking.py",
        "audience = () if room.is_direct else room.audience",
        "audience = ()",
        "tests/integrations/slack/test_rooms.py -k card",
    ),
    Mutant(
        "whoever sits in a team's channel counts as of the team",
        "integrations/slack/rooms.py",
        "return (team,) if is_all else (team, Circle())",
        "return (team,)",
        "tests/integrations/slack/test_rooms.py -k team",
    ),
    Mutant(
        "what Slack did not sign is taken",
        "integrations/slack/signing.py",
        'return hmac.compare_digest(f"v0={made}", signature)',
        "return bool(made)",
        "tests/integrations/slack/test_door.py -k sign_just_now",
    ),
    Mutant(
        "a repeated delivery is worked on again",
        "storage/deliveries.py",
        ".on_conflict_do_nothing().returning(",
        '.on_conflict_do_update(index_elements=["key"], set_={"attempts": 1}).returning(',
        "tests/storage/test_deliveries.py -k sqlite",
    ),
)
