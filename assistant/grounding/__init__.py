"""A figure is never the model's: its prose points at fields of facts, and is checked before anybody reads it.

`Ground.of(facts, question, names).check(passage)` fills in a passage or says what to mend; `passages` parts a stream
into what is checked at once; `unsupported` looks at a finished answer, narrated ones too.
"""

from assistant.grounding.finished import unsupported
from assistant.grounding.ground import Checked, Ground
from assistant.grounding.names import Names
from assistant.grounding.streaming import passages

__all__ = ["Checked", "Ground", "Names", "passages", "unsupported"]
