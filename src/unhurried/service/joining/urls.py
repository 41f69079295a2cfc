"""Addresses of joining."""

from __future__ import annotations

from django.urls import path

from unhurried.service.joining.views import enrolment, invitations, referrals, replies, wording

app_name = "joining"

urlpatterns = [
    path("referrals/", referrals.listed, name="referrals"),
    path("referrals/new/", referrals.new, name="refer"),
    path("referrals/understand/", referrals.understand, name="understand"),
    path("referrals/<uuid:uuid>/", referrals.one, name="referral"),
    path("referrals/<uuid:uuid>/take/", referrals.take, name="take"),
    path("referrals/<uuid:uuid>/rung/", referrals.rung, name="referral_rung"),
    path("referrals/<uuid:uuid>/close/", referrals.close, name="close_referral"),
    path("referrals/<uuid:uuid>/withdraw/", referrals.withdraw, name="withdraw_referral"),
    path("invitations/", invitations.listed, name="invitations"),
    path("invitations/counts/", invitations.counts, name="invitation_counts"),
    path("invitations/choose/", invitations.choose, name="choose"),
    path("invitations/reminders/", invitations.reminders, name="reminders"),
    path("invitations/card.pdf", invitations.card, name="card"),
    path("invitations/batches/<uuid:uuid>/", invitations.batch, name="batch"),
    path("invitations/batches/<uuid:uuid>/decide/", invitations.decide, name="decide_batch"),
    path("invitations/batches/<uuid:uuid>/letters.pdf", invitations.print_batch, name="print"),
    path("invitations/letters/<uuid:uuid>/", invitations.preview, name="preview"),
    path("invitations/letters/<uuid:uuid>.pdf", invitations.preview_pdf, name="preview_pdf"),
    path("invitations/in-conversation/<uuid:uuid>/", invitations.say, name="say"),
    path("invitations/<uuid:uuid>/", invitations.one, name="invitation"),
    path("invitations/<uuid:uuid>/reply/", invitations.reply, name="record_reply"),
    path("invitations/<uuid:uuid>/rung/", invitations.rung, name="invitation_rung"),
    path("invitations/<uuid:uuid>/stop/", invitations.stop, name="stop"),
    path("wording/", wording.listed, name="wordings"),
    path("wording/settings/", wording.settings, name="settings"),
    path("wording/begin/", wording.begin, name="begin_wording"),
    path("wording/complaints/<uuid:uuid>/", wording.answer, name="answer_complaint"),
    path("wording/<slug:kind>/", wording.one, name="wording"),
    path("wording/<slug:kind>/edit/", wording.edit, name="edit_wording"),
    path("wording/<slug:kind>/approve/", wording.approve, name="approve_wording"),
    path("wording/<slug:kind>/complain/", wording.complain, name="complain"),
    path("wording/<slug:kind>/example.pdf", wording.example, name="example"),
    path("joining/<uuid:uuid>/", enrolment.join, name="join"),
    path("joining/<uuid:uuid>/welcome/", enrolment.welcome, name="welcome"),
    path("joining/workers/", enrolment.workers, name="workers"),
    path("joining/workers/<int:pk>/", enrolment.worker, name="worker"),
    path("reply/", replies.reply, name="reply"),
    path("reply/<str:code>/", replies.reply, name="reply_with_code"),
]
