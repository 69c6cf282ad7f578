-- Which rows test sets had: the smallest hashes of their rows, never the rows. Kept for ever, so that a later training
-- set made of them is noticed whatever the file is called by then.
create table test_fingerprints (
    id text primary key not null,
    investigation text not null references investigations (id),
    -- The file it came in, as people call it.
    file text not null,
    sha256 text not null,
    -- JSON list of the columns hashed, by name.
    columns text not null,
    -- JSON list of 64-bit hashes, ascending.
    row_hashes text not null,
    -- Different rows, of which the smallest hashes are kept.
    row_count bigint not null,
    created_at_ms bigint not null
);

-- A test set counts from the first diagnosis that was given it.
create unique index test_fingerprints_by_content on test_fingerprints (investigation, sha256, columns);
