ALTER TABLE consents DROP COLUMN facilities, DROP COLUMN profession_groups, DROP COLUMN kinds, DROP COLUMN sensitive,
    DROP COLUMN separate, DROP COLUMN valid_until;
COMMENT ON TABLE consents IS 'The patients agreement to share within the network (同意), with how it was given.';
DROP TABLE registration_cards;
DROP TABLE provisions;
DROP TABLE consent_evidence;
