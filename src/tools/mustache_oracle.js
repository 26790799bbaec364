// mustache_oracle.js - what another implementation of Mustache makes of cases
//
//     node mustache_oracle.js FOLDER <CASES >ANSWERS
//
// FOLDER has node_modules/wontache. A case is [template, data, partials], an
// answer {"gives": TEXT} or {"refuses": WHY}; both come as one list of JSON.
'use strict';

const path = require('path');
const folder = path.resolve(process.argv[2]);
const mustache = require(require.resolve('wontache', { paths: [folder] }));

function answer([template, data, partials]) {
	try {
		return { gives: mustache(template)(data, { partials }) };
	} catch (why) {
		return { refuses: String(why) };
	}
}

const cases = JSON.parse(require('fs').readFileSync(0, 'utf8'));
process.stdout.write(JSON.stringify(cases.map(answer)));
