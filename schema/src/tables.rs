//! Table definitions, as the migrations leave them. Written from the database catalogue; the schema test
//! compares the two, so this file is never edited by hand.
#![expect(
    missing_docs,
    reason = "the documentation of tables and columns is in the database"
)]

diesel::table! {
    access_overrides (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        profession -> Text,
        kind -> Text,
        takes -> Text,
        reason -> Text,
        created_at -> Timestamptz,
        created_by -> Uuid,
        removed_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    accounts (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        login_name -> Text,
        password_phc -> Nullable<Text>,
        role -> Text,
        staff_member_id -> Uuid,
        language -> Text,
        suspended_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        email -> Nullable<Text>,
        password_changed_at -> Nullable<Timestamptz>,
        totp_sealed -> Nullable<Bytea>,
        totp_last_step -> Nullable<Int8>,
        last_signed_in_at -> Nullable<Timestamptz>,
        person_id -> Uuid,
    }
}

diesel::table! {
    acknowledgement_asks (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        post_id -> Uuid,
        patient_id -> Uuid,
        asked_by -> Uuid,
        asked_at -> Timestamptz,
        due_at -> Nullable<Timestamptz>,
        staff_member_id -> Nullable<Uuid>,
        profession -> Nullable<Text>,
        facility_id -> Nullable<Uuid>,
        answer -> Bool,
        urgent -> Bool,
        state -> Text,
        step -> Int2,
        next_at -> Nullable<Timestamptz>,
        reminded_at -> Nullable<Timestamptz>,
        closed_at -> Nullable<Timestamptz>,
        closed_by -> Nullable<Uuid>,
        answer_post_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    acknowledgement_requests (tenant_id, ask_id, staff_member_id) {
        tenant_id -> Uuid,
        post_id -> Uuid,
        staff_member_id -> Uuid,
        patient_id -> Uuid,
        due_at -> Nullable<Timestamptz>,
        ask_id -> Uuid,
        part -> Text,
        closed_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    acknowledgement_steps (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        ask_id -> Uuid,
        post_id -> Uuid,
        at -> Timestamptz,
        what -> Text,
        staff_member_id -> Nullable<Uuid>,
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
    announcement_recipients (tenant_id, announcement_id, staff_member_id) {
        tenant_id -> Uuid,
        announcement_id -> Uuid,
        staff_member_id -> Uuid,
        confirmed_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    announcements (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        title -> Text,
        body -> Text,
        wide -> Bool,
        audience -> Jsonb,
        author_id -> Uuid,
        recorded_at -> Timestamptz,
        confirm_by -> Nullable<Timestamptz>,
        reminded_at -> Nullable<Timestamptz>,
        withdrawn_at -> Nullable<Timestamptz>,
        withdrawal_reason -> Nullable<Text>,
    }
}

diesel::table! {
    appointment_people (tenant_id, staff_member_id, appointment_id) {
        tenant_id -> Uuid,
        staff_member_id -> Uuid,
        appointment_id -> Uuid,
    }
}

diesel::table! {
    appointment_versions (tenant_id, appointment_id, version) {
        tenant_id -> Uuid,
        appointment_id -> Uuid,
        version -> Int4,
        plan -> Jsonb,
        exceptions -> Jsonb,
        cancelled -> Bool,
        change -> Text,
        reason -> Nullable<Text>,
        written_by -> Nullable<Uuid>,
        written_at -> Timestamptz,
    }
}

diesel::table! {
    appointments (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        patient_id -> Nullable<Uuid>,
        version -> Int4,
        first_on -> Date,
        last_on -> Date,
        cancelled -> Bool,
        follows -> Nullable<Uuid>,
        created_at -> Timestamptz,
        created_by -> Nullable<Uuid>,
    }
}

diesel::table! {
    attachment_files (tenant_id, attachment_id, rendition) {
        tenant_id -> Uuid,
        attachment_id -> Uuid,
        rendition -> Text,
        object_id -> Uuid,
        media_type -> Text,
        size -> Int8,
        width -> Nullable<Int4>,
        height -> Nullable<Int4>,
    }
}

diesel::table! {
    attachment_parts (tenant_id, attachment_id, start) {
        tenant_id -> Uuid,
        attachment_id -> Uuid,
        start -> Int8,
        length -> Int8,
        object_id -> Uuid,
    }
}

diesel::table! {
    attachment_texts (tenant_id, attachment_id) {
        tenant_id -> Uuid,
        attachment_id -> Uuid,
        body -> Text,
    }
}

diesel::table! {
    attachments (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        patient_id -> Nullable<Uuid>,
        room_id -> Nullable<Uuid>,
        key_id -> Uuid,
        uploaded_by -> Uuid,
        facility_id -> Uuid,
        name -> Text,
        media -> Nullable<Text>,
        state -> Text,
        refusal -> Nullable<Text>,
        length -> Int8,
        received -> Int8,
        derived_from -> Nullable<Uuid>,
        pages -> Nullable<Int4>,
        milliseconds -> Nullable<Int4>,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        settled_at -> Nullable<Timestamptz>,
        held_by -> Nullable<Uuid>,
        held_until -> Nullable<Timestamptz>,
        check_at -> Nullable<Timestamptz>,
        check_attempts -> Int4,
        check_waits_for -> Nullable<Text>,
    }
}

diesel::table! {
    audit_archives (tenant_id, month, tree, from_index) {
        tenant_id -> Uuid,
        month -> Date,
        tree -> Int2,
        from_index -> Int8,
        to_index -> Int8,
        entries -> Int8,
        loose -> Int8,
        file -> Text,
        sha256 -> Bytea,
        created_at -> Timestamptz,
        dropped_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    audit_checkpoints (tenant_id, tree, size, signed_at) {
        tenant_id -> Uuid,
        tree -> Int2,
        size -> Int8,
        signed_at -> Timestamptz,
        note -> Text,
    }
}

diesel::table! {
    audit_cursors (tenant_id, tree, epoch) {
        tenant_id -> Uuid,
        tree -> Int2,
        epoch -> Int8,
        xid -> Int8,
        event_id -> Uuid,
    }
}

diesel::table! {
    audit_event_patients (tenant_id, at, event_id, patient_id) {
        tenant_id -> Uuid,
        event_id -> Uuid,
        patient_id -> Uuid,
        at -> Timestamptz,
    }
}

diesel::table! {
    audit_events (tenant_id, at, id) {
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
        decision -> Nullable<Text>,
        ground -> Nullable<Text>,
        resource_version -> Nullable<Int4>,
        on_behalf_of -> Nullable<Uuid>,
        device_id -> Nullable<Uuid>,
        query_digest -> Nullable<Text>,
        clock -> Text,
        seal -> Bytea,
        epoch -> Int8,
        xid -> Int8,
    }
}

diesel::table! {
    audit_leaves (tenant_id, tree, leaf_index) {
        tenant_id -> Uuid,
        tree -> Int2,
        leaf_index -> Int8,
        event_id -> Uuid,
        event_at -> Timestamptz,
        hash -> Bytea,
    }
}

diesel::table! {
    audit_rejects (tenant_id, event_at, event_id) {
        tenant_id -> Uuid,
        event_id -> Uuid,
        event_at -> Timestamptz,
        found_at -> Timestamptz,
    }
}

diesel::table! {
    audit_tiles (tenant_id, tree, level, tile_index) {
        tenant_id -> Uuid,
        tree -> Int2,
        level -> Int2,
        tile_index -> Int8,
        hashes -> Bytea,
        root -> Bytea,
    }
}

diesel::table! {
    audit_trees (tenant_id, tree) {
        tenant_id -> Uuid,
        tree -> Int2,
        origin -> Text,
        size -> Int8,
        edge -> Bytea,
        sealed_at -> Timestamptz,
        note -> Nullable<Text>,
        noted_at -> Nullable<Timestamptz>,
        halted -> Nullable<Text>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    calendar_feeds (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        account_id -> Uuid,
        staff_member_id -> Uuid,
        token_digest -> Bytea,
        created_at -> Timestamptz,
        revoked_at -> Nullable<Timestamptz>,
        last_read_at -> Nullable<Timestamptz>,
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
    challenges (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        kind -> Text,
        account_id -> Nullable<Uuid>,
        secret_digest -> Nullable<Bytea>,
        state -> Bytea,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    checkpoint_copies (tenant_id) {
        tenant_id -> Uuid,
        next_at -> Timestamptz,
        failures -> Int4,
        failure -> Nullable<Text>,
        tree -> Nullable<Int2>,
        size -> Nullable<Int8>,
        signed_at -> Nullable<Timestamptz>,
        copied_at -> Nullable<Timestamptz>,
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
        proof_required -> Bool,
        acts_for_people -> Bool,
    }
}

diesel::table! {
    clock_alarms (tenant_id, day) {
        tenant_id -> Uuid,
        day -> Date,
    }
}

diesel::table! {
    consent_evidence (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        patient_id -> Uuid,
        consent_id -> Uuid,
        media_type -> Text,
        content -> Bytea,
        digest -> Bytea,
        uploaded_at -> Timestamptz,
        uploaded_by -> Uuid,
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
        facilities -> Nullable<Array<Uuid>>,
        profession_groups -> Nullable<Array<Text>>,
        kinds -> Nullable<Array<Text>>,
        sensitive -> Array<Text>,
        separate -> Array<Text>,
        valid_until -> Nullable<Date>,
    }
}

diesel::table! {
    cosignatures (tenant_id, witness_id, tree, size, cosigned_at) {
        tenant_id -> Uuid,
        witness_id -> Uuid,
        tree -> Int2,
        size -> Int8,
        cosigned_at -> Timestamptz,
        note -> Text,
    }
}

diesel::table! {
    devices (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        kind -> Text,
        name -> Text,
        facility_id -> Uuid,
        enrolment_digest -> Nullable<Bytea>,
        enrolment_expires_at -> Nullable<Timestamptz>,
        token_digest -> Nullable<Bytea>,
        created_at -> Timestamptz,
        created_by -> Uuid,
        enrolled_at -> Nullable<Timestamptz>,
        last_seen_at -> Nullable<Timestamptz>,
        revoked_at -> Nullable<Timestamptz>,
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
    duty_contacts (tenant_id, facility_id, position) {
        tenant_id -> Uuid,
        facility_id -> Uuid,
        position -> Int2,
        staff_member_id -> Uuid,
        weekdays -> Int2,
        from_minute -> Int2,
        to_minute -> Int2,
        set_by -> Uuid,
        set_at -> Timestamptz,
    }
}

diesel::table! {
    emergency_accesses (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        patient_id -> Uuid,
        staff_member_id -> Uuid,
        account_id -> Uuid,
        reason -> Text,
        started_at -> Timestamptz,
        expires_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
        reviewed_at -> Nullable<Timestamptz>,
        reviewed_by -> Nullable<Uuid>,
        finding -> Nullable<Text>,
        review_note -> Nullable<Text>,
        reminded_at -> Nullable<Timestamptz>,
        category -> Text,
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
        room_id -> Nullable<Uuid>,
        message_id -> Nullable<Uuid>,
        announcement_id -> Nullable<Uuid>,
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
    fact_versions (tenant_id, fact_id, version) {
        tenant_id -> Uuid,
        fact_id -> Uuid,
        version -> Int4,
        act -> Text,
        value -> Nullable<Jsonb>,
        note -> Nullable<Text>,
        confidence -> Nullable<Text>,
        since -> Nullable<Date>,
        source -> Nullable<Text>,
        source_id -> Nullable<Uuid>,
        source_text -> Nullable<Text>,
        reason -> Nullable<Text>,
        superseded_by -> Nullable<Uuid>,
        observed_at -> Timestamptz,
        written_by -> Uuid,
        facility_id -> Uuid,
        written_at -> Timestamptz,
    }
}

diesel::table! {
    facts (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        patient_id -> Uuid,
        kind -> Text,
        information -> Text,
        channel -> Text,
        sensitivity -> Nullable<Text>,
        version -> Int4,
        said_version -> Int4,
        confirmed_at -> Timestamptz,
        confirmed_by -> Uuid,
        ended -> Bool,
        next_on -> Nullable<Date>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    file_keys (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        patient_id -> Nullable<Uuid>,
        room_id -> Nullable<Uuid>,
        sealed -> Nullable<Bytea>,
        created_at -> Timestamptz,
        destroyed_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    finding_evidence (tenant_id, finding_id, event_id) {
        tenant_id -> Uuid,
        finding_id -> Uuid,
        event_id -> Uuid,
        event_at -> Timestamptz,
        run -> Int4,
    }
}

diesel::table! {
    finding_progress (tenant_id) {
        tenant_id -> Uuid,
        tree -> Int2,
        next_index -> Int8,
        wanted -> Int4,
        done -> Int4,
        running -> Nullable<Int4>,
        rule_version -> Int4,
        run_since -> Nullable<Timestamptz>,
        run_at -> Nullable<Timestamptz>,
        run_event -> Nullable<Uuid>,
        run_size -> Nullable<Int8>,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    finding_rules (tenant_id, version) {
        tenant_id -> Uuid,
        version -> Int4,
        rules -> Jsonb,
        reason -> Text,
        created_at -> Timestamptz,
        created_by -> Uuid,
    }
}

diesel::table! {
    finding_steps (tenant_id, finding_id, number) {
        tenant_id -> Uuid,
        finding_id -> Uuid,
        number -> Int4,
        kind -> Text,
        at -> Timestamptz,
        staff_member_id -> Nullable<Uuid>,
        assigned_to -> Nullable<Uuid>,
        request_id -> Nullable<Uuid>,
        conclusion -> Nullable<Text>,
        note -> Nullable<Text>,
        rule_version -> Nullable<Int4>,
    }
}

diesel::table! {
    findings (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        key -> Uuid,
        part -> Int2,
        rule -> Text,
        day -> Date,
        person_id -> Nullable<Uuid>,
        staff_member_id -> Nullable<Uuid>,
        patient_id -> Nullable<Uuid>,
        account_id -> Nullable<Uuid>,
        client_id -> Nullable<Uuid>,
        source_ip -> Nullable<Text>,
        emergency_access_id -> Nullable<Uuid>,
        reasons -> Array<Text>,
        first_at -> Timestamptz,
        last_at -> Timestamptz,
        found_at -> Timestamptz,
        found_version -> Int4,
        rule_version -> Int4,
        run -> Int4,
        state -> Text,
        version -> Int4,
        assigned_to -> Nullable<Uuid>,
        conclusion -> Nullable<Text>,
        closed_at -> Nullable<Timestamptz>,
        opened_by -> Nullable<Uuid>,
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
        question -> Nullable<Text>,
    }
}

diesel::table! {
    invitations (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        account_id -> Uuid,
        purpose -> Text,
        token_digest -> Bytea,
        code_digest -> Bytea,
        failures -> Int4,
        created_at -> Timestamptz,
        created_by -> Nullable<Uuid>,
        expires_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
        revoked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    justification_requests (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        finding_id -> Uuid,
        person_id -> Uuid,
        question -> Text,
        asked_at -> Timestamptz,
        asked_by -> Uuid,
        due_at -> Timestamptz,
        answered_at -> Nullable<Timestamptz>,
        answer -> Nullable<Text>,
        reminded_at -> Nullable<Timestamptz>,
        ended_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    legal_holds (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        from_on -> Date,
        to_on -> Date,
        patient_id -> Nullable<Uuid>,
        staff_member_id -> Nullable<Uuid>,
        reason -> Text,
        created_at -> Timestamptz,
        created_by -> Uuid,
        released_at -> Nullable<Timestamptz>,
        released_by -> Nullable<Uuid>,
        release_reason -> Nullable<Text>,
    }
}

diesel::table! {
    licences (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        person_id -> Uuid,
        profession -> Text,
        number -> Text,
        verified_on -> Date,
        verified_by -> Uuid,
        method -> Text,
        valid_until -> Nullable<Date>,
        created_at -> Timestamptz,
        revoked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    mails (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        account_id -> Nullable<Uuid>,
        recipient -> Text,
        subject -> Text,
        body -> Nullable<Text>,
        created_at -> Timestamptz,
        due_at -> Timestamptz,
        attempts -> Int4,
        sent_at -> Nullable<Timestamptz>,
        failed_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    message_acknowledgement_requests (tenant_id, message_id, staff_member_id) {
        tenant_id -> Uuid,
        message_id -> Uuid,
        staff_member_id -> Uuid,
    }
}

diesel::table! {
    message_acknowledgements (tenant_id, message_id, staff_member_id) {
        tenant_id -> Uuid,
        message_id -> Uuid,
        staff_member_id -> Uuid,
        acknowledged_at -> Timestamptz,
    }
}

diesel::table! {
    message_attachments (tenant_id, message_id, version, place) {
        tenant_id -> Uuid,
        message_id -> Uuid,
        version -> Int4,
        place -> Int4,
        attachment_id -> Uuid,
    }
}

diesel::table! {
    message_moves (tenant_id, message_id) {
        tenant_id -> Uuid,
        message_id -> Uuid,
        post_id -> Uuid,
        patient_id -> Uuid,
        moved_by -> Uuid,
        moved_at -> Timestamptz,
    }
}

diesel::table! {
    message_versions (tenant_id, message_id, version) {
        tenant_id -> Uuid,
        message_id -> Uuid,
        version -> Int4,
        body -> Nullable<Text>,
        mentions -> Array<Uuid>,
        mentions_everyone -> Bool,
        reason -> Nullable<Text>,
        state -> Text,
        written_by -> Uuid,
        written_at -> Timestamptz,
    }
}

diesel::table! {
    messages (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        room_id -> Uuid,
        seq -> Int8,
        author_id -> Uuid,
        reply_to -> Nullable<Uuid>,
        recorded_at -> Timestamptz,
        version -> Int4,
        state -> Text,
        acknowledge_by -> Nullable<Timestamptz>,
        asks -> Bool,
    }
}

diesel::table! {
    network_professions (tenant_id, code) {
        tenant_id -> Uuid,
        code -> Text,
        ja -> Text,
        en -> Text,
        based_on -> Text,
        created_at -> Timestamptz,
        created_by -> Uuid,
    }
}

diesel::table! {
    notice_settings (tenant_id, account_id) {
        tenant_id -> Uuid,
        account_id -> Uuid,
        choices -> Jsonb,
        quiet_from -> Nullable<Int2>,
        quiet_to -> Nullable<Int2>,
        digest_at -> Int2,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    notices (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        account_id -> Uuid,
        staff_member_id -> Uuid,
        kind -> Text,
        about -> Text,
        about_id -> Uuid,
        patient_id -> Nullable<Uuid>,
        created_at -> Timestamptz,
        push_at -> Nullable<Timestamptz>,
        mail_at -> Nullable<Timestamptz>,
        attempts -> Int2,
        done_at -> Nullable<Timestamptz>,
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
    passkeys (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        account_id -> Uuid,
        credential_id -> Bytea,
        credential -> Jsonb,
        name -> Text,
        created_at -> Timestamptz,
        last_used_at -> Nullable<Timestamptz>,
        revoked_at -> Nullable<Timestamptz>,
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
    patient_relations (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        patient_id -> Uuid,
        account_id -> Uuid,
        relation -> Text,
        label -> Text,
        starts_on -> Date,
        ends_on -> Nullable<Date>,
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
        facility_id -> Uuid,
    }
}

diesel::table! {
    persons (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        name -> Text,
        kana -> Text,
        created_at -> Timestamptz,
        home_digest -> Nullable<Bytea>,
    }
}

diesel::table! {
    post_approvals (tenant_id, post_id, version) {
        tenant_id -> Uuid,
        post_id -> Uuid,
        version -> Int4,
        decision -> Text,
        reason -> Nullable<Text>,
        decided_by -> Uuid,
        decided_at -> Timestamptz,
        digest -> Bytea,
    }
}

diesel::table! {
    post_attachments (tenant_id, post_id, version, place) {
        tenant_id -> Uuid,
        post_id -> Uuid,
        version -> Int4,
        place -> Int4,
        attachment_id -> Uuid,
    }
}

diesel::table! {
    post_pins (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        patient_id -> Uuid,
        post_id -> Uuid,
        pinned_by -> Uuid,
        pinned_at -> Timestamptz,
        unpinned_by -> Nullable<Uuid>,
        unpinned_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    post_reactions (tenant_id, post_id, staff_member_id, reaction) {
        tenant_id -> Uuid,
        post_id -> Uuid,
        staff_member_id -> Uuid,
        reaction -> Text,
        reacted_at -> Timestamptz,
    }
}

diesel::table! {
    post_recipients (tenant_id, post_id, staff_member_id) {
        tenant_id -> Uuid,
        post_id -> Uuid,
        staff_member_id -> Uuid,
    }
}

diesel::table! {
    post_templates (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        facility_id -> Nullable<Uuid>,
        profession -> Nullable<Text>,
        kind -> Text,
        title -> Text,
        body -> Text,
        version -> Int4,
        kept_by -> Uuid,
        kept_at -> Timestamptz,
        removed_at -> Nullable<Timestamptz>,
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
        sensitivity -> Nullable<Text>,
        facility_id -> Uuid,
        information -> Text,
        class -> Text,
        automatic -> Bool,
        thread_id -> Nullable<Uuid>,
        on_behalf_of -> Nullable<Uuid>,
        mentioned_staff -> Array<Uuid>,
        mentioned_professions -> Array<Text>,
        wound_site -> Nullable<Text>,
        wound_label -> Nullable<Text>,
    }
}

diesel::table! {
    provisions (tenant_id, patient_id, provided_on, source_facility_id, recipient_facility_id, kind, basis) {
        tenant_id -> Uuid,
        patient_id -> Uuid,
        provided_on -> Date,
        source_facility_id -> Uuid,
        recipient_facility_id -> Uuid,
        kind -> Text,
        basis -> Text,
        consent_id -> Nullable<Uuid>,
        staff_member_id -> Uuid,
        first_at -> Timestamptz,
    }
}

diesel::table! {
    push_subscriptions (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        account_id -> Uuid,
        digest -> Bytea,
        sealed -> Bytea,
        created_at -> Timestamptz,
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
    record_export_chunks (tenant_id, export_id, number, place) {
        tenant_id -> Uuid,
        export_id -> Uuid,
        number -> Int4,
        place -> Int4,
        sealed -> Bytea,
    }
}

diesel::table! {
    record_export_files (tenant_id, export_id, number) {
        tenant_id -> Uuid,
        export_id -> Uuid,
        number -> Int4,
        media_type -> Text,
        size -> Int8,
        digest -> Bytea,
        chunks -> Int4,
    }
}

diesel::table! {
    record_export_links (tenant_id, digest) {
        tenant_id -> Uuid,
        digest -> Bytea,
        export_id -> Uuid,
        number -> Int4,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    record_exports (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        patient_id -> Uuid,
        staff_member_id -> Uuid,
        account_id -> Uuid,
        session_id -> Uuid,
        format -> Text,
        purpose -> Text,
        reason -> Nullable<Text>,
        purpose_of_use -> Text,
        from_on -> Nullable<Date>,
        to_on -> Nullable<Date>,
        asked_at -> Timestamptz,
        state -> Text,
        failure -> Nullable<Text>,
        attempts -> Int4,
        available_at -> Timestamptz,
        done_posts -> Int4,
        posts -> Nullable<Int4>,
        scope -> Nullable<Array<Text>>,
        ready_at -> Nullable<Timestamptz>,
        expires_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    recovery_codes (tenant_id, account_id, digest) {
        tenant_id -> Uuid,
        account_id -> Uuid,
        digest -> Bytea,
        created_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    registration_cards (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        patient_id -> Uuid,
        code_digest -> Bytea,
        issued_at -> Timestamptz,
        issued_by -> Uuid,
        revoked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    room_members (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        room_id -> Uuid,
        staff_member_id -> Uuid,
        responsible -> Bool,
        starts_at -> Timestamptz,
        added_by -> Uuid,
        ended_at -> Nullable<Timestamptz>,
        ended_by -> Nullable<Uuid>,
    }
}

diesel::table! {
    room_read_marks (tenant_id, room_id, staff_member_id) {
        tenant_id -> Uuid,
        room_id -> Uuid,
        staff_member_id -> Uuid,
        read_seq -> Int8,
    }
}

diesel::table! {
    room_rules (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        room_id -> Uuid,
        facility_id -> Nullable<Uuid>,
        profession -> Nullable<Text>,
        starts_at -> Timestamptz,
        added_by -> Uuid,
        ended_at -> Nullable<Timestamptz>,
        ended_by -> Nullable<Uuid>,
    }
}

diesel::table! {
    rooms (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        kind -> Text,
        name -> Nullable<Text>,
        purpose -> Nullable<Text>,
        history -> Text,
        facility_id -> Nullable<Uuid>,
        one -> Nullable<Uuid>,
        other -> Nullable<Uuid>,
        last_seq -> Int8,
        created_by -> Uuid,
        created_at -> Timestamptz,
        archived_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    search_entries (tenant_id, source, id) {
        tenant_id -> Uuid,
        source -> Text,
        id -> Uuid,
        kind -> Text,
        patient_id -> Nullable<Uuid>,
        room_id -> Nullable<Uuid>,
        post_id -> Nullable<Uuid>,
        class -> Nullable<Text>,
        facility_id -> Uuid,
        author_staff_id -> Nullable<Uuid>,
        author_client_id -> Nullable<Uuid>,
        at -> Timestamptz,
        title -> Text,
        body -> Text,
        folded -> Text,
        tokens -> Array<Int4>,
    }
}

diesel::table! {
    search_progress (tenant_id) {
        tenant_id -> Uuid,
        form -> Int4,
        after_post -> Uuid,
        completed -> Bool,
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
        staff_member_id -> Uuid,
        device_id -> Nullable<Uuid>,
        amr -> Array<Text>,
        authenticated_at -> Timestamptz,
        last_seen_at -> Timestamptz,
        idle_minutes -> Int4,
        label -> Text,
        source_ip -> Nullable<Text>,
        temporary_code_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    shift_entries (tenant_id, device_id, account_id) {
        tenant_id -> Uuid,
        device_id -> Uuid,
        account_id -> Uuid,
        pin_phc -> Nullable<Text>,
        failures -> Int4,
        cache_key -> Bytea,
        opened_at -> Timestamptz,
        expires_at -> Timestamptz,
        closed_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    sign_in_guards (tenant_id, subject) {
        tenant_id -> Uuid,
        subject -> Bytea,
        kind -> Text,
        attempts -> Int4,
        refused -> Int8,
        window_began_at -> Timestamptz,
        blocked_until -> Timestamptz,
    }
}

diesel::table! {
    spent_proofs (tenant_id, digest) {
        tenant_id -> Uuid,
        digest -> Bytea,
        request_id -> Uuid,
        expires_at -> Timestamptz,
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
        person_id -> Uuid,
        work_plan -> Nullable<Text>,
    }
}

diesel::table! {
    substitutions (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        absent_id -> Uuid,
        substitute_id -> Uuid,
        patient_id -> Nullable<Uuid>,
        reason -> Text,
        starts_at -> Timestamptz,
        ends_at -> Timestamptz,
        created_at -> Timestamptz,
        created_by -> Uuid,
        ended_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    temporary_codes (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        account_id -> Uuid,
        digest -> Bytea,
        reason -> Text,
        issued_at -> Timestamptz,
        issued_by -> Uuid,
        expires_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
        revoked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    tenant_settings (tenant_id) {
        tenant_id -> Uuid,
        password_composition -> Bool,
        password_rotation_days -> Nullable<Int4>,
        idle_minutes_personal -> Int4,
        idle_minutes_shared -> Int4,
        session_hours -> Int4,
        registered_devices_only -> Bool,
        licence_required -> Bool,
        updated_at -> Timestamptz,
        updated_by -> Uuid,
        show_names_to_patients -> Bool,
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

diesel::table! {
    vital_limits (tenant_id, patient_id, version) {
        tenant_id -> Uuid,
        patient_id -> Uuid,
        version -> Int4,
        limits -> Jsonb,
        spo2_scale -> Int2,
        news2_from -> Nullable<Int2>,
        notify -> Array<Uuid>,
        answer_within_minutes -> Nullable<Int4>,
        instruction -> Nullable<Text>,
        set_by -> Uuid,
        set_at -> Timestamptz,
    }
}

diesel::table! {
    watched_patients (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        patient_id -> Uuid,
        reason -> Text,
        starts_on -> Date,
        ends_on -> Nullable<Date>,
        created_at -> Timestamptz,
        created_by -> Uuid,
        ended_at -> Nullable<Timestamptz>,
        ended_by -> Nullable<Uuid>,
    }
}

diesel::table! {
    withholdings (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        patient_id -> Uuid,
        from_on -> Date,
        to_on -> Date,
        audience -> Text,
        legal_basis -> Text,
        decided_by -> Text,
        until_on -> Date,
        created_at -> Timestamptz,
        created_by -> Uuid,
        ended_at -> Nullable<Timestamptz>,
        ended_by -> Nullable<Uuid>,
    }
}

diesel::table! {
    witnessed_logs (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        name -> Text,
        origin -> Text,
        public_key -> Text,
        created_at -> Timestamptz,
        created_by -> Uuid,
        ended_at -> Nullable<Timestamptz>,
        ended_by -> Nullable<Uuid>,
        size -> Int8,
        root -> Nullable<Bytea>,
        note -> Nullable<Text>,
        cosigned_at -> Nullable<Timestamptz>,
        conflict_at -> Nullable<Timestamptz>,
        conflict_note -> Nullable<Text>,
        forged_at -> Nullable<Timestamptz>,
        forged -> Int8,
    }
}

diesel::table! {
    witnesses (tenant_id, id) {
        tenant_id -> Uuid,
        id -> Uuid,
        kind -> Text,
        name -> Text,
        url -> Nullable<Text>,
        public_key -> Nullable<Text>,
        address -> Nullable<Text>,
        created_at -> Timestamptz,
        created_by -> Uuid,
        ended_at -> Nullable<Timestamptz>,
        ended_by -> Nullable<Uuid>,
        next_at -> Timestamptz,
        failures -> Int4,
        failure -> Nullable<Text>,
        tree -> Nullable<Int2>,
        size -> Nullable<Int8>,
        witnessed_at -> Nullable<Timestamptz>,
        disputed_at -> Nullable<Timestamptz>,
        dispute -> Nullable<Text>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    access_overrides,
    accounts,
    acknowledgement_asks,
    acknowledgement_requests,
    acknowledgement_steps,
    acknowledgements,
    announcement_recipients,
    announcements,
    appointment_people,
    appointment_versions,
    appointments,
    attachment_files,
    attachment_parts,
    attachment_texts,
    attachments,
    audit_archives,
    audit_checkpoints,
    audit_cursors,
    audit_event_patients,
    audit_events,
    audit_leaves,
    audit_rejects,
    audit_tiles,
    audit_trees,
    calendar_feeds,
    care_team_members,
    challenges,
    checkpoint_copies,
    clients,
    clock_alarms,
    consent_evidence,
    consents,
    cosignatures,
    devices,
    documents,
    duty_contacts,
    emergency_accesses,
    events,
    facilities,
    fact_versions,
    facts,
    file_keys,
    finding_evidence,
    finding_progress,
    finding_rules,
    finding_steps,
    findings,
    idempotency_keys,
    invitations,
    justification_requests,
    legal_holds,
    licences,
    mails,
    message_acknowledgement_requests,
    message_acknowledgements,
    message_attachments,
    message_moves,
    message_versions,
    messages,
    network_professions,
    notice_settings,
    notices,
    outbox,
    passkeys,
    patient_identifiers,
    patient_relations,
    patients,
    persons,
    post_approvals,
    post_attachments,
    post_pins,
    post_reactions,
    post_recipients,
    post_templates,
    post_versions,
    posts,
    provisions,
    push_subscriptions,
    read_marks,
    record_export_chunks,
    record_export_files,
    record_export_links,
    record_exports,
    recovery_codes,
    registration_cards,
    room_members,
    room_read_marks,
    room_rules,
    rooms,
    search_entries,
    search_progress,
    sessions,
    shift_entries,
    sign_in_guards,
    spent_proofs,
    staff_members,
    substitutions,
    temporary_codes,
    tenant_settings,
    tenants,
    vital_limits,
    watched_patients,
    withholdings,
    witnessed_logs,
    witnesses,
);
