// The pictures of the README: taken anew with every run, in SCREENSHOTS/readme. After a change of
// the page, copy them to libivr/docs/images.

import {mkdir, stat} from 'node:fs/promises';
import assert from 'node:assert/strict';
import {join} from 'node:path';
import {test} from 'node:test';

import {call, heardOn, kLunchLine, press, withPage} from './harness.mjs';

const kMaxBytes = 150_000;
const kLaptop = {viewport: {width: 1180, height: 730}, reducedMotion: 'reduce'};

/** Without the pointer's and the keyboard's traces. */
async function picture(page, name) {
  const folder = join(process.env.IVR_SCREENSHOTS, 'readme');
  await mkdir(folder, {recursive: true});
  const path = join(folder, `${name}.png`);
  await page.mouse.move(0, 0);
  await page.evaluate(() => document.activeElement?.blur());
  await page.screenshot({path, animations: 'disabled'});
  const {size} = await stat(path);
  assert.ok(size < kMaxBytes, `${name}.png has ${size} bytes`);
}

test('a call to the lunch line, and what happens beside it', async () => {
  await withPage(kLaptop, async (page) => {
    const one = await call(page, 1, kLunchLine);
    await heardOn(page, 1).getByText('Welcome to Foo Corp!').waitFor();
    await one.getByText(/^Your turn:/).waitFor();
    await page.locator('.what-twiml summary').first().click();
    await press(one, '1');
    await heardOn(page, 1).getByText('lunch-specials.mp3').waitFor();
    await page.locator('.keypad .down').waitFor({state: 'detached'});
    await page.getByRole('region', {name: 'What happens'}).evaluate((box) => { box.scrollTop = 0; });
    await picture(page, 'phone_call');
  });
});

test('its menu, in the dark', async () => {
  await withPage({...kLaptop, colorScheme: 'dark'}, async (page) => {
    await page.getByRole('tab', {name: 'Menu'}).click();
    await page.getByRole('button', {name: 'Explore the menu'}).click();
    await press(page, 'Explore');
    await page.getByRole('img', {name: /^The menu/}).waitFor();
    const one = await call(page, 1, kLunchLine);
    await one.getByText(/^Your turn:/).waitFor();
    await press(one, '1');
    await page.locator('g.here').filter({hasText: 'LUNCH_SPECIALS'}).waitFor();
    await picture(page, 'phone_menu');
  });
});
