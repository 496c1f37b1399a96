DROP TABLE post_attachments;
DROP TABLE attachment_texts;
DROP TABLE attachment_files;
DROP TABLE attachment_parts;
DROP TABLE attachments;
DROP TABLE file_keys;
