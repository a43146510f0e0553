"""What a policy has kept of a call: given to whoever may see it, as long as it lasts."""

from dataclasses import dataclass, field
from uuid import UUID

from ipse.service.ports import Clock
from ipse.service.ports.retention import ArtefactKind, Kept, KeptArtefact


@dataclass(frozen=True, slots=True)
class KeptContent:
    """
    Something that was kept, opened.

    Attributes:
        artefact: What it is.
        content: A picture's file, a packed template, or JSON.
    """

    artefact: KeptArtefact
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Keeper:
    """
    Gives what is kept. Whoever asks for pictures notes it in the audit trail.

    Attributes:
        kept: Where it rests.
        clock: For what is over.
    """

    kept: Kept
    clock: Clock

    async def listed(self, call: UUID) -> tuple[KeptArtefact, ...]:
        """Give what is kept of a call, without opening it."""
        return await self.kept.of_call(call, self.clock.now())

    async def pictures(self, call: UUID) -> tuple[KeptContent, ...]:
        """Give the pictures that are kept of a call; none once their time is over, or they were erased."""
        return await self._opened(call, "picture")

    async def results(self, call: UUID) -> tuple[KeptContent, ...]:
        """Give the results that are kept of a call, as JSON."""
        return await self._opened(call, "result")

    async def _opened(self, call: UUID, kind: ArtefactKind) -> tuple[KeptContent, ...]:
        """Give what is kept of one kind."""
        found: list[KeptContent] = []
        for artefact in await self.listed(call):
            content = await self.kept.content(artefact.id, self.clock.now()) if artefact.kind == kind else None
            if content is not None:
                found.append(KeptContent(artefact, content))
        return tuple(found)
