"""What columns of chances say."""

import numpy as np
import pytest

from ipse.core.text.recognise import alphabet, decode
from ipse.core.vocabulary import Floats

LETTERS = alphabet("A\nB\n0")


def chances(*columns: tuple[int, float]) -> Floats:
    """Columns in each of which one letter has this chance, and the next one half of the rest."""
    table = np.zeros((len(columns), len(LETTERS)), np.float32)
    for row, (letter, chance) in zip(table, columns, strict=True):
        row[:] = (1 - chance) / 8
        row[letter % len(LETTERS)] = chance
        row[1 + letter % 3] += (1 - chance) / 2
    return table


def test_the_alphabet_has_nothing_first_and_the_space_last() -> None:
    """The blank of CTC says nothing; the noted letters follow."""
    assert ("", "A", "B", "0", " ") == LETTERS


def test_runs_are_one_letter_and_blanks_part_them() -> None:
    """`AA_A_B` is `AAB`: Graves et al., equation 1."""
    read = decode(chances((1, 0.9), (1, 0.8), (0, 0.9), (1, 0.7), (0, 0.9), (2, 0.6)), LETTERS, 1.0)
    assert "AAB" == read.text
    assert pytest.approx((0.9, 0.7, 0.6), abs=0.1) == read.confidences
    assert pytest.approx((1 / 6, 3.5 / 6, 5.5 / 6)) == read.at


def test_padding_does_not_move_letters() -> None:
    """Where half of the columns are padding, the last letter of the line stands at its end."""
    read = decode(chances((1, 0.9), (0, 0.9), (0, 0.9), (2, 0.9), (0, 0.9), (0, 0.9), (0, 0.9), (0, 0.9)), LETTERS, 0.5)
    assert pytest.approx((0.125, 0.875)) == read.at


def test_the_second_letter_is_told() -> None:
    """Each letter comes with the one that was second, which is never the blank."""
    column = np.array([[0.3, 0.05, 0.1, 0.5, 0.05]], np.float32)
    read = decode(column, LETTERS, 1.0)
    assert "0" == read.text
    ((letter, chance),) = read.alternatives
    assert "B" == letter
    assert pytest.approx(0.1) == chance


def test_blanks_at_the_ends_are_left_out() -> None:
    """A space counts only between letters."""
    read = decode(chances((4, 0.9), (1, 0.9), (4, 0.9), (2, 0.9), (4, 0.9)), LETTERS, 1.0)
    assert "A B" == read.text
    assert 3 == len(read.at) == len(read.confidences) == len(read.alternatives)


def test_a_line_read_as_nothing_is_not_lost() -> None:
    """Its likeliest letter stands for it, as unsure as it is."""
    read = decode(np.array([[0.9, 0.02, 0.02, 0.01, 0.05], [0.8, 0.02, 0.12, 0.01, 0.05]], np.float32), LETTERS, 1.0)
    assert "B" == read.text
    assert pytest.approx(0.12) == read.confidence
