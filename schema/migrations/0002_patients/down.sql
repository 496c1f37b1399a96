DROP TABLE care_team_members;
DROP TABLE consents;
DROP TABLE patient_identifiers;
DROP TABLE patients;
