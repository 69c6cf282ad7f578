-- How long what people say about an item holds; null is no end.
alter table item_statuses add column until_ms bigint;

-- Findings that people know of and accept. The finding's id is the same in every diagnosis of an investigation; beside it
-- stands how bad it was, so that it is heard again when it gets worse. Taking a mute back deletes it: the timeline keeps
-- who said what.
create table mutes (
    investigation text not null references investigations (id),
    finding text not null,
    item text not null,
    verdict text not null,
    over_threshold double precision not null,
    note text not null,
    author text not null,
    at_ms bigint not null,
    until_ms bigint,
    primary key (investigation, finding)
);
