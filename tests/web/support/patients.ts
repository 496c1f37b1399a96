/** A patient of one journey, who has an account: whom others look at is nobody's business but this journey's. */
import { enrol, linkTo, type Newcomer } from './newcomers.ts';
import { people } from './people.ts';
import { callAs, newId } from './server.ts';

/** Registered by the care manager, with a consent; the account is the patient's own. */
export async function patientWithAccount(name: string): Promise<{ id: string; account: Newcomer }> {
  const manager = await callAs(people.care_manager, 'TREAT');
  const id = newId();
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Tokyo' }).format(new Date());
  await manager.post('/v1/patients', {
    id,
    name,
    kana: 'アキヤマ　キク',
    birth_date: '1951-05-04',
    sex: 'female',
    address: '北市中央1-2-3',
    consent: { id: newId(), granted_by: 'patient', granted_on: today, method: 'paper' },
  });
  return { id, account: await accountOf(id, name, { relation: 'self', label: '本人' }) };
}

/** An account for the patient, or for somebody of the family. */
export async function accountOf(
  patientId: string,
  name: string,
  relation: { relation: string; label: string },
): Promise<Newcomer> {
  const manager = await callAs(people.care_manager, 'TREAT');
  const login = `p${crypto.randomUUID().slice(0, 8)}`;
  const email = `${login}@example.jp`;
  const { invitation } = await manager.post<{ invitation: { code: string } }>(
    `/v1/patients/${patientId}/relatives`,
    { id: newId(), name, kana: 'アキヤマ　キク', login_name: login, email, ...relation },
  );
  const network = people.administrator.login.split('@')[1] ?? '';
  const invited = { login: `${login}@${network}`, path: await linkTo(email), code: invitation.code };
  return enrol(invited, name);
}
