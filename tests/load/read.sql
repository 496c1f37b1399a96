-- A page of a timeline: 50 posts, the decision, row-level security and the log entry.
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
-- {newest} = :newest
-- {last} = :last
-- {classes} = :classes
-- {own} = :own
-- {kinds} = :kinds
-- {limit} = :limit
-- {basis} = :basis
-- {posts} = :posts
-- {authors} = :authors
-- {systems} = :systems
-- {parents} = :parents
-- {items} = :items
\set patient 100000 + random(0, :patients - 1)
\set staff 100000 + ((:patient - 100000) * 7 + random(0, 9) * 5) % 50
\set facility 100000 + (:staff - 100000) / 5 % 5
\set turn :turn + 1
\set id 200000000000000000 + :run * 1000000000000000 + :turn * 1000 + :client_id
\set one 1
\set limit 51
\set items 50
-- The server takes these lists from the page it has just read. pgbench cannot; it takes them from a page read before,
-- a new one every 64 turns.
\if :turn % 64 = 0
SELECT posts, authors, systems, parents FROM load_pages WHERE n = (:patient)::int
\gset
\endif
\startpipeline
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT set_config('app.tenant_id', :tenant, true);
\endpipeline
SELECT "sessions"."id", "sessions"."account_id", "staff_members"."person_id", "staff_members"."id", "staff_members"."facility_id", "staff_members"."profession", "accounts"."role", "sessions"."expires_at", "sessions"."authenticated_at", "sessions"."refreshed_at", "sessions"."last_seen_at", "sessions"."idle_minutes", "sessions"."amr", "accounts"."password_changed_at", "sessions"."device_id", "devices"."kind", "devices"."token_digest", "devices"."revoked_at", "tenant_settings"."idle_minutes_personal", "tenant_settings"."idle_minutes_shared", "tenant_settings"."registered_devices_only", "tenant_settings"."password_rotation_days" FROM (((("sessions" INNER JOIN "accounts" ON (("accounts"."tenant_id" = "sessions"."tenant_id") AND ("accounts"."id" = "sessions"."account_id"))) INNER JOIN "staff_members" ON (("staff_members"."tenant_id" = "accounts"."tenant_id") AND ("staff_members"."id" = "sessions"."staff_member_id"))) LEFT OUTER JOIN "devices" ON (("devices"."tenant_id" = "sessions"."tenant_id") AND ("sessions"."device_id" = "devices"."id"))) LEFT OUTER JOIN "tenant_settings" ON ("tenant_settings"."tenant_id" = "sessions"."tenant_id")) WHERE (((((("sessions"."tenant_id" = {tenant}) AND ("sessions"."id" = ANY({sessions}))) AND ("sessions"."revoked_at" IS NULL)) AND ("accounts"."suspended_at" IS NULL)) AND ("staff_members"."starts_on" <= {today})) AND (("staff_members"."ends_on" IS NULL) OR ("staff_members"."ends_on" >= {today})));
\startpipeline
SELECT "staff_members"."id", "staff_members"."profession", "network_professions"."based_on", "tenant_settings"."licence_required", EXISTS (SELECT "licences"."tenant_id", "licences"."id", "licences"."person_id", "licences"."profession", "licences"."number", "licences"."verified_on", "licences"."verified_by", "licences"."method", "licences"."valid_until", "licences"."created_at", "licences"."revoked_at" FROM "licences" WHERE (((((("licences"."tenant_id" = {tenant}) AND ("licences"."person_id" = "staff_members"."person_id")) AND ("licences"."profession" = "staff_members"."profession")) AND ("licences"."revoked_at" IS NULL)) AND ("licences"."verified_on" <= {today})) AND (("licences"."valid_until" IS NULL) OR ("licences"."valid_until" >= {today})))), EXISTS (SELECT "licences"."tenant_id", "licences"."id", "licences"."person_id", "licences"."profession", "licences"."number", "licences"."verified_on", "licences"."verified_by", "licences"."method", "licences"."valid_until", "licences"."created_at", "licences"."revoked_at" FROM "licences" WHERE ((("licences"."tenant_id" = {tenant}) AND ("licences"."person_id" = "staff_members"."person_id")) AND ("licences"."profession" = "staff_members"."profession"))) FROM (("staff_members" LEFT OUTER JOIN "network_professions" ON (("network_professions"."tenant_id" = "staff_members"."tenant_id") AND ("network_professions"."code" = "staff_members"."profession"))) LEFT OUTER JOIN "tenant_settings" ON ("tenant_settings"."tenant_id" = "staff_members"."tenant_id")) WHERE (("staff_members"."tenant_id" = {tenant}) AND ("staff_members"."id" = ANY({people})));
SELECT "access_overrides"."profession", "access_overrides"."kind", "access_overrides"."takes" FROM "access_overrides" WHERE (("access_overrides"."tenant_id" = {tenant}) AND ("access_overrides"."removed_at" IS NULL));
\endpipeline
\startpipeline
SELECT "patients"."id", "patients"."facility_id", EXISTS (SELECT "care_team_members"."tenant_id", "care_team_members"."id", "care_team_members"."patient_id", "care_team_members"."staff_member_id", "care_team_members"."duty", "care_team_members"."starts_on", "care_team_members"."ends_on", "care_team_members"."created_at", "care_team_members"."created_by" FROM "care_team_members" WHERE ((((("care_team_members"."tenant_id" = {tenant}) AND ("care_team_members"."patient_id" = "patients"."id")) AND ("care_team_members"."staff_member_id" = {staff})) AND ("care_team_members"."starts_on" <= {today})) AND (("care_team_members"."ends_on" IS NULL) OR ("care_team_members"."ends_on" >= {today})))), EXISTS (SELECT "substitutions"."tenant_id", "substitutions"."id", "substitutions"."absent_id", "substitutions"."substitute_id", "substitutions"."patient_id", "substitutions"."reason", "substitutions"."starts_at", "substitutions"."ends_at", "substitutions"."created_at", "substitutions"."created_by", "substitutions"."ended_at", "care_team_members"."tenant_id", "care_team_members"."id", "care_team_members"."patient_id", "care_team_members"."staff_member_id", "care_team_members"."duty", "care_team_members"."starts_on", "care_team_members"."ends_on", "care_team_members"."created_at", "care_team_members"."created_by" FROM ("substitutions" INNER JOIN "care_team_members" ON (("care_team_members"."tenant_id" = "substitutions"."tenant_id") AND ("care_team_members"."staff_member_id" = "substitutions"."absent_id"))) WHERE ((((((((("substitutions"."tenant_id" = {tenant}) AND ("substitutions"."substitute_id" = {staff})) AND ("substitutions"."starts_at" <= {now})) AND ("substitutions"."ends_at" > {now})) AND ("substitutions"."ended_at" IS NULL)) AND (("substitutions"."patient_id" IS NULL) OR ("substitutions"."patient_id" = "patients"."id"))) AND ("care_team_members"."patient_id" = "patients"."id")) AND ("care_team_members"."starts_on" <= {today})) AND (("care_team_members"."ends_on" IS NULL) OR ("care_team_members"."ends_on" >= {today})))), EXISTS (SELECT "emergency_accesses"."tenant_id", "emergency_accesses"."id", "emergency_accesses"."patient_id", "emergency_accesses"."staff_member_id", "emergency_accesses"."account_id", "emergency_accesses"."reason", "emergency_accesses"."started_at", "emergency_accesses"."expires_at", "emergency_accesses"."ended_at", "emergency_accesses"."reviewed_at", "emergency_accesses"."reviewed_by", "emergency_accesses"."finding", "emergency_accesses"."review_note", "emergency_accesses"."reminded_at", "emergency_accesses"."category" FROM "emergency_accesses" WHERE ((((("emergency_accesses"."tenant_id" = {tenant}) AND ("emergency_accesses"."staff_member_id" = {staff})) AND ("emergency_accesses"."patient_id" = "patients"."id")) AND ("emergency_accesses"."expires_at" > {now})) AND ("emergency_accesses"."ended_at" IS NULL))), EXISTS (SELECT "patient_identifiers"."tenant_id", "patient_identifiers"."system", "patient_identifiers"."value", "patient_identifiers"."patient_id", "patient_identifiers"."facility_id", "patient_identifiers"."created_at", "patient_identifiers"."created_by" FROM "patient_identifiers" WHERE ((("patient_identifiers"."tenant_id" = {tenant}) AND ("patient_identifiers"."patient_id" = "patients"."id")) AND ("patient_identifiers"."facility_id" = {facility}))) FROM "patients" WHERE (("patients"."tenant_id" = {tenant}) AND ("patients"."id" = ANY({patients})));
SELECT "consents"."patient_id", "consents"."facilities", "consents"."profession_groups", "consents"."kinds", "consents"."sensitive", "consents"."separate" FROM "consents" WHERE ((((("consents"."tenant_id" = {tenant}) AND ("consents"."patient_id" = ANY({patients}))) AND ("consents"."granted_on" <= {today})) AND (("consents"."valid_until" IS NULL) OR ("consents"."valid_until" >= {today}))) AND ("consents"."withdrawn_at" IS NULL));
\endpipeline
\startpipeline
SELECT "posts"."id", "posts"."patient_id", "posts"."kind", "posts"."information", "posts"."channel", "posts"."sensitivity", "posts"."facility_id", "posts"."author_staff_id", "posts"."author_client_id", "posts"."reply_to", "posts"."observed_at", "posts"."recorded_at", "posts"."version", "posts"."automatic", "post_versions"."body", "post_versions"."vitals", "post_versions"."reason", "post_versions"."retracted", "post_versions"."written_at", "documents"."id", "documents"."title", "documents"."type_code", "documents"."type_label", "documents"."authored_at", "documents"."author_name", "documents"."institution_name", "documents"."excerpt" FROM (("posts" INNER JOIN "post_versions" ON ((("post_versions"."tenant_id" = "posts"."tenant_id") AND ("post_versions"."post_id" = "posts"."id")) AND ("post_versions"."version" = "posts"."version"))) LEFT OUTER JOIN "documents" ON (("documents"."tenant_id" = "post_versions"."tenant_id") AND ("documents"."id" = "post_versions"."document_id"))) WHERE (((((("posts"."tenant_id" = {tenant}) AND ("posts"."patient_id" = {patient})) AND ("posts"."recorded_at" <= {newest})) AND (("posts"."recorded_at" < {newest}) OR ("posts"."id" < {last}))) AND (("posts"."class" = ANY({classes})) OR (("posts"."facility_id" = {facility}) AND ("posts"."class" = ANY({own}))))) AND ("posts"."kind" = ANY({kinds}))) ORDER BY "posts"."recorded_at" DESC, "posts"."id" DESC LIMIT {limit};
SELECT "read_marks"."read_until" FROM "read_marks" WHERE (("read_marks"."tenant_id" = {tenant}) AND (("read_marks"."staff_member_id" = {staff}) AND ("read_marks"."patient_id" = {patient}))) LIMIT {one};
\endpipeline
\startpipeline
SELECT "staff_members"."id", "staff_members"."name", "staff_members"."profession", "facilities"."name" FROM ("staff_members" INNER JOIN "facilities" ON (("facilities"."tenant_id" = "staff_members"."tenant_id") AND ("facilities"."id" = "staff_members"."facility_id"))) WHERE (("staff_members"."tenant_id" = {tenant}) AND ("staff_members"."id" = ANY({authors})));
SELECT "clients"."id", "clients"."name", "facilities"."name" FROM ("clients" INNER JOIN "facilities" ON (("facilities"."tenant_id" = "clients"."tenant_id") AND ("facilities"."id" = "clients"."facility_id"))) WHERE (("clients"."tenant_id" = {tenant}) AND ("clients"."id" = ANY({systems})));
SELECT "posts"."id", "posts"."information", "posts"."channel", "posts"."sensitivity", "posts"."facility_id", "staff_members"."name", "clients"."name", "post_versions"."body", "post_versions"."vitals", "post_versions"."retracted", "documents"."title" FROM (((("posts" INNER JOIN "post_versions" ON ((("post_versions"."tenant_id" = "posts"."tenant_id") AND ("post_versions"."post_id" = "posts"."id")) AND ("post_versions"."version" = "posts"."version"))) LEFT OUTER JOIN "documents" ON (("documents"."tenant_id" = "post_versions"."tenant_id") AND ("documents"."id" = "post_versions"."document_id"))) LEFT OUTER JOIN "staff_members" ON (("staff_members"."tenant_id" = "posts"."tenant_id") AND ("staff_members"."id" = "posts"."author_staff_id"))) LEFT OUTER JOIN "clients" ON (("clients"."tenant_id" = "posts"."tenant_id") AND ("clients"."id" = "posts"."author_client_id"))) WHERE (("posts"."tenant_id" = {tenant}) AND ("posts"."id" = ANY({parents})));
SELECT "acknowledgement_requests"."post_id", "acknowledgement_requests"."staff_member_id", "staff_members"."name", "staff_members"."profession", "acknowledgement_requests"."due_at" FROM ("acknowledgement_requests" INNER JOIN "staff_members" ON (("staff_members"."tenant_id" = "acknowledgement_requests"."tenant_id") AND ("staff_members"."id" = "acknowledgement_requests"."staff_member_id"))) WHERE (("acknowledgement_requests"."tenant_id" = {tenant}) AND ("acknowledgement_requests"."post_id" = ANY({posts}))) ORDER BY "staff_members"."sort_key", "staff_members"."id";
SELECT "acknowledgements"."post_id", "acknowledgements"."staff_member_id", "staff_members"."name", "staff_members"."profession", "acknowledgements"."acknowledged_at" FROM ("acknowledgements" INNER JOIN "staff_members" ON (("staff_members"."tenant_id" = "acknowledgements"."tenant_id") AND ("staff_members"."id" = "acknowledgements"."staff_member_id"))) WHERE (("acknowledgements"."tenant_id" = {tenant}) AND ("acknowledgements"."post_id" = ANY({posts}))) ORDER BY "acknowledgements"."acknowledged_at", "acknowledgements"."staff_member_id";
SELECT "provisions"."patient_id", "provisions"."source_facility_id", "provisions"."kind" FROM "provisions" WHERE ((((("provisions"."tenant_id" = {tenant}) AND ("provisions"."patient_id" = ANY({patients}))) AND ("provisions"."provided_on" = {today})) AND ("provisions"."recipient_facility_id" = {facility})) AND ("provisions"."basis" = {basis}));
SELECT "vital_limits"."spo2_scale" FROM "vital_limits" WHERE (("vital_limits"."tenant_id" = {tenant}) AND ("vital_limits"."patient_id" = {patient})) ORDER BY "vital_limits"."version" DESC LIMIT {one};
\endpipeline
INSERT INTO "audit_events" ("tenant_id", "id", "at", "actor_kind", "account_id", "staff_member_id", "client_id", "profession", "facility_id", "session_id", "action", "purpose", "outcome", "code", "patient_id", "resource_type", "resource_id", "count", "rules", "policy_digest", "request_id", "source_ip", "decision", "ground", "resource_version", "on_behalf_of", "device_id", "query_digest", "clock", "seal") VALUES ({tenant}, {event}, {now}, {actor}, {account}, {staff}, {nothing}, {profession}, {facility}, {session}, {action}, {purpose}, {outcome}, {nothing}, {patient}, {nothing}, {nothing}, {items}, {rules}, {policy}, {request}, {source}, {decision}, {ground}, {nothing}, {nothing}, {nothing}, {nothing}, {clock}, {seal});
COMMIT;
