-- People who can sign in. Without a row in here, nobody has to.
create table accounts (
    id text primary key not null,
    login text not null unique,
    name text not null,
    -- Lower-case name: two people with the same one could be taken for each other.
    name_key text not null unique,
    -- viewer, editor or admin.
    role text not null,
    -- Argon2id, in PHC string format.
    password text not null,
    created_at_ms bigint not null,
    disabled_at_ms bigint
);

create table sessions (
    id text primary key not null,
    account text not null references accounts (id),
    secret_sha256 text not null unique,
    agent text not null,
    created_at_ms bigint not null,
    used_at_ms bigint not null,
    ended_at_ms bigint
);

create index sessions_by_account on sessions (account);

create table tokens (
    id text primary key not null,
    account text not null references accounts (id),
    secret_sha256 text not null unique,
    name text not null,
    -- read or write.
    scope text not null,
    created_at_ms bigint not null,
    expires_at_ms bigint not null,
    used_at_ms bigint,
    revoked_at_ms bigint
);

create index tokens_by_account on tokens (account);

create table invitations (
    id text primary key not null,
    secret_sha256 text not null unique,
    role text not null,
    author text not null,
    created_at_ms bigint not null,
    expires_at_ms bigint not null,
    used_at_ms bigint,
    revoked_at_ms bigint
);

-- What happened to accounts: only ever appended to. Each line holds the hash of itself and the line before, so that one that
-- was changed or taken out is noticed.
create table audit (
    seq bigint primary key not null,
    at_ms bigint not null,
    actor text not null,
    source text not null,
    -- JSON: what happened.
    what text not null,
    chain_sha256 text not null
);
