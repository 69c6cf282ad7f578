-- One SQL text serves SQLite and PostgreSQL: only text, bigint and double precision are used. Ids are UUIDv7 as
-- text (they sort by time), times are milliseconds since 1970 as bigint, lists are JSON as text.

-- A snapshot is bytes plus the way they were read. The bytes are in blobs/, named by their hash; reading the same
-- bytes with another delimiter is another snapshot of the same blob.
create table snapshots (
    id text primary key not null,
    name text not null,
    sha256 text not null,
    size_bytes bigint not null,
    row_count bigint not null,
    -- JSON: what the reader understood, so that a page need not open the file to show it.
    columns text not null,
    origin text not null,
    format text not null,
    notes text not null,
    guessed_role text not null,
    -- JSON: what the person overrode; everything else is detected again, with the same result, from the same bytes.
    read_options text not null,
    created_at_ms bigint not null
);

-- Dropping the same file twice gives the same snapshot. The origin belongs to it: where a file came from is evidence.
create unique index snapshots_by_content on snapshots (sha256, name, origin, read_options);
