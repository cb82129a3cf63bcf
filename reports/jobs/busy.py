"""When the portal cannot do it now: whoever asks is told to wait, and when to ask again."""


class Busy(Exception):
    """It cannot be done now, and may be in `wait` seconds; `words` say so to a reader.

    Answered as 503 by `middleware.AskAgain`, which tells a browser's page or script when to ask again.
    """

    def __init__(self, words: str, wait: int = 5) -> None:
        self.words, self.wait = words, wait
        super().__init__(words)
