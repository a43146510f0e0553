"""Networks opened from the weights that the settings name, or why not in words for a person."""

from ipse.infra.cores import cores
from ipse.infra.settings import Settings
from ipse.infra.trouble import SetupError
from ipse.models.manifest import Manifest, Role, Weight
from ipse.models.runtime import OpenedNetwork, RuntimeChoice, Servers
from ipse.models.session import open_network
from ipse.models.trouble import WeightsError


class EngineError(SetupError):
    """The engine cannot be opened; the message says what to do."""


def thread_count(settings: Settings) -> int:
    """How many pictures are computed at once: what was set, else what the CPU quota gives."""
    return settings.threads or cores()


def runtime_choice(settings: Settings) -> RuntimeChoice:
    """Who computes, as the settings say."""
    token = settings.inference_token
    servers = Servers(
        urls=settings.inference_urls,
        timeout_s=settings.inference_timeout_s,
        token=None if token is None else token.get_secret_value(),
        ca=settings.inference_ca,
    )
    return RuntimeChoice(settings.runtime, settings.device, settings.precision, thread_count(settings), servers)


def default_weight(role: Role) -> Weight:
    """The weight that is on by default for a role."""
    return Manifest.load().network(role)


def open_weight(weight: Weight, settings: Settings, choice: RuntimeChoice) -> OpenedNetwork:
    """A network, or why not in words for a person."""
    path = settings.weights_dir / weight.file
    try:
        return open_network(weight, path, choice, allow_research=settings.allow_research_weights)
    except WeightsError as error:
        raise EngineError(str(error)) from error
