"""Addresses of the pages about a person."""

from __future__ import annotations

from django.urls import path

from unhurried.service.patients.queries.page import CONSENT_KINDS
from unhurried.service.patients.views import (
    accounts,
    alerts,
    circle,
    consents,
    corrections,
    episodes,
    moving,
    notes,
    own_answers,
    people,
    restrictions,
)

app_name = "patients"

ONE = "people/<uuid:uuid>/"
urlpatterns = [
    path("people/", people.people, name="people"),
    path("people/alerts/", alerts.alerts, name="alerts"),
    path("people/needs/", episodes.needs, name="needs"),
    path("people/cover/", circle.cover, name="cover"),
    path("people/cover/<int:cover>/end/", circle.end_cover, name="end_cover"),
    path(ONE, people.person, name="person"),
    path(ONE + "edit/", people.edit, name="edit"),
    path(ONE + "registered/", people.registered, name="registered"),
    path(ONE + "moved/", moving.move, name="move"),
    path(ONE + "contact/", people.contact, name="contact"),
    path(ONE + "carers/", circle.carers, name="carers"),
    path(ONE + "carers/add/", circle.add_carer, name="add_carer"),
    path(ONE + "carers/<int:carer>/end/", circle.end_carer, name="end_carer"),
    path(ONE + "who-may-not-see/", restrictions.may_not_see, name="may_not_see"),
    path(
        ONE + "who-may-not-see/<int:restriction>/end/", restrictions.may_see_again,
        name="may_see_again",
    ),
    path(ONE + "account/", accounts.own, name="own_account"),
    path(ONE + "carers/<int:carer>/account/", accounts.carers, name="carer_account"),
    path("first-sign-in/", accounts.first_sign_in, name="first_sign_in"),
    path(ONE + "consents/", consents.consents, name="consents"),
    path(ONE + "my-answers/", own_answers.answers, name="own_answers"),
    path(ONE + "notes/", notes.notes, name="notes"),
    path(ONE + "notes/new/", notes.write_note, name="write_note"),
    path(ONE + "notes/<uuid:note>/correct/", corrections.correct, name="correct_note"),
    path(ONE + "alerts/new/", alerts.raise_alert, name="raise_alert"),
    path(ONE + "alerts/<uuid:alert>/", alerts.alert, name="alert"),
    path(ONE + "episode/", episodes.episode, name="episode"),
]  # fmt: skip
urlpatterns += [
    path(ONE + f"consents/{kind}/", consents.recording(kind), name=f"consent_{kind}")
    for kind in CONSENT_KINDS
]
urlpatterns += [
    path(ONE + f"consents/{kind}/withdraw/", consents.withdrawing(kind), name=f"withdraw_{kind}")
    for kind in CONSENT_KINDS
]
urlpatterns += [
    path(ONE + f"episode/{do}/", episodes.change_episode, {"do": do}, name=f"episode_{do}")
    for do in episodes.DONE
]
urlpatterns += [
    path(ONE + f"my-answers/{kind}/stop/", own_answers.stopping(kind), name=f"own_stop_{kind}")
    for kind in CONSENT_KINDS
]
urlpatterns += [
    path(ONE + f"my-answers/{kind}/yes/", own_answers.agreeing(kind), name=f"own_yes_{kind}")
    for kind in CONSENT_KINDS
    if kind != "study"  # the researchers keep that yes
]
for do in accounts.DONE:
    urlpatterns += [
        path(ONE + f"account/{do}/", accounts.changing(do, "own_access"), name=f"account_{do}"),
        path(
            ONE + f"carers/<int:carer>/account/{do}/", accounts.changing(do, "carer_access"),
            name=f"carer_account_{do}",
        ),
    ]  # fmt: skip
