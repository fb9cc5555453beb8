"""What the `dramatiq` command loads: Django, the broker, and with the apps every durable actor."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "talenti.settings")
django.setup()
