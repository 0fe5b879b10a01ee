"""Good values that are nobody's: what stands in the place of personal data, or of what nobody looks at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fakturavakt.vocabulary import forms
from fakturavakt.vocabulary.facts import Fact, FactType, Value
from fakturavakt.vocabulary.forms import Flaw, JsonNumber

_INVENTED: Final[Mapping[FactType, tuple[str, ...]]] = {
    FactType.TEXT: ("Oppdiktet",),
    FactType.CURRENCY: ("NOK",),
    FactType.MOBILE: ("+4791234567",),
    FactType.EMAIL: ("kari@example.no",),
    FactType.DATE: ("2021-02-01",),
    FactType.MONEY: ("100.00",),
    FactType.ORGANISATION_NUMBER: ("974760673",),
    FactType.PAYMENT_REFERENCE: tuple(f"123456789{digit}" for digit in range(10)),
    FactType.ACCOUNT: tuple(f"1234567890{digit}" for digit in range(10)),
}


def invented(fact: Fact) -> Value:
    """A good value of a fact that is nobody's."""
    if fact.type is FactType.YES_NO:
        return True
    if fact.type is FactType.CHOICE:
        return fact.choices[0]
    if fact.type is FactType.COUNT:
        found = forms.read(fact, JsonNumber("1"))
    else:
        read = (forms.read(fact, written) for written in _INVENTED[fact.type])
        found = next(value for value in read if value is not None and not isinstance(value, Flaw))
    assert found is not None
    assert not isinstance(found, Flaw)
    return found
