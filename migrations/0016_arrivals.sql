-- Models as things that last. Until now a model was a name on an investigation: each of them gets its row.
create table models (
    name text primary key not null,
    -- binary, multiclass or regression; null while nobody knows.
    task text,
    -- Who cares for it; empty for nobody in particular.
    owner text not null,
    -- JSON: the column roles people chose; those they left open are guessed at every diagnosis.
    roles text not null,
    created_by text not null,
    created_at_ms bigint not null,
    changed_by text not null,
    changed_at_ms bigint not null
);

insert into models (name, task, owner, roles, created_by, created_at_ms, changed_by, changed_at_ms)
select model, null, '', '{}', 'someone', min(created_at_ms), 'someone', min(created_at_ms)
from investigations where model <> '' group by model;

-- What arrived for a model: one file, once. Rows are only taken out by people.
create table arrivals (
    id text primary key not null,
    model text not null references models (name),
    role text not null,
    snapshot text not null references snapshots (id),
    -- What makes it the same arrival when it is sent again: the hash of its bytes, and the time where one was given.
    once text not null,
    -- The model's version; empty where none was named.
    version text not null,
    -- What it is about: the time of the rows.
    at_ms bigint not null,
    received_at_ms bigint not null,
    author text not null,
    -- Of served rows that were judged. JSON list of the roles and snapshots that they were judged with.
    inputs text,
    -- The id of the kept diagnosis, whose JSON is a compressed file in diagnoses/.
    diagnosis text,
    -- JSON: what lists and trends show of it.
    judged text,
    -- The investigation that was opened of it.
    investigation text
);

create unique index arrivals_once on arrivals (model, role, once);
create index arrivals_by_model on arrivals (model, role, at_ms);
create index arrivals_by_time on arrivals (role, at_ms);
create index arrivals_by_snapshot on arrivals (snapshot);

-- What served rows are compared with, by version of the model.
create table model_references (
    model text not null references models (name),
    -- Empty where none was named.
    version text not null,
    role text not null,
    snapshot text not null references snapshots (id),
    author text not null,
    at_ms bigint not null,
    primary key (model, version, role)
);

create index model_references_by_snapshot on model_references (snapshot);

-- What the checks said of each window of served rows, so that a trend is one query. An empty detector is the item as a
-- whole, an empty column the detector as a whole.
create table window_results (
    arrival text not null references arrivals (id),
    -- reference, or previous for the window before.
    against text not null,
    model text not null,
    item text not null,
    detector text not null,
    column_name text not null,
    at_ms bigint not null,
    verdict text not null,
    -- 1 for a weakness that stood before.
    standing bigint not null,
    effect text not null,
    effect_value double precision,
    effect_limit double precision,
    -- How many times its limit the effect is.
    over_limit double precision,
    primary key (arrival, against, item, detector, column_name)
);

create index window_results_over_time on window_results (model, item, column_name, at_ms);

-- How the model did on each window whose labels are known.
create table window_metrics (
    arrival text not null references arrivals (id),
    model text not null,
    metric text not null,
    at_ms bigint not null,
    metric_value double precision not null,
    low double precision,
    high double precision,
    row_count bigint not null,
    primary key (arrival, metric)
);

create index window_metrics_over_time on window_metrics (model, metric, at_ms);
