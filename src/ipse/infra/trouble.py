"""What a person must put right before Ipse can work."""


class SetupError(Exception):
    """Settings, keys or files are not usable; the message is whole sentences and holds no secret."""
