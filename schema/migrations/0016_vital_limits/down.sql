ALTER TABLE posts DROP COLUMN automatic;
DROP TABLE vital_limits;
