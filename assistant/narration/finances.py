"""How the money of a scope reads."""

from decimal import Decimal

from assistant.narration.telling import Telling, sentences
from assistant.narration.wording import counted, listed, sentence, whole
from tools.facts import Figure
from tools.finances import Finances, MoneyLine

SHOWN = 4
_CALLED = {"cpi": "CPI", "spi": "SPI", "margin": "margin heading for", "spent": "spent so far", "budget": "cost budget"}


@sentences.register
def _(fact: Finances, telling: Telling) -> list[str]:
    foot = telling.foot(*_footing(fact, telling))
    if fact.about is not None:
        verdict = _verdict(fact, telling) if _amount(fact.over) is not None and _amount(fact.budget) else ""
        return [f"**{_asked(fact, telling)}** {verdict}".rstrip(), foot]
    lines = [
        f"**{_verdict(fact, telling)}** {_contract(fact, telling)}".rstrip(),
        _spent(fact, telling),
        _unknown(fact, telling),
        _end(fact, telling),
        _where(fact, telling),
        _invoice(fact, telling),
        foot,
    ]
    return [line for line in lines if line]


def _asked(fact: Finances, telling: Telling) -> str:
    """The one figure that was asked for."""
    asked = telling.say(fact.about)
    words = _CALLED.get(asked, asked.replace("_", " "))
    return f"{telling.say(fact.scope)}: {words} {telling.say(getattr(fact, asked), exact=True)}."


def _verdict(fact: Finances, telling: Telling) -> str:
    name = "It" if fact.about else telling.say(fact.scope)
    over = _amount(fact.over)
    if over is not None and _amount(fact.budget):
        share = abs(over) / _some(fact.budget)
        end = telling.say(fact.estimate_at_completion)
        if share < Decimal("0.005"):
            return f"{name} is heading for its budget: {end}."
        way = "over" if over > 0 else "under"
        return f"{name} is heading for {end}, {telling.say(fact.over).lstrip('−')} {way} budget."
    if fact.progress_as_of is not None and fact.spent is not None:
        return f"{name} had spent {telling.say(fact.spent)}; where it was heading needs the progress of that day."
    if fact.planned_cost is not None:
        number = counted(whole(fact.projects), "project")
        return f"{name}: planned cost {telling.say(fact.planned_cost, exact=True)} over {number}."
    if fact.budget is not None or fact.spent is not None:
        return f"{name} has too little on record to say where its money ends."
    return f"{name} has no budget and no planned cost on record."


def _contract(fact: Finances, telling: Telling) -> str:
    parts = []
    if fact.contract_value is not None:
        parts.append(f"contract {telling.say(fact.contract_value)}")
    if fact.budget is not None:
        parts.append(f"cost budget {telling.say(fact.budget)}")
    return sentence(", ".join(parts))


def _spent(fact: Finances, telling: Telling) -> str:
    if fact.spent is None or (fact.progress_as_of is not None and fact.over is None):
        return ""
    if not _amount(fact.budget) or fact.spent_share is None or fact.earned_share is None:
        return f"Spent {telling.say(fact.spent)}."
    spent, done = telling.say(fact.spent_share), telling.say(fact.earned_share)
    line = f"Spent {telling.say(fact.spent)} ({spent} of budget) for {done} of the work"
    indices = [f"{term} {telling.say(figure)}" for term, figure in (("CPI", fact.cpi), ("SPI", fact.spi))]
    asked = [words for words in indices if words.split(" ")[0] in telling.terms]
    return f"{line}{'; ' + ', '.join(asked) if asked else ''}."


def _unknown(fact: Finances, telling: Telling) -> str:
    """The terms of art that were asked for and cannot be computed."""
    terms = (("CPI", fact.cpi), ("SPI", fact.spi), ("EAC", fact.estimate_at_completion))
    absent = [term for term, figure in terms if figure is None and term in telling.terms]
    lacking = "the money it needs is not in the data"
    if fact.progress_as_of is not None and fact.spent is not None:
        lacking = "what was done by that day is not on file"
    return f"No {listed(absent)}: {lacking}." if absent else ""


def _end(fact: Finances, telling: Telling) -> str:
    parts = []
    if fact.estimate_by_remaining is not None and fact.estimate_at_completion is not None:
        by_remaining, by_trend = telling.say(fact.estimate_by_remaining), telling.say(fact.estimate_at_completion)
        parts.append(f"Final cost {by_remaining} from the remaining work, {by_trend} if the trend goes on")
    if fact.margin is not None:
        sold = f", sold at {telling.say(fact.target_margin)}" if fact.target_margin else ""
        parts.append(f"margin heading for {telling.say(fact.margin)}{sold}")
    if fact.reported_cost_variance is not None and _amount(fact.reported_cost_variance):
        way = "over" if _some(fact.reported_cost_variance) < 0 else "under"
        amount = telling.say(fact.reported_cost_variance, exact=True).lstrip("−")
        parts.append(f"its source reports {amount} {way} plan")
    return sentence("; ".join(parts))


def _where(fact: Finances, telling: Telling) -> str:
    moved = [row for row in fact.rows.values() if _amount(row.over)]
    if len(fact.rows) < 2 or not moved:
        return ""
    ranked = sorted(moved, key=lambda row: -abs(_some(row.over)))[:SHOWN]
    return f"Where, against budget: {', '.join(_moved(row, telling) for row in ranked)}."


def _moved(row: MoneyLine, telling: Telling) -> str:
    sign = "+" if _some(row.over) > 0 else ""
    return f"{telling.say(row.name)} {sign}{telling.say(row.over)}"


def _invoice(fact: Finances, telling: Telling) -> str:
    if fact.next_invoice is None:
        return ""
    due = f" due {telling.say(fact.next_invoice_on)}" if fact.next_invoice_on else ""
    return f"Next invoice {telling.say(fact.next_invoice)}{due}: {telling.say(fact.next_invoice_for)}."


def _footing(fact: Finances, telling: Telling) -> list[str]:
    parts = []
    if fact.projects_without_budget.value and fact.budget is not None:
        parts.append(f"{counted(whole(fact.projects_without_budget), 'project')} without a budget left out")
    for figure in (fact.never_imported, fact.partial):
        if figure is not None:
            parts.append(telling.say(figure))
    if fact.time_until is not None:
        parts.append(f"Time approved to {telling.say(fact.time_until)}")
    return parts


def _amount(figure: Figure | None) -> Decimal | None:
    return None if figure is None else Decimal(str(figure.value))


def _some(figure: Figure | None) -> Decimal:
    return _amount(figure) or Decimal(0)
