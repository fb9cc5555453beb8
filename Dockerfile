# One image for api, worker, sweep and migrate: see infra/image/entrypoint.sh and docs/processes.md.

FROM python:3.11-slim-bookworm@sha256:a36c24f9cbdf4fd0f52d67f0823eeac19c2028c637cecc392d97f980d4fec56b AS build
WORKDIR /app
# Its environment gets no pip of its own: nothing can be installed where the image runs.
RUN python -m venv --without-pip /opt/talenti
COPY requirements.txt ./
RUN python -m pip --python /opt/talenti/bin/python install --quiet --no-cache-dir \
      --disable-pip-version-check --no-deps --only-binary :all: --require-hashes -r requirements.txt
COPY . .
# Hashed names need the settings of a deployment; no secret is read, none is needed.
RUN ENVIRONMENT=prod DATA_DIR=/tmp/data /opt/talenti/bin/python manage.py collectstatic --noinput \
    && /opt/talenti/bin/python -m compileall -q /app

FROM python:3.11-slim-bookworm@sha256:a36c24f9cbdf4fd0f52d67f0823eeac19c2028c637cecc392d97f980d4fec56b
# /data is for installations that keep files on a volume; everything else is root's and read only.
RUN rm -rf /usr/local/lib/python3.11/site-packages/* /usr/local/lib/python3.11/ensurepip \
      /usr/local/bin/pip* \
    && groupadd --system --gid 10001 talenti \
    && useradd --system --uid 10001 --gid 10001 --no-create-home --home-dir /tmp \
      --shell /usr/sbin/nologin talenti \
    && install --directory --owner=10001 --group=10001 --mode=0700 /data
COPY --from=build /opt/talenti /opt/talenti
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/opt/talenti/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp \
    DATA_DIR=/data
USER 10001:10001
EXPOSE 8000 8001
ENTRYPOINT ["/app/infra/image/entrypoint.sh"]
CMD ["api"]
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["python", "-m", "talenti.health.probe"]

# Last, so that a new commit alone builds no other layer anew.
ARG BUILD_DATE=""
ARG GIT_SHA=""
ARG VERSION=""
ENV VERSION=$VERSION \
    DEPLOY_SHA=$GIT_SHA
LABEL org.opencontainers.image.title="Talenti" \
      org.opencontainers.image.description="Structured interviews with scores that can be checked" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.created="$BUILD_DATE" \
      org.opencontainers.image.revision="$GIT_SHA" \
      org.opencontainers.image.version="$VERSION"
