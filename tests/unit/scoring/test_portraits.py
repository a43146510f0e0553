"""Similarities of printed faces."""

from hypothesis import given
from hypothesis import strategies as some

from ipse.core.scoring.portraits import as_plain


@given(some.floats(-1, 1), some.floats(1e-6, 0.1), some.floats(1, 2000))
def test_order_is_kept(similarity: float, more: float, face_px: float) -> None:
    """Of two similarities of one face the higher stays higher, and none leaves the scale."""
    higher = min(1.0, similarity + more)
    one, other = as_plain(similarity, face_px), as_plain(higher, face_px)
    assert -1 <= one <= other <= 1
    assert (one < other) == (similarity < higher)


@given(some.floats(1, 2000))
def test_the_ends_stay(face_px: float) -> None:
    """Equal templates are equal at any size, and unlike ones are no more alike."""
    assert (1.0, 0.0, -0.5) == (as_plain(1.0, face_px), as_plain(0.0, face_px), as_plain(-0.5, face_px))


def test_small_faces_gain_most() -> None:
    """The same cosine is worth more from a portrait of few pixels."""
    assert 0.35 < as_plain(0.35, 300) < as_plain(0.35, 66) < as_plain(0.35, 39) < as_plain(0.35, 27) < 0.41
    assert as_plain(0.35, 24) == as_plain(0.35, 5)
