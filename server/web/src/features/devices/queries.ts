import { get, list, post, put } from '#api/call.ts';
import type { CurrentDevice, Device, DeviceKind, NewDevice } from '#api/identity.types.ts';
import { sendPlain } from '#api/plain.ts';
import type { Facility } from '#api/types.ts';
import { uuidv7 } from '#api/uuid.ts';

/** What this device knows of itself; needs no session. */
export function findCurrentDevice(): Promise<CurrentDevice> {
  return sendPlain<CurrentDevice>('GET', '/v1/devices/current');
}

export function enrolDevice(network: string, code: string): Promise<{ device: Device }> {
  const body = { network, code, transport: 'cookie' };
  return sendPlain<{ device: Device }>('POST', '/v1/devices/enrol', body);
}

export function setPin(pin: string): Promise<void> {
  return put('/v1/sessions/current/pin', { pin });
}

export function listDevices(): Promise<Device[]> {
  return list<Device>('/v1/devices');
}

export function listFacilities(): Promise<Facility[]> {
  return list<Facility>('/v1/facilities', { limit: 100 });
}

export function createDevice(device: {
  name: string;
  kind: DeviceKind;
  facility_id: string;
}): Promise<NewDevice> {
  const id = uuidv7();
  return post<NewDevice>('/v1/devices', { id, ...device }, { key: id });
}

export function renewDeviceCode(id: string): Promise<{ enrolment_code: string }> {
  return post(`/v1/devices/${id}/enrolment-code`);
}

export async function revokeDevice(id: string): Promise<void> {
  await post(`/v1/devices/${id}/revoke`);
}

/** Whether the person still has to choose a PIN on this shared device. */
export async function needsPin(account: string): Promise<boolean> {
  const device = await get<CurrentDevice>('/v1/devices/current');
  const me = device.people.find((person) => person.account_id === account);
  return me !== undefined && !me.pin_set;
}
