-- The account of whoever made a watch, who has to be allowed to change the model as long as it works; null where there are no
-- accounts, and of watches of an earlier version.
alter table watches add column account text;
