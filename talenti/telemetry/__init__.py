"""What the installation tells about itself: JSON logs, traces and metrics.

Rooms speak to `recorder`, which does nothing until `start` is called in a process that has
somewhere to send to. Only then OpenTelemetry is imported.
"""
