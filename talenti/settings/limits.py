"""How often somebody may ask, how their real address is known, and how much we ask of others."""

from talenti import env
from talenti.settings.environment import DEPLOYED

# Requests of one person (or address) in a window of seconds; 0 is no limit.
RATE_LIMIT_REQUESTS = env.number(
    "RATE_LIMIT_REQUESTS", 100 if DEPLOYED else 0, least=0, most=1_000_000
)
RATE_LIMIT_WINDOW_SECONDS = env.number("RATE_LIMIT_WINDOW_SECONDS", 60, least=1, most=86_400)
# One address and name, and one address with any name: tries that failed within the window.
SIGN_IN_LIMIT, SIGN_IN_ADDRESS_LIMIT, SIGN_IN_WINDOW_SECONDS = 10, 200, 300
# Mails with a link for a new password: to one account, and asked for from one address.
PASSWORD_MAIL_LIMIT, PASSWORD_MAIL_ADDRESS_LIMIT, PASSWORD_MAIL_WINDOW_SECONDS = 3, 30, 3600
# Candidates' links: requests with one link, and links that did not work from one address.
CANDIDATE_LIMIT, CANDIDATE_MISS_LIMIT, CANDIDATE_WINDOW_SECONDS = 60, 20, 60
# How many proxies of our own add the address they saw to X-Forwarded-For.
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 1 if DEPLOYED else 0, least=0, most=9)
# Calls under way from one process to one provider: one that hangs holds no more threads than that.
PROVIDER_CALLS_AT_ONCE = env.number("PROVIDER_CALLS_AT_ONCE", 64, least=1, most=1024)
