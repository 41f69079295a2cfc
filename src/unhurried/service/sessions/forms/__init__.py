"""Forms of appointments and sessions: what is typed is read here; the rules come after."""

from unhurried.service.sessions.forms.appointments import AppointmentForm, CancelForm, MissedForm
from unhurried.service.sessions.forms.fields import GuestsForm
from unhurried.service.sessions.forms.keeping import (
    ComponentForm,
    GiveForm,
    LimitsForm,
    OpinionForm,
)
from unhurried.service.sessions.forms.recording import CorrectionForm, SessionForm

__all__ = [
    "AppointmentForm",
    "CancelForm",
    "ComponentForm",
    "CorrectionForm",
    "GiveForm",
    "GuestsForm",
    "LimitsForm",
    "MissedForm",
    "OpinionForm",
    "SessionForm",
]
