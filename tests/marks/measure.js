/* What a reader would see of this page, as plain figures. */

function parse(colour) {
	const n = (colour.match(/[\d.]+/g) || []).map(Number);
	return n.length < 3 ? [0, 0, 0, 0] : [n[0], n[1], n[2], n.length > 3 ? n[3] : 1];
}

function over(top, below) {
	const a = top[3];
	return [0, 1, 2].map(i => top[i] * a + below[i] * (1 - a)).concat(1);
}

function luminance(c) {
	const f = c.slice(0, 3).map(v => {
		v /= 255;
		return v <= 0.03928 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
	});
	return 0.2126 * f[0] + 0.7152 * f[1] + 0.0722 * f[2];
}

function contrast(a, b) {
	const x = luminance(a), y = luminance(b);
	return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

const sheet = getComputedStyle(document.documentElement);
const night = sheet.colorScheme.includes('dark') &&
	matchMedia('(prefers-color-scheme:dark)').matches;
const canvas = night ? [18, 18, 18, 1] : [255, 255, 255, 1];

function backdrop(element) {
	const layers = [];
	for (let e = element; e; e = e.parentElement) {
		const c = parse(getComputedStyle(e).backgroundColor);
		if (c[3] > 0)
			layers.push(c);
		if (c[3] === 1)
			break;
	}
	return layers.reverse().reduce((below, c) => over(c, below), canvas);
}

function visible(element) {
	for (let e = element; e; e = e.parentElement) {
		const s = getComputedStyle(e);
		if (s.display === 'none' || s.visibility === 'hidden' || s.opacity === '0')
			return false;
		if (s.overflow === 'hidden' && (e.clientHeight === 0 || e.clientWidth === 0))
			return false;
	}
	return true;
}

function texts() {
	const out = [];
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (walk.nextNode()) {
		const node = walk.currentNode, e = node.parentElement;
		const words = node.nodeValue.replace(/[\s\u00a0\u034f\u200b-\u200d\u00ad\u2007\ufeff]+/g, ' ').trim();
		if (!words || /^(SCRIPT|STYLE|TITLE)$/.test(e.tagName) || !visible(e))
			continue;
		const range = document.createRange();
		range.selectNodeContents(node);
		const box = range.getBoundingClientRect(), s = getComputedStyle(e);
		if (box.width < 1 || box.height < 1)
			continue;
		const back = backdrop(e);
		out.push({
			words: words.slice(0, 40), length: words.length, tag: e.tagName.toLowerCase(),
			size: parseFloat(s.fontSize), bold: parseInt(s.fontWeight) >= 600,
			line: parseFloat(s.lineHeight) || 0, family: s.fontFamily,
			contrast: contrast(over(parse(s.color), back), back), back: luminance(back),
			left: box.left, right: box.right, top: box.top + scrollY, height: box.height,
			label: !!e.closest('a,[data-button]') &&
				parse(getComputedStyle(e.closest('a,[data-button]')).backgroundColor)[3] > 0,
			direction: s.direction,
		});
	}
	return out;
}

/* Characters in a full line of every long paragraph. */
function paragraphs() {
	const out = [];
	for (const e of document.querySelectorAll('p,li,td,div')) {
		const own = [...e.childNodes].some(n => n.nodeType === 3 && n.nodeValue.trim().length > 60);
		if (!own || !visible(e))
			continue;
		const words = e.innerText.trim(), range = document.createRange();
		range.selectNodeContents(e);
		const boxes = [...range.getClientRects()].filter(r => r.width > 1);
		const tops = [...new Set(boxes.map(r => Math.round(r.bottom / 6)))];
		const line = parseFloat(getComputedStyle(e).lineHeight) || 20;
		const height = range.getBoundingClientRect().height;
		const lines = Math.max(1, Math.round(height / line));
		if (tops.length < 2 || lines < 3)
			continue;
		const wide = /[\u3040-\u9fff\uac00-\ud7af]/.test(words) ? 2 : 1;
		out.push({ words: words.slice(0, 30), letters: words.length * wide / (lines - 0.4),
			   width: range.getBoundingClientRect().width });
	}
	return out;
}

/* Paragraphs and their like, whose boxes should not get into each other's way. */
function blocks() {
	const all = [...document.querySelectorAll('p,h1,h2,h3,h4,h5,h6,li,td,th')].filter(e =>
		visible(e) && [...e.childNodes].some(n => n.nodeType === 3 && n.nodeValue.trim()));
	return all.map((e, n) => {
		const box = e.getBoundingClientRect(), s = getComputedStyle(e);
		return { words: e.textContent.trim().slice(0, 30), tag: e.tagName.toLowerCase(),
			 size: parseFloat(s.fontSize), left: box.left, right: box.right,
			 top: box.top + scrollY, bottom: box.bottom + scrollY,
			 inside: all.map((a, i) => a !== e && a.contains(e) ? i : -1).filter(i => i >= 0) };
	});
}

/* Does it stand out from what is around it? */
function faced(e) {
	const s = getComputedStyle(e);
	return parseFloat(s.borderTopWidth) > 0 && parseFloat(s.borderBottomWidth) > 0 ||
		contrast(backdrop(e), backdrop(e.parentElement)) > 1.2;
}

/* Links that look like something to press. */
function buttons() {
	const out = [];
	for (const e of document.querySelectorAll('a,[data-button]')) {
		if (!e.textContent.trim() || !visible(e))
			continue;
		const s = getComputedStyle(e), cell = e.parentElement;
		const alone = /^(TD|TH)$/.test(cell.tagName) && faced(cell) &&
			cell.textContent.trim() === e.textContent.trim();
		const pads = parseFloat(s.paddingTop) + parseFloat(s.paddingBottom);
		const own = parse(s.backgroundColor)[3] > 0 && (pads > 4 || s.display !== 'inline');
		const framed = parseFloat(s.borderTopWidth) > 0 && parseFloat(s.borderBottomWidth) > 0;
		if (!own && !framed && !alone)
			continue;
		const box = e.getBoundingClientRect(), around = cell.getBoundingClientRect();
		out.push({ words: e.textContent.trim().slice(0, 30),
			   height: alone ? Math.max(box.height, around.height) : box.height,
			   width: box.width });
	}
	return out;
}

function pictures() {
	return [...document.images].filter(visible).map(e => {
		const s = getComputedStyle(e), box = e.getBoundingClientRect(), back = backdrop(e);
		return { alt: e.getAttribute('alt'), width: box.width, height: box.height,
			 right: box.right, size: parseFloat(s.fontSize), complete: e.naturalWidth > 0,
			 contrast: contrast(over(parse(s.color), back), back) };
	});
}

/* The boxes that colour the page, the largest first. */
function areas() {
	const out = [];
	for (const e of document.querySelectorAll('html,body,div,table,td,th')) {
		const c = parse(getComputedStyle(e).backgroundColor);
		const box = e.getBoundingClientRect();
		if (c[3] > 0 && box.width * box.height > 4000 && visible(e))
			out.push({ name: e.tagName.toLowerCase() + '.' + e.className, left: box.left,
				   right: box.right, area: box.width * box.height,
				   back: luminance(backdrop(e)) });
	}
	return out.sort((a, b) => b.area - a.area);
}

const root = document.documentElement;
return {
	scroll: Math.max(root.scrollWidth, document.body.scrollWidth),
	inner: root.clientWidth, height: root.scrollHeight,
	canvas: luminance(backdrop(document.body)), night,
	blocks: blocks(), texts: texts(), paragraphs: paragraphs(), buttons: buttons(), pictures: pictures(),
	areas: areas(),
};
