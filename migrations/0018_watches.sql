-- Places that are looked at on a schedule, each for what is new there.
create table watches (
    id text primary key not null,
    model text not null references models (name),
    target text not null,
    -- Null where each file shows what it is.
    role text,
    version text not null,
    schedule text not null,
    created_by text not null,
    created_at_ms bigint not null,
    next_at_ms bigint not null,
    -- JSON: how the last look went; null before the first.
    last text
);

create index watches_by_model on watches (model, created_at_ms);
create index watches_due on watches (next_at_ms);

-- What was taken from a place already, written in one transaction with what arrived.
create table watch_seen (
    watch text not null,
    -- The file's name below the target, or the time until which a running tool was asked.
    name text not null,
    -- What changes with its content: size and time, or the store's own tag.
    mark text not null,
    primary key (watch, name)
);
