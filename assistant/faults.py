"""What can go wrong with a language model: one tree of errors, each with what an asker may read of it."""

from typing import ClassVar


class ModelFault(Exception):
    """No reply that can be used. The message is a sentence; `clause` goes on after "The language model"."""

    clause: ClassVar[str] = "gave no usable answer"
    is_outage: ClassVar[bool] = True  # counts against the provider in the circuit breaker
    may_pass: ClassVar[bool] = False  # the same request may well succeed a moment later

    def __init__(self, wait_seconds: float = 0.0) -> None:
        super().__init__(f"The language model {self.clause}.")
        self.wait_seconds = wait_seconds  # how long the provider wants to be left alone


class Unreachable(ModelFault):
    clause = "cannot be reached"


class TooSlow(ModelFault):
    clause = "took too long"


class Overloaded(ModelFault):
    """429."""

    clause = "is busy"
    may_pass = True


class ServerFailed(ModelFault):
    """5xx."""

    clause = "failed"
    may_pass = True


class CutShort(ModelFault):
    """The stream ended before the reply did."""

    clause = "broke off"


class NoReply(ModelFault):
    """HTML, JSON of another shape, no choices."""

    clause = "sent something that is no reply"


class KeyRefused(ModelFault):
    """401, 403."""

    clause = "does not accept the key it was given"


class ModelUnknown(ModelFault):
    """404."""

    clause = "is not known at its address"


class RequestRefused(ModelFault):
    """400 and other 4xx: the request does not suit this model."""

    clause = "does not accept the request"
    is_outage = False


class PromptTooLong(RequestRefused):
    clause = "cannot hold that much at once"


class ReplyUnusable(ModelFault):
    """The provider is well; what the model said cannot be used."""

    is_outage = False


class EmptyReply(ReplyUnusable):
    clause = "said nothing"


class ReplyRefused(ReplyUnusable):
    clause = "declined to answer"


class ReplyTooLong(ReplyUnusable):
    clause = "did not come to an end"


class CallsMalformed(ReplyUnusable):
    clause = "asked for something that cannot be read"


class ProseUngrounded(ReplyUnusable):
    clause = "did not keep to the figures"


class Withheld(ModelFault):
    """Nothing was sent, by our own choice."""

    is_outage = False


class Resting(Withheld):
    clause = "failed a moment ago and is left alone for now"


class AnswerSpent(Withheld):
    clause = "used up what one answer may take"


class PersonSpent(Withheld):
    clause = "has done for you what one person may ask of it in a day"
