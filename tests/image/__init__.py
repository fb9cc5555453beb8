"""The image is really built and run, without a Docker engine: `make image`, as root on Debian."""
