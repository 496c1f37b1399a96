/** Identity: sessions, factors, devices, enrolment, mail of the demonstration. Short names for the published types. */
import type { components } from './schema.gen.ts';

type Schemas = components['schemas'];

/** A WebAuthn answer or question as JSON; only the browser looks inside. */
export type WebAuthnJson = Record<string, unknown>;

export type DeviceKind = Schemas['DeviceKind'];

/** Purposes of use are codes such as TREAT; a later server may have more of them. */
export type Me = Omit<Schemas['MeView'], 'purposes'> & { purposes: string[] };
export type SessionAnswer = Omit<Schemas['SessionView'], 'me'> & { me: Me };
export type SignIn = Pick<Schemas['CreateSession'], 'login' | 'password' | 'code'>;
export type PasskeyQuestion = Omit<Schemas['ChallengeView'], 'options'> & { options: WebAuthnJson };

export interface PasskeyAnswer {
  challenge_id: string;
  credential: WebAuthnJson;
}

/** `code` is one of the app, a recovery code or a temporary code. */
export type StepUp = { password: string; code: string } | PasskeyAnswer;

export type OwnSession = Schemas['SessionItemView'];
export type Passkey = Schemas['PasskeyRef'];
export type Factors = Schemas['FactorsView'];
export type TotpSeed = Schemas['TotpView'];
export type PasswordRules = Schemas['PasswordRules'];
export type Enrolment = Schemas['EnrolmentView'];
export type EnrolmentDone = Omit<Schemas['EnrolledView'], 'session'> & { session: SessionAnswer };
export type Device = Schemas['DeviceView'];
export type NewDevice = Schemas['DeviceCodeView'];
/** Someone who may come back to a shared device with a PIN. */
export type ShiftPerson = Schemas['OnShiftView'];
/** This device, as it knows itself: no patient is named here. */
export type CurrentDevice = Schemas['CurrentDeviceView'];
export type Mail = Schemas['MailView'];

/** What an answer kept from an earlier version of the app may lack. */
export function complete(me: Me): Me {
  return {
    ...me,
    posts: me.posts ?? (me.staff_member ? [me.staff_member] : []),
    amr: me.amr ?? [],
    settings: me.settings ?? { idle_minutes: 30 },
    may: me.may ?? [],
    purposes: me.purposes ?? [],
  };
}
