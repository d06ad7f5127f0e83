"""The words rows may hold: one enumeration for each closed list, shared by tables, records and tools."""

from enum import StrEnum


class Confidentiality(StrEnum):
    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"


class ProjectState(StrEnum):
    """What the source says of a project; UNKNOWN where it says nothing."""

    CANDIDATE = "candidate"
    ACTIVE = "active"
    ON_HOLD = "on_hold"
    DONE = "done"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class TaskState(StrEnum):
    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    CANCELLED = "cancelled"


class Health(StrEnum):
    GREEN = "green"
    AMBER = "amber"
    RED = "red"


class DurationBasis(StrEnum):
    """Whether a duration counts working time or elapsed time, as its source means it."""

    WORKING = "working"
    ELAPSED = "elapsed"

    @property
    def day_minutes(self) -> int:
        return 8 * 60 if self is DurationBasis.WORKING else 24 * 60


class ContractType(StrEnum):
    FIXED_PRICE = "fixed_price"
    TIME_AND_MATERIALS = "time_and_materials"
    RETAINER = "retainer"
    CAPPED = "capped_time_and_materials"
    INTERNAL = "internal"


class LinkKind(StrEnum):
    FS = "FS"
    SS = "SS"
    FF = "FF"
    SF = "SF"


class ConstraintKind(StrEnum):
    """What a date set on a task binds."""

    MUST_START_ON = "must_start_on"
    MUST_FINISH_ON = "must_finish_on"
    START_NO_EARLIER = "start_no_earlier_than"
    START_NO_LATER = "start_no_later_than"
    FINISH_NO_EARLIER = "finish_no_earlier_than"
    FINISH_NO_LATER = "finish_no_later_than"


class SkillLevel(StrEnum):
    """How well somebody can do a thing, least first."""

    LEARNING = "learning"
    GOOD = "good"
    STRONG = "strong"
    EXPERT = "expert"


class SkillSource(StrEnum):
    """Who says how well."""

    OWN = "own"
    MANAGER = "manager"
    CERTIFICATE = "certificate"


class BookingStatus(StrEnum):
    FIRM = "firm"
    TENTATIVE = "tentative"


class PersonKind(StrEnum):
    MEMBER = "member"
    GUEST = "guest"


class Role(StrEnum):
    """A grant's role. Members of a project's team need none: bookings and tasks say who they are."""

    TEAM = "team"
    PROJECT_MANAGER = "project_manager"
    PROGRAM_MANAGER = "program_manager"
    PORTFOLIO_MANAGER = "portfolio_manager"
    RESOURCE_MANAGER = "resource_manager"
    FINANCE = "finance"
    EXECUTIVE = "executive"
    ADMIN = "admin"


class ScopeKind(StrEnum):
    ORGANISATION = "organisation"
    PORTFOLIO = "portfolio"
    PROGRAM = "program"
    PROJECT = "project"
    PRACTICE = "practice"


class KeyScope(StrEnum):
    """What may be done with an API key, each beside what the one before allows. Rights stay those of its person."""

    READ = "read"  # ask, and look
    CONFIRM = "confirm"  # decide proposals
    ADMIN = "admin"  # change people, roles and keys

    def covers(self, wanted: "KeyScope") -> bool:
        order = list(KeyScope)
        return order.index(self) >= order.index(wanted)


class Level(StrEnum):
    """What a name, a selection or a custom field is about."""

    PORTFOLIO = "portfolio"
    PROGRAM = "program"
    PROJECT = "project"
    TASK = "task"
    PERSON = "person"


class CustomKind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    DAYS = "days"
    SHARE = "share"


class Verdict(StrEnum):
    """What a person thinks of an answer."""

    UP = "up"
    DOWN = "down"


class Complaint(StrEnum):
    """Why an answer did not help."""

    WRONG_FIGURE = "wrong_figure"
    MISUNDERSTOOD = "misunderstood"
    INCOMPLETE = "incomplete"
    UNCLEAR = "unclear"
    OTHER = "other"


class ProposalStatus(StrEnum):
    """Where a proposal stands. One that nobody decides expires by its date."""

    OPEN = "open"
    APPLIED = "applied"
    REJECTED = "rejected"
    REPLACED = "replaced"
    UNDONE = "undone"


class Decision(StrEnum):
    """What somebody's click on a proposal says."""

    APPROVED = "approved"
    REJECTED = "rejected"
    UNDONE = "undone"


class FourEyes(StrEnum):
    """A kind of change that an organisation may want two people for."""

    BASELINES = "baselines"
    BUDGETS = "budgets"
    CONTRACTS = "contracts"
    OUTSIDERS = "outsiders"  # people from outside the scope of whoever confirms


class Audience(StrEnum):
    """Who may be in a room, as whoever bound it has said; least first."""

    PUBLIC = "public"
    FIRM = "firm"
    TEAM = "team"


class NoticeKind(StrEnum):
    """What somebody is told of: a date of their work was moved, or the move was taken back."""

    MOVED = "moved"
    TAKEN_BACK = "taken_back"
