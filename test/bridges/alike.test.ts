import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DIALECT_NAMES } from '../../src/domain/bridge.ts';
import { conferenceIn, runCases, shapeOf } from '../support/engine-cases.ts';

for (const dialect of DIALECT_NAMES) {
  test(`${dialect}: an unknown, an inactive and a terminated code are answered byte for byte alike, and a throttled caller is not let in`, async (t) => {
    const { server, token, codes, ...answers } = await runCases(t, dialect);
    assert.deepEqual(shapeOf(answers.inactive), shapeOf(answers.unknown));
    assert.deepEqual(shapeOf(answers.terminated), shapeOf(answers.unknown));
    assert.notDeepEqual(shapeOf(answers.moderator), shapeOf(answers.unknown));
    for (const refused of [answers.unknown, answers.throttled]) assert.equal(conferenceIn(refused), 'none');
    const logged = server.logged();
    for (const secret of [token, codes.moderatorPassCode, codes.participantPassCode, '+14165550101']) assert.ok(!logged.includes(secret));
  });
}
