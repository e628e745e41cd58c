// What tests of the page need: the programs, a browser, and short names for what people do.
//
// IVR_PHONE, IVR_LUNCH_LINE: the programs; IVR_CHROMIUM: the browser; IVR_SCREENSHOTS: a folder.

import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before} from 'node:test';
import {chromium} from 'playwright-core';

import {startApplication} from './application.mjs';

const kAxe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
export const kLunchLine = '+15550100';
export const kMeeting = '+15550120';
export const kAgentLine = '+15550121';
export const kPizza = '+15550122';
const kLimit = 15_000;

let folder;
let application;
let lunchLine;
export let phone;
let browser;
let axe;

/** A program of ours; resolves with its address when it has printed one. */
async function start(program, args, environment = {}) {
  const child = spawn(program, args, {
    env: {...process.env, XDG_STATE_HOME: folder, IVR_SESSIONS: 'memory', ...environment},
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  const url = await new Promise((resolve, reject) => {
    const read = (data) => {
      printed += data;
      const address = /http:\/\/[\d.]+:\d+/.exec(printed);
      if (address) resolve(address[0]);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', (data) => { printed += data; });
    child.on('exit', (status) => reject(new Error(`${program} ended with ${status}: ${printed}`)));
  });
  const stop = () => new Promise((resolve) => {
    if (child.exitCode !== null) return resolve(child.exitCode);
    child.on('exit', resolve);
    child.kill('SIGTERM');
    return undefined;
  });
  return {url, stop};
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ivr-page-'));
  axe = await readFile(kAxe, 'utf8');
  application = await startApplication();
  lunchLine = await start(process.env.IVR_LUNCH_LINE, ['--port', '0'], {IVR_MODE: 'development'});
  phone = await start(process.env.IVR_PHONE, [
    'serve', '--port', '0', '--words-per-minute', '1200',
    '--number', `${kLunchLine}=${lunchLine.url}/incoming-call`, '--name', `${kLunchLine}=The lunch line`,
    '--number', `${kMeeting}=${application.url}/meeting`, '--name', `${kMeeting}=The meeting`,
    '--number', `${kAgentLine}=${application.url}/agent`, '--name', `${kAgentLine}=Support`,
    '--number', `${kPizza}=${application.url}/mistake`, '--name', `${kPizza}=Pizza`,
    '--telephone', '+15550111=busy'], {TWILIO_AUTH_TOKEN: '', TWILIO_ACCOUNT_SID: ''});
  browser = await chromium.launch({
    executablePath: process.env.IVR_CHROMIUM,
    args: process.getuid() === 0 ? ['--no-sandbox'] : [],
  });
});

after(async () => {
  await browser?.close();
  const status = await phone?.stop();
  await lunchLine?.stop();
  await application?.stop();
  if (folder) await rm(folder, {recursive: true});
  assert.equal(status, 0, 'the phone ends well');
});

/** A page of its own for a test, which ends all calls and sees that nothing was complained of. */
export async function withPage(options, use) {
  const context = await browser.newContext({viewport: {width: 1280, height: 860}, ...options});
  context.setDefaultTimeout(kLimit);
  const page = await context.newPage();
  const troubles = [];
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (message) => {
    const isOffline = message.text().includes('ERR_INTERNET_DISCONNECTED');  // as a test wants it
    if (message.type() === 'error' && !isOffline) troubles.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(phone.url)) troubles.push(`asks ${request.url()}`);
  });
  await page.goto(phone.url);
  await page.getByText('Connected', {exact: true}).waitFor();
  try {
    await use(page);
  } catch (error) {
    await screenshot(page, 'failed');
    throw error;
  } finally {
    await endCalls(page);
    await context.close();
  }
  assert.deepEqual(troubles, []);
}

async function endCalls(page) {
  const live = page.locator('.telephone.live, .telephone.ringing');
  const end = live.locator('button.stop').filter({visible: true}).first();
  for (let left = await live.count(); left > 0; left = await live.count()) {
    await end.click();
    await page.waitForFunction((before) => document.querySelectorAll(
      '.telephone.live, .telephone.ringing').length < before, left);
  }
}

export async function screenshot(page, name) {
  await page.screenshot({path: join(process.env.IVR_SCREENSHOTS, `${name}.png`)});
}

/** Everything that axe-core finds. */
export async function accessible(page, where) {
  // As the developer tools do: the policy of the page is for its own scripts.
  await page.evaluate(axe);
  const result = await page.evaluate(() => globalThis.axe.run(document, {
    resultTypes: ['violations'],
  }));
  const found = result.violations.map((one) =>
    `${one.id}: ${one.nodes.map((node) => `${node.html} ${node.failureSummary}`).join('\n')}`);
  assert.deepEqual(found, [], `axe-core, ${where}`);
}

export const telephone = (page, number) => page.getByRole('article', {name: `Telephone ${number}`});
export const heardOn = (page, number) => page.getByRole('log', {name: `Heard on Telephone ${number}`});
export const press = (of, name) => of.getByRole('button', {name, exact: true}).click();

export async function call(page, number, line) {
  const one = telephone(page, number);
  await one.getByRole('combobox').selectOption(line);
  await press(one, 'Call');
  return one;
}
