-- What the names of accounts look like (the skeletons of Unicode Technical Standard #39), as hashes: who shares one with another
-- could be taken for them. Accounts of earlier versions get theirs when the database is opened.
create table name_looks (
    look_sha256 text primary key not null,
    account text not null references accounts (id)
);

create index name_looks_by_account on name_looks (account);
