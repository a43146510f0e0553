"""What a curve was fitted on, counted from the scores themselves."""

from ipse.core.scoring.calibration import Provenance
from ipse.evaluation.exclusions import Exclusions
from ipse.evaluation.scores import Scores


def provenance_of(
    scores: Scores, dataset: str, population: str, date: str, exclusions: Exclusions | None = None
) -> Provenance:
    """Give the provenance of a curve that is fitted on these scores."""
    without = ""
    if exclusions is not None and exclusions.source:
        without = f"{exclusions.source}: {len(exclusions.pictures)} pictures and {len(exclusions.pairs)} pairs"
    return Provenance(
        dataset=dataset,
        population=population,
        date=date,
        people=len(set(scores.people[scores.pictures].tolist())),
        pictures=len(scores.pictures),
        genuine_pairs=len(scores.genuine),
        impostor_pairs=scores.impostors,
        exclusions=without,
    )
