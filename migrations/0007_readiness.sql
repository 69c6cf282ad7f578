-- One row, written whenever somebody asks whether Mismatch can keep something.
create table readiness (
    id bigint primary key not null,
    at_ms bigint not null
);
