"""The WSGI application that gunicorn serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "talenti.settings")
application = get_wsgi_application()

# These need the apps loaded.
from django.db import connections  # noqa: E402

from talenti.checks.deployment import refuse_unsafe_start  # noqa: E402

refuse_unsafe_start()
for connection in connections.all(initialized_only=True):
    connection.close()  # gunicorn forks after this: no connection and no pool may cross
    getattr(connection, "close_pool", lambda: None)()
gc.collect()
gc.freeze()  # what is loaded now stays: the collector need not walk through it with the requests
