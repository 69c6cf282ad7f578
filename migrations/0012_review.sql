-- What people hold to be possible, next to the suspects that the checks found.
create table hypotheses (
    id text primary key not null,
    investigation text not null references investigations (id),
    statement text not null,
    author text not null,
    at_ms bigint not null
);

create index hypotheses_by_investigation on hypotheses (investigation, id);

-- What people pinned. The exhibit (numbers and picture, as JSON) is written once and never changed; what is taken out keeps
-- its row, because share links that were made before still show it.
create table evidence (
    id text primary key not null,
    investigation text not null references investigations (id),
    -- The place in the order, from 1.
    position bigint not null,
    title text not null,
    -- JSON: what was pinned, so that the view as it is now can be found.
    pinned text not null,
    -- JSON list of the files it was computed from, with their hashes.
    inputs text not null,
    exhibit text not null,
    sha256 text not null,
    caption text not null,
    -- JSON list of the hypotheses that it supports or contradicts.
    links text not null,
    author text not null,
    at_ms bigint not null,
    removed_at_ms bigint
);

create index evidence_by_investigation on evidence (investigation, position);

-- JSON object: severity, who cares for it, when it began, was noticed and was over, and addresses of tickets and deploys.
alter table investigations add column incident text not null default '{}';

-- What remains to be done.
create table follow_ups (
    id text primary key not null,
    investigation text not null references investigations (id),
    task text not null,
    owner text not null,
    -- The day on which it is due, such as 2026-03-31; null for none.
    due text,
    done_at_ms bigint,
    author text not null,
    at_ms bigint not null
);

create index follow_ups_by_investigation on follow_ups (investigation, id);

-- The note that a note answers.
alter table notes add column reply_to text;

-- Who somebody is elsewhere: what a provider of OpenID Connect, or a proxy in front, calls this person for ever.
create table identities (
    issuer text not null,
    subject text not null,
    account text not null references accounts (id),
    at_ms bigint not null,
    primary key (issuer, subject)
);

-- What a link shows: `frozen` as it was when it was made, or `live` as it is now.
alter table share_links add column shows text not null default 'frozen';
-- The hash of its password (Argon2id); null for none.
alter table share_links add column password text;
alter table share_links add column opened bigint not null default 0;
alter table share_links add column opened_at_ms bigint;
