"""All wiring, once: settings, store, assistant, clock, and who asks."""

import gc
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from math import ceil
from threading import Thread
from typing import TYPE_CHECKING, Any, Protocol
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from integrations.log import apology, note_surprise
from integrations.pace import Pace
from integrations.settings import Settings, read_settings, switch_tracing_off
from storage.access import Party, Reader
from storage.api_keys import Bearer, any_keys, bearer_of, keys_were_made
from storage.engine import Store
from storage.models import Organisation
from storage.people import Member, active_person, find_owner, find_person_by_email, find_person_by_key, list_people
from storage.vocabulary import Level

if TYPE_CHECKING:
    from assistant.answer import Answer, Listener, Question
    from assistant.models import LanguageModel


LONGEST_QUESTION = 4_000
TOO_LONG = (
    f"That is {{length:,}} characters, and I read questions of up to {LONGEST_QUESTION:,}. "
    "Ask about one thing, like “where is” and a project's name."
)


class Answering(Protocol):
    """What the surfaces need of an assistant."""

    def ask(self, question: "Question", listener: "Listener | None" = None, /) -> "Answer": ...

    def fill_in(self, question: "Question", tool: str, arguments: dict[str, Any], /) -> "Answer": ...

    def glance(self, question: "Question", tool: str, arguments: dict[str, Any], /) -> "Answer": ...


class CannotDo(Exception):
    """Something expected stands in the way; the message is a sentence a user may read."""


class PersonNotKnown(CannotDo):
    def __init__(self, email: str) -> None:
        super().__init__(f"Nobody here has the e-mail “{email:.80}”. `pilothouse people list` shows who is here.")


class NobodyOwnsStore(CannotDo):
    def __init__(self) -> None:
        super().__init__("This store has no owner yet. `pilothouse init` makes one.")


class TooFast(CannotDo):
    def __init__(self, seconds: float) -> None:
        self.seconds = ceil(seconds)
        super().__init__(f"You asked very many questions in this minute. Ask again in {self.seconds} seconds.")


@dataclass(frozen=True)
class Hearing:
    """Who hears an answer beside the asker, in which room; by default nobody, in none."""

    audience: tuple[Party, ...] = ()
    room: tuple[Level, str] | None = None  # level and key of what the room is about
    is_shared: bool = False  # whether others ask in the same thread


@dataclass(frozen=True)
class Application:
    """What every surface holds: one store with its assistant."""

    settings: Settings
    store: Store
    other_assistant: Answering | None = None

    def ask(
        self,
        text: str,
        asker: Member | None,
        *,
        surface: str,
        thread: str | None = None,
        as_of: date | None = None,
        listener: "Listener | None" = None,
        onlooker: Member | None = None,
        hearing: Hearing | None = None,
    ) -> "Answer":
        """The answer to one question; a surprise becomes the outcome `failed`, and a line in the log.

        Without an asker it is an outsider's. An onlooker gets what the asker would be told, of what the onlooker may
        see, and nothing of it is kept.
        """
        from assistant.answer import Answer

        if len(text) > LONGEST_QUESTION:
            return Answer(outcome="declined", text=TOO_LONG.format(length=len(text)))
        question = self._question(text, asker, surface, thread, hearing or Hearing())
        if onlooker:
            reader = Reader(question.reader.person_id, audience=(onlooker.id,))
            question = question.model_copy(update={"reader": reader, "onlooker_id": onlooker.id})
        question = question.model_copy(update={"as_of": as_of})
        return self._guarded(question, lambda: self._assistant.ask(question, listener))

    def fill_in(
        self, text: str, tool: str, arguments: dict[str, Any], asker: Member, *, surface: str, thread: str | None = None
    ) -> "Answer":
        """The answer to a form of the surface's own, which says which tool is meant; `text` is what it comes to."""
        question = self._question(text, asker, surface, thread, Hearing())
        return self._guarded(question, lambda: self._assistant.fill_in(question, tool, arguments))

    def glance(self, tool: str, arguments: dict[str, Any], asker: Member, *, surface: str) -> "Answer":
        """What a page of the asker's own shows unasked; nothing of it is recorded."""
        question = self._question("", asker, surface, None, Hearing())
        return self._guarded(question, lambda: self._assistant.glance(question, tool, arguments))

    def _question(
        self, text: str, asker: Member | None, surface: str, thread: str | None, hearing: Hearing
    ) -> "Question":
        from assistant.answer import Question

        return Question(
            text=text,
            reader=Reader(asker.id if asker else None, audience=hearing.audience),
            today=self.today(),
            surface=surface,
            thread=thread,
            is_thread_shared=hearing.is_shared,
            room=hearing.room,
        )

    def _guarded(self, question: "Question", answer: "Callable[[], Answer]") -> "Answer":
        from assistant.answer import Answer

        try:
            return answer()
        except Exception as surprise:
            note_surprise(self.settings.log_file, surprise, during=question.surface)
            return Answer(outcome="failed", text=apology(self.settings.log_file), thread=question.thread or "")

    def admit(self, asker: Member | None) -> None:
        """Count a question that comes over the network, all outsiders as one; raises TooFast."""
        seconds = self._pace.wait(asker.id if asker else 0)
        if seconds:
            raise TooFast(seconds)

    def today(self) -> date:
        """The date where the organisation is."""
        return datetime.now(self.time_zone).date()

    @property
    def time_zone(self) -> ZoneInfo:
        return ZoneInfo(self._organisation[1])

    @property
    def organisation_name(self) -> str:
        return self._organisation[0]

    def asker(self, email: str | None) -> Member:
        """The person of this e-mail; the store's owner where none is given."""
        return self.person(email) if email is not None else self.owner()

    def owner(self) -> Member:
        with self.store.reading() as session:
            owner = find_owner(session)
        if owner is None:
            raise NobodyOwnsStore
        return owner

    def person(self, email: str, *, or_left: bool = False) -> Member:
        """The person of this e-mail, or key, who is here, or may have left; raises PersonNotKnown."""
        with self.store.reading() as session:
            person = find_person_by_email(session, email) or find_person_by_key(session, email)
        if person is None or not (person.active or or_left):
            raise PersonNotKnown(email)
        return person

    def people(self) -> list[Member]:
        with self.store.reading() as session:
            return list_people(session)

    def active_person(self, person_id: int) -> Member | None:
        with self.store.reading() as session:
            return active_person(session, person_id)

    def bearer_of(self, key: str) -> Bearer | None:
        with self.store.reading() as session:
            return bearer_of(session, key)

    def has_keys(self) -> bool:
        with self.store.reading() as session:
            return any_keys(session)

    def keys_were_made(self) -> bool:
        with self.store.reading() as session:
            return keys_were_made(session)

    def warm_up(self) -> None:
        """Load what a language model needs while nobody waits for it."""
        if self._language_model is not None:
            Thread(target=_warm, args=(self._language_model,), daemon=True, name="warming up").start()

    def check(self) -> None:
        """Raise a StoreError unless the store can be read and has the schema of this program."""
        self.store.revision()

    @cached_property
    def _pace(self) -> Pace:
        return Pace(self.settings.person_questions)

    @cached_property
    def _assistant(self) -> Answering:
        if self.other_assistant is not None:
            return self.other_assistant
        from assistant.agent import Assistant
        from assistant.builtin import intent

        intent.use(self.settings.utterances)
        return Assistant(self.store, self._language_model)

    @cached_property
    def _language_model(self) -> "LanguageModel | None":
        chosen = self.settings.language_model
        if chosen is None:
            return None
        from assistant.models import LanguageModel

        switch_tracing_off()
        return LanguageModel(chosen)

    @property
    def _organisation(self) -> tuple[str, str]:
        """Name and time zone; a store that nothing was imported into has neither."""
        query = select(col(Organisation.name), col(Organisation.time_zone))
        with self.store.reading() as session:
            name, zone = session.exec(query).first() or ("", "UTC")
        return name, zone


def _warm(model: "LanguageModel") -> None:
    from assistant.agent import warm

    warm(model)
    gc.collect()
    gc.freeze()  # what was loaded stays: looking through it again and again would hold everybody up


def open_application() -> Application:
    """The application as the environment sets it; raises a StoreError where there is no store."""
    settings = read_settings()
    application = Application(settings, Store.open(settings.store_url))
    application.check()
    return application
