-- Every diagnosis is kept: a share link shows the one it was made from, whatever happened since. The JSON itself is a
-- compressed file in diagnoses/ named by the id (megabytes with charts); the row is written after the file.
create table diagnoses (
    id text primary key not null,
    investigation text not null references investigations (id),
    -- JSON: layer verdicts and the prime suspect's sentence, all that the list of investigations shows.
    summary text not null,
    created_at_ms bigint not null
);

create index diagnoses_by_investigation on diagnoses (investigation, id);

create table share_links (
    id text primary key not null,
    investigation text not null references investigations (id),
    -- Only the hash of the secret: whoever reads the database can't open the links.
    secret_sha256 text not null unique,
    diagnosis text not null references diagnoses (id),
    -- JSON: the investigation as it was when the link was made.
    frozen text not null,
    created_at_ms bigint not null,
    expires_at_ms bigint,
    revoked_at_ms bigint
);

create index share_links_by_investigation on share_links (investigation, id);
