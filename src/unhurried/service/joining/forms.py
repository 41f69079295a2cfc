"""What people type on the pages of joining: parsed and checked, never acted on here."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from unhurried.service.joining.medicines import LONGEST_LINE, MOST_LINES, understand_all
from unhurried.service.joining.models import Invitation, Referral, Settings, Step, Wording
from unhurried.service.joining.operations.referrals import Said
from unhurried.service.joining.tables import languages, red_flags
from unhurried.service.patients.forms import WORDS_CHANGED
from unhurried.service.patients.models import Consent
from unhurried.service.patients.tables import standing_statement, wording_now

DATES = ["%d/%m/%Y", "%d %m %Y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d", "%d %B %Y", "%d %b %Y"]
NOT_A_DATE = "Give the date as day, month and year, for example 3/11/1960."
LONG = 4_000


def _text(label: str, *, required: str = "", longest: int = LONG, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=longest, required=bool(required),
        error_messages={"required": required}, widget=forms.Textarea, **more,
    )  # fmt: skip


def _day(label: str, *, required: bool = False) -> forms.DateField:
    return forms.DateField(
        label=label, required=required, input_formats=DATES,
        error_messages={"invalid": NOT_A_DATE, "required": NOT_A_DATE},
    )  # fmt: skip


class PersonForm(forms.Form):
    """Who is referred, when they were not found: the practice's own person, registered here."""

    nhs_number = forms.CharField(label="NHS number", max_length=30, required=False)
    given_name = forms.CharField(
        label="First name", max_length=100,
        error_messages={"required": "Type their first name, or find them above."},
    )  # fmt: skip
    family_name = forms.CharField(
        label="Last name", max_length=100,
        error_messages={"required": "Type their last name, or find them above."},
    )  # fmt: skip
    date_of_birth = _day("Date of birth", required=True)
    phone = forms.CharField(label="Telephone", max_length=30, required=False)
    not_the_same = forms.BooleanField(label="This is another person", required=False)
    whose = forms.ChoiceField(
        label="Is it the same person?", required=False, widget=forms.RadioSelect,
        choices=[
            ("same", "Yes, the same person under another name"), ("another", "No, another person"),
        ],
    )  # fmt: skip

    def same_person(self) -> bool | None:
        """What the GP said of somebody registered already; None when they were not asked."""
        whose = self.cleaned_data["whose"]
        if whose == "another" or self.cleaned_data["not_the_same"]:
            return False
        return True if whose == "same" else None


class ReferralForm(forms.Form):
    """One short page, filled in while the person is in the room."""

    agrees = forms.ChoiceField(
        label="Does the person know, and agree?", widget=forms.RadioSelect,
        choices=[("yes", "Yes"), ("not_yet", "Not yet: save as a draft")],
        error_messages={"required": "Say whether the person knows about this and agrees."},
    )  # fmt: skip
    pain_condition = _text("What the pain is from")
    medicines = _text("Opioids and sedatives", longest=MOST_LINES * LONGEST_LINE)
    benzodiazepine = forms.ChoiceField(
        label="Is a benzodiazepine or Z-drug prescribed too?", widget=forms.RadioSelect,
        choices=Referral.YesNoUnknown.choices, initial=Referral.YesNoUnknown.UNKNOWN,
    )  # fmt: skip
    concern = forms.BooleanField(
        label="The person has said they are concerned about their opioids", required=False
    )
    concern_words = _text("In their words")
    readiness = forms.ChoiceField(
        label="How they feel about it", widget=forms.RadioSelect,
        choices=Referral.Readiness.choices, initial=Referral.Readiness.NOT_DISCUSSED,
    )  # fmt: skip
    red_flags = forms.MultipleChoiceField(
        label="Is any of these there?", widget=forms.CheckboxSelectMultiple, required=False
    )
    reason = _text("Anything else that would help")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        flags = self.fields["red_flags"]
        assert isinstance(flags, forms.MultipleChoiceField)  # noqa: S101 - declared above
        flags.choices = [(each.code, each.question) for each in red_flags().values()]

    def clean_medicines(self) -> str:
        """As many lines as one person can be prescribed, none of them a page long."""
        text: str = self.cleaned_data["medicines"]
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) > MOST_LINES or any(len(line) > LONGEST_LINE for line in lines):
            raise forms.ValidationError(
                f"Write one medicine on a line, {MOST_LINES} lines at most: product, directions."
            )
        return text

    def clean(self) -> dict[str, Any]:  # wording: allowed
        """A referral that is sent says what the pain is from."""
        values = super().clean() or {}  # wording: allowed
        if values.get("agrees") == "yes" and not values.get("pain_condition", "").strip():
            self.add_error("pain_condition", "Say in a few words what the pain is from.")
        return values

    def said(self, candidate_uuid: Any = None) -> Said:
        """What the GP wrote."""
        values = self.cleaned_data
        return Said(
            agrees=values["agrees"] == "yes", pain_condition=values["pain_condition"],
            reason=values["reason"], medicines=understand_all(values["medicines"]),
            concern=values["concern"], concern_words=values["concern_words"],
            readiness=values["readiness"], red_flags=values["red_flags"],
            benzodiazepine=values["benzodiazepine"], candidate_uuid=candidate_uuid,
        )  # fmt: skip


class VersionForm(forms.Form):
    """The version somebody looked at."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)


class TakeForm(VersionForm):
    """Who will ring the person."""

    worker = forms.IntegerField(
        label="Project worker", min_value=1, max_value=2**31 - 1,
        error_messages={"required": "Choose a project worker."},
    )  # fmt: skip


class ReasonForm(VersionForm):
    """Why something is closed."""

    because = forms.CharField(
        label="Why", max_length=300, error_messages={"required": "Say why in a few words."}
    )


class ReplyForm(VersionForm):
    """What the person answered."""

    reply = forms.ChoiceField(
        label="What they said", choices=Invitation.Reply.choices, widget=forms.RadioSelect,
        error_messages={"required": "Choose what they said."},
    )  # fmt: skip
    how = forms.ChoiceField(
        label="How they said it", widget=forms.RadioSelect,
        choices=[each for each in Invitation.How.choices if each[0] != "online"],
        error_messages={"required": "Choose how they said it."},
    )  # fmt: skip
    ask_again_on = _day("For “not now”: ask again on")


class CodeForm(forms.Form):
    """A reply from the letter."""

    code = forms.CharField(
        label="The code on your letter", max_length=60,
        error_messages={"required": "Type the code on your letter."},
    )  # fmt: skip
    reply = forms.ChoiceField(
        label="Your answer", choices=Invitation.Reply.choices, widget=forms.RadioSelect,
        error_messages={"required": "Choose one of the four answers."},
    )  # fmt: skip


class WordingForm(forms.Form):
    """A text as the service manager writes it."""

    based_on = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    language = forms.CharField(max_length=12, widget=forms.HiddenInput, initial="en-GB")
    subject = forms.CharField(label="Heading", max_length=200, required=False)
    body = _text("Text", required="Write the text.", longest=8_000)

    def clean_language(self) -> str:
        """One of the languages of the table."""
        code: str = self.cleaned_data["language"]
        if code not in languages():
            raise forms.ValidationError("Choose a language from the list.")
        return code


class ComplaintForm(forms.Form):
    """What somebody found wrong with a text."""

    text = _text("What they said about the wording", required="Write down what they said.")


class AnswerForm(forms.Form):
    """What was done about a complaint."""

    done = _text("What was done", required="Say what was done.")


class SettingsForm(VersionForm):
    """The provider's settings for inviting."""

    reminders = forms.IntegerField(label="Reminders after an invitation", min_value=0, max_value=2)
    days_before_reminder_1 = forms.IntegerField(
        label="Days before the first reminder", min_value=7, max_value=180
    )
    days_before_reminder_2 = forms.IntegerField(
        label="Days before the second reminder", min_value=7, max_value=180
    )
    working_days_to_ring = forms.IntegerField(
        label="Working days within which a referred person is rung", min_value=1, max_value=30
    )
    oldest_data_days = forms.IntegerField(
        label="Oldest records a letter may rest on, in days", min_value=7, max_value=120
    )
    reply_code_days = forms.IntegerField(
        label="Days a reply code can be used", min_value=28, max_value=366
    )

    @staticmethod
    def values_of(found: Settings) -> dict[str, Any]:
        """What the form shows of saved settings."""
        return {name: getattr(found, name) for name in SettingsForm.base_fields}


class WorkerForm(forms.Form):
    """What people choosing a project worker may read."""

    languages = forms.CharField(label="Languages spoken", max_length=200, required=False)
    about = _text("A few words about them", longest=2_000)


ASKED = (
    Consent.Kind.SERVICE,
    Consent.Kind.SHARING,
    Consent.Kind.RESEARCH_CONTACT,
    Consent.Kind.EVALUATION,
)
ANSWERS = [("yes", "Yes"), ("no", "No"), ("not_asked", "Not asked today")]


class EnrolForm(forms.Form):
    """Joining: separate consents, of which one is needed, and a project worker.

    `shown` carries the versions of everything that was read together: what is kept is that.
    """

    shown = forms.CharField(max_length=300, required=False, widget=forms.HiddenInput)

    statement = forms.BooleanField(
        label="I have read this to the person, or they have read it",
        error_messages={"required": "Read the person the statement about seeing their GP first."},
    )
    service = forms.ChoiceField(widget=forms.RadioSelect, choices=ANSWERS[:2])
    sharing = forms.ChoiceField(widget=forms.RadioSelect, choices=ANSWERS, initial="not_asked")
    research_contact = forms.ChoiceField(
        widget=forms.RadioSelect, choices=ANSWERS, initial="not_asked"
    )
    evaluation = forms.ChoiceField(widget=forms.RadioSelect, choices=ANSWERS, initial="not_asked")
    how = forms.ChoiceField(
        label="How they answered", widget=forms.RadioSelect,
        choices=[each for each in Consent.How.choices if each[0] != "online"],
        error_messages={"required": "Choose how they answered."},
    )  # fmt: skip
    worker = forms.ChoiceField(
        label="Their project worker", widget=forms.RadioSelect,
        error_messages={"required": "Choose a project worker."},
    )  # fmt: skip
    over_reason = forms.CharField(
        label="If they have no room: why it is right all the same", max_length=200, required=False,
        help_text="The service manager reads the reason.",
    )  # fmt: skip

    def __init__(self, *args: Any, workers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["worker"]
        assert isinstance(chosen, forms.ChoiceField)  # noqa: S101 - declared above
        chosen.choices = workers
        self.fields["service"].error_messages["required"] = "Ask, and choose what they answered."

    def clean_shown(self) -> str:
        """Nothing that was read together has changed since."""
        shown: str = self.cleaned_data["shown"]
        if shown != versions_now():
            raise forms.ValidationError(WORDS_CHANGED)
        return shown


def versions_now() -> str:
    """The versions of the statement and of each question asked at joining, as they are now."""
    return " ".join([standing_statement("")[0], *(wording_now(kind).key for kind in ASKED)])


CHANNELS = [each for each in Step.Channel.choices if each[0] != "verbal"]
KINDS = frozenset(Wording.Kind.values)


def born(text: str) -> date | None:
    """A date of birth as typed in a search, or None."""
    try:
        found: date = forms.DateField(input_formats=DATES).clean(text)  # wording: allowed
    except forms.ValidationError:
        return None
    return found
