"""What keeps a network from being fetched or opened; every message is for the person who runs Ipse."""


class WeightsError(Exception):
    """Weights cannot be had or used as asked; the message says which, why, and what to do."""


class NotFetchedError(WeightsError):
    """A file of the manifest is not in its folder."""


class DigestError(WeightsError):
    """
    A file is not the one that was asked for.

    Attributes:
        file: Its name.
        expected: The hex SHA-256 that the manifest pins.
        got: The hex SHA-256 that it has.
    """

    def __init__(self, file: str, expected: str, got: str) -> None:
        super().__init__(f"{file}: SHA-256 {expected} was expected, the file has {got}; `ipse models fetch` gets it anew")
        self.file = file
        self.expected = expected
        self.got = got
