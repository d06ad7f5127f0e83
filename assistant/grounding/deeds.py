"""What no answer may say of itself or ask for: things done or told, which this product does not do, and secrets."""

import re
from collections.abc import Iterator

from assistant.grounding.plain import REFERENCE, flat


def overstepped(text: str, question: str) -> Iterator[str]:
    """Claims of having acted, and requests for secrets; `text` holds references as one character each."""
    small = flat(text).replace("’", "'")
    for pattern in (_DONE, _WILL_DO, _DONE_FOR, _TOLD):
        if found := pattern.search(small):
            yield f'Leave out "{found[0].replace(REFERENCE, "").strip()}": you only read, and changed and told nothing.'
    if (found := _SECRET.search(small)) and found[0] not in flat(question):
        yield f'Leave out "{found[0]}": nobody is asked for secrets.'
    elif found := _ASKS_FOR_SECRET.search(small):
        yield f'Leave out "{found[0].replace(REFERENCE, "").strip()}": nobody is asked for secrets.'


_ACTS = (
    "mov|chang|updat|inform|notif(?:y|i)|email|e-mail|messag|post|ask|book|assign|reassign|schedul|reschedul|replan|creat|add"
    "|delet|remov|clos|reopen|fix|mark|record|sav|edit|adjust|rais|escalat|remind|invit|call|contact|approv|cancel|shift"
    "|extend|logg?|shar|forward|fil|submit(?:t)?|order|report|warn|ping(?:g)?|arrang|swap(?:p)?|alert|correct|resolv|appl(?:y|i)"
    "|reallocat|postpon|delay|start|stop(?:p)?|flag(?:g)?|request|releas|publish|upload|confirm|reserv|allocat|transfer|push"
    "|pull|increas|reduc|cut|set|put|reset"
)
_ACTED = rf"(?:(?:{_ACTS})(?:ed|d)|told|sent|cut|set|put|reset|written|wrote|made|given|gave|let|done|did|spoken|spoke)"
_DO = rf"(?:(?:{_ACTS})(?:e|y)?|tell|send|write to|make|give|let|speak to|talk to)"
_LITTLE = (
    r"(?:(?:just|now|also|already|even|then|today|therefore|accordingly|gladly|quickly|immediately|both|and|personally"
    r"|(?:went|gone) ahead and)\s+)*"
)
_DONE = re.compile(
    rf"\b(?:i|we)(?:'ve|'d|\s+have|\s+had)\s+{_LITTLE}{_ACTED}\b|\bi\s+{_LITTLE}{_ACTED}\b(?!\s+{REFERENCE}\s+as)"
)
_WILL_DO = re.compile(
    r"\b(?:i|we)(?:'ll|'m going to|'re going to|\s+will|\s+shall|\s+am going to|\s+are going to|\s+can)\s+"
    rf"{_LITTLE}{_DO}\b"
)
_DONE_FOR = re.compile(
    rf"\b(?:has|have|was|were|is|are)\s+(?:now\s+|been\s+|already\s+)*{_ACTED}\s+(?:by me|for you|on your behalf)\b"
)
_TOLD = re.compile(
    r"\b(?:has|have|had|was|were|is|are)\s+(?:now\s+|been\s+|already\s+|just\s+)*(?:told|informed|notified|e-?mailed|messaged|alerted)\b"
)
_STRONG = r"passwords?|passphrases?|passcodes?|credentials?"
_SECRET = re.compile(
    rf"\b(?:{_STRONG}|api[\s-]?keys?|log-?in details|access codes?|one-time codes?|2fa"
    r"|verification codes?|security codes?|credit cards?|card numbers?|bank details|iban|cvv)\b"
)
_ASKS_FOR_SECRET = re.compile(
    r"(?<!not )(?<!n't )(?<!cannot )"
    r"\b(?:send|reply|respond|answer|enter|type|give|share|provide|confirm|paste|post|tell)\b"
    rf"[^.!?\n]{{0,60}}\b(?:{_STRONG}|keys?|tokens?|secrets?|log-?ins?|pins?|codes?)\b"
)
