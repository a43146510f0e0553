"""All against all in blocks, with bounded memory."""

import numpy as np
import pytest
from numpy.typing import NDArray

from ipse.core.vocabulary import Floats, Recipe
from ipse.evaluation.acquire import Gallery
from ipse.evaluation.exclusions import Exclusions
from ipse.evaluation.scores import BLOCK_ROWS, compare_all

COUNT = BLOCK_ROWS + 200


def faces() -> tuple[Gallery, NDArray[np.int32]]:
    """More random templates than one block holds, three pictures a person; every tenth picture is missing."""
    rng = np.random.default_rng(0)
    pictures = np.array([number for number in range(COUNT) if number % 10], np.int32)
    vectors: Floats = rng.normal(size=(len(pictures), 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return Gallery(vectors, pictures, (), Recipe("fast", "float32", "e", "d")), (np.arange(COUNT) // 3).astype(np.int32)


def brute(gallery: Gallery, people: NDArray[np.int32], *, same: bool) -> list[float]:
    """Every similarity of one kind, falling, the slow way."""
    full = np.clip(gallery.vectors @ gallery.vectors.T, -1, 1)
    one, two = np.triu_indices(len(gallery.pictures), 1)
    kind = (people[gallery.pictures[one]] == people[gallery.pictures[two]]) == same
    return sorted(full[one[kind], two[kind]].tolist(), reverse=True)


def test_blocks_miss_no_pair() -> None:
    """Genuine and impostor pairs are those of the plain double loop, across blocks."""
    gallery, people = faces()
    scores = compare_all(gallery, people)
    assert pytest.approx(brute(gallery, people, same=True), abs=1e-6) == scores.genuine.similarity.tolist()
    assert pytest.approx(brute(gallery, people, same=False), abs=1e-6) == scores.impostor.similarity.tolist()
    assert scores.impostors == int(scores.histogram.sum()) == len(scores.impostor)


def test_only_the_most_alike_are_kept_and_the_rest_is_counted() -> None:
    """With room for 5,000 pairs the kept ones are the top 5,000, and quantiles below come from the histogram."""
    gallery, people = faces()
    full, short = compare_all(gallery, people), compare_all(gallery, people, kept=5_000)
    assert full.impostor.similarity[:5_000].tolist() == short.impostor.similarity.tolist()
    assert full.impostors == short.impostors
    for rank in (0, 4_999, 50_000, full.impostors - 1):
        assert pytest.approx(full.impostor_at(rank), abs=2e-4) == short.impostor_at(rank)
    for threshold in (-0.5, 0.0, 0.5):
        assert pytest.approx(full.impostors_above(threshold), rel=1e-3) == short.impostors_above(threshold)


def test_pairs_name_their_pictures() -> None:
    """The most alike pair's similarity is that of the pictures it names."""
    gallery, people = faces()
    scores = compare_all(gallery, people)
    row = {int(picture): number for number, picture in enumerate(gallery.pictures)}
    one, two = (gallery.vectors[row[int(side[0])]] for side in (scores.impostor.first, scores.impostor.second))
    assert pytest.approx(float(one @ two), abs=1e-6) == float(scores.impostor.similarity[0])
    assert people[scores.impostor.first[0]] != people[scores.impostor.second[0]]


def test_left_out_pairs_and_pictures_are_in_no_score() -> None:
    """The excluded pair and every pair of the excluded picture are gone, and nothing else."""
    gallery, people = faces()
    full = compare_all(gallery, people)
    pair = np.array([[int(full.impostor.first[0]), int(full.impostor.second[0])]], np.int32)
    without = compare_all(gallery, people, Exclusions("list", np.array([601], np.int32), np.sort(pair, 1)))
    genuine = int(((full.genuine.first == 601) | (full.genuine.second == 601)).sum())
    impostor = int(((full.impostor.first == 601) | (full.impostor.second == 601)).sum())
    assert len(full.genuine) - genuine == len(without.genuine)
    assert full.impostors - impostor - 1 == without.impostors
    assert without.left_out.tolist() == np.sort(pair, 1).tolist()
