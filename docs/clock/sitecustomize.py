"""On the path of the processes that serve the pictures: their clock stands on the day of the story.

Python imports this at its start. `CLOCK_SHIFT` (seconds) is what is added to the clock of the machine, the
same in every process, so that a report is two days late in the pictures whenever they are taken.
"""

import os
import time
from datetime import UTC, datetime

if os.environ.get("CLOCK_SHIFT"):
    import time_machine

    now = time.time() + float(os.environ["CLOCK_SHIFT"])
    time_machine.travel(datetime.fromtimestamp(now, UTC), tick=True).start()
