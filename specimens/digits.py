"""Check digits of numbers, written a second time here so that a mistake in the product's rules shows."""

from typing import Final

SINGAPORE: Final = {"S": "JZIHGFEDCBA", "T": "JZIHGFEDCBA", "F": "XWUTRQPNMLK", "G": "XWUTRQPNMLK", "M": "KLJNPQRTUWX"}
SINGAPORE_START: Final = {"S": 0, "T": 4, "F": 0, "G": 4, "M": 3}
TAIWAN: Final = "ABCDEFGHJKLMNPQRSTUVXYWZIO"
"""Letters in the order of their two digits, 10 to 35."""


def thai(twelve: str) -> str:
    """Give the 13th digit of a Thai number."""
    total = sum(int(digit) * weight for digit, weight in zip(twelve, range(13, 1, -1), strict=True))
    return str((11 - total % 11) % 10)


def china(seventeen: str) -> str:
    """Give the 18th sign of a Chinese number. Source: GB 11643."""
    total = sum(int(digit) * (2 ** (17 - place) % 11) for place, digit in enumerate(seventeen))
    return "10X98765432"[total % 11]


def hong_kong(letters: str, six: str) -> str:
    """Give the sign in brackets of a Hong Kong number with one letter or two."""
    values = [36 if letter == " " else ord(letter) - 55 for letter in letters.rjust(2)]
    total = sum(v * w for v, w in zip([*values, *map(int, six)], range(9, 1, -1), strict=True))
    left = -total % 11
    return "A" if left == 10 else str(left)


def singapore(letter: str, seven: str) -> str:
    """Give the last letter of an NRIC or FIN."""
    total = SINGAPORE_START[letter] + sum(int(d) * w for d, w in zip(seven, (2, 7, 6, 5, 4, 3, 2), strict=True))
    table = SINGAPORE[letter]
    return table[10 - total % 11] if letter == "M" else table[total % 11]


def taiwan(letter: str, eight: str) -> str:
    """Give the last digit of a Taiwanese number, from its letter and eight digits."""
    first = TAIWAN.index(letter) + 10
    total = first // 10 + first % 10 * 9 + sum(int(d) * w for d, w in zip(eight, range(8, 0, -1), strict=True))
    return str(-total % 10)


def my_number(eleven: str) -> str:
    """Give the last digit of a Japanese My Number."""
    weights = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    left = sum(int(d) * w for d, w in zip(eleven, weights, strict=True)) % 11
    return "0" if left <= 1 else str(11 - left)


def japan_licence(ten: str) -> str:
    """Give the 11th digit of a Japanese licence."""
    total = sum(int(d) * w for d, w in zip(ten, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2), strict=True))
    return str(11 - total % 11)[-1]


def icao(text: str) -> str:
    """Give ICAO 9303's check digit, weights 7 3 1."""
    values = (0 if sign == "<" else int(sign, 36) for sign in text)
    return str(sum(value * (7, 3, 1)[place % 3] for place, value in enumerate(values)) % 10)
