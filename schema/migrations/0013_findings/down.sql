DROP TABLE finding_progress;
DROP TABLE finding_steps;
DROP TABLE justification_requests;
DROP TABLE finding_evidence;
DROP TABLE findings;
DROP TABLE watched_patients;
DROP TABLE finding_rules;
ALTER TABLE persons DROP COLUMN home_digest;
