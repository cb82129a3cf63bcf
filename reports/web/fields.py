"""Fields of forms that read the numbers a page of ours sends back."""

from django import forms

#: The largest numbers that a key and a small number may have in the database.
LARGEST_KEY = 2**63 - 1
LARGEST_STEP = 2**31 - 1


class KeyField(forms.IntegerField):
    """The key of a row."""

    def __init__(self, required: bool = False) -> None:
        super().__init__(min_value=0, max_value=LARGEST_KEY, required=required)


class StepField(forms.IntegerField):
    """The step of a report that the page showed."""

    def __init__(self, required: bool = False) -> None:
        super().__init__(min_value=0, max_value=LARGEST_STEP, required=required)
