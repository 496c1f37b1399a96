-- A post: the decision, its first version, the work of announcing it, the answer kept for a repetition, the log entry.
--
-- The statements are the server's own, word for word; `tsumugi-load` compares them with what the server sends. It puts
-- the values below where a name stands in braces: parameters again, made from numbers where pgbench knows only numbers.
-- A group between \startpipeline and \endpipeline is what the server sends without waiting in between.
--
-- {tenant} = :tenant
-- {today} = :today
-- {one} = :one
-- {now} = now()
-- {patient} = ('01900000000070008000000001' || :patient)::uuid
-- {staff} = ('01900000000070008000000002' || :staff)::uuid
-- {account} = ('01900000000070008000000003' || :staff)::uuid
-- {session} = ('01900000000070008000000004' || :staff)::uuid
-- {facility} = ('01900000000070008000000005' || :facility)::uuid
-- {sessions} = ARRAY[('01900000000070008000000004' || :staff)::uuid]
-- {people} = ARRAY[('01900000000070008000000002' || :staff)::uuid]
-- {patients} = ARRAY[('01900000000070008000000001' || :patient)::uuid]
-- {event} = ('01900000000070' || :id)::uuid
-- {actor} = :actor
-- {profession} = :profession
-- {action} = :action
-- {purpose} = :purpose
-- {outcome} = :outcome
-- {rules} = :rules
-- {policy} = :policy
-- {request} = ('0190-0000-0000-7000-' || :id)
-- {source} = :source
-- {decision} = :decision
-- {ground} = :ground
-- {clock} = :clock
-- {seal} = :seal
-- {nothing} = NULL
-- {post} = ('01900000000070' || :id)::uuid
-- {posts} = ARRAY[('01900000000070' || :id)::uuid]
-- {authors} = ARRAY[('01900000000070008000000002' || :staff)::uuid]
-- {key} = ('0190-0000-0000-7000-' || :id)
-- {digest} = :digest
-- {note} = :note
-- {team} = :team
-- {none} = NULL
-- {no} = false
-- {first} = :one
-- {zero} = 0
-- {body} = :body
-- {work} = :work
-- {payload} = ('{"kind": "post_created", "post_id": "01900000000070' || :id || '", "patient_id": "01900000000070008000000001' || :patient || '"}')::jsonb
-- {created} = :created
-- {etag} = :etag
-- {answer} = :answer
-- {thing} = :thing
-- {posted} = 'post'
-- {nobody} = '{}'
-- {nobody_of} = '{}'
-- {told} = 'told'
-- {withdrawn} = 'withdrawn'
-- {named} = 'named'
-- {named_classes} = :named
-- {named_own} = :named
-- {classes} = :classes
-- {own} = :own
-- {class} = 'team/note'
-- {title} = ''
-- {tokens} = '{33727075,34689227,45289890,88489753,154978290,184094275,214614197,229283573,235296705,263435057,269544019,321843028,342738416,370913197,371038354,392166107,422948032,527630783,536853562,551188310,639546082,654583775,654858422,662438587,706568710,749508457,794471793,794963623,803550167,805269672,807982316,809784280,837716109,852280508,853518314,932631940,956612807,973693770,996984527,1049906079,1051550459,1106424789,1109335178,1157490780,1179132041,1179349310,1194991756,1203133286,1214206317,1282976734,1293799192,1305165712,1328144282,1343235941,1381971571,1387182456,1406932606,1449466924,1502988430,1511588075,1513704002,1521280756,1538207304,1538766929,1588911645,1680572000,1695770928,1700663191,1719212846,1725935357,1772930244,1787378757,1792144676,1929199097,1941297327,2030201366,2062159411,2086234551,2103497953,2121308585}'::int[]
\set patient 100000 + random(0, :patients - 1)
\set staff 100000 + ((:patient - 100000) * 7 + random(0, 9) * 5) % 50
\set facility 100000 + (:staff - 100000) / 5 % 5
\set turn :turn + 1
\set id 200000000000000000 + :run * 1000000000000000 + :turn * 1000 + :client_id
\set one 1
\set created 201
\startpipeline
BEGIN ISOLATION LEVEL READ COMMITTED;
SELECT set_config('app.tenant_id', :tenant, true);
\endpipeline
SELECT "sessions"."id", "sessions"."account_id", "staff_members"."person_id", "staff_members"."id", "staff_members"."facility_id", "staff_members"."profession", "accounts"."role", "sessions"."expires_at", "sessions"."authenticated_at", "sessions"."refreshed_at", "sessions"."last_seen_at", "sessions"."idle_minutes", "sessions"."amr", "accounts"."password_changed_at", "sessions"."device_id", "devices"."kind", "devices"."token_digest", "devices"."revoked_at", "tenant_settings"."idle_minutes_personal", "tenant_settings"."idle_minutes_shared", "tenant_settings"."registered_devices_only", "tenant_settings"."password_rotation_days" FROM (((("sessions" INNER JOIN "accounts" ON (("accounts"."tenant_id" = "sessions"."tenant_id") AND ("accounts"."id" = "sessions"."account_id"))) INNER JOIN "staff_members" ON (("staff_members"."tenant_id" = "accounts"."tenant_id") AND ("staff_members"."id" = "sessions"."staff_member_id"))) LEFT OUTER JOIN "devices" ON (("devices"."tenant_id" = "sessions"."tenant_id") AND ("sessions"."device_id" = "devices"."id"))) LEFT OUTER JOIN "tenant_settings" ON ("tenant_settings"."tenant_id" = "sessions"."tenant_id")) WHERE (((((("sessions"."tenant_id" = {tenant}) AND ("sessions"."id" = ANY({sessions}))) AND ("sessions"."revoked_at" IS NULL)) AND ("accounts"."suspended_at" IS NULL)) AND ("staff_members"."starts_on" <= {today})) AND (("staff_members"."ends_on" IS NULL) OR ("staff_members"."ends_on" >= {today})));
\startpipeline
SELECT "staff_members"."id", "staff_members"."profession", "network_professions"."based_on", "tenant_settings"."licence_required", EXISTS (SELECT "licences"."tenant_id", "licences"."id", "licences"."person_id", "licences"."profession", "licences"."number", "licences"."verified_on", "licences"."verified_by", "licences"."method", "licences"."valid_until", "licences"."created_at", "licences"."revoked_at" FROM "licences" WHERE (((((("licences"."tenant_id" = {tenant}) AND ("licences"."person_id" = "staff_members"."person_id")) AND ("licences"."profession" = "staff_members"."profession")) AND ("licences"."revoked_at" IS NULL)) AND ("licences"."verified_on" <= {today})) AND (("licences"."valid_until" IS NULL) OR ("licences"."valid_until" >= {today})))), EXISTS (SELECT "licences"."tenant_id", "licences"."id", "licences"."person_id", "licences"."profession", "licences"."number", "licences"."verified_on", "licences"."verified_by", "licences"."method", "licences"."valid_until", "licences"."created_at", "licences"."revoked_at" FROM "licences" WHERE ((("licences"."tenant_id" = {tenant}) AND ("licences"."person_id" = "staff_members"."person_id")) AND ("licences"."profession" = "staff_members"."profession"))) FROM (("staff_members" LEFT OUTER JOIN "network_professions" ON (("network_professions"."tenant_id" = "staff_members"."tenant_id") AND ("network_professions"."code" = "staff_members"."profession"))) LEFT OUTER JOIN "tenant_settings" ON ("tenant_settings"."tenant_id" = "staff_members"."tenant_id")) WHERE (("staff_members"."tenant_id" = {tenant}) AND ("staff_members"."id" = ANY({people})));
SELECT "access_overrides"."profession", "access_overrides"."kind", "access_overrides"."takes" FROM "access_overrides" WHERE (("access_overrides"."tenant_id" = {tenant}) AND ("access_overrides"."removed_at" IS NULL));
\endpipeline
INSERT INTO "idempotency_keys" ("tenant_id", "actor_id", "key", "digest", "created_at") VALUES ({tenant}, {account}, {key}, {digest}, {now}) ON CONFLICT DO NOTHING;
\startpipeline
SELECT "patients"."id", "patients"."facility_id", EXISTS (SELECT "care_team_members"."tenant_id", "care_team_members"."id", "care_team_members"."patient_id", "care_team_members"."staff_member_id", "care_team_members"."duty", "care_team_members"."starts_on", "care_team_members"."ends_on", "care_team_members"."created_at", "care_team_members"."created_by" FROM "care_team_members" WHERE ((((("care_team_members"."tenant_id" = {tenant}) AND ("care_team_members"."patient_id" = "patients"."id")) AND ("care_team_members"."staff_member_id" = {staff})) AND ("care_team_members"."starts_on" <= {today})) AND (("care_team_members"."ends_on" IS NULL) OR ("care_team_members"."ends_on" >= {today})))), EXISTS (SELECT "substitutions"."tenant_id", "substitutions"."id", "substitutions"."absent_id", "substitutions"."substitute_id", "substitutions"."patient_id", "substitutions"."reason", "substitutions"."starts_at", "substitutions"."ends_at", "substitutions"."created_at", "substitutions"."created_by", "substitutions"."ended_at", "care_team_members"."tenant_id", "care_team_members"."id", "care_team_members"."patient_id", "care_team_members"."staff_member_id", "care_team_members"."duty", "care_team_members"."starts_on", "care_team_members"."ends_on", "care_team_members"."created_at", "care_team_members"."created_by" FROM ("substitutions" INNER JOIN "care_team_members" ON (("care_team_members"."tenant_id" = "substitutions"."tenant_id") AND ("care_team_members"."staff_member_id" = "substitutions"."absent_id"))) WHERE ((((((((("substitutions"."tenant_id" = {tenant}) AND ("substitutions"."substitute_id" = {staff})) AND ("substitutions"."starts_at" <= {now})) AND ("substitutions"."ends_at" > {now})) AND ("substitutions"."ended_at" IS NULL)) AND (("substitutions"."patient_id" IS NULL) OR ("substitutions"."patient_id" = "patients"."id"))) AND ("care_team_members"."patient_id" = "patients"."id")) AND ("care_team_members"."starts_on" <= {today})) AND (("care_team_members"."ends_on" IS NULL) OR ("care_team_members"."ends_on" >= {today})))), EXISTS (SELECT "emergency_accesses"."tenant_id", "emergency_accesses"."id", "emergency_accesses"."patient_id", "emergency_accesses"."staff_member_id", "emergency_accesses"."account_id", "emergency_accesses"."reason", "emergency_accesses"."started_at", "emergency_accesses"."expires_at", "emergency_accesses"."ended_at", "emergency_accesses"."reviewed_at", "emergency_accesses"."reviewed_by", "emergency_accesses"."finding", "emergency_accesses"."review_note", "emergency_accesses"."reminded_at", "emergency_accesses"."category" FROM "emergency_accesses" WHERE ((((("emergency_accesses"."tenant_id" = {tenant}) AND ("emergency_accesses"."staff_member_id" = {staff})) AND ("emergency_accesses"."patient_id" = "patients"."id")) AND ("emergency_accesses"."expires_at" > {now})) AND ("emergency_accesses"."ended_at" IS NULL))), EXISTS (SELECT "patient_identifiers"."tenant_id", "patient_identifiers"."system", "patient_identifiers"."value", "patient_identifiers"."patient_id", "patient_identifiers"."facility_id", "patient_identifiers"."created_at", "patient_identifiers"."created_by" FROM "patient_identifiers" WHERE ((("patient_identifiers"."tenant_id" = {tenant}) AND ("patient_identifiers"."patient_id" = "patients"."id")) AND ("patient_identifiers"."facility_id" = {facility}))) FROM "patients" WHERE (("patients"."tenant_id" = {tenant}) AND ("patients"."id" = ANY({patients})));
SELECT "consents"."patient_id", "consents"."facilities", "consents"."profession_groups", "consents"."kinds", "consents"."sensitive", "consents"."separate" FROM "consents" WHERE ((((("consents"."tenant_id" = {tenant}) AND ("consents"."patient_id" = ANY({patients}))) AND ("consents"."granted_on" <= {today})) AND (("consents"."valid_until" IS NULL) OR ("consents"."valid_until" >= {today}))) AND ("consents"."withdrawn_at" IS NULL));
\endpipeline
INSERT INTO "posts" ("tenant_id", "id", "patient_id", "kind", "channel", "sensitivity", "author_staff_id", "author_client_id", "facility_id", "reply_to", "observed_at", "recorded_at", "version", "automatic", "thread_id", "on_behalf_of", "mentioned_staff", "mentioned_professions", "wound_site", "wound_label") VALUES ({tenant}, {post}, {patient}, {note}, {team}, {none}, {staff}, {none}, {facility}, {none}, {now}, {now}, {first}, {no}, {none}, {none}, {nobody}, {nobody_of}, {none}, {none}) RETURNING "posts"."class";
INSERT INTO "post_versions" ("tenant_id", "post_id", "version", "body", "vitals", "document_id", "reason", "retracted", "written_by_staff", "written_by_client", "written_at") VALUES ({tenant}, {post}, {first}, {body}, {none}, {none}, {none}, {no}, {staff}, {none}, {now});
INSERT INTO "search_entries" ("tenant_id", "source", "id", "kind", "patient_id", "room_id", "post_id", "class", "facility_id", "author_staff_id", "author_client_id", "at", "title", "body", "folded", "tokens") VALUES ({tenant}, {posted}, {post}, {note}, {patient}, {none}, {post}, {class}, {facility}, {staff}, {none}, {now}, {title}, {body}, {body}, {tokens}) ON CONFLICT ("tenant_id", "source", "id") DO UPDATE SET "kind" = excluded."kind", "class" = excluded."class", "title" = excluded."title", "body" = excluded."body", "folded" = excluded."folded", "tokens" = excluded."tokens";
\startpipeline
INSERT INTO "outbox" ("tenant_id", "id", "kind", "payload", "created_at", "available_at", "attempts") VALUES ({tenant}, {event}, {work}, {payload}, {now}, {now}, {zero});
SELECT "posts"."id", "posts"."patient_id", "posts"."kind", "posts"."information", "posts"."channel", "posts"."sensitivity", "posts"."facility_id", "posts"."author_staff_id", "posts"."author_client_id", "posts"."reply_to", "posts"."observed_at", "posts"."recorded_at", "posts"."version", "posts"."automatic", "posts"."thread_id", "posts"."on_behalf_of", "posts"."mentioned_staff", "posts"."mentioned_professions", "posts"."wound_site", "posts"."wound_label", "post_versions"."body", "post_versions"."vitals", "post_versions"."reason", "post_versions"."retracted", "post_versions"."written_at", "documents"."id", "documents"."title", "documents"."type_code", "documents"."type_label", "documents"."authored_at", "documents"."author_name", "documents"."institution_name", "documents"."excerpt" FROM (("posts" INNER JOIN "post_versions" ON ((("post_versions"."tenant_id" = "posts"."tenant_id") AND ("post_versions"."post_id" = "posts"."id")) AND ("post_versions"."version" = "posts"."version"))) LEFT OUTER JOIN "documents" ON (("documents"."tenant_id" = "post_versions"."tenant_id") AND ("documents"."id" = "post_versions"."document_id"))) WHERE (("posts"."tenant_id" = {tenant}) AND ("posts"."id" = {post})) LIMIT {one};
\endpipeline
\startpipeline
SELECT "staff_members"."id", "staff_members"."name", "staff_members"."profession", "facilities"."name" FROM ("staff_members" INNER JOIN "facilities" ON (("facilities"."tenant_id" = "staff_members"."tenant_id") AND ("facilities"."id" = "staff_members"."facility_id"))) WHERE (("staff_members"."tenant_id" = {tenant}) AND ("staff_members"."id" = ANY({authors})));
SELECT "acknowledgement_requests"."post_id", "acknowledgement_requests"."staff_member_id", "staff_members"."name", "staff_members"."profession", "acknowledgement_requests"."due_at", "acknowledgement_requests"."closed_at", "acknowledgement_asks"."answer", "acknowledgement_asks"."closed_by" FROM (("acknowledgement_requests" INNER JOIN "staff_members" ON (("staff_members"."tenant_id" = "acknowledgement_requests"."tenant_id") AND ("staff_members"."id" = "acknowledgement_requests"."staff_member_id"))) INNER JOIN "acknowledgement_asks" ON (("acknowledgement_asks"."tenant_id" = "acknowledgement_requests"."tenant_id") AND ("acknowledgement_asks"."id" = "acknowledgement_requests"."ask_id"))) WHERE (((("acknowledgement_requests"."tenant_id" = {tenant}) AND ("acknowledgement_requests"."post_id" = ANY({posts}))) AND ("acknowledgement_requests"."part" != {told})) AND ("acknowledgement_asks"."state" != {withdrawn})) ORDER BY "staff_members"."sort_key", "staff_members"."id", "acknowledgement_requests"."ask_id";
SELECT "post_attachments"."post_id", "post_attachments"."version", "post_attachments"."attachment_id" FROM "post_attachments" WHERE (("post_attachments"."tenant_id" = {tenant}) AND ("post_attachments"."post_id" = ANY({posts}))) ORDER BY "post_attachments"."post_id", "post_attachments"."version", "post_attachments"."place";
SELECT "post_pins"."post_id", "staff_members"."name", "post_pins"."pinned_at" FROM ("post_pins" INNER JOIN "staff_members" ON (("staff_members"."tenant_id" = "post_pins"."tenant_id") AND ("staff_members"."id" = "post_pins"."pinned_by"))) WHERE ((("post_pins"."tenant_id" = {tenant}) AND ("post_pins"."post_id" = ANY({posts}))) AND ("post_pins"."unpinned_at" IS NULL));
SELECT "post_reactions"."post_id", "post_reactions"."reaction", "post_reactions"."staff_member_id", "staff_members"."name", "staff_members"."profession", "post_reactions"."reacted_at" FROM ("post_reactions" INNER JOIN "staff_members" ON (("staff_members"."tenant_id" = "post_reactions"."tenant_id") AND ("staff_members"."id" = "post_reactions"."staff_member_id"))) WHERE (("post_reactions"."tenant_id" = {tenant}) AND ("post_reactions"."post_id" = ANY({posts}))) ORDER BY "post_reactions"."reacted_at", "post_reactions"."staff_member_id";
SELECT "message_moves"."post_id", "staff_members"."name", "message_moves"."moved_at" FROM ("message_moves" INNER JOIN "staff_members" ON (("staff_members"."tenant_id" = "message_moves"."tenant_id") AND ("staff_members"."id" = "message_moves"."moved_by"))) WHERE (("message_moves"."tenant_id" = {tenant}) AND ("message_moves"."post_id" = ANY({posts})));
SELECT "posts"."thread_id", COUNT(*) FROM "posts" WHERE ((("posts"."tenant_id" = {tenant}) AND ("posts"."thread_id" = ANY({posts}))) AND ((("posts"."class" = ANY({classes})) OR (("posts"."facility_id" = {facility}) AND ("posts"."class" = ANY({own})))) OR ((("posts"."channel" = {named}) AND (("posts"."class" = ANY({named_classes})) OR (("posts"."facility_id" = {facility}) AND ("posts"."class" = ANY({named_own}))))) AND (EXISTS (SELECT "post_recipients"."tenant_id", "post_recipients"."post_id", "post_recipients"."staff_member_id" FROM "post_recipients" WHERE ((("post_recipients"."tenant_id" = {tenant}) AND ("post_recipients"."post_id" = "posts"."id")) AND ("post_recipients"."staff_member_id" = {staff}))) OR ("posts"."author_staff_id" = {staff}))))) GROUP BY "posts"."thread_id";
SELECT "acknowledgements"."post_id", "acknowledgements"."staff_member_id", "staff_members"."name", "staff_members"."profession", "acknowledgements"."acknowledged_at" FROM ("acknowledgements" INNER JOIN "staff_members" ON (("staff_members"."tenant_id" = "acknowledgements"."tenant_id") AND ("staff_members"."id" = "acknowledgements"."staff_member_id"))) WHERE (("acknowledgements"."tenant_id" = {tenant}) AND ("acknowledgements"."post_id" = ANY({posts}))) ORDER BY "acknowledgements"."acknowledged_at", "acknowledgements"."staff_member_id";
\endpipeline
UPDATE "idempotency_keys" SET "status" = {created}, "etag" = {etag}, "body" = {answer}, "patient_id" = {patient}, "question" = {decision} WHERE (("idempotency_keys"."tenant_id" = {tenant}) AND (("idempotency_keys"."actor_id" = {account}) AND ("idempotency_keys"."key" = {key})));
INSERT INTO "audit_events" ("tenant_id", "id", "at", "actor_kind", "account_id", "staff_member_id", "client_id", "profession", "facility_id", "session_id", "action", "purpose", "outcome", "code", "patient_id", "resource_type", "resource_id", "count", "rules", "policy_digest", "request_id", "source_ip", "decision", "ground", "resource_version", "on_behalf_of", "device_id", "query_digest", "clock", "seal") VALUES ({tenant}, {event}, {now}, {actor}, {account}, {staff}, {nothing}, {profession}, {facility}, {session}, {action}, {purpose}, {outcome}, {nothing}, {patient}, {thing}, {post}, {nothing}, {rules}, {policy}, {request}, {source}, {decision}, {ground}, {nothing}, {nothing}, {nothing}, {nothing}, {clock}, {seal});
COMMIT;
