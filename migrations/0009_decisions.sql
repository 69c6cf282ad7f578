-- What people decided about suspects: confirmed or ruled out. A suspect is known by its cause and columns, which are the
-- same in every diagnosis of an investigation. Taking a decision back deletes it: the timeline keeps who said what.
create table decisions (
    investigation text not null references investigations (id),
    suspect text not null,
    statement text not null,
    ruling text not null,
    note text not null,
    author text not null,
    at_ms bigint not null,
    primary key (investigation, suspect)
);

-- The class that people say is the positive one of two; null where it is left to the data.
alter table investigations add column positive text;
