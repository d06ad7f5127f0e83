"""A card as JSON, in words: what every surface shows of a proposal, and nothing else it holds."""

from datetime import date
from typing import Any

from assistant.approvals import Card
from assistant.narration.wording import say
from storage.proposals import ProposalRecord
from storage.text import printable
from tools.describing import EditLine
from tools.facts import Figure
from tools.proposing import METRICS


def contract(card: Card, today: date) -> dict[str, Any]:
    """The card for programs and for the surfaces; texts are on one line, but not otherwise inert."""
    record = card.record
    return {
        **heading(record),
        "standing": card.standing,
        "lines": [_line(line, today) for line in card.lines],
        "effects": [
            {
                "project": printable(effect.name),
                "metric": effect.metric,
                "label": METRICS[effect.metric],
                "before": _say(effect.before, today),
                "after": _say(effect.after, today),
            }
            for effect in card.effects
        ],
        "carried": card.carried,
        "conflicts": [_line(line, today) for line in card.conflicts],
        "reasons": [printable(reason) for reason in record.reasons],
        "approved_by": [printable(click.name) for click in record.approved_by],
        "wants_second": sorted(record.wants_second),
        "who": [printable(name) for name in card.others],
        "may": {
            "confirm": card.may_confirm and not card.has_moved,
            "reject": record.is_open,
            "part": card.may_confirm and not card.has_moved and len(record.edits) > 1,
            "undo": card.may_undo,
            "propose_again": card.may_propose_again,
        },
        "note": printable(record.note),
        "code": card.code,
        "replaced_by": record.replaced_by,
    }


def heading(record: ProposalRecord) -> dict[str, Any]:
    """What a list shows of a proposal."""
    return {
        "id": record.key,
        "title": printable(record.title),
        "status": "expired" if record.is_expired else record.status,
        "version": record.version,
        "proposer": printable(record.proposer),
        "created_at": record.created_at.isoformat(),
        "expires_at": record.expires_at.isoformat(),
        "decided_at": record.decided_at.isoformat() if record.decided_at else None,
    }


def _line(line: EditLine, today: date) -> dict[str, Any]:
    return {
        "number": line.edit + 1,
        "kind": line.kind,
        "level": line.level.value,
        "key": printable(line.key),
        "name": printable(line.name),
        "project": printable(line.project),
        "field": line.label,
        "before": "" if line.is_hidden else _say(line.before, today),
        "after": _say(line.after, today),
        "hidden": line.is_hidden,
    }


def _say(figure: Figure | None, today: date) -> str:
    """A figure in words; text as it is, since each surface makes it inert in its own way."""
    if figure is not None and figure.unit in ("name", "text", "key"):
        return printable(str(figure.value))
    return say(figure, today, exact=True)
