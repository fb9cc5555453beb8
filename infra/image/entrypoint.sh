#!/bin/sh
# What a container of the image does: api, worker, sweep or migrate, or `manage` for any other
# command of manage.py. Each replaces this shell, so that signals and exit codes are its own.
set -eu

default=api
[ "${WORKER_MODE:-false}" = true ] && default=worker
command=${1:-$default}
[ "$#" -eq 0 ] || shift

case $command in
  api) exec gunicorn -c python:talenti.gunicorn_conf talenti.wsgi "$@" ;;
  worker) exec python manage.py worker "$@" ;;
  sweep) exec python manage.py sweep --loop "$@" ;;
  migrate) exec python manage.py migrate --noinput "$@" ;;
  manage) exec python manage.py "$@" ;;
esac
echo "Talenti does api, worker, sweep, migrate or manage, not $command." >&2
exit 64
