-- What editors call countries. What is said of it in db/sqlite is true here.

CREATE TABLE country (
    code    TEXT COLLATE "C" NOT NULL PRIMARY KEY CHECK (length(code) = 3),
    aliases TEXT COLLATE "C" NOT NULL DEFAULT '[]' CHECK (aliases::json IS NOT NULL),
    search  TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX country_by_version ON country (version, code);
CREATE TRIGGER country_is_never_deleted BEFORE DELETE ON country FOR EACH ROW EXECUTE FUNCTION refuse('countries are never deleted');
CREATE TRIGGER country_is_never_truncated BEFORE TRUNCATE ON country FOR EACH STATEMENT EXECUTE FUNCTION refuse('countries are never deleted');

UPDATE schema SET rules = 0;
