"""Questions to the register. What a person may see of it is decided here."""

from moderation.accounts.queries.asking import (
    Channels,
    MyAccounts,
    OneAccount,
    filter_words,
    from_listing,
    listing_id,
)
from moderation.accounts.queries.conditions import RegisterUnit, conditions
from moderation.accounts.queries.views import AccountPage, ChannelsPage, Condition


__all__ = [
    "AccountPage",
    "Channels",
    "ChannelsPage",
    "Condition",
    "MyAccounts",
    "OneAccount",
    "RegisterUnit",
    "conditions",
    "filter_words",
    "from_listing",
    "listing_id",
]
