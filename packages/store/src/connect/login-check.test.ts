import { describe, expect, test } from 'vitest';
import { fitLoginSql, judgeLogin } from './login-check.ts';

const FIT = { login: 'followme', version: 150_004, superuser: false, bypasses: false };

describe('the login of the store', () => {
  test('is taken when it is ordinary and the server is 15 or newer', () => {
    expect(judgeLogin(FIT)).toBeNull();
    expect(judgeLogin({ ...FIT, version: 150_000 })).toBeNull();
  });

  test('is refused on a server older than 15, naming its version', () => {
    const refusal = judgeLogin({ ...FIT, version: 149_999 });
    expect(refusal?.code).toBe('SERVER_TOO_OLD');
    expect(refusal?.message).toBe('The server is PostgreSQL 14, and 15 is the oldest that works.');
  });

  test('is refused as a superuser, with the SQL that makes a fit one', () => {
    const refusal = judgeLogin({ ...FIT, login: 'root', superuser: true });
    expect(refusal?.code).toBe('UNFIT_LOGIN');
    expect(refusal?.message).toContain('"root" is a superuser');
    expect(refusal?.message).toContain(fitLoginSql());
  });

  test('is refused with BYPASSRLS', () => {
    expect(judgeLogin({ ...FIT, bypasses: true })?.message).toContain('has BYPASSRLS');
  });
});

test('the SQL for a fit login grants the roles to one that inherits nothing', () => {
  expect(fitLoginSql('my "login"')).toContain('CREATE ROLE "my ""login""" LOGIN NOINHERIT');
});
