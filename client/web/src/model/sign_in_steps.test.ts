// SPDX-License-Identifier: GPL-3.0-or-later
import { describe, expect, test } from 'vitest';
import { FakeServer, Refusal } from '../testing/fake_server';
import { AccountModel } from './account';
import { SignInSteps } from './sign_in_steps';

const account = { id: 'a', email: 'a@b', name: 'A', administrator: false, created: 0, email_verified: true };
const signed_in = { account, access_expires: Date.now() + 900_000 };
const wants = (second_factor: string, more = {}) =>
  new Refusal(401, 'unauthenticated', `A code is ${second_factor}.`, { second_factor, ...more });

function stage(answers: ConstructorParameters<typeof FakeServer>[0]) {
  const server = new FakeServer(answers);
  const model = new AccountModel(server.rest);
  const steps = new SignInSteps(model.finish);
  const by_password = () =>
    steps.begin((code) => model.sign_in({ email: 'a@b', password: 'p', ...(code === undefined ? {} : { code }) }));
  return { server, model, steps, by_password };
}

describe('SignInSteps', () => {
  test('a password alone signs in where there is no second factor', async () => {
    const { model, steps, by_password } = stage({ 'POST auth/sign_in': () => signed_in });
    await by_password();
    expect([model.phase, steps.step]).toEqual(['signed_in', 'first']);
  });

  test('a second factor is asked for, a wrong code asked for again, and the password is sent along', async () => {
    const { server, model, steps, by_password } = stage({
      'POST auth/sign_in': ({ code }: { code?: string }) => {
        if (code === undefined) throw wants('required');
        if (code !== '123456') throw wants('wrong');
        return signed_in;
      },
    });
    await by_password();
    expect([model.phase, steps.step]).toEqual(['unknown', 'code']);
    await expect(steps.code('000000')).rejects.toThrow('A code is wrong.');
    expect(steps.step).toBe('code');
    await steps.code('123 456');
    expect(model.phase).toBe('signed_in');
    expect(server.body('POST auth/sign_in')).toEqual({ email: 'a@b', password: 'p', code: '123456' });
  });

  test('a wrong password stays at the first step', async () => {
    const { steps, by_password } = stage({
      'POST auth/sign_in': () => {
        throw new Refusal(401, 'unauthenticated', 'The e-mail address or the password is wrong.');
      },
    });
    await expect(by_password()).rejects.toThrow('password is wrong');
    expect(steps.step).toBe('first');
  });

  test('what a mail’s link began is finished by its pending sign-in, not by the link again', async () => {
    const { server, model, steps } = stage({
      'POST auth/reset_password': () => {
        throw wants('required', { pending: 'p1' });
      },
      'POST auth/second_factor': () => signed_in,
    });
    await steps.begin(() => model.reset_password({ token: 't', password: 'a new password' }));
    await steps.code(' ABCDE-12345 ');
    expect(model.phase).toBe('signed_in');
    expect(server.calls()).toEqual(['POST auth/reset_password', 'POST auth/second_factor']);
    expect(server.body('POST auth/second_factor')).toEqual({ pending: 'p1', code: 'abcde-12345' });
  });

  test('a code that comes too late begins anew and says why', async () => {
    const { model, server } = stage({});
    const steps = new SignInSteps(model.finish, 'p1');
    expect(steps.step).toBe('code');
    server.answers['POST auth/second_factor'] = () => {
      throw new Refusal(401, 'unauthenticated', 'This took too long.');
    };
    await steps.code('123456');
    expect([steps.step, steps.expired]).toEqual(['first', 'This took too long.']);
  });

  test('coming back from a provider, the page asks whether it is signed in', async () => {
    const { model, server } = stage({
      'GET server': () => ({ setup_needed: false }),
      'GET me': () => account,
    });
    await model.load();
    expect(server.calls()).toEqual(['GET server']);
    model.leaving_for_provider();
    await model.load();
    expect(model.phase).toBe('signed_in');
  });

  test('coming back from a provider without a sign-in is no sign-in', async () => {
    const { model, server } = stage({ 'GET server': () => ({ setup_needed: false }) });
    const refused = () => {
      throw new Refusal(401, 'unauthenticated');
    };
    Object.assign(server.answers, { 'GET me': refused, 'POST auth/refresh': refused });
    model.leaving_for_provider();
    await model.load();
    expect(model.phase).toBe('signed_out');
    expect(server.rest.may_be_signed_in()).toBe(false);
  });
});
