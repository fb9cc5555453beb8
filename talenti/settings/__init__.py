"""Settings. Without any variable: SQLite, files, an in-process worker and the offline engines."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import environ

from talenti import env
from talenti.admin.theme import UNFOLD as UNFOLD
from talenti.settings.azure import *  # noqa: F403
from talenti.settings.azure import file_storages
from talenti.settings.engines import *  # noqa: F403
from talenti.settings.environment import BASE_DIR, DATA_DIR, DEPLOYED, secret
from talenti.settings.environment import ENVIRONMENT as ENVIRONMENT
from talenti.settings.environment import MISSING_SECRETS as MISSING_SECRETS
from talenti.settings.limits import *  # noqa: F403
from talenti.settings.openai import *  # noqa: F403
from talenti.settings.phone import *  # noqa: F403
from talenti.settings.telemetry import *  # noqa: F403

VERSION = env.text("VERSION", "0.1.0")
DEBUG = env.flag("DEBUG", default=False)
PUBLIC_URL = env.address("PUBLIC_URL", f"http://127.0.0.1:{env.text('PORT', '8000')}")
SECRET_KEY = secret("SECRET_KEY")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "" if DEPLOYED else "127.0.0.1,localhost,[::1]")

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",  # does not put its own site in the place of ours
    "unfold.contrib.filters",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "talenti.apps.AdminConfig",
    "corsheaders",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_dramatiq",
    "talenti.apps.TalentiConfig",
    "talenti.work.apps.WorkConfig",
    "interviews.apps.InterviewsConfig",
    "recordings.apps.RecordingsConfig",
    "scoring.apps.ScoringConfig",
]
MIDDLEWARE = [
    "talenti.health.middleware.HealthMiddleware",
    "talenti.api.middleware.HeadMiddleware",
    "talenti.api.middleware.RequestIdMiddleware",
    "talenti.telemetry.middleware.TraceMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "talenti.api.middleware.WellFormedMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "talenti.api.middleware.DependencyFailureMiddleware",
    "talenti.api.middleware.TrailingSlashMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "talenti.api.middleware.PagesOnlyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "talenti.api.rate_limits.RateLimitMiddleware",
]
ROOT_URLCONF = "talenti.urls"
WSGI_APPLICATION = "talenti.wsgi.application"
APPEND_SLASH = False
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# --- database -------------------------------------------------------------------------------
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}
POSTGRES_OPTIONS = {
    "connect_timeout": 3,
    "prepare_threshold": 2,  # reads of talenti.prepared are prepared at their third time
    # Seconds until a request hears that there is no database.
    "pool": {
        "min_size": 1,
        "max_size": env.number("DATABASE_POOL", 4, least=1, most=64),
        "timeout": 5,
    },
    "options": "-c statement_timeout=5000 -c lock_timeout=2000"
    " -c idle_in_transaction_session_timeout=10000",
}


def _database(url: str) -> dict[str, Any]:
    config: dict[str, Any] = environ.Env.db_url_config(url)
    if config["ENGINE"].endswith("sqlite3"):
        Path(config["NAME"]).parent.mkdir(parents=True, exist_ok=True)
        test = {"NAME": f"{config['NAME']}.test"}
        return config | {"OPTIONS": SQLITE_OPTIONS, "TEST": test}
    options = config.get("OPTIONS", {}) | POSTGRES_OPTIONS
    return config | {"ENGINE": "talenti.postgres", "OPTIONS": options, "CONN_MAX_AGE": 0}


DATABASES = {
    "default": _database(env.text("DATABASE_URL", f"sqlite:///{DATA_DIR / 'talenti.sqlite3'}"))
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- work -----------------------------------------------------------------------------------
REDIS_URL = env.redis_address("REDIS_URL", "REDIS_PASSWORD")
REDIS_TIMEOUTS = "socket_connect_timeout=0.5&socket_timeout=5"  # seconds
DRAMATIQ_BROKER = {
    "BROKER": "dramatiq.brokers.redis.RedisBroker"
    if REDIS_URL
    else "dramatiq.brokers.stub.StubBroker",
    "OPTIONS": {
        # The broker hands nothing but the address to its connections.
        "url": f"{REDIS_URL}{'&' if '?' in REDIS_URL else '?'}{REDIS_TIMEOUTS}",
        "heartbeat_timeout": 15_000,
        "maintenance_chance": 50_000,
    }
    if REDIS_URL
    else {},
    # Retries stays because options of actors need it; it retries nothing: the row decides.
    "MIDDLEWARE": [
        "dramatiq.middleware.AgeLimit",
        "dramatiq.middleware.TimeLimit",
        "dramatiq.middleware.ShutdownNotifications",
        "dramatiq.middleware.Callbacks",
        "dramatiq.middleware.Retries",
        "django_dramatiq.middleware.DbConnectionsMiddleware",
        "talenti.work.processes.ProcessMiddleware",
    ],
}
DRAMATIQ_AUTODISCOVER_MODULES = ["tasks"]
WORK_QUEUES = ("default", "media", "calls")  # calls: somebody waits on the line
WORKER_THREADS = env.number("WORKER_THREADS", 2, least=1, most=256)
# Of the worker and of the sweeper, each in its own container; 0 is none.
HEALTH_PORT = env.number("HEALTH_PORT", 8001, least=0, most=65535)
SWEEP_SECONDS = 2
RECONCILE_SECONDS = 60

# --- files ----------------------------------------------------------------------------------
FILE_ALIASES = ("recordings", "documents", "exports")
STORAGES: dict[str, dict[str, Any]] = file_storages() | {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if DEPLOYED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "static"
WHITENOISE_USE_FINDERS = not DEPLOYED
MAX_RECORDING_DURATION_MINUTES = env.number("MAX_RECORDING_DURATION_MINUTES", 60, least=1, most=600)
MAX_RECORDING_BYTES = env.number("MAX_RECORDING_BYTES", 512 * 1024**2, least=1024, most=8 * 1024**3)
MAX_DOCUMENT_BYTES = env.number("MAX_DOCUMENT_BYTES", 10 * 1024**2, least=1024, most=1024**3)
RECORDING_RETENTION_DAYS = env.number("RECORDING_RETENTION_DAYS", 30, least=1, most=3650)
INVITATION_DAYS = env.number("INVITATION_DAYS", 14, least=1, most=365)

# --- people ---------------------------------------------------------------------------------
AUTH_USER_MODEL = "talenti.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
PASSWORD_RESET_TIMEOUT = 3600 * env.number("PASSWORD_LINK_HOURS", 24, least=1, most=168)
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
LANGUAGE_CODE = "en"
USE_TZ = True
TIME_ZONE = "UTC"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = False  # the ingress is https only; health probes speak http
# What follows from that line, and what binds the whole domain's other hosts: not ours to decide.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W008", "security.W021"]
SECURE_HSTS_SECONDS = 31_536_000 if DEPLOYED else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if DEPLOYED else None
X_FRAME_OPTIONS = "DENY"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

# --- mail -----------------------------------------------------------------------------------
vars().update(environ.Env.email_url_config(env.text("EMAIL_URL", "filemail:")))
EMAIL_FILE_PATH = env.text("EMAIL_FILE_PATH", str(DATA_DIR / "mail"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "Talenti <no-reply@talenti.example>")

# --- API ------------------------------------------------------------------------------------
JWT_ACCESS_LIFETIME = timedelta(minutes=5)
JWT_REFRESH_LIFETIME = timedelta(days=7)
JWT_FAMILY_LIFETIME = timedelta(days=30)
JWT_REUSE_GRACE = timedelta(seconds=10)
SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": JWT_ACCESS_LIFETIME,
    "ALGORITHM": "HS256",
    "SIGNING_KEY": secret("JWT_SECRET"),
    "ISSUER": env.text("JWT_ISSUER", "talenti"),
    "AUDIENCE": env.text("JWT_AUDIENCE", "talenti-users"),
    "LEEWAY": 0,
    "UPDATE_LAST_LOGIN": False,
}
API_MAX_BODY_BYTES = 1024**2
API_PAGE_SIZE = 50
API_MAX_PAGE_SIZE = 200
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["talenti.api.authentication.AccessTokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["talenti.api.permissions.Deny"],
    "DEFAULT_PARSER_CLASSES": ["talenti.api.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["talenti.api.renderers.OrjsonRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "talenti.api.renderers.JsonNegotiation",
    "DEFAULT_SCHEMA_CLASS": "talenti.api.schema.TalentiSchema",
    "EXCEPTION_HANDLER": "talenti.api.problems.handle",
    "DEFAULT_FILTER_BACKENDS": [],
    "DEFAULT_THROTTLE_CLASSES": ["talenti.api.throttling.ApiThrottle"],
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
CORS_ALLOWED_ORIGINS = env.words("ALLOWED_ORIGINS")
CORS_ALLOW_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
CORS_ALLOW_HEADERS = ["authorization", "content-type", "idempotency-key", "x-request-id"]
CORS_EXPOSE_HEADERS = [
    "X-Request-ID",
    "Retry-After",
    "Idempotent-Replay",
    "RateLimit",
    "RateLimit-Policy",
    "RateLimit-Limit",
    "RateLimit-Remaining",
    "RateLimit-Reset",
]
CORS_URLS_REGEX = r"^/(api|files)/"
CORS_ALLOW_CREDENTIALS = True
SPECTACULAR_SETTINGS = {
    "TITLE": "Talenti",
    "DESCRIPTION": "Structured interviews with scores that can be checked.",
    "VERSION": "v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": [],
    "APPEND_COMPONENTS": {
        "securitySchemes": {
            "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
            "invitation": {
                "type": "apiKey",
                "in": "header",
                "name": "Authorization",
                "description": "`Invitation <token>`: the secret of a candidate's own link.",
            },
        }
    },
}
