#!/bin/sh
# Runs `mismatch diagnose` as a gate. All arguments go to it: files, roles, --fail-on.
#
# Leaves in MISMATCH_OUT (mismatch-report): mismatch.json (the next run's baseline), mismatch.xml (JUnit), mismatch.sarif,
# mismatch.html, and comment.md for a pull or merge request. MISMATCH_AGAINST names an earlier mismatch.json; where that file is
# not there yet, everything counts.
#
# Ends as `mismatch diagnose` does: 0 open, 1 closed, 2 an input can't be used.
set -u

out="${MISMATCH_OUT:-mismatch-report}"
# A comment of a code host holds 65,536 characters.
most_bytes=60000

mkdir -p "$out" || exit 2
rm -f "$out/report.md" "$out/comment.md"
if [ -n "${MISMATCH_AGAINST:-}" ] && [ -f "$MISMATCH_AGAINST" ]; then
    set -- "$@" --against "$MISMATCH_AGAINST"
fi
mismatch diagnose "$@" --format markdown --out "$out/report.md" --report "json=$out/mismatch.json" \
    --report "junit=$out/mismatch.xml" --report "sarif=$out/mismatch.sarif" --report "html=$out/mismatch.html" \
    2> "$out/error.txt"
code=$?
# What a file is called may look like a command of the code host, if it begins a line.
tr -d '\r' < "$out/error.txt" | sed 's/^/mismatch: /' >&2

case $code in
    0) verdict="The gate is open." ;;
    1) verdict="The gate is closed: something changed that should agree." ;;
    *) verdict="Nothing was judged: an input can't be used." ;;
esac
{
    # By this line the comment is found again, so that there is one and not one for each push.
    echo '<!-- mismatch-gate -->'
    echo "**Mismatch.** $verdict"
    echo
    if [ -f "$out/report.md" ]; then
        if [ "$(wc -c < "$out/report.md")" -gt "$most_bytes" ]; then
            # The last line was cut in the middle.
            head -c "$most_bytes" "$out/report.md" | sed '$d'
            echo
            echo "The rest is in mismatch.html, with the files of this run."
        else
            cat "$out/report.md"
        fi
    else
        # In one piece of code, which nothing in it can end.
        printf '`%s`\n' "$(tr -d '`' < "$out/error.txt" | tr '\000-\037' ' ')"
    fi
} > "$out/comment.md"
rm -f "$out/report.md" "$out/error.txt"
exit "$code"
