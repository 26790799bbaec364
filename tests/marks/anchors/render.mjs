/* The same letter by other tools, each as its own documentation shows: one JSON value
 * {name, html, text} a line. Run in the folder that holds their packages. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const here = new URL('.', import.meta.url);
const need = createRequire(process.cwd() + '/anchors.cjs');
const source = name => readFileSync(new URL(name, here), 'utf8');

async function withMjml() {
	const mjml = need('mjml');
	return { html: (await (mjml.default || mjml)(source('letter.mjml'))).html };
}

const story = {
	first: 'there is a bell on a post at the end of the lane, and whoever rings it on either side of ',
	code: 'bell --twice --wait-for-the-raft=until-the-rope-comes-up-out-of-the-river --and-then-step-in-slowly',
	quote: 'You do not pull the raft. You pull the river a little to one side.',
};

async function withReactEmail() {
	const React = need('react'), parts = need('@react-email/components');
	const { render } = need('@react-email/render');
	const h = React.createElement;
	const { Html, Head, Preview, Body, Container, Heading, Text, Link, Img, Button, Hr, CodeInline } = parts;
	const text = { fontSize: '16px', lineHeight: '26px', color: '#22262b', fontFamily: 'Helvetica,Arial,sans-serif' };
	const small = { ...text, fontSize: '14px', color: '#5c6066' };
	const letter = h(Html, { lang: 'en', dir: 'ltr' }, h(Head, null, h('title', null, 'The bell at low water')),
		h(Preview, null, 'How a village keeps its ferry, and what it costs to stay small'),
		h(Body, { style: { backgroundColor: '#f2efe9', margin: 0 } },
			h(Container, { style: { backgroundColor: '#fffefb', padding: '32px', maxWidth: '600px' } },
				h(Heading, { as: 'h1', style: text }, 'The bell at low water'),
				h(Text, { style: text }, 'Dear reader,'),
				h(Text, { style: text }, story.first, h('strong', null, 'low water'),
					' sees a raft set out from the ', h('em', null, 'far bank'), '. The whole story is ',
					h(Link, { href: 'https://harbour.example.org/ferry' }, 'on its own page'), '.'),
				h(Img, { src: 'https://harbour.example.org/raft.jpg', alt: 'The raft half way across', width: 536 }),
				h(Text, { style: small }, 'In March, on the last of the ebb'),
				h(Heading, { as: 'h2', style: text }, 'What a passenger does'),
				h('ul', { style: text }, h('li', null, 'stand in the middle and put bags down;'),
					h('li', null, 'hold a hand, not the rail.')),
				h('blockquote', { style: text }, story.quote),
				h('table', { style: text }, h('tbody', null,
					h('tr', null, h('th', { align: 'left' }, 'Way over'), h('th', { align: 'right' }, 'Minutes')),
					h('tr', null, h('td', null, 'The ferry'), h('td', { align: 'right' }, '11')),
					h('tr', null, h('td', null, 'The bridge'), h('td', { align: 'right' }, '55')))),
				h(Text, { style: text }, h(CodeInline, null, story.code)),
				h(Button, { href: 'https://harbour.example.org/tides', style: { backgroundColor: '#8c3a12',
					color: '#fffefb', padding: '12px 28px', fontSize: '16px' } }, 'See the tides'),
				h(Hr, null),
				h(Text, { style: small }, 'You get this because you subscribed. ',
					h(Link, { href: 'https://harbour.example.org/u/1' }, 'Unsubscribe'),
					'. The Harbour, 1 Quay Street'))));
	return { html: await render(letter), text: await render(letter, { plainText: true }) };
}

async function withMaizzle() {
	const { render } = await import(pathToFileURL(process.cwd() + '/node_modules/@maizzle/framework/dist/index.js'));
	const made = await render(source('letter.vue'), { plaintext: true, css: { inline: true, purge: true } });
	return { html: made.html, text: made.plaintext };
}

async function withMailgen() {
	const Mailgen = need('mailgen');
	const press = new Mailgen({ theme: 'default', product: { name: 'The Harbour', link: 'https://harbour.example.org/' } });
	const letter = { body: {
		title: 'The bell at low water',
		intro: ['Dear reader,', story.first + 'low water sees a raft set out from the far bank.', story.quote],
		table: { data: [{ 'Way over': 'The ferry', Minutes: '11' }, { 'Way over': 'The bridge', Minutes: '55' }] },
		action: { instructions: 'The whole story is on its own page.',
			button: { color: '#8c3a12', text: 'See the tides', link: 'https://harbour.example.org/tides' } },
		outro: 'You get this because you subscribed. <a href="https://harbour.example.org/u/1">Unsubscribe</a>. The Harbour, 1 Quay Street',
	} };
	return { html: press.generate(letter), text: press.generatePlaintext(letter) };
}

const tools = { mjml: withMjml, '@react-email/components': withReactEmail, '@maizzle/framework': withMaizzle, mailgen: withMailgen };
for (const [name, make] of Object.entries(tools)) {
	try {
		const version = JSON.parse(readFileSync(`node_modules/${name}/package.json`)).version;
		console.log(JSON.stringify({ name: `${name} ${version}`, ...await make() }));
	} catch (error) {
		console.log(JSON.stringify({ name, failed: String(error.stack).slice(0, 600) }));
	}
}
process.exit(0);
