-- What happened is kept as a kind and its fields, and the sentence is made when it is shown. Rows of before have their
-- sentence in `text` and no kind yet: the first start after this one reads them (store/events.rs).
alter table events add column kind text;
-- JSON object: the fields of the kind.
alter table events add column fields text not null default '{}';

-- Which event came before which is counted for every investigation from 1, because clocks are set back.
alter table events add column seq bigint not null default 0;
update events set seq = (
    select count(*) from events earlier
    where earlier.investigation = events.investigation and earlier.id <= events.id
);
drop index events_by_investigation;
create index events_by_investigation on events (investigation, seq);
create index events_by_kind on events (kind);

-- One row: the id that the database and its data folder share (installation.rs in the service).
create table installation (
    position bigint primary key not null,
    id text not null
);
