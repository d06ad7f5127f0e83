"""Checks a model's prose against the facts it speaks of, and puts the figures in."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.grounding import markup
from assistant.grounding.amounts import MONTHS, WEEKDAYS, Amount, Held, Stated, amounts
from assistant.grounding.amounts import Kind as AmountKind
from assistant.grounding.claims import Claim, Kind, claims
from assistant.grounding.comparisons import miscompared
from assistant.grounding.counted import miscounted
from assistant.grounding.deeds import overstepped
from assistant.grounding.denials import denied
from assistant.grounding.directions import direction_of, misdirected
from assistant.grounding.labels import Disagreement, disagreements
from assistant.grounding.lexicon import Lexicon, concept_of
from assistant.grounding.names import Names, words_of
from assistant.grounding.numerals import number_of
from assistant.grounding.plain import REFERENCE, canonical, flat
from assistant.grounding.references import WRITTEN, Field, Fields, Passage
from assistant.grounding.subjects import Subjects
from assistant.grounding.view import View
from tools.facts import Fact, Unit
from tools.planning.metrics import METRICS

NOTHING = Names(())
LONGEST = 2_000
"""Letters of a passage that is looked at; `passages` parts a stream into shorter ones."""


@dataclass(frozen=True)
class Checked:
    """A passage that was checked: its text as it may be shown (none with problems), and what to mend."""

    text: str
    problems: tuple[str, ...] = ()
    figures: int = 0


class Ground:
    """What a model's prose may stand on: the facts of this answer, the asker's own words, and the names it may not say.

    Figures, days, names and health come by reference. Words of the asker may come back: names and relative times
    anywhere; numbers, days and health where a field holds the same, or in quotation marks.
    """

    def __init__(self, facts: Sequence[Fact], question: str, names: Names) -> None:
        self.facts, self.names = list(facts), names
        self.fields = Fields(self.facts)
        self._question = f" {flat(canonical(question))} "
        self._asked = {word.text for word in words_of(canonical(question))}
        self._texts = [
            flat(str(each.figure.value)) for each in self.fields if each.figure.unit == Unit.TEXT and each.figure.value
        ]

    @classmethod
    def of(cls, facts: Sequence[Fact], question: str, names: Iterable[str] | Names = NOTHING) -> "Ground":
        """For an answer over these facts; `names` are all that the asker may see, best as `Names.of(index)`."""
        return cls(facts, question, names if isinstance(names, Names) else Names(list(names)))

    @cached_property
    def _held(self) -> Held:
        return Held(self.facts)

    @cached_property
    def _lexicon(self) -> Lexicon:
        return Lexicon(self.facts, self.fields)

    @cached_property
    def _subjects(self) -> Subjects:
        return Subjects(self.fields)

    def check(self, passage: str) -> Checked:
        """The passage with its references filled in, or the sentences that say what to mend."""
        if len(passage) > LONGEST:
            return Checked("", (f"Write shorter sentences and lines: at most {LONGEST:,} letters each.",))
        text = markup.tidy(canonical(passage))
        read = self.fields.read(text)
        problems = list(dict.fromkeys(self._problems(canonical(passage), read)))
        if problems:
            return Checked("", tuple(problems))
        return Checked(_filled(read), figures=len(read.known))

    def _problems(self, text: str, read: Passage) -> Iterator[str]:
        yield from (
            f"Leave out {kind}: links, mentions and markup are made by the server."
            for kind in markup.refused(WRITTEN.sub(REFERENCE, text))
        )
        yield from self._unread(read)
        if any("{" in piece for piece in read.pieces):
            return
        view = View(read)
        yield from self._claimed(view)
        if REFERENCE * 2 in view.text or view.joins_figures:
            yield "Put words between two references, and a blank beside each."
        yield from self._labelled(read)
        yield from self._misplaced(read)
        yield from misdirected(read, self.fields, self._is_condition)
        yield from miscompared(read, self.fields, self._lexicon)
        yield from denied(read, self.fields)
        yield from miscounted(read, self._question)
        yield from overstepped(view.text, self._question)

    def _unread(self, read: Passage) -> Iterator[str]:
        for path in read.unknown:
            near = self.fields.near(path)
            yield f"There is no {{{{{path}}}}}" + (f"; near it: {', '.join(near)}." if near else ".")
        if any("{" in piece or "}" in piece for piece in read.pieces):
            yield "Write a reference as {{f1.field}}, in two braces at both ends."

    def _claimed(self, view: View) -> Iterator[str]:
        stated = list(amounts(view.text))
        said: set[Stated] = set()
        for claim in claims(view.text, self.names):
            whole = next((each for each in stated if each.start < claim.end and claim.start < each.end), None)
            whole = None if claim.kind is Kind.NAME else whole
            if whole in said or self._may_say(claim, whole, view):
                continue
            if whole is not None:
                said.add(whole)
            yield self._mend(claim, whole, view)

    def _may_say(self, claim: Claim, whole: Stated | None, view: View) -> bool:
        asked = self._is_asked(claim.words)
        if claim.quoted and asked:
            return True
        match claim.kind:
            case Kind.NAME:
                return all(word.text in self._asked for word in words_of(claim.words))
            case Kind.NUMBER | Kind.DATE:
                return asked and self._bears(claim, whole, view)
            case Kind.HEALTH:
                return view.is_label(claim) or (asked and self._is_condition(flat(claim.words)) and view.counts(claim))
        return asked

    def _bears(self, claim: Claim, whole: Stated | None, view: View) -> bool:
        """Whether the facts hold a number or a day that the asker said; a relative time is the asker's own."""
        if whole is not None:
            return self._held.path(whole.amount) is not None and self._is_asked(view.text[whole.start : whole.end])
        if claim.kind is Kind.DATE:
            named = flat(claim.words).split()[-1][:3]
            return named not in _CALENDAR or named in self._held.calendar
        number = number_of(flat(claim.words))
        return number is not None and self._held.path(Amount(AmountKind.NUMBER, str(number))) is not None

    def _is_condition(self, words: str) -> bool:
        """Whether a text of the facts has these words, as the condition of a list that was asked for has."""
        return any(words in text for text in self._texts)

    def _is_asked(self, words: str) -> bool:
        spoken = flat(words).strip(" .,;:!?")
        return bool(spoken) and re.search(rf"(?<!\w){re.escape(spoken)}(?!\w)", self._question) is not None

    def _mend(self, claim: Claim, whole: Stated | None, view: View) -> str:
        words = view.text[whole.start : whole.end].strip() if whole else claim.words
        words = words.replace(REFERENCE, "").strip(" ,;:")
        if field := self._instead(claim, whole, view):
            return f'Write {field} instead of "{words}".'
        if claim.kind is Kind.CURRENCY:
            return f'Leave out "{words}": a field brings its currency along.'
        if claim.kind is Kind.LETTERS:
            return f'Write "{words}" in plain Latin letters, or leave it out.'
        return f'Leave out "{words}": no field holds it.'

    def _instead(self, claim: Claim, whole: Stated | None, view: View) -> str | None:
        """The reference to write in place of a claim; None where no field says it."""
        if claim.kind is Kind.NAME:
            return self._field_called(claim.words)
        if claim.kind is Kind.HEALTH:
            return next((each.reference for each in self.fields if each.figure.unit == Unit.HEALTH), None)
        if whole is None and claim.kind is Kind.NUMBER and (number := number_of(flat(claim.words))) is not None:
            kind = AmountKind.DAYS if claim.words.endswith(("day", "days")) else AmountKind.NUMBER
            whole = Stated(Amount(kind, str(number)), claim.start, claim.end)
        if whole is None and flat(claim.words) == "today" and self.facts:
            return f"{{{{{self.facts[0].id}.as_of}}}}"
        path = self._held.path(whole.amount) if whole else None
        return f"{{{{{path}}}}}" if path else None

    def _field_called(self, words: str) -> str | None:
        spoken = flat(words)
        named = [each for each in self.fields if each.figure.unit in (Unit.NAME, Unit.KEY, Unit.TEXT)]
        same = (each for each in named if flat(str(each.figure.value)) == spoken)
        within = (each for each in named if each.figure.unit != Unit.TEXT and spoken in flat(str(each.figure.value)))
        return next((each.reference for each in (*same, *within)), None)

    def _labelled(self, read: Passage) -> Iterator[str]:
        for found in disagreements(read, self._lexicon):
            meant = self._meant(found)
            instead = f"; write {meant.reference}" if meant else ""
            called = _label(concept_of(found.field))
            yield f'{found.field.reference} is {called}, not "{found.words}"{instead}.'

    def _meant(self, found: Disagreement) -> Field | None:
        """The field that the words beside a reference name best: one of the same subject and, if there is, unit."""
        field, words = found.field, flat(found.words)
        same = [each for each in self.fields if _is_meant(each, field, found.concepts)]
        return max(same, key=lambda each: (each.figure.unit == field.figure.unit, each.name[:4] in words), default=None)

    def _misplaced(self, read: Passage) -> Iterator[str]:
        for found in self._subjects.mismatches(read):
            spoken_of = found.spoken_of.partition(".")[2] or found.spoken_of
            instead = f"; write {found.instead.reference}" if found.instead else ""
            yield f"{found.field.reference} is not of {spoken_of}, which the sentence speaks of{instead}."


def _filled(read: Passage) -> str:
    """The passage with the text of each field in its place; a minus is left out where words say it."""
    shown = [markup.inert(read.pieces[0])]
    for place, field in read.known:
        text = field.text
        if direction_of(read, place) < 0:
            text = text.lstrip("−")
        shown += [text, markup.inert(read.pieces[place + 1])]
    return "".join(shown)


def _is_meant(other: Field, field: Field, concepts: frozenset[str]) -> bool:
    return concept_of(other) in concepts and other.figure.value is not None and other.subject == field.subject


def _label(concept: str) -> str:
    return METRICS[concept].label if concept in METRICS else concept.replace("_", " ")


_CALENDAR = frozenset({*MONTHS, *WEEKDAYS})
