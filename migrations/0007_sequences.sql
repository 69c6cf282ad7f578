-- Ids sort by the clock, and clocks are set back: which job or diagnosis is the last one is counted instead, for every
-- subject from 1.
alter table jobs add column seq bigint not null default 0;
update jobs set seq = (
    select count(*) from jobs earlier where earlier.subject = jobs.subject and earlier.id <= jobs.id
);
drop index jobs_by_subject;
create index jobs_by_subject on jobs (subject, seq);

alter table diagnoses add column seq bigint not null default 0;
update diagnoses set seq = (
    select count(*) from diagnoses earlier
    where earlier.investigation = diagnoses.investigation and earlier.id <= diagnoses.id
);
drop index diagnoses_by_investigation;
create index diagnoses_by_investigation on diagnoses (investigation, seq);

-- One row, written whenever somebody asks whether Mismatch can keep something.
create table readiness (
    id bigint primary key not null,
    at_ms bigint not null
);
