DROP TABLE spent_proofs;
ALTER TABLE clients DROP COLUMN acts_for_people, DROP COLUMN proof_required;
