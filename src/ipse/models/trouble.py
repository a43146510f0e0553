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

    def __init__(self, file: str, expected: str, got: str, advice: str = "") -> None:
        super().__init__(f"{file}: SHA-256 {expected} was expected, the file has {got}{advice}")
        self.file = file
        self.expected = expected
        self.got = got


class RuntimeUnavailableError(WeightsError):
    """What was asked for (a device, a precision, a kind of file) is not to be had here; the message says what is."""


class ContractError(WeightsError):
    """The graph in a file is not what the manifest says of it."""


class ResearchOnlyError(WeightsError):
    """The weight's licence forbids commercial use and nobody said that this is research."""


class InferenceAwayError(WeightsError):
    """No server that computes for us answers as it should."""
