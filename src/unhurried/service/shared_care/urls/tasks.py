"""Addresses of what is asked and written between worker and practice."""

from __future__ import annotations

from django.urls import URLPattern, path

from unhurried.service.shared_care.views import messages, tasks

ONE = "people/<uuid:uuid>/"
TASK = ONE + "ask/<uuid:task>/"
THREAD = ONE + "messages/<uuid:thread>/"
urlpatterns: list[URLPattern] = [
    path("shared-care/", tasks.inbox, name="inbox"),
    path("shared-care/pass-on/<uuid:task>/", tasks.pass_on, name="pass_on"),
    path(ONE + "ask/", tasks.asked, name="asked"),
    path(ONE + "ask/new/", tasks.ask, name="ask"),
    path(TASK, tasks.task, name="task"),
    path(TASK + "answer/", tasks.answer, name="answer"),
    path(TASK + "change/", tasks.plan, name="plan_task"),
    path(TASK + "write-back/", messages.write_back, name="write_back"),
    path(ONE + "messages/", messages.threads, name="threads"),
    path(ONE + "messages/new/", messages.write, name="write"),
    path(THREAD, messages.thread, name="thread"),
    path(THREAD + "reply/", messages.reply, name="reply"),
]
