"""The error for a request that cannot be answered now, with the seconds until it may be repeated."""


class Busy(Exception):
    """It cannot be done now; try again in `wait` seconds. `message` is for people.

    `middleware.AskAgain` answers it with 503 and the time after which page or script may ask again.
    """

    def __init__(self, message: str, wait: int = 5) -> None:
        self.message, self.wait = message, wait
        super().__init__(message)
