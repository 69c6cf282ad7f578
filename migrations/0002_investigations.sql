create table investigations (
    id text primary key not null,
    title text not null,
    model text not null,
    -- JSON list of the symptoms as the map words them.
    symptoms text not null,
    state text not null,
    -- JSON: the column roles people chose; those they left open are guessed at every diagnosis.
    roles text not null,
    -- The decision threshold people say is in use, if they said.
    threshold double precision,
    -- The closing words; kept when it is opened again, so that the next close can be compared with it.
    verdict text,
    created_at_ms bigint not null,
    updated_at_ms bigint not null
);

-- The part a file plays belongs to the investigation, not to the file: one team's serve is another's train.
create table investigation_inputs (
    investigation text not null references investigations (id),
    -- Order in which they were given; it is the order on the page.
    position bigint not null,
    role text not null,
    snapshot text not null references snapshots (id),
    primary key (investigation, position)
);

create index investigation_inputs_by_snapshot on investigation_inputs (snapshot);

-- What people say about an item, beside the computed verdict: never overwritten by a new diagnosis.
create table item_statuses (
    investigation text not null references investigations (id),
    item text not null,
    status text not null,
    note text not null,
    author text not null,
    at_ms bigint not null,
    primary key (investigation, item)
);

create table notes (
    id text primary key not null,
    investigation text not null references investigations (id),
    author text not null,
    text text not null,
    at_ms bigint not null
);

create index notes_by_investigation on notes (investigation, id);

-- The timeline: only ever appended to.
create table events (
    id text primary key not null,
    investigation text not null references investigations (id),
    author text not null,
    text text not null,
    at_ms bigint not null
);

create index events_by_investigation on events (investigation, id);
