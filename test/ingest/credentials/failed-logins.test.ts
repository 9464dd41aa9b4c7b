/** What counts as a failed login, under whose name, and what each protocol says once there were too many. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { refusedOnce } from '../../../ingest/credentials/certificate-door.ts';
import { BanBook, type BanRules } from '../../../ingest/limits/ban-book.ts';
import type { AuthRefusal } from '../../../ingest/message.ts';
import { admit } from '../../../ingest/mqtt/admission.ts';
import type { Connect } from '../../../ingest/mqtt/decode-connect.ts';
import { REASON, returnCodeOf } from '../../../ingest/mqtt/packets.ts';
import { testAuthenticator } from '../mqtt/fixtures.ts';
import { VirtualTime } from '../virtual-time.ts';

const SECRET = 'A'.repeat(43);
const RULE = { failures: 2, windowMs: 60_000, banMs: 60_000 };
const RULES: BanRules = { prefix: RULE, credential: RULE };
const FROM = { remoteAddress: '192.0.2.7' };

const newBook = (rules: BanRules = RULES): BanBook => new BanBook(new VirtualTime(), { rules });

const CONNECT: Connect = {
  level: 5,
  cleanStart: true,
  keepAliveS: 60,
  clientId: '',
  will: undefined,
  userName: 'anybody',
  password: 'bad',
  sessionExpiryS: 0,
  packetBytesMax: 1_000,
  receiveMaximum: 10,
  topicAliasMaximum: 0,
  wantsProblemInfo: true,
  wantsResponseInfo: false,
  authenticationMethod: undefined,
  userBytes: 0,
};

describe('a failed login', () => {
  it('is counted under the name of what was shown, and never with its secret', () => {
    const shown = [
      [{ token: `tfd_t.d.c.${SECRET}`, secure: undefined }, 'tfd_t.d.c'],
      [{ token: `tfk_t.k.${SECRET}`, secure: undefined }, 'tfk_t.k'],
      [{ token: `tfp_t.g.${SECRET}`, secure: undefined }, 'tfp_t.g'],
      [{ token: `tfa_${SECRET}`, secure: undefined }, 'tfa'],
      [
        { token: undefined, secure: { mode: 'optional', peer: { fingerprint: 'ab12', leaf: new Uint8Array(), intermediates: [] } } },
        'x509_ab12',
      ],
    ] as const;
    for (const [what, name] of shown) {
      const bans = newBook();
      const authenticator = { ...testAuthenticator(), bans };
      const refused = { ok: false, why: 'unknown-credential' } as const;
      for (const from of ['192.0.2.1', '198.51.100.1']) {
        assert.deepEqual(refusedOnce(authenticator, { ...what, from: { remoteAddress: from } }, refused), refused);
      }
      const third = refusedOnce(authenticator, { ...what, from: { remoteAddress: '203.0.113.1' } }, refused);
      assert.deepEqual([third.why, third.ban?.limit], ['unknown-credential', 'credential-failures'], name);
      assert.deepEqual(
        bans.list().map((ban) => ban.name),
        [name],
      );
      assert.ok(!JSON.stringify(bans.list()).includes(SECRET));
    }
  });

  it('is one for whatever is wrong with a credential, and none where the credential is good or we are at fault', () => {
    const counted: Readonly<Record<AuthRefusal, boolean>> = {
      'unknown-credential': true,
      revoked: true,
      malformed: true,
      'not-yet-valid': true,
      expired: true,
      disabled: true,
      decommissioned: true,
      'bad-certificate': true,
      'provisioning-key': false,
      'registry-behind': false,
    };
    for (const [why, isCounted] of Object.entries(counted) as readonly (readonly [AuthRefusal, boolean])[]) {
      const bans = newBook();
      const authenticator = { ...testAuthenticator(), bans };
      const attempt = () => refusedOnce(authenticator, { token: 'x', secure: undefined, from: FROM }, { ok: false, why });
      attempt();
      attempt();
      assert.equal(attempt().ban !== undefined, isCounted, why);
    }
  });

  it('over MQTT says when to come again, in the words of each version, with what is wrong; also where nothing was shown', () => {
    for (const password of ['bad', undefined]) {
      for (const level of [4, 5] as const) {
        const rules = {
          authenticator: { ...testAuthenticator(), bans: newBook() },
          anonymousTenant: undefined,
          assignClientId: () => 'x',
        } as const;
        const knock = (of: string | undefined) => admit({ ...CONNECT, level, password: of }, rules, FROM);
        const [first, second, third] = [knock(password), knock(password), knock(password)];
        assert(!first.ok && !second.ok && !third.ok);
        assert.deepEqual([first.why, second.why, third.why], ['bad-credential', 'bad-credential', 'prefix-failures']);
        assert.equal(third.reason, REASON.CONNECTION_RATE_EXCEEDED);
        assert.equal(returnCodeOf(third.reason), 3);
        assert.match(third.text, /^the password .*; limit prefix-failures: 2 failures in 60 s; try again in 60 s$/);
        assert.equal(knock('device:dev-1').ok, true, 'who has a good one comes in beside them');
        assert.equal(admit({ ...CONNECT, level }, rules, { remoteAddress: '198.51.100.7' }).ok, false);
      }
    }
  });
});
