"""The production stack on one machine: every service, emulators of the providers, every process."""
