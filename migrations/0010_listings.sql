-- Who opened it; the first line of the timeline has the name.
alter table investigations add column owner text not null default 'someone';
update investigations set owner = coalesce((
    select events.author from events where events.investigation = investigations.id order by events.seq, events.id limit 1
), 'someone');

-- When it was put away; null while it is listed.
alter table investigations add column archived_at_ms bigint;

-- Counts everything that is said and decided: what was made from an earlier count is out of date.
alter table investigations add column changes bigint not null default 0;

-- What the list of investigations shows and searches, made from the rest (listings.rs in the service). Rows can be deleted at
-- any time: they are made again.
create table listings (
    investigation text primary key not null references investigations (id),
    -- The investigation's count when the row was made.
    changes bigint not null,
    -- JSON: the summary of the last diagnosis as people see it, with what they muted and decided; null without a diagnosis.
    summary text,
    -- The layers that differ, each between spaces.
    layers text not null,
    -- Everything that is searched, in lower case.
    search text not null,
    -- When the first of its mutes ends; null when none does.
    until_ms bigint
);

create index investigations_by_change on investigations (updated_at_ms);
create index investigations_by_model on investigations (model, updated_at_ms);
