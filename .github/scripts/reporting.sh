# shellcheck shell=bash
# How a script speaks to the run that it is part of. Sourced; by itself it does nothing.

fail() {
  echo "::error::$*" >&2
  exit 1
}

note() {
  echo "$(date -u +%H:%M:%S) $*" >&2
}

# An output of the step. Values are one line: names of revisions, addresses of images.
output() {
  echo "$1=$2" >>"${GITHUB_OUTPUT:-/dev/null}"
}

summarise() {
  echo "$*" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
}

# What a rollback has to know, kept in a file: the step that wrote it may have been killed.
remember() {
  echo "$1=$2" >>"$STATE_FILE"
}

remembered() {
  [ -f "$STATE_FILE" ] || return 0
  sed -n "s/^$1=//p" "$STATE_FILE" | tail -n 1
}
