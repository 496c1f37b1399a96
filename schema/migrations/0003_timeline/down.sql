DROP TABLE read_marks;
DROP TABLE acknowledgements;
DROP TABLE acknowledgement_requests;
DROP TABLE post_versions;
DROP TABLE posts;
DROP TABLE documents;
