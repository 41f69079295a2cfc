"""Addresses of signing in, under the names allauth looks for. What is not here does not exist."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from unhurried.service.accounts import sign_in_views as views

urlpatterns: list[URLPattern] = [
    path("sign-in/", views.sign_in, name="account_login"),
    path("sign-out/", views.sign_out, name="account_logout"),
    path("sign-in/second-step/", views.second_factor, name="mfa_authenticate"),
    path("sign-in/passkey/", views.sign_in_passkey, name="mfa_login_webauthn"),
    path("sign-in/closed/", views.inactive, name="account_inactive"),
    path("password/forgotten/", views.forgotten, name="account_reset_password"),
    path("password/forgotten/sent/", views.forgotten_sent, name="account_reset_password_done"),
    re_path(
        r"^password/choose/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[0-9A-Za-z-]{1,80})/$",
        views.choose_password, name="account_reset_password_from_key",
    ),
    path(
        "password/chosen/", views.password_chosen, name="account_reset_password_from_key_done"
    ),
    path("account/password/", views.change_password, name="account_change_password"),
    path("account/again/", views.password_again, name="account_reauthenticate"),
    path("account/again/code/", views.second_factor_again, name="mfa_reauthenticate"),
    path("account/again/passkey/", views.passkey_again, name="mfa_reauthenticate_webauthn"),
    path("account/second-step/ways/", views.own_factors, name="mfa_index"),
    path("account/app/", views.add_app, name="mfa_activate_totp"),
    path("account/app/remove/", views.remove_app, name="mfa_deactivate_totp"),
    path("account/recovery-codes/", views.recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "account/recovery-codes/new/", views.new_recovery_codes, name="mfa_generate_recovery_codes"
    ),
    path("account/passkeys/", views.list_passkeys, name="mfa_list_webauthn"),
    path("account/passkeys/add/", views.add_passkey, name="mfa_add_webauthn"),
    path("account/passkeys/<int:pk>/remove/", views.remove_passkey, name="mfa_remove_webauthn"),
]  # fmt: skip
