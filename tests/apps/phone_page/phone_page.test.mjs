// The page of the phone, in a browser: what people do, see and hear there.

import assert from 'node:assert/strict';
import {test} from 'node:test';

import {
  accessible, call, heardOn, kAgentLine, kLunchLine, kMeeting, kPizza, phone, press, screenshot,
  telephone, withPage,
} from './harness.mjs';

test('dials the lunch line, hears it, presses 1, hears the special and hangs up', async () => {
  await withPage({}, async (page) => {
    const one = await call(page, 1, kLunchLine);
    await heardOn(page, 1).getByText('Welcome to Foo Corp!').waitFor();
    const audio = page.waitForResponse((response) => response.url().includes('/phone/audio?url='));
    await press(one, '1');
    await heardOn(page, 1).getByText('lunch-specials.mp3').waitFor();
    const played = await audio;
    assert.equal(played.status(), 200);
    assert.equal(played.headers()['content-type'], 'audio/mpeg');

    // What happens is told beside it: the webhook, its document, its state, the cache.
    const timeline = page.getByRole('region', {name: 'What happens'});
    await timeline.getByText('POST /incoming-call', {exact: true}).waitFor();
    await timeline.getByText('state LUNCH_SPECIALS').waitFor();
    await timeline.getByText(/^cache (hit|miss)/).first().waitFor();
    await timeline.locator('summary').first().click();
    await timeline.getByText('<Gather').first().waitFor();
    await screenshot(page, 'lunch_line');
    await accessible(page, 'in a call');

    await press(one, 'Hang up');
    await one.getByText('The call has ended.').first().waitFor();
    await accessible(page, 'after a call');
  });
});

test('an unanswered question comes round again', async () => {
  await withPage({}, async (page) => {
    const one = await call(page, 1, kLunchLine);
    await one.getByText(/^Your turn:/).waitFor();
    await heardOn(page, 1).getByText('Welcome to Foo Corp!').nth(1).waitFor();
  });
});

test('two telephones meet in a conference, hear each other, and one is muted', async () => {
  await withPage({}, async (page) => {
    await page.getByRole('button', {name: 'Add a telephone'}).click();
    const one = await call(page, 1, kMeeting);
    const two = await call(page, 2, kMeeting);
    for (const each of [one, two]) await each.getByText('In the conference meeting').waitFor();
    await one.getByLabel('Words to say on Telephone 1').fill('Can you hear me?');
    await press(one, 'Say');
    await heardOn(page, 2).getByText('Can you hear me?').waitFor();

    await press(one, 'Mute');
    await one.getByText('In the conference meeting, muted').waitFor();
    await two.getByLabel('Words to say on Telephone 2').fill('Now you are quiet.');
    await press(two, 'Say');
    await heardOn(page, 1).getByText('Now you are quiet.').waitFor();
    await one.getByLabel('Words to say on Telephone 1').fill('Nobody hears this.');
    await press(one, 'Say');
    await heardOn(page, 1).getByText('You said: Nobody hears this.').waitFor();
    await screenshot(page, 'conference');
    await accessible(page, 'in a conference');
    assert.equal(await heardOn(page, 2).getByText('Nobody hears this.').count(), 0);
  });
});

test('a number that is dialled rings on a telephone of its own, which takes the focus', async () => {
  await withPage({}, async (page) => {
    const one = await call(page, 1, kAgentLine);
    const two = telephone(page, 2);
    await two.getByText('+14155550177', {exact: true}).waitFor();
    await two.getByText(/^Rings:/).waitFor();
    await page.waitForFunction(() => document.activeElement?.textContent === 'Answer');
    assert.match(await page.getByRole('alert').filter({hasText: 'rings'}).textContent(), /Telephone 2 rings/);
    await screenshot(page, 'ringing');
    await accessible(page, 'ringing');
    await page.keyboard.press('Enter');
    await two.getByText(/^Answered a call of/).waitFor();
    await two.getByLabel('Words to say on Telephone 2').fill('Support, good morning.');
    await page.keyboard.press('Enter');
    await heardOn(page, 1).getByText('Support, good morning.').waitFor();
    await press(two, 'Hang up');
    await one.getByText('The call has ended.').first().waitFor();
  });
});

test('a fault is met by the next request, and the caller hears the apology', async () => {
  await withPage({}, async (page) => {
    await page.getByRole('button', {name: 'Error 503'}).click();
    await page.getByText('To come: Error 503.').waitFor();
    await call(page, 1, kLunchLine);
    await heardOn(page, 1).getByText(/application error/).waitFor();
    await page.getByText('fault: server error').waitFor();
    assert.equal(await page.getByText('To come:').count(), 0);
    await screenshot(page, 'fault');
    await accessible(page, 'after a fault');
  });
});

test('a document has its colours and what the lint finds', async () => {
  await withPage({}, async (page) => {
    const one = await call(page, 1, kPizza);
    await one.getByText('For example: salami, cheese.').waitFor();
    const row = page.locator('.what-twiml').last();
    await row.getByText(/finding/).waitFor();
    await row.locator('summary').click();
    await row.getByText('vioce', {exact: true}).waitFor();
    await screenshot(page, 'document');
    await row.locator('.findings li').first().waitFor();
    await one.getByLabel('Words to say on Telephone 1').fill('Salami, please');
    await page.keyboard.press('Enter');
    await page.locator('.what-gathered').getByText('Salami, please').waitFor();
    // What an application of this library tells in development mode, whoever tells it.
    const webhook = page.locator('.what-webhook').filter({hasText: 'POST /mistake'});
    await webhook.getByText('state WHICH, PIZZA').first().waitFor();
    await webhook.getByText('session: language changed').first().waitFor();
    await webhook.getByText('session: Order.count changed').first().waitFor();
    await accessible(page, 'with a document');
  });
});

test('the menu is drawn on demand, and lights up where the caller is', async () => {
  await withPage({}, async (page) => {
    await page.getByRole('tab', {name: 'Menu'}).click();
    await page.getByRole('button', {name: 'Explore the menu'}).click();
    await screenshot(page, 'dialog');
    await accessible(page, 'in the dialog');
    await press(page, 'Explore');
    await page.getByRole('img', {name: /^The menu/}).waitFor();
    const one = await call(page, 1, kLunchLine);
    await page.locator('g.here').getByText('▼ Telephone 1').waitFor();
    const first = await page.locator('g.here').getAttribute('data-node');
    await press(one, '1');
    await page.waitForFunction((was) => {
      const here = document.querySelector('g.here');
      return here && here.dataset.node !== was;
    }, first);
    await page.getByText('As a list').click();
    await page.getByText(/ — here: Telephone 1/).waitFor();
    await page.getByText('As a list').click();
    await screenshot(page, 'menu');
    await accessible(page, 'with a menu');
  });
});

test('a flow that the application tells is drawn, and lights up where the call is', async () => {
  await withPage({}, async (page) => {
    await call(page, 1, kMeeting);
    await page.getByRole('tab', {name: 'Menu'}).click();
    await page.locator('#menu-number').selectOption(kMeeting);
    await page.getByRole('img', {name: /^The flow support/}).waitFor();
    const here = page.locator('g.here');
    await here.getByText('▼ Telephone 1').waitFor();
    assert.equal(await here.getAttribute('data-node'), 'state:in_line');
    const labels = await page.locator('.arrow-label').evaluateAll((all) =>
      all.map((one) => one.lastChild.textContent).sort());
    assert.deepEqual(labels, ['called_back', 'hangs_up', 'hangs_up, is_asked', 'joins']);
    const place = (name) => page.locator(`[data-node="state:${name}"]`).first()
      .evaluate((node) => node.getBoundingClientRect().x);
    assert.ok(await place('in_talk') < await place('gone'), 'an end stands behind what leads there');
    await screenshot(page, 'flow');
    await accessible(page, 'with a flow');
  });
});

test('messages that went out are shown', async () => {
  await withPage({}, async (page) => {
    const account = 'AC00000000000000000000000000000001';
    const sent = await fetch(`${phone.url}/2010-04-01/Accounts/${account}/Messages.json`, {
      method: 'POST',
      body: new URLSearchParams({To: '+14155550199', From: kLunchLine, Body: 'Lunch is ready.'}),
    });
    assert.equal(sent.status, 201);
    await page.getByRole('tab', {name: /^Messages/}).click();
    await page.getByText('Lunch is ready.').last().waitFor();
    await accessible(page, 'with messages');
  });
});

test('everything can be done by the keyboard alone', async () => {
  await withPage({}, async (page) => {
    const focusIsOn = (text) => page.waitForFunction(
      (wanted) => document.activeElement?.textContent?.trim() === wanted, text);
    const tabTo = async (text) => {
      for (let i = 0; i < 40; ++i) {
        await page.keyboard.press('Tab');
        const at = await page.evaluate(() => document.activeElement?.textContent?.trim());
        if (at === text) return;
      }
      assert.fail(`Tab does not lead to ${text}`);
    };
    await tabTo('Add a telephone');
    await tabTo('Call');
    await page.keyboard.press('Enter');
    await focusIsOn('Hang up');
    await heardOn(page, 1).getByText('Welcome to Foo Corp!').waitFor();
    await page.keyboard.press('2');
    await heardOn(page, 1).getByText('hours.mp3').waitFor();
    await focusIsOn('Call');  // the call is over
    await tabTo('What happens');
    await page.keyboard.press('ArrowRight');
    await page.getByRole('tabpanel', {name: 'Menu'}).waitFor();
  });
});

test('a narrow screen has everything in one column', async () => {
  await withPage({viewport: {width: 390, height: 844}, hasTouch: true, isMobile: true}, async (page) => {
    const one = await call(page, 1, kLunchLine);
    await heardOn(page, 1).getByText('Welcome to Foo Corp!').waitFor();
    await one.getByRole('button', {name: '1', exact: true}).tap();
    await heardOn(page, 1).getByText('lunch-specials.mp3').waitFor();
    await screenshot(page, 'narrow');
    await accessible(page, 'on a narrow screen');
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.equal(overflow, 0);
    await page.getByRole('region', {name: 'What happens'}).scrollIntoViewIfNeeded();
    await screenshot(page, 'narrow_timeline');
  });
});

test('the dark of the system is taken, and reduced motion', async () => {
  await withPage({colorScheme: 'dark', reducedMotion: 'reduce'}, async (page) => {
    await page.getByRole('button', {name: 'Slow'}).click();
    await call(page, 1, kAgentLine);
    await telephone(page, 2).getByText(/^Rings:/).waitFor();
    const {ground, animation} = await page.evaluate(() => ({
      ground: getComputedStyle(document.body).backgroundColor,
      animation: getComputedStyle(document.querySelector('.ringing')).animationName,
    }));
    assert.match(ground, /rgb\((1?\d|2\d), /);
    assert.equal(animation, 'none');
    await page.locator('summary').first().click();
    await screenshot(page, 'dark');
    await accessible(page, 'in the dark');
  });
});

test('a page says whether it is connected, however long nothing happens', async () => {
  await withPage({}, async (page) => {
    const waits = new Promise((resolve) => {
      let requests = 0;  // the first is told what there is, the second waits
      page.on('request', (request) => {
        if (request.url().endsWith('/phone/events') && ++requests === 2) resolve();
      });
    });
    await page.clock.install();
    await page.reload();
    await waits;
    await page.clock.fastForward(60_000);
    assert.equal(await page.getByText('Connected', {exact: true}).count(), 1);

    await page.route('**/*', (route) => route.abort('internetdisconnected'));
    await fetch(`${phone.url}/phone/clearFaults`, {
      method: 'POST', headers: {'Content-Type': 'application/json', 'X-Ivr-Phone': '1'}, body: '{}'});
    await page.getByText('Not connected: trying again …').waitFor();
    await page.unroute('**/*');
    await page.clock.fastForward(2_000);
    await page.getByText('Connected', {exact: true}).waitFor();
  });
});

test('a page that was away catches up', async () => {
  await withPage({}, async (page) => {
    await call(page, 1, kLunchLine);
    await heardOn(page, 1).getByText('Welcome to Foo Corp!').waitFor();
    await page.context().setOffline(true);
    const calls = await fetch(`${phone.url}/phone/timeline`).then((answer) => answer.text());
    const sid = calls.trim().split('\n').map((line) => JSON.parse(line))
      .filter((entry) => entry.what === 'called').at(-1).call;
    const pressed = await fetch(`${phone.url}/phone/press`, {
      method: 'POST',
      headers: {'Content-Type': 'application/json', 'X-Ivr-Phone': '1'},
      body: JSON.stringify({call: sid, keys: '1'}),
    });
    assert.equal(pressed.status, 200);
    await page.context().setOffline(false);
    await heardOn(page, 1).getByText('lunch-specials.mp3').waitFor();
    assert.equal(await heardOn(page, 1).getByText('You pressed 1').count(), 1);
  });
});

test('a page that is opened again shows the call that goes on', async () => {
  await withPage({}, async (page) => {
    await call(page, 1, kLunchLine);
    await heardOn(page, 1).getByText('Welcome to Foo Corp!').waitFor();
    await page.reload();
    await telephone(page, 1).getByText('On the line with The lunch line').waitFor();
    await heardOn(page, 1).getByText('Welcome to Foo Corp!').first().waitFor();
  });
});
