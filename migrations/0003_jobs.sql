-- Long work. The row is written before the work starts, so a restart knows what was asked for.
create table jobs (
    id text primary key not null,
    kind text not null,
    -- The snapshot or investigation it works on.
    subject text not null,
    state text not null,
    stage text not null,
    progress double precision not null,
    error text,
    -- Counts starts, not failures: work that takes the process down with it must stop being retried.
    attempts bigint not null,
    created_at_ms bigint not null,
    updated_at_ms bigint not null
);

create index jobs_by_state on jobs (state, id);
create index jobs_by_subject on jobs (subject, id);
