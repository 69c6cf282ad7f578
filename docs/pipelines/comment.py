#!/usr/bin/env python3
"""Puts a comment into a pull request (GitHub) or a merge request (GitLab), or writes the one that is there anew.

    comment.py github comment.md    with GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_TOKEN and PULL_REQUEST, and with
                                    COMMENT_AUTHOR where the token is not that of Actions
    comment.py gitlab comment.md    with CI_API_V4_URL, CI_PROJECT_ID, CI_MERGE_REQUEST_IID and GITLAB_TOKEN

Needs Python 3 alone. Ends with 0 when the comment is there, with 1 and a sentence when it can't be.
"""

import json
import os
import sys
import urllib.error
import urllib.request

MARKER = "<!-- mismatch-gate -->"
PAGE = 100


def needed(name):
    value = os.environ.get(name, "")
    if not value:
        sys.exit(f"{name} is not set. Set it to where the comment goes, and run this again.")
    return value


def ask(method, url, headers, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json", **headers}, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def existing(url, headers, is_ours):
    """The id of our comment with the marker; None where there is none. Anybody can write the marker."""
    page = 1
    while True:
        found = ask("GET", f"{url}?per_page={PAGE}&page={page}", headers)
        for comment in found:
            if (comment["body"] or "").startswith(MARKER) and is_ours(comment):
                return comment["id"]
        if len(found) < PAGE:
            return None
        page += 1


def github(text):
    repository = f"{os.environ.get('GITHUB_API_URL') or 'https://api.github.com'}/repos/{needed('GITHUB_REPOSITORY')}"
    headers = {"Authorization": f"Bearer {needed('GITHUB_TOKEN')}", "Accept": "application/vnd.github+json"}
    comments = f"{repository}/issues/{needed('PULL_REQUEST')}/comments"
    author = os.environ.get("COMMENT_AUTHOR") or "github-actions[bot]"
    found = existing(comments, headers, lambda comment: (comment["user"] or {}).get("login") == author)
    if found is None:
        ask("POST", comments, headers, {"body": text})
    else:
        ask("PATCH", f"{repository}/issues/comments/{found}", headers, {"body": text})


def gitlab(text):
    project = f"{needed('CI_API_V4_URL')}/projects/{needed('CI_PROJECT_ID')}"
    headers = {"PRIVATE-TOKEN": needed("GITLAB_TOKEN")}
    notes = f"{project}/merge_requests/{needed('CI_MERGE_REQUEST_IID')}/notes"
    author = ask("GET", f"{needed('CI_API_V4_URL')}/user", headers)["id"]
    found = existing(notes, headers, lambda note: note["author"]["id"] == author)
    if found is None:
        ask("POST", notes, headers, {"body": text})
    else:
        ask("PUT", f"{notes}/{found}", headers, {"body": text})


def main():
    hosts = {"github": github, "gitlab": gitlab}
    if len(sys.argv) != 3 or sys.argv[1] not in hosts:
        sys.exit(__doc__)
    try:
        with open(sys.argv[2], encoding="utf-8") as file:
            text = file.read()
        hosts[sys.argv[1]](text)
    except urllib.error.HTTPError as error:
        sys.exit(f"The comment was refused with {error.code}: the token must be allowed to write comments.")
    except (OSError, ValueError, KeyError, TypeError) as error:
        sys.exit(f"The comment could not be written: {error}.")


if __name__ == "__main__":
    main()
