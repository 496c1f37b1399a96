/** People whom the administrator invites for one journey: what they change of themselves is in nobody's way. */
import { alone, codeOf } from './codes.ts';
import { people, type Person } from './people.ts';
import { callAs, callAsNobody, newId } from './server.ts';

export interface Invited {
  login: string;
  /** Where the link in the mail leads. */
  path: string;
  /** What the administrator hands over. */
  code: string;
}

interface Mails {
  items: { recipient: string; body: string }[];
}

/** Where the link in the mail to that address leads. */
export async function linkTo(email: string): Promise<string> {
  const administrator = await callAs(people.administrator, 'HSYSADMIN');
  const { items } = await administrator.get<Mails>('/v1/mailbox');
  const body = items.find(({ recipient }) => recipient === email)?.body ?? '';
  const path = /\/enrol#\S+/.exec(body)?.[0];
  if (!path) throw new Error(`no invitation for ${email} in the mailbox`);
  return path;
}

/** An administrator invites a nurse: the code is handed over, the link comes by mail. */
export async function invite(name: string): Promise<Invited> {
  const administrator = await callAs(people.administrator, 'HSYSADMIN');
  const facilities = await administrator.get<{ items: { id: string }[] }>('/v1/facilities');
  const login = `n${crypto.randomUUID().slice(0, 8)}`;
  const email = `${login}@example.jp`;
  const member = await administrator.post<{ invitation: { code: string } }>('/v1/staff-members', {
    id: newId(),
    facility_id: facilities.items[0]?.id,
    name,
    kana: 'タケダ　ミオ',
    profession: 'nurse',
    account: { login_name: login, email },
  });
  const path = await linkTo(email);
  const network = people.administrator.login.split('@')[1] ?? '';
  return { login: `${login}@${network}`, path, code: member.invitation.code };
}

export interface Newcomer extends Person {
  /** Each is good once in place of a code of the app. */
  recovery: string[];
}

/** Somebody who has just begun, with password and app. */
export async function newcomer(name: string): Promise<Newcomer> {
  return enrol(await invite(name), name);
}

/** Takes up the invitation, with password and app. */
export async function enrol(invited: Invited, name: string): Promise<Newcomer> {
  const nobody = callAsNobody();
  const token = invited.path.split('#')[1];
  const { enrolment } = await nobody.post<{ enrolment: string }>('/v1/enrolments', { token, code: invited.code });
  const password = 'suzumushi-8-watasu-hashi';
  const { secret } = await nobody.post<{ secret: string }>('/v1/enrolments/totp', { enrolment, password });
  const person: Newcomer = { login: invited.login, password, name, totp_secret: secret, recovery: [] };
  await alone(person, async (kept) => {
    kept.step = Math.floor(Date.now() / 30_000);
    const code = codeOf(secret, kept.step);
    const done = { enrolment, password, code };
    const { recovery_codes } = await nobody.post<{ recovery_codes: string[] }>('/v1/enrolments/finish', done);
    person.recovery = recovery_codes;
  });
  return person;
}
