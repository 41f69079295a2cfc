"""What people type on the pages of the plan: parsed and checked, never acted on here."""

from __future__ import annotations

from typing import Any

from django import forms

from unhurried.service.patients.forms import DayField
from unhurried.service.planning.forms import line, long_text, one_of, to_ten
from unhurried.service.planning.models import Item
from unhurried.service.planning.rules import ItemGiven, PlanWords
from unhurried.service.planning.tables import chosen_words, statuses, strategies, words_of

LOOK_AGAIN = "For example, 17/5/2027. It is only a day to talk about it."


class PlanWordsForm(forms.Form):
    """What matters, what already helps, the pace."""

    matters = long_text("What matters to me", longest=2_000)
    helps = long_text("What already helps me", longest=2_000)
    pace = one_of("How fast I would like to go", chosen_words("pace"))
    pace_words = line("In my own words")
    review_on = DayField(
        required=False, label="A day to look at it all again", help_text=LOOK_AGAIN
    )

    @property
    def given(self) -> PlanWords:
        """What was typed."""
        return PlanWords(**self.cleaned_data)


class ItemForm(forms.Form):
    """One thing of the plan."""

    strategy = one_of(
        "What kind of thing is it?", {k: v.name for k, v in strategies().items()}, required=True
    )
    words = line("What I will do", required=True, help_text="Small is good.")
    where = one_of("Where", chosen_words("where"), required=True)
    where_words = line("Which place or group", longest=200)
    who = one_of("Who does it", chosen_words("who"), required=True)
    who_words = line("Who else", longest=200)
    readiness = to_ten(
        "How ready I feel, for a goal of my own",
        help_text="0 is not yet, 10 is ready now. Not yet is fine.",
    )
    review_on = DayField(required=False, label="A day to look at it again", help_text=LOOK_AGAIN)

    @property
    def given(self) -> ItemGiven:
        """What was typed. A readiness only goes with a goal."""
        kept = {name: self.cleaned_data[name] for name in ItemForm.base_fields}
        if not strategies()[kept["strategy"]].has_readiness:
            kept["readiness"] = None
        return ItemGiven(**kept)

    @staticmethod
    def kept(item: Item) -> dict[str, Any]:
        """What the item says now, to begin with."""
        return {name: getattr(item, name) for name in ItemForm.base_fields}


class NewItemForm(ItemForm):
    """One more thing of the plan, and how it stands with it."""

    status = one_of(
        "How is it going?", {k: v.for_me for k, v in statuses().items()}, initial="trying",
        required=True,
    )  # fmt: skip


class WentForm(forms.Form):
    """How it is going, and perhaps a few words."""

    status = one_of("How is it going?", {k: v.for_me for k, v in statuses().items()}, required=True)
    comment = long_text("Anything to say about it", longest=2_000)


class TopicForm(forms.Form):
    """Something the person would like to come to."""

    code = one_of("What would you like to come to?", words_of("topics"), required=True)
    words = line("In your own words")
    when = one_of("When?", chosen_words("when"), required=True)


class AgreeForm(forms.Form):
    """This is my plan."""

    how = one_of("How they agreed", chosen_words("how"), required=True)
    gp_may_see = forms.BooleanField(label="My GP practice may see this plan", required=False)
    seen = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, own: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        if own:
            del self.fields["how"]
