#!/bin/sh
# Every morning, from cron, without any other service:
#
#   15 6 * * * /opt/mismatch/cron.sh /data/train.parquet /data/served/latest.parquet
#
# Only what is new or worse since yesterday makes it fail, and cron then sends what it printed.
set -eu
train="$1"
served="$2"
state="${MISMATCH_STATE:-$HOME/.local/state/mismatch}"
mkdir -p "$state"

code=0
MISMATCH_OUT="$state/now" MISMATCH_AGAINST="$state/mismatch.json" \
    "$(dirname "$0")/gate.sh" --train "$train" --serve "$served" || code=$?
# A run that judged nothing is no baseline.
[ "$code" -eq 2 ] || cp "$state/now/mismatch.json" "$state/mismatch.json"
[ "$code" -eq 0 ] || cat "$state/now/comment.md"
exit "$code"
