//! Kinds of information, and what one may do with them.

use super::open_enum::open_enum;

open_enum! {
    /// A kind of information: a row of the table that says which profession may do what.
    pub enum InformationKind {
        /// 基本情報・連絡先・キーパーソン・住環境
        Basic = "basic",
        /// タイムラインの投稿
        Note = "note",
        /// 医療職のみの投稿
        Medical = "medical",
        /// 機微情報(精神科・HIV・虐待・DV・経済)
        Sensitive = "sensitive",
        /// ご家族との連絡
        Family = "family",
        /// 診断名・既往・アレルギー・感染症
        Conditions = "conditions",
        /// 処方・残薬・服薬状況
        Medication = "medication",
        /// 検査値・画像
        Results = "results",
        /// バイタル・観察
        Vitals = "vitals",
        /// 写真・動画(創部等)
        Photo = "photo",
        /// 褥瘡・ADL・嚥下・栄養・口腔の評価
        Assessment = "assessment",
        /// 病院からの文書
        Document = "document",
        /// 入院時情報提供書
        AdmissionInformation = "admission_information",
        /// 退院・退所情報記録書、看護サマリー
        DischargeRecord = "discharge_record",
        /// 診療情報提供書、退院時サマリー
        Referral = "referral",
        /// 訪問看護指示書
        NursingOrder = "nursing_order",
        /// 訪問看護計画書・報告書
        NursingPlan = "nursing_plan",
        /// 主治医意見書
        PhysicianOpinion = "physician_opinion",
        /// 認定調査票・認定結果
        CareCertification = "care_certification",
        /// ケアプラン(第1~3表)
        CarePlan = "care_plan",
        /// 会議の要点・支援経過(第4・5表)
        ConferenceRecord = "conference_record",
        /// サービス利用票(第6・7表)
        ServiceSlip = "service_slip",
        /// ACP・事前意思表明書
        AdvanceCarePlanning = "acp",
        /// ケアチーム・当番・24時間連絡先
        Roster = "roster",
        /// 相談チケット
        Consultation = "consultation",
        /// 同意の記録
        Consent = "consent",
    }
}

open_enum! {
    /// What a profession may do with a kind of information.
    pub enum Right {
        /// 閲覧
        Read = "read",
        /// 記入
        Write = "write",
        /// 署名・確定
        Sign = "sign",
        /// 要約の閲覧
        Summary = "summary",
        /// 個別の同意があるときだけ: the others only where the patient gave a word of its own
        Separate = "separate",
    }
}

open_enum! {
    /// What makes information sensitive (機微情報). Each needs the patient's own word.
    pub enum Sensitivity {
        /// 精神科
        Psychiatry = "psychiatry",
        /// HIV
        Hiv = "hiv",
        /// 虐待
        Abuse = "abuse",
        /// 家庭内の暴力(DV)
        Violence = "violence",
        /// 経済状況
        Finances = "finances",
    }
}
