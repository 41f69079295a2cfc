"""Settings of the running service, from the environment and the data folder.

| variable | what | default |
|---|---|---|
| UNHURRIED_DATA | folder of the database, uploads, letters, secret key | `service-data` |
| DATABASE_URL | `postgresql://user:password@host:port/name` | SQLite in the data folder |
| UNHURRIED_HOSTS | host names served, separated by commas | this machine only |
| UNHURRIED_URL | where people reach the service, for the reply page named in letters | none |
| UNHURRIED_HTTPS | `1` behind an HTTPS proxy that sets X-Forwarded-Proto itself | off |
| UNHURRIED_EXTRACTS | folder of extracts on the server, one folder a practice (ODS code) | none |
| UNHURRIED_EXTRACT_MB | the most an extract handed in by a browser may hold | 500 |
| UNHURRIED_EXTRACT_DAYS | days the files of an extract are kept after it was screened | 30 |
| UNHURRIED_DEMO | `1` for the fictional service (its banner, its sign-in table) | off |
| UNHURRIED_EMAIL | how e-mail leaves: `files`, `smtp`, `notify` | `files` |
| UNHURRIED_SMS | how text messages leave: `files`, `notify` | `files` |
| UNHURRIED_LETTERS | how letters leave: `files` (to print), `notify` | `files` |
| UNHURRIED_SMTP | `smtp+tls://user:password@host:587` (or `smtps://`, `smtp://`) | none |
| UNHURRIED_MAIL_FROM | the sender of e-mail | none |
| UNHURRIED_NOTIFY_KEY | the API key of GOV.UK Notify | none |
| UNHURRIED_NOTIFY_EMAIL_TEMPLATE, UNHURRIED_NOTIFY_SMS_TEMPLATE | templates at Notify | none |
| UNHURRIED_NOTIFY_URL | where Notify is | its public address |
"""

from __future__ import annotations

import os
from pathlib import Path

from unhurried.web.database import database_from
from unhurried.web.secret import secret_key_in
from unhurried.web.sign_in_settings import *  # noqa: F403 - settings are names
from unhurried.web.sign_in_settings import SESSION_HOURS, SIGN_IN_APPS

PACKAGE = Path(__file__).resolve().parent
DATA = Path(os.environ.get("UNHURRIED_DATA", "service-data")).resolve()
DEMO = os.environ.get("UNHURRIED_DEMO") == "1"
UNHURRIED_TEST_NUMBERS = DEMO  # NHS numbers that begin with 999 belong to nobody
HTTPS = os.environ.get("UNHURRIED_HTTPS") == "1"
PUBLIC_URL = os.environ.get("UNHURRIED_URL", "").rstrip("/")

SECRET_KEY = secret_key_in(DATA)
DEBUG = False
ALLOWED_HOSTS = [
    host.strip()
    for host in os.environ.get("UNHURRIED_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
    if host.strip()
]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    *SIGN_IN_APPS,
    "unhurried.service.audit",
    "unhurried.service.jobs",
    "unhurried.service.outbox",
    "unhurried.service.accounts",
    "unhurried.service.patients",
    "unhurried.service.shared_care",
    "unhurried.service.identification",
    "unhurried.service.joining",
    "unhurried.service.planning",
    "unhurried.service.worksheets",
    "unhurried.service.sessions",
    "unhurried.service.team",
    "unhurried.web",
]

MIDDLEWARE = [
    "unhurried.web.front_door.FrontDoor",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "unhurried.web.front_door.PlainInput",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "unhurried.service.accounts.middleware.ActorMiddleware",
    "unhurried.web.front_door.Sentences",
]

ROOT_URLCONF = "unhurried.web.urls"
WSGI_APPLICATION = "unhurried.web.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [PACKAGE / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "unhurried.web.jinja.environment",
            "context_processors": [
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": database_from(os.environ.get("DATABASE_URL", ""), DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# What is said once after a change may name a person: kept with the session, not in a cookie.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_AGE = SESSION_HOURS * 60 * 60
SECURE_SSL_REDIRECT = HTTPS
if HTTPS:  # the proxy in front ends the encryption; it must set this header itself, always
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "unhurried.web.errors.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "manifest-src": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "static"]
WHITENOISE_USE_FINDERS = True  # served from the package: nothing to collect at start
WHITENOISE_MAX_AGE = 60 * 60
FONTS = PACKAGE / "static/built/fonts"  # the typeface of pages, letters and charts alike

FILES = DATA / "files"  # uploads and letters; never served as static files
EXTRACTS_FOLDER = os.environ.get("UNHURRIED_EXTRACTS", "")
EXTRACT_MB = int(os.environ.get("UNHURRIED_EXTRACT_MB", "500"))
EXTRACT_DAYS = int(os.environ.get("UNHURRIED_EXTRACT_DAYS", "30"))
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_PERMISSIONS = 0o600

OUTBOX = {
    "email": os.environ.get("UNHURRIED_EMAIL", "files"),
    "sms": os.environ.get("UNHURRIED_SMS", "files"),
    "letter": os.environ.get("UNHURRIED_LETTERS", "files"),
    "smtp": os.environ.get("UNHURRIED_SMTP", ""),
    "sender": os.environ.get("UNHURRIED_MAIL_FROM", ""),
    "notify_url": os.environ.get(
        "UNHURRIED_NOTIFY_URL", "https://api.notifications.service.gov.uk"
    ),
    "notify_key": os.environ.get("UNHURRIED_NOTIFY_KEY", ""),
    "notify_email": os.environ.get("UNHURRIED_NOTIFY_EMAIL_TEMPLATE", ""),
    "notify_sms": os.environ.get("UNHURRIED_NOTIFY_SMS_TEMPLATE", ""),
}
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}

if DEMO:  # choose who to be, instead of signing in
    LOGIN_URL = ACCOUNT_LOGOUT_REDIRECT_URL = "/demo/"
