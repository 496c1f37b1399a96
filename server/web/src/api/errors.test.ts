import { describe, expect, it } from 'vitest';
import { ApiError, errorText, fieldText, problemFrom } from './errors.ts';

describe('problems', () => {
  it('carry the code, the fields and the request id', async () => {
    const body = {
      code: 'invalid_input',
      fields: [{ field: 'kana', code: 'required', message: 'x' }],
    };
    const error = await problemFrom(Response.json(body, { status: 422, headers: { 'X-Request-Id': 'r1' } }));
    expect(error).toMatchObject({ status: 422, code: 'invalid_input', requestId: 'r1' });
    expect(fieldText(error, 'kana')).toBe('入力してください。');
    expect(fieldText(error, 'name')).toBeNull();
  });
  it('are understood without a body', async () => {
    expect((await problemFrom(new Response('gateway', { status: 502 }))).code).toBe('unavailable');
    expect((await problemFrom(new Response(null, { status: 401 }))).code).toBe('unauthenticated');
  });
  it('speak Japanese, also for a code that is new', () => {
    expect(errorText({ code: 'invalid_credentials' })).toContain('パスワード');
    expect(errorText({ code: 'something_new' })).toContain('入力した内容は残っています');
  });
  it('know what may be tried again', () => {
    expect(new ApiError(503, 'unavailable').transient).toBe(true);
    expect(new ApiError(0, 'offline').transient).toBe(true);
    expect(new ApiError(412, 'stale_version').transient).toBe(false);
    expect(new ApiError(404, 'not_found').hidden).toBe(true);
  });
});
