"""The form of identity numbers that a setting names."""

from ipse.core.people.numbers import NumberForm, NumberFormUnknown, number_form
from ipse.infra.trouble import SetupError


def form_named(name: str) -> NumberForm:
    """
    What numbers look like.

    Raises:
        SetupError: There is no such form.
    """
    try:
        return number_form(name)
    except NumberFormUnknown as error:
        raise SetupError(f"The setting people_number_format is refused: {error}.") from None
