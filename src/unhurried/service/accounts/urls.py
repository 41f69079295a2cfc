"""Addresses of one's own account, of roles and of members."""

from __future__ import annotations

from django.urls import URLPattern, path

from unhurried.service.accounts import (
    lost_step_views,
    members,
    openid_link_views,
    openid_views,
    sign_in_views,
    views,
)

app_name = "accounts"
urlpatterns: list[URLPattern] = [
    path("sign-in/", sign_in_views.sign_in, name="sign_in"),
    path("sign-in/with/<slug:provider>/", openid_views.start, name="openid_start"),
    path("sign-in/with/<slug:provider>/back/", openid_views.back, name="openid_back"),
    path("sign-out/", sign_in_views.sign_out, name="sign_out"),
    path("account/", views.account, name="account"),
    path("account/nhs/", openid_link_views.own, name="nhs_sign_in"),
    path("account/nhs/link/", openid_link_views.link, name="nhs_sign_in_link"),
    path("account/nhs/back/", openid_link_views.back, name="nhs_sign_in_back"),
    path("account/nhs/unlink/", openid_link_views.unlink, name="nhs_sign_in_unlink"),
    path("account/second-step/", views.second_factor, name="second_factor"),
    path("role/", views.choose_role, name="choose_role"),
    path("no-role/", views.no_role, name="no_role"),
    path("members/", members.members, name="members"),
    path("members/role/", members.give_role, name="give_role"),
    path("members/<int:membership>/end/", members.end_role, name="end_role"),
    path(
        "members/<int:membership>/second-step/", lost_step_views.clear, name="clear_second_step"
    ),
    path("members/second-steps/", lost_step_views.cleared, name="second_steps_cleared"),
    path("members/asked/<uuid:asked>/", members.decide_role, name="decide_role"),
    path("members/organisations/add/", members.add_organisation, name="add_organisation"),
    path("members/agreements/add/", members.agree, name="agree"),
    path("members/agreements/<int:agreement>/end/", members.end_agreement, name="end_agreement"),
]  # fmt: skip
