//! Table definitions, as the migrations leave them. Written from the database catalogue; the schema test
//! compares the two, so this file is never edited by hand.
#![expect(
    missing_docs,
    reason = "the documentation of tables and columns is in the database"
)]

diesel::table! {
    accounts (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        login_name -> Text,
        password_phc -> Text,
        role -> Text,
        staff_member_id -> Uuid,
        language -> Text,
        suspended_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    acknowledgement_requests (tenant_id, post_id, staff_member_id) {
        tenant_id -> Uuid,
        post_id -> Uuid,
        staff_member_id -> Uuid,
        patient_id -> Uuid,
        due_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    acknowledgements (tenant_id, post_id, staff_member_id) {
        tenant_id -> Uuid,
        post_id -> Uuid,
        staff_member_id -> Uuid,
        acknowledged_at -> Timestamptz,
    }
}

diesel::table! {
    audit_event_patients (tenant_id, patient_id, event_id) {
        tenant_id -> Uuid,
        event_id -> Uuid,
        patient_id -> Uuid,
    }
}

diesel::table! {
    audit_events (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        at -> Timestamptz,
        actor_kind -> Text,
        account_id -> Nullable<Uuid>,
        staff_member_id -> Nullable<Uuid>,
        client_id -> Nullable<Uuid>,
        profession -> Nullable<Text>,
        facility_id -> Nullable<Uuid>,
        session_id -> Nullable<Uuid>,
        action -> Text,
        purpose -> Text,
        outcome -> Text,
        code -> Nullable<Text>,
        patient_id -> Nullable<Uuid>,
        resource_type -> Nullable<Text>,
        resource_id -> Nullable<Uuid>,
        count -> Nullable<Int4>,
        rules -> Array<Text>,
        policy_digest -> Text,
        request_id -> Text,
        source_ip -> Nullable<Text>,
    }
}

diesel::table! {
    care_team_members (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        patient_id -> Uuid,
        staff_member_id -> Uuid,
        duty -> Nullable<Text>,
        starts_on -> Date,
        ends_on -> Nullable<Date>,
        created_at -> Timestamptz,
        created_by -> Uuid,
    }
}

diesel::table! {
    clients (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        facility_id -> Uuid,
        name -> Text,
        secret_digest -> Bytea,
        created_at -> Timestamptz,
        created_by -> Uuid,
        revoked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    consents (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        patient_id -> Uuid,
        granted_on -> Date,
        granted_by -> Text,
        proxy_name -> Nullable<Text>,
        proxy_relation -> Nullable<Text>,
        method -> Text,
        note -> Nullable<Text>,
        recorded_at -> Timestamptz,
        recorded_by -> Uuid,
        withdrawn_at -> Nullable<Timestamptz>,
        withdrawn_by -> Nullable<Uuid>,
        withdrawal_reason -> Nullable<Text>,
    }
}

diesel::table! {
    documents (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        patient_id -> Nullable<Uuid>,
        client_id -> Uuid,
        facility_id -> Uuid,
        kind -> Text,
        title -> Text,
        type_code -> Text,
        type_label -> Text,
        authored_at -> Timestamptz,
        author_name -> Text,
        institution_name -> Text,
        identifier_system -> Nullable<Text>,
        identifier_value -> Nullable<Text>,
        digest -> Bytea,
        original -> Bytea,
        content -> Jsonb,
        excerpt -> Text,
        received_at -> Timestamptz,
        replaces -> Nullable<Uuid>,
        post_id -> Nullable<Uuid>,
        linked_by -> Nullable<Uuid>,
        linked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    events (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        kind -> Text,
        patient_id -> Nullable<Uuid>,
        post_id -> Nullable<Uuid>,
        recipients -> Array<Uuid>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    facilities (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        name -> Text,
        kind -> Text,
        institution_code -> Nullable<Text>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    idempotency_keys (tenant_id, actor_id, key) {
        tenant_id -> Uuid,
        actor_id -> Uuid,
        key -> Text,
        digest -> Bytea,
        patient_id -> Nullable<Uuid>,
        status -> Nullable<Int4>,
        etag -> Nullable<Text>,
        body -> Nullable<Bytea>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    outbox (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        kind -> Text,
        payload -> Jsonb,
        created_at -> Timestamptz,
        available_at -> Timestamptz,
        attempts -> Int4,
        last_error -> Nullable<Text>,
    }
}

diesel::table! {
    patient_identifiers (tenant_id, system, value) {
        tenant_id -> Uuid,
        system -> Text,
        value -> Text,
        patient_id -> Uuid,
        facility_id -> Nullable<Uuid>,
        created_at -> Timestamptz,
        created_by -> Uuid,
    }
}

diesel::table! {
    patients (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        name -> Text,
        kana -> Text,
        search_text -> Text,
        sort_key -> Text,
        birth_date -> Date,
        sex -> Text,
        address -> Text,
        phone -> Nullable<Text>,
        registered_at -> Timestamptz,
        registered_by -> Uuid,
    }
}

diesel::table! {
    post_versions (tenant_id, post_id, version) {
        tenant_id -> Uuid,
        post_id -> Uuid,
        version -> Int4,
        body -> Nullable<Text>,
        vitals -> Nullable<Jsonb>,
        document_id -> Nullable<Uuid>,
        reason -> Nullable<Text>,
        retracted -> Bool,
        written_by_staff -> Nullable<Uuid>,
        written_by_client -> Nullable<Uuid>,
        written_at -> Timestamptz,
    }
}

diesel::table! {
    posts (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        patient_id -> Uuid,
        kind -> Text,
        channel -> Text,
        author_staff_id -> Nullable<Uuid>,
        author_client_id -> Nullable<Uuid>,
        reply_to -> Nullable<Uuid>,
        observed_at -> Timestamptz,
        recorded_at -> Timestamptz,
        version -> Int4,
    }
}

diesel::table! {
    read_marks (tenant_id, staff_member_id, patient_id) {
        tenant_id -> Uuid,
        staff_member_id -> Uuid,
        patient_id -> Uuid,
        read_until -> Timestamptz,
    }
}

diesel::table! {
    sessions (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        account_id -> Uuid,
        refresh_digest -> Bytea,
        cache_key -> Bytea,
        created_at -> Timestamptz,
        refreshed_at -> Timestamptz,
        expires_at -> Timestamptz,
        revoked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    staff_members (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        facility_id -> Uuid,
        name -> Text,
        kana -> Text,
        search_text -> Text,
        sort_key -> Text,
        profession -> Text,
        starts_on -> Date,
        ends_on -> Nullable<Date>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    tenants (tenant_id) {
        tenant_id -> Uuid,
        slug -> Text,
        name -> Text,
        created_at -> Timestamptz,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    accounts,
    acknowledgement_requests,
    acknowledgements,
    audit_event_patients,
    audit_events,
    care_team_members,
    clients,
    consents,
    documents,
    events,
    facilities,
    idempotency_keys,
    outbox,
    patient_identifiers,
    patients,
    post_versions,
    posts,
    read_marks,
    sessions,
    staff_members,
    tenants,
);
