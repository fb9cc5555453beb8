"""The public keys that others sign with, as they were last read."""

from django.db import models


class SigningKeys(models.Model):
    """The keys behind one address. They belong to the installation, not to a tenant.

    `asked_at` is when a process last took it on itself to read the address, `fetched_at` when that
    last went well; `fault` is what the latest reading met, in one word, and empty meanwhile.
    """

    address = models.CharField(primary_key=True, max_length=300)
    keys = models.JSONField(default=dict, editable=False)  # {kid: {"n": ..., "e": ...}}
    asked_at = models.DateTimeField(null=True, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)
    fault = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name_plural = "signing keys"

    def __str__(self) -> str:
        return self.address
